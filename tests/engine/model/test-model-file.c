#include "model/model-file.h"

#include <string.h>

static char *
get_starter (void)
{
  return g_build_filename (g_getenv ("HANDFUL_SOURCE_ROOT"), "data", "models",
                           "starter", NULL);
}

static void
test_starter (void)
{
  g_autofree char *folder = get_starter ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HfModelFile) model = hf_model_file_open (folder, &error);
  const HfClipConfig *config;
  g_autofree char *before = NULL, *after = NULL;

  g_assert_no_error (error);
  config = hf_model_file_get_config (model);
  g_assert_cmpint (config->vision, ==, HF_VISION_RESNET);
  g_assert_cmpstr (hf_model_file_get_format (model), ==, "safetensors");
  g_assert_true (
      g_str_has_suffix (hf_model_file_get_path (model), ".safetensors"));
  g_assert_cmpint (hf_model_file_get (model, "logit_scale")->n_dims, ==, 0);
  g_assert_cmpint (
      hf_model_file_get (model, "transformer.resblocks.0.attn.k_proj.weight")
          ->shape[0],
      ==, config->text_width);
  /* Dropped pages come back with the same numbers. */
  before = hf_model_file_dup_identity (model, NULL, NULL);
  hf_model_file_release_pages (model);
  after = hf_model_file_dup_identity (model, NULL, NULL);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpuint (strlen (before), ==, 64);
}

static void
test_cancel (void)
{
  g_autofree char *folder = get_starter ();
  g_autoptr (HfModelFile) model = hf_model_file_open (folder, NULL);
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (GError) error = NULL;

  hf_progress_cancel (progress);
  g_assert_null (hf_model_file_dup_identity (model, progress, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/file/the-starter-model-opens", test_starter);
  g_test_add_func ("/model/file/identity-can-be-cancelled", test_cancel);
  return g_test_run ();
}
