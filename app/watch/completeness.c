/* completeness.c: see the header. */
#include "app/watch/completeness.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* A read lease is given only where no descriptor is open for writing
 * (fcntl (2), "Leases"). Whoever opens the file while we hold it waits for us
 * to let go, at once; the signal that would tell us is one that does nothing,
 * where the default one ends the program. */
HfWriting
hf_completeness_ask (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  HfWriting answer = HF_WRITING_UNKNOWN;

  if (fd < 0)
    return HF_WRITING_UNKNOWN;
  if (fcntl (fd, F_SETSIG, SIGURG) == 0) {
    if (fcntl (fd, F_SETLEASE, F_RDLCK) == 0) {
      fcntl (fd, F_SETLEASE, F_UNLCK);
      answer = HF_NOT_WRITING;
    } else if (errno == EAGAIN) {
      answer = HF_WRITING;
    }
  }
  close (fd);
  return answer;
}

gboolean
hf_completeness_is_network (const char *folder)
{
  /* NFS, SMB, CIFS, SMB2, FUSE, 9P, AFS, Ceph, Lustre, GFS2. */
  static const guint32 types[] = {
      0x6969,     0x517B,     0xFF534D42, 0xFE534D42, 0x65735546,
      0x01021997, 0x5346414F, 0x00C36400, 0x0BD00BD0, 0x01161970};
  struct statfs info;

  if (statfs (folder, &info) != 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if ((guint32) info.f_type == types[i])
      return TRUE;
  return FALSE;
}

gboolean
hf_completeness_read (const char *path, gint64 *size_bytes, gint64 *changed_ns)
{
  struct stat info;

  if (stat (path, &info) != 0 || !S_ISREG (info.st_mode) || info.st_size == 0)
    return FALSE;
  *size_bytes = info.st_size;
  *changed_ns =
      (gint64) info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
  return TRUE;
}
