/* loss.c: see the header. */
#include "tuning/loss.h"

#include <math.h>

static double
dot (const float *a, const float *b, gsize n)
{
  double sum = 0;

  for (gsize j = 0; j < n; j++)
    sum += (double) a[j] * b[j];
  return sum;
}

static void
add (double *to, double weight, const float *x, gsize n)
{
  for (gsize j = 0; j < n; j++)
    to[j] += weight * x[j];
}

/* Scores of one row to probabilities; returns the log of that of @label. */
static double
softmax (double *score, int n, int label)
{
  double top = score[0], sum = 0, own;

  for (int c = 1; c < n; c++)
    top = MAX (top, score[c]);
  own = score[label] - top;
  for (int c = 0; c < n; c++)
    sum += score[c] = exp (score[c] - top);
  for (int c = 0; c < n; c++)
    score[c] /= sum;
  return own - log (sum);
}

/* The mean loss of the pictures; its slope at the unit rows is added to @d. */
static double
judge_pictures (const HfTuningData *self, const float *unit, double *d)
{
  g_autofree double *p = g_new (double, self->n_classes);
  double total = 0, loss = 0;

  for (gsize i = 0; i < self->n; i++)
    total += self->weight[i];
  for (gsize i = 0; i < self->n; i++) {
    const float *x = self->x + i * self->dim;
    double share = self->weight[i] / total;

    for (int c = 0; c < self->n_classes; c++)
      p[c] =
          self->logit_scale * dot (x, unit + (gsize) c * self->dim, self->dim);
    loss -= share * softmax (p, self->n_classes, self->label[i]);
    for (int c = 0; c < self->n_classes; c++)
      add (d + (gsize) c * self->dim,
           share * self->logit_scale * (p[c] - (c == self->label[i])), x,
           self->dim);
  }
  return loss;
}

/* The same of the distance from the written prompts. */
static double
judge_distance (const HfTuningData *self, const float *unit, double *d)
{
  gsize n = (gsize) self->n_classes * self->dim;
  double share = self->pull * self->logit_scale / self->n_classes, square = 0;

  for (gsize j = 0; j < n; j++) {
    double off = (double) unit[j] - self->written[j];

    square += off * off;
    d[j] += 2 * share * off;
  }
  return share * square;
}

double
hf_tuning_loss (const HfTuningData *self, const float *raw, float *unit,
                float *d_raw)
{
  const gsize dim = self->dim;
  g_autofree double *d = g_new0 (double, (gsize) self->n_classes *dim);
  g_autofree double *length = g_new (double, self->n_classes);
  double loss;

  for (int c = 0; c < self->n_classes; c++) {
    const float *row = raw + (gsize) c * dim;

    length[c] = sqrt (dot (row, row, dim));
    for (gsize j = 0; j < dim; j++)
      unit[(gsize) c * dim + j] =
          length[c] > 0 ? (float) (row[j] / length[c]) : 0;
  }
  loss = judge_pictures (self, unit, d) + judge_distance (self, unit, d);
  for (int c = 0; d_raw != NULL && c < self->n_classes; c++) {
    const float *u = unit + (gsize) c * dim;
    const double *slope = d + (gsize) c * dim;
    double along = 0;

    /* Only what is across the row moves its direction. */
    for (gsize j = 0; j < dim; j++)
      along += slope[j] * u[j];
    for (gsize j = 0; j < dim; j++)
      d_raw[(gsize) c * dim + j] =
          length[c] > 0 ? (float) ((slope[j] - along * u[j]) / length[c]) : 0;
  }
  return loss;
}
