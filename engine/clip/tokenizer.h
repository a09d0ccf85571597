/* clip/tokenizer.h: OpenAI's byte-pair tokenizer (openai/CLIP,
 * simple_tokenizer.py; Radford et al. 2021, section 2.4). Read-only once
 * loaded: any number of threads. */
#pragma once

#include "model/clip-config.h"

G_BEGIN_DECLS

#define HF_TOKEN_START 49406
#define HF_TOKEN_END HF_CLIP_END_ID

#define HF_TOKENIZER_ERROR (hf_tokenizer_error_quark ())

typedef enum {
  HF_TOKENIZER_ERROR_FORMAT, /* the vocabulary is damaged */
} HfTokenizerError;

GQuark hf_tokenizer_error_quark (void);

typedef struct _HfTokenizer HfTokenizer;

/* The vocabulary that is built into the program. */
HfTokenizer *hf_tokenizer_new (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A vocabulary from @bytes: gzip or plain text, a header line and one merge a
 * line. HF_TOKENIZER_ERROR_FORMAT with the reason. */
HfTokenizer *hf_tokenizer_new_from_bytes (GBytes *bytes, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void hf_tokenizer_free (HfTokenizer *self);

/* All ids of @text (UTF-8; anything else is read with replacement
 * characters), start and end included, not cut: int[*n_ids], caller frees
 * with g_free. Never fails. */
int *hf_tokenizer_encode (const HfTokenizer *self, const char *text,
                          gsize *n_ids) G_GNUC_WARN_UNUSED_RESULT;

/* Token @id to be read by people (caller frees): its letters, with "-" behind
 * them where the word goes on, "<|startoftext|>", or "" for an id that is none.
 */
char *hf_tokenizer_dup_token (const HfTokenizer *self,
                              int id) G_GNUC_WARN_UNUSED_RESULT;

/* Cuts @ids in place as OpenAI's tokenize (truncate=True) does: over
 * @context_length, the first @context_length - 1 and the end token. Returns
 * whether it was cut. */
gboolean hf_tokens_cut (int *ids, gsize *n_ids, gsize context_length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTokenizer, hf_tokenizer_free)
G_END_DECLS
