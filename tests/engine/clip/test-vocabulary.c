/* Sound, damaged and hostile vocabularies. */
#include "clip/text/vocabulary.h"
#include "clip/tokenizer.h"

#include <gio/gio.h>
#include <string.h>

/* Files of tests/golden/oddmodels/vocab and what the refusal must say. */
typedef struct {
  const char *file;
  const char *reason;
} Odd;

static const Odd odd[] = {
    {"bomb-200m.txt.gz", "more than the limit"},
    {"crc-wrong.txt.gz", "are damaged"},
    /* Line ends of CR LF are read; ten merges are too few. */
    {"crlf.txt.gz", "10 merges"},
    {"duplicate-merge.txt.gz", "line 12 * there already"},
    {"empty-content.txt.gz", "0 merges"},
    {"header-only.txt.gz", "end early"},
    {"long-line.txt.gz", "line 12 * not a merge"},
    {"noise.txt.gz", "are damaged"},
    {"not-gzip.txt.gz", "10 merges"},
    {"not-utf8.txt.gz", "line 12 * not a merge"},
    {"nul-bytes.txt.gz", "line 3 * not a merge"},
    {"one-column.txt.gz", "line 12 * not a merge"},
    {"size-wrong.txt.gz", "are damaged"},
    {"small.txt.gz", "10 merges"},
    {"three-columns.txt.gz", "line 12 * not a merge"},
    {"trailing-garbage.txt.gz", "are damaged"},
    {"truncated-trailer.txt.gz", "end early"},
    {"truncated.txt.gz", "end early"},
    {"two-members.txt.gz", "10 merges"},
    {"zero-bytes.txt.gz", "is empty"},
};

/* Refused with HF_TOKENIZER_ERROR_FORMAT and a message that holds @reason,
 * where * stands for anything. */
static void
assert_refused (GBytes *bytes, const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pattern = g_strconcat ("*", reason, "*", NULL);

  g_assert_null (hf_vocabulary_new (bytes, &error));
  g_assert_error (error, HF_TOKENIZER_ERROR, HF_TOKENIZER_ERROR_FORMAT);
  g_test_message ("%s", error->message);
  g_assert_true (g_pattern_match_simple (pattern, error->message));
}

static void
test_odd_files (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (odd); i++) {
    g_autofree char *path =
        g_build_filename (g_getenv ("HANDFUL_TEST_DATA"), "oddmodels", "vocab",
                          odd[i].file, NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, &error);
    g_autoptr (GBytes) bytes = NULL;

    g_assert_no_error (error);
    g_test_message ("%s", odd[i].file);
    bytes = g_mapped_file_get_bytes (file);
    assert_refused (bytes, odd[i].reason);
  }
}

/* The built-in vocabulary as text. */
static GBytes *
unpack_builtin (void)
{
  g_autoptr (GBytes) bytes = hf_vocabulary_dup_builtin (NULL);
  g_autoptr (GZlibDecompressor) gzip =
      g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GInputStream) packed =
      g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GInputStream) stream =
      g_converter_input_stream_new (packed, G_CONVERTER (gzip));
  g_autoptr (GError) error = NULL;
  GBytes *text = g_input_stream_read_bytes (stream, 16 << 20, NULL, &error);

  g_assert_no_error (error);
  return text;
}

static GBytes *
pack (const char *text, gsize size)
{
  g_autoptr (GZlibCompressor) gzip =
      g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream =
      g_converter_output_stream_new (out, G_CONVERTER (gzip));

  g_assert_true (
      g_output_stream_write_all (stream, text, size, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

/* Ids as OpenAI's tokenizer gives them. */
static void
assert_sound (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfTokenizer) tokenizer =
      hf_tokenizer_new_from_bytes (bytes, &error);
  gsize n = 0;
  g_autofree int *ids = NULL;

  g_assert_no_error (error);
  ids = hf_tokenizer_encode (tokenizer, "a photo of the cat", &n);
  g_assert_cmpuint (n, ==, 7);
  g_assert_cmpint (ids[1], ==, 320);
  g_assert_cmpint (ids[2], ==, 1125);
  g_assert_cmpint (ids[3], ==, 539);
  g_assert_cmpint (ids[4], ==, 518);
  g_assert_cmpint (ids[5], ==, 2368);
}

/* Every "\n" as "\r\n". */
static GBytes *
dup_with_crlf (const char *text, gsize size)
{
  g_autoptr (GString) out = g_string_sized_new (2 * size);

  for (gsize i = 0; i < size; i++) {
    if (text[i] == '\n')
      g_string_append_c (out, '\r');
    g_string_append_c (out, text[i]);
  }
  return g_string_free_to_bytes (g_steal_pointer (&out));
}

static GBytes *
join (GBytes *first, GBytes *second)
{
  GByteArray *both = g_byte_array_new ();

  g_byte_array_append (both, g_bytes_get_data (first, NULL),
                       (guint) g_bytes_get_size (first));
  g_byte_array_append (both, g_bytes_get_data (second, NULL),
                       (guint) g_bytes_get_size (second));
  return g_byte_array_free_to_bytes (both);
}

static void
test_sound_forms (void)
{
  g_autoptr (GBytes) gzip = hf_vocabulary_dup_builtin (NULL);
  g_autoptr (GBytes) text = unpack_builtin ();
  const char *data = g_bytes_get_data (text, NULL);
  gsize size = g_bytes_get_size (text), half = size / 2;
  g_autoptr (GBytes) crlf = dup_with_crlf (data, size);
  g_autoptr (GBytes) first = pack (data, half);
  g_autoptr (GBytes) second = pack (data + half, size - half);
  g_autoptr (GBytes) members = join (first, second);

  assert_sound (gzip);
  assert_sound (text);
  assert_sound (crlf);
  assert_sound (members);
}

static void
test_damaged_builtin (void)
{
  g_autoptr (GBytes) bytes = hf_vocabulary_dup_builtin (NULL);
  gsize size = g_bytes_get_size (bytes);
  const gsize cuts[] = {1,        2,        9,        10,      11,
                        size / 2, size - 8, size - 4, size - 1};

  for (gsize i = 0; i < G_N_ELEMENTS (cuts); i++) {
    g_autoptr (GBytes) cut = g_bytes_new_from_bytes (bytes, 0, cuts[i]);

    assert_refused (cut, cuts[i] == 1 ? "0 merges" : "end early");
  }
  /* Each byte of checksum and length counts. */
  for (gsize i = size - 8; i < size; i++) {
    g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
    g_autoptr (GBytes) wrong = NULL;

    copy[i] ^= 0x40;
    wrong = g_bytes_new_static (copy, size);
    assert_refused (wrong, "are damaged");
  }
}

static void
assert_text_refused (GBytes *builtin, gsize at, const char *instead,
                     const char *reason)
{
  gsize size = g_bytes_get_size (builtin);
  g_autofree char *copy = g_memdup2 (g_bytes_get_data (builtin, NULL), size);
  g_autoptr (GBytes) wrong = NULL;

  memcpy (copy + at, instead, strlen (instead));
  wrong = g_bytes_new_static (copy, size);
  assert_refused (wrong, reason);
}

static void
test_wrong_lines (void)
{
  g_autoptr (GBytes) text = unpack_builtin ();
  const char *data = g_bytes_get_data (text, NULL);
  gsize line = (gsize) (strchr (data, '\n') + 1 - data);
  g_autoptr (GBytes) cut = NULL;

  g_assert_true (g_str_has_prefix (data + line, "i n\nt h\na n\n"));
  assert_text_refused (text, line, "t h", "line 3 * there already");
  assert_text_refused (text, line, "thh", "line 2 * not a merge");
  assert_text_refused (text, line, " hh", "line 2 * not a merge");
  assert_text_refused (text, line, "hh ", "line 2 * not a merge");
  assert_text_refused (text, line + 2, "\xc3", "line 2 * not a merge");
  cut = g_bytes_new_from_bytes (text, 0, line + 7);
  assert_refused (cut, "has 2 merges where CLIP needs 48894");
}

/* Over 256 bytes: "aa", "aaaa", ... are each a merge of two known symbols. */
static void
test_long_symbol (void)
{
  g_autoptr (GString) text = g_string_new ("header\n");
  g_autoptr (GString) half = g_string_new ("a");
  g_autoptr (GBytes) bytes = NULL;

  while (half->len <= 256) {
    g_string_append_printf (text, "%s %s\n", half->str, half->str);
    g_string_append_len (half, half->str, (gssize) half->len);
  }
  bytes = g_bytes_new (text->str, text->len);
  assert_refused (bytes, "line 10 * symbol of 512 bytes, over 256");
}

static void
test_ids (void)
{
  g_autoptr (GBytes) bytes = hf_vocabulary_dup_builtin (NULL);
  g_autoptr (HfVocabulary) vocabulary = hf_vocabulary_new (bytes, NULL);
  gboolean seen[512] = {FALSE};

  /* "!" is the first of OpenAI's bytes, the soft hyphen 0xAD the last. */
  g_assert_cmpint (hf_vocabulary_get_byte (vocabulary, '!', FALSE), ==, 0);
  g_assert_cmpint (hf_vocabulary_get_byte (vocabulary, 'a', TRUE), ==, 320);
  g_assert_cmpint (hf_vocabulary_get_byte (vocabulary, 0, FALSE), ==, 188);
  g_assert_cmpint (hf_vocabulary_get_byte (vocabulary, 0xad, TRUE), ==, 511);
  for (int i = 0; i < 512; i++) {
    int id = hf_vocabulary_get_byte (vocabulary, (guint8) i, i > 255);

    g_assert_true (id >= 0 && id < 512 && !seen[id]);
    seen[id] = TRUE;
  }
  g_assert_cmpint (
      hf_vocabulary_get_merge (vocabulary,
                               hf_vocabulary_get_byte (vocabulary, 'i', FALSE),
                               hf_vocabulary_get_byte (vocabulary, 'n', FALSE)),
      ==, 512);
  g_assert_cmpint (hf_vocabulary_get_merge (vocabulary, 0, 512), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clip/vocabulary/ids-are-openais", test_ids);
  g_test_add_func ("/clip/vocabulary/odd-files-are-refused-with-the-reason",
                   test_odd_files);
  g_test_add_func ("/clip/vocabulary/gzip-text-crlf-and-two-members-are-read",
                   test_sound_forms);
  g_test_add_func ("/clip/vocabulary/cut-or-flipped-gzip-is-refused",
                   test_damaged_builtin);
  g_test_add_func ("/clip/vocabulary/wrong-lines-are-named", test_wrong_lines);
  g_test_add_func ("/clip/vocabulary/symbols-over-256-bytes-are-refused",
                   test_long_symbol);
  return g_test_run ();
}
