/* Names of any bytes, numbers and sizes as they are shown. */
#include "app/cli/output.h"

#include <math.h>

static void
check_shown (const char *bytes, const char *wanted)
{
  g_autofree char *shown = hf_output_dup_shown (bytes);

  g_assert_cmpstr (shown, ==, wanted);
}

static void
test_shown (void)
{
  check_shown ("", "");
  check_shown ("plain.png", "plain.png");
  check_shown ("\xc3\xa4 \\x41.png", "\xc3\xa4 \\x41.png");
  check_shown ("bad-\xff\xfe.png", "bad-\\xff\\xfe.png");
  check_shown ("a\\b\xff", "a\\\\b\\xff");
  check_shown ("cut \xe2\x82", "cut \\xe2\\x82");
  check_shown ("\xc3\xa4\xff\xc3\xa4", "\xc3\xa4\\xff\xc3\xa4");
  /* A surrogate is no UTF-8. */
  check_shown ("\xed\xa0\x80", "\\xed\\xa0\\x80");
}

static void
test_printable (void)
{
  g_autofree char *escape = hf_output_dup_printable ("a\x1b[31m\nb\x7f");
  g_autofree char *c1 = hf_output_dup_printable ("x\xc2\x9b"
                                                 "y");

  g_assert_cmpstr (escape, ==, "a\\x1b[31m\\x0ab\\x7f");
  g_assert_cmpstr (c1, ==, "x\\x9by");
}

static void
check_number (double value, int digits, const char *wanted)
{
  g_autoptr (HfJson) json = hf_output_new_number (value, digits);

  g_assert_cmpstr (json_object_to_json_string (json), ==, wanted);
}

static void
test_numbers (void)
{
  check_number (0.1, 9, "0.1");
  check_number (1.0 / 3, 4, "0.3333");
  check_number (1e-12, 3, "1e-12");
  check_number (0, 9, "0");
  check_number (NAN, 9, "null");
  check_number (INFINITY, 9, "null");
}

static void
check_size (guint64 bytes, const char *wanted)
{
  g_autofree char *text = hf_output_dup_size (bytes);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_sizes (void)
{
  check_size (0, "0 B");
  check_size (999, "999 B");
  check_size (1000, "1.0 kB");
  check_size (20519010, "21 MB");
  check_size (1350000000, "1.4 GB");
  check_size (G_MAXUINT64, "18446744 TB");
}

static void
test_noun (void)
{
  g_assert_cmpstr (hf_output_get_noun (0, "lot", "lots"), ==, "lots");
  g_assert_cmpstr (hf_output_get_noun (1, "lot", "lots"), ==, "lot");
  g_assert_cmpstr (hf_output_get_noun (2, "lot", "lots"), ==, "lots");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/output/names-of-any-bytes", test_shown);
  g_test_add_func ("/output/control-characters-are-shown", test_printable);
  g_test_add_func ("/output/numbers", test_numbers);
  g_test_add_func ("/output/sizes", test_sizes);
  g_test_add_func ("/output/a-noun-goes-with-its-number", test_noun);
  return g_test_run ();
}
