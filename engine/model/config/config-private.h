/* model/config/config-private.h: the two dialects of configurations and what
 * they share. Messages are clauses that continue "it". */
#pragma once

#include "base/json.h"
#include "model/clip-config.h"

G_BEGIN_DECLS

/* Limits far above any model and far below what overflows an int. */
#define HF_CLIP_MAX_WIDTH 65536
#define HF_CLIP_MAX_LAYERS 1024
#define HF_CLIP_MAX_IMAGE_PX 8192
#define HF_CLIP_MAX_CONTEXT 8192
#define HF_CLIP_MAX_VOCAB 4194304

gboolean hf_clip_config_read_open_clip (HfJson *json, HfClipConfig *config,
                                        GError **error);
gboolean hf_clip_config_read_hugging_face (HfJson *json, HfClipConfig *config,
                                           GError **error);

/* Reads what transformers does to a picture in front of the model; refuses what
 * gives other pixels than Handful's. @config has the model's size already. */
gboolean hf_clip_config_read_preprocessor (HfJson *json, HfClipConfig *config,
                                           GError **error);

/* Everything at the defaults that both libraries and OpenAI share: OpenAI's
 * mean, std and epsilon, context 77, "the highest id" as the end. */
void hf_clip_config_set_defaults (HfClipConfig *config);

/* Whether the sizes agree with one another (heads divide widths ...). */
gboolean hf_clip_config_check (const HfClipConfig *config, GError **error);

/* Reads a size from 1 to @high; a missing member leaves @value, null is an
 * error. */
gboolean hf_clip_config_read_size (HfJson *json, const char *name, int high,
                                   int *value, GError **error);

/* Reads the side of a square: one number, or [height, width]. */
gboolean hf_clip_config_read_side (HfJson *json, const char *name, int *side,
                                   GError **error);

/* Reads three numbers within [@low, @high], or one for all three; a missing
 * member leaves @values. */
gboolean hf_clip_config_read_three (HfJson *json, const char *name, double low,
                                    double high, float values[3],
                                    GError **error);

gboolean hf_clip_config_refuse (HfModelError code, GError **error,
                                const char *format, ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
