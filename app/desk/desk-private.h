/* app/desk/desk-private.h: the parts of a desk, for the files of this
 * folder. */
#pragma once

#include "app/desk/desk.h"
#include "app/desk/numbers-private.h"
#include "app/desk/shelf.h"

G_BEGIN_DECLS

struct _HfDesk {
  char *model_path, *device;
  HfPrecision precision;
  HfFeatureStore *store; /* NULL: none could be opened, */
  char *no_cache;        /* and why */
  GMutex work;           /* whoever uses the extractor */
  HfExtractor *extractor;
  double logit_scale;
  HfShelf *shelf;

  GMutex lock; /* the rest */
  HfProjectSettings *settings;
  GHashTable *texts; /* prompts, joined, to float[clip_dim] */
};

/* Unit rows of @n_classes lists of prompts, float[n_classes][clip_dim] (caller
 * frees); the model is asked for those that are new. */
float *hf_desk_dup_texts (HfDesk *self, char *const *const *prompts,
                          gsize n_classes,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A tuner for the first prompt of each class of @rows, at least two, which have
 * text rows. Opens a model for itself: any thread. */
HfTuner *hf_desk_open_tuner (HfDesk *self, const HfRows *rows,
                             HfProgress *progress,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Rows at @places[@n] one behind the other, without labels; with @seen also how
 * they look. HF_ROWS_ERROR_MEMORY. */
HfRows *hf_desk_dup_rows (HfDesk *self, const gsize *places, gsize n,
                          gboolean seen,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Softmax of cosines times the logit scale: double[n_classes] into @out, of the
 * mean over the tiles of the row at @place. @texts is
 * float[n_classes][clip_dim]. */
void hf_desk_match_texts (HfDesk *self, gsize place, const float *texts,
                          gsize n_classes, double *out);

/* What holds now (caller unrefs). */
HfProjectSettings *
hf_desk_dup_settings (HfDesk *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
