/* Texts, cut and uncut, with their notices. */
#include "app/jobs/texts.h"

static void
test_cut (void)
{
  g_autoptr (HfTokenizer) tokenizer = hf_tokenizer_new (NULL);
  g_autofree char *fits = g_strnfill (75, '1'); /* a digit is a token */
  g_autofree char *over = g_strnfill (76, '1');
  const char *written[] = {fits, over, "", NULL};
  g_autoptr (HfTexts) texts = hf_texts_new (tokenizer, written, 77);
  g_autofree char *notice = hf_texts_dup_cut_notice (texts, 1);

  g_assert_cmpuint (hf_texts_get_n (texts), ==, 3);
  g_assert_cmpuint (hf_texts_get_n_ids (texts)[0], ==, 77);
  g_assert_null (hf_texts_dup_cut_notice (texts, 0));
  g_assert_cmpuint (hf_texts_get_n_ids (texts)[1], ==, 77);
  g_assert_cmpint (hf_texts_get_ids (texts)[1][76], ==, HF_TOKEN_END);
  g_assert_nonnull (strstr (notice, "78 tokens"));
  g_assert_nonnull (strstr (notice, "\"1111111111"));
  g_assert_cmpuint (hf_texts_get_n_ids (texts)[2], ==, 2);
}

static void
test_odd_bytes (void)
{
  g_autoptr (HfTokenizer) tokenizer = hf_tokenizer_new (NULL);
  const char *written[] = {"\xff\xfe long \xc3", NULL};
  g_autoptr (HfTexts) texts = hf_texts_new (tokenizer, written, 4);
  g_autofree char *notice = hf_texts_dup_cut_notice (texts, 0);

  g_assert_true (g_utf8_validate (notice, -1, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/texts/over-77-tokens-are-cut-and-named", test_cut);
  g_test_add_func ("/texts/notices-are-utf-8", test_odd_bytes);
  return g_test_run ();
}
