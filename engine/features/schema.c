/* schema.c: see the header.
 *
 * I1: who makes or replaces the file holds a lock on the file beside it,
 *     PATH.lock, so that no two programs do it at a time.
 * I2: a file is removed only if it is a regular one, and after its log: a log
 *     without its database would be played into the next one. */
#include "features/schema-private.h"

#include "base/lock.h"
#include "features/store.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

/* "HfFc", and the version of the tables below. */
#define APPLICATION_ID 0x48664663
#define VERSION 1

/* How long a writer waits for another one. */
#define BUSY_MS 5000

/* How long for one that makes or replaces the file, which may wait so itself.
 */
#define LOCK_PATIENCE_MS (3 * BUSY_MS)

/* rows: key and sha256 say whose numbers, checksum covers them too. `used` is
 * in seconds since 1970. Sizes are kept by triggers, so that no one sums them
 * up. */
static const char tables[] =
    "CREATE TABLE keys (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE rows (id INTEGER PRIMARY KEY, key INTEGER NOT NULL,"
    " sha256 BLOB NOT NULL, used INTEGER NOT NULL, checksum INTEGER NOT NULL,"
    " value BLOB NOT NULL);"
    "CREATE UNIQUE INDEX rows_by_sha256 ON rows (key, sha256);"
    "CREATE INDEX rows_by_use ON rows (used);"
    "CREATE TABLE files (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE,"
    " stamp BLOB NOT NULL, sha256 BLOB NOT NULL);"
    "CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE totals (row_bytes INTEGER NOT NULL,"
    " n_files INTEGER NOT NULL);"
    "INSERT INTO totals VALUES (0, 0);"
    "CREATE TRIGGER row_added AFTER INSERT ON rows BEGIN"
    " UPDATE totals SET row_bytes = row_bytes + length (new.value); END;"
    "CREATE TRIGGER row_changed AFTER UPDATE OF value ON rows BEGIN"
    " UPDATE totals SET row_bytes = row_bytes + length (new.value)"
    " - length (old.value); END;"
    "CREATE TRIGGER row_removed AFTER DELETE ON rows BEGIN"
    " UPDATE totals SET row_bytes = row_bytes - length (old.value); END;"
    "CREATE TRIGGER file_added AFTER INSERT ON files BEGIN"
    " UPDATE totals SET n_files = n_files + 1; END;"
    "CREATE TRIGGER file_removed AFTER DELETE ON files BEGIN"
    " UPDATE totals SET n_files = n_files - 1; END;";

gboolean
hf_schema_is_damage (int code)
{
  return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

static int
run (HfSqlite *db, const char *sql)
{
  return sqlite3_exec (db, sql, NULL, NULL, NULL);
}

/* A whole number that a statement without parameters gives. */
static int
read_number (HfSqlite *db, const char *sql, gint64 *out)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  int code = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL);

  if (code != SQLITE_OK)
    return code;
  code = sqlite3_step (statement);
  if (code != SQLITE_ROW)
    return code == SQLITE_DONE ? SQLITE_CORRUPT : code;
  *out = sqlite3_column_int64 (statement, 0);
  return SQLITE_OK;
}

static int
make_tables (HfSqlite *db)
{
  g_autofree char *sql = g_strdup_printf (
      "PRAGMA application_id = %d; PRAGMA user_version = %d; BEGIN; %s COMMIT;",
      APPLICATION_ID, VERSION, tables);

  return run (db, sql);
}

/* SQLITE_NOTADB for a database that is not ours. */
static int
check_tables (HfSqlite *db)
{
  gint64 id = 0, version = 0, n_tables = 0, bytes;
  int code = read_number (db, "PRAGMA application_id", &id);

  if (code == SQLITE_OK)
    code = read_number (db, "PRAGMA user_version", &version);
  if (code == SQLITE_OK)
    code = read_number (db, "SELECT count(*) FROM sqlite_master", &n_tables);
  if (code != SQLITE_OK)
    return code;
  if (n_tables == 0 && !sqlite3_db_readonly (db, "main"))
    return make_tables (db);
  if (id != APPLICATION_ID || version != VERSION)
    return SQLITE_NOTADB;
  code = read_number (db, "SELECT row_bytes FROM totals", &bytes);
  /* A table that is missing is SQLite's plain error. */
  return code == SQLITE_ERROR ? SQLITE_CORRUPT : code;
}

/* Opens what is there; *@db is NULL unless the result is SQLITE_OK. */
static int
open_once (const char *name, int flags, HfSqlite **db)
{
  g_autoptr (HfSqlite) opened = NULL;
  int code = sqlite3_open_v2 (name, &opened,
                              flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI |
                                  SQLITE_OPEN_EXRESCODE,
                              NULL);

  if (code != SQLITE_OK)
    return code;
  sqlite3_busy_timeout (opened, BUSY_MS);
  /* Seven rows of a model share a page; of SQLite's own 4096 bytes each took
   * one. Only a new file heeds it. Some file systems know no WAL; the old
   * journal does there. A file that is no database says so here. */
  code = run (opened, "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL");
  if (hf_schema_is_damage (code))
    return code;
  run (opened, "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384;"
               "PRAGMA journal_size_limit = 67108864;"
               "PRAGMA trusted_schema = OFF");
  code = check_tables (opened);
  if (code == SQLITE_OK)
    *db = g_steal_pointer (&opened);
  return code;
}

/* A cache on a disk that cannot be written is read without its lock files. */
static int
open_immutable (const char *path, HfSqlite **db)
{
  g_autofree char *escaped = g_uri_escape_string (path, "/", FALSE);
  g_autofree char *uri = g_strdup_printf ("file:%s?immutable=1", escaped);

  return open_once (uri, SQLITE_OPEN_READONLY, db);
}

static void
remove_files (const char *path)
{
  /* I2 */
  static const char *const suffixes[] = {"-wal", "-shm", "-journal", ""};

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

    g_unlink (name);
  }
}

static guint64
get_inode (const char *path)
{
  struct stat info;

  return stat (path, &info) == 0 && S_ISREG (info.st_mode)
             ? (guint64) info.st_ino
             : 0;
}

/* With the lock held, as far as there is one. */
static int
open_or_replace (const char *path, guint64 damaged_inode, HfSqlite **db)
{
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  int code;

  if (damaged_inode != 0 && get_inode (path) == damaged_inode)
    remove_files (path);
  code = open_once (path, flags, db);
  if (hf_schema_is_damage (code) && get_inode (path) != 0) {
    remove_files (path);
    code = open_once (path, flags, db);
  }
  /* Why it cannot be written says more than why it cannot be read either. */
  if (*db == NULL && get_inode (path) != 0 &&
      open_immutable (path, db) == SQLITE_OK)
    code = SQLITE_OK;
  return code;
}

static void
make_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  /* A failure shows when the file cannot be made. */
  (void) g_mkdir_with_parents (folder, 0700);
}

HfSqlite *
hf_schema_open (const char *path, guint64 damaged_inode, guint64 *inode,
                GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autoptr (GError) local = NULL;
  HfSqlite *db = NULL;
  int lock, code;

  make_folder (absolute);
  /* I1; on a read-only disk nobody makes or replaces a cache. */
  if (!hf_lock_take (absolute, LOCK_PATIENCE_MS, &lock, &local)) {
    g_set_error (error, HF_FEATURE_STORE_ERROR, HF_FEATURE_STORE_ERROR_OPEN,
                 _("The feature cache cannot be opened: %s"), local->message);
    return NULL;
  }
  code = open_or_replace (absolute, damaged_inode, &db);
  *inode = get_inode (absolute);
  hf_lock_give (lock);
  if (db == NULL) {
    g_autofree char *shown = g_filename_display_name (path);

    g_set_error (error, HF_FEATURE_STORE_ERROR, HF_FEATURE_STORE_ERROR_OPEN,
                 _("The feature cache %s cannot be opened: %s. Without it "
                   "every picture is computed anew each time; see that its "
                   "folder can be written and that the disk is not full."),
                    shown, sqlite3_errstr (code));
  }
  return db;
}
