/* The whole way from a text to ids, against OpenAI's tokenizer. */
#include "base/json.h"
#include "clip/text/bpe.h"
#include "clip/text/clean.h"
#include "clip/tokenizer.h"

#include <string.h>

#define CONTEXT_LENGTH 77

static HfTokenizer *
tokenizer_new (void)
{
  g_autoptr (GError) error = NULL;
  HfTokenizer *tokenizer = hf_tokenizer_new (&error);

  g_assert_no_error (error);
  return tokenizer;
}

static HfJson *
load_goldens (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("HANDFUL_TEST_DATA"),
                                            "tokens", "tokens.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize size = 0;
  HfJson *json = NULL;

  g_file_get_contents (path, &text, &size, &error);
  g_assert_no_error (error);
  json = hf_json_parse (text, size, &error);
  g_assert_no_error (error);
  return json;
}

static void
check_golden (const HfTokenizer *tokenizer, HfJson *record)
{
  const char *text = json_object_get_string (hf_json_get (record, "text"));
  HfJson *want = hf_json_get (record, "ids");
  gint64 length = 0;
  gsize n_ids = 0;
  g_autofree int *ids = hf_tokenizer_encode (tokenizer, text, &n_ids);
  g_autofree char *cleaned = hf_text_clean (text);

  g_assert_true (
      hf_json_read_int (record, "length", 0, 1 << 20, &length, NULL));
  g_assert_cmpstr (cleaned, ==,
                   json_object_get_string (hf_json_get (record, "cleaned")));
  g_assert_cmpuint (n_ids, ==, length);
  g_assert_cmpint (hf_tokens_cut (ids, &n_ids, CONTEXT_LENGTH), ==,
                   length > CONTEXT_LENGTH);
  g_assert_cmpuint (n_ids, ==, json_object_array_length (want));
  for (gsize i = 0; i < n_ids; i++)
    g_assert_cmpint (ids[i], ==,
                     json_object_get_int (json_object_array_get_idx (want, i)));
}

static void
test_goldens (void)
{
  g_autoptr (HfTokenizer) tokenizer = tokenizer_new ();
  g_autoptr (HfJson) goldens = load_goldens ();
  gsize n = json_object_array_length (goldens), n_checked = 0;

  for (gsize i = 0; i < n; i++) {
    HfJson *record = json_object_array_get_idx (goldens, i);

    if (hf_json_get (record, "ftfy_changes") != NULL)
      continue;
    g_test_message ("text %" G_GSIZE_FORMAT, i);
    check_golden (tokenizer, record);
    n_checked++;
  }
  g_assert_cmpuint (n, ==, 605);
  g_assert_cmpuint (n_checked, ==, 568);
}

static void
assert_ids (const char *text, const int *want, gsize n_want)
{
  g_autoptr (HfTokenizer) tokenizer = tokenizer_new ();
  gsize n = 0;
  g_autofree int *ids = hf_tokenizer_encode (tokenizer, text, &n);

  g_assert_cmpmem (ids, n * sizeof *ids, want, n_want * sizeof *want);
}

#define ASSERT_IDS(text, ...)                                                \
  assert_ids (text, (const int[]){HF_TOKEN_START, __VA_ARGS__ HF_TOKEN_END}, \
              G_N_ELEMENTS (((const int[]){0, __VA_ARGS__ 0})))

/* Ids from OpenAI's tokenizer. */
static void
test_borders (void)
{
  ASSERT_IDS ("", );
  ASSERT_IDS (" \t\n", );
  ASSERT_IDS ("\x01\x02\xef\xbb\xbf", );
  ASSERT_IDS ("a<|endoftext|>", 320, HF_TOKEN_END, );
  ASSERT_IDS ("<|StartOfText|>", HF_TOKEN_START, );
  /* A long s makes it a special name for the pattern, but not for the ids. */
  ASSERT_IDS ("<|\u017ftartoftext|>", 27, 91, 129, 123, 2002, 6659, 18169, 91,
              285, );
  /* U+0345 parts what it stands in and is lost. */
  ASSERT_IDS ("a\u0345b", 320, 321, );
}

/* Every byte that is not UTF-8 counts as a replacement character, as Python
 * reads arguments. */
static void
test_invalid_utf8 (void)
{
  g_autoptr (HfTokenizer) tokenizer = tokenizer_new ();
  gsize n = 0, n_plain = 0;
  g_autofree int *ids =
      hf_tokenizer_encode (tokenizer, "a\xff\xe2\x82 b\xc0", &n);
  g_autofree int *plain =
      hf_tokenizer_encode (tokenizer, "a\ufffd\ufffd\ufffd b\ufffd", &n_plain);

  g_assert_cmpmem (ids, n * sizeof *ids, plain, n_plain * sizeof *plain);
}

static void
test_cut (void)
{
  int ids[] = {49406, 1, 2, 3, 49407};
  gsize n = 5;

  g_assert_false (hf_tokens_cut (ids, &n, 5));
  g_assert_cmpuint (n, ==, 5);
  g_assert_cmpint (ids[4], ==, 49407);
  g_assert_true (hf_tokens_cut (ids, &n, 4));
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpint (ids[2], ==, 2);
  g_assert_cmpint (ids[3], ==, 49407);
  g_assert_true (hf_tokens_cut (ids, &n, 1));
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (ids[0], ==, 49407);
}

/* The definition: join all places of the lowest pair, then look again. */
static GArray *
naive_encode (const HfVocabulary *vocabulary, const char *word, gsize size)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (int));
  int lowest = 0;

  for (gsize i = 0; i < size; i++) {
    int id =
        hf_vocabulary_get_byte (vocabulary, (guint8) word[i], i == size - 1);

    g_array_append_val (ids, id);
  }
  while (lowest >= 0) {
    int *id = (int *) (void *) ids->data;
    int left = -1, right = -1;

    lowest = -1;
    for (guint i = 0; i + 1 < ids->len; i++) {
      int merge = hf_vocabulary_get_merge (vocabulary, id[i], id[i + 1]);

      if (merge < 0 || (lowest >= 0 && merge >= lowest))
        continue;
      lowest = merge;
      left = id[i];
      right = id[i + 1];
    }
    for (guint i = 0; lowest >= 0 && i + 1 < ids->len; i++) {
      if (id[i] != left || id[i + 1] != right)
        continue;
      id[i] = lowest;
      g_array_remove_index (ids, i + 1);
    }
  }
  return ids;
}

static void
test_bpe_twin (void)
{
  static const char *const letters[] = {"a", "ab", "eint", "abcdefghijklmnop",
                                        "\xc3\xa4\xe2\x82<>/w"};
  g_autoptr (GBytes) bytes = hf_vocabulary_dup_builtin (NULL);
  g_autoptr (HfVocabulary) vocabulary = hf_vocabulary_new (bytes, NULL);
  g_autoptr (HfBpe) bpe = hf_bpe_new (vocabulary);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  char word[200];

  for (int k = 0; k < 3000; k++) {
    const char *set = letters[k % G_N_ELEMENTS (letters)];
    gsize n = (gsize) g_rand_int_range (random, 1, k < 2900 ? 20 : 200);
    g_autoptr (GArray) got = g_array_new (FALSE, FALSE, sizeof (int));
    g_autoptr (GArray) want = NULL;

    for (gsize i = 0; i < n; i++)
      word[i] = set[g_rand_int_range (random, 0, (int) strlen (set))];
    hf_bpe_encode (bpe, word, n, got);
    want = naive_encode (vocabulary, word, n);
    g_assert_cmpmem (got->data, got->len * sizeof (int), want->data,
                     want->len * sizeof (int));
  }
}

/* Each unit is a trap for one step that could take quadratic time; GLib's own
 * normalization would need a minute and a half for the fifth. The time limit of
 * the test is the bound. */
static void
test_long_texts (void)
{
  static const char *const units[] = {
      "a",
      "ab",
      "!",
      "e\u0301",
      "\u0316\u0301",
      "\u09c7\u09be",
      "\u0f74\u0f73",
      "&amp;",
      "&",
      "&aaaaaaaa",
      "\u03a3.",
      "\033[1;",
      "<|end",
      "\xff",
      "\uff76\uff9e",
      "&amp",
      "\u1112\u1161",
      "'",
      "1",
      "\n<",
  };
  g_autoptr (HfTokenizer) tokenizer = tokenizer_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
    g_autoptr (GString) text = g_string_new ("x");
    gsize n = 0;
    g_autofree int *ids = NULL;

    while (text->len < 1 << 20)
      g_string_append (text, units[i]);
    ids = hf_tokenizer_encode (tokenizer, text->str, &n);
    g_assert_cmpint (ids[0], ==, HF_TOKEN_START);
    g_assert_cmpint (ids[n - 1], ==, HF_TOKEN_END);
    g_assert_cmpuint (n, >, 2);
  }
}

/* "&amp;amp;amp;..." loses one level a round; with a text of nothing else the
 * rounds must end. */
static void
test_deep_references (void)
{
  g_autoptr (GString) text = g_string_new ("&");
  g_autofree char *cleaned = NULL;

  for (int i = 0; i < 300; i++)
    g_string_append (text, "amp;");
  cleaned = hf_text_clean (text->str);
  g_assert_cmpstr (cleaned, ==, "&");
  while (text->len < 1 << 20)
    g_string_append (text, "amp;");
  g_free (cleaned);
  cleaned = hf_text_clean (text->str);
  g_assert_true (g_str_has_prefix (cleaned, "&"));
}

/* What is read of the tokens of a text is the text again. */
static void
test_dup_token (void)
{
  g_autoptr (HfTokenizer) tokenizer = tokenizer_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  const char *written = "a scratched bearing ring, uncalibratable \303\244";
  gsize n_ids = 0;
  g_autofree int *ids = hf_tokenizer_encode (tokenizer, written, &n_ids);

  for (gsize i = 1; i + 1 < n_ids; i++) {
    g_autofree char *token = hf_tokenizer_dup_token (tokenizer, ids[i]);

    g_string_append (text, token);
    if (g_str_has_suffix (token, "-"))
      g_string_truncate (text, text->len - 1);
    else
      g_string_append_c (text, ' ');
  }
  g_assert_cmpstr (text->str, ==,
                   "a scratched bearing ring , uncalibratable \303\244 ");
  for (int id = HF_TOKEN_START; id <= HF_TOKEN_END + 1; id++) {
    static const char *const wanted[] = {"<|startoftext|>", "<|endoftext|>",
                                         ""};
    g_autofree char *token = hf_tokenizer_dup_token (tokenizer, id);

    g_assert_cmpstr (token, ==, wanted[id - HF_TOKEN_START]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clip/tokenizer/equals-openai-on-600-texts", test_goldens);
  g_test_add_func ("/clip/tokenizer/borders-of-the-pattern", test_borders);
  g_test_add_func ("/clip/tokenizer/invalid-utf8-is-replaced",
                   test_invalid_utf8);
  g_test_add_func ("/clip/tokenizer/cuts-like-truncate", test_cut);
  g_test_add_func ("/clip/tokenizer/merges-like-the-definition", test_bpe_twin);
  g_test_add_func ("/clip/tokenizer/long-texts-take-no-quadratic-time",
                   test_long_texts);
  g_test_add_func ("/clip/tokenizer/tokens-can-be-read", test_dup_token);
  g_test_add_func ("/clip/tokenizer/deep-references-end", test_deep_references);
  return g_test_run ();
}
