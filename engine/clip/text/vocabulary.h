/* clip/text/vocabulary.h: the symbols of the byte-pair encoding and the pairs
 * that merge. Read-only once loaded: any number of threads.
 *
 * A symbol is a row of bytes, with or without the end of its word. Its id is
 * its rank: 0 .. 255 the single bytes in OpenAI's order, 256 .. 511 the same at
 * the end of a word, 512 + i what line i of the vocabulary joins. So the merge
 * that comes first is the one that gives the lowest id. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HF_VOCABULARY_N_MERGES 48894
#define HF_VOCABULARY_N_SYMBOLS (512 + HF_VOCABULARY_N_MERGES)

typedef struct _HfVocabulary HfVocabulary;

/* Reads a vocabulary, gzip or plain text: a header line, then one merge a
 * line, "LEFT RIGHT", of which CLIP uses the first 48894. @bytes is not kept.
 * HF_TOKENIZER_ERROR_FORMAT with the reason: damaged gzip (checksum and length
 * among it), over 16 MiB unpacked, a line that is no merge of two symbols known
 * by then, a symbol over 256 bytes or made twice, too few merges. */
HfVocabulary *hf_vocabulary_new (GBytes *bytes,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_vocabulary_free (HfVocabulary *self);

/* The vocabulary file that is built into the program, to be given to
 * hf_vocabulary_new. NULL with a GResourceError if the program is broken. */
GBytes *hf_vocabulary_dup_builtin (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The symbol of one byte. */
int hf_vocabulary_get_byte (const HfVocabulary *self, guint8 byte,
                            gboolean ends_word);

/* The symbol that @left and @right merge into, or -1. */
int hf_vocabulary_get_merge (const HfVocabulary *self, int left, int right);

/* The bytes of @symbol, without the end of its word; caller unrefs. Looks
 * through all merges: for the few symbols that are shown. */
GByteArray *
hf_vocabulary_dup_bytes (const HfVocabulary *self, int symbol,
                         gboolean *ends_word) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfVocabulary, hf_vocabulary_free)
G_END_DECLS
