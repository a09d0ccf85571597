/* sources.c: where the pictures of a project lie. A source is written down by
 * its whole path, and if it lies below the project's own folder also by the way
 * from there: a project that moves together with its pictures finds them. */
#include "app/project/sources-private.h"

#include "base/path.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

static void
source_free (gpointer data)
{
  HfSource *source = data;

  g_free (source->folder);
  g_free (source);
}

static HfSource *
new_source (const HfProject *self, sqlite3_stmt *row)
{
  HfSource *source = g_new0 (HfSource, 1);
  g_autofree char *folder = hf_column_dup (row, 1);
  g_autofree char *beside = hf_column_dup (row, 2);
  g_autofree char *near_by =
      beside != NULL ? g_canonicalize_filename (beside, self->folder) : NULL;
  gboolean use_near =
      near_by != NULL && g_file_test (near_by, G_FILE_TEST_IS_DIR);

  source->id = sqlite3_column_int64 (row, 0);
  source->folder =
      use_near ? g_steal_pointer (&near_by) : g_steal_pointer (&folder);
  source->found = g_file_test (source->folder, G_FILE_TEST_IS_DIR);
  return source;
}

HfSourceMap *
hf_source_map_new (HfProject *self, GError **error)
{
  g_autoptr (HfSourceMap) map = g_new0 (HfSourceMap, 1);
  g_autoptr (sqlite3_stmt) rows = hf_project_query (
      self, "SELECT id, folder, beside FROM source ORDER BY id", error, "");

  map->sources = g_ptr_array_new_with_free_func (source_free);
  if (rows == NULL)
    return NULL;
  while (hf_project_next (self, rows))
    g_ptr_array_add (map->sources, new_source (self, rows));
  if (!hf_project_ended (self, error))
    return NULL;
  return g_steal_pointer (&map);
}

void
hf_source_map_free (HfSourceMap *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->sources);
  g_free (self);
}

gboolean
hf_source_map_is_equal (const HfSourceMap *self, const HfSourceMap *other)
{
  if (self->sources->len != other->sources->len)
    return FALSE;
  for (guint i = 0; i < self->sources->len; i++) {
    const HfSource *one = self->sources->pdata[i];
    const HfSource *two = other->sources->pdata[i];

    if (one->id != two->id || !g_str_equal (one->folder, two->folder))
      return FALSE;
  }
  return TRUE;
}

const HfSource *
hf_source_map_get (const HfSourceMap *self, gint64 id)
{
  for (guint i = 0; i < self->sources->len; i++) {
    const HfSource *source = self->sources->pdata[i];

    if (source->id == id)
      return source;
  }
  return NULL;
}

static const HfSource *
find_literal (const HfSourceMap *self, const char *path, gboolean resolved,
              const char **inside)
{
  const HfSource *best = NULL;

  for (guint i = 0; i < self->sources->len; i++) {
    const HfSource *source = self->sources->pdata[i];
    g_autofree char *real = resolved ? realpath (source->folder, NULL) : NULL;
    const char *rest =
        hf_path_get_below (path, real != NULL ? real : source->folder);

    if (rest == NULL || (best != NULL && strlen (rest) >= strlen (*inside)))
      continue;
    best = source;
    *inside = rest;
  }
  return best;
}

const HfSource *
hf_source_map_find (const HfSourceMap *self, const char *path, char **inside)
{
  const char *rest = NULL;
  const HfSource *source = find_literal (self, path, FALSE, &rest);
  g_autofree char *folder = NULL;
  g_autofree char *real = NULL;
  g_autofree char *name = NULL;
  g_autofree char *other = NULL;

  if (source != NULL) {
    *inside = g_strdup (rest);
    return source;
  }
  folder = g_path_get_dirname (path);
  real = realpath (folder, NULL);
  if (real == NULL)
    return NULL;
  name = g_path_get_basename (path);
  other = g_build_filename (real, name, NULL);
  source = find_literal (self, other, TRUE, &rest);
  if (source != NULL)
    *inside = g_strdup (rest);
  return source;
}

/* The way from the project's folder to @folder, NULL if it is not below. */
static char *
dup_beside (const HfProject *self, const char *folder)
{
  return g_strdup (g_str_equal (folder, self->folder)
                       ? "."
                       : hf_path_get_below (folder, self->folder));
}

gint64
hf_source_insert (HfProject *self, const char *folder, GError **error)
{
  g_autofree char *beside = dup_beside (self, folder);

  if (!hf_project_run (
          self, "INSERT INTO source (folder, beside, added) VALUES (?, ?, ?)",
          error, "bbi", folder, beside, hf_project_now ()))
    return 0;
  return sqlite3_last_insert_rowid (self->db);
}

gboolean
hf_source_move (HfProject *self, gint64 id, const char *folder, GError **error)
{
  g_autofree char *beside = dup_beside (self, folder);

  return hf_project_run (
      self, "UPDATE source SET folder = ?, beside = ? WHERE id = ?", error,
      "bbi", folder, beside, id);
}

static gboolean
count_images (HfProject *self, GPtrArray *sources, GError **error)
{
  g_autoptr (sqlite3_stmt) count = hf_project_query (
      self,
      "SELECT count (*), count (current.image) FROM image"
      " LEFT JOIN current ON current.image = image.id WHERE source = ?",
      error, "");

  if (count == NULL)
    return FALSE;
  for (guint i = 0; i < sources->len; i++) {
    HfSource *source = sources->pdata[i];

    if (!hf_project_bind (self, count, error, "i", source->id) ||
        !hf_project_next (self, count))
      return hf_project_ended (self, error);
    source->n_images = (gsize) sqlite3_column_int64 (count, 0);
    source->n_labelled = (gsize) sqlite3_column_int64 (count, 1);
  }
  return TRUE;
}

GPtrArray *
hf_project_dup_sources (HfProject *self, GError **error)
{
  g_autoptr (HfSourceMap) map = hf_source_map_new (self, error);

  if (map == NULL || !count_images (self, map->sources, error))
    return NULL;
  return g_ptr_array_ref (map->sources);
}

gint64
hf_image_sum (gint64 id, gint64 source_id, const char *inside)
{
  g_autofree char *text =
      g_strdup_printf ("image %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", id,
                       source_id, inside);

  return hf_row_sum (text, strlen (text));
}

char *
hf_image_dup_group (const HfGroupRule *rule, const HfSource *source,
                    const char *inside)
{
  g_autofree char *base = g_path_get_basename (source->folder);
  g_autofree char *path = g_build_filename (base, inside, NULL);

  return hf_group_rule_dup_group (rule, path);
}

gboolean
hf_image_adder_init (HfImageAdder *self, HfProject *project, GError **error)
{
  g_autofree char *groups = hf_project_dup_setting (project, "groups");

  memset (self, 0, sizeof *self);
  self->project = project;
  self->rule = hf_group_rule_new (groups, error);
  if (self->rule == NULL)
    return FALSE;
  self->find = hf_project_query (
      project, "SELECT id FROM image WHERE source = ? AND path = ?", error, "");
  self->insert = hf_project_query (
      project,
      "INSERT INTO image (id, source, path, sum, lot) VALUES (?, ?, ?, ?, ?)",
      error, "");
  return self->find != NULL && self->insert != NULL &&
         hf_project_get_number (project,
                                "SELECT coalesce (max (id), 0) + 1 FROM image",
                                1, &self->next_id, error);
}

void
hf_image_adder_clear (HfImageAdder *self)
{
  g_clear_pointer (&self->find, sqlite3_finalize);
  g_clear_pointer (&self->insert, sqlite3_finalize);
  g_clear_pointer (&self->rule, hf_group_rule_free);
}

gboolean
hf_image_adder_find (HfImageAdder *self, const HfSource *source,
                     const char *inside, gboolean only_known, gint64 *id,
                     gboolean *is_new, GError **error)
{
  g_autofree char *group = NULL;

  *id = 0;
  *is_new = FALSE;
  if (!hf_project_bind (self->project, self->find, error, "ib", source->id,
                        inside))
    return FALSE;
  if (hf_project_next (self->project, self->find))
    *id = sqlite3_column_int64 (self->find, 0);
  sqlite3_reset (self->find);
  if (*id != 0 || only_known)
    return hf_project_ended (self->project, error);
  if (!hf_project_ended (self->project, error))
    return FALSE;
  group = hf_image_dup_group (self->rule, source, inside);
  if (!hf_project_bind (self->project, self->insert, error, "iibib",
                        self->next_id, source->id, inside,
                        hf_image_sum (self->next_id, source->id, inside),
                        group) ||
      !hf_project_finish (self->project, self->insert, error))
    return FALSE;
  *id = self->next_id++;
  *is_new = TRUE;
  return TRUE;
}

static gboolean
find_ids (HfProject *self, const HfSourceMap *map, const char *const *paths,
          gsize n, gint64 *ids, GError **error)
{
  g_auto (HfImageAdder) adder = {0};

  if (!hf_image_adder_init (&adder, self, error))
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    g_autofree char *path = g_canonicalize_filename (paths[i], NULL);
    g_autofree char *inside = NULL;
    const HfSource *source = hf_source_map_find (map, path, &inside);
    gboolean is_new;

    if (source == NULL)
      continue;
    if (!hf_image_adder_find (&adder, source, inside,
                              !g_file_test (path, G_FILE_TEST_EXISTS), &ids[i],
                              &is_new, error))
      return FALSE;
  }
  return TRUE;
}

gint64 *
hf_project_dup_image_ids (HfProject *self, const char *const *paths, gsize n,
                          GError **error)
{
  g_autofree gint64 *ids = g_new0 (gint64, n + 1);
  g_autoptr (HfSourceMap) map = hf_source_map_new (self, error);
  g_autoptr (HfTransaction) transaction = NULL;

  if (map == NULL)
    return NULL;
  transaction = hf_project_begin (self, error);
  if (transaction == NULL || !find_ids (self, map, paths, n, ids, error) ||
      !hf_project_commit (g_steal_pointer (&transaction), error))
    return NULL;
  return g_steal_pointer (&ids);
}

GArray *
hf_project_dup_group_ids (HfProject *self, const char *group, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (sqlite3_stmt) rows =
      hf_project_query (self, "SELECT id FROM image WHERE lot IS ? ORDER BY id",
                        error, "b", group);

  if (rows == NULL)
    return NULL;
  while (hf_project_next (self, rows)) {
    gint64 id = sqlite3_column_int64 (rows, 0);

    g_array_append_val (ids, id);
  }
  return hf_project_ended (self, error) ? g_steal_pointer (&ids) : NULL;
}

gboolean
hf_project_count_groups (HfProject *self, gsize *n_alone, gsize *n_groups,
                         GError **error)
{
  gint64 alone, groups;

  if (!hf_project_get_number (self,
                              "SELECT count (*) FROM image WHERE lot IS NULL",
                              0, &alone, error) ||
      !hf_project_get_number (self, "SELECT count (DISTINCT lot) FROM image", 0,
                              &groups, error))
    return FALSE;
  *n_alone = (gsize) alone;
  *n_groups = (gsize) groups;
  return TRUE;
}

char *
hf_project_dup_image_path (HfProject *self, gint64 image_id, GError **error)
{
  g_autoptr (HfSourceMap) map = hf_source_map_new (self, error);
  g_autoptr (sqlite3_stmt) row =
      hf_project_query (self, "SELECT source, path FROM image WHERE id = ?",
                        error, "i", image_id);
  g_autofree char *inside = NULL;
  const HfSource *source;

  if (map == NULL || row == NULL)
    return NULL;
  if (!hf_project_next (self, row)) {
    if (hf_project_ended (self, error))
      g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
                   _("The project has no picture %lld."),
                      (long long) image_id);
    return NULL;
  }
  inside = hf_column_dup (row, 1);
  source = hf_source_map_get (map, sqlite3_column_int64 (row, 0));
  return source != NULL ? g_build_filename (source->folder, inside, NULL)
                        : g_steal_pointer (&inside);
}

void
hf_scan_clear (HfScan *self)
{
  g_clear_pointer (&self->was, g_free);
}
