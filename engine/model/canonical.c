/* canonical.c: walks the tensors of a configuration, tower by tower. The first
 * fault ends the walk; the steps after it do nothing. */
#include "model/canonical.h"

#include <glib/gi18n-lib.h>

typedef struct {
  const HfClipConfig *config;
  HfTensorFile *tensors; /* what there is */
  HfTensorFile *chosen;
  GError *error; /* the first fault */
} Walk;

static char *
describe_shape (int n_dims, const gint64 *shape)
{
  g_autoptr (GString) text = g_string_new ("[");

  for (int d = 0; d < n_dims; d++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, d > 0 ? ", " : "",
                            shape[d]);
  g_string_append_c (text, ']');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
refuse_shape (Walk *walk, const HfTensor *tensor, int n_dims,
              const gint64 *shape)
{
  g_autofree char *has = describe_shape (tensor->n_dims, tensor->shape);
  g_autofree char *wants = describe_shape (n_dims, shape);

  g_set_error (&walk->error, HF_MODEL_ERROR, HF_MODEL_ERROR_MISMATCH,
               _("has a tensor %s of shape %s, where its configuration asks "
                 "for %s"),
                  tensor->name, has, wants);
}

/* Takes tensor PREFIX.NAME; @shape ends at the first 0. */
static void
take (Walk *walk, const char *prefix, const char *name, const gint64 *shape)
{
  g_autofree char *full = prefix[0] != '\0'
                              ? g_strconcat (prefix, ".", name, NULL)
                              : g_strdup (name);
  const HfTensor *tensor = hf_tensor_file_get (walk->tensors, full);
  int n_dims = 0;

  if (walk->error != NULL)
    return;
  while (shape[n_dims] != 0)
    n_dims++;
  if (tensor == NULL)
    g_set_error (&walk->error, HF_MODEL_ERROR, HF_MODEL_ERROR_MISMATCH,
                 _("lacks the tensor %s"), full);
  else if (!hf_tensor_has_shape (tensor, n_dims, shape))
    refuse_shape (walk, tensor, n_dims, shape);
  else if (tensor->dtype > HF_DTYPE_F64)
    g_set_error (&walk->error, HF_MODEL_ERROR, HF_MODEL_ERROR_UNSUPPORTED,
                 _("has a tensor %s of whole numbers (%s)"), full,
                    hf_dtype_get_name (tensor->dtype));
  else
    hf_tensor_file_add (walk->chosen, full, tensor);
}

#define SHAPE(...) ((const gint64[]){__VA_ARGS__, 0})

static void
take_vector (Walk *walk, const char *prefix, const char *name, gint64 n)
{
  take (walk, prefix, name, SHAPE (n));
}

static void
take_norm (Walk *walk, const char *prefix, const char *name, gint64 width)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL);
  g_autofree char *bias = g_strconcat (name, ".bias", NULL);

  take_vector (walk, prefix, weight, width);
  take_vector (walk, prefix, bias, width);
}

static void
take_linear (Walk *walk, const char *prefix, const char *name, gint64 out,
             gint64 in)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL);
  g_autofree char *bias = g_strconcat (name, ".bias", NULL);

  take (walk, prefix, weight, SHAPE (out, in));
  take_vector (walk, prefix, bias, out);
}

static void
take_blocks (Walk *walk, const char *tower, int n_layers, gint64 width,
             gint64 mlp, gboolean has_scale)
{
  static const char *const attention[] = {"attn.q_proj", "attn.k_proj",
                                          "attn.v_proj", "attn.out_proj"};

  for (int i = 0; i < n_layers && walk->error == NULL; i++) {
    g_autofree char *block = g_strdup_printf ("%s.resblocks.%d", tower, i);

    take_norm (walk, block, "ln_1", width);
    for (gsize k = 0; k < G_N_ELEMENTS (attention); k++)
      take_linear (walk, block, attention[k], width, width);
    take_norm (walk, block, "ln_2", width);
    take_linear (walk, block, "mlp.c_fc", mlp, width);
    take_linear (walk, block, "mlp.c_proj", width, mlp);
    if (has_scale) {
      take_vector (walk, block, "ls_1.gamma", width);
      take_vector (walk, block, "ls_2.gamma", width);
    }
  }
}

/* A table of positions that is too long or short is told by the grid, which a
 * person can compare with the picture's side. */
static void
check_positions (Walk *walk, const char *name)
{
  const HfTensor *tensor = hf_tensor_file_get (walk->tensors, name);
  int grid = hf_clip_config_get_grid (walk->config);

  if (walk->error != NULL || tensor == NULL || tensor->n_dims != 2 ||
      tensor->shape[0] == 1 + (gint64) grid * grid)
    return;
  g_set_error (&walk->error, HF_MODEL_ERROR, HF_MODEL_ERROR_MISMATCH,
               _("has %lld visual positions, where pictures of %d pixels need "
                 "1 + %d x %d = %lld"),
                  (long long) tensor->shape[0], walk->config->image_px, grid,
                  grid, 1 + (long long) grid * grid);
}

static void
take_vit (Walk *walk)
{
  const HfClipConfig *config = walk->config;
  gint64 width = config->vision_width, patch = config->patch_px;
  gint64 grid = hf_clip_config_get_grid (config);

  take_vector (walk, "visual", "class_embedding", width);
  check_positions (walk, "visual.positional_embedding");
  take (walk, "visual", "positional_embedding", SHAPE (1 + grid * grid, width));
  take (walk, "visual", "conv1.weight", SHAPE (width, 3, patch, patch));
  if (config->patch_bias)
    take_vector (walk, "visual", "conv1.bias", width);
  if (!config->no_ln_pre)
    take_norm (walk, "visual", "ln_pre", width);
  take_blocks (walk, "visual.transformer", config->vision_layers[0], width,
               config->vision_mlp, config->vision_scale);
  take_norm (walk, "visual", "ln_post", width);
  take (walk, "visual", "proj", SHAPE (config->embed_dim, width));
}

/* A convolution and the batch norm after it. */
static void
take_conv (Walk *walk, const char *prefix, const char *conv, const char *norm,
           gint64 out, gint64 in, gint64 side)
{
  static const char *const parts[] = {".weight", ".bias", ".running_mean",
                                      ".running_var"};
  g_autofree char *weight = g_strconcat (conv, ".weight", NULL);

  take (walk, prefix, weight, SHAPE (out, in, side, side));
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *name = g_strconcat (norm, parts[i], NULL);

    take_vector (walk, prefix, name, out);
  }
}

static void
take_bottlenecks (Walk *walk, int layer, gint64 in)
{
  gint64 planes = (gint64) walk->config->vision_width << (layer - 1);

  for (int b = 0; b < walk->config->vision_layers[layer - 1]; b++) {
    g_autofree char *block = g_strdup_printf ("visual.layer%d.%d", layer, b);

    if (walk->error != NULL)
      return;
    take_conv (walk, block, "conv1", "bn1", planes, b > 0 ? 4 * planes : in, 1);
    take_conv (walk, block, "conv2", "bn2", planes, planes, 3);
    take_conv (walk, block, "conv3", "bn3", 4 * planes, planes, 1);
    if (b == 0)
      take_conv (walk, block, "downsample.0", "downsample.1", 4 * planes, in,
                 1);
  }
}

static void
take_resnet (Walk *walk)
{
  const HfClipConfig *config = walk->config;
  gint64 width = config->vision_width, pooled = 32 * width;
  gint64 grid = hf_clip_config_get_grid (config);

  take_conv (walk, "visual", "conv1", "bn1", width / 2, 3, 3);
  take_conv (walk, "visual", "conv2", "bn2", width / 2, width / 2, 3);
  take_conv (walk, "visual", "conv3", "bn3", width, width / 2, 3);
  for (int layer = 1; layer <= 4; layer++)
    take_bottlenecks (walk, layer,
                      layer == 1 ? width : (2 * width) << (layer - 1));
  check_positions (walk, "visual.attnpool.positional_embedding");
  take (walk, "visual.attnpool", "positional_embedding",
        SHAPE (1 + grid * grid, pooled));
  take_linear (walk, "visual.attnpool", "q_proj", pooled, pooled);
  take_linear (walk, "visual.attnpool", "k_proj", pooled, pooled);
  take_linear (walk, "visual.attnpool", "v_proj", pooled, pooled);
  take_linear (walk, "visual.attnpool", "c_proj", config->embed_dim, pooled);
}

static void
take_text (Walk *walk)
{
  const HfClipConfig *config = walk->config;
  gint64 width = config->text_width;

  take (walk, "", "token_embedding.weight", SHAPE (config->vocab_size, width));
  take (walk, "", "positional_embedding",
        SHAPE (config->context_length, width));
  take_blocks (walk, "transformer", config->text_layers, width,
               config->text_mlp, config->text_scale);
  take_norm (walk, "", "ln_final", width);
  take (walk, "", "text_projection", SHAPE (config->embed_dim, width));
  take (walk, "", "logit_scale", (const gint64[]){0});
}

/* A tensor that was not asked for belongs to another kind of model; without it
 * the numbers would be wrong. */
static void
check_rest (Walk *walk)
{
  for (guint i = 0; i < hf_tensor_file_get_n_tensors (walk->tensors); i++) {
    const char *name = hf_tensor_file_get_nth (walk->tensors, i)->name;

    if (walk->error != NULL)
      return;
    if (hf_tensor_file_get (walk->chosen, name) == NULL)
      g_set_error (&walk->error, HF_MODEL_ERROR, HF_MODEL_ERROR_UNSUPPORTED,
                   _("has a tensor %s, which a CLIP of its configuration does "
                     "not have"),
                      name);
  }
}

HfTensorFile *
hf_canonical_select (HfTensorFile *tensors, const HfClipConfig *config,
                     GError **error)
{
  g_autoptr (HfTensorFile) chosen = hf_tensor_file_new (
      hf_tensor_file_ref (tensors), (GDestroyNotify) hf_tensor_file_unref);
  Walk walk = {config, tensors, chosen, NULL};

  if (config->vision == HF_VISION_VIT)
    take_vit (&walk);
  else
    take_resnet (&walk);
  take_text (&walk);
  check_rest (&walk);
  if (walk.error != NULL) {
    g_propagate_error (error, walk.error);
    return NULL;
  }
  return g_steal_pointer (&chosen);
}
