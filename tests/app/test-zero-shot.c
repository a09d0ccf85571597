/* Prompts of classes and templates. */
#include "app/jobs/zero-shot.h"

static void
test_prompts (void)
{
  const char *classes[] = {"good", "bad {class}", NULL};
  const char *templates[] = {"a {class} part", "{class}: {class}", NULL};
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) prompts =
      hf_zero_shot_dup_prompts (classes, templates, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (prompts), ==, 4);
  g_assert_cmpstr (prompts[0], ==, "a good part");
  g_assert_cmpstr (prompts[1], ==, "good: good");
  g_assert_cmpstr (prompts[2], ==, "a bad {class} part");
  g_assert_cmpstr (prompts[3], ==, "bad {class}: bad {class}");
}

static void
check_refused (const char *template)
{
  const char *classes[] = {"good", "bad", NULL};
  const char *one_class[] = {"good", NULL};
  const char *templates[] = {"a {class}", template, NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) error_of_one = NULL;

  g_assert_null (hf_zero_shot_dup_prompts (classes, templates, &error));
  g_assert_error (error, HF_ZERO_SHOT_ERROR, HF_ZERO_SHOT_ERROR_TEMPLATE);
  g_assert_nonnull (strstr (error->message, template));
  g_assert_null (
      hf_zero_shot_dup_prompts (one_class, templates, &error_of_one));
  g_assert_error (error_of_one, HF_ZERO_SHOT_ERROR,
                  HF_ZERO_SHOT_ERROR_TEMPLATE);
}

static void
test_refused (void)
{
  check_refused ("a photo");
  check_refused ("a {klass}");
  check_refused ("a {class");
  check_refused ("a {{class}}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/zero-shot/prompts-class-by-class", test_prompts);
  g_test_add_func ("/zero-shot/templates-without-class", test_refused);
  return g_test_run ();
}
