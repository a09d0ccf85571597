/* lock.c: see the header. */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

int
hf_lock_take (const char *path)
{
  g_autofree char *name = g_strconcat (path, ".lock", NULL);
  int fd = open (name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);

  while (fd >= 0 && flock (fd, LOCK_EX) < 0 && errno == EINTR)
    ;
  return fd;
}

void
hf_lock_give (int lock)
{
  if (lock >= 0)
    close (lock);
}
