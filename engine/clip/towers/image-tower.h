/* clip/towers/image-tower.h: pictures to rows, by a vision transformer
 * (Dosovitskiy et al. 2021) or a ModifiedResNet with attention pool (Radford et
 * al. 2021, section 2.4). One thread at a time. */
#pragma once

#include "clip/towers/weights.h"

G_BEGIN_DECLS

typedef struct _HfImageTower HfImageTower;

/* For up to @batch pictures a pass, or with 0 as many as are fastest (8) and
 * fit a modest memory. */
HfImageTower *hf_image_tower_new (const HfWeights *weights,
                                  const HfClipConfig *config, int batch,
                                  HfProgress *progress,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_image_tower_free (HfImageTower *self);

int hf_image_tower_get_batch (const HfImageTower *self);

/* As hf_clip_set_pixel_scale. */
void hf_image_tower_set_pixel_scale (HfImageTower *self, const float mean[3],
                                     const float std[3]);

/* @pixels: guint8[n][px][px][3]. Returns float[n][embed_dim] as computed, not
 * of unit length, in a buffer of the tower (borrowed, valid until the next
 * pass), or NULL. */
HfBuffer *hf_image_tower_run (HfImageTower *self, const guint8 *pixels, int n,
                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfImageTower, hf_image_tower_free)
G_END_DECLS
