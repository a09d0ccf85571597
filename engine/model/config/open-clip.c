/* open-clip.c: configurations as open_clip writes them (open_clip,
 * src/open_clip/model.py, CLIPVisionCfg and CLIPTextCfg; the defaults are from
 * there). An option that changes what is computed and is not known here is
 * refused, so that no model is computed wrongly in silence. */
#include "model/config/config-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Read below, or of no effect on the numbers. */
static const char *const model_keys[] = {
    "embed_dim",
    "vision_cfg",
    "text_cfg",
    "quick_gelu",
    "custom_text",
    "cast_dtype",
    "output_dict",
    "init_logit_scale",
    "nonscalar_logit_scale",
    /* A bias on the logits moves no embedding. */
    "init_logit_bias",
    /* Beside the model in a file that does not wrap it in "model_cfg". */
    "preprocess_cfg",
    NULL,
};
static const char *const vision_keys[] = {
    "layers",        "width",          "head_width",          "mlp_ratio",
    "patch_size",    "image_size",     "patch_dropout",       "output_tokens",
    "pool_type",     "pos_embed_type", "norm_kwargs",         "block_type",
    "ls_init_value", "no_ln_pre",      "final_ln_after_pool", NULL,
};
static const char *const text_keys[] = {
    "context_length",
    "vocab_size",
    "width",
    "heads",
    "layers",
    "mlp_ratio",
    "output_tokens",
    "pool_type",
    "pad_id",
    "proj_type",
    "norm_kwargs",
    "text_mask",
    "eos_id",
    "block_type",
    "ls_init_value",
    /* Before or after one row is taken: the same row. */
    "final_ln_after_pool",
    NULL,
};

/* null, false, 0, "" and empty containers switch nothing on. */
static gboolean
is_off (HfJson *value)
{
  switch (json_object_get_type (value)) {
  case json_type_null:
    return TRUE;
  case json_type_array:
    return json_object_array_length (value) == 0;
  case json_type_object:
    return json_object_object_length (value) == 0;
  case json_type_string:
    return json_object_get_string_len (value) == 0;
  default:
    return !json_object_get_boolean (value);
  }
}

static gboolean
check_keys (HfJson *json, const char *const *known, GError **error)
{
  json_object_object_foreach (json, name, value)
  {
    if (!g_strv_contains (known, name) && !is_off (value)) {
      g_autofree char *shown = g_strndup (name, 60);

      return hf_clip_config_refuse (
          HF_MODEL_ERROR_UNSUPPORTED, error,
          _("asks for \"%s\", which Handful does not compute"),
             g_utf8_validate (shown, -1, NULL) ? shown : "?");
    }
  }
  return TRUE;
}

/* The text of member @name of the object @part of @model, where it is there;
 * caller frees. */
static char *
dup_name (HfJson *model, const char *part, const char *name)
{
  HfJson *value = hf_json_get (hf_json_get (model, part), name);
  g_autofree char *shown = NULL;

  if (value == NULL || is_off (value))
    return NULL;
  shown = g_strndup (json_object_get_string (value), 60);
  return g_utf8_make_valid (shown, -1);
}

/* What other architectures name themselves by: said first, since it says more
 * than the options that go with it. */
static gboolean
check_architecture (HfJson *model, GError **error)
{
  g_autofree char *image = dup_name (model, "vision_cfg", "timm_model_name");
  g_autofree char *text = dup_name (model, "text_cfg", "hf_model_name");
  g_autofree char *tokens = dup_name (model, "text_cfg", "hf_tokenizer_name");

  if (image != NULL)
    return hf_clip_config_refuse (
        HF_MODEL_ERROR_UNSUPPORTED, error,
        _("has the image tower \"%s\" of timm, where "
                                    "OpenAI's vision transformer and ResNet "
                                    "are computed"),
           image);
  if (text != NULL)
    return hf_clip_config_refuse (HF_MODEL_ERROR_UNSUPPORTED, error,
                                  _("has the text tower \"%s\" of "
                                    "transformers, where OpenAI's is "
                                    "computed"),
                                     text);
  if (tokens != NULL)
    return hf_clip_config_refuse (HF_MODEL_ERROR_UNSUPPORTED, error,
                                  _("cuts texts with the tokenizer \"%s\", "
                                    "where OpenAI's is built in"),
                                     tokens);
  if (hf_json_get (model, "multimodal_cfg") != NULL)
    return hf_clip_config_refuse (HF_MODEL_ERROR_UNSUPPORTED, error,
                                  _("is a CoCa (\"multimodal_cfg\"), where "
                                    "CLIP is computed"));
  return TRUE;
}

static gboolean
is_word (HfJson *json, const char *name, const char *word)
{
  HfJson *value = hf_json_get (json, name);

  return json_object_is_type (value, json_type_string) &&
         g_str_equal (json_object_get_string (value), word);
}

/* A choice that is known by @word only, or by @same, which comes to the same;
 * missing or null means @word. */
static gboolean
check_word (HfJson *json, const char *name, const char *word, const char *same,
            GError **error)
{
  if (hf_json_get (json, name) == NULL || is_word (json, name, word) ||
      (same != NULL && is_word (json, name, same)))
    return TRUE;
  return hf_clip_config_refuse (HF_MODEL_ERROR_UNSUPPORTED, error,
                                _("asks for another \"%s\" than \"%s\""), name,
                                   word);
}

static gboolean
read_mlp (HfJson *json, int width, int *mlp, GError **error)
{
  double ratio = 4.0;

  if (!hf_json_read_double (json, "mlp_ratio", 1e-3, 64, &ratio, error))
    return FALSE;
  *mlp = (int) (width * ratio);
  return *mlp > 0 || hf_clip_config_refuse (HF_MODEL_ERROR_CONFIG, error,
                                            _("has an MLP of no width"));
}

static gboolean
read_eps (HfJson *json, double *eps, GError **error)
{
  static const char *const known[] = {"eps", NULL};
  HfJson *norm = hf_json_get (json, "norm_kwargs");

  if (norm == NULL)
    return TRUE;
  if (!json_object_is_type (norm, json_type_object))
    return hf_clip_config_refuse (HF_MODEL_ERROR_CONFIG, error,
                                  _("has \"norm_kwargs\" that are no object"));
  return check_keys (norm, known, error) &&
         hf_json_read_double (norm, "eps", 1e-12, 1, eps, error);
}

/* Blocks have a LayerScale where it has a value to begin with, be it 0; what it
 * has become lies in the weights. */
static gboolean
has_scale (HfJson *json)
{
  return hf_json_get (json, "ls_init_value") != NULL;
}

/* A ResNet is told by its list of four block counts. */
static gboolean
read_blocks (HfJson *list, HfClipConfig *config, GError **error)
{
  for (gsize i = 0; i < 4; i++) {
    HfJson *item = json_object_array_get_idx (list, i);
    gint64 count = json_object_get_int64 (item);

    if (json_object_array_length (list) != 4 ||
        !json_object_is_type (item, json_type_int) || count < 1 ||
        count > HF_CLIP_MAX_LAYERS)
      return hf_clip_config_refuse (
          HF_MODEL_ERROR_CONFIG, error,
          _("has \"layers\" that are no four counts"));
    config->vision_layers[i] = (int) count;
  }
  return TRUE;
}

static gboolean
read_resnet (HfJson *vision, int head_width, HfClipConfig *config,
             GError **error)
{
  config->vision = HF_VISION_RESNET;
  config->vision_width = 64;
  if (!hf_clip_config_read_size (vision, "width", HF_CLIP_MAX_WIDTH / 32,
                                 &config->vision_width, error) ||
      !read_blocks (hf_json_get (vision, "layers"), config, error))
    return FALSE;
  config->vision_heads = config->vision_width * 32 / head_width;
  return TRUE;
}

static gboolean
read_vision_pool (HfJson *vision, HfPool *pool, GError **error)
{
  gboolean norm_is_last = FALSE;

  if (!hf_json_read_bool (vision, "final_ln_after_pool", &norm_is_last, error))
    return FALSE;
  /* Before or after one row is taken, the norm gives the same row. */
  if (!is_word (vision, "pool_type", "avg"))
    return check_word (vision, "pool_type", "tok", NULL, error);
  *pool = norm_is_last ? HF_POOL_MEAN : HF_POOL_NORMED_MEAN;
  return TRUE;
}

static gboolean
read_vit (HfJson *vision, int head_width, HfClipConfig *config, GError **error)
{
  config->vision = HF_VISION_VIT;
  config->vision_width = 768;
  config->vision_layers[0] = 12;
  config->patch_px = 16;
  if (!hf_clip_config_read_size (vision, "width", HF_CLIP_MAX_WIDTH,
                                 &config->vision_width, error) ||
      !hf_clip_config_read_size (vision, "layers", HF_CLIP_MAX_LAYERS,
                                 &config->vision_layers[0], error) ||
      !hf_clip_config_read_side (vision, "patch_size", &config->patch_px,
                                 error) ||
      !read_vision_pool (vision, &config->pool, error) ||
      !hf_json_read_bool (vision, "no_ln_pre", &config->no_ln_pre, error) ||
      /* Its table is stored like a learned one. */
      !check_word (vision, "pos_embed_type", "learnable", "sin_cos_2d",
                   error) ||
      !check_word (vision, "block_type", "default", "custom", error))
    return FALSE;
  config->vision_heads = config->vision_width / head_width;
  config->vision_scale = has_scale (vision);
  return read_mlp (vision, config->vision_width, &config->vision_mlp, error);
}

static gboolean
read_vision (HfJson *vision, HfClipConfig *config, GError **error)
{
  int head_width = 64;

  config->image_px = 224;
  if (!json_object_is_type (vision, json_type_object))
    return hf_clip_config_refuse (HF_MODEL_ERROR_CONFIG, error,
                                  _("has no object \"vision_cfg\""));
  if (!check_keys (vision, vision_keys, error) ||
      !hf_clip_config_read_side (vision, "image_size", &config->image_px,
                                 error) ||
      !hf_clip_config_read_size (vision, "head_width", HF_CLIP_MAX_WIDTH,
                                 &head_width, error) ||
      !read_eps (vision, &config->vision_eps, error))
    return FALSE;
  if (json_object_is_type (hf_json_get (vision, "layers"), json_type_array))
    return read_resnet (vision, head_width, config, error);
  return read_vit (vision, head_width, config, error);
}

/* The text's row: OpenAI's first of the highest ids, or the first of one id. */
static gboolean
read_text_pool (HfJson *text, int *eos_id, GError **error)
{
  gint64 id = 2;

  if (!is_word (text, "pool_type", "eos"))
    return check_word (text, "pool_type", "argmax", NULL, error);
  if (!hf_json_read_int (text, "eos_id", 0, HF_CLIP_MAX_VOCAB, &id, error))
    return FALSE;
  *eos_id = (int) id;
  return TRUE;
}

static gboolean
read_text (HfJson *text, HfClipConfig *config, GError **error)
{
  config->text_width = 512;
  config->text_heads = 8;
  config->text_layers = 12;
  config->text_scale = has_scale (text);
  if (!json_object_is_type (text, json_type_object))
    return hf_clip_config_refuse (HF_MODEL_ERROR_CONFIG, error,
                                  _("has no object \"text_cfg\""));
  return check_keys (text, text_keys, error) &&
         read_text_pool (text, &config->eos_id, error) &&
         check_word (text, "proj_type", "linear", NULL, error) &&
         check_word (text, "block_type", "default", "custom", error) &&
         hf_clip_config_read_size (text, "context_length", HF_CLIP_MAX_CONTEXT,
                                   &config->context_length, error) &&
         hf_clip_config_read_size (text, "vocab_size", HF_CLIP_MAX_VOCAB,
                                   &config->vocab_size, error) &&
         hf_clip_config_read_size (text, "width", HF_CLIP_MAX_WIDTH,
                                   &config->text_width, error) &&
         hf_clip_config_read_size (text, "heads", HF_CLIP_MAX_WIDTH,
                                   &config->text_heads, error) &&
         hf_clip_config_read_size (text, "layers", HF_CLIP_MAX_LAYERS,
                                   &config->text_layers, error) &&
         read_mlp (text, config->text_width, &config->text_mlp, error) &&
         read_eps (text, &config->text_eps, error);
}

gboolean
hf_clip_config_read_open_clip (HfJson *json, HfClipConfig *config,
                               GError **error)
{
  HfJson *wrapped = hf_json_get (json, "model_cfg");
  HfJson *model = wrapped != NULL ? wrapped : json;
  HfJson *pixels = hf_json_get (json, "preprocess_cfg");
  gboolean quick_gelu = FALSE;

  if (!json_object_is_type (model, json_type_object) ||
      hf_json_get (model, "embed_dim") == NULL)
    return hf_clip_config_refuse (HF_MODEL_ERROR_CONFIG, error,
                                  _("has no \"embed_dim\""));
  if (!check_architecture (model, error) ||
      !check_keys (model, model_keys, error) ||
      !hf_clip_config_read_size (model, "embed_dim", HF_CLIP_MAX_WIDTH,
                                 &config->embed_dim, error) ||
      !read_vision (hf_json_get (model, "vision_cfg"), config, error) ||
      !read_text (hf_json_get (model, "text_cfg"), config, error) ||
      !hf_json_read_bool (model, "quick_gelu", &quick_gelu, error))
    return FALSE;
  config->vision_activation = config->text_activation =
      quick_gelu ? HF_ACTIVATION_QUICK_GELU : HF_ACTIVATION_GELU;
  return check_word (pixels, "interpolation", "bicubic", NULL, error) &&
         check_word (pixels, "resize_mode", "shortest", NULL, error) &&
         hf_clip_config_read_three (pixels, "mean", -10, 10, config->mean,
                                    error) &&
         hf_clip_config_read_three (pixels, "std", 1e-3, 10, config->std,
                                    error);
}
