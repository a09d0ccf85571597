/* templates.c: see the header. Zero-shot learns nothing from the labels, so
 * that every labelled picture tests it and no fold is needed (f = 1). With
 * tiles, the mean of their rows is compared. */
#include "app/study/templates.h"

#include "app/study/output/evaluation-json.h"

#include <math.h>
#include <string.h>

/* What the templates say of the classes, and unit rows of the pictures. */
typedef struct {
  const HfRows *rows;
  const HfPromptSet *set;
  gsize n_templates, n_classes, dim;
  float *texts;   /* [n_templates][n_classes][dim]: the sum of the unit rows of
                     a template's prompts */
  float *units;   /* [rows->n][dim] */
  gboolean *used; /* [n_templates] */
} Measure;

static void
measure_clear (Measure *self)
{
  g_free (self->texts);
  g_free (self->units);
  g_free (self->used);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Measure, measure_clear)

static void
effect_free (gpointer data)
{
  HfTemplateEffect *effect = data;

  g_free (effect->text);
  g_free (effect);
}

/* Class rows of the templates that are used: float[n_classes][dim] (caller
 * frees). The sum does for the mean: only the largest cosine of one picture is
 * asked for, but classes must be of one length. */
static float *
dup_class_rows (const Measure *self)
{
  gsize size = self->n_classes * self->dim;
  g_autofree float *sum = g_new0 (float, size);

  for (gsize t = 0; t < self->n_templates; t++)
    for (gsize j = 0; self->used[t] && j < size; j++)
      sum[j] += self->texts[t * size + j];
  return hf_rows_dup_unit (sum, self->n_classes, 1, self->dim);
}

/* gboolean[n_rows], whether each picture is right with the templates that are
 * used (caller frees). */
static gboolean *
dup_right (const Measure *self)
{
  g_autofree float *classes = dup_class_rows (self);
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

/* Uses the templates that are enabled, template @t as @how says. Returns how
 * many are used. */
static gsize
use (Measure *self, gsize t, gboolean how)
{
  gsize n = 0;

  for (gsize other = 0; other < self->n_templates; other++) {
    self->used[other] =
        other == t ? how : hf_prompt_set_is_enabled (self->set, (guint) other);
    n += self->used[other] != FALSE;
  }
  return n;
}

static HfTemplateEffect *
measure_one (Measure *self, gsize t)
{
  HfTemplateEffect *effect = g_new0 (HfTemplateEffect, 1);
  g_autofree gboolean *alone = NULL;
  g_autofree gboolean *with = NULL;
  g_autofree gboolean *without = NULL;

  effect->index = (guint) t;
  effect->text = g_strdup (hf_prompt_set_get_template (self->set, (guint) t));
  effect->enabled = hf_prompt_set_is_enabled (self->set, (guint) t);
  memset (self->used, 0, self->n_templates * sizeof *self->used);
  self->used[t] = TRUE;
  alone = dup_right (self);
  effect->alone = rate (self, alone);
  use (self, t, TRUE);
  with = dup_right (self);
  effect->with = rate (self, with);
  effect->without = hf_rate_new (NULL, NULL, 0, 0);
  effect->change = hf_paired_change_new (NULL, NULL, NULL, 0);
  if (use (self, t, FALSE) == 0)
    return effect;
  without = dup_right (self);
  effect->without = rate (self, without);
  effect->change =
      hf_paired_change_new (without, with, self->rows->group, self->rows->n);
  return effect;
}

/* Adds the unit rows of one template's prompts of class @c to its sum. */
static gboolean
encode_prompts (Measure *self, HfExtractor *extractor, guint t, gsize c,
                GError **error)
{
  const HfSampleClass *class = self->rows->classes->pdata[c];
  int index = hf_prompt_set_find_class (self->set, class->name);
  const char *const *prompts =
      hf_prompt_set_get (self->set, t, (guint) MAX (index, 0));
  gsize n = g_strv_length ((char **) prompts);
  g_autofree float *rows = g_new0 (float, n * self->dim + 1);
  float *sum = self->texts + (t * self->n_classes + c) * self->dim;

  g_return_val_if_fail (index >= 0, FALSE);
  if (!hf_extractor_encode_texts (extractor, prompts, n, rows, NULL, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < self->dim; j++)
      sum[j] += rows[i * self->dim + j];
  return TRUE;
}

/* A problem counts where it is of a template that is used. */
static gboolean
check_problem (const HfPromptSet *set, guint t, GError **error)
{
  const GError *problem = hf_prompt_set_get_problem (set, t);

  if (problem == NULL || !hf_prompt_set_is_enabled (set, t))
    return TRUE;
  g_propagate_error (error, g_error_copy (problem));
  return FALSE;
}

static gboolean
encode (Measure *self, HfExtractor *extractor, HfProgress *progress,
        GError **error)
{
  for (guint t = 0; t < self->n_templates; t++) {
    if (!check_problem (self->set, t, error))
      return FALSE;
    if (hf_prompt_set_get_problem (self->set, t) != NULL)
      continue;
    for (gsize c = 0; c < self->n_classes; c++)
      if (!hf_progress_check (progress, error) ||
          !encode_prompts (self, extractor, t, c, error))
        return FALSE;
  }
  return TRUE;
}

HfTemplateEffects *
hf_template_effects_new (const HfRows *rows, HfExtractor *extractor,
                         const HfPromptSet *set, HfProgress *progress,
                         GError **error)
{
  g_auto (Measure) measure = {.rows = rows,
                              .set = set,
                              .n_templates =
                                  hf_prompt_set_get_n_templates (set),
                              .n_classes = rows->classes->len,
                              .dim = rows->clip_dim};
  g_autofree gboolean *all = NULL;
  HfTemplateEffects *self;

  g_return_val_if_fail (rows->clip != NULL, NULL);
  measure.texts =
      g_new0 (float, measure.n_templates *measure.n_classes *measure.dim);
  measure.used = g_new0 (gboolean, measure.n_templates);
  if (!encode (&measure, extractor, progress, error))
    return NULL;
  measure.units =
      hf_rows_dup_unit (rows->clip, rows->n, rows->n_tiles, rows->clip_dim);
  use (&measure, measure.n_templates, FALSE);
  all = dup_right (&measure);
  self = g_new0 (HfTemplateEffects, 1);
  self->all = rate (&measure, all);
  self->items = g_ptr_array_new_with_free_func (effect_free);
  for (guint t = 0; t < measure.n_templates; t++)
    if (hf_prompt_set_get_problem (set, t) == NULL)
      g_ptr_array_add (self->items, measure_one (&measure, t));
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
    json_object_object_add (one, "enabled",
                            json_object_new_boolean (effect->enabled));
    json_object_object_add (one, "alone", hf_rate_to_json (&effect->alone));
    json_object_object_add (one, "with", hf_rate_to_json (&effect->with));
    json_object_object_add (
        one, "without",
        effect->without.n > 0 ? hf_rate_to_json (&effect->without) : NULL);
    json_object_object_add (one, "gained",
                            json_object_new_int64 (effect->change.gained));
    json_object_object_add (one, "lost",
                            json_object_new_int64 (effect->change.lost));
    json_object_object_add (one, "change_low",
                            hf_json_new_number (effect->change.low, 6));
    json_object_object_add (one, "change_high",
                            hf_json_new_number (effect->change.high, 6));
    json_object_array_add (list, one);
  }
  return list;
}
