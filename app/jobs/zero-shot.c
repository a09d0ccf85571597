/* zero-shot.c: see the header. */
#include "app/jobs/zero-shot.h"

#include "clip/prompts.h"

#include <math.h>
#include <string.h>

#define PLACE "{class}"

G_DEFINE_QUARK (hf_zero_shot_error_quark, hf_zero_shot_error)

const char *const hf_zero_shot_default_templates[] = {"a photo of a " PLACE,
                                                      NULL};

struct _HfZeroShot {
  gsize n_classes, dim;
  double *rows; /* [n_classes][dim], unit length */
  double logit_scale;
};

/* The prompts of @template for each of @classes; HF_ZERO_SHOT_ERROR_TEMPLATE
 * with what is wrong with it. */
static char **
expand (const char *template, const char *const *classes, GError **error)
{
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) local = NULL;
  char **prompts;

  g_hash_table_insert (values, (char *) "class", (gpointer) classes);
  prompts = hf_prompt_expand (template, values, &local);
  if (prompts == NULL)
    g_set_error (error, HF_ZERO_SHOT_ERROR, HF_ZERO_SHOT_ERROR_TEMPLATE,
                 "The template \"%s\" cannot be used: %s.", template,
                 local->message);
  return prompts;
}

/* Whether the name of the class has a place: two names give two prompts. */
static gboolean
check_template (const char *template, GError **error)
{
  static const char *const two[] = {"a", "b", NULL};
  g_auto (GStrv) prompts = expand (template, two, error);

  if (prompts == NULL)
    return FALSE;
  if (g_strv_length (prompts) == 2)
    return TRUE;
  g_set_error (error, HF_ZERO_SHOT_ERROR, HF_ZERO_SHOT_ERROR_TEMPLATE,
               "The template \"%s\" has no " PLACE
               ", the place where the name of the class goes.",
               template);
  return FALSE;
}

char **
hf_zero_shot_dup_prompts (const char *const *classes,
                          const char *const *templates, GError **error)
{
  guint n_classes = g_strv_length ((char **) classes);
  guint n_templates = g_strv_length ((char **) templates);
  g_autoptr (GPtrArray) by_template =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  char **all;

  for (guint t = 0; t < n_templates; t++) {
    char **prompts = NULL;

    if (check_template (templates[t], error))
      prompts = expand (templates[t], classes, error);
    if (prompts == NULL)
      return NULL;
    g_ptr_array_add (by_template, prompts);
  }
  all = g_new0 (char *, (gsize) n_classes *n_templates + 1);
  for (guint t = 0; t < n_templates; t++)
    for (guint c = 0; c < n_classes; c++)
      all[c * n_templates + t] =
          g_strdup (((char **) by_template->pdata[t])[c]);
  return all;
}

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
