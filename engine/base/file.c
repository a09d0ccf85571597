/* file.c: see the header for what is promised. The order that keeps it:
 * write, fsync the file, rename, fsync the folder. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct _HfFileWriter {
  int fd;
  char *path;
  char *temporary; /* NULL once renamed */
};

const char *
hf_file_get_advice (int code)
{
  switch (code) {
  case ENOSPC:
  case EDQUOT:
    return " Make room there, or choose another place.";
  case EFBIG:
    return " The file system, or a limit (ulimit -f), allows no larger file; "
           "choose another place.";
  case EROFS:
  case EACCES:
  case EPERM:
    return " Choose a place that can be written.";
  case ENOENT:
  case ENOTDIR:
    return " Make its folder first.";
  default:
    return "";
  }
}

/* The one place where errno becomes a sentence about a file. */
static void
set_error (GError **error, int code, const char *what, const char *path,
           const char *advice)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               "%s %s: %s.%s", what, shown, g_strerror (code), advice);
}

static void
set_write_error (GError **error, int code, const char *path)
{
  set_error (error, code, "Cannot write", path, hf_file_get_advice (code));
}

static void
set_not_regular (GError **error, const char *path)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
               "%s is not a regular file.", shown);
}

/* The file that a rename is to replace: behind a link the linked one, so that
 * the link stays. NULL for what is there but no file: a rename would put one in
 * the place of a device. */
static char *
dup_target (const char *path, GError **error)
{
  char *target;
  struct stat info;

  if (stat (path, &info) == 0 && !S_ISREG (info.st_mode)) {
    set_not_regular (error, path);
    return NULL;
  }
  /* Without a target, nothing is there yet, or a link to nothing, which is
   * replaced. */
  target = realpath (path, NULL);
  return target != NULL ? target : g_strdup (path);
}

HfFileWriter *
hf_file_writer_open (const char *path, GError **error)
{
  g_autoptr (HfFileWriter) self = g_new0 (HfFileWriter, 1);
  g_autofree char *folder = NULL;

  self->fd = -1;
  self->path = dup_target (path, error);
  if (self->path == NULL)
    return NULL;
  folder = g_path_get_dirname (self->path);
  /* A short name of its own: the target's may already be as long as the file
   * system allows. */
  self->temporary = g_build_filename (folder, ".handful-XXXXXX", NULL);
  /* The kernel takes the umask off the mode. To ask for the umask is to change
   * it, which no thread may do to the others. */
  self->fd = g_mkstemp_full (self->temporary, O_RDWR | O_CLOEXEC, 0666);
  if (self->fd < 0) {
    set_write_error (error, errno, path);
    g_clear_pointer (&self->temporary, g_free);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
hf_file_writer_free (HfFileWriter *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  if (self->temporary != NULL)
    g_unlink (self->temporary);
  g_free (self->temporary);
  g_free (self->path);
  g_free (self);
}

gboolean
hf_file_writer_write (HfFileWriter *self, const void *data, gsize size_bytes,
                      GError **error)
{
  const char *at = data;

  while (size_bytes > 0) {
    gssize n = write (self->fd, at, MIN (size_bytes, 1u << 30));

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0) {
      set_write_error (error, n < 0 ? errno : ENOSPC, self->path);
      return FALSE;
    }
    at += n;
    size_bytes -= (gsize) n;
  }
  return TRUE;
}

static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  /* Some file systems refuse this; the rename itself has already succeeded. */
  if (fd < 0)
    return;
  (void) fsync (fd);
  close (fd);
}

/* A file on the network may wait so long that a signal comes first. */
static int
sync_file (int fd)
{
  int result;

  do
    result = fsync (fd);
  while (result < 0 && errno == EINTR);
  return result;
}

gboolean
hf_file_writer_commit (HfFileWriter *self, GError **error)
{
  g_return_val_if_fail (self->temporary != NULL, FALSE);

  if (sync_file (self->fd) < 0 || g_rename (self->temporary, self->path) < 0) {
    set_write_error (error, errno, self->path);
    return FALSE;
  }
  g_clear_pointer (&self->temporary, g_free);
  sync_folder (self->path);
  return TRUE;
}

gboolean
hf_file_write_whole (const char *path, const void *data, gsize size_bytes,
                     GError **error)
{
  g_autoptr (HfFileWriter) writer = hf_file_writer_open (path, error);

  return writer != NULL &&
         hf_file_writer_write (writer, data, size_bytes, error) &&
         hf_file_writer_commit (writer, error);
}

int
hf_file_open (const char *path, gint64 *size_bytes, GError **error)
{
  struct stat info;
  /* O_NONBLOCK: a FIFO without a writer would hold us for ever. */
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  if (fd < 0) {
    set_error (error, errno, "Cannot read", path, "");
    return -1;
  }
  if (fstat (fd, &info) < 0) {
    set_error (error, errno, "Cannot read", path, "");
    close (fd);
    return -1;
  }
  if (!S_ISREG (info.st_mode)) {
    close (fd);
    set_not_regular (error, path);
    return -1;
  }
  *size_bytes = info.st_size;
  return fd;
}

GMappedFile *
hf_file_map (const char *path, GError **error)
{
  gint64 size_bytes = 0;
  int fd = hf_file_open (path, &size_bytes, error);
  GMappedFile *mapped;

  if (fd < 0)
    return NULL;
  mapped = g_mapped_file_new_from_fd (fd, FALSE, error);
  close (fd);
  if (mapped == NULL) {
    g_autofree char *shown = g_filename_display_name (path);

    g_prefix_error (error, "Cannot read %s: ", shown);
  }
  return mapped;
}
