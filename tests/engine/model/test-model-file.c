#include "tiny.h"

#include "model/model-file.h"
#include "model/model-folder.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static void
assert_refused (const Tiny *tiny, int code, const char *reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_model_file_open (tiny->folder, &error));
  g_assert_error (error, HF_MODEL_ERROR, code);
  if (strstr (error->message, reason) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, reason);
  g_assert_nonnull (strstr (error->message, tiny->folder));
}

static void
test_inferred (void)
{
  g_autoptr (Tiny) tiny = tiny_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfModelFile) model = NULL;
  const HfClipConfig *config;

  tiny_add (tiny, "visual.conv1.bias", 1, 64, 0, 0, 0);
  tiny_add (tiny, "attn_mask", 2, 5, 5, 0, 0);
  tiny_save (tiny, "x.safetensors");
  model = hf_model_file_open (tiny->folder, &error);
  g_assert_no_error (error);
  config = hf_model_file_get_config (model);
  g_assert_cmpint (config->image_px, ==, 16);
  g_assert_cmpint (config->patch_px, ==, 8);
  g_assert_true (config->patch_bias);
  g_assert_cmpint (config->vision_heads, ==, 1);
  g_assert_cmpint (config->vision_mlp, ==, 128);
  g_assert_cmpint (config->context_length, ==, 5);
  g_assert_cmpint (config->vocab_size, ==, 32);
  g_assert_cmpint (config->embed_dim, ==, 24);
  g_assert_cmpint (config->text_activation, ==, HF_ACTIVATION_QUICK_GELU);
  g_assert_cmpint (hf_model_file_get (model, "text_projection")->shape[0], ==,
                   24);
  g_assert_cmpint (hf_model_file_get (model, "logit_scale")->n_dims, ==, 0);
}

#define CONFIG(image_px, more_text)                                            \
  "{\"model_cfg\":{\"embed_dim\":24,\"vision_cfg\":{\"image_size\":" image_px  \
  ",\"layers\":1,\"width\":64,\"patch_size\":8,\"mlp_ratio\":2},\"text_cfg\":" \
  "{\"context_length\":5,\"vocab_size\":32,\"width\":64,\"heads\":2,"          \
  "\"layers\":1,\"mlp_ratio\":2" more_text "}}}"

static void
test_mismatches (void)
{
  g_autoptr (Tiny) tiny = tiny_new (NULL);

  tiny_save (tiny, "open_clip_model.safetensors");
  tiny_write (tiny, "open_clip_config.json", CONFIG ("24", ""));
  assert_refused (tiny, HF_MODEL_ERROR_MISMATCH,
                  "has 5 visual positions, where pictures of 24 pixels need "
                  "1 + 3 x 3 = 10");
  tiny_write (tiny, "open_clip_config.json",
              CONFIG ("16", ",\"vocab_size\":33"));
  assert_refused (tiny, HF_MODEL_ERROR_MISMATCH,
                  "token_embedding.weight of shape [32, 64], where its "
                  "configuration asks for [33, 64]");
  tiny_write (tiny, "open_clip_config.json", CONFIG ("16", ",\"layers\":2"));
  assert_refused (tiny, HF_MODEL_ERROR_MISMATCH,
                  "lacks the tensor transformer.resblocks.1.ln_1.weight");
  tiny_write (tiny, "open_clip_config.json", CONFIG ("16", ",\"heads\":0"));
  assert_refused (tiny, HF_MODEL_ERROR_CONFIG, "open_clip_config.json");
}

static void
test_other_models (void)
{
  g_autoptr (Tiny) scaled = tiny_new (NULL);
  g_autoptr (Tiny) blind = tiny_new ("logit_scale");
  g_autoptr (Tiny) odd = tiny_new ("visual.positional_embedding");

  tiny_add (scaled, "visual.transformer.resblocks.0.ls_1.gamma", 1, 64, 0, 0,
            0);
  tiny_save (scaled, "model.safetensors");
  assert_refused (scaled, HF_MODEL_ERROR_UNSUPPORTED,
                  "visual.transformer.resblocks.0.ls_1.gamma");
  tiny_save (blind, "model.safetensors");
  assert_refused (blind, HF_MODEL_ERROR_MISMATCH,
                  "lacks the tensor logit_scale");
  tiny_add (odd, "visual.positional_embedding", 2, 6, 64, 0, 0);
  tiny_save (odd, "model.safetensors");
  assert_refused (odd, HF_MODEL_ERROR_MISMATCH, "has 6 visual positions");
}

static void
test_logit_scale (void)
{
  static const struct {
    float scale;
    const char *reason;
  } cases[] = {{NAN, "logit_scale of nan"}, {1000, "logit_scale of 1000"}};

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Tiny) tiny = tiny_new (NULL);

    tiny->zeros[0] = cases[i].scale;
    tiny_save (tiny, "model.safetensors");
    assert_refused (tiny, HF_MODEL_ERROR_FORMAT, cases[i].reason);
  }
}

/* Which file of a folder is taken, and what is said where none can be. */
static void
test_folders (void)
{
  g_autoptr (Tiny) tiny = tiny_new (NULL);
  g_autoptr (HfModelFile) known = NULL;
  g_autoptr (GError) error = NULL;

  assert_refused (tiny, HF_MODEL_ERROR_FORMAT, "holds no model");
  tiny_save (tiny, "a.safetensors");
  tiny_save (tiny, "b.safetensors");
  assert_refused (tiny, HF_MODEL_ERROR_FORMAT, "holds 2 model files");
  tiny_write (tiny, "model.safetensors.index.json", "{}");
  assert_refused (tiny, HF_MODEL_ERROR_FORMAT, "holds 3 model files");
  tiny_save (tiny, "model.safetensors");
  known = hf_model_file_open (tiny->folder, &error);
  g_assert_no_error (error);
  g_assert_true (
      g_str_has_suffix (hf_model_file_get_path (known), "/model.safetensors"));
}

/* As open_clip's CustomTextCLIP has its names. */
static void
make_custom_text (Tiny *tiny)
{
  HfTensorFile *renamed = hf_tensor_file_new (NULL, NULL);

  for (guint i = 0; i < hf_tensor_file_get_n_tensors (tiny->file); i++) {
    const HfTensor *tensor = hf_tensor_file_get_nth (tiny->file, i);
    gboolean is_text = !g_str_has_prefix (tensor->name, "visual.") &&
                       !g_str_equal (tensor->name, "logit_scale");
    g_autofree char *name =
        g_strconcat (is_text ? "text." : "", tensor->name, NULL);

    g_assert_true (hf_tensor_file_add (renamed, name, tensor));
  }
  hf_tensor_file_unref (tiny->file);
  tiny->file = renamed;
}

/* What broke: rows of open_clip's models by OpenAI's rules, where nothing lay
 * beside the weights. */
static void
test_guesses (void)
{
  g_autoptr (Tiny) biased = tiny_new (NULL);
  g_autoptr (Tiny) custom = tiny_new (NULL);
  g_autoptr (Tiny) plain = tiny_new (NULL);
  g_autofree char *path =
      g_build_filename (plain->folder, "model.safetensors", NULL);
  g_autoptr (HfModelFile) guessed = NULL, told = NULL;

  tiny_save (plain, "model.safetensors");
  guessed = hf_model_file_open (path, NULL);
  g_assert_true (hf_model_file_is_guessed (guessed));
  tiny_write (plain, "open_clip_config.json", CONFIG ("16", ""));
  told = hf_model_file_open (path, NULL);
  g_assert_false (hf_model_file_is_guessed (told));
  tiny_add (biased, "logit_bias", 1, 1, 0, 0, 0);
  tiny_save (biased, "model.safetensors");
  assert_refused (biased, HF_MODEL_ERROR_CONFIG, "open_clip's");
  make_custom_text (custom);
  tiny_save (custom, "model.safetensors");
  assert_refused (custom, HF_MODEL_ERROR_CONFIG, "open_clip's");
  tiny_write (custom, "open_clip_config.json", CONFIG ("16", ""));
  g_clear_pointer (&told, hf_model_file_free);
  told = hf_model_file_open (custom->folder, NULL);
  g_assert_false (hf_model_file_is_guessed (told));
}

/* Another kind of model is named by its configuration, not by the tensors that
 * it has not got. */
static void
test_named_by_configuration (void)
{
  g_autoptr (Tiny) tiny = tiny_new (NULL);

  hf_tensor_file_unref (tiny->file);
  tiny->file = hf_tensor_file_new (NULL, NULL);
  tiny_add (tiny, "vision_model.post_layernorm.bias", 1, 64, 0, 0, 0);
  tiny_save (tiny, "model.safetensors");
  assert_refused (tiny, HF_MODEL_ERROR_UNSUPPORTED, "no token embedding");
  tiny_write (tiny, "config.json", "{\"model_type\":\"clip_vision_model\"}");
  assert_refused (tiny, HF_MODEL_ERROR_UNSUPPORTED, "one tower alone");
}

/* The mean and deviation of pixels stand in one of two files, whoever named the
 * tensors. What broke: beside weights of open_clip they were not looked for. */
static void
test_newer_preprocessor (void)
{
  static const HfNaming namings[] = {HF_NAMING_HUGGING_FACE, HF_NAMING_OPENAI};
  g_autoptr (Tiny) tiny = tiny_new (NULL);
  HfClipConfig config;
  gboolean found = FALSE;
  g_autofree char *weights =
      g_build_filename (tiny->folder, "model.safetensors", NULL);
  g_autoptr (GError) error = NULL;

  tiny_write (tiny, "config.json",
              "{\"model_type\":\"clip\",\"vision_config\":{},"
              "\"text_config\":{}}");
  tiny_write (tiny, "preprocessor_config.json", "{\"image_mean\":0.25}");
  tiny_write (tiny, "processor_config.json", "{\"processor_class\":\"x\"}");
  for (gsize i = 0; i < G_N_ELEMENTS (namings); i++) {
    hf_model_folder_read_config (weights, namings[i], &config, &found, &error);
    g_assert_no_error (error);
    g_assert_cmpfloat (config.mean[0], ==, 0.25);
  }
  tiny_write (tiny, "processor_config.json",
              "{\"image_processor\":{\"image_mean\":0.75}}");
  for (gsize i = 0; i < G_N_ELEMENTS (namings); i++) {
    hf_model_folder_read_config (weights, namings[i], &config, &found, &error);
    g_assert_no_error (error);
    g_assert_true (found);
    g_assert_cmpfloat (config.mean[0], ==, 0.75);
  }
}

/* The same numbers in another order and file are the same model; one number
 * more is another. */
static void
test_identity (void)
{
  g_autoptr (Tiny) tiny = tiny_new (NULL);
  g_autoptr (HfModelFile) first = NULL, second = NULL, third = NULL;
  g_autofree char *a = NULL, *b = NULL, *c = NULL;

  tiny_save (tiny, "a.safetensors");
  first = hf_model_file_open (tiny->folder, NULL);
  a = hf_model_file_dup_identity (first, NULL, NULL);
  hf_tensor_file_set_metadata (tiny->file, "format", "pt");
  tiny_save (tiny, "model.safetensors");
  second = hf_model_file_open (tiny->folder, NULL);
  b = hf_model_file_dup_identity (second, NULL, NULL);
  g_assert_cmpstr (a, ==, b);
  tiny->zeros[0] = 1;
  tiny_save (tiny, "open_clip_model.safetensors");
  third = hf_model_file_open (tiny->folder, NULL);
  c = hf_model_file_dup_identity (third, NULL, NULL);
  g_assert_cmpstr (a, !=, c);
}

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

/* What broke: the process ended with SIGBUS when it read on. */
static void
test_cut (void)
{
  g_autoptr (Tiny) tiny = tiny_new (NULL);
  g_autofree char *path =
      g_build_filename (tiny->folder, "model.safetensors", NULL);
  g_autoptr (HfModelFile) model = NULL;
  g_autoptr (GError) error = NULL;

  tiny_save (tiny, "model.safetensors");
  model = hf_model_file_open (tiny->folder, &error);
  g_assert_no_error (error);
  g_assert_true (hf_model_file_check_whole (model, &error));
  /* Another file in its place is none of our business. */
  tiny_save (tiny, "new.safetensors");
  {
    g_autofree char *new_path =
        g_build_filename (tiny->folder, "new.safetensors", NULL);

    g_assert_cmpint (truncate (new_path, 4096), ==, 0);
    g_assert_cmpint (g_rename (new_path, path), ==, 0);
  }
  g_assert_true (hf_model_file_check_whole (model, &error));
  g_clear_pointer (&model, hf_model_file_free);
  tiny_save (tiny, "model.safetensors");
  model = hf_model_file_open (tiny->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpint (truncate (path, 4096), ==, 0);
  g_assert_null (hf_model_file_dup_identity (model, NULL, &error));
  g_assert_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, "was cut short"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/file/a-bare-file-is-inferred-from-its-shapes",
                   test_inferred);
  g_test_add_func ("/model/file/mismatches-name-both-numbers", test_mismatches);
  g_test_add_func ("/model/file/other-models-are-refused-by-their-tensors",
                   test_other_models);
  g_test_add_func (
      "/model/file/a-logit-scale-without-an-exponential-is-refused",
      test_logit_scale);
  g_test_add_func ("/model/file/a-folder-has-one-model-or-says-why-not",
                   test_folders);
  g_test_add_func ("/model/file/without-a-configuration-only-openais",
                   test_guesses);
  g_test_add_func ("/model/file/another-kind-is-named-by-its-configuration",
                   test_named_by_configuration);
  g_test_add_func ("/model/file/the-newer-preprocessor-rules",
                   test_newer_preprocessor);
  g_test_add_func ("/model/file/identity-is-of-the-numbers", test_identity);
  g_test_add_func ("/model/file/the-starter-model-opens", test_starter);
  g_test_add_func ("/model/file/identity-can-be-cancelled", test_cancel);
  g_test_add_func ("/model/file/one-cut-short-is-not-read-on", test_cut);
  return g_test_run ();
}
