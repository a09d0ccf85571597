/* The window over a cache that is full, or cannot be written. The disk is
 * mounted where this process looks for its cache, so before anything asks. */
#include "disk.h"
#include "sitting.h"
#include "tree.h"

#include <glib/gstdio.h>

/* Room for the first rows and thumbnails; PoCL compiles elsewhere. */
enum { CACHE_KIB = 2048 };

static char *cache;

/* Kernels are compiled once, in the tests' common cache. */
static void
copy_kernels (void)
{
  g_autofree char *from =
      g_build_filename (g_getenv ("XDG_CACHE_HOME"), "handful", "pocl", NULL);
  g_autofree char *to = g_build_filename (cache, "pocl", NULL);
  const char *const argv[] = {"cp", "-r", from, to, NULL};

  if (g_file_test (from, G_FILE_TEST_IS_DIR))
    g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                  NULL, NULL, NULL, NULL);
  g_mkdir_with_parents (to, 0700);
  g_setenv ("POCL_CACHE_DIR", to, TRUE);
}

static void
begin (void)
{
  g_autofree char *home = NULL;

  disk_begin ();
  cache = g_dir_make_tmp ("handful-caches-XXXXXX", NULL);
  home = g_build_filename (cache, "home", NULL);
  g_mkdir (home, 0700);
  copy_kernels ();
  g_setenv ("XDG_CACHE_HOME", home, TRUE);
}

static char *
dup_home (void)
{
  return g_build_filename (cache, "home", NULL);
}

static void
check_work (Desk *desk, HfWindow *window)
{
  guint n_ready, n_unreadable;

  g_object_get (hf_window_get_workspace (window), "n-ready", &n_ready,
                "n-unreadable", &n_unreadable, NULL);
  g_assert_cmpuint (n_ready, ==, 3);
  g_assert_cmpuint (n_unreadable, ==, 0);
  sitting_wait_notice (window, NULL);
  if (!sitting_press_on (window, 0, "1"))
    return;
  sitting_wait_labels (window, "good - -");
  sitting_wait_stored (desk, "p.handful", "good - -");
}

static void
test_unwritable (Desk *desk, gconstpointer unused)
{
  g_autofree char *home = dup_home ();
  HfWindow *window;

  if (disk_skip ())
    return;
  disk_mount (home, CACHE_KIB);
  disk_set_read_only (home, TRUE);
  window = sitting_open_three (desk);
  sitting_wait_toast (window, "Nothing is kept for the next time");
  sitting_save (window, "cache-unwritable");
  check_work (desk, window);
  disk_set_read_only (home, FALSE);
  disk_unmount (home);
}

static void
test_full (Desk *desk, gconstpointer unused)
{
  g_autofree char *home = dup_home ();
  HfWindow *window;

  if (disk_skip ())
    return;
  disk_mount (home, CACHE_KIB);
  disk_fill (home);
  window = sitting_open_three (desk);
  sitting_wait_toast (window, "Nothing is kept for the next time");
  check_work (desk, window);
  disk_unmount (home);
}

/* The cache was there, and then the disk got full. */
static void
test_fills (Desk *desk, gconstpointer unused)
{
  g_autofree char *home = dup_home ();
  g_autofree char *path =
      g_build_filename (home, "handful", "features.db", NULL);
  HfWindow *window;

  if (disk_skip ())
    return;
  disk_mount (home, CACHE_KIB);
  window = sitting_open_three (desk);
  check_work (desk, window);
  gtk_window_close (GTK_WINDOW (window));
  desk_wait_closed (desk);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  disk_fill (home);
  desk_put (desk, "rusty/lot11__01.jpg", "parts/4.jpg");
  desk_put (desk, "rusty/lot11__02.jpg", "parts/5.jpg");
  window = sitting_open (desk, "p.handful");
  sitting_wait_toast (window, "Nothing is kept for the next time");
  sitting_save (window, "cache-full");
  sitting_wait_labels (window, "good - - - -");
  disk_unmount (home);
}

int
main (int argc, char **argv)
{
  int result;

  begin ();
  desk_begin (&argc, &argv);
  desk_add ("/caches/a-cache-that-cannot-be-written-is-done-without",
            test_unwritable);
  desk_add ("/caches/a-cache-on-a-full-disk-is-done-without", test_full);
  desk_add ("/caches/a-disk-that-fills-takes-nothing-new", test_fills);
  result = g_test_run ();
  tree_remove (cache);
  g_free (cache);
  return result;
}
