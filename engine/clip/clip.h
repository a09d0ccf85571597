/* clip/clip.h: a CLIP model on a device: pictures and texts to unit rows.
 *
 * The weights live on the device, packed; of the model file only the token
 * table is read later. One thread at a time. */
#pragma once

#include "base/progress.h"
#include "compute/ops.h"
#include "model/model-file.h"

G_BEGIN_DECLS

typedef struct _HfClip HfClip;

/* Which towers to load: a command that has no text needs no text tower. */
typedef enum {
  HF_CLIP_IMAGES = 1 << 0,
  HF_CLIP_TEXTS = 1 << 1,
} HfClipTowers;

/* @device and @model must outlive the result. Errors: HfDeviceError (out of
 * memory among them), G_IO_ERROR_CANCELLED. */
HfClip *hf_clip_new (HfDevice *device, HfModelFile *model,
                     HfPrecision precision, HfClipTowers towers,
                     HfProgress *progress,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_clip_free (HfClip *self);

/* Images that one call may hold at most: 8 as a rule, fewer for large models
 * on small devices. Smaller calls are computed at their own size. */
gsize hf_clip_get_batch (const HfClip *self);

/* @pixels is guint8[n][px][px][3], red first, framed and resized but not
 * normalised; @n <= the batch. Writes float[n][embed_dim], unit rows. A row
 * that is not finite is an error that names its index
 * (HF_DEVICE_ERROR_NOT_FINITE). */
gboolean hf_clip_encode_images (HfClip *self, const guint8 *pixels, gsize n,
                                float *out, GError **error);

/* What a pixel means, until it is set again: byte v of channel c becomes
 * (v / 255 - mean[c]) / std[c], @std > 0, instead of what the model's
 * configuration says. A picture of zeros with a mean of -x and a std of 1 is a
 * normalised input that is x everywhere. Only with HF_CLIP_IMAGES. */
void hf_clip_set_pixel_scale (HfClip *self, const float mean[3],
                              const float std[3]);

/* Ids of text i are @ids[i][0 .. @n_ids[i] - 1], start and end token included,
 * at most context_length (hf_tokens_cut). Any @n: texts are packed raggedly
 * into batches. Writes float[n][embed_dim], unit rows. */
gboolean hf_clip_encode_texts (HfClip *self, const int *const *ids,
                               const gsize *n_ids, gsize n, float *out,
                               GError **error);

/* The operators it computes with, for their profile and their cache of
 * programs; borrowed. */
HfOps *hf_clip_get_ops (HfClip *self);

/* exp of the stored logit scale. */
double hf_clip_get_logit_scale (const HfClip *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfClip, hf_clip_free)
G_END_DECLS
