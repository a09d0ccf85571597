/* lock.c: see the header. Who has the lock is asked from the kernel: a number
 * written into the file would say nothing between containers. */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define PAUSE_US 5000

/* FALSE if somebody else still has it. What knows no locks has none to wait
 * for. */
static gboolean
wait_for (int fd, int patience_ms)
{
  const gint64 end_us = g_get_monotonic_time () + (gint64) patience_ms * 1000;

  while (flock (fd, LOCK_EX | LOCK_NB) < 0) {
    if (errno == EINTR)
      continue;
    if (errno != EWOULDBLOCK)
      return TRUE;
    if (g_get_monotonic_time () >= end_us)
      return FALSE;
    g_usleep (PAUSE_US);
  }
  return TRUE;
}

/* The process that has the lock, or 0 where the kernel does not say (it knows
 * files by other numbers on some file systems) or that is in another container.
 *
 *     1: FLOCK  ADVISORY  WRITE 4711 08:02:131 0 EOF
 *
 * where those who wait have an arrow before FLOCK. */
static int
find_holder (int fd)
{
  g_autofree char *text = NULL, *file = NULL;
  g_auto (GStrv) lines = NULL;
  struct stat info;
  int holder = 0;

  if (fstat (fd, &info) < 0 ||
      !g_file_get_contents ("/proc/locks", &text, NULL, NULL))
    return 0;
  file =
      g_strdup_printf (" %02x:%02x:%" G_GUINT64_FORMAT " ", major (info.st_dev),
                       minor (info.st_dev), (guint64) info.st_ino);
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL && holder <= 0; line++)
    if (strstr (*line, file) == NULL ||
        sscanf (*line, "%*d: FLOCK %*s %*s %d", &holder) != 1)
      holder = 0;
  return MAX (holder, 0);
}

static void
set_busy (const char *path, int holder, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  if (holder > 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                 _("%s is kept by another program, process %d, which does not "
                   "go on: end it, or let it go on."),
                    shown, holder);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                 _("%s is kept by another program, which does not go on: end "
                   "it, or let it go on."),
                    shown);
}

gboolean
hf_lock_take (const char *path, int patience_ms, int *lock, GError **error)
{
  g_autofree char *name = g_strconcat (path, ".lock", NULL);
  int fd = open (name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);

  if (fd >= 0 && !wait_for (fd, patience_ms)) {
    set_busy (path, find_holder (fd), error);
    close (fd);
    return FALSE;
  }
  *lock = fd;
  return TRUE;
}

void
hf_lock_give (int lock)
{
  if (lock >= 0)
    close (lock);
}
