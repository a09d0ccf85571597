/* Any bytes are a configuration: read, or refused with a reason; what is read
 * has sizes that a model can have. */
#include "model/clip-config.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check (const HfClipConfig *config)
{
  gboolean is_vit = config->vision == HF_VISION_VIT;
  int width = is_vit ? config->vision_width : config->vision_width * 32;

  g_assert_true (config->embed_dim > 0 && config->image_px > 0);
  g_assert_true (config->vision_heads > 0 && width % config->vision_heads == 0);
  g_assert_true (config->text_heads > 0 &&
                 config->text_width % config->text_heads == 0);
  g_assert_cmpint (hf_clip_config_get_grid (config), >, 0);
  for (int i = 0; i < (is_vit ? 1 : 4); i++)
    g_assert_cmpint (config->vision_layers[i], >, 0);
  g_assert_true (config->text_layers > 0 && config->text_mlp > 0);
  for (int i = 0; i < 3; i++)
    g_assert_true (config->std[i] > 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  HfClipConfig config = {0};
  g_autoptr (GError) error = NULL;

  if (hf_clip_config_parse ((const char *) data, size, &config, &error)) {
    check (&config);
    if (hf_clip_config_parse_preprocessor ((const char *) data, size, &config,
                                           NULL))
      check (&config);
  } else {
    g_assert_nonnull (error);
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  }
  return 0;
}
