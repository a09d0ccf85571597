/* vit.c: patches -> tokens -> transformer; the class token's row is wanted, or
 * the mean of the others. */
#include "clip/towers/vit.h"

#include "clip/towers/block.h"
#include "clip/towers/transformer.h"

#include <string.h>

struct _HfVit {
  HfOps *ops;
  int width, n_patches; /* of a picture */
  float eps;
  HfUnfold unfold;
  HfMatrix *patch; /* size * size * 3 -> width */
  HfBuffer *class_token, *positions;
  HfBuffer *ln_pre[2]; /* NULL: none */
  HfTransformer *transformer;
  HfBuffer *patches;  /* [batch * n_patches][size * size * 3] */
  HfBuffer *embedded; /* [batch * n_patches][width] */
};

gsize
hf_vit_get_bytes (const HfClipConfig *config)
{
  gsize grid = (gsize) hf_clip_config_get_grid (config);
  gsize tokens = grid * grid + 1;
  gsize row = (gsize) config->vision_width * 3 +
              (gsize) MAX (3 * config->vision_width, config->vision_mlp) +
              (gsize) config->patch_px * config->patch_px * 3;

  return tokens * row * sizeof (float);
}

void
hf_vit_free (HfVit *self)
{
  if (self == NULL)
    return;
  hf_matrix_free (self->patch);
  hf_buffer_free (self->class_token);
  hf_buffer_free (self->positions);
  hf_buffer_free (self->ln_pre[0]);
  hf_buffer_free (self->ln_pre[1]);
  hf_transformer_free (self->transformer);
  hf_buffer_free (self->patches);
  hf_buffer_free (self->embedded);
  g_free (self);
}

static gboolean
load_weights (HfVit *self, const HfWeights *weights, const HfClipConfig *config,
              GError **error)
{
  self->class_token =
      hf_weights_vector (weights, "visual.class_embedding", error);
  if (self->class_token == NULL)
    return FALSE;
  self->positions =
      hf_weights_vector (weights, "visual.positional_embedding", error);
  if (self->positions == NULL)
    return FALSE;
  if (!config->no_ln_pre &&
      !hf_block_load_norm (weights, "visual.ln_pre", self->ln_pre, error))
    return FALSE;
  self->patch = hf_weights_conv (weights, "visual.conv1", NULL,
                                 config->patch_bias, TRUE, error);
  return self->patch != NULL;
}

static gboolean
make_buffers (HfVit *self, int batch, GError **error)
{
  HfDevice *device = hf_ops_get_device (self->ops);
  gsize n = (gsize) batch * self->n_patches;
  gsize patch = (gsize) self->unfold.size_px * self->unfold.size_px * 3;

  self->patches = hf_buffer_new (device, n * patch * sizeof (float), error);
  if (self->patches == NULL)
    return FALSE;
  self->embedded =
      hf_buffer_new (device, n * self->width * sizeof (float), error);
  return self->embedded != NULL;
}

void
hf_vit_set_pixel_scale (HfVit *self, const float mean[3], const float std[3])
{
  memcpy (self->unfold.mean, mean, sizeof self->unfold.mean);
  memcpy (self->unfold.std, std, sizeof self->unfold.std);
}

HfVit *
hf_vit_new (const HfWeights *weights, const HfClipConfig *config, int batch,
            HfProgress *progress, GError **error)
{
  g_autoptr (HfVit) self = g_new0 (HfVit, 1);
  HfTransformerShape shape = {
      .blocks = "visual.transformer",
      .norm = "visual.ln_post",
      .proj = "visual.proj",
      .width = config->vision_width,
      .heads = config->vision_heads,
      .layers = config->vision_layers[0],
      .mlp = config->vision_mlp,
      .embed_dim = config->embed_dim,
      .activation = config->vision_activation,
      .eps = (float) config->vision_eps,
      .pool = config->pool,
      .grid = hf_clip_config_get_grid (config),
  };

  self->ops = weights->ops;
  self->width = config->vision_width;
  self->n_patches =
      hf_clip_config_get_grid (config) * hf_clip_config_get_grid (config);
  self->eps = (float) config->vision_eps;
  self->unfold.side_px = config->image_px;
  self->unfold.size_px = self->unfold.stride_px = config->patch_px;
  hf_vit_set_pixel_scale (self, config->mean, config->std);
  shape.max_rows = batch * (self->n_patches + 1);
  shape.max_sequences = batch;
  if (!load_weights (self, weights, config, error) ||
      !make_buffers (self, batch, error))
    return NULL;
  self->transformer = hf_transformer_new (weights, &shape, progress, error);
  return self->transformer == NULL ? NULL : g_steal_pointer (&self);
}

/* Tokens of all pictures: the residual stream's first state. */
static gboolean
embed (HfVit *self, const HfBuffer *pixels, int n, GError **error)
{
  HfBuffer *x = hf_transformer_get_rows (self->transformer);

  return hf_ops_unfold (self->ops, &self->unfold, pixels, self->patches, n,
                        error) &&
         hf_ops_gemm (self->ops, self->patch, self->patches, self->embedded,
                      NULL, n * self->n_patches, HF_ACT_NONE, error) &&
         hf_ops_add_positions (self->ops, self->embedded, self->class_token,
                               self->positions, x, n, self->n_patches,
                               self->width, error) &&
         (self->ln_pre[0] == NULL ||
          hf_ops_layer_norm (self->ops, x, x, self->ln_pre[0], self->ln_pre[1],
                             n * (self->n_patches + 1), self->width, self->eps,
                             error));
}

HfBuffer *
hf_vit_run (HfVit *self, const HfBuffer *pixels, int n, GError **error)
{
  g_autofree int *lengths = g_new (int, n);
  g_autofree int *class_tokens = g_new0 (int, n);
  HfSequences sequences = {lengths, class_tokens, n, FALSE};

  for (int i = 0; i < n; i++)
    lengths[i] = self->n_patches + 1;
  if (!embed (self, pixels, n, error))
    return NULL;
  return hf_transformer_run (self->transformer, &sequences, error);
}
