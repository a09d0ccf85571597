/* clip/text/bpe.h: splits one word into symbols of the vocabulary (Sennrich,
 * Haddow and Birch 2016, section 3.2, on bytes). Keeps its memory from word to
 * word: one thread at a time. */
#pragma once

#include "clip/text/vocabulary.h"

G_BEGIN_DECLS

typedef struct _HfBpe HfBpe;

/* @vocabulary must outlive the result. */
HfBpe *hf_bpe_new (const HfVocabulary *vocabulary) G_GNUC_WARN_UNUSED_RESULT;
void hf_bpe_free (HfBpe *self);

/* Appends the symbols of a word of 1 to 2^31 - 1 bytes to @ids (of int), in
 * O(n log n) whatever the word. Cannot fail. */
void hf_bpe_encode (HfBpe *self, const char *word, gsize size_bytes,
                    GArray *ids);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfBpe, hf_bpe_free)
G_END_DECLS
