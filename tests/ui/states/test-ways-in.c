/* How a project gets into a window by the buttons for it, by keyboard: the
 * sample's, and those that say where something is now. */
#include "keys.h"
#include "sitting.h"
#include "stage.h"

#include "app/project/opening/recent.h"
#include "ui/workspace/source-item.h"

#include <glib/gstdio.h>

enum { N_SAMPLE = 256, N_SAMPLE_LABELS = 10 };

static gboolean
is_sample_there (gpointer workspace)
{
  return desk_get_uint (workspace, "n-pictures") == N_SAMPLE &&
         desk_get_uint (workspace, "n-labelled") == N_SAMPLE_LABELS;
}

/* The second time it is the project that was made the first time. */
static void
test_sample (Desk *desk, gconstpointer unused)
{
  g_autofree char *path = NULL;

  for (int i = 0; i < 2; i++) {
    HfWindow *window = desk_new_window (desk);
    HfWorkspace *workspace;

    keys_go_to (GTK_WINDOW (window), "Tab", "_Sample Project");
    keys_press (GTK_WINDOW (window), "Return");
    workspace = desk_wait_project (window);
    desk_wait (is_sample_there, workspace);
    if (i == 1)
      g_assert_cmpstr (hf_workspace_get_path (workspace), ==, path);
    else
      path = g_strdup (hf_workspace_get_path (workspace));
    gtk_window_close (GTK_WINDOW (window));
    desk_wait_closed (desk);
  }
}

static void
rename_to (Desk *desk, const char *from, const char *to)
{
  g_autofree char *old = desk_dup_path (desk, from);
  g_autofree char *new = desk_dup_path (desk, to);

  g_assert_cmpint (g_rename (old, new), ==, 0);
}

/* Escape changes nothing, what is typed is taken. */
static void
relink (HfWindow *window, const char *path)
{
  GtkWindow *chooser;

  keys_go_to (GTK_WINDOW (window), "Tab", "Relink");
  chooser = keys_open_over (GTK_WINDOW (window));
  stage_type (chooser, path);
  stage_press (chooser, "Return");
}

static gboolean
lists (const char *path)
{
  g_autoptr (GPtrArray) recents = hf_recent_list ();

  for (guint i = 0; i < recents->len; i++)
    if (g_str_equal (((HfRecent *) recents->pdata[i])->path, path))
      return TRUE;
  return FALSE;
}

/* Makes p.handful of three pictures, the first of them labelled. */
static void
make_project (Desk *desk)
{
  HfWindow *window = sitting_open_three (desk);

  sitting_label (window, 0, "1");
  sitting_wait_stored (desk, "p.handful", "good - -");
  gtk_window_close (GTK_WINDOW (window));
  desk_wait_closed (desk);
}

static void
test_relink_project (Desk *desk, gconstpointer unused)
{
  g_autofree char *lost = desk_dup_path (desk, "p.handful");
  g_autofree char *path = desk_dup_path (desk, "q.handful");
  HfWindow *window;
  HfWorkspace *workspace;

  make_project (desk);
  g_assert_true (lists (lost));
  rename_to (desk, "p.handful", "q.handful");
  window = desk_new_window (desk);
  relink (window, path);
  workspace = desk_wait_project (window);
  g_assert_cmpstr (hf_workspace_get_path (workspace), ==, path);
  sitting_wait_labels (window, "good - -");
  g_assert_false (lists (lost));
}

static gboolean
is_at_folder (HfWorkspace *workspace, const char *folder)
{
  g_autoptr (HfSourceItem) item =
      g_list_model_get_item (hf_workspace_get_sources (workspace), 0);

  return hf_source_item_get_found (item) &&
         g_str_equal (hf_source_item_get_folder (item), folder);
}

static void
test_relink_folder (Desk *desk, gconstpointer unused)
{
  g_autofree char *lost = desk_dup_path (desk, "parts");
  g_autofree char *folder = desk_dup_path (desk, "moved");
  HfWindow *window;
  HfWorkspace *workspace;

  make_project (desk);
  rename_to (desk, "parts", "moved");
  window = sitting_open (desk, "p.handful");
  workspace = hf_window_get_workspace (window);
  g_assert_false (is_at_folder (workspace, lost));
  relink (window, folder);
  patience_until (is_at_folder (workspace, folder));
  patience_until (desk_get_uint (workspace, "n-unreadable") == 0);
  sitting_wait_labels (window, "good - -");
  g_assert_cmpuint (
      g_list_model_get_n_items (hf_workspace_get_sources (workspace)), ==, 1);
}

int
main (int argc, char **argv)
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");

  desk_begin (&argc, &argv);
  if (xdotool == NULL) {
    g_print ("1..0 # SKIP xdotool is not installed\n");
    return 0;
  }
  desk_add ("/ways-in/the-sample-is-made-once", test_sample);
  desk_add ("/ways-in/a-project-that-was-moved-is-said-where",
            test_relink_project);
  desk_add ("/ways-in/a-folder-that-was-moved-is-said-where",
            test_relink_folder);
  return g_test_run ();
}
