/* file.c: see the header for what is promised. The order that keeps it:
 * write, fsync the file, give it its name, fsync the folder.
 *
 * A file is written without a name (O_TMPFILE), so that nothing is left of it
 * when its process is killed. In the end it is linked to its name, or, where
 * that is taken, to a hidden one that is renamed over it at once. File systems
 * that know no such files (FAT, NFS) get a hidden name from the start. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct _HfFileWriter {
  int fd; /* -1 once committed */
  char *path;
  char *temporary; /* NULL while it has no name, and once renamed */
};

const char *
hf_file_get_advice (int code)
{
  switch (code) {
  case ENOSPC:
  case EDQUOT:
    return _(" Make room there, or choose another place.");
  case EFBIG:
    return _(" The file system, or a limit (ulimit -f), allows no larger file; "
             "choose another place.");
  case EROFS:
  case EACCES:
  case EPERM:
    return _(" Choose a place that can be written.");
  case ENOENT:
    return _(" Make its folder first.");
  case ENOTDIR:
    return _(" A file stands where a folder should be; move it away, or choose "
             "another place.");
  default:
    return "";
  }
}

/* The one place where errno becomes a sentence about a file. @what has a
 * place for the file's name. */
static void G_GNUC_PRINTF (3, 0)
    set_error (GError **error, int code, const char *what, const char *path,
               const char *advice)
{
  g_autofree char *shown = g_filename_display_name (path);
  g_autofree char *clause = NULL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  clause = g_strdup_printf (what, shown);
#pragma GCC diagnostic pop
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               _("%s: %s.%s"), clause, g_strerror (code), advice);
}

static void
set_write_error (GError **error, int code, const char *path)
{
  set_error (error, code,
             _("Cannot write %s"), path, hf_file_get_advice (code));
}

static void
set_not_regular (GError **error, const char *path)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
               _("%s is not a regular file."), shown);
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

static char *
dup_fd_path (int fd)
{
  return g_strdup_printf ("/proc/self/fd/%d", fd);
}

/* -1 where the file system knows no files without a name, or where there is no
 * way to give them one. */
static int
open_unnamed (const char *folder)
{
  int fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
  g_autofree char *way = dup_fd_path (fd);

  if (fd < 0 || g_access (way, F_OK) == 0)
    return fd;
  close (fd);
  return -1;
}

static gboolean
open_named (HfFileWriter *self, const char *folder)
{
  /* A short name of its own: the target's may already be as long as the file
   * system allows. */
  self->temporary = g_build_filename (folder, ".handful-XXXXXX", NULL);
  /* The kernel takes the umask off the mode. To ask for the umask is to change
   * it, which no thread may do to the others. */
  self->fd = g_mkstemp_full (self->temporary, O_RDWR | O_CLOEXEC, 0666);
  if (self->fd >= 0)
    return TRUE;
  g_clear_pointer (&self->temporary, g_free);
  return FALSE;
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
  self->fd = open_unnamed (folder);
  if (self->fd < 0 && !open_named (self, folder)) {
    set_write_error (error, errno, path);
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

/* Where a file without a name cannot get one after all. */
static gboolean
copy_to_named (HfFileWriter *self, const char *folder, GError **error)
{
  enum { CHUNK_BYTES = 1 << 16 };
  g_autofree char *chunk = g_malloc (CHUNK_BYTES);
  int from = self->fd;
  gboolean ok = open_named (self, folder);
  off_t at = 0;
  gssize n = 0;

  if (!ok)
    set_write_error (error, errno, self->path);
  while (ok && (n = pread (from, chunk, CHUNK_BYTES, at)) > 0) {
    ok = hf_file_writer_write (self, chunk, (gsize) n, error);
    at += n;
  }
  if (ok && (n < 0 || sync_file (self->fd) < 0)) {
    set_write_error (error, errno, self->path);
    ok = FALSE;
  }
  close (from);
  return ok;
}

/* Fails where @name is taken. */
static gboolean
link_to (const HfFileWriter *self, const char *name)
{
  g_autofree char *from = dup_fd_path (self->fd);

  return linkat (AT_FDCWD, from, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0;
}

/* A name for a file that has none: its own if that is free, else a hidden one,
 * which is all that a kill in the next microseconds would leave. */
static gboolean
give_name (HfFileWriter *self, const char *folder, GError **error)
{
  enum { MOST_ATTEMPTS = 100 };

  if (link_to (self, self->path))
    return TRUE;
  for (int i = 0; errno == EEXIST && i < MOST_ATTEMPTS; i++) {
    g_autofree char *name = g_strdup_printf ("%s/.handful-%d-%d-%d", folder,
                                             (int) getpid (), self->fd, i);

    if (link_to (self, name)) {
      self->temporary = g_steal_pointer (&name);
      return TRUE;
    }
  }
  return copy_to_named (self, folder, error);
}

static void
settle (HfFileWriter *self)
{
  g_clear_pointer (&self->temporary, g_free);
  close (self->fd);
  self->fd = -1;
  sync_folder (self->path);
}

gboolean
hf_file_writer_commit (HfFileWriter *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  g_return_val_if_fail (self->fd >= 0, FALSE);

  if (sync_file (self->fd) < 0) {
    set_write_error (error, errno, self->path);
    return FALSE;
  }
  if (self->temporary == NULL && !give_name (self, folder, error))
    return FALSE;
  if (self->temporary != NULL && g_rename (self->temporary, self->path) < 0) {
    set_write_error (error, errno, self->path);
    return FALSE;
  }
  settle (self);
  return TRUE;
}

/* As rename, but never over another file. */
static int
rename_new (const char *from, const char *to)
{
  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return 0;
  /* Older file systems know only the rename that replaces. */
  if (errno != EINVAL && errno != ENOSYS)
    return -1;
  if (!g_file_test (to, G_FILE_TEST_EXISTS))
    return g_rename (from, to);
  errno = EEXIST;
  return -1;
}

gboolean
hf_file_writer_commit_new (HfFileWriter *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  gboolean is_named;

  g_return_val_if_fail (self->fd >= 0, FALSE);

  if (sync_file (self->fd) < 0) {
    set_write_error (error, errno, self->path);
    return FALSE;
  }
  is_named = self->temporary == NULL && link_to (self, self->path);
  if (!is_named && self->temporary == NULL && errno != EEXIST &&
      !copy_to_named (self, folder, error))
    return FALSE;
  if (!is_named && (self->temporary == NULL ||
                    rename_new (self->temporary, self->path) < 0)) {
    set_write_error (error, errno, self->path);
    return FALSE;
  }
  settle (self);
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
    set_error (error, errno, _("Cannot read %s"), path, "");
    return -1;
  }
  if (fstat (fd, &info) < 0) {
    set_error (error, errno, _("Cannot read %s"), path, "");
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
hf_file_map_open (const char *path, int *fd, GError **error)
{
  gint64 size_bytes = 0;
  int opened = hf_file_open (path, &size_bytes, error);
  GMappedFile *mapped;

  if (opened < 0)
    return NULL;
  mapped = g_mapped_file_new_from_fd (opened, FALSE, error);
  if (mapped == NULL) {
    g_autofree char *shown = g_filename_display_name (path);

    close (opened);
    g_prefix_error (error, _("Cannot read %s: "), shown);
    return NULL;
  }
  *fd = opened;
  return mapped;
}

GMappedFile *
hf_file_map (const char *path, GError **error)
{
  int fd = -1;
  GMappedFile *mapped = hf_file_map_open (path, &fd, error);

  if (mapped != NULL)
    close (fd);
  return mapped;
}
