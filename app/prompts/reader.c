/* reader.c: see the header.
 *
 * A model that was taught few words has one row for all tokens it never saw; so
 * a row of the table that very many tokens share is that of the unknown word.
 * In a model that was taught all tokens no two rows are alike, and a word that
 * is not in the vocabulary is read in pieces, which may or may not mean it. */
#include "app/prompts/reader.h"

#include "clip/tokenizer.h"
#include "model/model-file.h"

/* Tokens with one row, from which on it is that of the unknown word: two words
 * may well have been taught as one. */
#define MANY_ALIKE 64

struct _HfPromptReader {
  HfTokenizer *tokenizer;
  gsize length, n_tokens;
  gboolean *unknown; /* [n_tokens] */
};

static guint
hash_row (gconstpointer row)
{
  return g_bytes_hash (row);
}

/* Marks every token whose row is shared by MANY_ALIKE or more. Rows are
 * compared as floats, of @width; -0 and 0 differ, which does no harm. */
static void
mark_alike (HfPromptReader *self, const float *rows, gsize width)
{
  g_autoptr (GHashTable) counts = g_hash_table_new_full (
      hash_row, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);

  for (gsize i = 0; i < self->n_tokens; i++) {
    GBytes *row = g_bytes_new_static (rows + i * width, width * sizeof (float));
    guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, row));

    g_hash_table_replace (counts, row, GUINT_TO_POINTER (n + 1));
  }
  for (gsize i = 0; i < self->n_tokens; i++) {
    g_autoptr (GBytes) row =
        g_bytes_new_static (rows + i * width, width * sizeof (float));

    self->unknown[i] =
        GPOINTER_TO_UINT (g_hash_table_lookup (counts, row)) >= MANY_ALIKE;
  }
}

/* A few numbers of each row tell it from the others as well as all do. */
static void
read_table (HfPromptReader *self, const HfModelFile *model)
{
  enum { MOST_NUMBERS = 16 };
  const HfTensor *table = hf_model_file_get (model, "token_embedding.weight");
  gsize width = (gsize) table->shape[1];
  gsize n_kept = MIN (width, (gsize) MOST_NUMBERS);
  g_autofree float *row = g_new (float, width);
  g_autofree float *kept = NULL;

  self->n_tokens = (gsize) table->shape[0];
  self->unknown = g_new0 (gboolean, self->n_tokens);
  kept = g_new (float, self->n_tokens *n_kept);
  for (gsize i = 0; i < self->n_tokens; i++) {
    hf_tensor_read_rows (table, (gint64) i, 1, row);
    for (gsize j = 0; j < n_kept; j++)
      kept[i * n_kept + j] = row[j * width / n_kept];
  }
  mark_alike (self, kept, n_kept);
}

HfPromptReader *
hf_prompt_reader_new (const char *model_path, GError **error)
{
  g_autoptr (HfPromptReader) self = g_new0 (HfPromptReader, 1);
  g_autoptr (HfModelFile) model = hf_model_file_open (model_path, error);

  if (model == NULL)
    return NULL;
  self->tokenizer = hf_tokenizer_new (error);
  if (self->tokenizer == NULL)
    return NULL;
  self->length = (gsize) hf_model_file_get_config (model)->context_length;
  read_table (self, model);
  return g_steal_pointer (&self);
}

void
hf_prompt_reader_free (HfPromptReader *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->tokenizer, hf_tokenizer_free);
  g_free (self->unknown);
  g_free (self);
}

gsize
hf_prompt_reader_get_length (const HfPromptReader *self)
{
  return self->length;
}

/* Fills in what the model makes of a word by itself: what stands around it
 * changes nothing, since pairs are never joined across words. */
static void
judge_word (const HfPromptReader *self, const char *text, HfPromptWord *word)
{
  g_autofree char *alone = g_strndup (text + word->start, word->size_bytes);
  gsize n_ids;
  g_autofree int *ids = hf_tokenizer_encode (self->tokenizer, alone, &n_ids);

  word->n_tokens = n_ids - 2;
  word->kind =
      word->n_tokens > 1 ? HF_PROMPT_WORD_PIECES : HF_PROMPT_WORD_KNOWN;
  for (gsize i = 1; i + 1 < n_ids; i++)
    if ((gsize) ids[i] < self->n_tokens && self->unknown[ids[i]])
      word->kind = HF_PROMPT_WORD_UNKNOWN;
}

static gboolean
is_letter_at (const char *at)
{
  gunichar letter = g_utf8_get_char_validated (at, -1);

  return letter != (gunichar) -1 && letter != (gunichar) -2 &&
         (g_unichar_isalpha (letter) || g_unichar_ismark (letter));
}

/* What follows a character, or a byte that is part of none. */
static const char *
step (const char *at)
{
  gunichar letter = g_utf8_get_char_validated (at, -1);

  return letter == (gunichar) -1 || letter == (gunichar) -2
             ? at + 1
             : g_utf8_next_char (at);
}

static void
find_words (const HfPromptReader *self, const char *text, GArray *words)
{
  const char *at = text;

  while (*at != '\0') {
    const char *start = at;
    HfPromptWord word = {.start = (gsize) (at - text)};

    while (*at != '\0' && is_letter_at (at))
      at = step (at);
    word.size_bytes = (gsize) (at - start);
    if (word.size_bytes == 0) {
      at = step (at);
      continue;
    }
    judge_word (self, text, &word);
    g_array_append_val (words, word);
  }
}

/* Tokens of the first @size_bytes of @text. */
static gsize
count_tokens (const HfPromptReader *self, const char *text, gsize size_bytes)
{
  g_autofree char *begin = g_strndup (text, size_bytes);
  gsize n_ids;
  g_autofree int *ids = hf_tokenizer_encode (self->tokenizer, begin, &n_ids);

  (void) ids;
  return n_ids;
}

/* The start of the first word that is not read to its end. Between words stands
 * what is cut off with the word behind it. */
static gsize
find_cut (const HfPromptReader *self, const char *text, const GArray *words)
{
  for (guint i = 0; i < words->len; i++) {
    const HfPromptWord *word = &g_array_index (words, HfPromptWord, i);

    if (count_tokens (self, text, word->start + word->size_bytes) >
        self->length)
      return word->start;
  }
  return strlen (text);
}

HfPromptReading *
hf_prompt_reader_read (const HfPromptReader *self, const char *prompt)
{
  HfPromptReading *reading = g_new0 (HfPromptReading, 1);

  reading->words = g_array_new (FALSE, FALSE, sizeof (HfPromptWord));
  find_words (self, prompt, reading->words);
  reading->cut_at = strlen (prompt);
  reading->n_tokens = count_tokens (self, prompt, reading->cut_at);
  if (reading->n_tokens > self->length)
    reading->cut_at = find_cut (self, prompt, reading->words);
  return reading;
}

void
hf_prompt_reading_free (HfPromptReading *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->words);
  g_free (self);
}
