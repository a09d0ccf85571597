/* clip/towers/transformer.h: the stack of residual attention blocks that both
 * towers are made of (Vaswani et al. 2017, with the norms in front: Radford et
 * al. 2021, section 2.4). One thread at a time. */
#pragma once

#include "clip/towers/weights.h"

G_BEGIN_DECLS

typedef struct _HfTransformer HfTransformer;

typedef struct {
  const char *prefix; /* "visual.transformer" or "transformer" */
  int width, heads, layers, mlp;
  HfActivation activation;
  float eps;
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

/* Which rows are sequences, and which one of each is wanted. */
typedef struct {
  const HfRuns *all;     /* every row a query */
  const HfRuns *pooled;  /* one query a sequence, the same keys */
  const HfBuffer *index; /* int[n_sequences]: the wanted row of each */
  int n_rows, n_sequences;
} HfPass;

/* Runs all blocks and returns the wanted rows, float[n_sequences][width], in a
 * buffer of the transformer (borrowed, valid until the next pass), or NULL. The
 * last block is computed for them alone. */
HfBuffer *hf_transformer_run (HfTransformer *self, const HfPass *pass,
                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTransformer, hf_transformer_free)
G_END_DECLS
