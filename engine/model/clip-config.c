/* clip-config.c: which dialect a configuration is in, and what must hold in
 * either. */
#include "model/clip-config.h"

#include "model/config/config-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Behind OpenAI's vocabulary, of trainings that added words to it. */
#define MAX_ADDED_TOKENS 1024

G_DEFINE_QUARK (hf_model_error_quark, hf_model_error)

gboolean
hf_clip_config_refuse (HfModelError code, GError **error, const char *format,
                       ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, HF_MODEL_ERROR, code, message);
  return FALSE;
}

void
hf_clip_config_set_defaults (HfClipConfig *config)
{
  static const float mean[3] = {0.48145466f, 0.4578275f, 0.40821073f};
  static const float std[3] = {0.26862954f, 0.26130258f, 0.27577711f};

  memset (config, 0, sizeof (*config));
  config->vision_eps = config->text_eps = 1e-5;
  config->context_length = 77;
  config->vocab_size = 49408;
  config->eos_id = -1;
  memcpy (config->mean, mean, sizeof (mean));
  memcpy (config->std, std, sizeof (std));
}

gboolean
hf_clip_config_read_size (HfJson *json, const char *name, int high, int *value,
                          GError **error)
{
  gint64 read = *value;
  HfJson *member = NULL;

  if (json_object_object_get_ex (json, name, &member) && member == NULL)
    return hf_clip_config_refuse (HF_MODEL_ERROR_CONFIG, error,
                                  _("has \"%s\": null, where a number is "
                                    "wanted"),
                                     name);
  if (!hf_json_read_int (json, name, 1, high, &read, error))
    return FALSE;
  *value = (int) read;
  return TRUE;
}

gboolean
hf_clip_config_read_side (HfJson *json, const char *name, int *side,
                          GError **error)
{
  HfJson *size = hf_json_get (json, name);
  gint64 both[2];

  if (!json_object_is_type (size, json_type_array))
    return hf_clip_config_read_size (json, name, HF_CLIP_MAX_IMAGE_PX, side,
                                     error);
  for (gsize i = 0; i < 2; i++) {
    HfJson *item = json_object_array_get_idx (size, i);

    both[i] = json_object_get_int64 (item);
    if (json_object_array_length (size) != 2 ||
        !json_object_is_type (item, json_type_int) || both[i] < 1 ||
        both[i] > HF_CLIP_MAX_IMAGE_PX)
      return hf_clip_config_refuse (HF_MODEL_ERROR_CONFIG, error,
                                    _("has an \"%s\" that is no size"), name);
  }
  if (both[0] != both[1])
    return hf_clip_config_refuse (HF_MODEL_ERROR_UNSUPPORTED, error,
                                  _("has an \"%s\" of %d x %d, which is not "
                                    "square"),
                                     name, (int) both[0], (int) both[1]);
  *side = (int) both[0];
  return TRUE;
}

gboolean
hf_clip_config_read_three (HfJson *json, const char *name, double low,
                           double high, float values[3], GError **error)
{
  HfJson *list = hf_json_get (json, name);
  const gboolean is_list = json_object_is_type (list, json_type_array);
  float read[3];

  if (list == NULL)
    return TRUE;
  if (is_list && json_object_array_length (list) != 3)
    return hf_clip_config_refuse (HF_MODEL_ERROR_CONFIG, error,
                                  _("has \"%s\" that are not three numbers"),
                                     name);
  for (gsize i = 0; i < 3; i++) {
    /* One number holds for all. */
    HfJson *item = is_list ? json_object_array_get_idx (list, i) : list;
    double value = json_object_get_double (item);

    if ((!json_object_is_type (item, json_type_double) &&
         !json_object_is_type (item, json_type_int)) ||
        !(value >= low && value <= high))
      return hf_clip_config_refuse (HF_MODEL_ERROR_CONFIG, error,
                                    _("has \"%s\" with an entry that is no "
                                      "number from %g to %g"),
                                       name, low, high);
    read[i] = (float) value;
  }
  memcpy (values, read, sizeof (read));
  return TRUE;
}

int
hf_clip_config_get_grid (const HfClipConfig *self)
{
  /* The stem's stride rounds up, the four pools behind it leave a rest out. */
  return self->vision == HF_VISION_VIT ? self->image_px / self->patch_px
                                       : (self->image_px + 1) / 2 / 16;
}

static gboolean
check_heads (const char *tower, int width, int heads, GError **error)
{
  if (heads <= 0 || width % heads != 0)
    return hf_clip_config_refuse (HF_MODEL_ERROR_CONFIG, error,
                                  _("has %d heads in the %s tower, which do "
                                    "not divide its width of %d"),
                                     heads, tower, width);
  if (width / heads > HF_CLIP_MAX_HEAD_DIM)
    return hf_clip_config_refuse (
        HF_MODEL_ERROR_UNSUPPORTED, error,
        _("has heads of %d channels in the %s tower, where at most %d are "
          "computed"),
           width / heads, tower, HF_CLIP_MAX_HEAD_DIM);
  return TRUE;
}

gboolean
hf_clip_config_check (const HfClipConfig *config, GError **error)
{
  gboolean is_vit = config->vision == HF_VISION_VIT;
  int step = is_vit ? config->patch_px : 32;

  if (config->image_px < step)
    return hf_clip_config_refuse (
        HF_MODEL_ERROR_CONFIG, error,
        _("has images of %d pixels, smaller than one patch of %d"),
           config->image_px, step);
  if (config->image_px > HF_CLIP_MAX_IMAGE_PX)
    return hf_clip_config_refuse (
        HF_MODEL_ERROR_CONFIG, error,
        _("has images of %d pixels, where at most %d are possible"),
           config->image_px, HF_CLIP_MAX_IMAGE_PX);
  for (int i = 0; i < (is_vit ? 1 : 4); i++)
    if (config->vision_layers[i] < 1)
      return hf_clip_config_refuse (HF_MODEL_ERROR_CONFIG, error,
                                    _("has no blocks in layer %d of its image "
                                      "tower"),
                                       i + 1);
  /* Where rounding up and down disagree, the published code fails as well. */
  if (!is_vit && hf_clip_config_get_grid (config) != config->image_px / 32)
    return hf_clip_config_refuse (
        HF_MODEL_ERROR_UNSUPPORTED, error,
        _("has images of %d pixels, which its ResNet cannot halve five times"),
           config->image_px);
  if (!is_vit && config->vision_width % 2 != 0)
    return hf_clip_config_refuse (HF_MODEL_ERROR_CONFIG, error,
                                  _("has a ResNet of odd width %d"),
                                     config->vision_width);
  if (config->vocab_size > HF_CLIP_END_ID + 1 + MAX_ADDED_TOKENS)
    return hf_clip_config_refuse (
        HF_MODEL_ERROR_UNSUPPORTED, error,
        _("has a vocabulary of %d tokens, where OpenAI's of %d is built in"),
           config->vocab_size, HF_CLIP_END_ID + 1);
  /* No text would have it: each would get the row of its start token. */
  if (config->eos_id != -1 && config->eos_id != HF_CLIP_END_ID)
    return hf_clip_config_refuse (
        HF_MODEL_ERROR_UNSUPPORTED, error,
        _("takes a text's row at token %d, but texts end with token %d"),
           config->eos_id, HF_CLIP_END_ID);
  return check_heads ("image",
                      is_vit ? config->vision_width : config->vision_width * 32,
                      config->vision_heads, error) &&
         check_heads ("text", config->text_width, config->text_heads, error);
}

static gboolean
read_any (HfJson *json, HfClipConfig *config, GError **error)
{
  if (hf_json_get (json, "model_cfg") != NULL ||
      hf_json_get (json, "vision_cfg") != NULL)
    return hf_clip_config_read_open_clip (json, config, error);
  if (hf_json_get (json, "model_type") != NULL ||
      hf_json_get (json, "vision_config") != NULL)
    return hf_clip_config_read_hugging_face (json, config, error);
  return hf_clip_config_refuse (
      HF_MODEL_ERROR_CONFIG, error,
      _("is neither a configuration of open_clip nor of Hugging Face"));
}

/* What JSON alone can say becomes an error of this room. */
static gboolean
take_over (GError *inner, GError **error)
{
  if (inner->domain == HF_JSON_ERROR) {
    inner->domain = HF_MODEL_ERROR;
    inner->code = HF_MODEL_ERROR_CONFIG;
  }
  g_propagate_error (error, inner);
  return FALSE;
}

gboolean
hf_clip_config_parse (const char *text, gsize size_bytes, HfClipConfig *config,
                      GError **error)
{
  GError *inner = NULL;
  g_autoptr (HfJson) json = hf_json_parse (text, size_bytes, &inner);
  HfClipConfig read;

  hf_clip_config_set_defaults (&read);
  if (json == NULL || !read_any (json, &read, &inner) ||
      !hf_clip_config_check (&read, &inner))
    return take_over (inner, error);
  *config = read;
  return TRUE;
}

gboolean
hf_clip_config_parse_preprocessor (const char *text, gsize size_bytes,
                                   HfClipConfig *config, GError **error)
{
  GError *inner = NULL;
  g_autoptr (HfJson) json = hf_json_parse (text, size_bytes, &inner);
  HfClipConfig read = *config;

  if (json == NULL || !hf_clip_config_read_preprocessor (json, &read, &inner))
    return take_over (inner, error);
  *config = read;
  return TRUE;
}
