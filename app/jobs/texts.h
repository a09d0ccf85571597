/* app/jobs/texts.h: written texts as token ids, cut to what a model can read.
 * Read-only once made: any number of threads. */
#pragma once

#include "clip/tokenizer.h"

G_BEGIN_DECLS

typedef struct _HfTexts HfTexts;

/* @texts is NULL-terminated and copied. Ids over @context_length are cut as
 * hf_tokens_cut does. Never fails; free with hf_texts_free. */
HfTexts *hf_texts_new (const HfTokenizer *tokenizer, const char *const *texts,
                       gsize context_length) G_GNUC_WARN_UNUSED_RESULT;
void hf_texts_free (HfTexts *self);

gsize hf_texts_get_n (const HfTexts *self);
const char *hf_texts_get (const HfTexts *self, gsize i);

/* int[n][n_ids[i]], as hf_clip_encode_texts wants them; borrowed. */
const int *const *hf_texts_get_ids (const HfTexts *self);
const gsize *hf_texts_get_n_ids (const HfTexts *self);

/* A sentence (caller frees) that names text @i and says how long it was, or
 * NULL if it was not cut. */
char *hf_texts_dup_cut_notice (const HfTexts *self,
                               gsize i) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTexts, hf_texts_free)
G_END_DECLS
