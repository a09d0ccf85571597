/* looking.c: files that come, change and go while the project is open, in the
 * scanner's thread.
 *
 *   poll -> look_work -> look_done -> renew_work -> renew_done
 *           (scanner)    (main)       (embedder)    (main)
 *
 * New pictures are written into the project, which is read again as after any
 * other program. One that is another now, or gone, loses its row in the thread
 * that makes rows, so that none of the old file comes after it. A label stays,
 * but where the content is another too, and not only the time, it is told. */
#include "ui/workspace/workspace-private.h"

#include "app/jobs/cache.h"
#include "app/jobs/pictures.h"
#include "app/project/sources.h"
#include "app/watch/lookout.h"
#include "base/path.h"

#include <glib/gi18n.h>
#include <string.h>

/* Between two looks at least so many times as long as the last one took, but
 * not longer than somebody waits; and so long after the project refused what
 * was found. */
#define PAUSE_TIMES 4
#define MOST_PAUSE_US (5 * G_USEC_PER_SEC)
#define REFUSED_PAUSE_US (10 * G_USEC_PER_SEC)

/* A folder that is looked at. */
typedef struct {
  HfLookout *lookout;
  gboolean compared; /* with the project, since it was there */
  GPtrArray *owed;   /* char *, what the project does not know yet */
  gboolean many;     /* they came while nobody looked */
  gboolean lost;     /* one that has come may be one that is gone */
} Place;

struct _HfLooking {
  GHashTable *places; /* folder to Place */
  GArray *unsure;     /* gint64, pictures whose files were written again */
  gboolean is_behind; /* such may be that nobody saw */
  gint64 since_us;    /* of the look before, or the beginning: real time */
  HfProgress *progress;
};

static void
place_free (gpointer data)
{
  Place *place = data;

  hf_lookout_free (place->lookout);
  g_ptr_array_unref (place->owed);
  g_free (place);
}

HfLooking *
hf_looking_new (void)
{
  HfLooking *self = g_new0 (HfLooking, 1);

  self->unsure = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->since_us = g_get_real_time ();
  self->progress = hf_progress_new (NULL, NULL);
  self->places =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, place_free);
  return self;
}

void
hf_looking_cancel (HfLooking *self)
{
  hf_progress_cancel (self->progress);
}

static void
settle (Place *self, gsize n_missing)
{
  g_ptr_array_set_size (self->owed, 0);
  self->many = FALSE;
  self->lost = self->lost && n_missing > 0;
}

void
hf_looking_settle (HfLooking *self, const char *folder, gsize n_missing)
{
  Place *place = g_hash_table_lookup (self->places, folder);

  if (place != NULL)
    settle (place, n_missing);
}

void
hf_looking_free (HfLooking *self)
{
  g_hash_table_unref (self->places);
  g_array_unref (self->unsure);
  hf_progress_free (self->progress);
  g_free (self);
}

typedef struct {
  HfLooking *looking;
  char *project_path;
  HfInventory *inventory;
  GArray *labels;     /* HfProjectLabel */
  GPtrArray *folders; /* char * */
  gboolean *found;    /* [folders->len] */
  gboolean *deaf;     /* [folders->len], written by the look; as are */
  guint *n_links;     /* [folders->len] */
  gboolean again;
  gboolean adds; /* what has come */
  gboolean refused;
  HfLookoutNews news;
  GArray *others; /* gint64, pictures of another content; NULL: none */
  gint64 took_us;
} Look;

static void
look_free (gpointer data)
{
  Look *self = data;

  hf_lookout_news_clear (&self->news);
  g_clear_pointer (&self->others, g_array_unref);
  hf_inventory_unref (self->inventory);
  g_array_unref (self->labels);
  g_ptr_array_unref (self->folders);
  g_free (self->project_path);
  g_free (self->found);
  g_free (self->deaf);
  g_free (self->n_links);
  g_free (self);
}

/* NULL for a folder that cannot be read. */
static Place *
get_place (HfLooking *self, const char *folder)
{
  Place *place = g_hash_table_lookup (self->places, folder);
  HfLookout *lookout;

  if (place != NULL)
    return place;
  lookout = hf_lookout_new (folder, self->since_us, self->progress, NULL);
  if (lookout == NULL)
    return NULL;
  place = g_new0 (Place, 1);
  place->lookout = lookout;
  place->owed = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_insert (self->places, g_strdup (folder), place);
  return place;
}

/* The picture of a file, or NULL: the list is in the order of the paths. */
static const HfProjectImage *
find_path (const HfImageList *images, const char *path)
{
  gsize low = 0, high = images != NULL ? images->n : 0;

  while (low < high) {
    gsize middle = low + (high - low) / 2;
    int order = strcmp (images->images[middle].path, path);

    if (order == 0)
      return &images->images[middle];
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

/* What happened while nobody looked. */
static void
compare (Look *self, const char *folder, Place *place)
{
  const HfImageList *images = self->inventory->images;
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree const char **files = NULL;
  guint n, n_before = self->news.came->len;

  for (gsize i = 0; images != NULL && i < images->n; i++) {
    const char *path = images->images[i].path;

    if (hf_path_get_below (path, folder) == NULL)
      continue;
    g_hash_table_add (known, (gpointer) path);
    if (!hf_lookout_has (place->lookout, path) &&
        !g_file_test (path, G_FILE_TEST_EXISTS))
      g_ptr_array_add (self->news.gone, g_strdup (path));
  }
  files = hf_lookout_list (place->lookout, &n);
  for (guint i = 0; i < n; i++) {
    g_autofree char *path = g_build_filename (folder, files[i], NULL);

    if (!g_hash_table_contains (known, path))
      g_ptr_array_add (self->news.came, g_steal_pointer (&path));
  }
  place->compared = TRUE;
  place->many = place->many || self->news.came->len > n_before;
}

/* Whether one of the files that are gone is known by its content, so that it is
 * found under another name. */
static gboolean
has_known_content (const Look *self, guint from)
{
  for (guint i = from; i < self->news.gone->len; i++) {
    const HfProjectImage *image =
        find_path (self->inventory->images, self->news.gone->pdata[i]);

    if (image != NULL &&
        (image->sealed || hf_labels_find (self->labels, image->id) != NULL))
      return TRUE;
  }
  return FALSE;
}

static gboolean
add_in_full (Look *self, HfProject *project, const char *folder, Place *place,
             GError **error)
{
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_auto (HfScan) scan = {0};

  if (!hf_project_add_source (project, folder, NULL, refusals, &scan,
                              self->looking->progress, error))
    return FALSE;
  settle (place, scan.n_missing);
  return TRUE;
}

static gboolean
add_owed (HfProject *project, GPtrArray *owed, GError **error)
{
  g_autofree gint64 *ids = hf_project_dup_image_ids (
      project, (const char *const *) owed->pdata, owed->len, error);

  if (ids == NULL)
    return FALSE;
  g_ptr_array_set_size (owed, 0);
  return TRUE;
}

/* Only what is complete, where nothing else is to be found. What the project
 * refuses now is owed until the next look. */
static void
add_pictures (Look *self, const char *folder, Place *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_open (self->project_path, &error);
  gboolean ok = project != NULL &&
                (place->many || place->lost
                     ? add_in_full (self, project, folder, place, &error)
                     : add_owed (project, place->owed, &error));

  if (!ok) {
    g_debug ("%s: %s", folder, error->message);
    self->refused = TRUE;
  }
}

static void
note_owed (Look *self, Place *place, guint from)
{
  for (guint i = from; i < self->news.came->len; i++)
    g_ptr_array_add (place->owed, g_strdup (self->news.came->pdata[i]));
}

static void
look_at (Look *self, guint i)
{
  const char *folder = self->folders->pdata[i];
  Place *place = get_place (self->looking, folder);
  guint n_came = self->news.came->len, n_gone = self->news.gone->len;

  if (place == NULL)
    return;
  if (self->again || !self->found[i])
    hf_lookout_look_again (place->lookout);
  if (!self->found[i] || !hf_lookout_look (place->lookout, &self->news, NULL)) {
    place->compared = FALSE;
    return;
  }
  self->deaf[i] = hf_lookout_is_deaf (place->lookout);
  self->n_links[i] = hf_lookout_get_n_links (place->lookout);
  if (!hf_progress_check (self->looking->progress, NULL))
    return;
  if (!place->compared) {
    compare (self, folder, place);
    self->looking->is_behind = TRUE;
  }
  if (has_known_content (self, n_gone))
    place->lost = TRUE;
  note_owed (self, place, n_came);
  if (self->adds && place->owed->len > 0)
    add_pictures (self, folder, place);
}

static void
note_unsure (Look *self, const GPtrArray *paths)
{
  for (guint i = 0; i < paths->len; i++) {
    const HfProjectImage *image =
        find_path (self->inventory->images, paths->pdata[i]);

    if (image != NULL)
      g_array_append_val (self->looking->unsure, image->id);
  }
}

/* What was written again while nobody looked shows in its length, or in the
 * times of change that the feature cache remembers. */
static gboolean
catch_up (HfLooking *self, HfProject *project, GError **error)
{
  g_autofree char *path = hf_cache_dup_path ();
  g_autoptr (HfFeatureStore) store = NULL;
  g_autoptr (GArray) rewritten = NULL;

  if (!self->is_behind)
    return TRUE;
  store = hf_cache_open (path, NULL, NULL);
  rewritten = hf_project_find_rewritten (project, store, error);
  if (rewritten == NULL)
    return FALSE;
  g_array_append_vals (self->unsure, rewritten->data, rewritten->len);
  self->is_behind = FALSE;
  return TRUE;
}

/* Whether what was written again is another picture. What the project refuses
 * now is compared at the next look. */
static void
compare_contents (Look *self)
{
  GArray *unsure = self->looking->unsure;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = NULL;

  note_unsure (self, self->news.came);
  note_unsure (self, self->news.changed);
  if (unsure->len == 0 && !self->looking->is_behind)
    return;
  project = hf_project_open (self->project_path, &error);
  if (project != NULL && catch_up (self->looking, project, &error))
    self->others = hf_project_renew_hashes (
        project, (const gint64 *) (void *) unsure->data, unsure->len,
        self->looking->progress, &error);
  if (self->others != NULL) {
    g_array_set_size (unsure, 0);
  } else {
    g_debug ("%s: %s", self->project_path, error->message);
    self->refused = TRUE;
  }
}

static void
look_work (gpointer data)
{
  Look *self = data;
  gint64 begun_us = g_get_monotonic_time (), now_us = g_get_real_time ();

  for (guint i = 0; i < self->folders->len; i++)
    look_at (self, i);
  compare_contents (self);
  self->looking->since_us = now_us;
  self->took_us = g_get_monotonic_time () - begun_us;
}

/* Pictures whose rows are of files that are not there any more. */
typedef struct {
  HfSharedDesk *desk; /* NULL: there are no rows */
  GArray *ids;        /* gint64, first those that have another file */
  GPtrArray *paths;   /* char *, of each */
  guint n_changed;    /* so many of them; the rest have none */
} Renewal;

static void
renewal_free (gpointer data)
{
  Renewal *self = data;

  g_clear_pointer (&self->desk, hf_shared_desk_unref);
  g_array_unref (self->ids);
  g_ptr_array_unref (self->paths);
  g_free (self);
}

static void
renew_work (gpointer data)
{
  Renewal *self = data;

  if (self->desk != NULL)
    hf_desk_forget (self->desk->desk, (const gint64 *) (void *) self->ids->data,
                    self->ids->len);
}

/* First, so that whoever shows them asks for the new ones. */
static void
tell_changed (HfWorkspace *self, const Renewal *renewal)
{
  g_autoptr (GHashTable) paths = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < renewal->n_changed; i++)
    g_hash_table_add (paths, renewal->paths->pdata[i]);
  if (renewal->n_changed > 0)
    hf_workspace_tell_files (self, paths);
}

static void
renew_done (GObject *owner, gpointer data)
{
  HfWorkspace *self = HF_WORKSPACE (owner);
  Renewal *renewal = data;
  gboolean labelled = FALSE;

  tell_changed (self, renewal);
  g_object_freeze_notify (owner);
  for (guint i = 0; i < renewal->ids->len; i++) {
    gint64 id = g_array_index (renewal->ids, gint64, i);
    HfPicture *picture = hf_workspace_find_picture (self, id);
    const HfPictureInfo *info;

    if (picture == NULL)
      continue;
    info = hf_picture_get_info (picture);
    labelled = labelled || info->class_id != 0;
    /* It may have been found under another name while this waited. */
    hf_workspace_show_gone (self, picture,
                            i >= renewal->n_changed &&
                                strcmp (info->path, renewal->paths->pdata[i]) ==
                                    0);
  }
  g_object_thaw_notify (owner);
  self->cursor = 0;
  if (labelled)
    hf_workspace_labels_changed (self);
  else
    hf_workspace_rows_changed (self);
  hf_workspace_embed (self);
}

/* What is new is not among the pictures yet, unless it was there before. */
static void
add_known (HfWorkspace *self, Renewal *renewal, const GPtrArray *paths)
{
  for (guint i = 0; i < paths->len; i++) {
    const HfProjectImage *image =
        find_path (self->inventory->images, paths->pdata[i]);

    if (image == NULL)
      continue;
    g_array_append_val (renewal->ids, image->id);
    g_ptr_array_add (renewal->paths, g_strdup (image->path));
  }
}

static void
renew (HfWorkspace *self, const HfLookoutNews *news)
{
  Renewal *renewal = g_new0 (Renewal, 1);

  renewal->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  renewal->paths = g_ptr_array_new_with_free_func (g_free);
  renewal->desk = self->desk != NULL ? hf_shared_desk_ref (self->desk) : NULL;
  add_known (self, renewal, news->came);
  add_known (self, renewal, news->changed);
  renewal->n_changed = renewal->ids->len;
  add_known (self, renewal, news->gone);
  if (renewal->ids->len == 0) {
    renewal_free (renewal);
    return;
  }
  hf_worker_push (self->embedder, renew_work, renew_done, renewal, renewal_free,
                  FALSE);
}

/* Somebody has to look whether their labels are still right. */
static void
tell_others (HfWorkspace *self, const GArray *others)
{
  g_autoptr (GArray) labelled = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; others != NULL && i < others->len; i++) {
    gint64 id = g_array_index (others, gint64, i);
    HfPicture *picture = hf_workspace_find_picture (self, id);

    if (picture != NULL && hf_picture_get_info (picture)->class_id != 0)
      g_array_append_val (labelled, id);
  }
  if (labelled->len > 0)
    hf_workspace_tell_questioned (self, labelled);
}

static void
show_manner (HfWorkspace *self, const char *folder, gboolean deaf,
             guint n_links)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sources));

  for (guint i = 0; i < n; i++) {
    g_autoptr (HfSourceItem) item =
        g_list_model_get_item (G_LIST_MODEL (self->sources), i);

    if (g_strcmp0 (hf_source_item_get_folder (item), folder) == 0)
      hf_source_item_set_manner (item, deaf, n_links);
  }
}

static void
look_done (GObject *owner, gpointer data)
{
  HfWorkspace *self = HF_WORKSPACE (owner);
  Look *look = data;

  self->look_due_us =
      g_get_monotonic_time () +
      (look->refused ? REFUSED_PAUSE_US
                     : MIN (PAUSE_TIMES * look->took_us, MOST_PAUSE_US));
  self->is_deaf = FALSE;
  for (guint i = 0; i < look->folders->len; i++) {
    show_manner (self, look->folders->pdata[i], look->deaf[i],
                 look->n_links[i]);
    self->is_deaf = self->is_deaf || look->deaf[i];
  }
  renew (self, &look->news);
  tell_others (self, look->others);
}

void
hf_workspace_look (HfWorkspace *self, gboolean adds)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sources));
  Look *look;

  if (n == 0 || hf_worker_get_n_open (self->scanner) > 0 ||
      g_get_monotonic_time () < self->look_due_us)
    return;
  look = g_new0 (Look, 1);
  look->looking = self->looking;
  look->project_path = g_strdup (self->path);
  look->inventory = hf_inventory_ref (self->inventory);
  look->labels = g_array_ref (self->labels);
  look->folders = g_ptr_array_new_with_free_func (g_free);
  look->found = g_new0 (gboolean, n);
  look->deaf = g_new0 (gboolean, n);
  look->n_links = g_new0 (guint, n);
  look->again = self->look_again;
  look->adds = adds;
  hf_lookout_news_init (&look->news);
  self->look_again = FALSE;
  for (guint i = 0; i < n; i++) {
    g_autoptr (HfSourceItem) item =
        g_list_model_get_item (G_LIST_MODEL (self->sources), i);

    look->found[i] = hf_source_item_get_found (item);
    g_ptr_array_add (look->folders,
                     g_strdup (hf_source_item_get_folder (item)));
  }
  hf_worker_push (self->scanner, look_work, look_done, look, look_free, FALSE);
}

void
hf_workspace_look_again (HfWorkspace *self, gboolean asked)
{
  gboolean scans;

  if (self->closed || (!asked && !self->is_deaf))
    return;
  scans = asked && self->scans->len == 0;
  self->look_again = TRUE;
  self->look_due_us = 0;
  hf_workspace_look (self, !scans);
  if (scans)
    hf_workspace_scan_all (self, _("The folder was not looked through"));
}
