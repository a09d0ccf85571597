/* clip/text/vocabulary.c: reads the merges (see vocabulary.h).
 *
 * The file spells bytes as printable characters, so that a symbol is a word of
 * text: bytes 0x21 .. 0x7E, 0xA1 .. 0xAC and 0xAE .. 0xFF stand for the
 * character of that number, the other 68 for U+0100 and up; "</w>" marks the
 * end of a word (openai/CLIP, simple_tokenizer.py). While loading, symbols are
 * found by that spelling; afterwards only ids are needed, and the spellings are
 * dropped. Both tables are flat, with open addressing, under half full. */
#include "clip/text/vocabulary.h"

#include "clip/text/builtin.h"
#include "clip/text/gunzip.h"
#include "clip/tokenizer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_UNPACKED_BYTES ((gsize) 16 << 20)
#define MAX_SYMBOL_BYTES 256
#define SLOT_BITS 17
#define N_SLOTS (1u << SLOT_BITS)

typedef struct {
  guint32 key;   /* left id << 16 | right id */
  guint32 value; /* id of the merge; 0 marks a free slot */
} Pair;

struct _HfVocabulary {
  guint16 byte_ids[256];
  Pair *pairs; /* [N_SLOTS] */
};

/* The spellings, while loading: symbol i is text[start[i] .. start[i + 1]). */
typedef struct {
  GString *text;
  guint32 *start; /* [HF_VOCABULARY_N_SYMBOLS + 1] */
  guint32 *slots; /* [N_SLOTS], id + 1; 0 marks a free slot */
  guint32 n;
} Symbols;

static void
symbols_clear (Symbols *self)
{
  g_string_free (self->text, TRUE);
  g_free (self->start);
  g_free (self->slots);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Symbols, symbols_clear)

static void
symbols_init (Symbols *self)
{
  self->text = g_string_sized_new ((gsize) 1 << 19);
  self->start = g_new (guint32, HF_VOCABULARY_N_SYMBOLS + 1);
  self->slots = g_new0 (guint32, N_SLOTS);
  self->start[0] = 0;
  self->n = 0;
}

/* The slot that holds @spelling, or the free one where it belongs. FNV-1a
 * (Fowler, Noll and Vo), folded to the size of the table. */
static guint32 *
symbols_slot (const Symbols *self, const char *spelling, gsize size)
{
  guint32 hash = 2166136261u;
  guint32 i;

  for (gsize k = 0; k < size; k++)
    hash = (hash ^ (guint8) spelling[k]) * 16777619u;
  i = (hash ^ hash >> SLOT_BITS) & (N_SLOTS - 1);
  for (; self->slots[i] != 0; i = (i + 1) & (N_SLOTS - 1)) {
    guint32 id = self->slots[i] - 1;

    if (self->start[id + 1] - self->start[id] == size &&
        memcmp (self->text->str + self->start[id], spelling, size) == 0)
      break;
  }
  return &self->slots[i];
}

/* Adds what stands behind the last symbol of the text as a symbol; FALSE if it
 * is one already. */
static gboolean
symbols_seal (Symbols *self)
{
  gsize start = self->start[self->n];
  guint32 *slot =
      symbols_slot (self, self->text->str + start, self->text->len - start);

  if (*slot != 0)
    return FALSE;
  self->start[++self->n] = (guint32) self->text->len;
  *slot = self->n;
  return TRUE;
}

static int
symbols_find (const Symbols *self, const char *spelling, gsize size)
{
  return (int) *symbols_slot (self, spelling, size) - 1;
}

/* Whether the byte stands for the character of its own number. */
static gboolean
spells_itself (int byte)
{
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte != 0xad);
}

/* Bytes that spell themselves come first, in order, then the others. */
static void
add_bytes (HfVocabulary *self, Symbols *symbols)
{
  gunichar spelling[256];
  int n = 0;

  for (int byte = 0; byte < 256; byte++) {
    if (!spells_itself (byte))
      continue;
    spelling[n] = (gunichar) byte;
    self->byte_ids[byte] = (guint16) n++;
  }
  for (int byte = 0, next = 256; byte < 256; byte++) {
    if (spells_itself (byte))
      continue;
    spelling[n] = (gunichar) next++;
    self->byte_ids[byte] = (guint16) n++;
  }
  for (int i = 0; i < 512; i++) {
    g_string_append_unichar (symbols->text, spelling[i % 256]);
    g_string_append (symbols->text, i < 256 ? "" : "</w>");
    symbols_seal (symbols);
  }
}

static Pair *
pair_slot (const HfVocabulary *self, int left, int right)
{
  guint32 key = (guint32) left << 16 | (guint32) right;
  /* Multiplicative hashing by the golden ratio (Knuth, vol. 3, 6.4). */
  guint32 i = key * 2654435769u >> (32 - SLOT_BITS);

  while (self->pairs[i].value != 0 && self->pairs[i].key != key)
    i = (i + 1) & (N_SLOTS - 1);
  return &self->pairs[i];
}

/* Reads one line, without its end. Every half must be a symbol by now, and the
 * whole a new one: then a merge can only be followed by later ones, which
 * clip/text/bpe.c relies on. */
static gboolean
add_merge (HfVocabulary *self, Symbols *symbols, const char *line, gsize size,
           GError **error)
{
  const char *blank = memchr (line, ' ', size);
  gsize left_size = blank != NULL ? (gsize) (blank - line) : size;
  gsize right_size = blank != NULL ? size - left_size - 1 : 0;
  int left = symbols_find (symbols, line, left_size);
  int right = blank ? symbols_find (symbols, blank + 1, right_size) : -1;
  Pair *pair;

  if (left < 0 || right < 0) {
    g_set_error (error, HF_TOKENIZER_ERROR, HF_TOKENIZER_ERROR_FORMAT,
                 _("is not a merge of two symbols known by then"));
    return FALSE;
  }
  if (left_size + right_size > MAX_SYMBOL_BYTES) {
    g_set_error (error, HF_TOKENIZER_ERROR, HF_TOKENIZER_ERROR_FORMAT,
                 _("makes a symbol of %zu bytes, over %d"),
                    left_size + right_size, MAX_SYMBOL_BYTES);
    return FALSE;
  }
  g_string_append_len (symbols->text, line, (gssize) left_size);
  g_string_append_len (symbols->text, blank + 1, (gssize) right_size);
  if (!symbols_seal (symbols)) {
    g_set_error (error, HF_TOKENIZER_ERROR, HF_TOKENIZER_ERROR_FORMAT,
                 _("makes a symbol that is there already"));
    return FALSE;
  }
  pair = pair_slot (self, left, right);
  pair->key = (guint32) left << 16 | (guint32) right;
  pair->value = symbols->n - 1;
  return TRUE;
}

static gboolean
add_merges (HfVocabulary *self, Symbols *symbols, const char *text, gsize size,
            GError **error)
{
  const char *end = text + size;
  const char *line = memchr (text, '\n', size);

  for (int n = 0; n < HF_VOCABULARY_N_MERGES; n++) {
    const char *next;
    gsize line_size;

    if (line == NULL || line + 1 == end) {
      g_set_error (error, HF_TOKENIZER_ERROR, HF_TOKENIZER_ERROR_FORMAT,
                   _("the vocabulary has %d merges where CLIP needs %d"), n,
                      HF_VOCABULARY_N_MERGES);
      return FALSE;
    }
    line++;
    next = memchr (line, '\n', (gsize) (end - line));
    line_size = (gsize) ((next != NULL ? next : end) - line);
    if (line_size > 0 && line[line_size - 1] == '\r')
      line_size--;
    if (!add_merge (self, symbols, line, line_size, error)) {
      g_prefix_error (error, _("line %d of the vocabulary "), n + 2);
      return FALSE;
    }
    line = next;
  }
  return TRUE;
}

static gboolean
is_gzip (const guint8 *data, gsize size)
{
  return size >= 2 && data[0] == 0x1f && data[1] == 0x8b;
}

HfVocabulary *
hf_vocabulary_new (GBytes *bytes, GError **error)
{
  g_autoptr (HfVocabulary) self = g_new0 (HfVocabulary, 1);
  g_auto (Symbols) symbols = {0};
  g_autoptr (GByteArray) unpacked = NULL;
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  symbols_init (&symbols);
  self->pairs = g_new0 (Pair, N_SLOTS);
  add_bytes (self, &symbols);
  if (size == 0) {
    g_set_error_literal (error, HF_TOKENIZER_ERROR, HF_TOKENIZER_ERROR_FORMAT,
                         _("the vocabulary is empty"));
    return NULL;
  }
  if (is_gzip (data, size)) {
    unpacked = hf_gunzip (data, size, MAX_UNPACKED_BYTES, error);
    if (unpacked == NULL)
      return NULL;
    data = unpacked->data;
    size = unpacked->len;
  }
  if (!add_merges (self, &symbols, (const char *) data, size, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
hf_vocabulary_free (HfVocabulary *self)
{
  if (self == NULL)
    return;
  g_free (self->pairs);
  g_free (self);
}

GBytes *
hf_vocabulary_dup_builtin (GError **error)
{
  return hf_builtin_dup ("bpe_simple_vocab_16e6.txt.gz", error);
}

int
hf_vocabulary_get_byte (const HfVocabulary *self, guint8 byte,
                        gboolean ends_word)
{
  return self->byte_ids[byte] + (ends_word ? 256 : 0);
}

int
hf_vocabulary_get_merge (const HfVocabulary *self, int left, int right)
{
  const Pair *pair = pair_slot (self, left, right);

  return pair->value != 0 ? (int) pair->value : -1;
}

/* The pair that @symbol, which is no byte, was merged of. */
static const Pair *
find_merge (const HfVocabulary *self, int symbol)
{
  for (guint i = 0; i < N_SLOTS; i++)
    if ((int) self->pairs[i].value == symbol)
      return &self->pairs[i];
  g_assert_not_reached ();
}

static guint8
find_byte (const HfVocabulary *self, int symbol)
{
  for (int byte = 0; byte < 256; byte++)
    if (self->byte_ids[byte] == symbol)
      return (guint8) byte;
  g_assert_not_reached ();
}

GByteArray *
hf_vocabulary_dup_bytes (const HfVocabulary *self, int symbol,
                         gboolean *ends_word)
{
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (int));
  GByteArray *bytes = g_byte_array_new ();

  g_return_val_if_fail (symbol >= 0 && symbol < HF_VOCABULARY_N_SYMBOLS, bytes);

  /* What is still to be spelled, the next one last. */
  g_array_append_val (left, symbol);
  while (left->len > 0) {
    int last = g_array_index (left, int, left->len - 1);
    guint8 byte;

    g_array_set_size (left, left->len - 1);
    if (last >= 512) {
      const Pair *pair = find_merge (self, last);
      int halves[2] = {(int) (pair->key & 0xffff), (int) (pair->key >> 16)};

      g_array_append_vals (left, halves, 2);
      continue;
    }
    *ends_word = last >= 256;
    byte = find_byte (self, last % 256);
    g_byte_array_append (bytes, &byte, 1);
  }
  return bytes;
}
