/* infer.c: a configuration out of the shapes of the tensors, for
 * the files that bring none (OpenAI's own above all). */
#include "model/config/config-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define HEAD_WIDTH 64

/* That of OpenAI's largest vision transformers. Wider ones are open_clip's,
 * whose heads have 80 to 112 channels. */
#define WIDEST_VIT 1024

static gboolean
get_size (const HfTensorFile *tensors, const char *name, int n_dims, int dim,
          int high, int *size, GError **error)
{
  const HfTensor *tensor = hf_tensor_file_get (tensors, name);

  if (tensor == NULL)
    return hf_clip_config_refuse (HF_MODEL_ERROR_MISMATCH, error,
                                  _("lacks the tensor %s"), name);
  if (tensor->n_dims != n_dims || tensor->shape[dim] < 1 ||
      tensor->shape[dim] > high)
    return hf_clip_config_refuse (HF_MODEL_ERROR_MISMATCH, error,
                                  _("has a tensor %s of no possible shape"),
                                     name);
  *size = (int) tensor->shape[dim];
  return TRUE;
}

/* How many of PREFIX.0.SUFFIX, PREFIX.1.SUFFIX ... there are. */
static int
count_layers (const HfTensorFile *tensors, const char *prefix,
              const char *suffix)
{
  for (int n = 0; n < HF_CLIP_MAX_LAYERS; n++) {
    g_autofree char *name = g_strdup_printf ("%s.%d.%s", prefix, n, suffix);

    if (hf_tensor_file_get (tensors, name) == NULL)
      return n;
  }
  return HF_CLIP_MAX_LAYERS;
}

/* @n_positions is one for the class token and one for each cell of a square. */
static gboolean
get_grid (int n_positions, int *grid, GError **error)
{
  *grid = (int) lround (sqrt (n_positions - 1));
  if (*grid > 0 && *grid * *grid == n_positions - 1)
    return TRUE;
  return hf_clip_config_refuse (HF_MODEL_ERROR_MISMATCH, error,
                                _("has %d visual positions, which are no "
                                  "square grid and one"),
                                   n_positions);
}

static gboolean
infer_vit (const HfTensorFile *tensors, HfClipConfig *config, GError **error)
{
  int n_positions = 0, grid = 0;

  config->vision = HF_VISION_VIT;
  if (!get_size (tensors, "visual.conv1.weight", 4, 0, HF_CLIP_MAX_WIDTH,
                 &config->vision_width, error) ||
      !get_size (tensors, "visual.conv1.weight", 4, 3, HF_CLIP_MAX_IMAGE_PX,
                 &config->patch_px, error) ||
      !get_size (tensors, "visual.positional_embedding", 2, 0,
                 HF_CLIP_MAX_IMAGE_PX * HF_CLIP_MAX_IMAGE_PX, &n_positions,
                 error) ||
      !get_size (tensors, "visual.transformer.resblocks.0.mlp.c_fc.weight", 2,
                 0, 4 * HF_CLIP_MAX_WIDTH, &config->vision_mlp, error) ||
      !get_grid (n_positions, &grid, error))
    return FALSE;
  config->image_px = MIN (grid, HF_CLIP_MAX_IMAGE_PX) * config->patch_px;
  config->vision_heads = config->vision_width / HEAD_WIDTH;
  config->vision_layers[0] =
      count_layers (tensors, "visual.transformer.resblocks", "ln_1.weight");
  return TRUE;
}

static gboolean
infer_resnet (const HfTensorFile *tensors, HfClipConfig *config, GError **error)
{
  int n_positions = 0, grid = 0;

  config->vision = HF_VISION_RESNET;
  if (!get_size (tensors, "visual.layer1.0.conv1.weight", 4, 0,
                 HF_CLIP_MAX_WIDTH / 32, &config->vision_width, error) ||
      !get_size (tensors, "visual.attnpool.positional_embedding", 2, 0,
                 HF_CLIP_MAX_IMAGE_PX * HF_CLIP_MAX_IMAGE_PX, &n_positions,
                 error) ||
      !get_grid (n_positions, &grid, error))
    return FALSE;
  config->image_px = MIN (grid, HF_CLIP_MAX_IMAGE_PX) * 32;
  config->vision_heads = config->vision_width * 32 / HEAD_WIDTH;
  for (int i = 0; i < 4; i++) {
    g_autofree char *layer = g_strdup_printf ("visual.layer%d", i + 1);

    config->vision_layers[i] = count_layers (tensors, layer, "conv1.weight");
  }
  return TRUE;
}

static gboolean
infer_text (const HfTensorFile *tensors, HfClipConfig *config, GError **error)
{
  if (!get_size (tensors, "text_projection", 2, 0, HF_CLIP_MAX_WIDTH,
                 &config->embed_dim, error) ||
      !get_size (tensors, "token_embedding.weight", 2, 0, HF_CLIP_MAX_VOCAB,
                 &config->vocab_size, error) ||
      !get_size (tensors, "token_embedding.weight", 2, 1, HF_CLIP_MAX_WIDTH,
                 &config->text_width, error) ||
      !get_size (tensors, "positional_embedding", 2, 0, HF_CLIP_MAX_CONTEXT,
                 &config->context_length, error) ||
      !get_size (tensors, "transformer.resblocks.0.mlp.c_fc.weight", 2, 0,
                 4 * HF_CLIP_MAX_WIDTH, &config->text_mlp, error))
    return FALSE;
  config->text_heads = config->text_width / HEAD_WIDTH;
  config->text_layers =
      count_layers (tensors, "transformer.resblocks", "ln_1.weight");
  return TRUE;
}

gboolean
hf_clip_config_infer (const HfTensorFile *tensors, HfClipConfig *config,
                      GError **error)
{
  gboolean is_resnet =
      hf_tensor_file_get (tensors, "visual.layer1.0.conv1.weight") != NULL;
  HfClipConfig read;

  hf_clip_config_set_defaults (&read);
  read.vision_activation = read.text_activation = HF_ACTIVATION_QUICK_GELU;
  if (!infer_text (tensors, &read, error) ||
      !(is_resnet ? infer_resnet (tensors, &read, error)
                  : infer_vit (tensors, &read, error)))
    return FALSE;
  if ((!is_resnet && read.vision_width % HEAD_WIDTH != 0) ||
      read.text_width % HEAD_WIDTH != 0)
    return hf_clip_config_refuse (HF_MODEL_ERROR_CONFIG, error,
                                  _("has a width (%d, %d) that is no "
                                    "multiple of 64 and no configuration "
                                    "beside it that tells its heads"),
                                     read.vision_width, read.text_width);
  if (!is_resnet && read.vision_width > WIDEST_VIT)
    return hf_clip_config_refuse (HF_MODEL_ERROR_CONFIG, error,
                                  _("is missing, and an image tower of width "
                                    "%d is none of OpenAI's"),
                                     read.vision_width);
  if (!hf_clip_config_check (&read, error))
    return FALSE;
  *config = read;
  return TRUE;
}
