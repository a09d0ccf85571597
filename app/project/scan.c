/* scan.c: looking through a folder, and finding pictures again that lie
 * elsewhere than before.
 *
 * Everything is read before the transaction begins. If another connection has
 * added sources or pictures by then, as an import of the same folder does, what
 * was read does not hold, and the folder is looked through again. A picture of
 * the project that is no longer under its name is looked for among the new
 * files, first by size, then by SHA-256; only pictures with a label have one,
 * and only those would lose something. */
#include "app/project/sources-private.h"

#include "app/jobs/pictures.h"
#include "base/path.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

/* So many pictures are compared to find out whether a source has moved. */
enum { N_COMPARED = 32 };

/* A picture that the project knows. */
typedef struct {
  gint64 id;
  char *inside;
  gboolean has_hash;
  guint8 digest[32];
  gint64 size_bytes;
  const char *found; /* its new place, borrowed, or NULL */
} Known;

typedef struct {
  HfProject *project;
  HfSourceMap *map;
  HfSource source;       /* id 0: a new one */
  gboolean moves;        /* @source.folder is to be written down anew */
  HfPictures *pictures;  /* in the folder */
  GPtrArray *insides;    /* const char *, those that belong to the source */
  GPtrArray *known;      /* Known * */
  GHashTable *by_inside; /* inside to Known */
  GPtrArray *refusals;
} Scan;

static void
known_free (gpointer data)
{
  Known *known = data;

  g_free (known->inside);
  g_free (known);
}

static void
scan_clear (Scan *self)
{
  g_clear_pointer (&self->map, hf_source_map_free);
  g_clear_pointer (&self->source.folder, g_free);
  g_clear_pointer (&self->pictures, hf_pictures_free);
  g_clear_pointer (&self->insides, g_ptr_array_unref);
  g_clear_pointer (&self->by_inside, g_hash_table_unref);
  g_clear_pointer (&self->known, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scan, scan_clear)

static Known *
new_known (sqlite3_stmt *row)
{
  Known *known = g_new0 (Known, 1);

  known->id = sqlite3_column_int64 (row, 0);
  known->inside = hf_column_dup (row, 1);
  known->has_hash = sqlite3_column_bytes (row, 2) == 32;
  if (known->has_hash)
    memcpy (known->digest, sqlite3_column_blob (row, 2), 32);
  known->size_bytes = sqlite3_column_int64 (row, 3);
  return known;
}

/* The pictures of a source; with @limit != 0 only that many, with a hash. */
static GPtrArray *
dup_known (HfProject *self, gint64 source_id, int limit, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (known_free);
  g_autoptr (sqlite3_stmt) rows = hf_project_query (
      self,
      "SELECT id, path, sha256, size FROM image WHERE source = ?1"
      " AND (?2 = 0 OR sha256 IS NOT NULL) ORDER BY id"
      " LIMIT CASE ?2 WHEN 0 THEN -1 ELSE ?2 END",
      error, "ii", source_id, (gint64) limit);

  if (rows == NULL)
    return NULL;
  while (hf_project_next (self, rows))
    g_ptr_array_add (list, new_known (rows));
  return hf_project_ended (self, error) ? g_steal_pointer (&list) : NULL;
}

static gboolean
is_same_file (const Known *known, const char *path)
{
  guint8 digest[32];
  gint64 size_bytes;
  struct stat info;

  return stat (path, &info) == 0 && info.st_size == known->size_bytes &&
         hf_image_hash (path, digest, &size_bytes, NULL) &&
         memcmp (digest, known->digest, 32) == 0;
}

/* How many of a source's pictures that have a hash lie in @folder under their
 * names. */
static gboolean
compare_source (HfProject *self, const HfSource *source, const char *folder,
                gsize *n_same, gsize *n_compared, GError **error)
{
  g_autoptr (GPtrArray) known = dup_known (self, source->id, N_COMPARED, error);

  if (known == NULL)
    return FALSE;
  *n_same = 0;
  *n_compared = known->len;
  for (guint i = 0; i < known->len; i++) {
    const Known *one = known->pdata[i];
    g_autofree char *path = g_build_filename (folder, one->inside, NULL);

    *n_same += is_same_file (one, path);
  }
  return TRUE;
}

/* A source that is gone and of whose pictures most lie in @folder. */
static gboolean
find_moved (const Scan *self, const char *folder, const HfSource **moved,
            GError **error)
{
  gsize best = 0;

  *moved = NULL;
  for (guint i = 0; i < self->map->sources->len; i++) {
    const HfSource *source = self->map->sources->pdata[i];
    gsize n_same, n_compared;

    if (source->found)
      continue;
    if (!compare_source (self->project, source, folder, &n_same, &n_compared,
                         error))
      return FALSE;
    if (n_same > best && 2 * n_same >= n_compared) {
      best = n_same;
      *moved = source;
    }
  }
  return TRUE;
}

/* The source that was named as the one that has moved, and whether its pictures
 * are in @folder. */
static gboolean
check_moved (const Scan *self, const char *name, const char *folder,
             const HfSource **moved, GError **error)
{
  g_autofree char *was = g_canonicalize_filename (name, NULL);
  gsize n_same, n_compared;

  *moved = NULL;
  for (guint i = 0; i < self->map->sources->len; i++) {
    const HfSource *source = self->map->sources->pdata[i];

    if (g_str_equal (source->folder, was))
      *moved = source;
  }
  if (*moved == NULL) {
    g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
                 _("The project has no source %s."), was);
    return FALSE;
  }
  if (!compare_source (self->project, *moved, folder, &n_same, &n_compared,
                       error))
    return FALSE;
  if (2 * n_same >= n_compared)
    return TRUE;
  g_set_error (
      error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
      _("%s does not hold the pictures of %s: labelled ones that were "
                 "looked for: %zu, and found: %zu."),
         folder, was, n_compared, n_same);
  return FALSE;
}

/* Finds out which source @folder is. */
static gboolean
find_source (Scan *self, const char *folder, const char *moved_from,
             HfScan *result, GError **error)
{
  g_autofree char *below = g_build_filename (folder, "x", NULL);
  g_autofree char *inside = NULL;
  const HfSource *source = hf_source_map_find (self->map, below, &inside);
  const HfSource *moved = NULL;

  if (moved_from != NULL) {
    if (!check_moved (self, moved_from, folder, &moved, error))
      return FALSE;
  } else if (source == NULL && !find_moved (self, folder, &moved, error)) {
    return FALSE;
  }
  self->source.folder = g_strdup (folder);
  if (moved != NULL) {
    result->was = g_strdup (moved->folder);
    self->source.id = moved->id;
    self->moves = TRUE;
  } else if (source != NULL) {
    g_free (self->source.folder);
    self->source.folder = g_strdup (source->folder);
    self->source.id = source->id;
  }
  return TRUE;
}

/* What of the folder belongs to this source: not what lies in another one that
 * is further inside. */
static void
list_insides (Scan *self)
{
  const char *folder = self->source.folder;

  self->insides = g_ptr_array_new ();
  for (gsize i = 0; i < hf_pictures_get_n (self->pictures); i++) {
    const char *path = hf_pictures_get (self->pictures, i);
    gboolean is_ours = TRUE;

    for (guint j = 0; j < self->map->sources->len; j++) {
      const HfSource *other = self->map->sources->pdata[j];

      if (other->id != self->source.id &&
          strlen (other->folder) > strlen (folder) &&
          hf_path_get_below (path, other->folder) != NULL)
        is_ours = FALSE;
    }
    if (is_ours)
      g_ptr_array_add (self->insides,
                       (gpointer) hf_path_get_below (path, folder));
  }
}

static gboolean
list_pictures (Scan *self, HfProgress *progress, GError **error)
{
  const GPtrArray *refusals;

  self->pictures = hf_pictures_new ();
  if (!hf_pictures_add (self->pictures, self->source.folder, progress, error))
    return FALSE;
  refusals = hf_pictures_get_refusals (self->pictures);
  for (guint i = 0; i < refusals->len; i++) {
    const HfRefusal *refusal = refusals->pdata[i];

    hf_refusals_add (self->refusals, refusal->path, refusal->reason);
  }
  list_insides (self);
  self->known = dup_known (self->project, self->source.id, 0, error);
  if (self->known == NULL)
    return FALSE;
  self->by_inside = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < self->known->len; i++) {
    Known *known = self->known->pdata[i];

    g_hash_table_insert (self->by_inside, known->inside, known);
  }
  return TRUE;
}

/* A source that has moved: are its pictures still the same ones? */
static gboolean
check_pictures (Scan *self, HfProgress *progress, GError **error)
{
  for (guint i = 0; self->moves && i < self->insides->len; i++) {
    const char *inside = self->insides->pdata[i];
    const Known *known = g_hash_table_lookup (self->by_inside, inside);
    g_autofree char *path = NULL;
    g_autofree char *reason = NULL;

    if (known == NULL || !known->has_hash)
      continue;
    if (!hf_progress_check (progress, error))
      return FALSE;
    path = g_build_filename (self->source.folder, inside, NULL);
    if (is_same_file (known, path))
      continue;
    reason = g_strdup_printf (
        _("%s is another picture than the one that was labelled under this "
          "name; look at its label."),
           path);
    hf_refusals_add (self->refusals, path, reason);
  }
  return TRUE;
}

static guint
hash_digest (gconstpointer digest)
{
  guint hash;

  memcpy (&hash, digest, sizeof hash);
  return hash;
}

static gboolean
equal_digests (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, 32) == 0;
}

/* Known pictures with a hash that are not under their names: by size, to read
 * few files, and by hash. */
typedef struct {
  GHashTable *sizes, *digests;
} Lost;

static void
lost_clear (Lost *self)
{
  g_hash_table_unref (self->sizes);
  g_hash_table_unref (self->digests);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Lost, lost_clear)

static void
lost_init (Lost *lost, const Scan *self, HfScan *result)
{
  g_autoptr (GHashTable) here = g_hash_table_new (g_str_hash, g_str_equal);

  lost->sizes = g_hash_table_new (g_int64_hash, g_int64_equal);
  lost->digests = g_hash_table_new (hash_digest, equal_digests);
  for (guint i = 0; i < self->insides->len; i++)
    g_hash_table_add (here, self->insides->pdata[i]);
  for (guint i = 0; i < self->known->len; i++) {
    Known *known = self->known->pdata[i];

    if (g_hash_table_contains (here, known->inside))
      continue;
    result->n_missing++;
    if (!known->has_hash)
      continue;
    g_hash_table_add (lost->sizes, &known->size_bytes);
    g_hash_table_insert (lost->digests, known->digest, known);
  }
}

/* The lost picture that the new file @path is, or NULL. */
static Known *
find_digest (const Lost *lost, const char *path)
{
  guint8 digest[32];
  gint64 size_bytes;
  struct stat info;

  if (stat (path, &info) != 0)
    return NULL;
  size_bytes = info.st_size;
  if (!g_hash_table_contains (lost->sizes, &size_bytes) ||
      !hf_image_hash (path, digest, &size_bytes, NULL))
    return NULL;
  return g_hash_table_lookup (lost->digests, digest);
}

/* Looks among the new files for pictures that have another name now. */
static gboolean
find_lost (Scan *self, HfScan *result, HfProgress *progress, GError **error)
{
  g_auto (Lost) lost = {0};

  lost_init (&lost, self, result);
  for (guint i = 0;
       g_hash_table_size (lost.sizes) > 0 && i < self->insides->len; i++) {
    const char *inside = self->insides->pdata[i];
    g_autofree char *path = NULL;
    Known *known;

    if (g_hash_table_contains (self->by_inside, inside))
      continue;
    if (!hf_progress_check (progress, error))
      return FALSE;
    path = g_build_filename (self->source.folder, inside, NULL);
    known = find_digest (&lost, path);
    if (known == NULL || known->found != NULL)
      continue;
    known->found = inside;
    result->n_found++;
    result->n_missing--;
  }
  return TRUE;
}

static gboolean
write_source (Scan *self, GError **error)
{
  if (self->source.id == 0) {
    self->source.id =
        hf_source_insert (self->project, self->source.folder, error);
    return self->source.id != 0;
  }
  return !self->moves || hf_source_move (self->project, self->source.id,
                                         self->source.folder, error);
}

static gboolean
write_found (Scan *self, GError **error)
{
  g_autoptr (sqlite3_stmt) update = hf_project_query (
      self->project, "UPDATE image SET path = ?, sum = ? WHERE id = ?", error,
      "");

  if (update == NULL)
    return FALSE;
  for (guint i = 0; i < self->known->len; i++) {
    const Known *known = self->known->pdata[i];

    if (known->found == NULL)
      continue;
    if (!hf_project_bind (
            self->project, update, error, "bii", known->found,
            hf_image_sum (known->id, self->source.id, known->found),
            known->id) ||
        !hf_project_finish (self->project, update, error))
      return FALSE;
  }
  return TRUE;
}

/* What was read holds (still_holds), so that only unknown names are asked for:
 * the project is locked meanwhile, and somebody labels. */
static gboolean
write_images (Scan *self, HfScan *result, GError **error)
{
  g_auto (HfImageAdder) adder = {0};

  if (!hf_image_adder_init (&adder, self->project, error))
    return FALSE;
  for (guint i = 0; i < self->insides->len; i++) {
    gboolean is_new;
    gint64 id;

    if (g_hash_table_contains (self->by_inside, self->insides->pdata[i])) {
      result->n_known++;
      continue;
    }
    if (!hf_image_adder_find (&adder, &self->source, self->insides->pdata[i],
                              FALSE, &id, &is_new, error))
      return FALSE;
    result->n_added += is_new ? 1 : 0;
    result->n_known += is_new ? 0 : 1;
  }
  return TRUE;
}

/* Whether sources and the pictures of ours are those that were read. */
static gboolean
still_holds (const Scan *self, gboolean *holds, GError **error)
{
  g_autoptr (HfSourceMap) map = hf_source_map_new (self->project, error);
  g_autoptr (sqlite3_stmt) count = NULL;

  if (map == NULL)
    return FALSE;
  count = hf_project_query (self->project,
                            "SELECT count (*) FROM image WHERE source = ?",
                            error, "i", self->source.id);
  if (count == NULL || !hf_project_next (self->project, count))
    return hf_project_ended (self->project, error);
  *holds = hf_source_map_is_equal (map, self->map) &&
           sqlite3_column_int64 (count, 0) == (gint64) self->known->len;
  return TRUE;
}

/* *@holds is FALSE where nothing was written, since what was read is stale. */
static gboolean
write_all (Scan *self, HfScan *result, gboolean *holds, GError **error)
{
  g_autoptr (HfTransaction) transaction =
      hf_project_begin (self->project, error);

  if (transaction == NULL || !still_holds (self, holds, error))
    return FALSE;
  if (!*holds)
    return TRUE;
  if (!write_source (self, error) || !write_found (self, error) ||
      !write_images (self, result, error))
    return FALSE;
  result->source_id = self->source.id;
  return hf_project_commit (g_steal_pointer (&transaction), error);
}

static gboolean
check_folder (const char *folder, GError **error)
{
  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
               _("The folder %s is not there, or is no folder."), folder);
  return FALSE;
}

/* Once through the folder; *@holds as write_all leaves it. */
static gboolean
look_through (HfProject *self, const char *folder, const char *moved_from,
              GPtrArray *refusals, HfScan *result, gboolean *holds,
              HfProgress *progress, GError **error)
{
  g_auto (HfScan) found = {0};
  g_auto (Scan) scan = {.project = self, .refusals = refusals};

  scan.map = hf_source_map_new (self, error);
  if (scan.map == NULL ||
      !find_source (&scan, folder, moved_from, &found, error) ||
      !list_pictures (&scan, progress, error) ||
      !check_pictures (&scan, progress, error) ||
      !find_lost (&scan, &found, progress, error) ||
      !write_all (&scan, &found, holds, error))
    return FALSE;
  if (!*holds)
    return TRUE;
  found.n_links = hf_pictures_get_links (scan.pictures)->len;
  *result = found;
  found.was = NULL;
  return TRUE;
}

gboolean
hf_project_add_source (HfProject *self, const char *folder,
                       const char *moved_from, GPtrArray *refusals,
                       HfScan *result, HfProgress *progress, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (folder, NULL);
  g_autoptr (GPtrArray) unread = hf_refusals_new ();
  gboolean holds = FALSE;

  if (!check_folder (absolute, error))
    return FALSE;
  while (!holds) {
    g_ptr_array_set_size (unread, 0);
    if (!look_through (self, absolute, moved_from, unread, result, &holds,
                       progress, error))
      return FALSE;
  }
  for (guint i = 0; refusals != NULL && i < unread->len; i++) {
    const HfRefusal *refusal = unread->pdata[i];

    hf_refusals_add (refusals, refusal->path, refusal->reason);
  }
  return TRUE;
}
