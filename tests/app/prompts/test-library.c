/* The library of templates: what comes with the program, and damaged ones. */
#include "app/prompts/library.h"
#include "app/prompts/prompt-set.h"
#include "base/json.h"

#include <glib/gstdio.h>

/* With the values the library gives, every template is ready for use, and no
 * two prompts of it are the same. */
static void
check_group (const HfLibraryGroup *group)
{
  static const char *const classes[] = {"intact", "rusty", NULL};
  g_autoptr (GPtrArray) templates = hf_prompt_templates_new ();
  g_autoptr (GPtrArray) fillings = hf_prompt_fillings_new ();
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (HfPromptSet) set = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < group->places->len; i++) {
    const HfLibraryPlace *place = group->places->pdata[i];

    for (char **value = place->values; *value != NULL; value++)
      hf_prompt_fillings_add (fillings, place->place, NULL, *value);
  }
  for (guint i = 0; i < group->templates->len; i++)
    hf_prompt_templates_add (
        templates, ((HfLibraryTemplate *) group->templates->pdata[i])->text,
        TRUE);
  set = hf_prompt_set_new (classes, templates, fillings);
  for (guint c = 0; c < 2; c++) {
    g_auto (GStrv) prompts = hf_prompt_set_dup_class (set, c, &error);

    g_assert_no_error (error);
    for (char **prompt = prompts; *prompt != NULL; prompt++) {
      g_assert_false (g_hash_table_contains (seen, *prompt));
      g_assert_null (strpbrk (*prompt, "{}"));
      g_hash_table_add (seen, g_steal_pointer (prompt));
    }
  }
}

static void
test_ours (void)
{
  static const char *const names[] = {"defect-detection",
                                      "product-classification",
                                      "quality-grading", "general"};
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) groups = hf_library_load (&error);

  g_assert_no_error (error);
  g_assert_cmpuint (groups->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const HfLibraryGroup *group = hf_library_find (groups, names[i]);

    g_assert_nonnull (group);
    g_assert_cmpuint (strlen (group->advice), >, 20);
    check_group (group);
  }
  g_assert_null (hf_library_find (groups, "none"));
}

static void
check_damaged (const char *text, const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("hf-library-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "templates.json", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_setenv ("HANDFUL_DATA_DIR", folder, TRUE);
  g_assert_null (hf_library_load (&error));
  g_unsetenv ("HANDFUL_DATA_DIR");
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, reason));
  g_remove (path);
  g_rmdir (folder);
}

#define GROUP(places, templates)                                   \
  "{\"groups\": [{\"name\": \"n\", \"title\": \"t\", \"advice\": " \
  "\"a\", \"placeholders\": [" places "], \"templates\": [" templates "]}]}"
#define PLACE "{\"name\": \"p\", \"meaning\": \"m\", \"values\": [\"v\"]}"

static void
test_damaged (void)
{
  check_damaged ("{", "damaged");
  check_damaged ("{\"groups\": 1}", "\"groups\"");
  check_damaged ("{\"groups\": [1]}", "\"name\"");
  check_damaged (GROUP ("", "\"{class}\""), "\"placeholders\"");
  check_damaged (GROUP ("{\"name\": \"p\"}", "\"{class}\""), "\"meaning\"");
  check_damaged (GROUP (PLACE, "1"), "no text");
  check_damaged (GROUP (PLACE, "\"{class} {q}\""), "{q}");
  check_damaged (GROUP (PLACE, "\"{class\""), "brace");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/library/every-template-is-ready-for-use", test_ours);
  g_test_add_func ("/library/a-damaged-one-is-refused", test_damaged);
  return g_test_run ();
}
