/* part.c: see the header. */
#include "app/models/part.h"

#include "app/models/download.h"
#include "app/models/files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct _HfPart {
  char *path;
  int fd;
};

/* Whether the open file is still the one of that name: whoever had it before
 * may have made a model of it while we waited for nothing. */
static gboolean
is_still (const HfPart *self)
{
  struct stat here, opened;

  return stat (self->path, &here) == 0 && fstat (self->fd, &opened) == 0 &&
         here.st_dev == opened.st_dev && here.st_ino == opened.st_ino;
}

static gboolean
open_once (HfPart *self, GError **error)
{
  self->fd = open (self->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (self->fd < 0) {
    hf_files_set_error (error, errno, _("Cannot write %s"), self->path);
    return FALSE;
  }
  /* A file system without locks is no reason to refuse. */
  if (flock (self->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
    return TRUE;
  g_set_error (error, HF_DOWNLOAD_ERROR, HF_DOWNLOAD_ERROR_BUSY,
               _("Another handful-cli is downloading to %s; wait for it."),
                  self->path);
  return FALSE;
}

HfPart *
hf_part_open (const char *path, GError **error)
{
  g_autoptr (HfPart) self = g_new0 (HfPart, 1);

  self->path = g_strdup (path);
  self->fd = -1;
  for (;;) {
    if (!open_once (self, error))
      return NULL;
    if (is_still (self))
      return g_steal_pointer (&self);
    close (self->fd);
  }
}

void
hf_part_close (HfPart *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->path);
  g_free (self);
}

void
hf_part_discard (HfPart *self)
{
  g_autofree char *memory = hf_part_dup_memory_path (self);

  g_unlink (memory);
  g_unlink (self->path);
}

const char *
hf_part_get_path (const HfPart *self)
{
  return self->path;
}

int
hf_part_get_fd (const HfPart *self)
{
  return self->fd;
}

char *
hf_part_dup_memory_path (const HfPart *self)
{
  return g_strconcat (self->path, ".from", NULL);
}
