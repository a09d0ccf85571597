/* lookout.c: see the header. The watcher says what is complete; what is known
 * of each file stands here, by which new ones and changed ones are told apart,
 * and what a look through the folder has not met is found to be gone. */
#include "app/watch/lookout.h"

#include "app/watch/watcher.h"
#include "base/path.h"

#include <string.h>

/* Where no events come: a person waits so long, or asks
 * (hf_lookout_look_again).
 */
#define POLL_MS 10000
/* The clock of files may be behind by a tick of the kernel's. */
#define TICK_US 10000

typedef struct {
  gint64 size_bytes, changed_ns;
  guint look;  /* that met it last */
  char path[]; /* below the folder */
} Seen;

struct _HfLookout {
  char *folder;
  HfWatcher *watcher;
  HfProgress *progress;
  gint64 since_ns;
  GHashTable *seen; /* path to Seen, which owns it */
  gboolean begun;   /* what is unknown is news */
  guint n_looks;    /* after which what is gone was looked for */
  GPtrArray *gone;  /* that of the news being written, or NULL */
};

void
hf_lookout_news_init (HfLookoutNews *self)
{
  self->came = g_ptr_array_new_with_free_func (g_free);
  self->changed = g_ptr_array_new_with_free_func (g_free);
  self->gone = g_ptr_array_new_with_free_func (g_free);
}

void
hf_lookout_news_clear (HfLookoutNews *self)
{
  g_clear_pointer (&self->came, g_ptr_array_unref);
  g_clear_pointer (&self->changed, g_ptr_array_unref);
  g_clear_pointer (&self->gone, g_ptr_array_unref);
}

static Seen *
remember (HfLookout *self, const char *path, gint64 size_bytes,
          gint64 changed_ns)
{
  Seen *seen = g_hash_table_lookup (self->seen, path);

  if (seen == NULL) {
    gsize n = strlen (path) + 1;

    seen = g_malloc (sizeof *seen + n);
    memcpy (seen->path, path, n);
    g_hash_table_insert (self->seen, seen->path, seen);
  }
  seen->size_bytes = size_bytes;
  seen->changed_ns = changed_ns;
  seen->look = hf_watcher_get_n_looks (self->watcher);
  return seen;
}

static gboolean
is_known (const HfJournalFile *file, gpointer data)
{
  HfLookout *self = data;
  Seen *seen = g_hash_table_lookup (self->seen, file->path);

  /* One that was written meanwhile is not what was read: of any other size. */
  if (!self->begun && seen == NULL)
    seen = remember (self, file->path,
                     file->changed_ns < self->since_ns ? file->size_bytes : -1,
                     file->changed_ns);
  if (seen == NULL)
    return FALSE;
  seen->look = hf_watcher_get_n_looks (self->watcher);
  return seen->size_bytes == file->size_bytes &&
         seen->changed_ns == file->changed_ns;
}

static void
gone_cb (const char *path, gpointer data)
{
  HfLookout *self = data;

  if (!g_hash_table_contains (self->seen, path))
    return;
  g_ptr_array_add (self->gone, g_build_filename (self->folder, path, NULL));
  g_hash_table_remove (self->seen, path);
}

HfLookout *
hf_lookout_new (const char *folder, gint64 since_us, HfProgress *progress,
                GError **error)
{
  g_autoptr (HfLookout) self = g_new0 (HfLookout, 1);
  const HfWatcherOptions options = {.known = is_known,
                                    .gone = gone_cb,
                                    .data = self,
                                    .poll_ms = POLL_MS,
                                    .progress = progress};

  self->folder = g_strdup (folder);
  self->since_ns = (since_us - TICK_US) * 1000;
  self->progress = progress;
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->watcher = hf_watcher_new (folder, &options, error);
  return self->watcher != NULL ? g_steal_pointer (&self) : NULL;
}

void
hf_lookout_free (HfLookout *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->watcher, hf_watcher_free);
  g_clear_pointer (&self->seen, g_hash_table_unref);
  g_free (self->folder);
  g_free (self);
}

/* What the newest look through the folder has not met. A folder that could not
 * be read then hides its files, which are still there. */
static void
sweep (HfLookout *self, GPtrArray *gone)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->seen);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const Seen *seen = value;
    g_autofree char *path = NULL;

    if (seen->look == self->n_looks)
      continue;
    path = g_build_filename (self->folder, seen->path, NULL);
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      continue;
    g_ptr_array_add (gone, g_steal_pointer (&path));
    g_hash_table_iter_remove (&iter);
  }
}

gboolean
hf_lookout_look (HfLookout *self, HfLookoutNews *news, GError **error)
{
  g_autoptr (GPtrArray) files = NULL;

  self->gone = news->gone;
  files = hf_watcher_take (self->watcher, 0, G_MAXUINT, error);
  self->gone = NULL;
  if (files == NULL)
    return FALSE;
  for (guint i = 0; i < files->len; i++) {
    const HfWatcherFile *file = files->pdata[i];
    gboolean known = g_hash_table_contains (self->seen, file->path);

    g_ptr_array_add (known ? news->changed : news->came,
                     g_build_filename (self->folder, file->path, NULL));
    remember (self, file->path, file->size_bytes, file->changed_ns);
  }
  self->begun = TRUE;
  if (self->n_looks == hf_watcher_get_n_looks (self->watcher) ||
      !hf_progress_check (self->progress, NULL))
    return TRUE;
  self->n_looks = hf_watcher_get_n_looks (self->watcher);
  sweep (self, news->gone);
  return TRUE;
}

void
hf_lookout_look_again (HfLookout *self)
{
  hf_watcher_look_again (self->watcher);
}

gboolean
hf_lookout_has (const HfLookout *self, const char *path)
{
  const char *below = hf_path_get_below (path, self->folder);

  return below != NULL && g_hash_table_contains (self->seen, below);
}

const char **
hf_lookout_list (const HfLookout *self, guint *n)
{
  return (const char **) g_hash_table_get_keys_as_array (self->seen, n);
}

guint
hf_lookout_get_n_links (const HfLookout *self)
{
  return hf_watcher_get_n_links (self->watcher);
}

gboolean
hf_lookout_is_deaf (const HfLookout *self)
{
  return hf_watcher_is_deaf (self->watcher);
}
