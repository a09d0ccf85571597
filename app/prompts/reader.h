/* app/prompts/reader.h: a prompt as a model reads it: how long it is, where it
 * would be cut, and which of its words mean nothing to the model. Needs the
 * model's file, no device. Read-only once made: any number of threads. */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

typedef struct _HfPromptReader HfPromptReader;

/* @model_path is a model's file or folder. Looks through the table of tokens
 * once (some 100 MB in a large model). Errors of hf_model_file_open and
 * hf_tokenizer_new. */
HfPromptReader *hf_prompt_reader_new (const char *model_path,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_prompt_reader_free (HfPromptReader *self);

/* Tokens the model reads, start and end among them: 77. */
gsize hf_prompt_reader_get_length (const HfPromptReader *self);

typedef enum {
  HF_PROMPT_WORD_KNOWN,   /* one token */
  HF_PROMPT_WORD_PIECES,  /* not in the vocabulary: read in several pieces */
  HF_PROMPT_WORD_UNKNOWN, /* like any other unknown word to this model */
} HfPromptWordKind;

/* A run of letters in a prompt. */
typedef struct {
  gsize start, size_bytes;
  gsize n_tokens;
  HfPromptWordKind kind;
} HfPromptWord;

typedef struct {
  gsize n_tokens; /* start and end among them, before cutting */
  gsize cut_at;   /* the model reads nothing from this byte on; the length of
                     the text where it reads all */
  GArray *words;  /* HfPromptWord, in order */
} HfPromptReading;

/* @prompt is UTF-8; other bytes are read as replacement characters and make no
 * words. Never fails. */
HfPromptReading *
hf_prompt_reader_read (const HfPromptReader *self,
                       const char *prompt) G_GNUC_WARN_UNUSED_RESULT;
void hf_prompt_reading_free (HfPromptReading *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfPromptReader, hf_prompt_reader_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfPromptReading, hf_prompt_reading_free)
G_END_DECLS
