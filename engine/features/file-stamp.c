/* file-stamp.c: see the header. */
#include "features/file-stamp.h"

#include "base/file.h"
#include "base/sha256.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILE_BYTES ((gint64) 512 << 20)
#define SETTLED_NS G_GINT64_CONSTANT (2000000000)

static gint64
get_ns (const struct timespec *time)
{
  return (gint64) time->tv_sec * 1000000000 + time->tv_nsec;
}

gboolean
hf_file_stamp_read (const char *path, HfFileStamp *out)
{
  struct stat info;

  if (stat (path, &info) < 0 || !S_ISREG (info.st_mode))
    return FALSE;
  *out = (HfFileStamp){.size = info.st_size,
                       .modified_ns = get_ns (&info.st_mtim),
                       .changed_ns = get_ns (&info.st_ctim),
                       .inode = info.st_ino,
                       .device = info.st_dev};
  return TRUE;
}

gboolean
hf_file_stamp_is_equal (const HfFileStamp *a, const HfFileStamp *b)
{
  return memcmp (a, b, sizeof *a) == 0;
}

gboolean
hf_file_time_is_settled (gint64 changed_ns)
{
  return g_get_real_time () * 1000 - changed_ns > SETTLED_NS;
}

static char *
hash_descriptor (int fd)
{
  enum { CHUNK = 1 << 18 };
  g_autoptr (HfSha256) sum = hf_sha256_new ();
  g_autofree guint8 *chunk = g_malloc (CHUNK);

  for (;;) {
    gssize n = read (fd, chunk, CHUNK);

    if (n == 0)
      return hf_sha256_finish (sum);
    if (n > 0)
      hf_sha256_update (sum, chunk, (gsize) n);
    else if (errno != EINTR)
      return NULL;
  }
}

char *
hf_file_dup_sha256 (const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);
  gint64 size = 0;
  char *sha256 = NULL;
  int fd = hf_file_open (path, &size, error);

  if (fd < 0)
    return NULL;
  if (size > MAX_FILE_BYTES)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                 _("%s: the file has %lld MiB; the limit for a picture is %d "
                   "MiB."),
                    shown, (long long) size >> 20,
                    (int) (MAX_FILE_BYTES >> 20));
  else if ((sha256 = hash_descriptor (fd)) == NULL)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_IO,
                 _("%s: the file cannot be read to its end."), shown);
  close (fd);
  return sha256;
}
