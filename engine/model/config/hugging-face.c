/* hugging-face.c: configurations as transformers writes them
 * (transformers, models/clip/configuration_clip.py; the defaults are from
 * there). */
#include "model/config/config-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The end token of the files that OpenAI's models were first converted to. It
 * was never right; transformers then takes the highest id. */
#define EOS_OF_OLD_FILES 2

static gboolean
read_activation (HfJson *json, HfActivation *activation, GError **error)
{
  HfJson *value = hf_json_get (json, "hidden_act");
  const char *name = json_object_is_type (value, json_type_string)
                         ? json_object_get_string (value)
                         : "";
  g_autofree char *shown = g_strndup (name, 40);

  *activation = HF_ACTIVATION_QUICK_GELU;
  if (value == NULL || g_str_equal (name, "quick_gelu"))
    return TRUE;
  *activation = HF_ACTIVATION_GELU;
  if (g_str_equal (name, "gelu"))
    return TRUE;
  return hf_clip_config_refuse (HF_MODEL_ERROR_UNSUPPORTED, error,
                                _("asks for the activation \"%s\", where "
                                  "\"gelu\" and \"quick_gelu\" are computed"),
                                   g_utf8_validate (shown, -1, NULL) ? shown
                                                                     : "?");
}

static gboolean
read_vision (HfJson *json, HfClipConfig *config, GError **error)
{
  int n_channels = 3;

  config->vision = HF_VISION_VIT;
  config->vision_width = 768;
  config->vision_mlp = 3072;
  config->vision_layers[0] = 12;
  config->vision_heads = 12;
  config->image_px = 224;
  config->patch_px = 32;
  if (!hf_clip_config_read_size (json, "num_channels", 16, &n_channels, error))
    return FALSE;
  if (n_channels != 3)
    return hf_clip_config_refuse (
        HF_MODEL_ERROR_UNSUPPORTED, error,
        g_dngettext (GETTEXT_PACKAGE, "wants pictures of %d channel",
                     "wants pictures of %d channels", (gulong) n_channels),
        n_channels);
  return hf_clip_config_read_size (json, "hidden_size", HF_CLIP_MAX_WIDTH,
                                   &config->vision_width, error) &&
         hf_clip_config_read_size (json, "intermediate_size",
                                   4 * HF_CLIP_MAX_WIDTH, &config->vision_mlp,
                                   error) &&
         hf_clip_config_read_size (json, "num_hidden_layers",
                                   HF_CLIP_MAX_LAYERS,
                                   &config->vision_layers[0], error) &&
         hf_clip_config_read_size (json, "num_attention_heads",
                                   HF_CLIP_MAX_WIDTH, &config->vision_heads,
                                   error) &&
         hf_clip_config_read_side (json, "image_size", &config->image_px,
                                   error) &&
         hf_clip_config_read_side (json, "patch_size", &config->patch_px,
                                   error) &&
         hf_json_read_double (json, "layer_norm_eps", 1e-12, 1,
                              &config->vision_eps, error) &&
         read_activation (json, &config->vision_activation, error);
}

static gboolean
read_text (HfJson *json, HfClipConfig *config, GError **error)
{
  gint64 eos_id = HF_CLIP_END_ID;

  config->text_width = 512;
  config->text_mlp = 2048;
  config->text_layers = 12;
  config->text_heads = 8;
  if (!hf_clip_config_read_size (json, "hidden_size", HF_CLIP_MAX_WIDTH,
                                 &config->text_width, error) ||
      !hf_clip_config_read_size (json, "intermediate_size",
                                 4 * HF_CLIP_MAX_WIDTH, &config->text_mlp,
                                 error) ||
      !hf_clip_config_read_size (json, "num_hidden_layers", HF_CLIP_MAX_LAYERS,
                                 &config->text_layers, error) ||
      !hf_clip_config_read_size (json, "num_attention_heads", HF_CLIP_MAX_WIDTH,
                                 &config->text_heads, error) ||
      !hf_clip_config_read_size (json, "max_position_embeddings",
                                 HF_CLIP_MAX_CONTEXT, &config->context_length,
                                 error) ||
      !hf_clip_config_read_size (json, "vocab_size", HF_CLIP_MAX_VOCAB,
                                 &config->vocab_size, error) ||
      !hf_json_read_double (json, "layer_norm_eps", 1e-12, 1, &config->text_eps,
                            error) ||
      !hf_json_read_int (json, "eos_token_id", 0, HF_CLIP_MAX_VOCAB, &eos_id,
                         error))
    return FALSE;
  config->eos_id = eos_id == EOS_OF_OLD_FILES ? -1 : (int) eos_id;
  return read_activation (json, &config->text_activation, error);
}

/* Old files say the same twice; where both are there, the second rules. */
static HfJson *
get_part (HfJson *json, const char *name, const char *old_name)
{
  HfJson *part = hf_json_get (json, old_name);

  return part != NULL ? part : hf_json_get (json, name);
}

/* CLIPVisionModelWithProjection and its like. */
static gboolean
is_one_tower (HfJson *type)
{
  static const char *const names[] = {"clip_vision_model", "clip_text_model",
                                      NULL};

  return json_object_is_type (type, json_type_string) &&
         g_strv_contains (names, json_object_get_string (type));
}

gboolean
hf_clip_config_read_hugging_face (HfJson *json, HfClipConfig *config,
                                  GError **error)
{
  HfJson *type = hf_json_get (json, "model_type");
  HfJson *vision = get_part (json, "vision_config", "vision_config_dict");
  HfJson *text = get_part (json, "text_config", "text_config_dict");

  if (is_one_tower (type))
    return hf_clip_config_refuse (
        HF_MODEL_ERROR_UNSUPPORTED, error,
        _("is one tower alone (\"%s\"), where both are needed"),
           json_object_get_string (type));
  if (type != NULL && (!json_object_is_type (type, json_type_string) ||
                       !g_str_equal (json_object_get_string (type), "clip"))) {
    g_autofree char *shown = g_strndup (json_object_get_string (type), 40);

    return hf_clip_config_refuse (
        HF_MODEL_ERROR_UNSUPPORTED, error,
        _("is a model of type \"%s\", where \"clip\" is computed"),
           g_utf8_validate (shown, -1, NULL) ? shown : "?");
  }
  if (!json_object_is_type (vision, json_type_object) ||
      !json_object_is_type (text, json_type_object))
    return hf_clip_config_refuse (
        HF_MODEL_ERROR_CONFIG, error,
        _("lacks its object \"vision_config\" or \"text_config\""));
  config->embed_dim = 512;
  return hf_clip_config_read_size (json, "projection_dim", HF_CLIP_MAX_WIDTH,
                                   &config->embed_dim, error) &&
         read_vision (vision, config, error) && read_text (text, config, error);
}
