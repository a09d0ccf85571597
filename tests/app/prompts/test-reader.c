/* A prompt as the starter model reads it. */
#include "app/places.h"
#include "app/prompts/reader.h"

#include <string.h>

static HfPromptReader *
new_reader (void)
{
  g_autofree char *path = hf_places_dup_data ("models/starter");
  g_autoptr (GError) error = NULL;
  HfPromptReader *reader = hf_prompt_reader_new (path, &error);

  g_assert_no_error (error);
  return reader;
}

static void
test_words (void)
{
  static const struct {
    const char *text;
    HfPromptWordKind kind;
  } wanted[] = {
      {"a", HF_PROMPT_WORD_KNOWN},       {"Rusty", HF_PROMPT_WORD_KNOWN},
      {"bearing", HF_PROMPT_WORD_KNOWN}, {"ring", HF_PROMPT_WORD_KNOWN},
      {"with", HF_PROMPT_WORD_KNOWN},    {"spalling", HF_PROMPT_WORD_UNKNOWN},
      {"grün", HF_PROMPT_WORD_UNKNOWN},
  };
  const char *text = "a Rusty bearing-ring 3 with spalling (\xff grün)";
  g_autoptr (HfPromptReader) reader = new_reader ();
  g_autoptr (HfPromptReading) reading = hf_prompt_reader_read (reader, text);

  g_assert_cmpuint (reading->words->len, ==, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
    const HfPromptWord *word = &g_array_index (reading->words, HfPromptWord, i);

    g_assert_cmpuint (word->size_bytes, ==, strlen (wanted[i].text));
    g_assert_cmpint (
        strncmp (text + word->start, wanted[i].text, word->size_bytes), ==, 0);
    g_assert_cmpint (word->kind, ==, wanted[i].kind);
  }
  g_assert_cmpuint (reading->cut_at, ==, strlen (text));
}

static void
test_cut (void)
{
  g_autoptr (HfPromptReader) reader = new_reader ();
  gsize length = hf_prompt_reader_get_length (reader);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (HfPromptReading) fits = NULL;
  g_autoptr (HfPromptReading) cut = NULL;

  /* Start and end take two places. */
  for (gsize i = 0; i + 2 < length; i++)
    g_string_append (text, "ring ");
  fits = hf_prompt_reader_read (reader, text->str);
  g_assert_cmpuint (fits->n_tokens, ==, length);
  g_assert_cmpuint (fits->cut_at, ==, text->len);
  g_string_append (text, "rusty end");
  cut = hf_prompt_reader_read (reader, text->str);
  g_assert_cmpuint (cut->n_tokens, ==, length + 2);
  g_assert_cmpstr (text->str + cut->cut_at, ==, "rusty end");
}

static void
test_empty (void)
{
  g_autoptr (HfPromptReader) reader = new_reader ();
  g_autoptr (HfPromptReading) reading = hf_prompt_reader_read (reader, "");

  g_assert_cmpuint (reading->n_tokens, ==, 2);
  g_assert_cmpuint (reading->words->len, ==, 0);
  g_assert_cmpuint (reading->cut_at, ==, 0);
}

static void
test_no_model (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_prompt_reader_new ("/does/not/exist", &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prompt-reader/words-the-model-does-not-know", test_words);
  g_test_add_func ("/prompt-reader/where-a-long-prompt-is-cut", test_cut);
  g_test_add_func ("/prompt-reader/an-empty-prompt", test_empty);
  g_test_add_func ("/prompt-reader/without-a-model-there-is-no-reader",
                   test_no_model);
  return g_test_run ();
}
