/* What classes are called in a project: templates and their values. */
#include "app/project/classes.h"
#include "app/project/prompts.h"
#include "clip/prompts.h"
#include "fixture.h"

static void
expect (const Fixture *fixture, const char *class_name, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) prompts =
      hf_project_dup_prompts (fixture->project, class_name, &error);
  g_autofree char *all = NULL;

  g_assert_no_error (error);
  all = g_strjoinv ("|", prompts);
  g_assert_cmpstr (all, ==, wanted);
}

static void
add (const Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;

  hf_project_add_template (fixture->project, text, &error);
  g_assert_no_error (error);
}

static void
fill (const Fixture *fixture, const char *place, const char *class_name,
      const char *first, const char *second)
{
  const char *const values[] = {first, second, NULL};
  g_autoptr (GError) error = NULL;

  hf_project_set_filling (fixture->project, place, class_name, values, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  fixture_set_up (fixture, NULL);
  hf_project_add_class (fixture->project, "good", HF_CLASS_GOOD, NULL);
  hf_project_add_class (fixture->project, "rusty", HF_CLASS_DEFECT, NULL);
}

static void
test_default (Fixture *fixture, gconstpointer unused)
{
  expect (fixture, "rusty", "a photo of a rusty");
  add (fixture, "one {class}");
  g_assert_true (hf_project_enable_template (fixture->project, "one {class}",
                                             FALSE, NULL));
  expect (fixture, "rusty", "a photo of a rusty");
}

static void
test_values (Fixture *fixture, gconstpointer unused)
{
  fill (fixture, "material", NULL, "steel", "iron");
  add (fixture, "a {class} {material} ring");
  add (fixture, "{class}!");
  expect (fixture, "good", "a good steel ring|a good iron ring|good!");
  fill (fixture, "material", "rusty", "old iron", NULL);
  fill (fixture, "class", "rusty", "rusty", "corroded");
  expect (fixture, "good", "a good steel ring|a good iron ring|good!");
  expect (fixture, "rusty",
          "a rusty old iron ring|a corroded old iron ring|rusty!|corroded!");
  fill (fixture, "material", "rusty", NULL, NULL);
  expect (fixture, "rusty",
          "a rusty steel ring|a rusty iron ring|a corroded steel ring|"
          "a corroded iron ring|rusty!|corroded!");
}

static void
test_values_of_a_renamed_class (Fixture *fixture, gconstpointer unused)
{
  gboolean merged;

  fill (fixture, "class", "rusty", "corroded", NULL);
  add (fixture, "{class}");
  g_assert_true (hf_project_relabel (fixture->project, "rusty", "rust", &merged,
                                     NULL, NULL));
  expect (fixture, "rust", "corroded");
}

static void
test_order (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  add (fixture, "1 {class}");
  add (fixture, "2 {class}");
  add (fixture, "3 {class}");
  g_assert_true (
      hf_project_move_template (fixture->project, "3 {class}", 0, NULL));
  g_assert_true (
      hf_project_move_template (fixture->project, "1 {class}", 99, NULL));
  expect (fixture, "x", "3 x|2 x|1 x");
  g_assert_true (
      hf_project_remove_template (fixture->project, "2 {class}", NULL));
  expect (fixture, "x", "3 x|1 x");
  g_assert_false (
      hf_project_remove_template (fixture->project, "2 {class}", &error));
  g_assert_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME);
}

static void
test_refused (Fixture *fixture, gconstpointer unused)
{
  static const char *const wrong[] = {"a ring", "a {class", "{colour} {class}",
                                      "{material} ring"};

  fill (fixture, "material", NULL, "steel", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (
        hf_project_add_template (fixture->project, wrong[i], &error));
    g_assert_true (error->domain == HF_PROMPT_ERROR);
  }
  /* With values of its own for a class, a placeholder tells classes apart. */
  fill (fixture, "material", "rusty", "rust", NULL);
  add (fixture, "{material} ring");
  expect (fixture, "rusty", "rust ring");
}

static void
test_edited (Fixture *fixture, gconstpointer unused)
{
  HfProject *project = fixture->project;
  g_autoptr (GError) error = NULL;

  add (fixture, "one {class}");
  add (fixture, "two {class}");
  g_assert_true (
      hf_project_edit_template (project, "one {class}", "a {class}", NULL));
  expect (fixture, "rusty", "a rusty|two rusty");
  /* The same text is no change. */
  g_assert_true (
      hf_project_edit_template (project, "a {class}", "a {class}", NULL));
  g_assert_false (
      hf_project_edit_template (project, "a {class}", "two {class}", &error));
  g_assert_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME);
  g_clear_error (&error);
  g_assert_false (
      hf_project_edit_template (project, "none {class}", "b {class}", &error));
  g_assert_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME);
  g_clear_error (&error);
  g_assert_false (hf_project_edit_template (project, "a {class}",
                                            "a {metal} {class}", &error));
  g_assert_error (error, HF_PROMPT_ERROR, HF_PROMPT_ERROR_UNKNOWN);
  expect (fixture, "rusty", "a rusty|two rusty");
}

static void
test_restored (Fixture *fixture, gconstpointer unused)
{
  HfProject *project = fixture->project;

  fill (fixture, "metal", NULL, "steel", NULL);
  add (fixture, "one {class}");
  add (fixture, "a {metal} {class}");
  add (fixture, "two {class}");
  g_assert_true (
      hf_project_remove_template (project, "a {metal} {class}", NULL));
  g_assert_true (hf_project_restore_template (project, "a {metal} {class}",
                                              TRUE, 1, NULL));
  expect (fixture, "rusty", "one rusty|a steel rusty|two rusty");
  g_assert_false (
      hf_project_restore_template (project, "one {class}", TRUE, 1, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, func)                                             \
  g_test_add ("/project-prompts/" name, Fixture, NULL, set_up, func, \
              fixture_tear_down)
  TEST ("without-templates-the-default-counts", test_default);
  TEST ("values-of-a-class-go-before-those-of-all", test_values);
  TEST ("values-stay-with-a-renamed-class", test_values_of_a_renamed_class);
  TEST ("templates-have-an-order", test_order);
  TEST ("a-template-must-tell-classes-apart", test_refused);
  TEST ("a-template-is-edited-at-its-place", test_edited);
  TEST ("a-removed-template-comes-back-to-its-place", test_restored);
  return g_test_run ();
}
