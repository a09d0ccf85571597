/* scatter.c: see the header. */
#include "probe/solve/scatter.h"

#include <math.h>
#include <string.h>

#include "probe/blas.h"

/* Eigenvalues below this part of the largest are rounding and count as 0. */
#define RELATIVE_ZERO 1e-13

static void
find_means (HfScatter *self)
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

/* Rows from the means of their classes, double[n][dim]; sets the trace. */
static double *
dup_centred (HfScatter *self)
{
  gsize dim = self->dim;
  double *r = g_new (double, self->n *dim);

  for (gsize i = 0; i < self->n; i++) {
    const double *mean = self->mean + (gsize) self->label[i] * dim;

    for (gsize j = 0; j < dim; j++) {
      double v = self->x[i * dim + j] - mean[j];

      r[i * dim + j] = v;
      self->trace += v * v;
    }
  }
  return r;
}

static void
decompose_primal (HfScatter *self, const double *r)
{
  gsize dim = self->dim;
  g_autofree double *transposed = g_new (double, self->n *dim);

  for (gsize i = 0; i < self->n; i++)
    for (gsize j = 0; j < dim; j++)
      transposed[j * self->n + i] = r[i * dim + j];
  self->rank = dim;
  self->value = g_new (double, dim);
  self->basis = g_new (double, dim *dim);
  hf_blas_multiply (transposed, r, dim, dim, self->n, self->basis);
  hf_blas_eigen (self->basis, dim, self->value);
  for (gsize k = 0; k < dim; k++)
    self->value[k] = MAX (self->value[k], 0);
}

/* Eigenvectors q of r r' give v = r' q / sqrt(value). */
static void
decompose_dual (HfScatter *self, const double *r)
{
  gsize n = self->n, dim = self->dim, first = 0;
  g_autofree double *gram = g_new (double, n *n);
  g_autofree double *value = g_new (double, n);

  hf_blas_multiply_transposed (r, r, n, n, dim, gram);
  hf_blas_eigen (gram, n, value);
  while (first < n &&
         value[first] <= MAX (RELATIVE_ZERO * value[n - 1], G_MINDOUBLE))
    first++;
  self->rank = n - first;
  self->value = g_memdup2 (value + first, self->rank * sizeof *value);
  self->basis = g_new (double, self->rank *dim);
  hf_blas_multiply (gram + first * n, r, self->rank, dim, n, self->basis);
  for (gsize k = 0; k < self->rank; k++)
    for (gsize j = 0; j < dim; j++)
      self->basis[k * dim + j] /= sqrt (self->value[k]);
}

/* What the eigenvectors leave of every product of rows and means. */
static void
find_coordinates (HfScatter *self)
{
  gsize dim = self->dim, n_all = self->n + (gsize) self->n_classes;
  g_autofree double *all = g_new (double, n_all *dim);
  g_autofree double *within = NULL;

  memcpy (all, self->x, self->n * dim * sizeof *all);
  memcpy (all + self->n * dim, self->mean,
          (gsize) self->n_classes * dim * sizeof *all);
  self->coords = g_new (double, n_all *MAX (self->rank, 1));
  hf_blas_multiply_transposed (all, self->basis, n_all, self->rank, dim,
                               self->coords);
  if (self->rank == dim)
    return;
  self->residual = g_new (double, n_all *n_all);
  within = g_new (double, n_all *n_all);
  hf_blas_multiply_transposed (all, all, n_all, n_all, dim, self->residual);
  hf_blas_multiply_transposed (self->coords, self->coords, n_all, n_all,
                               self->rank, within);
  for (gsize i = 0; i < n_all * n_all; i++)
    self->residual[i] -= within[i];
}

HfScatter *
hf_scatter_new (const double *x, const int *label, gsize n, gsize dim,
                int n_classes)
{
  HfScatter *self = g_new0 (HfScatter, 1);
  g_autofree double *r = NULL;

  *self = (HfScatter){
      .n = n, .dim = dim, .n_classes = n_classes, .x = x, .label = label};
  find_means (self);
  r = dup_centred (self);
  if (n < dim)
    decompose_dual (self, r);
  else
    decompose_primal (self, r);
  find_coordinates (self);
  return self;
}

void
hf_scatter_free (HfScatter *self)
{
  if (self == NULL)
    return;
  g_free (self->count);
  g_free (self->mean);
  g_free (self->value);
  g_free (self->basis);
  g_free (self->coords);
  g_free (self->residual);
  g_free (self);
}

gboolean
hf_scatter_find_ridge (double trace, gsize n, gsize dim, double lambda,
                       double *ridge)
{
  double degrees = n > 1 ? (double) n - 1 : 1;

  if (trace > HF_SCATTER_MIN_TRACE) {
    *ridge = lambda * trace / degrees;
    return FALSE;
  }
  *ridge = degrees / (double) dim + lambda;
  return TRUE;
}

void
hf_scatter_solve_means (const HfScatter *self, double ridge, gboolean is_flat,
                        double *out)
{
  gsize rank = self->rank, dim = self->dim;
  gsize n_classes = (gsize) self->n_classes;
  g_autofree double *weighted = g_new (double, n_classes *MAX (rank, 1));
  const double *coords = self->coords + self->n * rank;

  /* inverse(A) = I / ridge - sum_k v_k v_k' (1 / ridge - 1 / (value + ridge)),
   * which in the primal is the plain sum. */
  for (gsize c = 0; c < n_classes; c++)
    for (gsize k = 0; k < rank; k++) {
      double whole = is_flat ? 1 / ridge : 1 / (self->value[k] + ridge);

      weighted[c * rank + k] = coords[c * rank + k] * (whole - 1 / ridge);
    }
  hf_blas_multiply (weighted, self->basis, n_classes, dim, rank, out);
  for (gsize i = 0; i < n_classes * dim; i++)
    out[i] += self->mean[i] / ridge;
}
