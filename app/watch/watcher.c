/* watcher.c: see the header. What the kernel tells (inotify) makes it fast;
 * looking through the folder makes it sure: at the start, when events were
 * lost, now and then, and all the time where no events come. */
#include "app/watch/watcher.h"

#include "app/jobs/pictures.h"
#include "app/watch/completeness.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define MAX_DEPTH 32
/* How often waiting files are looked at, and how long one must be still where
 * nothing else tells that it is complete. */
#define TICK_MS 20
/* The same for files that have not changed for a while: an empty one, or one
 * that somebody keeps open. */
#define SLOW_TICK_MS 250
#define SLOW_AFTER_US (5 * G_USEC_PER_SEC)
#define STILL_US (500 * 1000)
/* Pauses between two looks through the folder, without and with events; each
 * also at least ten times as long as the look took. */
#define POLL_US (250 * 1000)
#define SAFETY_US (60 * G_USEC_PER_SEC)

#define EVENTS                                                                \
  (IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF | \
   IN_MOVED_FROM | IN_DELETE | IN_ONLYDIR | IN_EXCL_UNLINK)

typedef struct {
  char *path;
  gint64 size_bytes, changed_ns;
  gint64 still_since_us; /* these have not changed since */
  gint64 not_before_us;  /* was put back */
  gboolean closed;       /* its writer closed it, or moved it here */
} Waiting;

struct _HfWatcher {
  char *folder;
  char **skip;
  HfWatcherKnown known;
  HfWatcherGone gone;
  gpointer data; /* of both */
  HfProgress *progress;
  gint64 poll_us;
  guint n_looks, n_links;
  int fd; /* of inotify; -1: there are no events */
  gboolean network;
  GHashTable *folders; /* watch descriptor to folder below ours ("" is ours) */
  GHashTable *waiting; /* path to Waiting */
  gint64 next_scan_us;
  gboolean restless; /* a waiting file changed lately */
  gboolean rescan;   /* folders moved, or events were lost */
  gboolean lost_watches;
};

static void
waiting_free (gpointer data)
{
  Waiting *self = data;

  g_free (self->path);
  g_free (self);
}

static void
file_free (gpointer data)
{
  HfWatcherFile *file = data;

  g_free (file->path);
  g_free (file);
}

static char *
dup_full (const HfWatcher *self, const char *path)
{
  return *path == '\0' ? g_strdup (self->folder)
                       : g_build_filename (self->folder, path, NULL);
}

static char *
dup_below (const char *folder, const char *name)
{
  return *folder == '\0' ? g_strdup (name)
                         : g_build_filename (folder, name, NULL);
}

/* A picture may be there. @closed: the kernel saw its writer finish. */
static Waiting *
note_file (HfWatcher *self, const char *path, gboolean closed)
{
  Waiting *waiting = g_hash_table_lookup (self->waiting, path);

  if (waiting == NULL) {
    waiting = g_new0 (Waiting, 1);
    waiting->path = g_strdup (path);
    waiting->still_since_us = g_get_monotonic_time ();
    g_hash_table_insert (self->waiting, waiting->path, waiting);
  }
  if (closed) {
    waiting->closed = TRUE;
    waiting->not_before_us = 0;
  }
  return waiting;
}

static gboolean
is_skipped (const HfWatcher *self, const char *path)
{
  return self->skip != NULL &&
         g_strv_contains ((const char *const *) self->skip, path);
}

static void
watch_folder (HfWatcher *self, const char *folder)
{
  g_autofree char *full = dup_full (self, folder);
  int number;

  if (self->fd < 0)
    return;
  number = inotify_add_watch (self->fd, full, EVENTS);
  if (number >= 0)
    g_hash_table_insert (self->folders, GINT_TO_POINTER (number),
                         g_strdup (folder));
  else if (errno == ENOSPC || errno == ENOMEM)
    self->lost_watches = TRUE;
}

/* Looks through @folder and everything below it, watching first, so that
 * nothing can come between. */
static void
scan_folder (HfWatcher *self, const char *folder, int depth)
{
  g_autofree char *full = dup_full (self, folder);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  watch_folder (self, folder);
  dir = g_dir_open (full, 0, NULL);
  while (dir != NULL && hf_progress_check (self->progress, NULL) &&
         (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = dup_below (folder, name);
    g_autofree char *entry = dup_full (self, path);

    if (name[0] == '.')
      continue;
    if (hf_pictures_is_picture_name (name)) {
      note_file (self, path, FALSE);
      continue;
    }
    if (depth >= MAX_DEPTH || is_skipped (self, path) ||
        !g_file_test (entry, G_FILE_TEST_IS_DIR))
      continue;
    if (g_file_test (entry, G_FILE_TEST_IS_SYMLINK))
      self->n_links++;
    else
      scan_folder (self, path, depth + 1);
  }
}

/* Everything anew: watches too, for folders may have changed their names. */
static void
scan_all (HfWatcher *self)
{
  gint64 start = g_get_monotonic_time (), took;

  if (self->fd >= 0) {
    close (self->fd);
    self->fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
    g_hash_table_remove_all (self->folders);
  }
  self->rescan = FALSE;
  self->n_looks++;
  self->n_links = 0;
  scan_folder (self, "", 0);
  took = g_get_monotonic_time () - start;
  self->next_scan_us =
      g_get_monotonic_time () +
      MAX (hf_watcher_is_deaf (self) ? self->poll_us : SAFETY_US, 10 * took);
}

static void
handle_folder (HfWatcher *self, const struct inotify_event *event,
               const char *path)
{
  if (event->mask & IN_MOVED_FROM)
    self->rescan = TRUE;
  else if (event->mask & (IN_CREATE | IN_MOVED_TO) && event->name[0] != '.' &&
           !is_skipped (self, path))
    scan_folder (self, path, 1);
}

static void
handle (HfWatcher *self, const struct inotify_event *event)
{
  const char *folder =
      g_hash_table_lookup (self->folders, GINT_TO_POINTER (event->wd));
  g_autofree char *path = NULL;

  if (event->mask &
      (IN_Q_OVERFLOW | IN_MOVE_SELF | IN_DELETE_SELF | IN_UNMOUNT))
    self->rescan = TRUE;
  if (event->mask & IN_IGNORED)
    g_hash_table_remove (self->folders, GINT_TO_POINTER (event->wd));
  if (folder == NULL || event->len == 0 || event->mask & IN_IGNORED)
    return;
  path = dup_below (folder, event->name);
  if (event->mask & IN_ISDIR)
    handle_folder (self, event, path);
  else if (event->name[0] != '.' && hf_pictures_is_picture_name (event->name) &&
           (self->gone != NULL || !(event->mask & (IN_MOVED_FROM | IN_DELETE))))
    note_file (self, path, (event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0);
}

static void
read_events (HfWatcher *self)
{
  char buffer[16384] __attribute__ ((aligned (8)));
  gssize n;

  while (self->fd >= 0 && !self->rescan &&
         (n = read (self->fd, buffer, sizeof buffer)) > 0)
    for (char *at = buffer; at < buffer + n;) {
      const struct inotify_event *event = (const struct inotify_event *) at;

      handle (self, event);
      at += sizeof *event + event->len;
    }
}

HfWatcher *
hf_watcher_new (const char *folder, const HfWatcherOptions *options,
                GError **error)
{
  g_autoptr (HfWatcher) self = g_new0 (HfWatcher, 1);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);

  self->fd = -1;
  if (dir == NULL)
    return NULL;
  self->folder = g_strdup (folder);
  self->skip = g_strdupv ((char **) options->skip);
  self->known = options->known;
  self->gone = options->gone;
  self->data = options->data;
  self->progress = options->progress;
  self->poll_us =
      options->poll_ms > 0 ? (gint64) options->poll_ms * 1000 : POLL_US;
  self->folders =
      g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, g_free);
  self->waiting =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, waiting_free);
  self->network = hf_completeness_is_network (folder);
  self->fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  scan_all (self);
  return g_steal_pointer (&self);
}

void
hf_watcher_free (HfWatcher *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->folders, g_hash_table_unref);
  g_clear_pointer (&self->waiting, g_hash_table_unref);
  g_strfreev (self->skip);
  g_free (self->folder);
  g_free (self);
}

typedef enum { WAIT, DROP, COMPLETE } Fate;

/* What becomes of a waiting file now. */
static Fate
look (HfWatcher *self, Waiting *waiting, gint64 now)
{
  g_autofree char *full = dup_full (self, waiting->path);
  HfJournalFile file = {.path = waiting->path};
  gboolean still;
  HfWriting writing;

  if (!hf_completeness_read (full, &file.size_bytes, &file.changed_ns)) {
    gboolean is_there = g_file_test (full, G_FILE_TEST_IS_REGULAR);

    if (!is_there && self->gone != NULL)
      self->gone (waiting->path, self->data);
    return is_there ? WAIT : DROP;
  }
  if (file.size_bytes != waiting->size_bytes ||
      file.changed_ns != waiting->changed_ns) {
    waiting->size_bytes = file.size_bytes;
    waiting->changed_ns = file.changed_ns;
    waiting->still_since_us = now;
    waiting->not_before_us = 0;
  }
  if (self->known (&file, self->data))
    return DROP;
  if (now < waiting->not_before_us)
    return WAIT;
  still = now - waiting->still_since_us >= STILL_US;
  writing = self->network ? HF_WRITING_UNKNOWN : hf_completeness_ask (full);
  if (writing == HF_NOT_WRITING)
    return COMPLETE;
  return writing == HF_WRITING_UNKNOWN &&
                 (still || (waiting->closed && !self->network))
             ? COMPLETE
             : WAIT;
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  const HfWatcherFile *first = *(const HfWatcherFile *const *) a;
  const HfWatcherFile *second = *(const HfWatcherFile *const *) b;

  if (first->changed_ns != second->changed_ns)
    return first->changed_ns < second->changed_ns ? -1 : 1;
  return strcmp (first->path, second->path);
}

static HfWatcherFile *
file_new (const Waiting *waiting)
{
  HfWatcherFile *file = g_new0 (HfWatcherFile, 1);

  file->path = g_strdup (waiting->path);
  file->size_bytes = waiting->size_bytes;
  file->changed_ns = waiting->changed_ns;
  return file;
}

/* Moves what is complete from waiting to @files. */
static void
collect (HfWatcher *self, GPtrArray *files, guint most)
{
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer value;

  self->restless = FALSE;
  g_hash_table_iter_init (&iter, self->waiting);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Fate fate = look (self, value, now);
    const Waiting *waiting = value;

    if (fate == WAIT && now - waiting->still_since_us < SLOW_AFTER_US)
      self->restless = TRUE;

    if (fate == COMPLETE)
      g_ptr_array_add (files, file_new (value));
    if (fate != WAIT)
      g_hash_table_iter_remove (&iter);
  }
  g_ptr_array_sort (files, compare_changes);
  /* The rest waits for the next call. */
  while (files->len > most) {
    HfWatcherFile *last = files->pdata[files->len - 1];

    note_file (self, last->path, TRUE);
    g_ptr_array_remove_index (files, files->len - 1);
  }
}

static gboolean
check_folder (const HfWatcher *self, GError **error)
{
  g_autofree char *shown = NULL;

  if (g_access (self->folder, R_OK | X_OK) == 0)
    return TRUE;
  shown = g_filename_display_name (self->folder);
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
               "The folder %s can no longer be read: %s.", shown,
               g_strerror (errno));
  return FALSE;
}

GPtrArray *
hf_watcher_take (HfWatcher *self, int timeout_ms, guint most, GError **error)
{
  gint64 end = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (file_free);

  for (;;) {
    struct pollfd watched = {.fd = self->fd, .events = POLLIN};
    gint64 left_ms = (end - g_get_monotonic_time ()) / 1000;

    read_events (self);
    if (self->rescan || g_get_monotonic_time () >= self->next_scan_us) {
      if (!check_folder (self, error))
        return NULL;
      scan_all (self);
    }
    collect (self, files, most);
    if (files->len > 0 || left_ms <= 0)
      return g_steal_pointer (&files);
    if (g_hash_table_size (self->waiting) > 0)
      left_ms = MIN (left_ms, self->restless ? TICK_MS : SLOW_TICK_MS);
    poll (&watched, 1, (int) left_ms);
  }
}

void
hf_watcher_put_back (HfWatcher *self, const HfWatcherFile *file, int after_ms)
{
  Waiting *waiting = note_file (self, file->path, FALSE);

  waiting->size_bytes = file->size_bytes;
  waiting->changed_ns = file->changed_ns;
  waiting->still_since_us = g_get_monotonic_time ();
  waiting->not_before_us = g_get_monotonic_time () + (gint64) after_ms * 1000;
}

void
hf_watcher_look_again (HfWatcher *self)
{
  self->rescan = TRUE;
}

guint
hf_watcher_get_n_looks (const HfWatcher *self)
{
  return self->n_looks;
}

guint
hf_watcher_get_n_links (const HfWatcher *self)
{
  return self->n_links;
}

gboolean
hf_watcher_is_deaf (const HfWatcher *self)
{
  return self->fd < 0 || self->network || self->lost_watches;
}

gboolean
hf_watcher_is_same (const HfWatcher *self, const HfWatcherFile *file)
{
  g_autofree char *full = dup_full (self, file->path);
  gint64 size_bytes, changed_ns;

  return hf_completeness_read (full, &size_bytes, &changed_ns) &&
         size_bytes == file->size_bytes && changed_ns == file->changed_ns;
}
