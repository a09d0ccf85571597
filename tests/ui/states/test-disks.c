/* Disks that are full, read-only, or pulled out, under the real window. */
#include "disk.h"
#include "sitting.h"
#include "stage.h"

#include "ui/gallery/viewer/viewer.h"

#include <glib/gstdio.h>
#include <string.h>

enum { DISK_KIB = 1024 };

/* A disk with a project of three pictures that lie elsewhere. */
static char *
mount_project (Desk *desk)
{
  char *disk = desk_dup_path (desk, "disk");

  disk_mount (disk, DISK_KIB);
  desk_put_three (desk, "parts");
  sitting_make_project (desk, "disk/p.handful", "parts");
  return disk;
}

static gboolean
has_words (GtkWidget *widget, gpointer words)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
         strstr (gtk_label_get_text (GTK_LABEL (widget)), words) != NULL;
}

/* Whether a label that is seen below @widget has @words. */
static gboolean
contains_text (GtkWidget *widget, const char *words)
{
  return stage_find_that (widget, has_words, (gpointer) words) != NULL;
}

/* The disk goes first, so that what is below it can be removed. */
static void
end (Desk *desk, const char *disk)
{
  gtk_window_close (
      gtk_application_get_windows (GTK_APPLICATION (desk->application))->data);
  desk_wait_closed (desk);
  disk_unmount (disk);
}

static void
test_full (Desk *desk, gconstpointer unused)
{
  g_autofree char *disk = NULL;
  HfWindow *window;

  if (disk_skip ())
    return;
  disk = mount_project (desk);
  window = sitting_open (desk, "disk/p.handful");
  if (!sitting_press_on (window, 0, "1"))
    return;
  sitting_wait_labels (window, "good - -");
  sitting_wait_stored (desk, "disk/p.handful", "good - -");
  disk_fill (disk);
  sitting_press_on (window, 1, "2");
  sitting_wait_notice (window, "the disk is full; nothing was changed. Make "
                               "room and try again");
  sitting_wait_toast (window, "The label was not stored");
  sitting_wait_labels (window, "good - -");
  sitting_save (window, "full-disk");
  /* Ten keys in a row are said once. */
  for (int i = 0; i < 5; i++)
    sitting_press_on (window, 2, "2");
  sitting_wait_labels (window, "good - -");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.retry", NULL);
  sitting_wait_notice (window, "the disk is full");
  disk_empty (disk);
  sitting_press_on (window, 1, "2");
  sitting_wait_labels (window, "good rusty -");
  sitting_wait_notice (window, NULL);
  sitting_wait_stored (desk, "disk/p.handful", "good rusty -");
  end (desk, disk);
}

static void
test_read_only (Desk *desk, gconstpointer unused)
{
  g_autofree char *disk = NULL;
  HfWindow *window;

  if (disk_skip ())
    return;
  disk = mount_project (desk);
  disk_set_read_only (disk, TRUE);
  window = sitting_open (desk, "disk/p.handful");
  sitting_wait_notice (window, "can only be read: labels are not stored. Copy "
                               "it to a folder that can be written");
  sitting_save (window, "read-only");
  if (!sitting_press_on (window, 0, "1"))
    return;
  sitting_wait_toast (window, "The label was not stored");
  sitting_wait_labels (window, "- - -");
  sitting_wait_notice (window, "can only be read");
  /* The switch is moved back. */
  disk_set_read_only (disk, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.retry", NULL);
  sitting_wait_notice (window, NULL);
  sitting_press_on (window, 0, "1");
  sitting_wait_labels (window, "good - -");
  sitting_wait_stored (desk, "disk/p.handful", "good - -");
  end (desk, disk);
}

/* It was open for writing when it became read-only. */
static void
test_becomes_read_only (Desk *desk, gconstpointer unused)
{
  g_autofree char *disk = NULL;
  HfWindow *window;

  if (disk_skip ())
    return;
  disk = mount_project (desk);
  window = sitting_open (desk, "disk/p.handful");
  sitting_wait_notice (window, NULL);
  disk_set_read_only (disk, TRUE);
  if (!sitting_press_on (window, 0, "1"))
    return;
  sitting_wait_notice (window, "can only be read");
  sitting_wait_labels (window, "- - -");
  disk_set_read_only (disk, FALSE);
  sitting_press_on (window, 0, "1");
  sitting_wait_notice (window, NULL);
  sitting_wait_labels (window, "good - -");
  sitting_wait_stored (desk, "disk/p.handful", "good - -");
  end (desk, disk);
}

/* Project and pictures lie in one folder, as Handful makes it. */
static void
test_vanishes (Desk *desk, gconstpointer unused)
{
  g_autofree char *folder = desk_dup_path (desk, "parts");
  g_autofree char *away = desk_dup_path (desk, "elsewhere");
  HfWindow *window;

  desk_put_three (desk, "parts");
  sitting_make_project (desk, "parts/parts.handful", "parts");
  window = sitting_open (desk, "parts");
  if (!sitting_press_on (window, 0, "1"))
    return;
  sitting_wait_labels (window, "good - -");
  sitting_wait_stored (desk, "parts/parts.handful", "good - -");
  g_assert_cmpint (g_rename (folder, away), ==, 0);
  sitting_press_on (window, 1, "2");
  sitting_wait_notice (window, "its file was moved, replaced or removed while "
                               "it was open; nothing was changed. Put it back");
  sitting_wait_labels (window, "good - -");
  sitting_save (window, "folder-gone");
  g_assert_cmpint (g_rename (away, folder), ==, 0);
  sitting_press_on (window, 1, "2");
  sitting_wait_notice (window, NULL);
  sitting_wait_labels (window, "good rusty -");
  sitting_wait_stored (desk, "parts/parts.handful", "good rusty -");
}

/* What opening it said, or who looks after the folder, whichever came first. */
static gboolean
viewer_misses_file (gpointer viewer)
{
  return !hf_viewer_is_loading (HF_VIEWER (viewer)) &&
         (contains_text (viewer, "No such file or directory") ||
          contains_text (viewer, "The file is not in its folder any more"));
}

/* One picture is deleted, another is another one now, a third is none. */
static void
test_files_change (Desk *desk, gconstpointer unused)
{
  g_autofree char *first = desk_dup_path (desk, "parts/1.jpg");
  g_autofree char *third = desk_dup_path (desk, "parts/3.jpg");
  HfWindow *window = sitting_open_three (desk);
  GtkWidget *viewer;

  g_assert_cmpint (g_unlink (first), ==, 0);
  g_assert_true (g_file_set_contents (third, "no picture", -1, NULL));
  if (!sitting_press_on (window, 0, "1"))
    return;
  sitting_wait_labels (window, "good - -");
  sitting_press_on (window, 2, "2");
  sitting_wait_labels (window, "good - rusty");
  viewer = stage_find (GTK_WIDGET (window), HF_TYPE_VIEWER, NULL);
  sitting_press_on (window, 0, "f");
  desk_wait (viewer_misses_file, viewer);
  sitting_save (window, "file-gone");
  gtk_window_close (GTK_WINDOW (window));
  desk_wait_closed (desk);
  window = sitting_open (desk, "p.handful");
  sitting_wait_labels (window, "good - rusty");
  g_assert_cmpuint (
      desk_get_uint (hf_window_get_workspace (window), "n-unreadable"), ==, 2);
  sitting_wait_stored (desk, "p.handful", "good - rusty");
}

int
main (int argc, char **argv)
{
  disk_begin ();
  desk_begin (&argc, &argv);
  desk_add ("/states/a-full-disk-takes-no-label-and-says-so", test_full);
  desk_add ("/states/a-read-only-project-says-so-and-is-read", test_read_only);
  desk_add ("/states/a-disk-that-becomes-read-only-is-named",
            test_becomes_read_only);
  desk_add ("/states/a-folder-that-vanishes-with-its-project", test_vanishes);
  desk_add ("/states/files-that-change-while-they-are-shown",
            test_files_change);
  return g_test_run ();
}
