/* features/session.h: a model at work on a device.
 *
 * The device, the model file and the tokenizer open side by side, so that the
 * first answer comes early. A device that fails while working (out of memory,
 * lost) is left for the next one, with one sentence. One thread at a time. */
#pragma once

#include "clip/clip.h"
#include "clip/tokenizer.h"

G_BEGIN_DECLS

typedef struct {
  const char *model_path; /* file or folder */
  const char *device;     /* as hf_device_open; NULL: the best */
  HfPrecision precision;
  HfClipTowers towers;
  HfDeviceLog log; /* may be NULL; called from any thread */
  gpointer log_data;
} HfSessionOptions;

typedef struct _HfSession HfSession;

/* Returns once the model file is open; the device may still be opening (its
 * failure comes with the first work). Errors of hf_model_file_open. @progress
 * may be NULL and must outlive the session. */
HfSession *hf_session_open (const HfSessionOptions *options,
                            HfProgress *progress,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_session_free (HfSession *self);

/* Borrowed. */
HfModelFile *hf_session_get_model (HfSession *self);

/* Borrowed; waits for it. Only where the options asked for the text tower. */
const HfTokenizer *hf_session_get_tokenizer (HfSession *self, GError **error);

/* Waits for the device, packs the weights, and returns the model on it;
 * borrowed, valid until the next call that may change the device. Errors of
 * hf_device_open and hf_clip_new. */
HfClip *hf_session_get_clip (HfSession *self, GError **error);

/* The device at work, or NULL before the first hf_session_get_clip. */
HfDevice *hf_session_get_device (HfSession *self);

/* As hf_clip_encode_images and hf_clip_encode_texts, with any @n, and on the
 * next device if one fails. Embeddings are float[n][embed_dim]. */
gboolean hf_session_encode_images (HfSession *self, const guint8 *pixels,
                                   gsize n, float *out, GError **error);
gboolean hf_session_encode_texts (HfSession *self, const int *const *ids,
                                  const gsize *n_ids, gsize n, float *out,
                                  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfSession, hf_session_free)
G_END_DECLS
