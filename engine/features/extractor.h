/* features/extractor.h: from picture files to rows of numbers, by the feature
 * cache where it knows the picture, else by decoding on all cores while the
 * device computes.
 *
 * What is in the cache touches no device and decodes no picture: the model is
 * opened with the first row that is missing. Decoded pictures that wait are
 * bounded. One thread at a time. */
#pragma once

#include "compute/device.h"
#include "features/blocks.h"
#include "features/store.h"
#include "image/framing.h"

G_BEGIN_DECLS

#define HF_LOOK_PX 64

typedef struct {
  const char *model_path; /* file or folder; NULL: no clip rows, no texts */
  const char *device;     /* as hf_device_open; NULL: the best */
  HfPrecision precision;
  HfFraming framing;      /* tiles among them */
  int n_views;            /* 1, 4 or 8 */
  HfBlocks blocks;        /* which are wanted, not AUTO */
  const char *background; /* a picture to be compared with, or NULL */
  gboolean no_look;       /* looks are not wanted */
  gboolean fresh;         /* rows are neither looked up nor remembered */
  gboolean with_texts;    /* texts come before the pictures: where one of them
                             is missing, both towers are opened at once */
  HfDeviceLog log;        /* may be NULL; called from any thread */
  gpointer log_data;
} HfExtractorOptions;

typedef struct _HfExtractor HfExtractor;

/* @store may be NULL (nothing is remembered) and must outlive the result.
 * The model's identity, width and logit scale come from the store where it
 * knows the file. Errors: those of hf_model_file_open, of the background's
 * picture; G_IO_ERROR_CANCELLED. @progress may be NULL and must outlive the
 * result. */
HfExtractor *hf_extractor_open (const HfExtractorOptions *options,
                                HfFeatureStore *store, HfProgress *progress,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_extractor_free (HfExtractor *self);

/* One picture. Borrowed until the callback returns. A block that was not
 * asked for is NULL. */
typedef struct {
  const char *sha256;   /* of the file, hex */
  const float *clip;    /* [n_tiles][clip_dim], unit rows */
  const float *classic; /* [n_tiles][classic_dim], not standardised */
  const guint8 *look;   /* [HF_LOOK_PX][HF_LOOK_PX] grey, of the framed picture
                           as a whole; for finding copies. NULL with
                           no_look */
  gboolean cached;
} HfFeatureRow;

/* Called once for each picture, from the calling thread, cached ones first, so
 * not in the order of the paths: @row, or NULL with why picture @index is
 * refused. FALSE ends the job; then @error must be set. */
typedef gboolean (*HfFeatureFunc) (gsize index, const HfFeatureRow *row,
                                   const GError *refused, gpointer data,
                                   GError **error);

/* Takes @paths[n] in the order of their importance. Reports pictures to
 * @progress, waits while it is paused. What was computed before a cancel stays
 * in the cache. Errors: HfDeviceError, HfFeatureStoreError,
 * G_IO_ERROR_CANCELLED, or what @func set. */
gboolean hf_extractor_run (HfExtractor *self, const char *const *paths, gsize n,
                           HfFeatureFunc func, gpointer data,
                           HfProgress *progress, GError **error);

/* Texts to unit rows, float[n][clip_dim], by the cache too. @n_cut (may be
 * NULL) is how many were longer than the model reads. */
gboolean hf_extractor_encode_texts (HfExtractor *self, const char *const *texts,
                                    gsize n, float *out, gsize *n_cut,
                                    GError **error);

/* Numbers a row has; 0 where the block was not asked for. */
gsize hf_extractor_get_clip_dim (const HfExtractor *self);
gsize hf_extractor_get_classic_dim (const HfExtractor *self);
gsize hf_extractor_get_n_tiles (const HfExtractor *self);
/* Tokens of a text that the model reads, start and end among them; 0 without a
 * model. */
gsize hf_extractor_get_context_length (const HfExtractor *self);
/* exp of the model's logit scale. */
double hf_extractor_get_logit_scale (const HfExtractor *self);
/* As hf_model_file_dup_identity; NULL without a model. Borrowed. */
const char *hf_extractor_get_identity (const HfExtractor *self);
/* Whether the model was opened for work: something was not in the cache. */
gboolean hf_extractor_has_worked (const HfExtractor *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfExtractor, hf_extractor_free)
G_END_DECLS
