/* Folders of several programs in one parent, some of which are killed. */
#include "base/scratch.h"

#include "base/rng.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PREFIX ".new-"

enum { N_PROGRAMS = 4, N_KILLED = 4, N_FOLDERS = 60 };

/* In the place of the C library's, for the whole program: a file system that
 * knows no locks. */
static gboolean no_locks;

int
flock (int fd, int how)
{
  if (no_locks) {
    errno = ENOLCK;
    return -1;
  }
  return (int) syscall (SYS_flock, fd, how);
}

static void
set_up (char **parent, gconstpointer data)
{
  *parent = g_dir_make_tmp ("handful-test-XXXXXX", NULL);
}

static void
tear_down (char **parent, gconstpointer data)
{
  hf_folder_empty (*parent);
  g_assert_cmpint (g_rmdir (*parent), ==, 0);
  g_free (*parent);
}

static int
count (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  int n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static char *
fill (const HfScratch *scratch)
{
  g_autofree char *below =
      g_build_filename (hf_scratch_get_path (scratch), "a", "b", NULL);
  char *file = g_build_filename (below, "c", NULL);

  g_assert_cmpint (g_mkdir_with_parents (below, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  return file;
}

static HfScratch *
make (const char *parent)
{
  g_autoptr (GError) error = NULL;
  HfScratch *scratch = hf_scratch_new (parent, PREFIX, 0700, &error);

  g_assert_no_error (error);
  return scratch;
}

static void
test_freed (char **parent, gconstpointer data)
{
  g_autoptr (HfScratch) scratch = make (*parent);
  g_autofree char *outside = g_build_filename (*parent, "outside", NULL);
  g_autofree char *file = fill (scratch);
  g_autofree char *link =
      g_build_filename (hf_scratch_get_path (scratch), "link", NULL);
  g_autofree char *kept = g_build_filename (outside, "kept", NULL);

  g_assert_cmpint (g_mkdir (outside, 0700), ==, 0);
  g_assert_true (g_file_set_contents (kept, "x", 1, NULL));
  g_assert_cmpint (symlink (outside, link), ==, 0);
  g_clear_pointer (&scratch, hf_scratch_free);
  g_assert_cmpint (count (*parent), ==, 1);
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
}

static void
test_moved (char **parent, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_build_filename (*parent, "name", NULL);
  g_autofree char *file = g_build_filename (name, "a", "b", "c", NULL);

  for (int i = 0; i < 2; i++) {
    g_autoptr (HfScratch) scratch = make (*parent);
    g_autofree char *unused = fill (scratch);

    g_assert_true (hf_scratch_move (scratch, name, &error) == (i == 0));
  }
  /* The second one found the name taken, and is gone. */
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
  g_assert_cmpint (count (*parent), ==, 1);
}

static void
test_taken (char **parent, gconstpointer data)
{
  g_autofree char *name = g_build_filename (*parent, "name", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfScratch) taken = NULL;

  g_assert_cmpint (g_mkdir (name, 0700), ==, 0);
  taken = hf_scratch_take (name, PREFIX, &error);
  g_assert_no_error (error);
  hf_scratch_free (make (*parent));
  g_assert_true (g_file_test (hf_scratch_get_path (taken), G_FILE_TEST_IS_DIR));
  g_assert_null (hf_scratch_take (name, PREFIX, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_pointer (&taken, hf_scratch_free);
  g_assert_cmpint (count (*parent), ==, 0);
}

static void
test_no_parent (char **parent, gconstpointer data)
{
  g_autofree char *none = g_build_filename (*parent, "none", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_scratch_new (none, PREFIX, 0700, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull (strstr (error->message, none));
}

/* Makes folders as fast as it can, and sees that nobody takes its own. */
static void G_GNUC_NORETURN
work (const char *parent, int n)
{
  for (int i = 0; i != n; i++) {
    g_autoptr (HfScratch) scratch = make (parent);
    g_autofree char *file = fill (scratch);

    hf_scratch_sweep (parent, PREFIX);
    g_usleep (1000);
    if (!g_file_test (file, G_FILE_TEST_EXISTS))
      _exit (1);
  }
  _exit (0);
}

static pid_t
start (const char *parent, int n)
{
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    work (parent, n);
  return pid;
}

static void
test_at_once (char **parent, gconstpointer data)
{
  pid_t pids[N_PROGRAMS];
  HfRng rng;

  hf_rng_init (&rng, 5);
  for (int i = 0; i < N_PROGRAMS; i++)
    pids[i] = start (*parent, N_FOLDERS);
  for (int i = 0; i < N_KILLED; i++) {
    pid_t pid = start (*parent, -1);

    g_usleep (hf_rng_next_below (&rng, 20000));
    g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
    g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
  }
  for (int i = 0; i < N_PROGRAMS; i++) {
    int status;

    g_assert_cmpint (waitpid (pids[i], &status, 0), ==, pids[i]);
    g_assert_cmpint (status, ==, 0);
  }
  hf_scratch_sweep (*parent, PREFIX);
  g_assert_cmpint (count (*parent), ==, 0);
}

/* A folder that stays is safe for as long as its program lives. */
static void
test_kept (char **parent, gconstpointer data)
{
  int ready[2], over[2], status;
  char byte;
  pid_t pid;

  g_assert_cmpint (pipe (ready), ==, 0);
  g_assert_cmpint (pipe (over), ==, 0);
  pid = fork ();
  if (pid == 0) {
    g_autofree char *path = hf_scratch_free_to_path (make (*parent));

    close (over[1]);
    if (write (ready[1], "r", 1) != 1 || read (over[0], &byte, 1) != 0)
      _exit (1);
    _exit (0);
  }
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  hf_scratch_sweep (*parent, PREFIX);
  g_assert_cmpint (count (*parent), ==, 1);
  close (over[1]);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (status, ==, 0);
  hf_scratch_sweep (*parent, PREFIX);
  g_assert_cmpint (count (*parent), ==, 0);
  close (over[0]);
  close (ready[0]);
  close (ready[1]);
}

static void
test_no_locks (char **parent, gconstpointer data)
{
  g_autoptr (HfScratch) first = NULL;
  g_autofree char *file = NULL;

  no_locks = TRUE;
  first = make (*parent);
  file = fill (first);
  hf_scratch_free (make (*parent));
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
  no_locks = FALSE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/base/scratch/" name, char *, NULL, set_up, function, tear_down)
  ADD ("what-is-freed-is-gone", test_freed);
  ADD ("what-has-a-name-is-not-replaced", test_moved);
  ADD ("what-is-taken-has-lost-its-name", test_taken);
  ADD ("a-parent-that-is-not-there-is-named", test_no_parent);
  ADD ("many-and-kills-at-once-take-nothing-of-another", test_at_once);
  ADD ("what-stays-is-locked-until-the-end", test_kept);
  ADD ("without-locks-nothing-is-swept", test_no_locks);
#undef ADD
  return g_test_run ();
}
