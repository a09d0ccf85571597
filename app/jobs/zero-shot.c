/* zero-shot.c: see the header. */
#include "app/jobs/zero-shot.h"

#include <math.h>

struct _HfZeroShot {
  gsize n_classes, dim;
  double *rows; /* [n_classes][dim], unit length */
  double logit_scale;
};

static void
normalize (double *row, gsize dim)
{
  double square = 0;

  for (gsize j = 0; j < dim; j++)
    square += row[j] * row[j];
  for (gsize j = 0; j < dim && square > 0; j++)
    row[j] /= sqrt (square);
}

/* Makes @row the mean of float[n][dim] in direction. */
static void
average (double *row, const float *texts, gsize n, gsize dim)
{
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < dim; j++)
      row[j] += texts[i * dim + j];
  normalize (row, dim);
}

HfZeroShot *
hf_zero_shot_new (HfExtractor *extractor, char *const *const *prompts,
                  gsize n_classes, GError **error)
{
  g_autoptr (HfZeroShot) self = g_new0 (HfZeroShot, 1);
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autofree float *texts = NULL;
  gsize at = 0;

  self->n_classes = n_classes;
  self->dim = hf_extractor_get_clip_dim (extractor);
  self->rows = g_new0 (double, n_classes * self->dim);
  self->logit_scale = hf_extractor_get_logit_scale (extractor);
  for (gsize c = 0; c < n_classes; c++)
    for (char *const *prompt = prompts[c]; *prompt != NULL; prompt++)
      g_ptr_array_add (all, *prompt);
  texts = g_new (float, all->len * self->dim);
  if (!hf_extractor_encode_texts (extractor, (const char *const *) all->pdata,
                                  all->len, texts, NULL, error))
    return NULL;
  for (gsize c = 0; c < n_classes; c++) {
    gsize n = g_strv_length ((char **) prompts[c]);

    average (self->rows + c * self->dim, texts + at * self->dim, n, self->dim);
    at += n;
  }
  return g_steal_pointer (&self);
}

void
hf_zero_shot_free (HfZeroShot *self)
{
  if (self == NULL)
    return;
  g_free (self->rows);
  g_free (self);
}

gsize
hf_zero_shot_predict (const HfZeroShot *self, const float *row,
                      double *probabilities)
{
  double largest = -INFINITY, sum = 0;
  gsize best = 0;

  for (gsize c = 0; c < self->n_classes; c++) {
    double cosine = 0;

    for (gsize j = 0; j < self->dim; j++)
      cosine += self->rows[c * self->dim + j] * row[j];
    probabilities[c] = self->logit_scale * cosine;
    if (probabilities[c] > largest) {
      largest = probabilities[c];
      best = c;
    }
  }
  for (gsize c = 0; c < self->n_classes; c++) {
    probabilities[c] = exp (probabilities[c] - largest);
    sum += probabilities[c];
  }
  for (gsize c = 0; c < self->n_classes; c++)
    probabilities[c] /= sum;
  return best;
}
