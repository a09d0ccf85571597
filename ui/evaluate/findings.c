/* findings.c: see the header. */
#include "ui/evaluate/findings.h"

#include "base/json.h"

#include <glib/gi18n.h>

static HfClassItem *
find_item (GListModel *classes, gint64 class_id)
{
  guint n = classes != NULL ? g_list_model_get_n_items (classes) : 0;

  for (guint i = 0; i < n; i++) {
    g_autoptr (HfClassItem) item = g_list_model_get_item (classes, i);

    if (hf_class_item_get_id (item) == class_id)
      return g_steal_pointer (&item);
  }
  return NULL;
}

static void
take_classes (HfFindings *self, GListModel *classes)
{
  const HfRows *rows = self->numbers->rows;

  self->names = g_new0 (char *, (gsize) self->n_classes + 1);
  self->items = g_new0 (HfClassItem *, (gsize) self->n_classes + 1);
  for (int c = 0; c < self->n_classes; c++) {
    const HfSampleClass *class = rows->classes->pdata[c];

    self->names[c] = hf_json_dup_shown (class->name);
    if (self->numbers->class_ids != NULL)
      self->items[c] = find_item (classes, self->numbers->class_ids[c]);
  }
}

static void
take_paths (HfFindings *self)
{
  const GPtrArray *samples = self->numbers->samples->samples;

  self->paths = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (guint i = 0; i < samples->len; i++) {
    HfSample *sample = samples->pdata[i];

    g_hash_table_insert (self->paths, &sample->image_id, (char *) sample->path);
  }
}

HfFindings *
hf_findings_new (HfNumbers *numbers, GListModel *classes)
{
  HfFindings *self = g_new0 (HfFindings, 1);

  g_return_val_if_fail (numbers->evaluation != NULL, NULL);
  self->numbers = hf_numbers_ref (numbers);
  self->evaluation = numbers->evaluation;
  self->probe = hf_numbers_get_probe (numbers);
  self->zero_shot = hf_numbers_get_zero_shot (numbers);
  self->n_classes = numbers->evaluation->n_classes;
  self->kinds = numbers->rows->kinds;
  take_classes (self, classes);
  take_paths (self);
  return self;
}

void
hf_findings_free (HfFindings *self)
{
  if (self == NULL)
    return;
  for (int c = 0; c < self->n_classes; c++)
    g_clear_object (&self->items[c]);
  g_free (self->items);
  g_strfreev (self->names);
  g_hash_table_unref (self->paths);
  hf_numbers_unref (self->numbers);
  g_free (self);
}

const char *
hf_findings_get_path (const HfFindings *self, gint64 image_id)
{
  return g_hash_table_lookup (self->paths, &image_id);
}

gint64
hf_findings_get_image (const HfFindings *self, gsize i)
{
  const gint64 *ids = self->numbers->image_ids;

  return ids != NULL ? ids[self->evaluation->tested[i]] : 0;
}

gboolean
hf_findings_have_good (const HfFindings *self)
{
  return self->probe->escape_rate.n > 0 || self->probe->overkill.n > 0;
}

const char *
hf_findings_get_probe_name (HfProbeKind kind)
{
  switch (kind) {
  case HF_PROBE_ZERO_SHOT:
    return _("Zero-shot");
  case HF_PROBE_LINEAR:
    return _("Logistic regression");
  case HF_PROBE_SVM:
    return _("SVM");
  case HF_PROBE_GDA:
    return _("GDA");
  case HF_PROBE_PROMPT:
    return _("Prompt tuning");
  case HF_PROBE_AUTO:
    break;
  }
  return _("Automatic");
}

const char *
hf_findings_get_blocks_name (HfBlocks blocks)
{
  switch (blocks) {
  case HF_BLOCK_CLIP:
    return _("embedding");
  case HF_BLOCK_CLASSIC:
    return _("colour and edges");
  case HF_BLOCKS_BOTH:
    return _("embedding + colour, edges");
  case HF_BLOCKS_AUTO:
    break;
  }
  return _("chosen by folds");
}
