/* store.c: see the header. Keys, sizes and the order of use are kept in SQLite
 * (schema.c); this file asks and remembers.
 *
 * I1: a row is handed out only if its checksum, which covers key and picture,
 *     is right.
 * I2: reading writes nothing. That a row was used is noted if the last note of
 *     it is an hour old, many at a time.
 * I3: what was put is in one transaction, so a killed program leaves all of it
 *     or nothing.
 * I4: a failure to remember is no failure of the work: it is dropped. */
#include "features/store.h"

#include "features/schema-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_QUARK (hf - feature - store - error - quark, hf_feature_store_error)

enum {
  SHA_BYTES = 32,
  N_PENDING = 256,     /* notes of use or of files that wait for a write */
  USE_SECONDS = 3600,  /* how exactly the order of use is known */
  MAX_FILES = 500000,  /* remembered paths; over it the oldest go, */
  N_FILES_OUT = 10000, /* so many at a time */
};

/* A path whose hash is to be remembered. */
typedef struct {
  char *path;
  HfFileStamp stamp;
  guint8 sha256[SHA_BYTES];
} KnownFile;

struct _HfFeatureStore {
  char *path;
  guint64 max_bytes;

  GMutex lock; /* guards everything below */
  HfSqlite *db;
  guint64 inode;
  sqlite3_stmt *find_key, *find_row, *add_row, *touch_row, *find_file,
      *add_file;
  GArray *used;     /* gint64 ids of rows whose use is to be noted */
  GPtrArray *files; /* KnownFile * */
  int fault;        /* of SQLite, why the last write failed, or 0 */
};

static void
known_file_free (gpointer data)
{
  KnownFile *self = data;

  g_free (self->path);
  g_free (self);
}

/* 64 bits that change with any bit of @data: multiply and mix, eight bytes at a
 * time. Against accidents, not against malice. */
static guint64
mix (guint64 sum, const void *data, gsize size)
{
  const guint64 odd = G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  const guint8 *at = data;

  for (gsize i = 0; i < size; i += sizeof (guint64)) {
    guint64 word = 0;

    memcpy (&word, at + i, MIN (sizeof word, size - i));
    sum = (sum ^ word) * odd;
    sum ^= sum >> 29;
  }
  return (sum ^ size) * odd;
}

static gint64
get_checksum (const char *key, const guint8 *sha256, const void *value,
              gsize size)
{
  guint64 sum = mix (mix (1, key, strlen (key)), sha256, SHA_BYTES);

  return (gint64) mix (sum, value, size);
}

static gboolean
read_hex (const char *hex, guint8 *out)
{
  if (hex == NULL || strlen (hex) != 2 * SHA_BYTES)
    return FALSE;
  for (int i = 0; i < SHA_BYTES; i++) {
    int high = g_ascii_xdigit_value (hex[2 * i]);
    int low = g_ascii_xdigit_value (hex[2 * i + 1]);

    if (high < 0 || low < 0)
      return FALSE;
    out[i] = (guint8) (high << 4 | low);
  }
  return TRUE;
}

static char *
dup_hex (const guint8 *sha256)
{
  GString *text = g_string_sized_new (2 * SHA_BYTES);

  for (int i = 0; i < SHA_BYTES; i++)
    g_string_append_printf (text, "%02x", sha256[i]);
  return g_string_free (text, FALSE);
}

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
close_database (HfFeatureStore *self)
{
  g_clear_pointer (&self->find_key, sqlite3_finalize);
  g_clear_pointer (&self->find_row, sqlite3_finalize);
  g_clear_pointer (&self->add_row, sqlite3_finalize);
  g_clear_pointer (&self->touch_row, sqlite3_finalize);
  g_clear_pointer (&self->find_file, sqlite3_finalize);
  g_clear_pointer (&self->add_file, sqlite3_finalize);
  g_clear_pointer (&self->db, sqlite3_close_v2);
  /* Ids mean nothing in another file. */
  g_array_set_size (self->used, 0);
}

static gboolean
open_database (HfFeatureStore *self, guint64 damaged_inode, GError **error)
{
  const struct {
    sqlite3_stmt **statement;
    const char *sql;
  } all[] = {
      {&self->find_key, "SELECT id FROM keys WHERE name = ?1"},
      {&self->find_row, "SELECT id, used, checksum, value FROM rows"
                        " WHERE key = ?1 AND sha256 = ?2"},
      {&self->add_row,
       "INSERT INTO rows (key, sha256, used, checksum, value) VALUES"
       " ((SELECT id FROM keys WHERE name = ?1), ?2, ?3, ?4, ?5)"
       " ON CONFLICT (key, sha256) DO UPDATE SET used = excluded.used,"
       " checksum = excluded.checksum, value = excluded.value"},
      {&self->touch_row, "UPDATE rows SET used = ?1 WHERE id = ?2"},
      {&self->find_file, "SELECT sha256 FROM files WHERE path = ?1"
                         " AND stamp = ?2"},
      {&self->add_file,
       "INSERT INTO files (path, stamp, sha256) VALUES (?1, ?2, ?3)"
       " ON CONFLICT (path) DO UPDATE SET stamp = excluded.stamp,"
       " sha256 = excluded.sha256"},
  };

  self->db = hf_schema_open (self->path, damaged_inode, &self->inode, error);
  for (gsize i = 0; self->db != NULL && i < G_N_ELEMENTS (all); i++)
    sqlite3_prepare_v3 (self->db, all[i].sql, -1, SQLITE_PREPARE_PERSISTENT,
                        all[i].statement, NULL);
  return self->db != NULL;
}

/* Replaces a file that a call has found damaged. Without a new one the store
 * goes on with nothing in it. */
static void
check_damage (HfFeatureStore *self)
{
  guint64 inode = self->inode;

  if (self->db == NULL || !hf_schema_is_damage (sqlite3_errcode (self->db)))
    return;
  close_database (self);
  open_database (self, inode, NULL);
}

HfFeatureStore *
hf_feature_store_open (const char *path, guint64 max_bytes, GError **error)
{
  g_autoptr (HfFeatureStore) self = g_new0 (HfFeatureStore, 1);

  g_return_val_if_fail (path != NULL, NULL);

  g_mutex_init (&self->lock);
  self->path = g_strdup (path);
  self->max_bytes = max_bytes;
  self->used = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->files = g_ptr_array_new_with_free_func (known_file_free);
  if (!open_database (self, 0, error))
    return NULL;
  return g_steal_pointer (&self);
}

static int
run (HfFeatureStore *self, const char *sql)
{
  return self->db == NULL ? SQLITE_MISUSE
                          : sqlite3_exec (self->db, sql, NULL, NULL, NULL);
}

/* Another program that writes for long is no lasting state. */
static void
note_fault (HfFeatureStore *self)
{
  int code = self->db != NULL ? sqlite3_errcode (self->db) & 0xff : SQLITE_OK;

  if (code == SQLITE_FULL || code == SQLITE_READONLY || code == SQLITE_IOERR ||
      code == SQLITE_CANTOPEN)
    self->fault = code;
}

static gboolean
begin (HfFeatureStore *self)
{
  if (run (self, "BEGIN IMMEDIATE") == SQLITE_OK)
    return TRUE;
  note_fault (self);
  return FALSE;
}

/* Ends a transaction: what it holds is remembered whole, or not at all. */
static void
end (HfFeatureStore *self, gboolean ok)
{
  if (ok && run (self, "COMMIT") == SQLITE_OK)
    return;
  note_fault (self);
  /* The rollback must not hide what went wrong. */
  if (hf_schema_is_damage (sqlite3_errcode (self->db))) {
    check_damage (self);
    return;
  }
  run (self, "ROLLBACK");
}

static gboolean
step (sqlite3_stmt *statement)
{
  int code = sqlite3_step (statement);

  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return code == SQLITE_DONE;
}

static gint64
read_total (HfFeatureStore *self, const char *sql)
{
  g_autoptr (sqlite3_stmt) statement = NULL;

  if (self->db == NULL ||
      sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) != SQLITE_OK ||
      sqlite3_step (statement) != SQLITE_ROW)
    return 0;
  return sqlite3_column_int64 (statement, 0);
}

static gboolean
write_file (HfFeatureStore *self, const KnownFile *file)
{
  sqlite3_bind_blob (self->add_file, 1, file->path, (int) strlen (file->path),
                     SQLITE_STATIC);
  sqlite3_bind_blob (self->add_file, 2, &file->stamp, sizeof file->stamp,
                     SQLITE_STATIC);
  sqlite3_bind_blob (self->add_file, 3, file->sha256, SHA_BYTES, SQLITE_STATIC);
  return step (self->add_file);
}

static gboolean
touch (HfFeatureStore *self, gint64 id)
{
  sqlite3_bind_int64 (self->touch_row, 1, get_now ());
  sqlite3_bind_int64 (self->touch_row, 2, id);
  return step (self->touch_row);
}

/* Within a transaction: what was only noted in memory. */
static gboolean
write_pending (HfFeatureStore *self)
{
  gboolean ok = TRUE;

  for (guint i = 0; ok && i < self->files->len; i++)
    ok = write_file (self, self->files->pdata[i]);
  for (guint i = 0; ok && i < self->used->len; i++)
    ok = touch (self, g_array_index (self->used, gint64, i));
  if (ok && read_total (self, "SELECT n_files FROM totals") > MAX_FILES) {
    g_autofree char *sql = g_strdup_printf (
        "DELETE FROM files WHERE id IN (SELECT id FROM files ORDER BY id"
        " LIMIT %d)",
        N_FILES_OUT);

    ok = run (self, sql) == SQLITE_OK;
  }
  return ok;
}

static void
flush_pending (HfFeatureStore *self)
{
  if (self->files->len == 0 && self->used->len == 0)
    return;
  if (begin (self))
    end (self, write_pending (self));
  /* I4 */
  g_ptr_array_set_size (self->files, 0);
  g_array_set_size (self->used, 0);
}

void
hf_feature_store_close (HfFeatureStore *self)
{
  if (self == NULL)
    return;
  if (self->db != NULL)
    flush_pending (self);
  close_database (self);
  g_array_unref (self->used);
  g_ptr_array_unref (self->files);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self);
}

/* FALSE if no row has this key. */
static gboolean
find_key (HfFeatureStore *self, const char *key, gint64 *id)
{
  gboolean found;

  sqlite3_bind_text (self->find_key, 1, key, -1, SQLITE_STATIC);
  found = sqlite3_step (self->find_key) == SQLITE_ROW;
  if (found)
    *id = sqlite3_column_int64 (self->find_key, 0);
  sqlite3_reset (self->find_key);
  return found;
}

static GBytes *
find_row (HfFeatureStore *self, const char *key, gint64 key_id,
          const guint8 *sha256)
{
  sqlite3_stmt *statement = self->find_row;
  GBytes *found = NULL;

  sqlite3_bind_int64 (statement, 1, key_id);
  sqlite3_bind_blob (statement, 2, sha256, SHA_BYTES, SQLITE_STATIC);
  if (sqlite3_step (statement) == SQLITE_ROW) {
    gint64 id = sqlite3_column_int64 (statement, 0);
    const void *value = sqlite3_column_blob (statement, 3);
    gsize size = (gsize) sqlite3_column_bytes (statement, 3);

    /* I1 */
    if (value != NULL && get_checksum (key, sha256, value, size) ==
                             sqlite3_column_int64 (statement, 2))
      found = g_bytes_new (value, size);
    /* I2 */
    if (found != NULL &&
        get_now () - sqlite3_column_int64 (statement, 1) > USE_SECONDS)
      g_array_append_val (self->used, id);
  }
  sqlite3_reset (statement);
  return found;
}

void
hf_feature_store_get (HfFeatureStore *self, const char *key,
                      const char *const *sha256, gsize n, GBytes **found)
{
  gint64 key_id;

  if (n == 0)
    return;
  memset (found, 0, n * sizeof *found);
  g_mutex_lock (&self->lock);
  /* One transaction takes the lock of the file once. */
  if (run (self, "BEGIN") == SQLITE_OK) {
    gboolean is_known = find_key (self, key, &key_id);

    for (gsize i = 0; is_known && i < n; i++) {
      guint8 binary[SHA_BYTES];

      if (read_hex (sha256[i], binary))
        found[i] = find_row (self, key, key_id, binary);
      if (hf_schema_is_damage (sqlite3_errcode (self->db)))
        break;
    }
    end (self, TRUE);
  }
  check_damage (self);
  if (self->used->len >= N_PENDING)
    flush_pending (self);
  g_mutex_unlock (&self->lock);
}

static gboolean
add_key (HfFeatureStore *self, const char *key)
{
  g_autoptr (sqlite3_stmt) statement = NULL;

  if (sqlite3_prepare_v2 (self->db,
                          "INSERT OR IGNORE INTO keys (name) VALUES (?1)", -1,
                          &statement, NULL) != SQLITE_OK)
    return FALSE;
  sqlite3_bind_text (statement, 1, key, -1, SQLITE_STATIC);
  return step (statement);
}

static gboolean
add_row (HfFeatureStore *self, const char *key, const char *sha256,
         const void *value, gsize size)
{
  guint8 binary[SHA_BYTES];

  if (!read_hex (sha256, binary))
    return TRUE;
  sqlite3_bind_text (self->add_row, 1, key, -1, SQLITE_STATIC);
  sqlite3_bind_blob (self->add_row, 2, binary, SHA_BYTES, SQLITE_STATIC);
  sqlite3_bind_int64 (self->add_row, 3, get_now ());
  sqlite3_bind_int64 (self->add_row, 4,
                      get_checksum (key, binary, value, size));
  sqlite3_bind_blob64 (self->add_row, 5, value, size, SQLITE_STATIC);
  return step (self->add_row);
}

/* Ids of the rows used longest ago that hold at least @bytes together. */
static GArray *
find_oldest (HfFeatureStore *self, gint64 bytes)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (sqlite3_stmt) statement = NULL;

  sqlite3_prepare_v2 (self->db,
                      "SELECT id, length (value) FROM rows ORDER BY used, id",
                      -1, &statement, NULL);
  while (bytes > 0 && sqlite3_step (statement) == SQLITE_ROW) {
    gint64 id = sqlite3_column_int64 (statement, 0);

    g_array_append_val (ids, id);
    bytes -= sqlite3_column_int64 (statement, 1);
  }
  return ids;
}

/* Down to nine tenths, so that not every put has to. */
static gboolean
evict (HfFeatureStore *self)
{
  gint64 total = read_total (self, "SELECT row_bytes FROM totals");
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autoptr (GArray) ids = NULL;
  gboolean ok = TRUE;

  if (total <= 0 || (guint64) total <= self->max_bytes)
    return TRUE;
  ids = find_oldest (self, total - (gint64) (self->max_bytes / 10 * 9));
  if (sqlite3_prepare_v2 (self->db, "DELETE FROM rows WHERE id = ?1", -1,
                          &statement, NULL) != SQLITE_OK)
    return FALSE;
  for (guint i = 0; ok && i < ids->len; i++) {
    sqlite3_bind_int64 (statement, 1, g_array_index (ids, gint64, i));
    ok = step (statement);
  }
  return ok;
}

void
hf_feature_store_put (HfFeatureStore *self, const char *key,
                      const char *const *sha256, gsize n, const void *rows,
                      gsize row_bytes)
{
  const guint8 *at = rows;

  g_mutex_lock (&self->lock);
  /* I3 */
  self->fault = n > 0 ? 0 : self->fault;
  if (n > 0 && begin (self)) {
    gboolean ok = add_key (self, key);

    for (gsize i = 0; ok && i < n; i++)
      ok = add_row (self, key, sha256[i], at + i * row_bytes, row_bytes);
    end (self, ok && evict (self));
  }
  check_damage (self);
  flush_pending (self);
  g_mutex_unlock (&self->lock);
}

char *
hf_feature_store_dup_fault (HfFeatureStore *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char *shown = g_filename_display_name (self->path);

  if (self->fault == 0)
    return NULL;
  return g_strdup_printf (
      _("The feature cache %s takes nothing new: %s. What is computed now is "
        "computed anew the next time; see that its folder can be written and "
        "that the disk is not full."),
         shown, sqlite3_errstr (self->fault));
}

void
hf_feature_store_set_limit (HfFeatureStore *self, guint64 max_bytes)
{
  g_mutex_lock (&self->lock);
  self->max_bytes = max_bytes;
  if (begin (self))
    end (self, evict (self));
  if (max_bytes == 0)
    run (self, "VACUUM");
  check_damage (self);
  g_mutex_unlock (&self->lock);
}

/* Files that wait to be written down are not looked for: they are few, and
 * hashing one again does no harm. */
static char *
find_file (HfFeatureStore *self, const char *path, const HfFileStamp *stamp)
{
  sqlite3_stmt *statement = self->find_file;
  char *found = NULL;

  sqlite3_bind_blob (statement, 1, path, (int) strlen (path), SQLITE_STATIC);
  sqlite3_bind_blob (statement, 2, stamp, sizeof *stamp, SQLITE_STATIC);
  if (sqlite3_step (statement) == SQLITE_ROW &&
      sqlite3_column_bytes (statement, 0) == SHA_BYTES)
    found = dup_hex (sqlite3_column_blob (statement, 0));
  sqlite3_reset (statement);
  return found;
}

char *
hf_feature_store_dup_known_sha256 (HfFeatureStore *self, const char *path)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  HfFileStamp stamp;
  char *found = NULL;

  if (!hf_file_stamp_read (path, &stamp))
    return NULL;
  g_mutex_lock (&self->lock);
  if (self->db != NULL)
    found = find_file (self, absolute, &stamp);
  check_damage (self);
  g_mutex_unlock (&self->lock);
  return found;
}

/* Not for a file that changed while it was read. */
static gboolean
is_settled (const char *path, const HfFileStamp *before)
{
  HfFileStamp now;

  return hf_file_stamp_read (path, &now) &&
         hf_file_stamp_is_equal (&now, before) &&
         hf_file_time_is_settled (MAX (now.modified_ns, now.changed_ns));
}

void
hf_feature_store_remember_sha256 (HfFeatureStore *self, const char *path,
                                  const HfFileStamp *before, const char *sha256)
{
  KnownFile file = {.stamp = *before};

  if (!read_hex (sha256, file.sha256) || !is_settled (path, before))
    return;
  file.path = g_canonicalize_filename (path, NULL);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->files, g_memdup2 (&file, sizeof file));
  if (self->files->len >= N_PENDING)
    flush_pending (self);
  g_mutex_unlock (&self->lock);
}

char *
hf_feature_store_dup_sha256 (HfFeatureStore *self, const char *path,
                             GError **error)
{
  char *sha256 = hf_feature_store_dup_known_sha256 (self, path);
  HfFileStamp before;
  gboolean is_file;

  if (sha256 != NULL)
    return sha256;
  is_file = hf_file_stamp_read (path, &before);
  sha256 = hf_file_dup_sha256 (path, error);
  if (sha256 != NULL && is_file)
    hf_feature_store_remember_sha256 (self, path, &before, sha256);
  return sha256;
}

char *
hf_feature_store_dup_note (HfFeatureStore *self, const char *name)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  char *value = NULL;

  g_mutex_lock (&self->lock);
  if (self->db != NULL &&
      sqlite3_prepare_v2 (self->db, "SELECT value FROM notes WHERE name = ?1",
                          -1, &statement, NULL) == SQLITE_OK) {
    sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
    if (sqlite3_step (statement) == SQLITE_ROW)
      value = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  }
  g_clear_pointer (&statement, sqlite3_finalize);
  check_damage (self);
  g_mutex_unlock (&self->lock);
  return value;
}

void
hf_feature_store_set_note (HfFeatureStore *self, const char *name,
                           const char *value)
{
  g_autoptr (sqlite3_stmt) statement = NULL;

  g_mutex_lock (&self->lock);
  if (self->db != NULL &&
      sqlite3_prepare_v2 (self->db,
                          "INSERT OR REPLACE INTO notes VALUES"
                          " (?1, ?2)",
                          -1, &statement, NULL) == SQLITE_OK) {
    sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_text (statement, 2, value, -1, SQLITE_STATIC);
    step (statement);
  }
  g_clear_pointer (&statement, sqlite3_finalize);
  check_damage (self);
  g_mutex_unlock (&self->lock);
}

guint64
hf_feature_store_get_size (HfFeatureStore *self)
{
  gint64 bytes;

  g_mutex_lock (&self->lock);
  bytes = read_total (self, "SELECT row_bytes FROM totals");
  g_mutex_unlock (&self->lock);
  return (guint64) MAX (bytes, 0);
}
