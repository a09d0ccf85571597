#include "base/json.h"

#include <string.h>

static HfJson *
parse (const char *text, GError **error)
{
  return hf_json_parse (text, strlen (text), error);
}

static void
test_values (void)
{
  g_autoptr (HfJson) json =
      parse (" {\"i\": 7, \"d\": 0.5, \"b\": true, \"s\": \"x\"}\n", NULL);
  gint64 i = 0;
  double d = 0;
  gboolean b = FALSE;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (json);
  g_assert_true (hf_json_read_int (json, "i", 0, 10, &i, &error));
  g_assert_true (hf_json_read_double (json, "d", 0, 1, &d, &error));
  g_assert_true (hf_json_read_bool (json, "b", &b, &error));
  g_assert_true (hf_json_read_int (json, "missing", 0, 10, &i, &error));
  g_assert_no_error (error);
  g_assert_cmpint (i, ==, 7);
  g_assert_cmpfloat (d, ==, 0.5);
  g_assert_true (b);
  g_assert_null (hf_json_get (json, "missing"));
}

static void
test_types (void)
{
  static const char *const bad[] = {
      "{\"i\": \"7\"}", "{\"i\": 7.5}", "{\"i\": 11}",
      "{\"i\": -1}",    "{\"i\": [7]}", "{\"i\": true}",
  };

  for (gsize k = 0; k < G_N_ELEMENTS (bad); k++) {
    g_autoptr (HfJson) json = parse (bad[k], NULL);
    g_autoptr (GError) error = NULL;
    gint64 i = 3;

    g_assert_nonnull (json);
    g_assert_false (hf_json_read_int (json, "i", 0, 10, &i, &error));
    g_assert_error (error, HF_JSON_ERROR, HF_JSON_ERROR_TYPE);
    g_assert_cmpint (i, ==, 3);
  }
}

/* Newer versions of json-c do not even read it. */
static void
test_too_large (void)
{
  g_autoptr (HfJson) json = parse ("{\"i\": 18446744073709551628}", NULL);
  gint64 i = 3;

  if (json != NULL)
    g_assert_false (hf_json_read_int (json, "i", 0, 10, &i, NULL));
  g_assert_cmpint (i, ==, 3);
}

/* Whatever the length, the cut leaves a message that can be shown. */
static void
test_cut (void)
{
  for (int n = 30; n < 45; n++) {
    g_autoptr (GString) text = g_string_new ("{\"i\": \"");
    g_autoptr (HfJson) json = NULL;
    g_autoptr (GError) error = NULL;
    gint64 i = 3;

    for (int k = 0; k < n; k++)
      g_string_append_c (text, 'x');
    g_string_append (text, "\u20ac\u20ac\"}");
    json = parse (text->str, NULL);
    g_assert_false (hf_json_read_int (json, "i", 0, 10, &i, &error));
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  }
}

/* json-c 0.18 refuses what is beyond ASCII, so that it is read another way. */
static void
test_beyond_ascii (void)
{
  static const char text[] = "\u00fc\u20ac\u4e2d\U0001f529 \u0639";
  g_autofree char *good = g_strdup_printf ("{\"%s\": [\"%s\"]}", text, text);
  g_autofree char *bad = g_strdup_printf ("{\"s\": \"%s\\q\"}", text);
  g_autofree char *outside = g_strdup_printf ("[%s]", text);
  g_autofree char *place = g_strdup_printf ("byte %zu", 8 + strlen (text));
  g_autoptr (HfJson) json = parse (good, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (json_object_get_string (
                       json_object_array_get_idx (hf_json_get (json, text), 0)),
                   ==, text);
  g_assert_null (parse (bad, &error));
  g_assert_nonnull (strstr (error->message, place));
  g_assert_null (parse (outside, NULL));
}

static void
test_syntax (void)
{
  static const char *const bad[] = {
      "",      " ",        "{",     "{\"a\": 1,}", "{'a': 1}",
      "[1] 2", "{} x",     "\xff",  "[NaN]",       "[Infinity]",
      "nul",   "// x\n{}", "[1, ]", "{\"a\" 1}",   "null",
  };
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (gsize k = 0; k < G_N_ELEMENTS (bad); k++) {
    g_autoptr (GError) why = NULL;

    g_assert_null (parse (bad[k], &why));
    g_assert_error (why, HF_JSON_ERROR, HF_JSON_ERROR_SYNTAX);
  }
  for (int i = 0; i < 100000; i++)
    g_string_append_c (deep, '[');
  g_assert_null (parse (deep->str, &error));
  g_assert_error (error, HF_JSON_ERROR, HF_JSON_ERROR_SYNTAX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/json/values-are-read", test_values);
  g_test_add_func ("/base/json/wrong-types-are-refused", test_types);
  g_test_add_func ("/base/json/too-large-a-number-is-refused", test_too_large);
  g_test_add_func ("/base/json/long-values-are-cut-between-characters",
                   test_cut);
  g_test_add_func ("/base/json/beyond-ascii", test_beyond_ascii);
  g_test_add_func ("/base/json/broken-text-is-refused", test_syntax);
  return g_test_run ();
}
