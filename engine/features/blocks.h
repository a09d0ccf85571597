/* features/blocks.h: the kinds of numbers that describe a picture. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  HF_BLOCKS_AUTO = 0, /* to be chosen by held-out folds */
  HF_BLOCK_CLIP = 1 << 0,
  HF_BLOCK_CLASSIC = 1 << 1,
  HF_BLOCKS_BOTH = HF_BLOCK_CLIP | HF_BLOCK_CLASSIC,
} HfBlocks;

/* "auto", "clip", "classic", "clip+classic". */
const char *hf_blocks_get_name (HfBlocks self);

/* G_OPTION_ERROR_BAD_VALUE with the names that are understood. */
gboolean hf_blocks_parse (const char *name, HfBlocks *out, GError **error);

G_END_DECLS
