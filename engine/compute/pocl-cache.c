/* pocl-cache.c: invariants:
 *
 * I1  Whoever lets PoCL use the common folder holds a shared lock on LOCK until
 *     the process ends (the descriptor is never closed).
 * I2  Files of the common folder are removed only under an exclusive lock.
 * I3  The list names every program.bc and *.so with its SHA-256; it is replaced
 *     whole. A listed file that is missing or altered breaks the seal.
 *     It is written behind the gate: one that was begun earlier and ends later
 *     would put back a list that lacks what others have sealed since.
 * I4  LOCK is taken, and changed from exclusive to shared, only by the one who
 *     holds GATE. Without GATE it is only let go, when its process ends.
 *
 * I4 is there because flock changes the kind of a lock in two steps, between
 * which, or at the failure of which, there is no lock at all. Behind the gate:
 *
 *   exclusive on LOCK? --yes--> nobody uses the folder: look, empty it if its
 *          |                    seal is not whole, change to shared, open gate
 *          no, so somebody uses it
 *          +--> shared on LOCK, open gate, look: broken -> a private folder
 *
 * A shared lock is never made exclusive, so none is lost. Between exclusive and
 * shared nobody comes in, as the gate is shut. Of several that start at once
 * the first sees an unused folder and the others its shared lock, so what a
 * crash left is trusted by none: wherever somebody uses the folder, the first
 * of an unbroken chain of users has found it whole or has emptied it.
 *
 * PoCL renames finished files into place, so files that are not listed yet are
 * whole as long as the machine has not crashed since: they are trusted while
 * another process still works over the folder (its lock says so), and a process
 * may seal what another one has compiled. */
#include "compute/pocl-cache.h"

#include "base/file.h"
#include "base/scratch.h"
#include "base/sha256.h"
#include "compute/device-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define FOLDER "pocl"
#define LIST "pocl.sums"
#define LOCK "pocl.lock"
#define GATE "pocl.gate"
#define VARIABLE "POCL_CACHE_DIR"
#define PRIVATE_PREFIX ".handful-pocl-"
#define MAX_DEPTH 6
/* All kernels of all classes and vector widths take 7 MiB when compiled. */
#define ROOM_BYTES (G_GUINT64_CONSTANT (16) << 20)
/* The gate is shut for as long as the folder's files are read once. */
#define GATE_POLL_MS 5
#define GATE_PATIENCE_MS 3000

/* PoCL writes tempfile_XXXXXX.so and the like and renames that. */
static gboolean
is_unfinished (const char *name)
{
  return g_str_has_prefix (name, "tempfile_");
}

static gboolean
is_compiled (const char *name)
{
  return g_str_equal (name, "program.bc") ||
         (g_str_has_suffix (name, ".so") && !is_unfinished (name));
}

static void
add_sum (GHashTable *sums, const char *path, gsize root_length)
{
  g_autofree char *text = NULL;
  gsize size_bytes = 0;

  if (g_file_get_contents (path, &text, &size_bytes, NULL))
    g_hash_table_replace (sums, g_strdup (path + root_length),
                          hf_sha256_dup (text, size_bytes));
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

/* What is free for us, or G_MAXUINT64 where that cannot be known. */
static guint64
get_room_bytes (const char *folder)
{
  struct statvfs info;

  if (statvfs (folder, &info) < 0)
    return G_MAXUINT64;
  return (guint64) info.f_bavail * info.f_frsize;
}

/* PoCL loads code from that folder until the process ends, so nobody else may
 * have made it, and it stays. Where none can be made, PoCL is pointed to the
 * place that would be needed, so that hf_pocl_cache_check_room finds the fault
 * before PoCL does. */
static void
use_private_folder (void)
{
  HfScratch *scratch =
      hf_scratch_new (g_get_tmp_dir (), PRIVATE_PREFIX, 0700, NULL);
  g_autofree char *folder =
      scratch != NULL ? hf_scratch_free_to_path (scratch) : NULL;

  g_setenv (VARIABLE, folder != NULL ? folder : g_get_tmp_dir (), TRUE);
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

/* I2: nobody else works over it. The folder itself stays: others may just be
 * looking whether it is there. */
static void
empty_folder (const char *folder)
{
  g_autofree char *list = dup_common_path (LIST);

  g_unlink (list);
  hf_folder_empty (folder);
}

/* I2: what killed programs have left. */
static void
remove_unfinished (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (is_unfinished (name))
      g_unlink (path);
  }
}

/* -1 where there can be no such file. */
static int
open_lock (const char *name)
{
  g_autofree char *path = dup_common_path (name);

  return g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

/* Waits, but not for ever: whoever holds the gate may have been stopped. */
static gboolean
shut_gate (int gate)
{
  for (int waited_ms = 0; flock (gate, LOCK_EX | LOCK_NB) < 0;
       waited_ms += GATE_POLL_MS) {
    if ((errno != EWOULDBLOCK && errno != EINTR) ||
        waited_ms >= GATE_PATIENCE_MS)
      return FALSE;
    g_usleep (GATE_POLL_MS * 1000);
  }
  return TRUE;
}

/* I4: behind the gate. Returns whether @lock is shared now; @alone says whether
 * nobody else uses the folder, which has a whole seal then, or is empty. */
static gboolean
enter (int lock, const char *folder, gboolean *alone)
{
  *alone = flock (lock, LOCK_EX | LOCK_NB) == 0;
  if (*alone)
    remove_unfinished (folder);
  if (*alone && check_seal (folder) != SEAL_WHOLE) {
    empty_folder (folder);
    /* What cannot be removed would be trusted. */
    if (check_seal (folder) != SEAL_WHOLE)
      return FALSE;
  }
  return flock (lock, LOCK_SH | LOCK_NB) == 0;
}

/* Whether PoCL may use @folder. If so, I1 holds from here on. */
static gboolean
lock_common_folder (const char *folder)
{
  int gate = open_lock (GATE);
  int lock = open_lock (LOCK);
  gboolean alone = FALSE;
  gboolean usable = gate >= 0 && lock >= 0 && shut_gate (gate) &&
                    enter (lock, folder, &alone);

  /* Opens the gate; the lock keeps everybody from emptying the folder. */
  if (gate >= 0)
    close (gate);
  if (usable && !alone)
    usable = check_seal (folder) != SEAL_BROKEN;
  if (!usable && lock >= 0)
    close (lock);
  return usable;
}

gboolean
hf_pocl_cache_prepare (void)
{
  g_autofree char *folder = NULL;
  g_autofree char *list = NULL;

  if (g_getenv (VARIABLE) != NULL)
    return TRUE;
  folder = hf_device_dup_cache_folder (FOLDER);
  if (folder == NULL || get_room_bytes (folder) < ROOM_BYTES ||
      !lock_common_folder (folder)) {
    use_private_folder ();
    return FALSE;
  }
  g_setenv (VARIABLE, folder, TRUE);
  list = dup_common_path (LIST);
  return g_file_test (list, G_FILE_TEST_EXISTS);
}

gboolean
hf_pocl_cache_check_room (GError **error)
{
  const char *folder = g_getenv (VARIABLE);
  g_autofree char *shown = NULL;
  guint64 room_bytes;

  if (folder == NULL)
    return TRUE;
  room_bytes = get_room_bytes (folder);
  shown = g_filename_display_name (folder);
  if (room_bytes < ROOM_BYTES)
    g_set_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_BUILD,
                 _("PoCL needs %d MiB of disk for the kernels that it "
                   "compiles, but only %.1f MiB are free in %s. Free some "
                   "space, or let XDG_CACHE_HOME or TMPDIR name a folder that "
                   "has some."),
                    (int) (ROOM_BYTES >> 20), (double) room_bytes / (1 << 20),
                    shown);
  else if (g_access (folder, F_OK) == 0 && g_access (folder, W_OK) < 0)
    g_set_error (
        error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_BUILD,
        _("PoCL keeps the kernels that it compiles in %s, which cannot be "
          "written: %s. Let XDG_CACHE_HOME or TMPDIR name a folder that can "
          "be."),
           shown, g_strerror (errno));
  else
    return TRUE;
  return FALSE;
}

static void
write_list (GHashTable *sums, const char *path)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GHashTableIter iter;
  gpointer name, sum;

  g_hash_table_iter_init (&iter, sums);
  while (g_hash_table_iter_next (&iter, &name, &sum))
    g_string_append_printf (text, "%s %s\n", (char *) sum, (char *) name);
  hf_file_write_whole (path, text->str, text->len, NULL);
}

void
hf_pocl_cache_seal (void)
{
  g_autofree char *folder = dup_common_path (FOLDER);
  g_autofree char *list = dup_common_path (LIST);
  int gate;

  /* What two compile is replaced by the later one, with other bytes (PoCL
   * names its temporary files in them), so that names alone would not tell. */
  if (g_strcmp0 (g_getenv (VARIABLE), folder) != 0 ||
      check_seal (folder) == SEAL_WHOLE)
    return;
  gate = open_lock (GATE);
  /* I3 */
  if (gate >= 0 && shut_gate (gate)) {
    g_autoptr (GHashTable) found = new_sums (folder);

    write_list (found, list);
  }
  if (gate >= 0)
    close (gate);
}
