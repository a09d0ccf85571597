/* Templates and values to the prompts of every class. */
#include "app/prompts/prompt-set.h"
#include "clip/prompts.h"

static const char *const classes[] = {"good", "rusty", NULL};

static void
expect (const HfPromptSet *set, guint c, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) prompts = hf_prompt_set_dup_class (set, c, &error);
  g_autofree char *all = NULL;

  g_assert_no_error (error);
  all = g_strjoinv ("|", prompts);
  g_assert_cmpstr (all, ==, wanted);
}

static void
test_names (void)
{
  static const char *const odd[] = {"good", "bad {class}", NULL};
  static const char *const templates[] = {"a {class} part", "{class}: {class}",
                                          NULL};
  g_autoptr (HfPromptSet) set = hf_prompt_set_new_from_texts (odd, templates);

  expect (set, 0, "a good part|good: good");
  expect (set, 1, "a bad {class} part|bad {class}: bad {class}");
  g_assert_cmpuint (hf_prompt_set_count (set), ==, 4);
  g_assert_cmpint (hf_prompt_set_find_class (set, "bad {class}"), ==, 1);
  g_assert_cmpint (hf_prompt_set_find_class (set, "bad"), ==, -1);
}

static void
check_problem (const char *const *names, const char *template, int code)
{
  const char *const templates[] = {"a {class}", template, NULL};
  g_autoptr (HfPromptSet) set = hf_prompt_set_new_from_texts (names, templates);
  g_autoptr (GError) error = NULL;
  const GError *problem = hf_prompt_set_get_problem (set, 1);

  g_assert_null (hf_prompt_set_get_problem (set, 0));
  g_assert_error (problem, HF_PROMPT_ERROR, code);
  g_assert_nonnull (strstr (problem->message, template));
  g_assert_null (hf_prompt_set_get (set, 1, 0)[0]);
  g_assert_null (hf_prompt_set_dup_class (set, 0, &error));
  g_assert_error (error, HF_PROMPT_ERROR, code);
}

static void
test_problems (void)
{
  static const char *const one[] = {"good", NULL};

  for (guint i = 0; i < 2; i++) {
    const char *const *names = i == 0 ? classes : one;

    check_problem (names, "a photo", HF_PROMPT_ERROR_SYNTAX);
    check_problem (names, "a {class", HF_PROMPT_ERROR_SYNTAX);
    check_problem (names, "a {{class}}", HF_PROMPT_ERROR_SYNTAX);
    check_problem (names, "{class} {klass}", HF_PROMPT_ERROR_UNKNOWN);
  }
}

/* A degree only a defect has: the good class's prompts close the gap. */
static void
test_gaps (void)
{
  g_autoptr (GPtrArray) templates = hf_prompt_templates_new ();
  g_autoptr (GPtrArray) fillings = hf_prompt_fillings_new ();
  g_autoptr (HfPromptSet) set = NULL;

  hf_prompt_templates_add (templates, "a {degree} {class} ring", TRUE);
  hf_prompt_templates_add (templates, "{degree} {class}, {degree}", TRUE);
  hf_prompt_templates_add (templates, "{class} {degree}", TRUE);
  hf_prompt_fillings_add (fillings, "degree", "rusty", "slightly");
  hf_prompt_fillings_add (fillings, "degree", "rusty", "severely");
  set = hf_prompt_set_new (classes, templates, fillings);
  expect (set, 0, "a good ring|good,|good");
  expect (set, 1,
          "a slightly rusty ring|a severely rusty ring|slightly rusty, "
          "slightly|severely rusty, severely|rusty slightly|rusty severely");
  g_assert_cmpuint (hf_prompt_set_count (set), ==, 9);
}

/* An empty value of its own takes the value of all away from a class. */
static void
test_empty_value (void)
{
  g_autoptr (GPtrArray) templates = hf_prompt_templates_new ();
  g_autoptr (GPtrArray) fillings = hf_prompt_fillings_new ();
  g_autoptr (HfPromptSet) set = NULL;

  hf_prompt_templates_add (templates, "a {degree} {class} ring", TRUE);
  hf_prompt_fillings_add (fillings, "degree", NULL, "very");
  hf_prompt_fillings_add (fillings, "degree", "good", "");
  set = hf_prompt_set_new (classes, templates, fillings);
  expect (set, 0, "a good ring");
  expect (set, 1, "a very rusty ring");
}

static void
test_disabled (void)
{
  g_autoptr (GPtrArray) templates = hf_prompt_templates_new ();
  g_autoptr (HfPromptSet) set = NULL;

  hf_prompt_templates_add (templates, "no place", FALSE);
  hf_prompt_templates_add (templates, "one {class}", FALSE);
  set = hf_prompt_set_new (classes, templates, NULL);
  /* The default stands behind them. */
  g_assert_cmpuint (hf_prompt_set_get_n_templates (set), ==, 3);
  g_assert_cmpstr (hf_prompt_set_get_template (set, 2), ==, HF_PROMPT_DEFAULT);
  expect (set, 1, "a photo of a rusty");
  /* What is off is expanded all the same, to be shown. */
  g_assert_cmpstr (hf_prompt_set_get (set, 1, 1)[0], ==, "one rusty");
  g_assert_nonnull (hf_prompt_set_get_problem (set, 0));
}

static void
test_no_class (void)
{
  static const char *const none[] = {NULL};
  g_autoptr (HfPromptSet) set = hf_prompt_set_new_from_texts (none, NULL);

  g_assert_cmpuint (hf_prompt_set_get_n_classes (set), ==, 0);
  g_assert_cmpuint (hf_prompt_set_count (set), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prompt-set/a-name-goes-in-as-it-is", test_names);
  g_test_add_func ("/prompt-set/what-is-wrong-with-a-template-is-said",
                   test_problems);
  g_test_add_func ("/prompt-set/a-class-without-a-value-gets-no-gap",
                   test_gaps);
  g_test_add_func ("/prompt-set/an-empty-value-is-a-value", test_empty_value);
  g_test_add_func ("/prompt-set/without-a-template-the-default-counts",
                   test_disabled);
  g_test_add_func ("/prompt-set/no-class-no-prompt", test_no_class);
  return g_test_run ();
}
