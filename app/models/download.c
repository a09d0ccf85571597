/* download.c: see the header. Range requests after RFC 9110, section 14;
 * If-Range makes the server send everything again if the file has changed.
 *
 * The calling thread waits in a main context of the download's own, which also
 * looks whether the job was cancelled: a server may say nothing for long. */
#include "app/models/download.h"

#include "app/models/connection.h"
#include "app/models/files.h"
#include "base/file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK (hf_download_error_quark, hf_download_error)

enum { LONGEST_WAIT_SECONDS = 30, LOOK_MS = 100, CHUNK_BYTES = 1 << 18 };

typedef struct {
  const HfDownloadOptions *options;
  HfProgress *progress;
  GMainContext *context;     /* the thread's default meanwhile */
  GCancellable *cancellable; /* of what is waited for */
  SoupSession *session;
  const char *path; /* of the .part file */
  int fd;
  gint64 offset;   /* bytes in the .part file */
  gint64 furthest; /* the most there ever were */
  gint64 total;    /* 0 while unknown */
  char *validator; /* ETag or date of the bytes in the .part file, or NULL */
} Download;

static void
download_clear (Download *self)
{
  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  if (self->context != NULL)
    g_main_context_pop_thread_default (self->context);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self->validator);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Download, download_clear)

/* PART.from: the address and the validator, a line each. */
static void
remember (Download *self)
{
  g_autofree char *memory = hf_part_dup_memory_path (self->options->part);
  g_autofree char *text =
      g_strdup_printf ("%s\n%s\n", self->options->url,
                       self->validator != NULL ? self->validator : "");

  /* Without it the next call only has to begin again. */
  hf_file_write_whole (memory, text, strlen (text), NULL);
}

static void
recall (Download *self)
{
  g_autofree char *memory = hf_part_dup_memory_path (self->options->part);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (memory, &text, NULL, NULL))
    return;
  lines = g_strsplit (text, "\n", 3);
  if (g_strv_length (lines) >= 2 &&
      g_str_equal (lines[0], self->options->url) && *lines[1] != '\0')
    self->validator = g_strdup (lines[1]);
}

static gboolean
set_offset (Download *self, gint64 offset, GError **error)
{
  if (ftruncate (self->fd, offset) < 0 ||
      lseek (self->fd, offset, SEEK_SET) < 0) {
    hf_files_set_error (error, errno, _("Cannot write %s"), self->path);
    return FALSE;
  }
  self->offset = offset;
  return TRUE;
}

/* Goes on behind the bytes that are there. */
static gboolean
find_offset (Download *self, GError **error)
{
  gint64 size_bytes;

  recall (self);
  size_bytes = lseek (self->fd, 0, SEEK_END);
  /* Bytes of which nothing is known cannot be gone on with. */
  if (self->validator == NULL && self->options->sha256 == NULL)
    size_bytes = 0;
  self->furthest = MAX (size_bytes, 0);
  return set_offset (self, MAX (size_bytes, 0), error);
}

static SoupMessage *
new_request (Download *self, GError **error)
{
  /* libsoup warns of an address without a host instead of refusing it. */
  g_autoptr (GUri) uri =
      g_uri_parse (self->options->url, SOUP_HTTP_URI_FLAGS, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  SoupMessageHeaders *headers;
  SoupMessage *message;

  if ((!g_str_equal (scheme, "http") && !g_str_equal (scheme, "https")) ||
      host == NULL || *host == '\0') {
    g_set_error (error, HF_DOWNLOAD_ERROR, HF_DOWNLOAD_ERROR_ADDRESS,
                 _("\"%s\" is no http or https address."), self->options->url);
    return NULL;
  }
  message = soup_message_new_from_uri ("GET", uri);
  headers = soup_message_get_request_headers (message);
  soup_message_headers_replace (headers, "Accept-Encoding", "identity");
  if (self->offset > 0) {
    soup_message_headers_set_range (headers, self->offset, -1);
    if (self->validator != NULL)
      soup_message_headers_replace (headers, "If-Range", self->validator);
  }
  return message;
}

static gboolean
is_temporary (guint status)
{
  enum { TOO_MANY_REQUESTS = 429 }; /* RFC 6585; libsoup has no name for it */

  return status == SOUP_STATUS_REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS ||
         (status >= 500 && status != SOUP_STATUS_NOT_IMPLEMENTED);
}

/* The whole file comes, from its first byte. */
static gboolean
begin_whole (Download *self, SoupMessageHeaders *headers, GError **error)
{
  const char *tag = soup_message_headers_get_one (headers, "ETag");

  /* A weak tag does not promise the same bytes. */
  if (tag == NULL || g_str_has_prefix (tag, "W/"))
    tag = soup_message_headers_get_one (headers, "Last-Modified");
  g_free (self->validator);
  self->validator = g_strdup (tag);
  self->total = 0;
  if (soup_message_headers_get_encoding (headers) ==
      SOUP_ENCODING_CONTENT_LENGTH)
    self->total = soup_message_headers_get_content_length (headers);
  if (!set_offset (self, 0, error))
    return FALSE;
  remember (self);
  return TRUE;
}

/* The server has nothing beyond what we have: "Content-Range: bytes", a star,
 * and our own size. */
static gboolean
is_whole_already (const Download *self, SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *range = soup_message_headers_get_one (headers, "Content-Range");
  const char *slash = range != NULL ? strrchr (range, '/') : NULL;

  return soup_message_get_status (message) ==
             SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE &&
         slash != NULL && self->offset > 0 &&
         g_ascii_strtoll (slash + 1, NULL, 10) == self->offset;
}

/* Reads the status line. FALSE with @error; then @again says whether another
 * request may help. */
static gboolean
begin_answer (Download *self, SoupMessage *message, gboolean *again,
              GError **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  guint status = soup_message_get_status (message);
  goffset start = -1, end = -1, total = -1;

  *again = FALSE;
  if (status == SOUP_STATUS_OK)
    return hf_connection_check_content (message, error) &&
           begin_whole (self, headers, error);
  if (status == SOUP_STATUS_PARTIAL_CONTENT &&
      soup_message_headers_get_content_range (headers, &start, &end, &total) &&
      start == self->offset) {
    self->total = MAX (total, 0);
    return TRUE;
  }
  if (status == SOUP_STATUS_PARTIAL_CONTENT ||
      status == SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE) {
    /* Not what was asked for, or our bytes are not of this file. */
    *again = set_offset (self, 0, error);
    if (*again)
      g_set_error (error, HF_DOWNLOAD_ERROR, HF_DOWNLOAD_ERROR_CONNECTION,
                   _("the server cannot go on where the download broke off"));
    return FALSE;
  }
  *again = is_temporary (status);
  if (status == SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED)
    g_set_error (error, HF_DOWNLOAD_ERROR, HF_DOWNLOAD_ERROR_REFUSED,
                 _("The proxy wants a name and a password, which Handful does "
                   "not send. Get %s with a browser and add the file: "
                   "handful-cli models add FILE."),
                    self->options->url);
  else if (*again)
    g_set_error (error, HF_DOWNLOAD_ERROR, HF_DOWNLOAD_ERROR_CONNECTION,
                 _("the server answered %u %s"), status,
                    soup_message_get_reason_phrase (message));
  else
    g_set_error (error, HF_DOWNLOAD_ERROR, HF_DOWNLOAD_ERROR_REFUSED,
                 _("The server answered %u %s to %s; check the address."),
                    status, soup_message_get_reason_phrase (message),
                    self->options->url);
  return FALSE;
}

static gboolean
write_chunk (Download *self, const char *chunk, gsize n, GError **error)
{
  while (n > 0) {
    gssize written = write (self->fd, chunk, n);

    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0) {
      hf_files_set_error (error, written < 0 ? errno : ENOSPC,
                          _("Cannot write %s"), self->path);
      g_prefix_error (error,
                      _("The download stopped after %lld bytes, which are "
                        "kept. "),
                         (long long) self->offset);
      return FALSE;
    }
    chunk += written;
    n -= (gsize) written;
    self->offset += written;
  }
  return TRUE;
}

static gboolean
look_cb (gpointer data)
{
  Download *self = data;

  if (!hf_progress_check (self->progress, NULL))
    g_cancellable_cancel (self->cancellable);
  return G_SOURCE_CONTINUE;
}

static void
came_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
wait_for (Download *self, GAsyncResult *const *result)
{
  g_autoptr (GSource) look = g_timeout_source_new (LOOK_MS);

  g_source_set_callback (look, look_cb, self, NULL);
  g_source_attach (look, self->context);
  while (*result == NULL)
    g_main_context_iteration (self->context, TRUE);
  g_source_destroy (look);
}

static GInputStream *
send_request (Download *self, SoupMessage *message, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  soup_session_send_async (self->session, message, G_PRIORITY_DEFAULT,
                           self->cancellable, came_cb, &result);
  wait_for (self, &result);
  return soup_session_send_finish (self->session, result, error);
}

static gssize
read_chunk (Download *self, GInputStream *stream, char *chunk, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_input_stream_read_async (stream, chunk, CHUNK_BYTES, G_PRIORITY_DEFAULT,
                             self->cancellable, came_cb, &result);
  wait_for (self, &result);
  return g_input_stream_read_finish (stream, result, error);
}

static gboolean
receive (Download *self, GInputStream *stream, gboolean *again, GError **error)
{
  g_autofree char *chunk = g_malloc (CHUNK_BYTES);

  for (;;) {
    gssize n;

    *again = FALSE;
    if (!hf_progress_check (self->progress, error))
      return FALSE;
    *again = TRUE;
    n = read_chunk (self, stream, chunk, error);
    if (n < 0)
      return FALSE;
    if (n == 0)
      break;
    *again = FALSE;
    if (!write_chunk (self, chunk, (gsize) n, error))
      return FALSE;
    hf_progress_report (self->progress, self->offset, self->total);
  }
  if (self->total == 0 || self->offset >= self->total)
    return TRUE;
  g_set_error (error, HF_DOWNLOAD_ERROR, HF_DOWNLOAD_ERROR_CONNECTION,
               _("the connection ended after %lld of %lld bytes"),
                  (long long) self->offset, (long long) self->total);
  return FALSE;
}

/* One request. FALSE with @error; @again: trying again may help. */
static gboolean
attempt (Download *self, gboolean *again, GError **error)
{
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) local = NULL;

  *again = FALSE;
  message = new_request (self, error);
  if (message == NULL)
    return FALSE;
  stream = send_request (self, message, &local);
  if (stream == NULL) {
    *again = !hf_connection_explain (message, local, error);
    if (*again)
      g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  if (is_whole_already (self, message))
    return TRUE;
  return begin_answer (self, message, again, error) &&
         receive (self, stream, again, error);
}

static gboolean
wait_seconds (Download *self, int seconds, GError **error)
{
  for (int i = 0; i < seconds * 10; i++) {
    if (!hf_progress_check (self->progress, error))
      return FALSE;
    g_usleep (100 * 1000);
  }
  return TRUE;
}

/* Attempts until the file is whole or nothing is gained any more. */
static gboolean
fetch (Download *self, GError **error)
{
  int n_vain = 0;

  for (;;) {
    g_autoptr (GError) local = NULL;
    g_autofree char *sentence = NULL;
    gboolean again = FALSE;
    int seconds;

    if (attempt (self, &again, &local))
      return TRUE;
    if (!hf_progress_check (self->progress, error))
      return FALSE;
    if (!again) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
    n_vain = self->offset > self->furthest ? 1 : n_vain + 1;
    self->furthest = MAX (self->furthest, self->offset);
    if (n_vain > self->options->n_retries) {
      g_set_error (
          error, HF_DOWNLOAD_ERROR, HF_DOWNLOAD_ERROR_CONNECTION,
          g_dngettext (
              GETTEXT_PACKAGE,
              "The download of %s broke off (%s) and was given up "
              "after %d attempt; what has come is kept, try again later.",
              "The download of %s broke off (%s) and was given up "
              "after %d attempts; what has come is kept, try again later.",
              (gulong) n_vain),
          self->options->url, local->message, n_vain);
      return FALSE;
    }
    seconds = MIN (1 << MIN (n_vain - 1, 10), LONGEST_WAIT_SECONDS);
    sentence =
        g_strdup_printf (_("The download broke off (%s); trying again in %d "
                           "s."),
                            local->message, seconds);
    if (self->options->log != NULL)
      self->options->log (sentence, self->options->log_data);
    if (!wait_seconds (self, seconds, error))
      return FALSE;
  }
}

static gboolean
check_sum (Download *self, GError **error)
{
  const HfDownloadOptions *options = self->options;
  g_autofree char *sum = NULL;

  if (options->sha256 == NULL)
    return TRUE;
  sum = hf_files_dup_sha256 (self->path, self->progress, error);
  if (sum == NULL)
    return FALSE;
  if (g_ascii_strcasecmp (sum, options->sha256) == 0)
    return TRUE;
  hf_part_discard (options->part);
  g_set_error (error, HF_DOWNLOAD_ERROR, HF_DOWNLOAD_ERROR_CHECKSUM,
               _("What came from %s is another file: its SHA-256 is %s and "
                 "should be %s. It was removed."),
                  options->url, sum, options->sha256);
  return FALSE;
}

gboolean
hf_download (const HfDownloadOptions *options, HfProgress *progress,
             GError **error)
{
  g_auto (Download) self = {.options = options,
                            .progress = progress,
                            .path = hf_part_get_path (options->part),
                            .fd = hf_part_get_fd (options->part)};

  if (!find_offset (&self, error))
    return FALSE;
  self.context = g_main_context_new ();
  g_main_context_push_thread_default (self.context);
  self.cancellable = g_cancellable_new ();
  self.session = hf_connection_new_session (options->url, error);
  if (self.session == NULL || !fetch (&self, error))
    return FALSE;
  if (fsync (self.fd) < 0) {
    hf_files_set_error (error, errno, _("Cannot write %s"), self.path);
    return FALSE;
  }
  return check_sum (&self, error);
}
