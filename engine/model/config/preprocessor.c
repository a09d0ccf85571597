/* preprocessor.c: what transformers does to a picture in front of the model
 * (transformers, models/clip/image_processing_clip.py; the defaults are from
 * there). A step that Handful does not take would give other rows in silence.
 */
#include "model/config/config-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* How Pillow numbers the filter. */
#define PILLOW_BICUBIC 3

/* The steps that are always taken. */
static gboolean
check_steps (HfJson *json, GError **error)
{
  static const char *const steps[] = {"do_resize", "do_center_crop",
                                      "do_rescale"};

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    gboolean is_taken = TRUE;

    if (!hf_json_read_bool (json, steps[i], &is_taken, error))
      return FALSE;
    if (!is_taken)
      return hf_clip_config_refuse (HF_MODEL_ERROR_UNSUPPORTED, error,
                                    _("asks for \"%s\": false, where Handful "
                                      "always takes this step"),
                                       steps[i]);
  }
  return TRUE;
}

/* A side is a number or two, or an object with @member. */
static gboolean
read_side (HfJson *json, const char *name, const char *member, int *side,
           GError **error)
{
  HfJson *size = hf_json_get (json, name);

  return json_object_is_type (size, json_type_object)
             ? hf_clip_config_read_size (size, member, HF_CLIP_MAX_IMAGE_PX,
                                         side, error)
             : hf_clip_config_read_side (json, name, side, error);
}

/* "size" is that of the shorter edge, "crop_size" what is cut out of it; with a
 * height and a width, "size" is what the picture is squeezed to. */
static gboolean
check_size (HfJson *json, int side_px, GError **error)
{
  HfJson *size = hf_json_get (json, "size");
  int edge_px = side_px, crop_px = side_px;

  if (!read_side (json, "size", "shortest_edge", &edge_px, error) ||
      !read_side (json, "crop_size", "height", &crop_px, error))
    return FALSE;
  if (hf_json_get (size, "height") != NULL)
    return hf_clip_config_refuse (HF_MODEL_ERROR_UNSUPPORTED, error,
                                  _("asks for pictures squeezed to a square, "
                                    "where Handful keeps their proportions"));
  /* A model takes no other pictures than its own size: that was a slip. */
  if (edge_px == crop_px || crop_px != side_px)
    return TRUE;
  return hf_clip_config_refuse (
      HF_MODEL_ERROR_UNSUPPORTED, error,
      _("asks for pictures of %d pixels cut out of "
                                  "%d, where Handful cuts as little as it can"),
         crop_px, edge_px);
}

static gboolean
check_values (HfJson *json, GError **error)
{
  double factor = 1.0 / 255;
  gint64 resample = PILLOW_BICUBIC;

  if (!hf_json_read_double (json, "rescale_factor", 0, 1e6, &factor, error) ||
      !hf_json_read_int (json, "resample", 0, 5, &resample, error))
    return FALSE;
  if (fabs (factor * 255 - 1) > 1e-6)
    return hf_clip_config_refuse (HF_MODEL_ERROR_UNSUPPORTED, error,
                                  _("asks for another \"rescale_factor\" than "
                                    "1/255"));
  return resample == PILLOW_BICUBIC ||
         hf_clip_config_refuse (HF_MODEL_ERROR_UNSUPPORTED, error,
                                _("asks for another \"resample\" than 3, "
                                  "bicubic"));
}

gboolean
hf_clip_config_read_preprocessor (HfJson *json, HfClipConfig *config,
                                  GError **error)
{
  static const float zeros[3] = {0, 0, 0}, ones[3] = {1, 1, 1};
  /* Newer versions write it as a part of what they call the processor. */
  HfJson *inner = hf_json_get (json, "image_processor");
  HfJson *steps = inner != NULL ? inner : json;
  gboolean is_normed = TRUE;

  if (!hf_json_read_bool (steps, "do_normalize", &is_normed, error) ||
      !check_steps (steps, error) || !check_values (steps, error) ||
      !check_size (steps, config->image_px, error) ||
      !hf_clip_config_read_three (steps, "image_mean", -10, 10, config->mean,
                                  error) ||
      !hf_clip_config_read_three (steps, "image_std", 1e-3, 10, config->std,
                                  error))
    return FALSE;
  if (!is_normed) {
    memcpy (config->mean, zeros, sizeof zeros);
    memcpy (config->std, ones, sizeof ones);
  }
  return TRUE;
}
