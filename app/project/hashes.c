/* hashes.c: SHA-256 of pictures. They are computed without a lock on the
 * project, and written a few at a time. */
#include "app/project/sources-private.h"

#include "base/file.h"
#include "base/sha256.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK_BYTES = 1 << 18, ROWS_AT_ONCE = 256 };

gboolean
hf_image_hash (const char *path, guint8 digest[32], gint64 *size_bytes,
               GError **error)
{
  g_autoptr (HfSha256) sum = hf_sha256_new ();
  g_autofree guchar *chunk = g_malloc (CHUNK_BYTES);
  gint64 total = 0;
  gssize n;
  int fd = hf_file_open (path, size_bytes, error);

  if (fd < 0)
    return FALSE;
  while ((n = read (fd, chunk, CHUNK_BYTES)) > 0 || (n < 0 && errno == EINTR)) {
    hf_sha256_update (sum, chunk, (gsize) MAX (n, 0));
    total += MAX (n, 0);
  }
  close (fd);
  if (n < 0) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_IO,
                 _("Cannot read %s."), path);
    return FALSE;
  }
  *size_bytes = total;
  hf_sha256_get_digest (sum, digest);
  return TRUE;
}

typedef struct {
  gint64 id;
  char *path;
  gboolean is_known; /* it had a hash: */
  guint8 known[32];
  guint8 digest[32];
  gint64 size_bytes;
} Item;

static void
item_clear (gpointer data)
{
  g_free (((Item *) data)->path);
}

static GArray *
new_items (void)
{
  GArray *items = g_array_new (FALSE, TRUE, sizeof (Item));

  g_array_set_clear_func (items, item_clear);
  return items;
}

/* Appends the pictures of @rows (id, source, path, sha256, size) that lie in a
 * folder that is there. */
static gboolean
add_items (HfProject *self, const HfSourceMap *map, sqlite3_stmt *rows,
           GArray *items, GError **error)
{
  while (hf_project_next (self, rows)) {
    const HfSource *source =
        hf_source_map_get (map, sqlite3_column_int64 (rows, 1));
    g_autofree char *inside = hf_column_dup (rows, 2);
    Item item = {.id = sqlite3_column_int64 (rows, 0),
                 .is_known = sqlite3_column_bytes (rows, 3) == 32,
                 .size_bytes = sqlite3_column_int64 (rows, 4)};

    if (source == NULL || !source->found)
      continue;
    if (item.is_known)
      memcpy (item.known, sqlite3_column_blob (rows, 3), 32);
    item.path = g_build_filename (source->folder, inside, NULL);
    g_array_append_val (items, item);
  }
  return hf_project_ended (self, error);
}

/* The pictures that want a hash (element-type Item). */
static GArray *
list_items (HfProject *self, gboolean all, GError **error)
{
  g_autoptr (HfSourceMap) map = hf_source_map_new (self, error);
  g_autoptr (GArray) items = new_items ();
  g_autoptr (sqlite3_stmt) rows = NULL;

  if (map == NULL)
    return NULL;
  rows = hf_project_query (self,
                           "SELECT id, source, path, sha256, size FROM image"
                           " WHERE sha256 IS NULL AND (? OR sealed IS NOT NULL "
                           "OR id IN (SELECT image FROM label))",
                           error, "i", (gint64) all);
  if (rows == NULL || !add_items (self, map, rows, items, error))
    return NULL;
  return g_steal_pointer (&items);
}

/* Those of @ids[@n] that have a hash or want one (element-type Item). */
static GArray *
find_items (HfProject *self, const gint64 *ids, gsize n, GError **error)
{
  g_autoptr (HfSourceMap) map = hf_source_map_new (self, error);
  g_autoptr (GArray) items = new_items ();
  g_autoptr (GHashTable) found = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (sqlite3_stmt) row = NULL;

  if (map == NULL)
    return NULL;
  row = hf_project_query (
      self,
      "SELECT id, source, path, sha256, size FROM image"
      " WHERE id = ? AND (sha256 IS NOT NULL OR sealed IS NOT NULL"
      " OR EXISTS (SELECT 1 FROM label WHERE label.image = image.id))",
      error, "");
  if (row == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    if (g_hash_table_add (found, (gpointer) &ids[i]) &&
        (!hf_project_bind (self, row, error, "i", ids[i]) ||
         !add_items (self, map, row, items, error)))
      return NULL;
  return g_steal_pointer (&items);
}

static gboolean
write_items (HfProject *self, const Item *const *items, gsize n, GError **error)
{
  g_autoptr (sqlite3_stmt) update = hf_project_query (
      self, "UPDATE image SET sha256 = ?, size = ? WHERE id = ?", error, "");
  g_autoptr (HfTransaction) transaction = NULL;

  if (update == NULL)
    return FALSE;
  transaction = hf_project_begin (self, error);
  if (transaction == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!hf_project_bind (self, update, error, "zii",
                          (const char *) items[i]->digest, 32,
                          items[i]->size_bytes, items[i]->id) ||
        !hf_project_finish (self, update, error))
      return FALSE;
  sqlite3_reset (update);
  return hf_project_commit (g_steal_pointer (&transaction), error);
}

gboolean
hf_project_fill_hashes (HfProject *self, gboolean all, HfProgress *progress,
                        GError **error)
{
  g_autoptr (GArray) items = list_items (self, all, error);
  const Item *ready[ROWS_AT_ONCE];
  gsize n_ready = 0;

  if (items == NULL)
    return FALSE;
  for (guint i = 0; i < items->len; i++) {
    Item *item = &g_array_index (items, Item, i);

    if (hf_image_hash (item->path, item->digest, &item->size_bytes, NULL))
      ready[n_ready++] = item;
    hf_progress_report (progress, i + 1, items->len);
    if (n_ready == ROWS_AT_ONCE) {
      if (!write_items (self, ready, n_ready, error))
        return FALSE;
      n_ready = 0;
    }
    if (!hf_progress_check (progress, error))
      return FALSE;
  }
  return n_ready == 0 || write_items (self, ready, n_ready, error);
}

GArray *
hf_project_renew_hashes (HfProject *self, const gint64 *ids, gsize n,
                         HfProgress *progress, GError **error)
{
  g_autoptr (GArray) items = find_items (self, ids, n, error);
  g_autoptr (GArray) others = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) ready = g_ptr_array_new ();

  if (items == NULL)
    return NULL;
  for (guint i = 0; i < items->len; i++) {
    Item *item = &g_array_index (items, Item, i);

    hf_progress_report (progress, i, items->len);
    if (!hf_progress_check (progress, error))
      return NULL;
    if (!hf_image_hash (item->path, item->digest, &item->size_bytes, NULL) ||
        (item->is_known && memcmp (item->digest, item->known, 32) == 0))
      continue;
    g_ptr_array_add (ready, item);
    if (item->is_known)
      g_array_append_val (others, item->id);
  }
  if (ready->len > 0 && !write_items (self, (const Item *const *) ready->pdata,
                                      ready->len, error))
    return NULL;
  return g_steal_pointer (&others);
}

static char *
dup_hex (const guint8 digest[32])
{
  GString *hex = g_string_new (NULL);

  for (int i = 0; i < 32; i++)
    g_string_append_printf (hex, "%02x", digest[i]);
  return g_string_free (hex, FALSE);
}

/* Whether the file has another length than when it was hashed, or is not known
 * to @store with the hash it had. */
static gboolean
may_be_another (const Item *item, HfFeatureStore *store)
{
  g_autofree char *wanted = dup_hex (item->known);
  g_autofree char *sha256 = NULL;
  GStatBuf file;

  if (g_stat (item->path, &file) != 0)
    return FALSE;
  if (file.st_size != item->size_bytes)
    return TRUE;
  if (store == NULL)
    return FALSE;
  sha256 = hf_feature_store_dup_known_sha256 (store, item->path);
  return g_strcmp0 (sha256, wanted) != 0;
}

GArray *
hf_project_find_rewritten (HfProject *self, HfFeatureStore *store,
                           GError **error)
{
  g_autoptr (HfSourceMap) map = hf_source_map_new (self, error);
  g_autoptr (GArray) items = new_items ();
  g_autoptr (GArray) rewritten = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (sqlite3_stmt) rows = NULL;

  if (map == NULL)
    return NULL;
  rows = hf_project_query (
      self,
      "SELECT id, source, path, sha256, size FROM image WHERE sha256 IS NOT"
      " NULL AND size IS NOT NULL AND id IN (SELECT image FROM label)",
      error, "");
  if (rows == NULL || !add_items (self, map, rows, items, error))
    return NULL;
  for (guint i = 0; i < items->len; i++) {
    const Item *item = &g_array_index (items, Item, i);

    if (may_be_another (item, store))
      g_array_append_val (rewritten, item->id);
  }
  return g_steal_pointer (&rewritten);
}

GArray *
hf_project_find_others (HfProject *self, const gint64 *ids,
                        const char *const *sha256, gsize n, GError **error)
{
  g_autoptr (GArray) others = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (sqlite3_stmt) row = hf_project_query (
      self,
      "SELECT 1 FROM image WHERE id = ? AND sha256 IS NOT NULL"
      " AND lower (hex (sha256)) <> ?",
      error, "");

  if (row == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++) {
    if (!hf_project_bind (self, row, error, "is", ids[i], sha256[i]))
      return NULL;
    if (hf_project_next (self, row))
      g_array_append_val (others, ids[i]);
    sqlite3_reset (row);
    if (!hf_project_ended (self, error))
      return NULL;
  }
  return g_steal_pointer (&others);
}
