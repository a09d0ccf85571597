/* samples.c: see the header. */
#include "samples.h"

#include "base/rng.h"

#include <math.h>

/* Normal enough: the sum of twelve uniform numbers. */
static double
draw_normal (HfRng *rng)
{
  double sum = -6;

  for (int i = 0; i < 12; i++)
    sum += hf_rng_next_double (rng);
  return sum;
}

static float *
draw_means (HfRng *rng, int n_classes, gsize dim)
{
  float *mean = g_new (float, MAX ((gsize) n_classes * dim, 1));

  for (gsize i = 0; i < (gsize) n_classes * dim; i++)
    mean[i] = (float) draw_normal (rng);
  return mean;
}

static void
normalise (float *x, gsize dim)
{
  double sum = 0;

  for (gsize j = 0; j < dim; j++)
    sum += (double) x[j] * x[j];
  for (gsize j = 0; j < dim; j++)
    x[j] = (float) (x[j] / sqrt (sum));
}

static float *
draw_rows (const Samples *self, HfRng *rng, const SampleShape *shape, gsize dim,
           float *mean)
{
  gsize n = shape->n_rows * shape->n_tiles;
  float *x = g_new (float, MAX (n * dim, 1));

  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < dim; j++)
      x[i * dim + j] =
          (float) (2 +
                   shape->apart *
                       mean[(gsize) self->label[i / shape->n_tiles] * dim + j] +
                   draw_normal (rng) * (1 + (double) (j % 3)));
  return x;
}

static void
place (Samples *self, const SampleShape *shape)
{
  self->label = g_new (int, shape->n_rows);
  self->group = g_new (int, shape->n_rows);
  self->kinds = g_new (HfClassKind, shape->n_classes);
  for (gsize i = 0; i < shape->n_rows; i++) {
    self->group[i] = (int) (i / shape->rows_a_group) * 3 + 1;
    /* In larger groups the last row is of another class. */
    self->label[i] =
        (int) ((i / shape->rows_a_group +
                (shape->rows_a_group > 1 &&
                 i % shape->rows_a_group == shape->rows_a_group - 1)) %
               (gsize) shape->n_classes);
  }
  for (int c = 0; c < shape->n_classes; c++)
    self->kinds[c] = c == 0 ? HF_CLASS_GOOD : HF_CLASS_DEFECT;
}

static void
draw_text (Samples *self, const SampleShape *shape, const float *mean)
{
  gsize dim = shape->clip_dim;

  self->text = g_new (float, (gsize) shape->n_classes *dim);
  for (int c = 0; c < shape->n_classes; c++) {
    for (gsize j = 0; j < dim; j++)
      self->text[(gsize) c * dim + j] =
          (float) (mean[(gsize) c * dim + j] + (double) (j % 5));
    normalise (self->text + (gsize) c * dim, dim);
  }
}

Samples *
samples_new (const SampleShape *shape)
{
  Samples *self = g_new0 (Samples, 1);
  g_autofree float *clip_mean = NULL, *classic_mean = NULL;
  HfRng rng;

  hf_rng_init (&rng, shape->seed);
  place (self, shape);
  clip_mean = draw_means (&rng, shape->n_classes, shape->clip_dim);
  classic_mean = draw_means (&rng, shape->n_classes, shape->classic_dim);
  self->clip = draw_rows (self, &rng, shape, shape->clip_dim, clip_mean);
  self->classic =
      draw_rows (self, &rng, shape, shape->classic_dim, classic_mean);
  for (gsize i = 0; shape->clip_dim > 0 && i < shape->n_rows * shape->n_tiles;
       i++)
    normalise (self->clip + i * shape->clip_dim, shape->clip_dim);
  if (shape->has_text)
    draw_text (self, shape, clip_mean);
  self->data = (HfDataset){.n_rows = shape->n_rows,
                           .n_classes = shape->n_classes,
                           .n_tiles = shape->n_tiles,
                           .clip_dim = shape->clip_dim,
                           .classic_dim = shape->classic_dim,
                           .clip = shape->clip_dim ? self->clip : NULL,
                           .classic = shape->classic_dim ? self->classic : NULL,
                           .label = self->label,
                           .group = self->group,
                           .kinds = self->kinds,
                           .text = self->text,
                           .logit_scale = 20};
  return self;
}

void
samples_free (Samples *self)
{
  g_free (self->clip);
  g_free (self->classic);
  g_free (self->text);
  g_free (self->label);
  g_free (self->group);
  g_free (self->kinds);
  g_free (self);
}
