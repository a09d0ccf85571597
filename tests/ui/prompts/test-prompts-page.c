/* Tests of ui/prompts: a real project is edited on the page, and what is shown
 * agrees with what is on disk and with the command line. */
#include "bench.h"

#include "app/project/prompts.h"
#include "base/json.h"
#include "stage.h"
#include "ui/prompts/preview-tile.h"
#include "ui/prompts/preview.h"
#include "ui/prompts/template-list.h"
#include "ui/prompts/template-row.h"
#include "ui/prompts/values-table.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
dup_rings (void)
{
  return g_build_filename (g_getenv ("HANDFUL_SOURCE_ROOT"), "tests",
                           "pictures", "rings", NULL);
}

static gboolean
fill (HfProject *project, gpointer data, GError **error)
{
  const char *const product[] = {"ring", NULL};

  return hf_project_set_filling (project, "product", NULL, product, error) &&
         hf_project_add_template (project, "a {class} {product}", error) &&
         hf_project_add_template (project, "one {class}", error);
}

static void
set_up (PromptsBench *self, gconstpointer unused)
{
  g_autofree char *rings = dup_rings ();

  prompts_bench_open (self, rings, 1200, 900);
  prompts_bench_edit (self, fill, NULL);
  prompts_bench_settle (self);
}

static void
tear_down (PromptsBench *self, gconstpointer unused)
{
  prompts_bench_close (self);
}

static void
expect (PromptsBench *self, const char *wanted)
{
  g_autofree char *shown = NULL;
  g_autofree char *stored = NULL;

  prompts_bench_settle (self);
  shown = prompts_bench_dup_templates (self);
  stored = prompts_bench_dup_stored (self);
  g_assert_cmpstr (shown, ==, wanted);
  g_assert_cmpstr (stored, ==, wanted);
}

static void
expect_stored (PromptsBench *self, const char *wanted)
{
  g_autofree char *stored = NULL;

  prompts_bench_settle (self);
  stored = prompts_bench_dup_stored (self);
  g_assert_cmpstr (stored, ==, wanted);
}

static HfTemplateRow *
get_row (PromptsBench *self, guint i)
{
  return HF_TEMPLATE_ROW (prompts_bench_find (self, HF_TYPE_TEMPLATE_ROW, i));
}

static GtkEditable *
get_text (PromptsBench *self, guint row)
{
  return GTK_EDITABLE (
      stage_find (GTK_WIDGET (get_row (self, row)), GTK_TYPE_TEXT, NULL));
}

static void
type (GtkEditable *at, const char *text)
{
  gtk_editable_set_text (at, text);
  g_signal_emit_by_name (at, "activate");
}

static HfPreview *
get_preview (PromptsBench *self)
{
  return HF_PREVIEW (prompts_bench_find (self, HF_TYPE_PREVIEW, 0));
}

/* Pictures @from to @from + @n of the project are selected elsewhere. */
static void
select_pictures (PromptsBench *self, guint from, guint n)
{
  GListModel *all = hf_workspace_get_pictures (self->workspace);
  g_autoptr (GPtrArray) selected =
      g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = from; i < from + n; i++)
    g_ptr_array_add (selected, g_list_model_get_item (all, i));
  hf_workspace_set_selection (self->workspace, selected);
}

static void
test_preview_of_selection (PromptsBench *self, gconstpointer unused)
{
  guint n_first;

  prompts_bench_embed (self);
  prompts_bench_settle (self);
  n_first = hf_preview_get_n (get_preview (self));
  select_pictures (self, 7, 2);
  prompts_bench_settle (self);
  g_assert_cmpuint (hf_preview_get_n (get_preview (self)), ==, 2);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (HfPicture) wanted = g_list_model_get_item (
        hf_workspace_get_pictures (self->workspace), 7 + i);
    GtkWidget *tile = prompts_bench_find (self, HF_TYPE_PREVIEW_TILE, i);

    g_assert_true (hf_preview_tile_get_picture (HF_PREVIEW_TILE (tile)) ==
                   wanted);
    g_assert_cmpint (hf_preview_get_best (get_preview (self), i), >=, 0);
  }
  /* No more than there is room for; and without one as before. */
  select_pictures (self, 0, 30);
  prompts_bench_settle (self);
  g_assert_cmpuint (hf_preview_get_n (get_preview (self)), ==, 12);
  select_pictures (self, 0, 0);
  prompts_bench_settle (self);
  g_assert_cmpuint (hf_preview_get_n (get_preview (self)), ==, n_first);
}

/* What broke: the typed text stayed, refused without a word. */
static void
test_duplicate_says_so (PromptsBench *self, gconstpointer unused)
{
  GtkWidget *problem =
      stage_find (GTK_WIDGET (get_row (self, 1)), GTK_TYPE_LABEL, "problem");

  type (get_text (self, 1), "a {class} {product}");
  expect_stored (self, "+a {class} {product}|+one {class}");
  g_assert_true (gtk_widget_get_visible (problem));
  g_assert_nonnull (strstr (gtk_label_get_text (GTK_LABEL (problem)),
                            "There is such a template already"));
  type (get_text (self, 1), "one tall {class}");
  expect (self, "+a {class} {product}|+one tall {class}");
  g_assert_false (gtk_widget_get_visible (problem));
}

static void
test_whole_where_narrow (PromptsBench *self, gconstpointer unused)
{
  HfTemplateRow *row = get_row (self, 0);
  GtkStack *stack =
      GTK_STACK (stage_find (GTK_WIDGET (row), GTK_TYPE_STACK, "stack"));
  GtkWidget *whole = stage_find (GTK_WIDGET (row), GTK_TYPE_BUTTON, "whole");
  GtkWidget *label =
      stage_find (GTK_WIDGET (row), GTK_TYPE_LABEL, "whole_label");
  const char *text = "a photo of a {class} {product} that lies on a bench of "
                     "wood, seen from above in daylight";

  type (get_text (self, 0), text);
  prompts_bench_settle (self);
  g_assert_true (gtk_stack_get_visible_child (stack) != whole);
  hf_template_row_set_narrow (row, TRUE);
  gtk_window_set_default_size (self->window, 360, 720);
  stage_settle (self->window);
  g_assert_true (gtk_stack_get_visible_child (stack) == whole);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (label)), ==, text);
  g_assert_cmpint (
      pango_layout_get_line_count (gtk_label_get_layout (GTK_LABEL (label))), >,
      1);
  g_assert_false (
      pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (label))));
  g_signal_emit_by_name (whole, "clicked");
  g_assert_true (gtk_stack_get_visible_child (stack) ==
                 GTK_WIDGET (get_text (self, 0)));
}

static void
test_edits_in_place (PromptsBench *self, gconstpointer unused)
{
  type (get_text (self, 1), "one big {class}");
  expect (self, "+a {class} {product}|+one big {class}");
  gtk_check_button_set_active (
      GTK_CHECK_BUTTON (stage_find (GTK_WIDGET (get_row (self, 0)),
                                    GTK_TYPE_CHECK_BUTTON, NULL)),
      FALSE);
  expect (self, "-a {class} {product}|+one big {class}");
}

static void
test_moves (PromptsBench *self, gconstpointer unused)
{
  g_signal_emit_by_name (get_row (self, 1), "moved", -1);
  expect (self, "+one {class}|+a {class} {product}");
  g_signal_emit_by_name (get_row (self, 0), "dropped", get_row (self, 1));
  expect (self, "+a {class} {product}|+one {class}");
  /* There is nothing above the first. */
  g_signal_emit_by_name (get_row (self, 0), "moved", -1);
  expect (self, "+a {class} {product}|+one {class}");
}

static void
test_removal_is_undone (PromptsBench *self, gconstpointer unused)
{
  GtkWidget *undo;

  g_signal_emit_by_name (get_row (self, 0), "removed");
  expect (self, "+one {class}");
  undo = stage_find_button (GTK_WIDGET (self->window), "_Undo");
  g_assert_nonnull (undo);
  g_signal_emit_by_name (undo, "clicked");
  expect (self, "+a {class} {product}|+one {class}");
}

/* The field of a placeholder in the table: the first is that of the first
 * class's own word. */
static GtkEditable *
find_field (PromptsBench *self, const char *label)
{
  GtkWidget *field;

  for (guint i = 0;
       (field = prompts_bench_find (self, GTK_TYPE_ENTRY, i)) != NULL; i++) {
    GtkAccessible *accessible = GTK_ACCESSIBLE (field);
    char *wrong = gtk_test_accessible_check_property (
        accessible, GTK_ACCESSIBLE_PROPERTY_LABEL, label);
    gboolean is_it = wrong == NULL;

    g_free (wrong);
    if (is_it)
      return GTK_EDITABLE (field);
  }
  g_error ("There is no field %s.", label);
}

static void
test_missing_values_are_asked_for (PromptsBench *self, gconstpointer unused)
{
  GtkWidget *list = prompts_bench_find (self, HF_TYPE_TEMPLATE_LIST, 0);
  GtkWidget *draft = stage_find (list, GTK_TYPE_TEXT, "draft");

  type (GTK_EDITABLE (draft), "a {colour} {class}");
  expect (self, "+a {class} {product}|+one {class}");
  g_assert_true (hf_template_list_has_problem (HF_TEMPLATE_LIST (list)));
  /* The table has a field for it; with a value the template is added. */
  type (find_field (self, "{colour} of all classes"), "grey, silver");
  expect (self, "+a {class} {product}|+one {class}|+a {colour} {class}");
  g_assert_false (hf_template_list_has_problem (HF_TEMPLATE_LIST (list)));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (draft)), ==, "");
}

static void
test_library (PromptsBench *self, gconstpointer unused)
{
  GtkWidget *list = prompts_bench_find (self, HF_TYPE_TEMPLATE_LIST, 0);

  gtk_widget_activate_action (list, "templates.insert", "(ss)",
                              "defect-detection",
                              "a photo of a {degree} {class} {product}");
  expect (self, "+a {class} {product}|+one {class}|"
                "+a photo of a {degree} {class} {product}");
  g_assert_cmpstr (
      gtk_editable_get_text (find_field (self, "{degree} of all classes")), ==,
      "slightly, severely");
}

static char *
dup_words_of_rusty (PromptsBench *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_open (self->project, &error);
  g_auto (GStrv) prompts = NULL;

  g_assert_no_error (error);
  prompts = hf_project_dup_prompts (project, "rusty", &error);
  g_assert_no_error (error);
  return g_strjoinv ("|", prompts);
}

static void
test_values_of_a_class (PromptsBench *self, gconstpointer unused)
{
  g_autofree char *words = NULL;

  type (find_field (self, "{class} of rusty"), " rusty ,oxidised,");
  prompts_bench_settle (self);
  words = dup_words_of_rusty (self);
  g_assert_cmpstr (words, ==,
                   "a rusty ring|a oxidised ring|one rusty|one oxidised");
}

/* What each picture is called by the prompts, as a text (caller frees). */
static char *
dup_answers (HfPreview *preview)
{
  g_autoptr (GString) answers = g_string_new (NULL);

  for (guint i = 0; i < hf_preview_get_n (preview); i++)
    g_string_append_printf (answers, "%d ", hf_preview_get_best (preview, i));
  return g_strdup (answers->str);
}

static void
test_preview_follows_typing (PromptsBench *self, gconstpointer unused)
{
  HfPreview *preview =
      HF_PREVIEW (prompts_bench_find (self, HF_TYPE_PREVIEW, 0));
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *stored = NULL;

  prompts_bench_embed (self);
  g_assert_cmpuint (hf_preview_get_n (preview), ==, 6);
  before = dup_answers (preview);
  /* Each class is called what another is: no answer can stay. */
  gtk_editable_set_text (find_field (self, "{class} of cracked"), "good");
  gtk_editable_set_text (find_field (self, "{class} of good"), "rusty");
  gtk_editable_set_text (find_field (self, "{class} of rusty"), "scratched");
  gtk_editable_set_text (find_field (self, "{class} of scratched"), "cracked");
  prompts_bench_settle (self);
  after = dup_answers (preview);
  for (guint i = 0; before[i] != '\0'; i++)
    if (before[i] != ' ')
      g_assert_cmpint ((before[i] - '0' + 3) % 4, ==, after[i] - '0');
  /* Nothing is stored while it is typed. */
  stored = prompts_bench_dup_stored (self);
  g_assert_cmpstr (stored, ==, "+a {class} {product}|+one {class}");
}

static const char *
get_label_text (PromptsBench *self, const char *name)
{
  return gtk_label_get_text (
      GTK_LABEL (stage_find (GTK_WIDGET (self->page), GTK_TYPE_LABEL, name)));
}

static int
get_k (HfJson *json, const char *rate, const char *what)
{
  return json_object_get_int (hf_json_get (hf_json_get (json, rate), what));
}

/* Each template's, and that of all of them. */
static void
test_effects (PromptsBench *self, gconstpointer unused)
{
  g_autofree char *said = NULL, *all = NULL;
  g_autoptr (GError) error = NULL;
  HfJson *told, *templates;

  prompts_bench_embed (self);
  prompts_bench_settle (self);
  said = prompts_bench_run ((const char *const[]){
      "evaluate", "-P", self->project, "--probe", "zero-shot", "--json", NULL});
  told = hf_json_parse (said, strlen (said), &error);
  g_assert_no_error (error);
  templates = hf_json_get (told, "templates");
  g_assert_cmpuint (json_object_array_length (templates), ==, 2);
  for (guint i = 0; i < 2; i++) {
    HfJson *one = json_object_array_get_idx (templates, i);
    GtkWidget *effect =
        stage_find (GTK_WIDGET (get_row (self, i)), GTK_TYPE_WIDGET, "effect");
    g_autofree char *words = g_strdup_printf (
        "Right %d of %d with it, %d without it.", get_k (one, "with", "k"),
        get_k (one, "with", "n"), get_k (one, "without", "k"));

    g_assert_true (
        g_str_has_prefix (gtk_widget_get_tooltip_text (effect), words));
  }
  all = g_strdup_printf (
      "Zero-shot alone: right %d of %d",
      get_k (json_object_array_get_idx (templates, 0), "with", "k"),
      get_k (json_object_array_get_idx (templates, 0), "with", "n"));
  g_assert_cmpstr (get_label_text (self, "right"), ==, all);
  json_object_put (told);
}

/* While it is typed. */
static void
test_readings (PromptsBench *self, gconstpointer unused)
{
  g_autoptr (GString) long_text = g_string_new ("a {class}");

  for (int i = 0; i < 90; i++)
    g_string_append (long_text, " ring");
  prompts_bench_settle (self);
  g_assert_nonnull (strstr (get_label_text (self, "summary"), "of 77 tokens"));
  gtk_editable_set_text (get_text (self, 1), "one zqxvy {class}");
  prompts_bench_settle (self);
  g_assert_nonnull (strstr (get_label_text (self, "unknown"), "zqxvy"));
  gtk_editable_set_text (get_text (self, 1), long_text->str);
  prompts_bench_settle (self);
  g_assert_nonnull (
      strstr (get_label_text (self, "summary"), "longer than the 77 tokens"));
}

/* A project whose only class has a picture that cannot be read, too. */
static void
set_up_one_class (PromptsBench *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *top = g_dir_make_tmp ("handful-one-XXXXXX", &error);
  g_autofree char *folder = NULL;
  g_autofree char *rings = dup_rings ();
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  g_autofree char *bad = NULL;
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_no_error (error);
  folder = g_build_filename (top, "good", NULL);
  from = g_build_filename (rings, "good", "lot07__01.jpg", NULL);
  to = g_build_filename (folder, "b.jpg", NULL);
  bad = g_build_filename (folder, "a.jpg", NULL);
  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  g_file_get_contents (from, &bytes, &n, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (to, bytes, (gssize) n, NULL));
  g_assert_true (g_file_set_contents (bad, "no picture", -1, NULL));
  prompts_bench_open (self, top, 1200, 900);
}

static gboolean
is_looked_through (gpointer workspace)
{
  guint n_ready, n_unreadable;

  g_object_get (workspace, "n-ready", &n_ready, "n-unreadable", &n_unreadable,
                NULL);
  return n_ready == 1 && n_unreadable == 1;
}

static void
test_one_class (PromptsBench *self, gconstpointer unused)
{
  GtkWidget *right;

  stage_wait (is_looked_through, self->workspace);
  prompts_bench_settle (self);
  /* The unreadable picture comes first, and is not shown. */
  g_assert_cmpuint (hf_preview_get_n (HF_PREVIEW (
                        prompts_bench_find (self, HF_TYPE_PREVIEW, 0))),
                    ==, 1);
  /* "right 1 of 1" would say nothing where there is one answer. */
  right = stage_find (GTK_WIDGET (self->page), GTK_TYPE_LABEL, "right");
  g_assert_nonnull (right);
  g_assert_false (gtk_widget_get_visible (right));
}

int
main (int argc, char **argv)
{
  hf_device_prepare_environment (0);
  g_test_init (&argc, &argv, NULL);
  stage_init ();
  g_test_add ("/prompts/one-class-has-no-rate-and-no-unreadable-preview",
              PromptsBench, NULL, set_up_one_class, test_one_class, tear_down);
#define TEST(name, func) \
  g_test_add ("/prompts/" name, PromptsBench, NULL, set_up, func, tear_down)
  TEST ("a-template-is-edited-where-it-stands", test_edits_in_place);
  TEST ("the-preview-follows-the-selection", test_preview_of_selection);
  TEST ("a-template-that-is-there-says-so", test_duplicate_says_so);
  TEST ("a-long-template-is-whole-where-it-is-narrow", test_whole_where_narrow);
  TEST ("templates-change-places", test_moves);
  TEST ("a-removed-template-comes-back-to-its-place", test_removal_is_undone);
  TEST ("a-placeholder-without-values-gets-a-field",
        test_missing_values_are_asked_for);
  TEST ("the-library-brings-its-values", test_library);
  TEST ("values-of-a-class-are-split-at-commas", test_values_of_a_class);
  TEST ("the-preview-follows-the-typing", test_preview_follows_typing);
  TEST ("effects-are-the-command-line-s", test_effects);
  TEST ("what-the-model-makes-of-the-words-is-said", test_readings);
  return g_test_run ();
}
