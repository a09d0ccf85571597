/* Templates and what they stand for. */
#include "clip/prompts.h"

static const char *const parts[] = {"ring", "bolt", NULL};
static const char *const defects[] = {"rust", "a {dent}", "dirt", NULL};
static const char *const none[] = {NULL};

static GHashTable *
values_new (void)
{
  GHashTable *values = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (values, (gpointer) "class", (gpointer) parts);
  g_hash_table_insert (values, (gpointer) "defect", (gpointer) defects);
  g_hash_table_insert (values, (gpointer) "none", (gpointer) none);
  return values;
}

/* @want: the prompts, joined by "|". */
static void
assert_expands (const char *template, const char *want)
{
  g_autoptr (GHashTable) values = values_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) prompts = hf_prompt_expand (template, values, &error);
  g_autofree char *joined = NULL;

  g_assert_no_error (error);
  joined = g_strjoinv ("|", prompts);
  g_assert_cmpstr (joined, ==, want);
}

static void
assert_fails (const char *template, HfPromptError code, const char *names)
{
  g_autoptr (GHashTable) values = values_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_prompt_expand (template, values, &error));
  g_assert_error (error, HF_PROMPT_ERROR, (int) code);
  g_assert_nonnull (g_strstr_len (error->message, -1, names));
}

static void
test_expand (void)
{
  assert_expands ("", "");
  assert_expands ("a photo", "a photo");
  assert_expands ("a {class} part", "a ring part|a bolt part");
  assert_expands ("{class}", "ring|bolt");
  assert_expands ("{class}{class}", "ringring|boltbolt");
}

static void
test_order (void)
{
  assert_expands ("{defect} on a {class}, {defect}!",
                  "rust on a ring, rust!|rust on a bolt, rust!|"
                  "a {dent} on a ring, a {dent}!|"
                  "a {dent} on a bolt, a {dent}!|"
                  "dirt on a ring, dirt!|dirt on a bolt, dirt!");
}

static void
test_braces (void)
{
  assert_expands ("{{class}}", "{class}");
  assert_expands ("{{{class}}}", "{ring}|{bolt}");
  assert_expands ("}}{{", "}{");
}

static void
test_errors (void)
{
  assert_fails ("a {part}", HF_PROMPT_ERROR_UNKNOWN, "{part}");
  assert_fails ("{class} {Class}", HF_PROMPT_ERROR_UNKNOWN, "{Class}");
  assert_fails ("{none}", HF_PROMPT_ERROR_UNKNOWN, "{none}");
  assert_fails ("a {class", HF_PROMPT_ERROR_SYNTAX, "{class");
  assert_fails ("{cla{class}", HF_PROMPT_ERROR_SYNTAX, "{cla");
  assert_fails ("a {}", HF_PROMPT_ERROR_SYNTAX, "no name");
  assert_fails ("{", HF_PROMPT_ERROR_SYNTAX, "closing brace");
  assert_fails ("a class} b", HF_PROMPT_ERROR_SYNTAX, "a class");
  assert_fails ("{class}}", HF_PROMPT_ERROR_SYNTAX, "closes nothing");
}

/* 400 values in each of eight places would wrap a 64-bit product. */
static void
test_too_many (void)
{
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) many = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 400; i++)
    g_ptr_array_add (many, (gpointer) "x");
  g_ptr_array_add (many, NULL);
  for (char c = 'a'; c <= 'h'; c++) {
    char name[] = {c, '\0'};

    g_hash_table_insert (values, (gpointer) g_intern_string (name),
                         many->pdata);
  }
  g_assert_null (hf_prompt_expand ("{a}{b}{c}{d}{e}{f}{g}{h}", values, &error));
  g_assert_error (error, HF_PROMPT_ERROR, HF_PROMPT_ERROR_TOO_MANY);
}

static void
test_places (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) places = hf_prompt_dup_places (
      "{degree} {{x}} {class}, {degree}{material}", &error);
  g_autofree char *joined = NULL;

  g_assert_no_error (error);
  joined = g_strjoinv ("|", places);
  g_assert_cmpstr (joined, ==, "degree|class|material");
  g_assert_null (hf_prompt_dup_places ("{degree} {class", &error));
  g_assert_error (error, HF_PROMPT_ERROR, HF_PROMPT_ERROR_SYNTAX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clip/prompts/placeholders-take-their-values", test_expand);
  g_test_add_func ("/clip/prompts/order-is-that-of-nested-loops", test_order);
  g_test_add_func ("/clip/prompts/doubled-braces-are-literal", test_braces);
  g_test_add_func ("/clip/prompts/faults-are-named", test_errors);
  g_test_add_func ("/clip/prompts/too-many-are-refused", test_too_many);
  g_test_add_func ("/clip/prompts/placeholders-are-listed-once", test_places);
  return g_test_run ();
}
