/* scorer.c: see the header. */
#include "probe/scorer.h"

#include <math.h>

#include "probe/blas.h"
#include "probe/row.h"
#include "probe/svm.h"

gsize
hf_scorer_get_n_out (HfScorerForm form, int n_classes)
{
  return form == HF_SCORER_CLASSES ? (gsize) n_classes
                                   : (gsize) hf_svm_get_n_pairs (n_classes);
}

static HfScorer *
scorer_alloc (HfScorerForm form, const double *weights, int n_classes,
              gsize dim, gsize width)
{
  HfScorer *self = g_new0 (HfScorer, 1);

  self->form = form;
  self->n_classes = n_classes;
  self->dim = dim;
  self->n_out = hf_scorer_get_n_out (form, n_classes);
  self->width = width;
  self->weights = g_new (float, self->n_out *MAX (width, 1));
  self->bias = g_new (double, self->n_out);
  for (gsize o = 0; o < self->n_out; o++) {
    for (gsize j = 0; j < width; j++)
      self->weights[o * width + j] = (float) weights[o * (width + 1) + j];
    self->bias[o] = weights[o * (width + 1) + width];
  }
  return self;
}

HfScorer *
hf_scorer_new (HfScorerForm form, const double *weights, int n_classes,
               gsize dim)
{
  return scorer_alloc (form, weights, n_classes, dim, dim);
}

HfScorer *
hf_scorer_new_rbf (const double *weights, const double *support,
                   gsize n_support, double gamma, int n_classes, gsize dim)
{
  HfScorer *self =
      scorer_alloc (HF_SCORER_RBF, weights, n_classes, dim, n_support);

  self->gamma = gamma;
  self->n_support = n_support;
  self->support = g_new (float, MAX (n_support * dim, 1));
  for (gsize i = 0; i < n_support * dim; i++)
    self->support[i] = (float) support[i];
  return self;
}

void
hf_scorer_free (HfScorer *self)
{
  if (self == NULL)
    return;
  g_free (self->weights);
  g_free (self->bias);
  g_free (self->support);
  g_free (self);
}

/* exp (-gamma |z - s|^2) of every row and support row: float[n][n_support]. */
static float *
dup_kernel (const HfScorer *self, const float *z, gsize n)
{
  float *k = g_new (float, n *MAX (self->n_support, 1));
  g_autofree double *support = g_new (double, MAX (self->n_support, 1));

  for (gsize s = 0; s < self->n_support; s++)
    support[s] = hf_row_find_square (self->support + s * self->dim, self->dim);
  hf_blas_multiply_transposed_f32 (z, self->support, n, self->n_support,
                                   self->dim, k);
  for (gsize i = 0; i < n; i++) {
    double own = hf_row_find_square (z + i * self->dim, self->dim);

    for (gsize s = 0; s < self->n_support; s++) {
      float *at = k + i * self->n_support + s;
      double square = MAX (own + support[s] - 2 * (double) *at, 0);

      *at = (float) exp (-self->gamma * square);
    }
  }
  return k;
}

void
hf_scorer_score (const HfScorer *self, const float *z, gsize n, double *score)
{
  g_autofree float *kernel =
      self->form == HF_SCORER_RBF ? dup_kernel (self, z, n) : NULL;
  g_autofree float *out = g_new (float, n * self->n_out);
  g_autofree double *decision = NULL;
  double *to = score;

  if (self->form != HF_SCORER_CLASSES)
    to = decision = g_new (double, n * self->n_out);
  hf_blas_multiply_transposed_f32 (kernel ? kernel : z, self->weights, n,
                                   self->n_out, self->width, out);
  for (gsize i = 0; i < n; i++)
    for (gsize o = 0; o < self->n_out; o++)
      to[i * self->n_out + o] = out[i * self->n_out + o] + self->bias[o];
  if (decision)
    hf_svm_score (decision, self->n_classes, n, score);
}
