/* model-item.c: see the header. */
#include "ui/models/model-item.h"

#include <string.h>

struct _HfModelItem {
  GObject parent_instance;

  HfModelInfo info;
  HfModelState before; /* it was coming */
};

G_DEFINE_FINAL_TYPE (HfModelItem, hf_model_item, G_TYPE_OBJECT)

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

void
hf_model_info_clear (HfModelInfo *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->source, g_free);
  g_clear_pointer (&self->verified_as, g_free);
  g_clear_pointer (&self->verified_how, g_free);
  g_clear_pointer (&self->not_verified, g_free);
  g_clear_object (&self->job);
}

static void
hf_model_item_finalize (GObject *object)
{
  hf_model_info_clear (&HF_MODEL_ITEM (object)->info);
  G_OBJECT_CLASS (hf_model_item_parent_class)->finalize (object);
}

static void
hf_model_item_class_init (HfModelItemClass *class)
{
  G_OBJECT_CLASS (class)->finalize = hf_model_item_finalize;
  signals[CHANGED] =
      g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
hf_model_item_init (HfModelItem *self)
{
}

static void
emit_changed (HfModelItem *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

HfModelItem *
hf_model_item_new (HfModelInfo *info)
{
  HfModelItem *self = g_object_new (HF_TYPE_MODEL_ITEM, NULL);

  hf_model_item_take_info (self, info);
  return self;
}

const HfModelInfo *
hf_model_item_get_info (HfModelItem *self)
{
  return &self->info;
}

void
hf_model_item_take_info (HfModelItem *self, HfModelInfo *info)
{
  hf_model_info_clear (&self->info);
  self->info = *info;
  *info = (HfModelInfo){0};
  self->before = self->info.state;
  emit_changed (self);
}

void
hf_model_item_set_ms (HfModelItem *self, const double *ms, gboolean measuring)
{
  memmove (self->info.ms, ms, sizeof self->info.ms);
  self->info.measuring = measuring;
  emit_changed (self);
}

void
hf_model_item_set_job (HfModelItem *self, HfJob *job)
{
  g_set_object (&self->info.job, job);
  self->info.state = job != NULL ? HF_MODEL_COMING : self->before;
  emit_changed (self);
}
