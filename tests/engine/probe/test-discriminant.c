/* test-discriminant.c: scatter and hold-out against their definitions: every
 * group taken out in earnest, W formed anew and solved by elimination. */
#include "probe/joint.h"
#include "probe/solve/hold-out.h"

#include "base/rng.h"
#include "goldens.h"
#include "samples.h"

#include <math.h>
#include <string.h>

/* The twin: a Gaussian discriminant of some rows, as gda.h states it. */
typedef struct {
  gsize dim;
  int n_classes;
  double *mean;   /* [n_classes][dim] */
  double *matrix; /* [dim][dim]: P is dim times its inverse */
  double prior[8];
} Twin;

static Twin
fit_twin (const double *x, const int *label, const gboolean *is_in, gsize n,
          gsize dim, int n_classes, double lambda)
{
  Twin twin = {.dim = dim, .n_classes = n_classes};
  g_autofree double *count = g_new0 (double, n_classes);
  double n_in = 0, trace = 0, ridge;

  twin.mean = g_new0 (double, (gsize) n_classes *dim);
  twin.matrix = g_new0 (double, dim *dim);
  for (gsize i = 0; i < n; i++)
    if (is_in[i]) {
      n_in++;
      count[label[i]]++;
      for (gsize j = 0; j < dim; j++)
        twin.mean[(gsize) label[i] * dim + j] += x[i * dim + j];
    }
  for (int c = 0; c < n_classes; c++) {
    twin.prior[c] = log (count[c] / n_in);
    for (gsize j = 0; j < dim; j++)
      twin.mean[(gsize) c * dim + j] /= count[c];
  }
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; is_in[i] && j < dim; j++)
      for (gsize k = 0; k < dim; k++)
        twin.matrix[j * dim + k] +=
            (x[i * dim + j] - twin.mean[(gsize) label[i] * dim + j]) *
            (x[i * dim + k] - twin.mean[(gsize) label[i] * dim + k]);
  for (gsize j = 0; j < dim; j++)
    trace += twin.matrix[j * dim + j];
  ridge = lambda * trace / (n_in - 1);
  if (trace < 1e-9) {
    memset (twin.matrix, 0, dim * dim * sizeof *twin.matrix);
    ridge = (n_in - 1) / (double) dim + lambda;
  }
  for (gsize j = 0; j < dim; j++)
    twin.matrix[j * dim + j] += ridge;
  return twin;
}

static void
twin_clear (Twin *self)
{
  g_free (self->mean);
  g_free (self->matrix);
}

/* a' P b, by elimination with the greatest pivot. */
static double
multiply_twin (const Twin *twin, const double *a, const double *b)
{
  gsize dim = twin->dim;
  g_autofree double *m = g_memdup2 (twin->matrix, dim * dim * sizeof *m);
  g_autofree double *y = g_memdup2 (b, dim * sizeof *y);
  double sum = 0;

  for (gsize j = 0; j < dim; j++) {
    gsize pivot = j;

    for (gsize i = j + 1; i < dim; i++)
      if (fabs (m[i * dim + j]) > fabs (m[pivot * dim + j]))
        pivot = i;
    for (gsize k = 0; k < dim; k++) {
      double swap = m[j * dim + k];

      m[j * dim + k] = m[pivot * dim + k];
      m[pivot * dim + k] = swap;
    }
    sum = y[j];
    y[j] = y[pivot];
    y[pivot] = sum;
    for (gsize i = 0; i < dim; i++) {
      double times = i == j ? 0 : m[i * dim + j] / m[j * dim + j];

      for (gsize k = j; k < dim; k++)
        m[i * dim + k] -= times * m[j * dim + k];
      y[i] -= times * y[j];
    }
  }
  sum = 0;
  for (gsize j = 0; j < dim; j++)
    sum += a[j] * y[j] / m[j * dim + j];
  return (double) dim * sum;
}

static double
score_twin (const Twin *twin, const double *x, int c, gboolean has_prior)
{
  const double *mean = twin->mean + (gsize) c * twin->dim;

  return multiply_twin (twin, x, mean) - multiply_twin (twin, mean, mean) / 2 +
         (has_prior ? twin->prior[c] : 0);
}

static double
measure_twin (const Twin *twin, const double *x)
{
  g_autofree double *off = g_new (double, twin->dim);
  double least = INFINITY;

  for (int c = 0; c < twin->n_classes; c++) {
    for (gsize j = 0; j < twin->dim; j++)
      off[j] = x[j] - twin->mean[(gsize) c * twin->dim + j];
    least = MIN (least, multiply_twin (twin, off, off));
  }
  return least;
}

/* Relative, to the size of the scores: both sides are double, and a group
 * taken out by an update loses a few digits. */
#define CLOSE 1e-7

static void
check_group (const HfDataset *data, const double *x, const double *tiles,
             const HfHoldOut *held, gsize dim, int group, const double *lambdas,
             gboolean has_prior)
{
  gsize n = data->n_rows, k = (gsize) data->n_classes;
  g_autofree gboolean *is_in = g_new (gboolean, n);

  for (gsize i = 0; i < n; i++)
    is_in[i] = data->group[i] != group;
  for (gsize l = 0; l < held->n_lambdas; l++) {
    Twin twin =
        fit_twin (x, data->label, is_in, n, dim, data->n_classes, lambdas[l]);

    for (gsize i = 0; i < n; i++) {
      double distance;

      if (is_in[i])
        continue;
      g_assert_true (held->is_scored[i]);
      for (gsize t = 0; t < held->n_tiles; t++)
        for (gsize c = 0; c < k; c++) {
          const double *row = tiles + (i * held->n_tiles + t) * dim;
          double got = held->score[((l * n + i) * held->n_tiles + t) * k + c];
          double wanted = score_twin (&twin, row, (int) c, has_prior);

          g_assert_cmpfloat_with_epsilon (got, wanted,
                                          CLOSE * (1 + fabs (wanted)));
        }
      distance = measure_twin (&twin, x + i * dim);
      g_assert_cmpfloat_with_epsilon (held->distance[l * n + i], distance,
                                      CLOSE * (1 + distance));
    }
    twin_clear (&twin);
  }
}

static void
check_dataset (const HfDataset *data, gboolean has_prior)
{
  static const double lambdas[] = {0.3, 10};
  g_autofree gsize *rows = g_new (gsize, data->n_rows);
  g_autoptr (HfJoint) joint = NULL;
  g_autofree double *x = NULL, *tiles = NULL;
  g_autoptr (HfScatter) scatter = NULL;
  g_autoptr (HfHoldOut) held = NULL;

  for (gsize i = 0; i < data->n_rows; i++)
    rows[i] = i;
  joint = hf_joint_new (data, rows, data->n_rows, HF_BLOCK_CLIP);
  x = hf_joint_dup_rows (joint, data, rows, data->n_rows);
  tiles = hf_joint_dup_tiles (joint, data, rows, data->n_rows);
  scatter = hf_scatter_new (x, data->label, data->n_rows, joint->dim,
                            data->n_classes);
  held = hf_hold_out_new (
      scatter, data->group, data->n_tiles > 1 ? tiles : NULL, data->n_tiles,
      lambdas, G_N_ELEMENTS (lambdas), has_prior, NULL, NULL);
  g_assert_cmpuint (held->n_scored, ==, data->n_rows);
  for (gsize i = 0; i < data->n_rows; i++)
    if (i == 0 || data->group[i] != data->group[i - 1])
      check_group (data, x, tiles, held, joint->dim, data->group[i], lambdas,
                   has_prior);
}

static void
check_hold_out (const SampleShape *shape, gboolean has_prior)
{
  g_autoptr (Samples) samples = samples_new (shape);

  check_dataset (&samples->data, has_prior);
}

/* Some of the drinks, every class of them in two groups, and a part of the
 * numbers of each: the twin takes the cube of them. */
static void
test_real_rows (void)
{
  enum { N = 20, DIM = 80 };
  g_autoptr (HfTensorFile) file = load_goldens ();
  g_auto (Rows) rows = {0};
  g_autofree float *clip = g_new (float, N *DIM);
  int label[N], group[N];
  HfDataset data = {.n_rows = N,
                    .n_tiles = 1,
                    .clip_dim = DIM,
                    .clip = clip,
                    .label = label,
                    .group = group};

  rows_load (&rows, file, "drinks");
  g_assert_cmpuint (rows.n, >=, N);
  data.n_classes = rows.n_classes;
  for (gsize i = 0; i < N; i++) {
    label[i] = rows.label[i];
    group[i] = (int) (i / 2);
    for (gsize j = 0; j < DIM; j++)
      clip[i * DIM + j] = (float) rows.x[i * rows.dim + j];
  }
  check_dataset (&data, FALSE);
  check_dataset (&data, TRUE);
}

static void
test_more_rows_than_numbers (void)
{
  check_hold_out (&(SampleShape){.n_rows = 31,
                                 .n_classes = 3,
                                 .n_tiles = 1,
                                 .clip_dim = 11,
                                 .rows_a_group = 1,
                                 .apart = 1,
                                 .seed = 1},
                  FALSE);
}

static void
test_fewer_rows_than_numbers (void)
{
  check_hold_out (&(SampleShape){.n_rows = 17,
                                 .n_classes = 2,
                                 .n_tiles = 1,
                                 .clip_dim = 37,
                                 .rows_a_group = 1,
                                 .apart = 1,
                                 .seed = 2},
                  TRUE);
}

static void
test_groups_across_classes (void)
{
  for (gsize dim = 9; dim <= 60; dim += 51)
    check_hold_out (&(SampleShape){.n_rows = 40,
                                   .n_classes = 3,
                                   .n_tiles = 1,
                                   .clip_dim = dim,
                                   .rows_a_group = 5,
                                   .apart = 1,
                                   .seed = 3},
                    TRUE);
}

static void
test_tiles (void)
{
  for (gsize dim = 7; dim <= 50; dim += 43)
    check_hold_out (&(SampleShape){.n_rows = 24,
                                   .n_classes = 3,
                                   .n_tiles = 4,
                                   .clip_dim = dim,
                                   .rows_a_group = 3,
                                   .apart = 1,
                                   .seed = 4},
                    FALSE);
}

/* Without its group each class has one row left: W is empty, S is I / dim. */
static void
test_one_row_of_each_class_left (void)
{
  check_hold_out (&(SampleShape){.n_rows = 4,
                                 .n_classes = 2,
                                 .n_tiles = 1,
                                 .clip_dim = 6,
                                 .rows_a_group = 2,
                                 .apart = 1,
                                 .seed = 5},
                  FALSE);
}

static void
test_group_that_is_all_of_a_class (void)
{
  static const double x[] = {0, 1, 0, 2, 5, 1, 6, 1, 5, 2};
  static const int label[] = {0, 0, 1, 1, 1};
  static const int group[] = {7, 7, 7, 2, 1};
  static const double lambda = 1;
  g_autoptr (HfScatter) scatter = hf_scatter_new (x, label, 5, 2, 2);
  g_autoptr (HfHoldOut) held =
      hf_hold_out_new (scatter, group, NULL, 1, &lambda, 1, FALSE, NULL, NULL);

  g_assert_cmpuint (held->n_scored, ==, 2);
  g_assert_false (held->is_scored[0] || held->is_scored[1] ||
                  held->is_scored[2]);
  g_assert_true (held->is_scored[3] && held->is_scored[4]);
}

static void
test_cancelling_stops (void)
{
  static const double x[] = {0, 1, 2, 3};
  static const int label[] = {0, 0, 1, 1}, group[] = {0, 1, 2, 3};
  static const double lambda = 1;
  g_autoptr (HfScatter) scatter = hf_scatter_new (x, label, 4, 1, 2);
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (GError) error = NULL;

  hf_progress_cancel (progress);
  g_assert_null (hf_hold_out_new (scatter, group, NULL, 1, &lambda, 1, FALSE,
                                  progress, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* What is said of rows of @blocks, found as part of both blocks and alone. */
static void
check_part (const Samples *samples, HfBlocks blocks, const HfJoint *whole,
            HfProducts *products)
{
  static const double lambdas[] = {0.3, 10};
  const HfDataset *data = &samples->data;
  gsize n = data->n_rows, n_scores = 2 * n * (gsize) data->n_classes;
  g_autofree gsize *rows = g_new (gsize, n);
  g_autoptr (HfJoint) part = hf_joint_new_part (whole, blocks);
  g_autoptr (HfJoint) joint = NULL;
  g_autofree double *x = NULL;
  g_autoptr (HfScatter) alone = NULL, of_both = NULL;
  g_autoptr (HfHoldOut) wanted = NULL, got = NULL;

  for (gsize i = 0; i < n; i++)
    rows[i] = i;
  joint = hf_joint_new (data, rows, n, blocks);
  g_assert_cmpmem (joint->mean, joint->dim * sizeof (float), part->mean,
                   part->dim * sizeof (float));
  g_assert_cmpmem (joint->factor, joint->dim * sizeof (float), part->factor,
                   part->dim * sizeof (float));
  x = hf_joint_dup_rows (joint, data, rows, n);
  alone = hf_scatter_new (x, data->label, n, joint->dim, data->n_classes);
  of_both = hf_scatter_new_part (
      products, blocks & HF_BLOCK_CLIP ? 0 : whole->clip_dim, joint->dim);
  wanted = hf_hold_out_new (alone, data->group, NULL, 1, lambdas, 2, FALSE,
                            NULL, NULL);
  got = hf_hold_out_new (of_both, data->group, NULL, 1, lambdas, 2, FALSE, NULL,
                         NULL);
  g_assert_cmpuint (got->n_scored, ==, wanted->n_scored);
  for (gsize i = 0; i < n_scores; i++)
    g_assert_cmpfloat_with_epsilon (got->score[i], wanted->score[i],
                                    CLOSE * (1 + fabs (wanted->score[i])));
  for (gsize i = 0; i < 2 * n; i++)
    g_assert_cmpfloat_with_epsilon (got->distance[i], wanted->distance[i],
                                    CLOSE * (1 + wanted->distance[i]));
}

/* Numbers of rows at which both, one and no choice of blocks has more rows than
 * numbers, and at its borders. */
static void
test_blocks_that_share (void)
{
  static const gsize n_rows[] = {45, 29, 28, 20, 19, 9, 8};

  for (gsize k = 0; k < G_N_ELEMENTS (n_rows); k++) {
    g_autoptr (Samples) samples =
        samples_new (&(SampleShape){.n_rows = n_rows[k],
                                    .n_classes = 3,
                                    .n_tiles = 1,
                                    .clip_dim = 20,
                                    .classic_dim = 9,
                                    .rows_a_group = 1,
                                    .apart = 1,
                                    .seed = 6});
    const HfDataset *data = &samples->data;
    g_autofree gsize *rows = g_new (gsize, n_rows[k]);
    g_autoptr (HfJoint) joint = NULL;
    g_autofree double *x = NULL;
    g_autoptr (HfProducts) products = NULL;

    for (gsize i = 0; i < n_rows[k]; i++)
      rows[i] = i;
    joint = hf_joint_new (data, rows, n_rows[k], HF_BLOCKS_BOTH);
    x = hf_joint_dup_rows (joint, data, rows, n_rows[k]);
    products = hf_products_new (x, data->label, n_rows[k], joint->dim,
                                joint->clip_dim, data->n_classes);
    check_part (samples, HF_BLOCKS_BOTH, joint, products);
    check_part (samples, HF_BLOCK_CLIP, joint, products);
    check_part (samples, HF_BLOCK_CLASSIC, joint, products);
  }
}

/* Rows that are nearly their class's mean, far from the other: what is left of
 * a product of large numbers would be nothing but rounding. */
static void
test_tight_classes (void)
{
  static const double lambdas[] = {0.3, 10};
  enum { N = 10, WIDE = 16 };
  double x[N * WIDE];
  int label[N], group[N];
  g_autoptr (HfScatter) scatter = NULL;
  g_autoptr (HfHoldOut) held = NULL;
  HfRng rng;

  hf_rng_init (&rng, 7);
  for (int i = 0; i < N; i++) {
    label[i] = i % 2;
    group[i] = i;
    for (int j = 0; j < WIDE; j++)
      x[i * WIDE + j] = (label[i] == 0 ? 0.25 : -0.25) +
                        1e-4 * (hf_rng_next_double (&rng) - 0.5);
  }
  scatter = hf_scatter_new (x, label, N, WIDE, 2);
  held =
      hf_hold_out_new (scatter, group, NULL, 1, lambdas, 2, FALSE, NULL, NULL);
  for (int g = 0; g < N; g++) {
    gboolean is_in[N];

    for (int i = 0; i < N; i++)
      is_in[i] = i != g;
    for (gsize l = 0; l < 2; l++) {
      Twin twin = fit_twin (x, label, is_in, N, WIDE, 2, lambdas[l]);

      for (int c = 0; c < 2; c++) {
        double wanted = score_twin (&twin, x + g * WIDE, c, FALSE);

        g_assert_cmpfloat_with_epsilon (
            held->score[(l * N + (gsize) g) * 2 + (gsize) c], wanted,
            CLOSE * (1 + fabs (wanted)));
      }
      twin_clear (&twin);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe/hold-out/more-rows-than-numbers",
                   test_more_rows_than_numbers);
  g_test_add_func ("/probe/hold-out/fewer-rows-than-numbers",
                   test_fewer_rows_than_numbers);
  g_test_add_func ("/probe/hold-out/groups-across-classes",
                   test_groups_across_classes);
  g_test_add_func ("/probe/hold-out/real-rows", test_real_rows);
  g_test_add_func ("/probe/hold-out/tiles", test_tiles);
  g_test_add_func ("/probe/hold-out/one-row-of-each-class-left",
                   test_one_row_of_each_class_left);
  g_test_add_func ("/probe/hold-out/group-that-is-all-of-a-class",
                   test_group_that_is_all_of_a_class);
  g_test_add_func ("/probe/hold-out/blocks-that-share-their-products",
                   test_blocks_that_share);
  g_test_add_func ("/probe/hold-out/classes-that-hardly-spread",
                   test_tight_classes);
  g_test_add_func ("/probe/hold-out/cancelling-stops", test_cancelling_stops);
  return g_test_run ();
}
