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

typedef enum { HF_VISION_VIT, HF_VISION_RESNET } HfVisionKind;
typedef enum { HF_ACTIVATION_GELU, HF_ACTIVATION_QUICK_GELU } HfActivation;

typedef struct {
  int embed_dim;

  HfVisionKind vision;
  int image_px;         /* side of the square input */
  int vision_width;     /* ViT: tokens; ResNet: channels after the stem */
  int vision_heads;     /* ResNet: of the attention pool */
  int vision_layers[4]; /* ViT: [0] only; ResNet: blocks of layer1..4 */
  int vision_mlp;       /* ViT: hidden width */
  int patch_px;         /* ViT */
  gboolean patch_bias;  /* ViT: the patch convolution has a bias */
  HfActivation vision_activation;
  double vision_eps; /* LayerNorm epsilon */

  int context_length;
  int vocab_size;
  int text_width;
  int text_heads;
  int text_layers;
  int text_mlp;
  HfActivation text_activation;
  double text_eps;
  int eos_id; /* the token whose row is the text's, or -1: the highest id */

  float mean[3], std[3]; /* of pixels in 0..1, red, green, blue */
} HfClipConfig;

G_END_DECLS
