/* clip/towers/resnet.h: OpenAI's ModifiedResNet; see clip/towers/image-tower.h
 * for the contract. */
#pragma once

#include "clip/towers/weights.h"

G_BEGIN_DECLS

typedef struct _HfResnet HfResnet;

HfResnet *hf_resnet_new (const HfWeights *weights, const HfClipConfig *config,
                         int batch, HfProgress *progress,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_resnet_free (HfResnet *self);

/* Bytes of working memory for each picture of a batch. */
gsize hf_resnet_get_bytes (const HfClipConfig *config);

/* The model's own until it is set. */
void hf_resnet_set_pixel_scale (HfResnet *self, const float mean[3],
                                const float std[3]);

HfBuffer *hf_resnet_run (HfResnet *self, const HfBuffer *pixels, int n,
                         GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfResnet, hf_resnet_free)
G_END_DECLS
