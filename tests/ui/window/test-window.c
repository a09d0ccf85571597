/* The frame around the pages, in-process: what it opens, shows and remembers.
 */
#include "app/project/classes.h"
#include "app/project/opening/recent.h"
#include "desk.h"
#include "stage.h"
#include "ui/preferences/preferences.h"
#include "ui/settings.h"
#include "ui/window/jobs-button.h"
#include "ui/window/notice.h"
#include "ui/window/ring.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

static gboolean
is_shown (HfWindow *window, const char *child)
{
  return gtk_widget_get_visible (desk_get (window, child));
}

static gboolean
can (HfWindow *window, const char *action)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = desk_get (window, "header");
  gboolean is_enabled;

  /* A button is sensitive where its action is enabled. */
  adw_header_bar_pack_end (ADW_HEADER_BAR (box), button);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  is_enabled = gtk_widget_get_sensitive (button);
  adw_header_bar_remove (ADW_HEADER_BAR (box), button);
  return is_enabled;
}

static void
test_welcome (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);

  g_assert_cmpstr (
      gtk_stack_get_visible_child_name (desk_get (window, "stack")), ==,
      "welcome");
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "Handful");
  g_assert_false (is_shown (window, "open_button"));
  g_assert_false (is_shown (window, "jobs_button"));
  g_assert_false (can (window, "win.undo"));
  g_assert_false (can (window, "win.close-project"));
  g_assert_true (can (window, "win.open-folder"));
}

static gboolean
is_label (GtkWidget *widget, gpointer text)
{
  return GTK_IS_LABEL (widget) &&
         g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text);
}

/* The first label below @from whose text is @text. */
static GtkWidget *
find_label (GtkWidget *from, const char *text)
{
  return stage_find_that (from, is_label, (gpointer) text);
}

/* A toast is one line: what comes after it must not be lost. */
static void
test_complaint (Desk *desk, gconstpointer unused)
{
  static const char why[] =
      "The folder /mnt/line is read-only. Choose another place.";
  HfWindow *window = desk_new_window (desk);
  GtkWidget *toasts = desk_get (window, "toasts"), *label, *dialog;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.complain", "(ss)",
                              "Not saved", why);
  g_assert_nonnull (find_label (toasts, "Not saved"));
  g_assert_null (find_label (toasts, why));
  label = find_label (toasts, "Details");
  g_assert_nonnull (label);
  g_signal_emit_by_name (gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON),
                         "clicked");
  dialog = desk_wait_dialog (desk);
  g_assert_nonnull (find_label (dialog, "Not saved"));
  g_assert_nonnull (find_label (dialog, why));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* Without a title its first sentence is, in any language. */
static void
test_untitled_complaint (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  GtkWidget *toasts = desk_get (window, "toasts");

  gtk_widget_activate_action (GTK_WIDGET (window), "win.complain", "(ss)", "",
                              "磁盘已满。请腾出空间。");
  g_assert_nonnull (find_label (toasts, "磁盘已满。"));
  g_assert_nonnull (find_label (toasts, "Details"));
}

static gboolean
has_three (gpointer workspace)
{
  return desk_get_uint (workspace, "n-pictures") == 3;
}

/* A picture that nobody has seen, so that a device is needed for it. */
static void
put_new (Desk *desk, const char *name)
{
  g_autofree char *path = desk_dup_path (desk, name);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree guint32 *pixels = g_new (guint32, 64 * 64);
  cairo_surface_t *surface;

  for (int i = 0; i < 64 * 64; i++)
    pixels[i] = g_random_int ();
  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  surface = cairo_image_surface_create_for_data (
      (guchar *) pixels, CAIRO_FORMAT_RGB24, 64, 64, 64 * 4);
  g_assert_cmpint (cairo_surface_write_to_png (surface, path), ==,
                   CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);
}

static gboolean
lacks_device (gpointer workspace)
{
  const char *trouble = hf_workspace_get_lasting (workspace);

  return trouble != NULL &&
         strstr (trouble, "There is no device \"of yesterday\".") != NULL;
}

static gboolean
is_well (gpointer workspace)
{
  return hf_workspace_get_lasting (workspace) == NULL;
}

/* What broke: projects computed on the fastest device whatever was chosen. */
static void
test_device (Desk *desk, gconstpointer unused)
{
  g_autoptr (GSettings) settings = hf_settings_new ();
  HfWorkspace *workspace;

  g_settings_set_string (settings, "device", "of yesterday");
  put_new (desk, "parts/new.png");
  workspace = desk_open_project (desk, desk_new_window (desk), "parts");
  desk_wait (lacks_device, workspace);
  g_settings_reset (settings, "device");
  desk_wait (is_well, workspace);
}

static void
test_folder (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  g_autofree char *wanted = desk_dup_path (desk, "parts/parts.handful");
  g_autoptr (GPtrArray) recents = NULL;
  const HfRecent *recent;
  HfWorkspace *workspace;

  desk_put_three (desk, "parts");
  workspace = desk_open_project (desk, window, "parts");
  g_assert_cmpstr (hf_workspace_get_path (workspace), ==, wanted);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "parts");
  g_assert_true (is_shown (window, "open_button"));
  desk_wait (has_three, workspace);
  gtk_window_close (GTK_WINDOW (window));
  recents = hf_recent_list ();
  recent = g_ptr_array_index (recents, 0);
  g_assert_cmpstr (recent->path, ==, wanted);
  g_assert_true (g_str_has_suffix (recent->picture, "1.jpg"));
  g_assert_cmpint (recent->n_labels, ==, 0);
  g_assert_cmpint (recent->n_defects, <=, 0);
}

static void
put_classes (Desk *desk)
{
  desk_put (desk, "good/lot07__01.jpg", "rings/good/lot07__01.jpg");
  desk_put (desk, "good/lot11__01.jpg", "rings/good/lot11__01.jpg");
  desk_put (desk, "rusty/lot07__01.jpg", "rings/rusty/lot07__01.jpg");
}

static gboolean
has_labels (gpointer workspace)
{
  return desk_get_uint (workspace, "n-labelled") == 3;
}

static gboolean
has_no_labels (gpointer workspace)
{
  return desk_get_uint (workspace, "n-labelled") == 0;
}

static void
answer_subfolders (Desk *desk, HfWindow *window, const char *response)
{
  g_autofree char *path = desk_dup_path (desk, "rings");
  GtkWidget *dialog;

  put_classes (desk);
  desk_open (window, path);
  dialog = desk_wait_dialog (desk);
  g_assert_null (hf_window_get_workspace (window));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), response);
}

static void
test_subfolders (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  HfWorkspace *workspace;
  HfClassItem *good;
  g_autoptr (HfPicture) picture = NULL;

  answer_subfolders (desk, window, "use");
  workspace = desk_wait_project (window);
  desk_wait (has_labels, workspace);
  good = hf_workspace_find_key (workspace, "1");
  g_assert_cmpstr (hf_class_item_get_name (good), ==, "good");
  g_assert_cmpint (hf_class_item_get_kind (good), ==, HF_CLASS_GOOD);
  g_assert_cmpuint (hf_class_item_get_n_labels (good), ==, 2);
  picture = g_list_model_get_item (hf_workspace_get_pictures (workspace), 0);
  g_assert_cmpstr (hf_picture_get_info (picture)->group, ==, "lot07");
  g_assert_true (can (window, "win.undo"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  desk_wait (has_no_labels, workspace);
  g_assert_true (can (window, "win.redo"));
}

static void
raise_cb (gboolean *flag)
{
  *flag = TRUE;
}

/* Labels the first @n pictures and waits until that is said. */
static void
label (HfWorkspace *workspace, guint n, const char *key)
{
  g_autoptr (GPtrArray) pictures =
      g_ptr_array_new_with_free_func (g_object_unref);
  gboolean labelled = FALSE;
  gulong id = g_signal_connect_swapped (workspace, "labelled",
                                        G_CALLBACK (raise_cb), &labelled);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (pictures, g_list_model_get_item (
                                   hf_workspace_get_pictures (workspace), i));
  hf_workspace_label (
      workspace, pictures,
      hf_class_item_get_id (hf_workspace_find_key (workspace, key)));
  patience_until (labelled);
  g_signal_handler_disconnect (workspace, id);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

/* What broke: a second toast told of the same labels, and offered to undo what
 * came after them. */
static void
test_undo_in_toast (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  GtkWidget *toasts = desk_get (window, "toasts");
  HfWorkspace *workspace;

  answer_subfolders (desk, window, "use");
  workspace = desk_wait_project (window);
  desk_wait (has_labels, workspace);
  label (workspace, 2, "2");
  g_assert_nonnull (find_label (toasts, "Labelled 2 pictures rusty"));
  label (workspace, 1, "1");
  g_assert_null (stage_find_button (toasts, "_Undo"));
  label (workspace, 2, "1");
  label (workspace, 2, "2");
  g_assert_nonnull (find_label (toasts, "Labelled 2 pictures rusty"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  patience_until (desk_get_boolean (workspace, "can-redo"));
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_null (stage_find_button (toasts, "_Undo"));
}

static GtkWidget *
get_label_page (HfWindow *window)
{
  return adw_view_stack_get_child_by_name (desk_get (window, "pages"), "label");
}

/* "class:1 newest 200 prompts" (caller frees). */
static char *
dup_sight (HfWindow *window)
{
  g_autofree char *filter = NULL, *order = NULL;
  int tile_px;

  g_object_get (get_label_page (window), "filter", &filter, "order", &order,
                "tile-size", &tile_px, NULL);
  return g_strdup_printf (
      "%s %s %d %s", filter, order, tile_px,
      adw_view_stack_get_visible_child_name (desk_get (window, "pages")));
}

/* What broke: the filter was to be kept, and the page had none to keep. */
static void
test_left (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  g_autofree char *path = desk_dup_path (desk, "rings");
  g_autofree char *left = NULL, *other = NULL, *back = NULL, *gone = NULL;
  g_autofree char *class = NULL;
  HfWorkspace *workspace;
  gint64 id;

  desk_put_three (desk, "parts");
  answer_subfolders (desk, window, "use");
  workspace = desk_wait_project (window);
  desk_wait (has_labels, workspace);
  id = hf_class_item_get_id (hf_workspace_find_key (workspace, "2"));
  class = g_strdup_printf ("class:%" G_GINT64_FORMAT, id);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.filter", "s", class);
  g_object_set (get_label_page (window), "order", "newest", "tile-size", 200,
                NULL);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s",
                              "prompts");
  left = dup_sight (window);
  g_assert_true (g_str_has_prefix (left, class));
  g_assert_true (g_str_has_suffix (left, " newest 200 prompts"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.close-project", NULL);
  desk_open_project (desk, window, "parts");
  other = dup_sight (window);
  g_assert_true (g_str_has_prefix (other, "all "));
  gtk_window_close (GTK_WINDOW (window));
  desk_wait_closed (desk);
  window = desk_new_window (desk);
  desk_open (window, path);
  workspace = desk_wait_project (window);
  back = dup_sight (window);
  g_assert_cmpstr (back, ==, left);
  /* Nobody is left with the pictures of a class that is no more. */
  gtk_widget_activate_action (get_label_page (window), "label.remove-class",
                              "x", id);
  patience_until (hf_workspace_find_class (workspace, id) == NULL);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  gone = dup_sight (window);
  g_assert_true (g_str_has_prefix (gone, "all "));
}

static void
test_just_open (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  HfWorkspace *workspace;

  answer_subfolders (desk, window, "open");
  workspace = desk_wait_project (window);
  desk_wait (has_three, workspace);
  g_assert_cmpuint (desk_get_uint (workspace, "n-labelled"), ==, 0);
}

static gboolean
is_free (gpointer window)
{
  return hf_window_is_free (window);
}

static void
test_cancel (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  g_autofree char *path = desk_dup_path (desk, "rings/rings.handful");

  answer_subfolders (desk, window, "cancel");
  desk_wait (is_free, window);
  g_assert_null (hf_window_get_workspace (window));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_same_project (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  g_autofree char *folder = desk_dup_path (desk, "parts");
  g_autofree char *other = desk_dup_path (desk, "others");
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autoptr (GFile) other_file = g_file_new_for_path (other);

  desk_put_three (desk, "parts");
  desk_put (desk, "good/lot07__01.jpg", "others/1.jpg");
  desk_open_project (desk, window, "parts");
  g_application_open (G_APPLICATION (desk->application), &file, 1, "");
  g_assert_cmpuint (desk_count_windows (desk), ==, 1);
  g_application_open (G_APPLICATION (desk->application), &other_file, 1, "");
  g_assert_cmpuint (desk_count_windows (desk), ==, 2);
}

static void
test_damaged (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  g_autofree char *path = desk_dup_path (desk, "parts/parts.handful");
  g_autofree char *recovered =
      desk_dup_path (desk, "parts/parts (recovered).handful");
  GtkWidget *dialog;
  sqlite3 *db;

  desk_put_three (desk, "parts");
  desk_open_project (desk, window, "parts");
  desk_wait (has_three, hf_window_get_workspace (window));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.close-project", NULL);
  g_assert_null (hf_window_get_workspace (window));
  desk_wait_closed (desk);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, "DROP VIEW current", NULL, NULL, NULL);
  sqlite3_close (db);
  desk_open (window, path);
  dialog = desk_wait_dialog (desk);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "recover");
  gtk_window_destroy (GTK_WINDOW (dialog));
  dialog = desk_wait_dialog (desk);
  g_assert_false (g_str_equal (
      adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), ""));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "close");
  g_assert_cmpstr (hf_workspace_get_path (desk_wait_project (window)), ==,
                   recovered);
  desk_wait (has_three, hf_window_get_workspace (window));
}

static void
test_newer (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  g_autofree char *path = desk_dup_path (desk, "new.handful");
  g_autoptr (HfProject) project = hf_project_create (path, NULL);
  sqlite3 *db;

  g_clear_pointer (&project, hf_project_close);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, "PRAGMA user_version = 99", NULL, NULL, NULL);
  sqlite3_close (db);
  desk_open (window, path);
  g_assert_false (hf_window_is_free (window));
  desk_wait (is_free, window);
  g_assert_null (hf_window_get_workspace (window));
}

static void
test_jobs (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  HfJobsButton *button = desk_get (window, "jobs_button");
  g_autoptr (GListStore) jobs = g_list_store_new (HF_TYPE_JOB);
  g_autoptr (HfJob) job = hf_job_new ("Embedding", HF_JOB_PICTURES, TRUE);

  hf_jobs_button_set_jobs (button, G_LIST_MODEL (jobs));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (button)));
  g_list_store_append (jobs, job);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (button)));
  g_assert_cmpfloat (hf_jobs_button_get_fraction (button), <, 0);
  hf_progress_report (hf_job_get_progress (job), 30, 120);
  patience_until (hf_jobs_button_get_fraction (button) >= 0);
  g_assert_cmpfloat_with_epsilon (hf_jobs_button_get_fraction (button), 0.25,
                                  1e-9);
  hf_job_set_paused (job, TRUE);
  g_list_store_remove_all (jobs);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (button)));
  hf_jobs_button_set_jobs (button, NULL);
}

static void
test_notice (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  HfNotice *notice = desk_get (window, "notice");
  GtkRevealer *revealer =
      GTK_REVEALER (gtk_widget_get_first_child (GTK_WIDGET (notice)));
  HfWorkspace *workspace;

  desk_put_three (desk, "parts");
  workspace = desk_open_project (desk, window, "parts");
  g_assert_false (gtk_revealer_get_reveal_child (revealer));
  g_signal_emit_by_name (workspace, "lasting", "The disk is full.");
  g_assert_true (gtk_revealer_get_reveal_child (revealer));
  g_assert_true (can (window, "win.retry"));
  g_signal_emit_by_name (workspace, "lasting", NULL);
  g_assert_false (gtk_revealer_get_reveal_child (revealer));
}

/* Asked for again, since the window manager may still answer to the size
 * before. */
static gboolean
has_become_narrow (gpointer window)
{
  gtk_window_set_default_size (window, 360, 720);
  return !is_shown (window, "open_button");
}

static void
test_narrow (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  GtkMenuButton *menu = desk_get (window, "menu_button");
  GMenuModel *wide_menu;
  int minimum;

  desk_put_three (desk, "parts");
  desk_open_project (desk, window, "parts");
  g_assert_false (desk_get_boolean (window, "narrow"));
  wide_menu = gtk_menu_button_get_menu_model (menu);
  desk_wait (has_become_narrow, window);
  g_assert_true (desk_get_boolean (window, "narrow"));
  g_assert_false (is_shown (window, "undo_button"));
  g_assert_true (gtk_menu_button_get_menu_model (menu) != wide_menu);
  gtk_widget_measure (GTK_WIDGET (window), GTK_ORIENTATION_HORIZONTAL, -1,
                      &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
}

static void
show_page (HfWindow *window, const char *name)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s", name);
}

static gboolean
has_narrow_room (gpointer pages)
{
  int width = gtk_widget_get_width (pages);

  return width > 0 && width < 400;
}

/* What folds while sizes are given out leaves the window without one for a
 * frame, of which GTK warns. So Label folds when it is shown. */
static void
test_narrow_elsewhere (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  AdwViewStack *pages = desk_get (window, "pages");
  GtkWidget *flap;

  desk_put_three (desk, "parts");
  desk_open_project (desk, window, "parts");
  show_page (window, "export");
  desk_wait (has_become_narrow, window);
  desk_wait (has_narrow_room, pages);
  show_page (window, "label");
  flap = gtk_widget_get_first_child (adw_view_stack_get_visible_child (pages));
  g_assert_cmpint (adw_flap_get_fold_policy (ADW_FLAP (flap)), ==,
                   ADW_FLAP_FOLD_POLICY_ALWAYS);
}

/* Whether somebody does it, now or when there is something to do. */
static gboolean
exists (HfWindow *window, const char *action)
{
  GtkWidgetClass *class = GTK_WIDGET_GET_CLASS (window);
  const GVariantType *type;
  const char *name, *property;
  GType owner;

  if (g_str_has_prefix (action, "app."))
    return g_action_group_has_action (
        G_ACTION_GROUP (g_application_get_default ()), action + 4);
  for (guint i = 0; gtk_widget_class_query_action (class, i, &owner, &name,
                                                   &type, &property);
       i++)
    if (g_str_equal (name, action))
      return TRUE;
  return FALSE;
}

static void
check_menu (HfWindow *window, GMenuModel *menu)
{
  for (int i = 0; i < g_menu_model_get_n_items (menu); i++) {
    g_autofree char *action = NULL;
    const char *const links[] = {G_MENU_LINK_SECTION, G_MENU_LINK_SUBMENU};

    for (gsize j = 0; j < G_N_ELEMENTS (links); j++) {
      g_autoptr (GMenuModel) inner =
          g_menu_model_get_item_link (menu, i, links[j]);

      if (inner != NULL)
        check_menu (window, inner);
    }
    if (!g_menu_model_get_item_attribute (menu, i, "action", "s", &action))
      continue;
    g_test_message ("%s", action);
    g_assert_true (exists (window, action));
  }
}

static void
test_menus (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);

  desk_put_three (desk, "parts");
  desk_open_project (desk, window, "parts");
  check_menu (window, gtk_menu_button_get_menu_model (
                          desk_get (window, "menu_button")));
  check_menu (window, gtk_menu_button_get_menu_model (
                          desk_get (window, "open_button")));
}

static void
test_lives (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  gpointer workspace;

  desk_put_three (desk, "parts");
  workspace = desk_open_project (desk, window, "parts");
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  g_object_add_weak_pointer (workspace, &workspace);
  gtk_window_close (GTK_WINDOW (window));
  patience_until (window == NULL);
  patience_until (workspace == NULL);
}

/* A disk that takes its time. */
static gboolean
add_slowly (HfProject *project, gpointer released, GError **error)
{
  while (!g_atomic_int_get ((int *) released))
    g_usleep (1000);
  return hf_project_add_class (project, "late", HF_CLASS_DEFECT, error) != 0;
}

/* If the window waited, this would never end. */
static void
test_closed_at_once (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  HfWorkspace *workspace;
  gpointer gone = window;
  int released = FALSE;

  desk_put_three (desk, "parts");
  workspace = desk_open_project (desk, window, "parts");
  hf_workspace_edit (workspace, "a class", add_slowly, NULL, &released, NULL);
  g_object_add_weak_pointer (G_OBJECT (window), &gone);
  gtk_window_close (GTK_WINDOW (window));
  patience_until (gone == NULL);
  g_assert_cmpuint (hf_application_get_n_closing (desk->application), ==, 1);
  g_atomic_int_set (&released, TRUE);
  desk_wait_closed (desk);
  window = desk_new_window (desk);
  workspace = desk_open_project (desk, window, "parts");
  g_assert_nonnull (hf_workspace_find_key (workspace, "1"));
}

/* The window is closed while a folder is being looked at. */
static void
test_closed_early (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  g_autofree char *path = desk_dup_path (desk, "parts");

  desk_put_three (desk, "parts");
  desk_open (window, path);
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_close (GTK_WINDOW (window));
  patience_until (window == NULL);
}

static gboolean
has_name (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);
  const char *text = GTK_IS_BUTTON (widget)
                         ? gtk_button_get_label (GTK_BUTTON (widget))
                         : NULL;
  gboolean is_icon = GTK_IS_BUTTON (widget) &&
                     gtk_button_get_icon_name (GTK_BUTTON (widget)) != NULL;

  /* GTK says of a button with an icon that the icon is its label. */
  return text != NULL ||
         gtk_test_accessible_has_property (accessible,
                                           GTK_ACCESSIBLE_PROPERTY_LABEL) ||
         (!is_icon && !GTK_IS_MENU_BUTTON (widget) &&
          gtk_test_accessible_has_relation (
              accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY));
}

/* Whether a screen reader stops at it. Menu buttons with a text show it in a
 * button of their own. */
static gboolean
is_asked (GtkWidget *widget)
{
  if (GTK_IS_MENU_BUTTON (widget))
    return gtk_menu_button_get_label (GTK_MENU_BUTTON (widget)) == NULL;
  return GTK_IS_BUTTON (widget) || GTK_IS_SWITCH (widget) ||
         GTK_IS_ENTRY (widget) || GTK_IS_SEARCH_ENTRY (widget) ||
         GTK_IS_EXPANDER (widget);
}

/* What a screen reader stops at and would call "GtkImage" or "GtkButton":
 * GTK 4.8 takes no name from a tooltip or from a button's children. */
static guint
count_nameless (GtkWidget *widget)
{
  guint n = 0;

  /* What is hidden is named when it is filled. */
  if (!gtk_widget_get_visible (widget))
    return 0;
  if (is_asked (widget) && !has_name (widget)) {
    const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));

    g_test_message ("A nameless %s “%s” in a %s.", G_OBJECT_TYPE_NAME (widget),
                    id != NULL ? id : "",
                    G_OBJECT_TYPE_NAME (gtk_widget_get_parent (widget)));
    n++;
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_nameless (child);
  return n;
}

static gboolean
make_class (HfProject *project, gpointer data, GError **error)
{
  return hf_project_add_class (project, "rusty", HF_CLASS_DEFECT, error) != 0;
}

static gboolean
has_class (gpointer workspace)
{
  return g_list_model_get_n_items (hf_workspace_get_classes (workspace)) == 1;
}

/* Welcome is in the window as well, and a class brings its own buttons. */
static void
test_names (Desk *desk, gconstpointer unused)
{
  static const char *const pages[] = {"label", "prompts", "evaluate", "export"};
  HfWindow *window = desk_new_window (desk);
  HfWorkspace *workspace;

  desk_put_three (desk, "parts");
  workspace = desk_open_project (desk, window, "parts");
  hf_workspace_edit (workspace, NULL, make_class, NULL, NULL, NULL);
  desk_wait (has_class, workspace);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++) {
    gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s",
                                pages[i]);
    g_assert_cmpuint (count_nameless (GTK_WIDGET (window)), ==, 0);
  }
}

static void
test_dialogs (Desk *desk, gconstpointer unused)
{
  const char *const actions[] = {"preferences", "shortcuts", "about", "models"};
  HfWindow *window = desk_new_window (desk);
  GListModel *all = gtk_window_get_toplevels ();

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    g_autoptr (GtkWindow) dialog = NULL;

    g_action_group_activate_action (G_ACTION_GROUP (desk->application),
                                    actions[i], NULL);
    dialog = g_list_model_get_item (all, g_list_model_get_n_items (all) - 1);
    g_assert_true (dialog != GTK_WINDOW (window));
    g_assert_true (gtk_window_get_transient_for (dialog) ==
                   GTK_WINDOW (window));
    gtk_window_destroy (dialog);
  }
}

int
main (int argc, char **argv)
{
  desk_begin (&argc, &argv);
  desk_add ("/window/begins-on-the-welcome-page", test_welcome);
  desk_add ("/window/opens-a-folder-and-remembers-it", test_folder);
  desk_add ("/window/computes-on-the-device-that-was-chosen", test_device);
  desk_add ("/window/takes-subfolders-as-labels-in-one-step", test_subfolders);
  desk_add ("/window/a-toast-undoes-what-was-done-last", test_undo_in_toast);
  desk_add ("/window/a-project-opens-as-it-was-left", test_left);
  desk_add ("/window/leaves-subfolders-alone-if-told", test_just_open);
  desk_add ("/window/makes-nothing-if-the-question-is-not-answered",
            test_cancel);
  desk_add ("/window/shows-a-project-in-one-window-only", test_same_project);
  desk_add ("/window/recovers-a-damaged-project-into-a-new-one", test_damaged);
  desk_add ("/window/refuses-a-newer-project", test_newer);
  desk_add ("/window/shows-jobs-while-there-are-some", test_jobs);
  desk_add ("/window/a-toast-leads-to-what-it-cannot-say", test_complaint);
  desk_add ("/window/a-toast-without-a-title-says-its-first-sentence",
            test_untitled_complaint);
  desk_add ("/window/shows-what-lasts", test_notice);
  desk_add ("/window/fits-into-360-pixels", test_narrow);
  desk_add ("/window/becomes-narrow-on-another-page-than-label",
            test_narrow_elsewhere);
  desk_add ("/window/what-a-screen-reader-stops-at-has-a-name", test_names);
  desk_add ("/window/menus-offer-what-can-be-done", test_menus);
  desk_add ("/window/a-closed-window-leaves-nothing", test_lives);
  desk_add ("/window/closes-at-once-and-writes-all-the-same",
            test_closed_at_once);
  desk_add ("/window/may-be-closed-while-it-opens", test_closed_early);
  desk_add ("/window/dialogs-belong-to-it", test_dialogs);
  return g_test_run ();
}
