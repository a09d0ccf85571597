#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define FILLER "filler"
/* Names that a disk has room for; some are in use. */
#define N_NAMES 64

static int refused; /* errno, 0 where disks can be mounted */

static void
write_line (const char *path, const char *line)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  gssize n = (gssize) strlen (line);

  if (fd < 0 || write (fd, line, (gsize) n) != n)
    g_test_message ("%s: %s", path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
}

/* A user without rights has them in a namespace of his own, under the same
 * number, so that bus and display know him. */
static gboolean
enter_as_user (void)
{
  g_autofree char *uids =
      g_strdup_printf ("%d %d 1", (int) getuid (), (int) getuid ());
  g_autofree char *gids =
      g_strdup_printf ("%d %d 1", (int) getgid (), (int) getgid ());

  if (unshare (CLONE_NEWUSER | CLONE_NEWNS) != 0)
    return FALSE;
  write_line ("/proc/self/setgroups", "deny");
  write_line ("/proc/self/uid_map", uids);
  write_line ("/proc/self/gid_map", gids);
  return TRUE;
}

void
disk_begin (void)
{
  g_autofree char *folder = g_dir_make_tmp ("handful-disk-XXXXXX", NULL);
  gboolean ok = geteuid () == 0 ? unshare (CLONE_NEWNS) == 0 : enter_as_user ();

  /* What is mounted here is nobody else's. */
  ok = ok && mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
       mount ("none", folder, "tmpfs", 0, "size=64k") == 0;
  refused = ok ? 0 : errno;
  if (ok)
    umount2 (folder, MNT_DETACH);
  g_rmdir (folder);
}

gboolean
disk_skip (void)
{
  g_autofree char *reason = NULL;

  if (refused == 0)
    return FALSE;
  reason = g_strdup_printf ("mounting a small disk is not allowed here: %s",
                            g_strerror (refused));
  g_test_skip (reason);
  return TRUE;
}

void
disk_mount (const char *path, int kib)
{
  g_autofree char *options =
      g_strdup_printf ("size=%dk,nr_inodes=%d", kib, N_NAMES);

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  g_assert_cmpint (mount ("none", path, "tmpfs", 0, options), ==, 0);
}

void
disk_unmount (const char *path)
{
  g_assert_cmpint (umount2 (path, MNT_DETACH), ==, 0);
}

static char *
dup_filler (const char *path, int i)
{
  return g_strdup_printf ("%s/" FILLER "%d", path, i);
}

void
disk_fill (const char *path)
{
  g_autofree char *name = dup_filler (path, 0);
  const char zeros[4096] = {0};
  int fd = open (name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  while (write (fd, zeros, sizeof zeros) > 0)
    continue;
  g_assert_cmpint (errno, ==, ENOSPC);
  for (int i = 1; fd >= 0; i++) {
    g_autofree char *empty = dup_filler (path, i);

    close (fd);
    fd = open (empty, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  }
  g_assert_cmpint (errno, ==, ENOSPC);
}

void
disk_empty (const char *path)
{
  for (int i = 0; i < N_NAMES; i++) {
    g_autofree char *name = dup_filler (path, i);

    g_unlink (name);
  }
}

/* A disk with files that are open for writing cannot be made read-only, but a
 * second mount of it over the first can. */
void
disk_set_read_only (const char *path, gboolean read_only)
{
  if (!read_only) {
    disk_unmount (path);
    return;
  }
  g_assert_cmpint (mount (path, path, NULL, MS_BIND, NULL), ==, 0);
  g_assert_cmpint (
      mount ("none", path, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), ==,
      0);
}
