/* model/clip-config.h: the shape of a CLIP model and what its pixels want. */
#pragma once

#include "tensor/tensor-file.h"

G_BEGIN_DECLS

#define HF_MODEL_ERROR (hf_model_error_quark ())

typedef enum {
  HF_MODEL_ERROR_FORMAT,      /* the file is damaged or no model file */
  HF_MODEL_ERROR_UNSAFE,      /* the pickle asks for something to be run */
  HF_MODEL_ERROR_CONFIG,      /* the configuration is absurd */
  HF_MODEL_ERROR_MISMATCH,    /* tensors missing or of another shape */
  HF_MODEL_ERROR_UNSUPPORTED, /* sound, but no CLIP that Handful computes */
} HfModelError;

GQuark hf_model_error_quark (void);

/* The token that ends every text (clip/tokenizer.h). */
#define HF_CLIP_END_ID 49407

/* Channels of a head: more are no sound file, the widest known have 128. */
#define HF_CLIP_MAX_HEAD_DIM 512

typedef enum { HF_VISION_VIT, HF_VISION_RESNET } HfVisionKind;

/* What a ViT's row is made of: its class token, or the mean of the patches, in
 * front of the last norm or behind it. */
typedef enum {
  HF_POOL_TOKEN,
  HF_POOL_MEAN,
  HF_POOL_NORMED_MEAN,
} HfPool;

typedef enum { HF_ACTIVATION_GELU, HF_ACTIVATION_QUICK_GELU } HfActivation;

typedef struct {
  int embed_dim;

  HfVisionKind vision;
  int image_px;          /* side of the square input */
  int vision_width;      /* ViT: tokens; ResNet: channels after the stem */
  int vision_heads;      /* ResNet: of the attention pool */
  int vision_layers[4];  /* ViT: [0] only; ResNet: blocks of layer1..4 */
  int vision_mlp;        /* ViT: hidden width */
  int patch_px;          /* ViT */
  gboolean patch_bias;   /* ViT: the patch convolution has a bias */
  gboolean vision_scale; /* ViT: blocks end in a LayerScale */
  gboolean no_ln_pre;    /* ViT: no norm in front of the blocks */
  HfPool pool;           /* ViT */
  HfActivation vision_activation;
  double vision_eps; /* LayerNorm epsilon */

  int context_length;
  int vocab_size;
  int text_width;
  int text_heads;
  int text_layers;
  int text_mlp;
  gboolean text_scale; /* blocks end in a LayerScale */
  HfActivation text_activation;
  double text_eps;
  int eos_id; /* the token whose row is the text's: HF_CLIP_END_ID, or -1 for
               * the highest id */

  float mean[3], std[3]; /* of pixels in 0..1, red, green, blue */
} HfClipConfig;

/* Reads the text of an open_clip_config.json (or one of open_clip's bundled
 * model configurations) or of a Hugging Face config.json. What a member leaves
 * out has that library's default. HF_MODEL_ERROR_CONFIG or _UNSUPPORTED; the
 * message is a clause that continues "it": "has ...". */
gboolean hf_clip_config_parse (const char *text, gsize size_bytes,
                               HfClipConfig *config, GError **error);

/* Takes mean and std from the text of a Hugging Face preprocessor_config.json,
 * or of the processor_config.json that newer versions write, where it has them;
 * the rest stays. HF_MODEL_ERROR_UNSUPPORTED if it asks for other pixels than
 * the shorter side fitted to @config's side and the centre cut out. */
gboolean hf_clip_config_parse_preprocessor (const char *text, gsize size_bytes,
                                            HfClipConfig *config,
                                            GError **error);

/* The configuration of a model that came without one, from the shapes of its
 * canonical tensors (model-file.h): heads of 64 channels, QuickGELU, OpenAI's
 * mean and std (openai/CLIP, clip/model.py, build_model). */
gboolean hf_clip_config_infer (const HfTensorFile *tensors,
                               HfClipConfig *config, GError **error);

/* Rows of the grid that the image tower sees: patches of a ViT, pooled cells
 * of a ResNet (which halves the side five times). */
int hf_clip_config_get_grid (const HfClipConfig *self);

G_END_DECLS
