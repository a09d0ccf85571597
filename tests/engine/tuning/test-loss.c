/* The loss of learned words: its slope is that of finite differences, its value
 * that of the definition. No device. */
#include "tuning/loss.h"

#include "base/rng.h"

#include <math.h>

#define N 7
#define K 3
#define DIM 5
#define STEP 1e-3

typedef struct {
  float x[N][DIM], written[K][DIM], raw[K][DIM];
  int label[N];
  double weight[N];
  HfTuningData data;
} Sample;

static void
fill (HfRng *rng, float *row, gboolean is_unit)
{
  double square = 0;

  for (int j = 0; j < DIM; j++) {
    row[j] = (float) (hf_rng_next_double (rng) * 2 - 1);
    square += (double) row[j] * row[j];
  }
  for (int j = 0; j < DIM && is_unit; j++)
    row[j] /= (float) sqrt (square);
}

static void
sample_init (Sample *self, double pull)
{
  HfRng rng;

  hf_rng_init (&rng, 3);
  for (int i = 0; i < N; i++) {
    fill (&rng, self->x[i], TRUE);
    self->label[i] = i % K;
    self->weight[i] = 0.5 + hf_rng_next_double (&rng);
  }
  for (int c = 0; c < K; c++) {
    fill (&rng, self->written[c], TRUE);
    fill (&rng, self->raw[c], FALSE);
  }
  self->data = (HfTuningData){.n = N,
                              .dim = DIM,
                              .n_classes = K,
                              .x = self->x[0],
                              .label = self->label,
                              .weight = self->weight,
                              .written = self->written[0],
                              .logit_scale = 9,
                              .pull = pull};
}

/* The definition, without any care for size. */
static double
define_loss (const Sample *self)
{
  double unit[K][DIM], loss = 0, total = 0, distance = 0;

  for (int c = 0; c < K; c++) {
    double square = 0;

    for (int j = 0; j < DIM; j++)
      square += (double) self->raw[c][j] * self->raw[c][j];
    for (int j = 0; j < DIM; j++) {
      unit[c][j] = self->raw[c][j] / sqrt (square);
      distance += pow (unit[c][j] - self->written[c][j], 2) / K;
    }
  }
  for (int i = 0; i < N; i++) {
    double sum = 0, own = 0;

    for (int c = 0; c < K; c++) {
      double score = 0;

      for (int j = 0; j < DIM; j++)
        score += self->data.logit_scale * self->x[i][j] * unit[c][j];
      sum += exp (score);
      own = c == self->label[i] ? score : own;
    }
    loss += self->weight[i] * (log (sum) - own);
    total += self->weight[i];
  }
  return loss / total + self->data.pull * self->data.logit_scale * distance;
}

static void
try_pull (double pull)
{
  Sample sample;
  float unit[K][DIM], d[K][DIM];

  sample_init (&sample, pull);
  g_assert_cmpfloat_with_epsilon (
      hf_tuning_loss (&sample.data, sample.raw[0], unit[0], d[0]),
      define_loss (&sample), 1e-6);
  for (int c = 0; c < K; c++) {
    double square = 0;

    for (int j = 0; j < DIM; j++) {
      float old = sample.raw[c][j];
      double up, down;

      sample.raw[c][j] = (float) (old + STEP);
      up = define_loss (&sample);
      sample.raw[c][j] = (float) (old - STEP);
      down = define_loss (&sample);
      sample.raw[c][j] = old;
      /* Steps of floats are exact to 1e-7 of 1e-3, differences to 1e-6. */
      g_assert_cmpfloat_with_epsilon (d[c][j], (up - down) / (2 * STEP), 1e-3);
      square += (double) unit[c][j] * unit[c][j];
    }
    g_assert_cmpfloat_with_epsilon (square, 1, 1e-6);
  }
}

static void
test_slope (void)
{
  try_pull (0);
  try_pull (0.7);
}

/* Scores of a thousand, as an untrained model with a large scale gives them. */
static void
test_huge (void)
{
  Sample sample;
  float unit[K][DIM], d[K][DIM];
  double loss;

  sample_init (&sample, 1);
  sample.data.logit_scale = 1e4;
  loss = hf_tuning_loss (&sample.data, sample.raw[0], unit[0], d[0]);
  g_assert_true (isfinite (loss));
  for (int c = 0; c < K; c++)
    for (int j = 0; j < DIM; j++)
      g_assert_true (isfinite (d[c][j]));
}

static void
test_zero (void)
{
  Sample sample;
  float unit[K][DIM], d[K][DIM];

  sample_init (&sample, 1);
  for (int j = 0; j < DIM; j++)
    sample.raw[1][j] = 0;
  g_assert_true (
      isfinite (hf_tuning_loss (&sample.data, sample.raw[0], unit[0], d[0])));
  for (int j = 0; j < DIM; j++) {
    g_assert_cmpfloat (unit[1][j], ==, 0);
    g_assert_cmpfloat (d[1][j], ==, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuning/loss/slope-is-that-of-differences", test_slope);
  g_test_add_func ("/tuning/loss/huge-scores-stay-finite", test_huge);
  g_test_add_func ("/tuning/loss/a-row-of-zeros-stays", test_zero);
  return g_test_run ();
}
