/* delivery.c: see the header. */
#include "app/cli/verbs/bundle/delivery.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  gint64 id;
  guint64 end; /* bytes written when it was */
} Line;

struct _HfDelivery {
  int fd;
  gboolean is_pipe, is_file;
  guint64 n_written;
  GQueue *lines; /* Line, oldest first */
};

HfDelivery *
hf_delivery_new (int fd)
{
  HfDelivery *self = g_new0 (HfDelivery, 1);
  struct stat info;

  self->fd = fd;
  self->lines = g_queue_new ();
  if (fstat (fd, &info) == 0) {
    self->is_pipe = S_ISFIFO (info.st_mode);
    self->is_file = S_ISREG (info.st_mode);
  }
  return self;
}

void
hf_delivery_free (HfDelivery *self)
{
  if (self == NULL)
    return;
  g_queue_free_full (self->lines, g_free);
  g_free (self);
}

static gboolean
fail (GError **error, int code)
{
  if (code == EPIPE)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE,
                         "Nobody reads the verdicts any more. Those that were "
                         "not read come again at the next start.");
  else
    g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code),
                 "The verdicts cannot be written: %s. They come again at the "
                 "next start.",
                 g_strerror (code));
  return FALSE;
}

gboolean
hf_delivery_write (HfDelivery *self, gint64 id, const char *line,
                   GError **error)
{
  gsize left = strlen (line);
  Line *entry;

  while (left > 0) {
    gssize n = write (self->fd, line, left);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail (error, errno);
    line += n;
    left -= (gsize) n;
    self->n_written += (guint64) n;
  }
  entry = g_new (Line, 1);
  entry->id = id;
  entry->end = self->n_written;
  g_queue_push_tail (self->lines, entry);
  return TRUE;
}

/* A pipe may hold what was there before us: then more seems unread than is,
 * which is only the safe side. */
static guint64
get_n_taken (const HfDelivery *self)
{
  int n_unread = 0;

  if (!self->is_pipe || ioctl (self->fd, FIONREAD, &n_unread) < 0)
    return self->n_written;
  return self->n_written - MIN ((guint64) MAX (n_unread, 0), self->n_written);
}

gboolean
hf_delivery_collect (HfDelivery *self, GArray *ids, GError **error)
{
  struct pollfd watched = {.fd = self->fd};
  guint64 n_taken;

  if (self->is_file && self->lines->length > 0 && fdatasync (self->fd) < 0 &&
      errno != EINVAL && errno != EROFS)
    return fail (error, errno);
  n_taken = get_n_taken (self);
  while (self->lines->length > 0 &&
         ((Line *) self->lines->head->data)->end <= n_taken) {
    Line *line = g_queue_pop_head (self->lines);

    g_array_append_val (ids, line->id);
    g_free (line);
  }
  if (poll (&watched, 1, 0) > 0 && watched.revents & (POLLERR | POLLNVAL))
    return fail (error, EPIPE);
  return TRUE;
}

guint
hf_delivery_get_n_waiting (const HfDelivery *self)
{
  return self->lines->length;
}
