/* Names that nobody thought of, and projects with next to nothing in them, on
 * all pages, wide and narrow. What GTK complains of ends the test. */
#include "sitting.h"
#include "stage.h"

#include "app/project/classes.h"
#include "app/project/prompts.h"
#include "ui/evaluate/evaluate-page.h"
#include "ui/label/label-page.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

/* Stands for a name until it can be given. */
#define OLD "of before"

/* Two lines, right to left, pictures, no UTF-8, markup, and only blanks. */
static const char *const odd_names[] = {
    "two\nlines",  "פגם בשולי הטבעת", "🔩🧲 dented",
    "caf\xe9\xff", "<b>&amp;",        " ",
    "Good",
};

static char *
dup_long_name (void)
{
  return g_strnfill (200, 'W');
}

/* Pages are moved up and down, not sideways. */
static void
assert_fits (HfWindow *window)
{
  GtkWidget *page =
      adw_view_stack_get_visible_child (desk_get (window, "pages"));
  GtkWidget *scrolled = stage_find (page, GTK_TYPE_SCROLLED_WINDOW, NULL);
  GtkAdjustment *across =
      gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (scrolled));

  g_assert_cmpfloat (gtk_adjustment_get_upper (across), <=,
                     gtk_adjustment_get_page_size (across));
}

/* A window must have become narrow before it can become narrower. */
static void
resize (HfWindow *window, int width, int height)
{
  gint64 end_us = 0;

  while (gtk_widget_get_width (GTK_WIDGET (window)) != width) {
    g_assert_true (patience_lasts (&end_us));
    gtk_window_set_default_size (GTK_WINDOW (window), width + 1, height);
    stage_settle (GTK_WINDOW (window));
    gtk_window_set_default_size (GTK_WINDOW (window), width, height);
    stage_settle (GTK_WINDOW (window));
  }
}

static void
show_pages (HfWindow *window, const char *what, int width, int height)
{
  static const char *const pages[] = {"label", "prompts", "evaluate", "export"};

  resize (window, width, height);
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++) {
    g_autofree char *name = g_strdup_printf ("%s-%s-%d", what, pages[i], width);

    gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s",
                                pages[i]);
    stage_settle (GTK_WINDOW (window));
    if (!g_str_equal (pages[i], "label"))
      assert_fits (window);
    sitting_save (window, name);
  }
}

static void
show_wide_and_narrow (HfWindow *window, const char *what)
{
  show_pages (window, what, 1400, 900);
  show_pages (window, what, 360, 720);
}

static void
put_odd_pictures (Desk *desk)
{
  g_autofree char *long_name = dup_long_name ();

  for (gsize i = 0; i < G_N_ELEMENTS (odd_names); i++) {
    g_autofree char *name = NULL, *sample = NULL;

    name = g_strdup_printf ("parts/%s.jpg", odd_names[i]);
    sample = g_strdup_printf ("%s/lot07__0%zu.jpg",
                              i % 2 == 0 ? "good" : "rusty", i / 2 + 1);
    desk_put (desk, sample, name);
  }
  {
    g_autofree char *name = g_strdup_printf ("parts/%s.jpg", long_name);

    desk_put (desk, "rusty/lot11__01.jpg", name);
  }
}

/* Line breaks are refused now; projects of before may have them. */
static void
rename_as_before (const char *path, const char *name)
{
  char *sql =
      sqlite3_mprintf ("UPDATE class SET name = CAST (%Q AS BLOB) WHERE name ="
                       " CAST (%Q AS BLOB)",
                       name, OLD);
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_changes (db), ==, 1);
  sqlite3_close (db);
  sqlite3_free (sql);
}

static void
add_odd_classes (Desk *desk)
{
  g_autofree char *path = desk_dup_path (desk, "caf\xe9.handful");
  g_autofree char *long_name = dup_long_name ();
  g_autofree char *template = g_strdup_printf ("a {class} %s", long_name);
  g_autoptr (HfProject) project = hf_project_open (path, NULL);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (odd_names); i++) {
    gboolean is_old = strchr (odd_names[i], '\n') != NULL;

    hf_project_add_class (project, is_old ? OLD : odd_names[i], HF_CLASS_DEFECT,
                          &error);
    g_assert_no_error (error);
    if (is_old)
      rename_as_before (path, odd_names[i]);
  }
  hf_project_add_class (project, long_name, HF_CLASS_OTHER, &error);
  g_assert_no_error (error);
  hf_project_add_template (project, template, &error);
  g_assert_no_error (error);
}

static gboolean
has_numbers (gpointer workspace)
{
  HfNumbers *numbers = hf_workspace_get_numbers (workspace);

  return numbers != NULL && !hf_workspace_get_refreshing (workspace);
}

/* The pictures get the classes @which[@n] in turn. */
static void
label_in_turn (HfWindow *window, const guint *which, guint n)
{
  HfWorkspace *workspace = hf_window_get_workspace (window);
  GListModel *pictures = hf_workspace_get_pictures (workspace);
  GListModel *classes = hf_workspace_get_classes (workspace);

  for (guint i = 0; i < g_list_model_get_n_items (pictures); i++) {
    g_autoptr (HfPicture) picture = g_list_model_get_item (pictures, i);
    g_autoptr (HfClassItem) item =
        g_list_model_get_item (classes, which[i % n]);
    g_autoptr (GPtrArray) one = g_ptr_array_new ();

    g_ptr_array_add (one, picture);
    hf_workspace_label (workspace, one, hf_class_item_get_id (item));
  }
}

static gboolean
has_rates (gpointer workspace)
{
  HfNumbers *numbers = hf_workspace_get_numbers (workspace);

  return has_numbers (workspace) && numbers->evaluation != NULL;
}

static gboolean
all_labelled (gpointer workspace)
{
  guint n, n_labelled;

  g_object_get (workspace, "n-pictures", &n, "n-labelled", &n_labelled, NULL);
  return n == n_labelled;
}

static void
check_names (HfWorkspace *workspace)
{
  static const char *const shown[] = {"good", "rusty", "two↵lines"};
  GListModel *classes = hf_workspace_get_classes (workspace);
  g_autoptr (HfClassItem) blank = g_list_model_get_item (classes, 7);

  for (guint i = 0; i < G_N_ELEMENTS (shown); i++) {
    g_autoptr (HfClassItem) item = g_list_model_get_item (classes, i);

    g_assert_cmpstr (hf_class_item_get_name (item), ==, shown[i]);
  }
  g_assert_cmpstr (hf_class_item_get_name (blank), ==, "\" \"");
}

static void
test_odd (Desk *desk, gconstpointer unused)
{
  HfWindow *window;
  HfWorkspace *workspace;

  put_odd_pictures (desk);
  sitting_make_project (desk, "caf\xe9.handful", "parts");
  add_odd_classes (desk);
  window = sitting_open (desk, "caf\xe9.handful");
  workspace = hf_window_get_workspace (window);
  g_assert_cmpuint (
      g_list_model_get_n_items (hf_workspace_get_pictures (workspace)), ==, 8);
  g_assert_cmpuint (
      g_list_model_get_n_items (hf_workspace_get_classes (workspace)), ==, 10);
  check_names (workspace);
  show_wide_and_narrow (window, "odd");
  label_in_turn (window, (const guint[]){2, 3, 4, 5, 6, 7, 8, 9}, 8);
  desk_wait (all_labelled, workspace);
  desk_wait (has_numbers, workspace);
  show_wide_and_narrow (window, "odd-labelled");
  /* Two labels for a class of two lines, one that is no text, the long one. */
  label_in_turn (window, (const guint[]){0, 2, 5, 9}, 4);
  desk_wait (has_rates, workspace);
  show_wide_and_narrow (window, "odd-numbers");
  gtk_window_close (GTK_WINDOW (window));
  desk_wait_closed (desk);
  /* The welcome page has it among the recent ones. */
  window = desk_new_window (desk);
  stage_settle (GTK_WINDOW (window));
  sitting_save (window, "odd-welcome");
}

/* What is said of a file whose name is no text. */
static void
test_odd_sentences (Desk *desk, gconstpointer unused)
{
  g_autofree char *broken = desk_dup_path (desk, "caf\xe9.handful");
  HfWindow *window = desk_new_window (desk);

  g_assert_true (g_file_set_contents (broken, "no project at all", -1, NULL));
  desk_open (window, broken);
  sitting_wait_toast (window, "Not opened");
  sitting_save (window, "odd-refused");
}

static const char *
get_title (HfWindow *window, GType type)
{
  GtkWidget *page = stage_find (GTK_WIDGET (window), type, NULL);

  return adw_status_page_get_title (
      ADW_STATUS_PAGE (stage_find (page, ADW_TYPE_STATUS_PAGE, "empty")));
}

static void
test_no_pictures (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  g_autofree char *folder = desk_dup_path (desk, "empty");
  HfWorkspace *workspace;
  GtkWidget *page, *button;

  g_mkdir (folder, 0700);
  workspace = desk_open_project (desk, window, "empty");
  patience_until (!desk_get_boolean (workspace, "scanning"));
  show_wide_and_narrow (window, "none");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s",
                              "label");
  page = stage_find (GTK_WIDGET (window), HF_TYPE_LABEL_PAGE, NULL);
  button = stage_find (page, GTK_TYPE_BUTTON, "empty_button");
  g_assert_cmpstr (get_title (window, HF_TYPE_LABEL_PAGE), ==,
                   "No Pictures Here");
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (button)), ==,
                   "Add Folder…");
  g_assert_true (gtk_widget_get_visible (button));
  g_assert_true (gtk_widget_is_sensitive (button));
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)), ==,
                   "label.add-folder");
}

static void
test_one_of_each (Desk *desk, gconstpointer unused)
{
  HfWindow *window;
  HfWorkspace *workspace;

  desk_put (desk, "good/lot07__01.jpg", "parts/1.jpg");
  sitting_make_project (desk, "p.handful", "parts");
  window = sitting_open (desk, "p.handful");
  workspace = hf_window_get_workspace (window);
  label_in_turn (window, (const guint[]){0}, 1);
  desk_wait (all_labelled, workspace);
  desk_wait (has_numbers, workspace);
  show_wide_and_narrow (window, "one");
  g_assert_cmpstr (get_title (window, HF_TYPE_EVALUATE_PAGE), ==,
                   "No Numbers Yet");
}

static gboolean
drop_class (HfProject *project, gpointer data, GError **error)
{
  gboolean merged;

  return hf_project_relabel (project, "rusty", "good", &merged, NULL, error);
}

static gboolean
has_one_class (gpointer workspace)
{
  return g_list_model_get_n_items (hf_workspace_get_classes (workspace)) == 1;
}

static void
test_one_class (Desk *desk, gconstpointer unused)
{
  HfWindow *window = sitting_open_three (desk);
  HfWorkspace *workspace = hf_window_get_workspace (window);

  hf_workspace_edit (workspace, "classes", drop_class, NULL, NULL, NULL);
  desk_wait (has_one_class, workspace);
  label_in_turn (window, (const guint[]){0}, 1);
  desk_wait (all_labelled, workspace);
  desk_wait (has_numbers, workspace);
  show_wide_and_narrow (window, "one-class");
  g_assert_cmpstr (get_title (window, HF_TYPE_EVALUATE_PAGE), ==,
                   "No Numbers Yet");
}

int
main (int argc, char **argv)
{
  desk_begin (&argc, &argv);
  desk_add ("/names/odd-ones-are-shown-on-every-page", test_odd);
  desk_add ("/names/a-file-without-a-text-for-a-name-is-spoken-of",
            test_odd_sentences);
  desk_add ("/names/no-pictures-and-a-way-to-some", test_no_pictures);
  desk_add ("/names/one-picture", test_one_of_each);
  desk_add ("/names/one-class", test_one_class);
  return g_test_run ();
}
