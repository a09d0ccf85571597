/* clip/towers/attention-pool.h: the head of a ModifiedResNet: one attention
 * step over the picture's pixels with their mean as the query (Radford et al.
 * 2021, section 2.4). */
#pragma once

#include "clip/towers/weights.h"

G_BEGIN_DECLS

typedef struct _HfAttentionPool HfAttentionPool;

HfAttentionPool *
hf_attention_pool_new (const HfWeights *weights, const HfClipConfig *config,
                       int batch, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_attention_pool_free (HfAttentionPool *self);

/* @x: float[n][grid * grid][32 * vision_width]. Returns float[n][embed_dim],
 * borrowed, or NULL. */
HfBuffer *hf_attention_pool_run (HfAttentionPool *self, const HfBuffer *x,
                                 int n, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfAttentionPool, hf_attention_pool_free)
G_END_DECLS
