/* clip/towers/text-tower.h: token ids to rows by a causal transformer (Radford
 * et al. 2021, section 2.4). Prompts of any lengths lie packed one behind the
 * other; each costs its own length. One thread at a time. */
#pragma once

#include "clip/towers/weights.h"

G_BEGIN_DECLS

typedef struct _HfTextTower HfTextTower;

/* Keeps @weights' model for its token table. */
HfTextTower *hf_text_tower_new (const HfWeights *weights,
                                const HfClipConfig *config,
                                HfProgress *progress,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_text_tower_free (HfTextTower *self);

/* How many of the texts from @lengths on fit one pass, at least 1; lengths as
 * hf_text_tower_get_length gives them. */
int hf_text_tower_fit (const HfTextTower *self, const int *lengths, int n);

/* Tokens that count: up to the one whose row is the text's. */
int hf_text_tower_get_length (const HfTextTower *self, const int *ids,
                              gsize n_ids);

/* The first lengths[i] tokens of each text. Returns float[n][embed_dim], not of
 * unit length, borrowed, or NULL. */
HfBuffer *hf_text_tower_run (HfTextTower *self, const int *const *ids,
                             const int *lengths, int n, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTextTower, hf_text_tower_free)
G_END_DECLS
