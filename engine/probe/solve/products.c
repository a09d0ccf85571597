/* products.c: see the header. */
#include "probe/solve/products.h"

#include <string.h>

#include "probe/blas.h"

static void
find_means (HfProducts *self)
{
  gsize dim = self->dim;

  self->count = g_new0 (gsize, self->n_classes);
  self->mean = g_new0 (double, self->n_classes *dim);
  for (gsize i = 0; i < self->n; i++) {
    double *mean = self->mean + (gsize) self->label[i] * dim;

    self->count[self->label[i]]++;
    for (gsize j = 0; j < dim; j++)
      mean[j] += self->x[i * dim + j];
  }
  for (int c = 0; c < self->n_classes; c++)
    for (gsize j = 0; j < dim; j++)
      self->mean[(gsize) c * dim + j] /= (double) self->count[c];
}

static void
centre_rows (HfProducts *self)
{
  gsize dim = self->dim;

  self->centred = g_new (double, self->n *dim);
  self->square = g_new0 (double, dim);
  for (gsize i = 0; i < self->n; i++) {
    const double *mean = self->mean + (gsize) self->label[i] * dim;

    for (gsize j = 0; j < dim; j++) {
      double v = self->x[i * dim + j] - mean[j];

      self->centred[i * dim + j] = v;
      self->square[j] += v * v;
    }
  }
}

HfProducts *
hf_products_new (const double *x, const int *label, gsize n, gsize dim,
                 gsize cut, int n_classes)
{
  HfProducts *self = g_new0 (HfProducts, 1);

  *self = (HfProducts){.n = n,
                       .dim = dim,
                       .cut = cut,
                       .n_classes = n_classes,
                       .x = x,
                       .label = label};
  find_means (self);
  centre_rows (self);
  return self;
}

void
hf_products_free (HfProducts *self)
{
  if (self == NULL)
    return;
  g_free (self->count);
  g_free (self->mean);
  g_free (self->centred);
  g_free (self->square);
  g_free (self->within);
  for (int b = 0; b < 2; b++) {
    g_free (self->block[b].rows);
    g_free (self->block[b].means);
  }
  g_free (self);
}

void
hf_products_find_within (HfProducts *self, gsize first, gsize width,
                         double *out)
{
  gsize dim = self->dim;

  /* With fewer rows than numbers both blocks together are never asked for. */
  if (self->n < dim) {
    hf_blas_inner (self->centred + first, self->n, width, dim, out);
    return;
  }
  if (self->within == NULL) {
    self->within = g_new (double, dim *dim);
    hf_blas_inner (self->centred, self->n, dim, dim, self->within);
  }
  for (gsize j = 0; j < width; j++)
    memcpy (out + j * width, self->within + (first + j) * dim + first,
            width * sizeof *out);
}

static const HfBlockProducts *
get_block (HfProducts *self, int which)
{
  HfBlockProducts *block = &self->block[which];
  gsize first = which == 0 ? 0 : self->cut, dim = self->dim, n = self->n;
  gsize width = which == 0 ? self->cut : dim - self->cut;
  gsize n_classes = (gsize) self->n_classes;

  if (block->rows != NULL)
    return block;
  block->rows = g_new (double, n *n);
  block->means = g_new (double, n_classes *n);
  hf_blas_outer (self->centred + first, n, width, dim, block->rows);
  hf_blas_multiply_strided (self->mean + first, dim, self->centred + first, dim,
                            n_classes, n, width, block->means);
  return block;
}

static void
add (double *to, const double *from, gsize n)
{
  for (gsize i = 0; i < n; i++)
    to[i] += from[i];
}

void
hf_products_find_dual (HfProducts *self, gsize first, gsize width, double *rows,
                       double *means)
{
  gsize n = self->n, n_classes = (gsize) self->n_classes;

  memset (rows, 0, n * n * sizeof *rows);
  memset (means, 0, n_classes * n * sizeof *means);
  for (int b = 0; b < 2; b++) {
    const HfBlockProducts *block;
    gsize from = b == 0 ? 0 : self->cut, to = b == 0 ? self->cut : self->dim;

    if (from < first || to > first + width || from == to)
      continue;
    block = get_block (self, b);
    add (rows, block->rows, n * n);
    add (means, block->means, n_classes * n);
  }
}
