/* Any bytes are a text: ids must be sound, and the cleaned text must be valid
 * UTF-8, in lower case already and without doubled or outer blanks. */
#include "clip/text/clean.h"
#include "clip/text/unicode.h"
#include "clip/tokenizer.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Loading takes longer than most inputs, so it happens once. */
static const HfTokenizer *
get_tokenizer (void)
{
  static gsize tokenizer = 0;

  if (g_once_init_enter (&tokenizer))
    g_once_init_leave (&tokenizer, (gsize) hf_tokenizer_new (NULL));
  return (const HfTokenizer *) tokenizer;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  /* An empty input may come without memory. */
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autofree char *cleaned = hf_text_clean (text);
  g_autofree char *lower = hf_unicode_lower (cleaned);
  gsize n = 0;
  g_autofree int *ids = hf_tokenizer_encode (get_tokenizer (), text, &n);

  g_assert_true (g_utf8_validate (cleaned, -1, NULL));
  g_assert_null (strstr (cleaned, "  "));
  g_assert_false (g_str_has_prefix (cleaned, " "));
  g_assert_false (g_str_has_suffix (cleaned, " "));
  g_assert_cmpstr (lower, ==, cleaned);
  g_assert_cmpuint (n, >=, 2);
  g_assert_cmpint (ids[0], ==, HF_TOKEN_START);
  g_assert_cmpint (ids[n - 1], ==, HF_TOKEN_END);
  for (gsize i = 0; i < n; i++)
    g_assert_true (ids[i] >= 0 && ids[i] <= HF_TOKEN_END);
  hf_tokens_cut (ids, &n, 77);
  g_assert_cmpuint (n, <=, 77);
  return 0;
}
