/* scatter.c: see the header. */
#include "probe/solve/scatter.h"

#include <math.h>
#include <string.h>

#include "probe/blas.h"

/* Eigenvalues below this part of the largest are rounding and count as 0. */
#define RELATIVE_ZERO 1e-13

static void
decompose_primal (HfScatter *self, HfProducts *products, gsize first)
{
  gsize dim = self->dim;

  self->rank = dim;
  self->value = g_new (double, dim);
  self->basis = g_new (double, dim *dim);
  hf_products_find_within (products, first, dim, self->basis);
  hf_blas_eigen (self->basis, dim, self->value);
  for (gsize k = 0; k < dim; k++)
    self->value[k] = MAX (self->value[k], 0);
  self->coords = g_new (double, (self->n + (gsize) self->n_classes) * dim);
  hf_blas_multiply_strided (self->x, self->stride, self->basis, dim, self->n,
                            dim, dim, self->coords);
  hf_blas_multiply_transposed (self->mean, self->basis, (gsize) self->n_classes,
                               dim, dim, self->coords + self->n * dim);
}

/* The coordinates of the means are mu_c.r_i times q_ki / sqrt(value_k), those
 * of a row are its mean's and sqrt(value_k) q_ki. */
static void
find_dual_coordinates (HfScatter *self, const double *mean_products)
{
  gsize n = self->n, rank = self->rank, n_classes = (gsize) self->n_classes;
  double *mean;

  self->coords = g_new (double, (n + n_classes) * MAX (rank, 1));
  mean = self->coords + n * rank;
  hf_blas_multiply_transposed (mean_products, self->turn, n_classes, rank, n,
                               mean);
  for (gsize c = 0; c < n_classes; c++)
    for (gsize k = 0; k < rank; k++)
      mean[c * rank + k] /= sqrt (self->value[k]);
  for (gsize k = 0; k < rank; k++) {
    double root = sqrt (self->value[k]);

    for (gsize i = 0; i < n; i++)
      self->coords[i * rank + k] = root * self->turn[k * n + i] +
                                   mean[(gsize) self->label[i] * rank + k];
  }
  self->residual = g_new (double, n_classes *n_classes);
  hf_scatter_find_residual (self, self->mean, mean, n_classes, self->residual);
}

static void
decompose_dual (HfScatter *self, HfProducts *products, gsize first)
{
  gsize n = self->n, n_zero = 0;
  g_autofree double *gram = g_new (double, n *n);
  g_autofree double *mean_products = g_new (double, (gsize) self->n_classes *n);
  g_autofree double *value = g_new (double, n);

  hf_products_find_dual (products, first, self->dim, gram, mean_products);
  hf_blas_eigen (gram, n, value);
  while (n_zero < n &&
         value[n_zero] <= MAX (RELATIVE_ZERO * value[n - 1], G_MINDOUBLE))
    n_zero++;
  self->rank = n - n_zero;
  self->value = g_memdup2 (value + n_zero, self->rank * sizeof *value);
  self->turn = g_memdup2 (gram + n_zero * n, self->rank * n * sizeof *gram);
  find_dual_coordinates (self, mean_products);
}

HfScatter *
hf_scatter_new_part (HfProducts *products, gsize first, gsize dim)
{
  HfScatter *self = g_new0 (HfScatter, 1);

  *self = (HfScatter){.n = products->n,
                      .dim = dim,
                      .stride = products->dim,
                      .n_classes = products->n_classes,
                      .x = products->x + first,
                      .centred = products->centred + first,
                      .label = products->label,
                      .count = products->count};
  self->mean = g_new (double, (gsize) self->n_classes *dim);
  for (gsize c = 0; c < (gsize) self->n_classes; c++)
    memcpy (self->mean + c * dim, products->mean + c * products->dim + first,
            dim * sizeof (double));
  for (gsize j = first; j < first + dim; j++)
    self->trace += products->square[j];
  if (self->n < dim)
    decompose_dual (self, products, first);
  else
    decompose_primal (self, products, first);
  return self;
}

HfScatter *
hf_scatter_new (const double *x, const int *label, gsize n, gsize dim,
                int n_classes)
{
  HfProducts *products = hf_products_new (x, label, n, dim, dim, n_classes);
  HfScatter *self = hf_scatter_new_part (products, 0, dim);

  self->own = products;
  return self;
}

void
hf_scatter_free (HfScatter *self)
{
  if (self == NULL)
    return;
  g_free (self->mean);
  g_free (self->value);
  g_free (self->basis);
  g_free (self->turn);
  g_free (self->coords);
  g_free (self->residual);
  hf_products_free (self->own);
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

/* sum_k weight_ak v_k of rows @weight[n][rank], which it may change, to
 * double[n][dim]. */
static void
combine_axes (const HfScatter *self, double *weight, gsize n, double *out)
{
  gsize rank = self->rank;
  g_autofree double *turned = NULL;

  if (self->basis) {
    hf_blas_multiply (weight, self->basis, n, self->dim, rank, out);
    return;
  }
  turned = g_new (double, n * self->n);
  for (gsize a = 0; a < n; a++)
    for (gsize k = 0; k < rank; k++)
      weight[a * rank + k] /= sqrt (self->value[k]);
  hf_blas_multiply (weight, self->turn, n, self->n, rank, turned);
  hf_blas_combine_strided (turned, self->centred, self->stride, n, self->dim,
                           self->n, out);
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
  combine_axes (self, weighted, n_classes, out);
  for (gsize i = 0; i < n_classes * dim; i++)
    out[i] += self->mean[i] / ridge;
}

double *
hf_scatter_dup_axes (const HfScatter *self, gsize first)
{
  gsize n = self->rank - first, dim = self->dim;
  double *axes;

  if (self->basis)
    return g_memdup2 (self->basis + first * dim, n * dim * sizeof *axes);
  axes = g_new (double, MAX (n * dim, 1));
  hf_blas_combine_strided (self->turn + first * self->n, self->centred,
                           self->stride, n, dim, self->n, axes);
  for (gsize k = 0; k < n; k++)
    for (gsize j = 0; j < dim; j++)
      axes[k * dim + j] /= sqrt (self->value[first + k]);
  return axes;
}

void
hf_scatter_find_residual (const HfScatter *self, const double *a,
                          const double *coords, gsize n, double *out)
{
  gsize n_classes = (gsize) self->n_classes, rank = self->rank;
  g_autofree double *within = g_new (double, n *n_classes);

  hf_blas_multiply_transposed (a, self->mean, n, n_classes, self->dim, out);
  hf_blas_multiply_transposed (coords, self->coords + self->n * rank, n,
                               n_classes, rank, within);
  for (gsize i = 0; i < n * n_classes; i++)
    out[i] -= within[i];
}
