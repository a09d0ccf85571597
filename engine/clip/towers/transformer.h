/* clip/towers/transformer.h: what both towers are made of: a stack of residual
 * attention blocks (Vaswani et al. 2017, with the norms in front: Radford et
 * al. 2021, section 2.4), a last norm and a projection. One thread at a time.
 */
#pragma once

#include "clip/towers/weights.h"

G_BEGIN_DECLS

typedef struct _HfTransformer HfTransformer;

typedef struct {
  const char *blocks; /* "visual.transformer" or "transformer" */
  const char *norm;   /* "visual.ln_post" or "ln_final" */
  const char *proj;   /* "visual.proj" or "text_projection" */
  int width, heads, layers, mlp, embed_dim;
  HfActivation activation;
  float eps;
  HfPool pool;       /* HF_POOL_TOKEN: the wanted row of each sequence */
  int grid;          /* else: sequences are a token and grid * grid patches */
  int max_rows;      /* of all sequences of a pass together */
  int max_sequences; /* of a pass */
} HfTransformerShape;

/* @progress counts blocks. */
HfTransformer *hf_transformer_new (const HfWeights *weights,
                                   const HfTransformerShape *shape,
                                   HfProgress *progress,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_transformer_free (HfTransformer *self);

/* The rows of a pass, to be filled by the caller before it:
 * float[max_rows][width]. Borrowed. */
HfBuffer *hf_transformer_get_rows (HfTransformer *self);

/* The sequences of a pass, packed one behind the other, and of each the one row
 * that is asked for. */
typedef struct {
  const int *lengths; /* int[n], rows of each, > 0 */
  const int *wanted;  /* int[n]: which row of each, from 0 on */
  int n;
  gboolean causal; /* each row sees those up to itself */
} HfSequences;

/* Runs all blocks and returns the wanted rows, or the means of patches, normed
 * and projected, float[n][embed_dim], in a buffer of the transformer (borrowed,
 * valid until the next pass), or NULL. The last block is computed for wanted
 * rows alone. */
HfBuffer *hf_transformer_run (HfTransformer *self, const HfSequences *sequences,
                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTransformer, hf_transformer_free)
G_END_DECLS
