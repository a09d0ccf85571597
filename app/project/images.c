/* images.c: see the header. */
#include "app/project/images.h"
#include "app/project/labels-private.h"
#include "app/project/sources-private.h"

#include <string.h>

static int
compare_images (gconstpointer a, gconstpointer b)
{
  const HfProjectImage *left = a, *right = b;

  return strcmp (left->path, right->path);
}

HfImageList *
hf_image_list_ref (HfImageList *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_list (gpointer data)
{
  HfImageList *self = data;

  g_free (self->images);
  g_string_chunk_free (self->strings);
}

void
hf_image_list_unref (HfImageList *self)
{
  g_atomic_rc_box_release_full (self, clear_list);
}

static void
read_image (HfImageList *self, GArray *images, const HfSource *source,
            sqlite3_stmt *row)
{
  g_autofree char *inside = hf_column_dup (row, 2);
  g_autofree char *group = hf_column_dup (row, 3);
  g_autofree char *path = g_build_filename (source->folder, inside, NULL);
  const HfProjectImage image = {
      .id = sqlite3_column_int64 (row, 0),
      .source_id = source->id,
      .path = g_string_chunk_insert (self->strings, path),
      .group = group != NULL
                   ? g_string_chunk_insert_const (self->strings, group)
                   : NULL,
      .sealed = sqlite3_column_int (row, 4)};

  g_array_append_val (images, image);
}

HfImageList *
hf_project_dup_images (HfProject *self, GError **error)
{
  g_autoptr (HfImageList) list = g_atomic_rc_box_new0 (HfImageList);
  g_autoptr (GArray) images =
      g_array_new (FALSE, FALSE, sizeof (HfProjectImage));
  g_autoptr (HfSourceMap) map = NULL;
  g_autoptr (sqlite3_stmt) rows = NULL;

  list->strings = g_string_chunk_new (1 << 16);
  map = hf_source_map_new (self, error);
  if (map == NULL)
    return NULL;
  rows = hf_project_query (
      self, "SELECT id, source, path, lot, sealed IS NOT NULL FROM image",
      error, "");
  if (rows == NULL)
    return NULL;
  while (hf_project_next (self, rows)) {
    const HfSource *source =
        hf_source_map_get (map, sqlite3_column_int64 (rows, 1));

    /* One that another program has added a moment ago is for the next time. */
    if (source != NULL)
      read_image (list, images, source, rows);
  }
  if (!hf_project_ended (self, error))
    return NULL;
  g_array_sort (images, compare_images);
  list->n = images->len;
  list->images = (HfProjectImage *) (void *) g_array_free (
      g_steal_pointer (&images), FALSE);
  return g_steal_pointer (&list);
}

GArray *
hf_project_dup_labels (HfProject *self, GError **error)
{
  g_autoptr (GArray) labels =
      g_array_new (FALSE, FALSE, sizeof (HfProjectLabel));
  g_autoptr (sqlite3_stmt) rows = hf_project_query (
      self,
      "SELECT image, class, id, shown = ? FROM label WHERE class IS NOT NULL"
      " AND id IN (SELECT max (id) FROM label GROUP BY image) ORDER BY image",
      error, "s", hf_shown_get_name (HF_SHOWN_AUDIT));

  if (rows == NULL)
    return NULL;
  while (hf_project_next (self, rows)) {
    const HfProjectLabel label = {.image_id = sqlite3_column_int64 (rows, 0),
                                  .class_id = sqlite3_column_int64 (rows, 1),
                                  .entry = sqlite3_column_int64 (rows, 2),
                                  .audited = sqlite3_column_int (rows, 3)};

    g_array_append_val (labels, label);
  }
  return hf_project_ended (self, error) ? g_steal_pointer (&labels) : NULL;
}
