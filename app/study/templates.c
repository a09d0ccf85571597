/* templates.c: see the header. Zero-shot learns nothing from the labels, so
 * that every labelled picture tests it and no fold is needed (f = 1). With
 * tiles, the mean of their rows is compared. */
#include "app/study/templates.h"

#include "app/jobs/zero-shot.h"
#include "app/study/evaluation-json.h"

#include <string.h>

/* Unit text rows of every template and class, and unit rows of the pictures. */
typedef struct {
  const HfRows *rows;
  gsize n_templates, n_classes, dim;
  float *texts; /* [n_templates][n_classes][dim] */
  float *units; /* [rows->n][dim] */
} Measure;

static void
measure_clear (Measure *self)
{
  g_free (self->texts);
  g_free (self->units);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Measure, measure_clear)

static void
effect_free (gpointer data)
{
  HfTemplateEffect *effect = data;

  g_free (effect->text);
  g_free (effect);
}

/* Class rows of the templates for which @used is TRUE: float[n_classes][dim]
 * (caller frees). The sum does: only the largest cosine of one picture is asked
 * for, but classes must be of one length. */
static float *
dup_class_rows (const Measure *self, const gboolean *used)
{
  gsize size = self->n_classes * self->dim;
  g_autofree float *sum = g_new0 (float, size);

  for (gsize t = 0; t < self->n_templates; t++)
    for (gsize j = 0; used[t] && j < size; j++)
      sum[j] += self->texts[t * size + j];
  return hf_rows_dup_unit (sum, self->n_classes, 1, self->dim);
}

/* gboolean[n_rows], whether each picture is right (caller frees). */
static gboolean *
dup_right (const Measure *self, const gboolean *used)
{
  g_autofree float *classes = dup_class_rows (self, used);
  gboolean *right = g_new0 (gboolean, self->rows->n + 1);

  for (gsize i = 0; i < self->rows->n; i++) {
    double largest = -INFINITY;

    for (gsize c = 0; c < self->n_classes; c++) {
      double cosine = 0;

      for (gsize j = 0; j < self->dim; j++)
        cosine += (double) classes[c * self->dim + j] *
                  self->units[i * self->dim + j];
      if (cosine > largest) {
        largest = cosine;
        right[i] = self->rows->label[i] == (int) c;
      }
    }
  }
  return right;
}

static HfRate
rate (const Measure *self, const gboolean *right)
{
  return hf_rate_new (right, self->rows->group, self->rows->n, 0);
}

static HfTemplateEffect *
measure_one (const Measure *self, gsize t, const char *text,
             const gboolean *with_all)
{
  HfTemplateEffect *effect = g_new0 (HfTemplateEffect, 1);
  g_autofree gboolean *used = g_new0 (gboolean, self->n_templates);
  g_autofree gboolean *alone = NULL;
  g_autofree gboolean *without = NULL;

  effect->text = g_strdup (text);
  used[t] = TRUE;
  alone = dup_right (self, used);
  effect->alone = rate (self, alone);
  effect->without = hf_rate_new (NULL, NULL, 0, 0);
  if (self->n_templates == 1)
    return effect;
  for (gsize other = 0; other < self->n_templates; other++)
    used[other] = other != t;
  without = dup_right (self, used);
  effect->without = rate (self, without);
  for (gsize i = 0; i < self->rows->n; i++) {
    effect->gained += with_all[i] && !without[i];
    effect->lost += without[i] && !with_all[i];
  }
  return effect;
}

/* Text rows of one template for all classes. */
static gboolean
encode_template (Measure *self, HfExtractor *extractor, const char *template,
                 gsize t, GError **error)
{
  const char *const one[] = {template, NULL};
  g_autofree const char **names = g_new0 (const char *, self->n_classes + 1);
  g_auto (GStrv) prompts = NULL;

  for (gsize c = 0; c < self->n_classes; c++)
    names[c] = ((HfSampleClass *) self->rows->classes->pdata[c])->name;
  prompts = hf_zero_shot_dup_prompts (names, one, error);
  return prompts != NULL &&
         hf_extractor_encode_texts (
             extractor, (const char *const *) prompts, self->n_classes,
             self->texts + t * self->n_classes * self->dim, NULL, error);
}

HfTemplateEffects *
hf_template_effects_new (const HfStudy *study, const char *const *templates,
                         gsize n, GError **error)
{
  const HfRows *rows = hf_study_get_rows (study);
  g_auto (Measure) measure = {.rows = rows,
                              .n_templates = n,
                              .n_classes = rows->classes->len,
                              .dim = rows->clip_dim};
  g_autofree gboolean *used = g_new0 (gboolean, n + 1);
  g_autofree gboolean *with_all = NULL;
  HfTemplateEffects *self;

  g_return_val_if_fail (rows->clip != NULL && n > 0, NULL);
  measure.texts = g_new0 (float, n *measure.n_classes *measure.dim);
  for (gsize t = 0; t < n; t++) {
    used[t] = TRUE;
    if (!encode_template (&measure, hf_study_get_extractor (study),
                          templates[t], t, error))
      return NULL;
  }
  measure.units =
      hf_rows_dup_unit (rows->clip, rows->n, rows->n_tiles, rows->clip_dim);
  with_all = dup_right (&measure, used);
  self = g_new0 (HfTemplateEffects, 1);
  self->all = rate (&measure, with_all);
  self->items = g_ptr_array_new_with_free_func (effect_free);
  for (gsize t = 0; t < n; t++)
    g_ptr_array_add (self->items,
                     measure_one (&measure, t, templates[t], with_all));
  return self;
}

void
hf_template_effects_free (HfTemplateEffects *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->items);
  g_free (self);
}

HfJson *
hf_template_effects_to_json (const HfTemplateEffects *self)
{
  HfJson *list = json_object_new_array ();

  for (guint t = 0; t < self->items->len; t++) {
    const HfTemplateEffect *effect = self->items->pdata[t];
    HfJson *one = json_object_new_object ();

    json_object_object_add (one, "template", hf_json_new_string (effect->text));
    json_object_object_add (one, "alone", hf_rate_to_json (&effect->alone));
    json_object_object_add (one, "with", hf_rate_to_json (&self->all));
    json_object_object_add (
        one, "without",
        effect->without.n > 0 ? hf_rate_to_json (&effect->without) : NULL);
    json_object_object_add (one, "gained",
                            json_object_new_int64 (effect->gained));
    json_object_object_add (one, "lost", json_object_new_int64 (effect->lost));
    json_object_array_add (list, one);
  }
  return list;
}
