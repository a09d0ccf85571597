/* clip/towers/block.h: the weights of one residual attention block on a device.
 * A plain struct; read-only once loaded. */
#pragma once

#include "clip/towers/weights.h"

G_BEGIN_DECLS

typedef struct {
  HfBuffer *ln_1[2], *ln_2[2]; /* gain, bias */
  HfMatrix *qkv;               /* width -> 3 width; pooled: keys, values */
  HfMatrix *q;                 /* pooled only */
  HfMatrix *out;               /* width -> width */
  HfMatrix *fc, *proj;         /* width -> mlp -> width */
} HfBlock;

/* Block number @number of those named @blocks ("transformer"). @pooled: queries
 * are wanted of a few rows only, so their weights stand apart. After a failure
 * the block holds what was loaded: clear it all the same. */
gboolean hf_block_load (HfBlock *self, const HfWeights *weights,
                        const char *blocks, int number, gboolean pooled,
                        GError **error);
void hf_block_clear (HfBlock *self);

/* @prefix.weight and @prefix.bias to @norm[2]. */
gboolean hf_block_load_norm (const HfWeights *weights, const char *prefix,
                             HfBuffer **norm, GError **error);

G_END_DECLS
