#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("handful-file-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "target", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  /* Fails, and so fails the test, when a temporary file was left behind. */
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
test_whole (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (hf_file_write_whole (fixture->path, "old", 3, &error));
  g_assert_true (hf_file_write_whole (fixture->path, "newer", 5, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "newer");
}

static void
test_abandoned (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  HfFileWriter *writer;

  g_assert_true (hf_file_write_whole (fixture->path, "old", 3, NULL));
  writer = hf_file_writer_open (fixture->path, NULL);
  g_assert_true (hf_file_writer_write (writer, "half", 4, NULL));
  hf_file_writer_free (writer);
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "old");
}

/* In the place of the C library's, for the whole program: to ask for the umask
 * is to change it under all threads, so nobody in the engine may call this. */
static int n_umask_calls;

mode_t
umask (mode_t mask)
{
  n_umask_calls++;
  return (mode_t) syscall (SYS_umask, mask);
}

/* Interrupted as often as a test asks for, as on a slow network. */
static int n_interruptions;

int
fsync (int fd)
{
  if (n_interruptions > 0) {
    n_interruptions--;
    errno = EINTR;
    return -1;
  }
  return (int) syscall (SYS_fsync, fd);
}

/* What the file system of a test lacks: files without a name, or second names
 * for them. */
static enum { LACKS_NOTHING, LACKS_UNNAMED, LACKS_LINKS } lacking;

int
open (const char *path, int flags, ...)
{
  va_list list;
  mode_t mode = 0;

  if ((flags & O_TMPFILE) == O_TMPFILE || (flags & O_CREAT) != 0) {
    va_start (list, flags);
    mode = va_arg (list, mode_t);
    va_end (list);
  }
  if (lacking == LACKS_UNNAMED && (flags & O_TMPFILE) == O_TMPFILE) {
    errno = EOPNOTSUPP;
    return -1;
  }
  return (int) syscall (SYS_openat, AT_FDCWD, path, flags, mode);
}

int
linkat (int from_folder, const char *from, int to_folder, const char *to,
        int flags)
{
  if (lacking == LACKS_LINKS) {
    errno = EPERM;
    return -1;
  }
  return (int) syscall (SYS_linkat, from_folder, from, to_folder, to, flags);
}

/* The promises do not depend on what the file system knows. */
static void
test_lacking (Fixture *fixture, gconstpointer data)
{
  g_autofree char *large = g_malloc0 (200000);

  for (int i = LACKS_UNNAMED; i <= LACKS_LINKS; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (HfFileWriter) writer = NULL;
    g_autofree char *text = NULL;
    gsize size_bytes = 0;

    lacking = i;
    memset (large, 'a' + i, 200000);
    /* Anew, and over the old one. */
    for (gsize size = 100000; size <= 200000; size += 100000) {
      g_assert_true (hf_file_write_whole (fixture->path, large, size, &error));
      g_assert_no_error (error);
      g_assert_true (
          g_file_get_contents (fixture->path, &text, &size_bytes, NULL));
      g_assert_cmpmem (text, size_bytes, large, size);
      g_clear_pointer (&text, g_free);
    }
    test_abandoned (fixture, data);
    g_unlink (fixture->path);
  }
  lacking = LACKS_NOTHING;
}

/* The same on all file systems. */
static void
test_new (Fixture *fixture, gconstpointer data)
{
  for (int i = LACKS_NOTHING; i <= LACKS_LINKS; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (HfFileWriter) first = NULL;
    g_autoptr (HfFileWriter) second = NULL;
    g_autofree char *text = NULL;

    lacking = i;
    first = hf_file_writer_open (fixture->path, NULL);
    second = hf_file_writer_open (fixture->path, NULL);
    g_assert_true (hf_file_writer_write (first, "first", 5, NULL));
    g_assert_true (hf_file_writer_commit_new (first, &error));
    g_assert_no_error (error);
    g_assert_false (hf_file_writer_commit_new (second, &error));
    g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
    g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
    g_assert_cmpstr (text, ==, "first");
    g_unlink (fixture->path);
  }
  lacking = LACKS_NOTHING;
}

/* A killed writer leaves the old file, and nothing else. */
static void
test_killed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  int fd = open (fixture->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  g_autofree char *text = NULL;
  pid_t pid;
  int status;

  if (fd < 0) {
    g_test_skip ("the file system knows no files without a name");
    return;
  }
  close (fd);
  g_assert_true (hf_file_write_whole (fixture->path, "old", 3, NULL));
  pid = fork ();
  if (pid == 0) {
    HfFileWriter *writer = hf_file_writer_open (fixture->path, NULL);

    if (writer != NULL && hf_file_writer_write (writer, "half", 4, NULL))
      kill (getpid (), SIGKILL);
    _exit (1);
  }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status));
  dir = g_dir_open (fixture->folder, 0, NULL);
  g_assert_cmpstr (g_dir_read_name (dir), ==, "target");
  g_assert_null (g_dir_read_name (dir));
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "old");
}

static void
test_interrupted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  n_interruptions = 3;
  g_assert_true (hf_file_write_whole (fixture->path, "x", 1, &error));
  g_assert_no_error (error);
  g_assert_cmpint (n_interruptions, ==, 0);
}

static void
test_permissions (Fixture *fixture, gconstpointer data)
{
  mode_t before = umask (027);
  struct stat info;

  n_umask_calls = 0;
  g_assert_true (hf_file_write_whole (fixture->path, "x", 1, NULL));
  g_assert_cmpint (n_umask_calls, ==, 0);
  umask (before);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0640);
}

static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path =
      g_build_filename (fixture->folder, "missing", "target", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (hf_file_write_whole (path, "x", 1, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_unwritable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (hf_file_write_whole ("/proc/handful-test", "x", 1, &error));
  g_assert_nonnull (error);
}

static void
test_mapping (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GMappedFile) mapped = NULL;

  g_assert_null (hf_file_map (fixture->path, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_assert_null (hf_file_map (fixture->folder, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
  g_clear_error (&error);
  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  g_assert_null (hf_file_map (fixture->path, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
  g_unlink (fixture->path);
  g_assert_true (hf_file_write_whole (fixture->path, "abc", 3, NULL));
  mapped = hf_file_map (fixture->path, NULL);
  g_assert_cmpuint (g_mapped_file_get_length (mapped), ==, 3);
}

/* A rename over a device would put a file in its place. */
static void
test_not_regular (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  struct stat info;

  g_assert_false (hf_file_write_whole (fixture->folder, "x", 1, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
  g_clear_error (&error);
  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  g_assert_false (hf_file_write_whole (fixture->path, "x", 1, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
  g_assert_nonnull (strstr (error->message, fixture->path));
  g_assert_cmpint (stat (fixture->path, &info), ==, 0);
  g_assert_true (S_ISFIFO (info.st_mode));
}

static void
test_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *real = g_build_filename (fixture->folder, "real", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (hf_file_write_whole (real, "old", 3, NULL));
  g_assert_cmpint (symlink ("real", fixture->path), ==, 0);
  g_assert_true (hf_file_write_whole (fixture->path, "new", 3, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (g_file_get_contents (real, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "new");
  g_unlink (real);
}

/* What happened, to what, and what to do. */
static void
test_advice (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "no", "x", NULL);
  const struct rlimit small = {10, RLIM_INFINITY};
  struct rlimit before;
  g_autoptr (GError) error = NULL;

  g_assert_false (hf_file_write_whole (path, "x", 1, &error));
  g_assert_nonnull (strstr (error->message, path));
  g_assert_true (g_str_has_suffix (error->message, "Make its folder first."));
  g_clear_error (&error);
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false (
      hf_file_write_whole (fixture->path, "over ten bytes", 14, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_nonnull (strstr (error->message, fixture->path));
  g_assert_nonnull (strstr (error->message, "another place"));
  for (gsize i = 0; i < 2; i++)
    g_assert_nonnull (
        strstr (hf_file_get_advice (i == 0 ? ENOSPC : EDQUOT), "Make room"));
  g_assert_nonnull (strstr (hf_file_get_advice (EROFS), "can be written"));
  g_assert_cmpstr (hf_file_get_advice (EIO), ==, "");
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/base/file/replaces-the-old-file-whole", test_whole);
  ADD ("/base/file/abandoned-writer-changes-nothing", test_abandoned);
  ADD ("/base/file/a-signal-does-not-stop-the-flush", test_interrupted);
  ADD ("/base/file/umask-is-kept-and-left-alone", test_permissions);
  ADD ("/base/file/missing-folder-is-named", test_no_folder);
  ADD ("/base/file/unwritable-folder-is-refused", test_unwritable);
  ADD ("/base/file/only-regular-files-are-mapped", test_mapping);
  ADD ("/base/file/only-regular-files-are-replaced", test_not_regular);
  ADD ("/base/file/a-link-stays-a-link", test_link);
  ADD ("/base/file/a-failure-says-what-to-do", test_advice);
  ADD ("/base/file/any-file-system-will-do", test_lacking);
  ADD ("/base/file/what-is-new-replaces-nothing", test_new);
  ADD ("/base/file/a-killed-writer-leaves-nothing", test_killed);
  return g_test_run ();
}
