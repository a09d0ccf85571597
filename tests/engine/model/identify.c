/* identify.c: opens a model and prints what it is, one NAME=VALUE a line, for
 * golden/check-formats.py.
 *
 *   identify FILE|FOLDER */
#include "model/model-file.h"

static void
print_config (const HfClipConfig *config)
{
  gboolean is_vit = config->vision == HF_VISION_VIT;

  g_assert_cmpint (config->vision_activation, ==, config->text_activation);
  g_print ("image_px=%d\nembed_dim=%d\n", config->image_px, config->embed_dim);
  g_print ("layers=%d", config->vision_layers[0]);
  for (int i = 1; i < (is_vit ? 1 : 4); i++)
    g_print (",%d", config->vision_layers[i]);
  g_print ("\nvision_heads=%d\ntext_heads=%d\ntext_layers=%d\n",
           config->vision_heads, config->text_heads, config->text_layers);
  g_print ("activation=%s\neos_id=%d\n",
           config->text_activation == HF_ACTIVATION_GELU ? "gelu"
                                                         : "quick_gelu",
           config->eos_id);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfModelFile) model = NULL;
  g_autofree char *identity = NULL;

  g_assert_cmpint (argc, ==, 2);
  model = hf_model_file_open (argv[1], &error);
  if (model == NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  identity = hf_model_file_dup_identity (model, NULL, NULL);
  g_print ("identity=%s\nformat=%s\n", identity,
           hf_model_file_get_format (model));
  print_config (hf_model_file_get_config (model));
  return 0;
}
