/* ui/models/model-item.h: one model that is installed, on its way, or to be
 * had. Main thread only; written by the shelf. Signal "changed". */
#pragma once

#include "compute/device.h"
#include "ui/workspace/job.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  HF_MODEL_AVAILABLE, /* in the catalogue */
  HF_MODEL_COMING,    /* being fetched; @job says how far */
  HF_MODEL_INSTALLED,
} HfModelState;

/* Strings are the item's; NULL where nothing is known. */
typedef struct {
  char *name;
  HfModelState state;
  gboolean built_in;
  char *folder;       /* installed ones */
  guint64 size_bytes; /* of its files, or about that of the download */
  guint64 come_bytes; /* of a download that broke off */
  int input_px;       /* 0: not known */
  char *source;       /* where it came from */
  char *verified_as;  /* name in the catalogue, if its numbers agreed */
  char *verified_how;
  char *not_verified; /* a sentence, if they did not */
  /* A picture on the device in use; 0: not measured. */
  double ms[HF_N_PRECISIONS];
  double about_ms;     /* the same reckoned, of one to be had; 0: not known */
  guint64 needs_bytes; /* of memory, if that is more than the device has */
  /* Of so many of the user's labels so many were judged rightly when models
   * were last compared; n is 0 where they were not. */
  struct {
    int right, n;
  } counts[HF_N_PRECISIONS];
  gboolean measuring;
  HfJob *job; /* while it is coming */
} HfModelInfo;

#define HF_TYPE_MODEL_ITEM (hf_model_item_get_type ())
G_DECLARE_FINAL_TYPE (HfModelItem, hf_model_item, HF, MODEL_ITEM, GObject)

/* Takes what @info points to, and clears it. */
HfModelItem *hf_model_item_new (HfModelInfo *info) G_GNUC_WARN_UNUSED_RESULT;

/* Borrowed. */
const HfModelInfo *hf_model_item_get_info (HfModelItem *self);

/* Takes what @info points to, and clears it; emits "changed". */
void hf_model_item_take_info (HfModelItem *self, HfModelInfo *info);

/* @ms: double[HF_N_PRECISIONS]. */
void hf_model_item_set_ms (HfModelItem *self, const double *ms,
                           gboolean measuring);
/* With @job the model is coming; NULL: it is as it was before. */
void hf_model_item_set_job (HfModelItem *self, HfJob *job);

void hf_model_info_clear (HfModelInfo *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfModelInfo, hf_model_info_clear)
G_END_DECLS
