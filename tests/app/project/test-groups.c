/* Lots by the names of files. */
#include "app/project/groups.h"

static void
expect (const char *rule_text, const char *path, const char *group)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfGroupRule) rule = hf_group_rule_new (rule_text, &error);
  g_autofree char *found = NULL;

  g_assert_no_error (error);
  found = hf_group_rule_dup_group (rule, path);
  g_assert_cmpstr (found, ==, group);
}

static void
test_rules (void)
{
  expect (NULL, "in/LOT12__0034.jpg", NULL);
  expect ("csv", "in/LOT12__0034.jpg", NULL);
  expect ("folder", "in/day 1/0034.jpg", "in/day 1");
  expect ("^(.*)__", "in/LOT12__0034.jpg", "LOT12");
  expect ("^(.*)__", "LOT1__2/0034.jpg", NULL);
  expect ("(LOT[0-9]+)", "in/x-LOT7-y.jpg", "LOT7");
  expect ("^(.*)__", "in/__0034.jpg", NULL);
  expect ("^(a)?b", "in/b.jpg", NULL);
}

static void
test_odd_names (void)
{
  expect ("^(.*)__", "in/two\nlines__1.jpg", "two\nlines");
  expect ("^(.)__", "in/\xc3\xa9__1.jpg", "\xc3\xa9");
  expect ("^(..)__", "in/\xff\xfe__1.jpg", "\xff\xfe");
  expect ("^(\xff.)__", "in/\xff\xfe__1.jpg", "\xff\xfe");
}

static void
test_refused (void)
{
  static const char *const wrong[] = {"^(.*", "^.*__", ""};

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (HfGroupRule) rule = hf_group_rule_new (wrong[i], &error);

    g_assert_null (rule);
    g_assert_true (error->domain == G_REGEX_ERROR ||
                   error->domain == G_OPTION_ERROR);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/groups/folder-pattern-or-nothing", test_rules);
  g_test_add_func ("/groups/names-of-any-bytes", test_odd_names);
  g_test_add_func ("/groups/a-pattern-without-a-capture-is-refused",
                   test_refused);
  return g_test_run ();
}
