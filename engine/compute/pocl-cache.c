/* pocl-cache.c: invariants:
 *
 * I1  Whoever lets PoCL use the common folder holds a shared lock on LOCK until
 *     the process ends (the descriptor is never closed).
 * I2  Files of the common folder are removed only under an exclusive lock.
 * I3  The list names every program.bc and *.so with its SHA-256; it is replaced
 *     whole. A listed file that is missing or altered breaks the seal.
 *
 * PoCL renames finished files into place, so files that are not listed yet are
 * whole as long as the machine has not crashed since: they are trusted while
 * another process still works over the folder (its lock says so), and a process
 * may seal what another one has compiled. */
#include "compute/pocl-cache.h"

#include "base/file.h"
#include "compute/device-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "pocl"
#define LIST "pocl.sums"
#define LOCK "pocl.lock"
#define VARIABLE "POCL_CACHE_DIR"
#define PRIVATE_PREFIX "handful-pocl-"
#define MAX_DEPTH 6

static gboolean
is_compiled (const char *name)
{
  return g_str_equal (name, "program.bc") || g_str_has_suffix (name, ".so");
}

static void
add_sum (GHashTable *sums, const char *path, gsize root_length)
{
  g_autofree char *text = NULL;
  gsize size_bytes = 0;

  if (g_file_get_contents (path, &text, &size_bytes, NULL))
    g_hash_table_replace (sums, g_strdup (path + root_length),
                          g_compute_checksum_for_data (G_CHECKSUM_SHA256,
                                                       (const guchar *) text,
                                                       size_bytes));
}

/* Path below the folder -> SHA-256, of every compiled file there. */
static void
collect_sums (GHashTable *sums, const char *folder, gsize root_length,
              int depth)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && depth < MAX_DEPTH &&
         (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      collect_sums (sums, path, root_length, depth + 1);
    else if (is_compiled (name))
      add_sum (sums, path, root_length);
  }
}

static GHashTable *
new_sums (const char *folder)
{
  GHashTable *sums =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (folder != NULL)
    collect_sums (sums, folder, strlen (folder), 0);
  return sums;
}

/* Lines "sum path". */
static GHashTable *
load_list (const char *path)
{
  GHashTable *sums = new_sums (NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return sums;
  lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++) {
    char *blank = strchr (lines[i], ' ');

    if (blank != NULL)
      g_hash_table_replace (sums, g_strdup (blank + 1),
                            g_strndup (lines[i], blank - lines[i]));
  }
  return sums;
}

/* Whether every entry of @part is in @whole. */
static gboolean
is_part (GHashTable *part, GHashTable *whole)
{
  GHashTableIter iter;
  gpointer path, sum;

  g_hash_table_iter_init (&iter, part);
  while (g_hash_table_iter_next (&iter, &path, &sum))
    if (g_strcmp0 (g_hash_table_lookup (whole, path), sum) != 0)
      return FALSE;
  return TRUE;
}

/* Removes what is in @folder, symbolic links themselves, and the folder. */
static void
remove_tree (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR) &&
        !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
      remove_tree (path);
    else
      g_unlink (path);
  }
  g_rmdir (folder);
}

/* Private folders of processes that are gone. */
static void
remove_stale_folders (void)
{
  g_autoptr (GDir) dir = g_dir_open (g_get_tmp_dir (), 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (g_get_tmp_dir (), name, NULL);
    gint64 pid;
    GStatBuf info;

    if (!g_str_has_prefix (name, PRIVATE_PREFIX))
      continue;
    pid = g_ascii_strtoll (name + strlen (PRIVATE_PREFIX), NULL, 10);
    if (pid > 0 && kill ((pid_t) pid, 0) < 0 && errno == ESRCH &&
        g_lstat (path, &info) == 0 && S_ISDIR (info.st_mode) &&
        info.st_uid == getuid ())
      remove_tree (path);
  }
}

/* PoCL loads code from that folder, so nobody else may have made it. */
static void
use_private_folder (void)
{
  g_autofree char *template =
      g_strdup_printf (PRIVATE_PREFIX "%d-XXXXXX", (int) getpid ());
  g_autofree char *folder = NULL;

  remove_stale_folders ();
  folder = g_dir_make_tmp (template, NULL);
  if (folder != NULL)
    g_setenv (VARIABLE, folder, TRUE);
}

static char *
dup_common_path (const char *name)
{
  return g_build_filename (g_get_user_cache_dir (), "handful", name, NULL);
}

typedef enum { SEAL_BROKEN, SEAL_INCOMPLETE, SEAL_WHOLE } Seal;

static Seal
check_seal (const char *folder)
{
  g_autofree char *list = dup_common_path (LIST);
  g_autoptr (GHashTable) wanted = load_list (list);
  g_autoptr (GHashTable) found = new_sums (folder);

  if (!is_part (wanted, found))
    return SEAL_BROKEN;
  return is_part (found, wanted) ? SEAL_WHOLE : SEAL_INCOMPLETE;
}

/* I2: nobody else works over it. */
static void
empty_folder (const char *folder)
{
  g_autofree char *list = dup_common_path (LIST);

  g_unlink (list);
  remove_tree (folder);
  g_mkdir (folder, 0700);
}

gboolean
hf_pocl_cache_prepare (void)
{
  g_autofree char *folder = hf_device_dup_cache_folder (FOLDER);
  g_autofree char *lock = dup_common_path (LOCK);
  g_autofree char *list = dup_common_path (LIST);
  Seal seal = SEAL_BROKEN;
  int fd;

  if (g_getenv (VARIABLE) != NULL)
    return TRUE;
  fd = folder == NULL ? -1 : g_open (lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  /* I1: once this succeeds nobody empties the folder under us. */
  if (fd < 0 || flock (fd, LOCK_SH | LOCK_NB) < 0) {
    if (fd >= 0)
      close (fd);
    use_private_folder ();
    return FALSE;
  }
  seal = check_seal (folder);
  if (seal != SEAL_WHOLE && flock (fd, LOCK_EX | LOCK_NB) == 0) {
    /* Checked again: the lock was free for a moment. */
    if (check_seal (folder) != SEAL_WHOLE)
      empty_folder (folder);
    flock (fd, LOCK_SH);
  } else if (seal == SEAL_BROKEN) {
    close (fd);
    use_private_folder ();
    return FALSE;
  }
  g_setenv (VARIABLE, folder, TRUE);
  return g_file_test (list, G_FILE_TEST_EXISTS);
}

/* Whether the folder holds files that the list does not name; what is listed
 * was checked at the start. */
static gboolean
has_unlisted (const char *folder, GHashTable *listed, gsize root_length,
              int depth)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && depth < MAX_DEPTH &&
         (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (is_compiled (name)
            ? !g_hash_table_contains (listed, path + root_length)
            : has_unlisted (path, listed, root_length, depth + 1))
      return TRUE;
  }
  return FALSE;
}

void
hf_pocl_cache_seal (void)
{
  g_autofree char *folder = dup_common_path (FOLDER);
  g_autofree char *list = dup_common_path (LIST);
  g_autoptr (GHashTable) listed = NULL;
  g_autoptr (GHashTable) found = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  GHashTableIter iter;
  gpointer path, sum;

  if (g_strcmp0 (g_getenv (VARIABLE), folder) != 0)
    return;
  listed = load_list (list);
  if (!has_unlisted (folder, listed, strlen (folder), 0))
    return;
  found = new_sums (folder);
  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, &path, &sum))
    g_string_append_printf (text, "%s %s\n", (char *) sum, (char *) path);
  hf_file_write_whole (list, text->str, text->len, NULL);
}
