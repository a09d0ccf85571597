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

/* @texts is float[n_classes][n_templates][dim]. */
static void
average_templates (HfZeroShot *self, const float *texts, gsize n_templates)
{
  for (gsize c = 0; c < self->n_classes; c++) {
    double *row = self->rows + c * self->dim;

    for (gsize t = 0; t < n_templates; t++)
      for (gsize j = 0; j < self->dim; j++)
        row[j] += texts[(c * n_templates + t) * self->dim + j];
    normalize (row, self->dim);
  }
}

HfZeroShot *
hf_zero_shot_new (HfSession *session, const HfTexts *prompts, gsize n_classes,
                  GError **error)
{
  const HfClipConfig *config =
      hf_model_file_get_config (hf_session_get_model (session));
  g_autoptr (HfZeroShot) self = g_new0 (HfZeroShot, 1);
  g_autofree float *texts = NULL;
  gsize n = hf_texts_get_n (prompts);

  g_return_val_if_fail (n_classes > 0 && n % n_classes == 0, NULL);
  self->n_classes = n_classes;
  self->dim = (gsize) config->embed_dim;
  self->rows = g_new0 (double, n_classes * self->dim);
  texts = g_new (float, n * self->dim);
  if (!hf_session_encode_texts (session, hf_texts_get_ids (prompts),
                                hf_texts_get_n_ids (prompts), n, texts, error))
    return NULL;
  self->logit_scale =
      hf_clip_get_logit_scale (hf_session_get_clip (session, NULL));
  average_templates (self, texts, n / n_classes);
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
