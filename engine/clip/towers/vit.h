/* clip/towers/vit.h: the vision transformer; see clip/towers/image-tower.h for
 * the contract. */
#pragma once

#include "clip/towers/weights.h"

G_BEGIN_DECLS

typedef struct _HfVit HfVit;

HfVit *hf_vit_new (const HfWeights *weights, const HfClipConfig *config,
                   int batch, HfProgress *progress,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_vit_free (HfVit *self);

/* Bytes of working memory for each picture of a batch. */
gsize hf_vit_get_bytes (const HfClipConfig *config);

/* The model's own until it is set. */
void hf_vit_set_pixel_scale (HfVit *self, const float mean[3],
                             const float std[3]);

HfBuffer *hf_vit_run (HfVit *self, const HfBuffer *pixels, int n,
                      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfVit, hf_vit_free)
G_END_DECLS
