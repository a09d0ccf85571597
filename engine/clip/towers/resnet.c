/* resnet.c: a stem of three 3x3 convolutions and a pool, four layers of
 * bottlenecks (He et al. 2016) whose strides are average pools, then one
 * attention step with the mean as its query.
 *
 * Batch norms are folded into the convolutions when they are loaded. */
#include "clip/towers/resnet.h"

#include "clip/towers/attention-pool.h"
#include "compute/maps.h"

#include <string.h>

#define EXPANSION 4
#define N_LAYERS 4

struct _HfResnet {
  HfOps *ops;
  HfUnfold unfold; /* the first convolution: 3x3, every second pixel */
  HfMatrix *stem[3];
  GArray *blocks; /* HfBottleneck */
  HfAttentionPool *pool;
  HfBuffer *zeros;           /* a pixel of any channels */
  HfMaps room[HF_MAPS_ROOM]; /* their buffers are owned */
};

static void
bottleneck_clear (gpointer data)
{
  HfBottleneck *block = data;

  hf_matrix_free (block->conv1);
  hf_matrix_free (block->conv2);
  hf_matrix_free (block->conv3);
  hf_matrix_free (block->shortcut);
}

void
hf_resnet_free (HfResnet *self)
{
  if (self == NULL)
    return;
  for (int i = 0; i < 3; i++)
    hf_matrix_free (self->stem[i]);
  g_clear_pointer (&self->blocks, g_array_unref);
  hf_attention_pool_free (self->pool);
  hf_buffer_free (self->zeros);
  for (int i = 0; i < HF_MAPS_ROOM; i++)
    hf_buffer_free (self->room[i].buffer);
  g_free (self);
}

/* Bytes of the largest of @n pictures between two kernels: the unfolded input,
 * the stem's three results, and the widest of each layer, which in its first
 * block still has the side of the layer before; and of the floats that the last
 * ones become. */
static gsize
get_largest (const HfClipConfig *config, HfPrecision precision, int n)
{
  int side = (config->image_px + 1) / 2, width = config->vision_width;
  gsize largest = MAX (hf_maps_get_bytes (precision, n, side, side, 27),
                       hf_maps_get_bytes (precision, n, side, side, width));

  side /= 2;
  for (int layer = 0; layer < N_LAYERS; layer++) {
    const int planes = width << layer;
    const int channels = planes * EXPANSION;

    largest =
        MAX (largest, hf_maps_get_bytes (precision, n, side, side, planes));
    if (layer > 0)
      side /= 2;
    largest =
        MAX (largest, hf_maps_get_bytes (precision, n, side, side, channels));
    if (layer == N_LAYERS - 1)
      largest = MAX (largest, hf_maps_get_bytes (HF_PRECISION_F32, n, side,
                                                 side, channels));
  }
  return largest;
}

gsize
hf_resnet_get_bytes (const HfClipConfig *config)
{
  return get_largest (config, HF_PRECISION_F32, 1) * HF_MAPS_ROOM;
}

/* The convolution and norm of that number behind @prefix, 3x3 for pictures of
 * @side. */
static gboolean
load_conv3x3 (const HfWeights *weights, const char *prefix, int number,
              int side, HfMatrix **to, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%sconv%d", prefix, number);
  g_autofree char *norm_name = g_strdup_printf ("%sbn%d", prefix, number);

  *to = hf_weights_conv3x3 (weights, name, norm_name, side, error);
  return *to != NULL;
}

static gboolean
load_conv (const HfWeights *weights, const char *prefix, const char *conv,
           const char *norm, gboolean narrow, HfMatrix **to, GError **error)
{
  g_autofree char *name = g_strconcat (prefix, conv, NULL);
  g_autofree char *norm_name = g_strconcat (prefix, norm, NULL);

  *to = hf_weights_conv (weights, name, norm_name, FALSE, narrow, error);
  return *to != NULL;
}

static gboolean
load_stem (HfResnet *self, const HfWeights *weights, GError **error)
{
  const int side = hf_unfold_get_n (&self->unfold);

  return load_conv (weights, "visual.", "conv1", "bn1", FALSE, &self->stem[0],
                    error) &&
         load_conv3x3 (weights, "visual.", 2, side, &self->stem[1], error) &&
         load_conv3x3 (weights, "visual.", 3, side, &self->stem[2], error);
}

/* @side: of the pictures in front of the block; moves on behind it. In int8,
 * where maps are floats, the last layer stays f16: four fifths of what RN50x4
 * loses would be lost there, since nothing averages its errors any more
 * (docs/decisions.md). */
static gboolean
load_bottleneck (HfResnet *self, const HfWeights *weights, int layer,
                 int number, int *side, GError **error)
{
  g_autofree char *prefix =
      g_strdup_printf ("visual.layer%d.%d.", layer + 1, number);
  HfBottleneck block = {.stride = layer > 0 && number == 0 ? 2 : 1};
  const gboolean narrow =
      layer + 1 < N_LAYERS &&
      hf_maps_get_precision (self->ops) != HF_PRECISION_BF16;
  gboolean loaded =
      load_conv (weights, prefix, "conv1", "bn1", narrow, &block.conv1,
                 error) &&
      load_conv3x3 (weights, prefix, 2, *side, &block.conv2, error) &&
      load_conv (weights, prefix, "conv3", "bn3", narrow, &block.conv3,
                 error) &&
      (number > 0 || load_conv (weights, prefix, "downsample.0", "downsample.1",
                                narrow, &block.shortcut, error));

  *side /= block.stride;
  /* The array clears what was loaded of a half block, too. */
  g_array_append_val (self->blocks, block);
  return loaded;
}

static gboolean
load_layers (HfResnet *self, const HfWeights *weights,
             const HfClipConfig *config, HfProgress *progress, GError **error)
{
  int total = 0, side = hf_unfold_get_n (&self->unfold) / 2;

  for (int layer = 0; layer < N_LAYERS; layer++)
    total += config->vision_layers[layer];
  for (int layer = 0; layer < N_LAYERS; layer++)
    for (int i = 0; i < config->vision_layers[layer]; i++) {
      if (!hf_progress_check (progress, error) ||
          !load_bottleneck (self, weights, layer, i, &side, error))
        return FALSE;
      hf_model_file_release_pages (weights->model);
      hf_progress_report (progress, self->blocks->len, total);
    }
  return TRUE;
}

static gboolean
make_buffers (HfResnet *self, const HfClipConfig *config, int batch,
              GError **error)
{
  HfDevice *device = hf_ops_get_device (self->ops);
  const HfPrecision precision = hf_maps_get_precision (self->ops);
  gsize size_bytes = get_largest (config, precision, batch);
  gsize widest = (gsize) config->vision_width << (N_LAYERS - 1);
  g_autofree float *zeros = g_new0 (float, widest);

  self->zeros =
      hf_buffer_new_from (device, zeros, widest * sizeof (float), error);
  if (self->zeros == NULL)
    return FALSE;
  for (int i = 0; i < hf_maps_count_room (precision); i++) {
    self->room[i].buffer = hf_buffer_new (device, size_bytes, error);
    if (self->room[i].buffer == NULL)
      return FALSE;
  }
  return TRUE;
}

void
hf_resnet_set_pixel_scale (HfResnet *self, const float mean[3],
                           const float std[3])
{
  memcpy (self->unfold.mean, mean, sizeof self->unfold.mean);
  memcpy (self->unfold.std, std, sizeof self->unfold.std);
}

HfResnet *
hf_resnet_new (const HfWeights *weights, const HfClipConfig *config, int batch,
               HfProgress *progress, GError **error)
{
  g_autoptr (HfResnet) self = g_new0 (HfResnet, 1);

  self->ops = weights->ops;
  self->blocks = g_array_new (FALSE, TRUE, sizeof (HfBottleneck));
  g_array_set_clear_func (self->blocks, bottleneck_clear);
  self->unfold.side_px = config->image_px;
  self->unfold.size_px = 3;
  self->unfold.stride_px = 2;
  self->unfold.pad_px = 1;
  hf_resnet_set_pixel_scale (self, config->mean, config->std);
  if (!load_stem (self, weights, error) ||
      !load_layers (self, weights, config, progress, error) ||
      !make_buffers (self, config, batch, error))
    return NULL;
  self->pool = hf_attention_pool_new (weights, config, batch, error);
  return self->pool == NULL ? NULL : g_steal_pointer (&self);
}

HfBuffer *
hf_resnet_run (HfResnet *self, const HfBuffer *pixels, int n, GError **error)
{
  const HfBuffer *rows;

  if (!hf_maps_stem (self->ops, &self->unfold, self->stem, pixels, n,
                     self->zeros, self->room, error))
    return NULL;
  for (guint i = 0; i < self->blocks->len; i++)
    if (!hf_maps_bottleneck (self->ops,
                             &g_array_index (self->blocks, HfBottleneck, i),
                             self->zeros, self->room, error))
      return NULL;
  rows = hf_maps_get_rows (self->ops, self->room, error);
  return rows != NULL ? hf_attention_pool_run (self->pool, rows, n, error)
                      : NULL;
}
