/* image-tower.c: pixels to the device, and the tower of the model's kind over
 * them. */
#include "clip/towers/image-tower.h"

#include "clip/towers/resnet.h"
#include "clip/towers/vit.h"

/* Beyond 8 a processor wins nothing, and memory and latency are lost; but small
 * pictures read the weights half as often in twice as many. */
#define BEST_BATCH 8
#define MOST_BATCH 16
#define SMALL_BYTES (32u << 20)
#define MODEST_BYTES (384u << 20)

struct _HfImageTower {
  int batch, side_px;
  HfBuffer *pixels; /* guint8[batch][side][side][3] */
  HfVit *vit;       /* one of the two is there */
  HfResnet *resnet;
};

static int
choose_batch (const HfClipConfig *config)
{
  gsize each = config->vision == HF_VISION_VIT ? hf_vit_get_bytes (config)
                                               : hf_resnet_get_bytes (config);

  return (int) CLAMP (SMALL_BYTES / each,
                      CLAMP (MODEST_BYTES / each, 1, BEST_BATCH), MOST_BATCH);
}

HfImageTower *
hf_image_tower_new (const HfWeights *weights, const HfClipConfig *config,
                    int batch, HfProgress *progress, GError **error)
{
  g_autoptr (HfImageTower) self = g_new0 (HfImageTower, 1);

  self->batch = batch > 0 ? batch : choose_batch (config);
  self->side_px = config->image_px;
  self->pixels = hf_buffer_new (
      hf_ops_get_device (weights->ops),
      (gsize) self->batch * self->side_px * self->side_px * 3, error);
  if (self->pixels == NULL)
    return NULL;
  if (config->vision == HF_VISION_VIT)
    self->vit = hf_vit_new (weights, config, self->batch, progress, error);
  else
    self->resnet =
        hf_resnet_new (weights, config, self->batch, progress, error);
  return self->vit == NULL && self->resnet == NULL ? NULL
                                                   : g_steal_pointer (&self);
}

void
hf_image_tower_free (HfImageTower *self)
{
  if (self == NULL)
    return;
  hf_buffer_free (self->pixels);
  hf_vit_free (self->vit);
  hf_resnet_free (self->resnet);
  g_free (self);
}

int
hf_image_tower_get_batch (const HfImageTower *self)
{
  return self->batch;
}

void
hf_image_tower_set_pixel_scale (HfImageTower *self, const float mean[3],
                                const float std[3])
{
  if (self->vit != NULL)
    hf_vit_set_pixel_scale (self->vit, mean, std);
  else
    hf_resnet_set_pixel_scale (self->resnet, mean, std);
}

HfBuffer *
hf_image_tower_run (HfImageTower *self, const guint8 *pixels, int n,
                    GError **error)
{
  g_return_val_if_fail (n > 0 && n <= self->batch, NULL);

  if (!hf_buffer_write (self->pixels, pixels,
                        (gsize) n * self->side_px * self->side_px * 3, error))
    return NULL;
  return self->vit != NULL
             ? hf_vit_run (self->vit, self->pixels, n, error)
             : hf_resnet_run (self->resnet, self->pixels, n, error);
}
