#include "model/clip-config.h"

#include <string.h>

#define OPEN_CLIP(more_model, more_vision, more_text) \
  "{\"model_cfg\":{\"embed_dim\":64," more_model      \
  "\"vision_cfg\":{" more_vision "\"width\":128},"    \
  "\"text_cfg\":{" more_text "\"width\":96,\"heads\":3}}}"

#define OPEN_CLIP_PIXELS(more)                                       \
  "{\"model_cfg\":{\"embed_dim\":64,\"vision_cfg\":{\"width\":128}," \
  "\"text_cfg\":{\"width\":96,\"heads\":3}},\"preprocess_cfg\":{" more "}}"

/* As open_clip bundles them. */
#define OPEN_CLIP_BARE(more)                                  \
  "{" more "\"embed_dim\":64,\"vision_cfg\":{\"width\":128}," \
  "\"text_cfg\":{\"width\":96,\"heads\":3}}"

#define HUGGING_FACE(more, more_vision, more_text)         \
  "{" more "\"projection_dim\":64,"                        \
  "\"vision_config\":{" more_vision "\"hidden_size\":128," \
  "\"num_attention_heads\":4},"                            \
  "\"text_config\":{" more_text "\"num_hidden_layers\":2}}"

static HfClipConfig
parse (const char *text)
{
  HfClipConfig config;
  g_autoptr (GError) error = NULL;

  hf_clip_config_parse (text, strlen (text), &config, &error);
  g_assert_no_error (error);
  return config;
}

static void
assert_refused (const char *text, HfModelError code, const char *reason)
{
  HfClipConfig config = {.embed_dim = 7};
  g_autoptr (GError) error = NULL;

  g_assert_false (hf_clip_config_parse (text, strlen (text), &config, &error));
  g_assert_error (error, HF_MODEL_ERROR, (int) code);
  if (strstr (error->message, reason) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, reason);
  g_assert_cmpint (config.embed_dim, ==, 7);
}

static void
test_open_clip (void)
{
  HfClipConfig plain = parse (OPEN_CLIP ("", "", ""));
  HfClipConfig full = parse (
      OPEN_CLIP ("\"quick_gelu\":true,\"custom_text\":true,",
                 "\"layers\":3,\"patch_size\":14,\"image_size\":[98,98],"
                 "\"head_width\":32,\"mlp_ratio\":3,\"patch_dropout\":0.5,"
                 "\"ls_init_value\":null,\"timm_model_name\":null,",
                 "\"layers\":2,\"vocab_size\":1000,\"context_length\":32,"
                 "\"norm_kwargs\":{\"eps\":1e-6},"));

  g_assert_cmpint (plain.vision, ==, HF_VISION_VIT);
  g_assert_cmpint (plain.image_px, ==, 224);
  g_assert_cmpint (plain.patch_px, ==, 16);
  g_assert_cmpint (plain.vision_layers[0], ==, 12);
  g_assert_cmpint (plain.vision_heads, ==, 2);
  g_assert_cmpint (plain.vision_mlp, ==, 512);
  g_assert_cmpint (plain.text_heads, ==, 3);
  g_assert_cmpint (plain.vision_activation, ==, HF_ACTIVATION_GELU);
  g_assert_cmpint (plain.eos_id, ==, -1);
  g_assert_cmpfloat_with_epsilon (plain.mean[0], 0.48145466, 1e-7);
  g_assert_cmpint (full.image_px, ==, 98);
  g_assert_cmpint (full.vision_heads, ==, 4);
  g_assert_cmpint (full.vision_mlp, ==, 384);
  g_assert_cmpint (full.text_activation, ==, HF_ACTIVATION_QUICK_GELU);
  g_assert_cmpint (full.vision_activation, ==, HF_ACTIVATION_QUICK_GELU);
  g_assert_cmpint (full.vocab_size, ==, 1000);
  g_assert_cmpint (full.context_length, ==, 32);
  g_assert_cmpfloat (full.text_eps, ==, 1e-6);
  g_assert_cmpfloat (full.vision_eps, ==, 1e-5);
}

static void
test_resnet (void)
{
  HfClipConfig config =
      parse (OPEN_CLIP ("", "\"layers\":[3,4,6,3],\"patch_size\":null,", ""));

  g_assert_cmpint (config.vision, ==, HF_VISION_RESNET);
  g_assert_cmpint (config.vision_layers[2], ==, 6);
  g_assert_cmpint (config.vision_heads, ==, 64);
  g_assert_cmpint (hf_clip_config_get_grid (&config), ==, 7);
}

static void
test_hugging_face (void)
{
  HfClipConfig plain = parse (HUGGING_FACE ("", "", ""));
  HfClipConfig full =
      parse (HUGGING_FACE ("\"model_type\":\"clip\",",
                           "\"hidden_act\":\"gelu\",\"layer_norm_eps\":1e-6,",
                           "\"eos_token_id\":2,"));

  g_assert_cmpint (plain.eos_id, ==, 49407);
  g_assert_cmpint (plain.vision_heads, ==, 4);
  g_assert_cmpint (plain.vision_mlp, ==, 3072);
  g_assert_cmpint (plain.text_mlp, ==, 2048);
  g_assert_cmpint (plain.text_layers, ==, 2);
  g_assert_cmpint (plain.vision_activation, ==, HF_ACTIVATION_QUICK_GELU);
  g_assert_cmpint (full.eos_id, ==, -1);
  g_assert_cmpint (full.vision_activation, ==, HF_ACTIVATION_GELU);
  g_assert_cmpint (full.text_activation, ==, HF_ACTIVATION_QUICK_GELU);
  g_assert_cmpfloat (full.vision_eps, ==, 1e-6);
}

static void
test_vit_options (void)
{
  HfClipConfig plain = parse (OPEN_CLIP ("", "", ""));
  HfClipConfig mean =
      parse (OPEN_CLIP ("", "\"pool_type\":\"avg\",\"no_ln_pre\":true,",
                        "\"ls_init_value\":0.0,\"vocab_size\":49500,"));
  HfClipConfig last = parse (OPEN_CLIP (
      "",
      "\"pool_type\":\"avg\",\"final_ln_after_pool\":true,\"patch_size\":[8,8],"
      "\"ls_init_value\":1e-4,",
      ""));

  g_assert_false (plain.no_ln_pre || plain.vision_scale || plain.text_scale);
  g_assert_cmpint (plain.pool, ==, HF_POOL_TOKEN);
  g_assert_true (mean.no_ln_pre && mean.text_scale && !mean.vision_scale);
  g_assert_cmpint (mean.pool, ==, HF_POOL_NORMED_MEAN);
  g_assert_true (last.vision_scale && !last.text_scale && !last.no_ln_pre);
  g_assert_cmpint (last.pool, ==, HF_POOL_MEAN);
  g_assert_cmpint (last.patch_px, ==, 8);
}

/* Options that come to the same numbers, and sides with a rest. */
static void
test_same_function (void)
{
  HfClipConfig vit = parse (
      OPEN_CLIP ("\"init_logit_bias\":-10,",
                 "\"image_size\":100,\"pos_embed_type\":\"sin_cos_2d\","
                 "\"final_ln_after_pool\":true,\"block_type\":\"custom\",",
                 "\"pool_type\":\"eos\",\"eos_id\":49407,"));
  HfClipConfig bare =
      parse (OPEN_CLIP_BARE ("\"preprocess_cfg\":{\"mean\":[0.5,0.5,0.5]},"));
  HfClipConfig resnet =
      parse (OPEN_CLIP ("", "\"image_size\":161,\"layers\":[1,1,1,1],", ""));

  g_assert_cmpint (hf_clip_config_get_grid (&vit), ==, 6);
  g_assert_cmpint (vit.eos_id, ==, 49407);
  g_assert_cmpint (hf_clip_config_get_grid (&resnet), ==, 5);
  g_assert_cmpfloat (bare.mean[2], ==, 0.5);
}

static void
test_unsupported (void)
{
  static const struct {
    const char *text;
    const char *reason;
  } cases[] = {
      {OPEN_CLIP ("", "\"timm_model_name\":\"convnext_base\",", ""),
       "the image tower \"convnext_base\" of timm"},
      {OPEN_CLIP ("", "", "\"hf_model_name\":\"roberta-base\","),
       "the text tower \"roberta-base\""},
      {OPEN_CLIP ("", "\"no_ln_pre\":true,",
                  "\"hf_tokenizer_name\":\"bert-base-uncased\","),
       "the tokenizer \"bert-base-uncased\""},
      {OPEN_CLIP ("\"multimodal_cfg\":{\"width\":1},", "", ""),
       "multimodal_cfg"},
      {OPEN_CLIP_BARE ("\"multimodal_cfg\":{\"width\":1},"), "multimodal_cfg"},
      {OPEN_CLIP ("", "", "\"pool_type\":\"last\","), "pool_type"},
      {OPEN_CLIP ("", "", "\"pool_type\":\"eos\","), "token 2"},
      {OPEN_CLIP ("", "\"pool_type\":\"none\",", ""), "pool_type"},
      {OPEN_CLIP ("", "\"attentional_pool\":true,", ""), "attentional_pool"},
      {OPEN_CLIP ("", "\"qk_norm\":true,", ""), "qk_norm"},
      {OPEN_CLIP ("", "", "\"vocab_size\":250002,"), "250002 tokens"},
      {OPEN_CLIP ("", "", "\"no_causal_mask\":true,"), "no_causal_mask"},
      {OPEN_CLIP ("", "\"image_size\":[224,196],", ""),
       "224 x 196, which is not square"},
      {OPEN_CLIP ("", "\"image_size\":95,\"layers\":[1,1,1,1],", ""), "95"},
      {OPEN_CLIP_PIXELS ("\"resize_mode\":\"squash\""), "resize_mode"},
      {OPEN_CLIP_PIXELS ("\"interpolation\":\"bilinear\""), "interpolation"},
      {HUGGING_FACE ("\"model_type\":\"siglip\",", "", ""), "siglip"},
      {HUGGING_FACE ("\"model_type\":\"clip_vision_model\",", "", ""),
       "one tower alone"},
      {HUGGING_FACE ("", "\"image_size\":[224,196],", ""), "224 x 196"},
      {HUGGING_FACE ("", "\"hidden_act\":\"gelu_new\",", ""), "gelu_new"},
      {HUGGING_FACE ("", "\"num_channels\":4,", ""), "4 channels"},
      {HUGGING_FACE ("", "", "\"eos_token_id\":49405,"), "token 49405"},
      {"{\"model_cfg\":{\"embed_dim\":64,\"vision_cfg\":{\"width\":1024,"
       "\"head_width\":1024},\"text_cfg\":{\"width\":96,\"heads\":3}}}",
       "heads of 1024 channels in the image tower"},
      {HUGGING_FACE ("", "", "\"hidden_size\":640,\"num_attention_heads\":1,"),
       "heads of 640 channels in the text tower"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i].text, HF_MODEL_ERROR_UNSUPPORTED, cases[i].reason);
}

static void
test_absurd (void)
{
  static const struct {
    const char *text;
    const char *reason;
  } cases[] = {
      {"{}", "neither"},
      {"[]", "neither"},
      {"{\"model_cfg\":3}", "embed_dim"},
      {"{\"model_cfg\":{\"embed_dim\":8,\"vision_cfg\":{}}}", "text_cfg"},
      {"{\"model_type\":\"clip\"}", "vision_config"},
      {"{\"model_type\":7,\"vision_config\":{}", "JSON"},
      {OPEN_CLIP ("", "\"layers\":null,", ""), "null"},
      {OPEN_CLIP ("", "\"layers\":[1,2,3],", ""), "four counts"},
      {OPEN_CLIP ("", "\"layers\":[1,2,3,0],", ""), "four counts"},
      {OPEN_CLIP ("", "\"layers\":1000000,", ""), "1000000"},
      {OPEN_CLIP ("", "\"mlp_ratio\":0.001,", ""), "no width"},
      {OPEN_CLIP ("", "\"head_width\":24,", ""), "do not divide"},
      {OPEN_CLIP ("", "\"head_width\":4096,", ""), "0 heads"},
      {OPEN_CLIP ("", "\"patch_size\":225,", ""), "smaller than one patch"},
      {OPEN_CLIP ("\"quick_gelu\":1,", "", ""), "quick_gelu"},
      {OPEN_CLIP ("", "\"image_size\":\"224\",", ""), "224"},
      {HUGGING_FACE ("", "\"layer_norm_eps\":0,", ""), "layer_norm_eps"},
      {HUGGING_FACE ("", "", "\"num_attention_heads\":7,"), "do not divide"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i].text, HF_MODEL_ERROR_CONFIG, cases[i].reason);
}

typedef struct {
  const char *name;
  int n_dims;
  gint64 shape[4];
} Shape;

static const Shape text_shapes[] = {
    {"text_projection", 2, {64, 64}},
    {"token_embedding.weight", 2, {49408, 64}},
    {"positional_embedding", 2, {77, 64}},
    {"transformer.resblocks.0.mlp.c_fc.weight", 2, {256, 64}},
    {"transformer.resblocks.0.ln_1.weight", 1, {64}},
};

/* What hf_clip_config_infer says of the shapes; it reads no number. */
static gboolean
infer (const Shape *shapes, gsize n, HfClipConfig *config, GError **error)
{
  g_autoptr (HfTensorFile) file = hf_tensor_file_new (NULL, NULL);

  for (gsize i = 0; i < n + G_N_ELEMENTS (text_shapes); i++) {
    const Shape *shape = i < n ? &shapes[i] : &text_shapes[i - n];
    HfTensor tensor = {.n_dims = shape->n_dims};

    memcpy (tensor.shape, shape->shape, sizeof (shape->shape));
    g_assert_true (hf_tensor_file_add (file, shape->name, &tensor));
  }
  return hf_clip_config_infer (file, config, error);
}

static void
test_infer_vit (void)
{
  Shape shapes[] = {
      {"visual.conv1.weight", 4, {128, 3, 32, 32}},
      {"visual.positional_embedding", 2, {50, 128}},
      {"visual.transformer.resblocks.0.mlp.c_fc.weight", 2, {512, 128}},
      {"visual.transformer.resblocks.0.ln_1.weight", 1, {128}},
  };
  const gsize n = G_N_ELEMENTS (shapes);
  HfClipConfig config;
  g_autoptr (GError) error = NULL;

  g_assert_true (infer (shapes, n, &config, &error));
  g_assert_cmpint (config.image_px, ==, 224);
  g_assert_cmpint (config.vision_heads, ==, 2);
  /* 1000 patches a side: 32000 pixels. */
  shapes[1].shape[0] = 1000001;
  g_assert_false (infer (shapes, n, &config, &error));
  g_assert_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_CONFIG);
  g_clear_error (&error);
  shapes[1].shape[0] = 50;
  g_assert_false (infer (shapes, n - 1, &config, &error));
  g_assert_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_CONFIG);
  g_clear_error (&error);
  /* ViT-H has 16 heads of 80, and 20 of 64 would fit its shapes as well. */
  shapes[0].shape[0] = 1280;
  g_assert_false (infer (shapes, n, &config, &error));
  g_assert_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_CONFIG);
  g_assert_nonnull (strstr (error->message, "width 1280 is none of OpenAI's"));
}

/* A layer without blocks would hand on a picture of too few channels. */
static void
test_infer_resnet (void)
{
  static const Shape shapes[] = {
      {"visual.layer1.0.conv1.weight", 4, {64, 64, 1, 1}},
      {"visual.attnpool.positional_embedding", 2, {50, 2048}},
      {"visual.layer2.0.conv1.weight", 4, {128, 256, 1, 1}},
      {"visual.layer3.0.conv1.weight", 4, {256, 512, 1, 1}},
      {"visual.layer4.0.conv1.weight", 4, {512, 1024, 1, 1}},
  };
  const gsize n = G_N_ELEMENTS (shapes);
  HfClipConfig config;
  g_autoptr (GError) error = NULL;

  g_assert_true (infer (shapes, n, &config, &error));
  g_assert_cmpint (config.vision, ==, HF_VISION_RESNET);
  g_assert_cmpint (config.vision_layers[3], ==, 1);
  g_assert_false (infer (shapes, n - 1, &config, &error));
  g_assert_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_CONFIG);
  g_assert_nonnull (strstr (error->message, "layer 4"));
}

static void
test_preprocessor (void)
{
  static const char good[] =
      "{\"image_mean\":[0.5,0.25,1],\"image_std\":[1,0.5,0.25]}";
  static const char bad[] = "{\"image_mean\":[0,0,0],\"image_std\":[1,0,1]}";
  HfClipConfig config = parse (HUGGING_FACE ("", "", ""));
  g_autoptr (GError) error = NULL;

  g_assert_true (
      hf_clip_config_parse_preprocessor (good, strlen (good), &config, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (config.mean[1], ==, 0.25);
  g_assert_cmpfloat (config.std[2], ==, 0.25);
  g_assert_false (
      hf_clip_config_parse_preprocessor (bad, strlen (bad), &config, &error));
  g_assert_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_CONFIG);
  g_assert_cmpfloat (config.mean[1], ==, 0.25);
}

static HfClipConfig
preprocess (const char *text)
{
  HfClipConfig config = parse (HUGGING_FACE ("", "", ""));
  g_autoptr (GError) error = NULL;

  hf_clip_config_parse_preprocessor (text, strlen (text), &config, &error);
  g_assert_no_error (error);
  return config;
}

/* What broke: rows of pictures that were normed although the model's are not,
 * and of those whose mean stands where newer versions write it. */
static void
test_preprocessor_spellings (void)
{
  HfClipConfig nested = preprocess (
      "{\"image_processor\":{\"image_mean\":[0.5,0.25,1],\"image_std\":1}}");
  HfClipConfig bare = preprocess ("{\"do_normalize\":false}");
  HfClipConfig legacy =
      preprocess ("{\"size\":224,\"crop_size\":224,\"resample\":3}");
  HfClipConfig slip =
      preprocess ("{\"size\":{\"shortest_edge\":256},"
                  "\"crop_size\":{\"height\":256,\"width\":"
                  "256},\"rescale_factor\":0.00392156862745098}");

  g_assert_cmpfloat (nested.mean[1], ==, 0.25);
  g_assert_cmpfloat (nested.std[2], ==, 1);
  g_assert_cmpfloat (bare.mean[0], ==, 0);
  g_assert_cmpfloat (bare.std[0], ==, 1);
  g_assert_cmpint (legacy.image_px, ==, 224);
  g_assert_cmpint (slip.image_px, ==, 224);
}

static void
test_other_pixels (void)
{
  static const struct {
    const char *text, *reason;
  } cases[] = {
      {"{\"resample\":2}", "bicubic"},
      {"{\"do_resize\":false}", "do_resize"},
      {"{\"do_center_crop\":false}", "do_center_crop"},
      {"{\"do_rescale\":false}", "do_rescale"},
      {"{\"rescale_factor\":1}", "rescale_factor"},
      {"{\"size\":{\"height\":224,\"width\":224}}", "squeezed"},
      {"{\"size\":256,\"crop_size\":224}", "224 pixels cut out of 256"},
      {"{\"image_processor\":{\"size\":{\"shortest_edge\":256}}}",
       "224 pixels cut out of 256"},
  };
  const HfClipConfig before = parse (HUGGING_FACE ("", "", ""));

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    HfClipConfig config = before;
    g_autoptr (GError) error = NULL;

    g_assert_false (hf_clip_config_parse_preprocessor (
        cases[i].text, strlen (cases[i].text), &config, &error));
    g_assert_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_UNSUPPORTED);
    if (strstr (error->message, cases[i].reason) == NULL)
      g_error ("\"%s\" does not say \"%s\"", error->message, cases[i].reason);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/config/open-clip-is-read-with-its-defaults",
                   test_open_clip);
  g_test_add_func ("/model/config/four-block-counts-are-a-resnet", test_resnet);
  g_test_add_func ("/model/config/hugging-face-is-read-with-its-defaults",
                   test_hugging_face);
  g_test_add_func ("/model/config/other-models-are-refused-by-name",
                   test_unsupported);
  g_test_add_func ("/model/config/options-of-a-vit", test_vit_options);
  g_test_add_func ("/model/clip-config/other-words-same-function",
                   test_same_function);
  g_test_add_func ("/model/config/absurd-sizes-are-refused", test_absurd);
  g_test_add_func ("/model/config/shapes-of-a-vit-tell-it", test_infer_vit);
  g_test_add_func ("/model/config/shapes-of-a-resnet-tell-it",
                   test_infer_resnet);
  g_test_add_func ("/model/config/preprocessor-sets-mean-and-std",
                   test_preprocessor);
  g_test_add_func ("/model/config/preprocessors-of-every-version",
                   test_preprocessor_spellings);
  g_test_add_func ("/model/config/other-pixels-are-refused", test_other_pixels);
  return g_test_run ();
}
