/* path-stream.c: see the header. */
#include "app/cli/verbs/bundle/path-stream.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define WAIT_MS 100
/* So many bytes of paths at most are taken together: the first of them waits
 * for none of those that come later. */
#define MOST_BYTES 65536
/* No path is longer; a line that is would grow for ever. */
#define LONGEST_BYTES (1u << 20)

struct _HfPathStream {
  int fd;
  GString *rest;
  gboolean ended;
};

HfPathStream *
hf_path_stream_new (int fd)
{
  HfPathStream *self = g_new0 (HfPathStream, 1);

  self->fd = fd;
  self->rest = g_string_new (NULL);
  return self;
}

void
hf_path_stream_free (HfPathStream *self)
{
  if (self == NULL)
    return;
  g_string_free (self->rest, TRUE);
  g_free (self);
}

static gboolean
fail (GError **error, int code, const char *text)
{
  g_set_error (error, G_IO_ERROR, code, "The list of pictures on stdin %s.",
               text);
  return FALSE;
}

/* Waits until there is something to read, or the end. */
static gboolean
wait (const HfPathStream *self, HfProgress *progress, GError **error)
{
  struct pollfd watched = {.fd = self->fd, .events = POLLIN};

  do {
    if (!hf_progress_check (progress, error))
      return FALSE;
  } while (poll (&watched, 1, WAIT_MS) == 0);
  return TRUE;
}

static gboolean
read_some (HfPathStream *self, HfProgress *progress, GError **error)
{
  char chunk[4096];
  gssize n;

  if (!wait (self, progress, error))
    return FALSE;
  n = read (self->fd, chunk, sizeof chunk);
  if (n < 0 && errno == EINTR)
    return TRUE;
  if (n < 0) {
    g_autofree char *text =
        g_strdup_printf ("cannot be read: %s", g_strerror (errno));

    return fail (error, (int) g_io_error_from_errno (errno), text);
  }
  if (memchr (chunk, '\0', (gsize) n) != NULL)
    return fail (error, G_IO_ERROR_INVALID_DATA,
                 "holds a NUL byte; write one path a line (with find: -print, "
                 "not -print0)");
  self->ended = n == 0;
  g_string_append_len (self->rest, chunk, n);
  return self->rest->len <= LONGEST_BYTES ||
         strchr (self->rest->str, '\n') != NULL ||
         fail (error, G_IO_ERROR_INVALID_DATA,
               "holds a line that is too long for a path");
}

/* More that is there already. */
static gboolean
has_more (const HfPathStream *self)
{
  struct pollfd watched = {.fd = self->fd, .events = POLLIN};

  return !self->ended && self->rest->len < MOST_BYTES &&
         poll (&watched, 1, 0) > 0;
}

static char *
take (HfPathStream *self, gsize n)
{
  char *lines = g_strndup (self->rest->str, n);

  g_string_erase (self->rest, 0, (gssize) n);
  return lines;
}

char *
hf_path_stream_read (HfPathStream *self, HfProgress *progress, GError **error)
{
  const char *last;

  do {
    if (!self->ended && !read_some (self, progress, error))
      return NULL;
    last = strrchr (self->rest->str, '\n');
  } while (has_more (self) || (last == NULL && !self->ended));
  if (last != NULL)
    return take (self, (gsize) (last - self->rest->str) + 1);
  return self->rest->len > 0 ? take (self, self->rest->len) : NULL;
}
