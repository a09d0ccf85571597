/* numbers.c: see the header. */
#include "app/desk/numbers-private.h"

static void
next_free (gpointer data)
{
  HfNumbersNext *next = data;

  g_free (next->reason);
  g_free (next);
}

static void
miss_free (gpointer data)
{
  HfNumbersMiss *miss = data;

  g_free (miss->reason);
  g_free (miss);
}

HfNumbers *
hf_numbers_new (guint64 serial, HfSamples *samples)
{
  HfNumbers *self = g_atomic_rc_box_new0 (HfNumbers);

  self->serial = serial;
  self->samples = samples;
  self->spec = (HfProbeSpec) HF_PROBE_SPEC_INIT;
  self->thresholds = (HfThresholds) HF_THRESHOLDS_NONE;
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->next = g_ptr_array_new_with_free_func (next_free);
  self->misses = g_ptr_array_new_with_free_func (miss_free);
  return self;
}

HfNumbers *
hf_numbers_ref (HfNumbers *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_numbers (gpointer data)
{
  HfNumbers *self = data;

  g_clear_pointer (&self->evaluation, hf_evaluation_free);
  g_clear_pointer (&self->probe, hf_probe_unref);
  g_clear_pointer (&self->rows, hf_rows_free);
  g_clear_pointer (&self->samples, hf_samples_free);
  g_ptr_array_unref (self->warnings);
  g_ptr_array_unref (self->next);
  g_ptr_array_unref (self->misses);
  g_free (self->image_ids);
  g_free (self->class_ids);
  g_free (self->predictions);
  g_free (self->reason);
}

void
hf_numbers_unref (HfNumbers *self)
{
  g_atomic_rc_box_release_full (self, clear_numbers);
}

static const HfProbeEvaluation *
find_probe (const HfNumbers *self, gboolean zero_shot)
{
  if (self->evaluation == NULL)
    return NULL;
  for (guint i = 0; i < self->evaluation->probes->len; i++) {
    const HfProbeEvaluation *probe = self->evaluation->probes->pdata[i];

    if (!zero_shot || probe->spec.kind == HF_PROBE_ZERO_SHOT)
      return probe;
  }
  return NULL;
}

const HfProbeEvaluation *
hf_numbers_get_probe (const HfNumbers *self)
{
  return find_probe (self, FALSE);
}

const HfProbeEvaluation *
hf_numbers_get_zero_shot (const HfNumbers *self)
{
  return find_probe (self, TRUE);
}

const HfPrediction *
hf_numbers_find_prediction (const HfNumbers *self, gint64 image_id)
{
  gsize low = 0, high = self->n_predictions;

  while (low < high) {
    gsize middle = low + (high - low) / 2;

    if (self->predictions[middle].image_id == image_id)
      return &self->predictions[middle];
    if (self->predictions[middle].image_id < image_id)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}
