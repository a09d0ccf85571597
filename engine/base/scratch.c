/* scratch.c: see the header. Between a folder's making and its lock somebody
 * else's sweep may take it; then another one is made. A sweep removes only what
 * it has locked, so nothing is removed under the lock of its maker. */
#include "base/scratch.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_ATTEMPTS = 100 };

struct _HfScratch {
  int lock;
  char *path; /* NULL once moved */
};

static void G_GNUC_PRINTF (3, 0)
    set_error (GError **error, int code, const char *format, const char *path)
{
  g_autofree char *shown = g_filename_display_name (path);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), format,
               shown, g_strerror (code), hf_file_get_advice (code));
#pragma GCC diagnostic pop
}

void
hf_folder_empty (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR) &&
        !g_file_test (path, G_FILE_TEST_IS_SYMLINK)) {
      hf_folder_empty (path);
      g_rmdir (path);
    } else {
      g_unlink (path);
    }
  }
}

/* Whether @path is the folder that @fd has open: not another one since, and not
 * removed. */
static gboolean
is_still (const char *path, int fd)
{
  struct stat here, opened;

  return lstat (path, &here) == 0 && fstat (fd, &opened) == 0 &&
         here.st_dev == opened.st_dev && here.st_ino == opened.st_ino;
}

static gboolean
is_ours (int fd)
{
  struct stat info;

  return fstat (fd, &info) == 0 && info.st_uid == geteuid ();
}

static int
open_folder (const char *path)
{
  return open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

void
hf_scratch_sweep (const char *parent, const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (parent, name, NULL);
    int fd;

    if (!g_str_has_prefix (name, prefix))
      continue;
    fd = open_folder (path);
    if (fd < 0)
      continue;
    if (is_ours (fd) && flock (fd, LOCK_EX | LOCK_NB) == 0 &&
        is_still (path, fd)) {
      hf_folder_empty (path);
      g_rmdir (path);
    }
    close (fd);
  }
}

/* A descriptor with the lock on the folder at @path; -1 with *@lost where a
 * sweep has taken the folder or is about to, without for a failure. */
static int
lock_folder (const char *path, gboolean *lost)
{
  int fd = open_folder (path);

  *lost = fd < 0 && errno == ENOENT;
  if (fd < 0)
    return -1;
  /* Where there are no locks, nobody sweeps. */
  if (flock (fd, LOCK_EX | LOCK_NB) < 0)
    *lost = errno == EWOULDBLOCK;
  *lost = *lost || !is_still (path, fd);
  if (!*lost)
    return fd;
  close (fd);
  return -1;
}

/* Makes and locks one folder; again with *@lost if a sweep took it. */
static gboolean
make (HfScratch *self, const char *parent, const char *prefix, int mode,
      gboolean *lost)
{
  g_autofree char *name = g_strconcat (prefix, "XXXXXX", NULL);

  *lost = FALSE;
  g_free (self->path);
  self->path = g_build_filename (parent, name, NULL);
  if (g_mkdtemp_full (self->path, mode) == NULL) {
    g_clear_pointer (&self->path, g_free);
    return FALSE;
  }
  self->lock = lock_folder (self->path, lost);
  return self->lock >= 0;
}

HfScratch *
hf_scratch_new (const char *parent, const char *prefix, int mode,
                GError **error)
{
  g_autoptr (HfScratch) self = g_new0 (HfScratch, 1);
  gboolean lost = TRUE;

  self->lock = -1;
  hf_scratch_sweep (parent, prefix);
  for (int i = 0; lost && i < MOST_ATTEMPTS; i++)
    if (make (self, parent, prefix, mode, &lost))
      return g_steal_pointer (&self);
  set_error (error, errno, _("No folder can be made in %s: %s.%s"), parent);
  return NULL;
}

/* As rename, but over nothing, which older file systems do for all folders but
 * empty ones. */
static int
rename_new (const char *from, const char *to)
{
  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return 0;
  if ((errno == EINVAL || errno == ENOSYS) && g_rename (from, to) == 0)
    return 0;
  if (errno == ENOTEMPTY || errno == ENOTDIR)
    errno = EEXIST;
  return -1;
}

HfScratch *
hf_scratch_take (const char *folder, const char *prefix, GError **error)
{
  g_autoptr (HfScratch) self = g_new0 (HfScratch, 1);
  g_autofree char *parent = g_path_get_dirname (folder);
  g_autofree char *path = NULL;
  struct stat info = {0};

  self->lock = open_folder (folder);
  if (self->lock >= 0 && fstat (self->lock, &info) == 0) {
    /* Of two that take it, one renames it. */
    (void) flock (self->lock, LOCK_EX | LOCK_NB);
    /* No other folder has its number. */
    path = g_strdup_printf ("%s/%s%llu", parent, prefix,
                            (unsigned long long) info.st_ino);
    if (rename_new (folder, path) == 0) {
      self->path = g_steal_pointer (&path);
      return g_steal_pointer (&self);
    }
  }
  set_error (error, errno,
             _("The folder %s cannot be removed: %s.%s"), folder);
  return NULL;
}

void
hf_scratch_free (HfScratch *self)
{
  if (self == NULL)
    return;
  if (self->path != NULL) {
    hf_folder_empty (self->path);
    g_rmdir (self->path);
  }
  if (self->lock >= 0)
    close (self->lock);
  g_free (self->path);
  g_free (self);
}

gboolean
hf_scratch_move (HfScratch *self, const char *path, GError **error)
{
  g_return_val_if_fail (self->path != NULL, FALSE);

  if (rename_new (self->path, path) < 0) {
    set_error (error, errno, _("The folder %s cannot be made: %s.%s"), path);
    return FALSE;
  }
  g_clear_pointer (&self->path, g_free);
  return TRUE;
}

char *
hf_scratch_free_to_path (HfScratch *self)
{
  char *path = g_steal_pointer (&self->path);

  g_free (self);
  return path;
}

const char *
hf_scratch_get_path (const HfScratch *self)
{
  return self->path;
}
