/* clip/tokenizer.c: cleans a text, cuts it into words and encodes them.
 *
 * The words are those of the pattern in OpenAI's simple_tokenizer.py, tried in
 * this order at every place, case ignored:
 *
 *   <|startoftext|>  <|endoftext|>  's 't 're 've 'm 'll 'd
 *   a run of letters   one digit   a run of anything but white space
 *
 * What none of them takes is skipped: white space, and by a quirk of ignoring
 * case in that pattern also U+0345, a mark whose upper case is a letter. */
#include "clip/tokenizer.h"

#include "clip/text/bpe.h"
#include "clip/text/clean.h"
#include "clip/text/unicode.h"
#include "clip/text/vocabulary.h"

#include <string.h>

struct _HfTokenizer {
  HfVocabulary *vocabulary;
};

typedef enum {
  KIND_SKIPPED,
  KIND_LETTER,
  KIND_NUMBER,
  KIND_OTHER,
} Kind;

static const char *const specials[] = {"<|startoftext|>", "<|endoftext|>"};
static const char *const suffixes[] = {
    "'s", "'t", "'re", "'ve", "'m", "'ll", "'d",
};

G_DEFINE_QUARK (hf_tokenizer_error_quark, hf_tokenizer_error)

HfTokenizer *
hf_tokenizer_new (GError **error)
{
  g_autoptr (GBytes) bytes = hf_vocabulary_dup_builtin (error);

  return bytes != NULL ? hf_tokenizer_new_from_bytes (bytes, error) : NULL;
}

HfTokenizer *
hf_tokenizer_new_from_bytes (GBytes *bytes, GError **error)
{
  g_autoptr (HfVocabulary) vocabulary = hf_vocabulary_new (bytes, error);
  HfTokenizer *self;

  if (vocabulary == NULL)
    return NULL;
  self = g_new0 (HfTokenizer, 1);
  self->vocabulary = g_steal_pointer (&vocabulary);
  return self;
}

void
hf_tokenizer_free (HfTokenizer *self)
{
  if (self == NULL)
    return;
  hf_vocabulary_free (self->vocabulary);
  g_free (self);
}

static Kind
kind_of (gunichar c)
{
  if (hf_unicode_is_space (c) || c == 0x345)
    return KIND_SKIPPED;
  if (hf_unicode_is_letter (c))
    return KIND_LETTER;
  return hf_unicode_is_number (c) ? KIND_NUMBER : KIND_OTHER;
}

/* Bytes at the start of @text that equal @pattern but for the case, or 0. The
 * text is in lower case already; the one other form of a letter in the
 * patterns is the long s. */
static gsize
match (const char *text, const char *pattern)
{
  const char *p = text;

  for (; *pattern != '\0'; pattern++, p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (c == 0x17f)
      c = 's';
    if (c != (guchar) *pattern)
      return 0;
  }
  return (gsize) (p - text);
}

static gsize
match_any (const char *text, const char *const *patterns, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    gsize size = match (text, patterns[i]);

    if (size > 0)
      return size;
  }
  return 0;
}

/* Bytes of the word at the start of @text, which is not empty; 0 if the first
 * character belongs to none. */
static gsize
word_size (const char *text)
{
  Kind kind = kind_of (g_utf8_get_char (text));
  const char *p = g_utf8_next_char (text);
  gsize size = 0;

  if (kind == KIND_SKIPPED)
    return 0;
  if (*text == '<')
    size = match_any (text, specials, G_N_ELEMENTS (specials));
  else if (*text == '\'')
    size = match_any (text, suffixes, G_N_ELEMENTS (suffixes));
  if (size > 0)
    return size;
  while (kind != KIND_NUMBER && *p != '\0' &&
         kind_of (g_utf8_get_char (p)) == kind)
    p = g_utf8_next_char (p);
  return (gsize) (p - text);
}

static void
append_word (HfBpe *bpe, const char *word, gsize size, GArray *ids)
{
  for (int i = 0; i < (int) G_N_ELEMENTS (specials); i++) {
    int id = HF_TOKEN_START + i;

    if (strlen (specials[i]) == size && memcmp (word, specials[i], size) == 0) {
      g_array_append_val (ids, id);
      return;
    }
  }
  hf_bpe_encode (bpe, word, size, ids);
}

int *
hf_tokenizer_encode (const HfTokenizer *self, const char *text, gsize *n_ids)
{
  g_autofree char *cleaned = hf_text_clean (text);
  g_autoptr (HfBpe) bpe = hf_bpe_new (self->vocabulary);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (int));
  const char *p = cleaned;
  const int start = HF_TOKEN_START, end = HF_TOKEN_END;

  g_array_append_val (ids, start);
  while (*p != '\0') {
    gsize size = word_size (p);

    if (size > 0)
      append_word (bpe, p, size, ids);
    p = size > 0 ? p + size : g_utf8_next_char (p);
  }
  g_array_append_val (ids, end);
  return g_array_steal (ids, n_ids);
}

char *
hf_tokenizer_dup_token (const HfTokenizer *self, int id)
{
  g_autoptr (GByteArray) bytes = NULL;
  g_autofree char *text = NULL;
  gboolean ends_word = TRUE;

  if (id >= HF_TOKEN_START && id <= HF_TOKEN_END)
    return g_strdup (specials[id - HF_TOKEN_START]);
  if (id < 0 || id >= HF_VOCABULARY_N_SYMBOLS)
    return g_strdup ("");
  bytes = hf_vocabulary_dup_bytes (self->vocabulary, id, &ends_word);
  /* A token may be a part of a letter. */
  text = g_utf8_make_valid ((const char *) bytes->data, (gssize) bytes->len);
  return g_strconcat (text, ends_word ? "" : "-", NULL);
}

gboolean
hf_tokens_cut (int *ids, gsize *n_ids, gsize context_length)
{
  g_return_val_if_fail (context_length > 0, FALSE);

  if (*n_ids <= context_length)
    return FALSE;
  ids[context_length - 1] = HF_TOKEN_END;
  *n_ids = context_length;
  return TRUE;
}
