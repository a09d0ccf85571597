/* files.c: see the header. */
#include "app/models/files.h"

#include "base/file.h"
#include "base/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { CHUNK_BYTES = 1 << 20 };

void
hf_files_set_error (GError **error, int code, const char *what,
                    const char *path)
{
  g_autofree char *shown = g_filename_display_name (path);
  g_autofree char *clause = NULL;
  gboolean is_full = code == ENOSPC || code == EDQUOT || code == EFBIG;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  clause = g_strdup_printf (what, shown);
#pragma GCC diagnostic pop
  g_set_error (
      error, G_FILE_ERROR,
      is_full ? (int) G_FILE_ERROR_NOSPC : (int) g_file_error_from_errno (code),
      _("%s: %s.%s"), clause, g_strerror (code), hf_file_get_advice (code));
}

static gboolean
write_all (int fd, const guint8 *data, gsize n, const char *path,
           GError **error)
{
  while (n > 0) {
    gssize written = write (fd, data, n);

    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0) {
      hf_files_set_error (error, written < 0 ? errno : ENOSPC,
                          _("Cannot write %s"), path);
      return FALSE;
    }
    data += written;
    n -= (gsize) written;
  }
  return TRUE;
}

/* Reads all of @from, sums it, and writes it to @to unless that is -1. */
static char *
pass_through (int from, const char *from_path, gint64 size_bytes, int to,
              const char *to_path, HfProgress *progress, GError **error)
{
  g_autoptr (HfSha256) sum = hf_sha256_new ();
  g_autofree guint8 *chunk = g_malloc (CHUNK_BYTES);
  gint64 done = 0;

  for (;;) {
    gssize n = read (from, chunk, CHUNK_BYTES);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      hf_files_set_error (error, errno, _("Cannot read %s"), from_path);
      return NULL;
    }
    if (n == 0)
      return hf_sha256_finish (sum);
    if (!hf_progress_check (progress, error) ||
        (to >= 0 && !write_all (to, chunk, (gsize) n, to_path, error)))
      return NULL;
    hf_sha256_update (sum, chunk, (gsize) n);
    done += n;
    hf_progress_report (progress, done, size_bytes);
  }
}

static char *
copy_to (int from, const char *from_path, gint64 size_bytes, const char *to,
         HfProgress *progress, GError **error)
{
  int fd = open (to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  g_autofree char *sum = NULL;
  gboolean is_clone;

  if (fd < 0) {
    hf_files_set_error (error, errno, _("Cannot write %s"), to);
    return NULL;
  }
  is_clone = ioctl (fd, FICLONE, from) == 0;
  sum = pass_through (from, from_path, size_bytes, is_clone ? -1 : fd, to,
                      progress, error);
  if (sum != NULL && fsync (fd) < 0) {
    hf_files_set_error (error, errno, _("Cannot write %s"), to);
    g_clear_pointer (&sum, g_free);
  }
  close (fd);
  if (sum == NULL)
    g_unlink (to);
  return g_steal_pointer (&sum);
}

char *
hf_files_copy (const char *from, const char *to, HfProgress *progress,
               GError **error)
{
  gint64 size_bytes = 0;
  int fd = hf_file_open (from, &size_bytes, error);
  char *sum;

  if (fd < 0)
    return NULL;
  sum = copy_to (fd, from, size_bytes, to, progress, error);
  close (fd);
  return sum;
}

char *
hf_files_dup_sha256 (const char *path, HfProgress *progress, GError **error)
{
  gint64 size_bytes = 0;
  int fd = hf_file_open (path, &size_bytes, error);
  char *sum;

  if (fd < 0)
    return NULL;
  sum = pass_through (fd, path, size_bytes, -1, NULL, progress, error);
  close (fd);
  return sum;
}

void
hf_files_sync_folder (const char *folder)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  (void) fsync (fd);
  close (fd);
}
