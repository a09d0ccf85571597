/* journal.c: see the header for the invariants. */
#include "app/watch/journal.h"

#include "base/file.h"
#include "base/rng.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define APPLICATION_ID 0x48664a6c /* "HfJl" */
#define VERSION 1
#define N_ATTEMPTS 8
#define LONGEST_WAIT_US 30000

G_DEFINE_QUARK (hf_journal_error_quark, hf_journal_error)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

struct _HfJournal {
  char *path;
  sqlite3 *db;
  gboolean open; /* a transaction is */
};

static const char *
get_advice (int code)
{
  switch (code & 0xff) {
  case SQLITE_FULL:
    return " Make room on the disk.";
  case SQLITE_READONLY:
  case SQLITE_CANTOPEN:
  case SQLITE_IOERR: /* what WAL says where nothing can be written */
    return " Let XDG_STATE_HOME name a folder that can be written.";
  default:
    return "";
  }
}

/* The border to SQLite: its codes become errors here. */
static gboolean
check (HfJournal *self, int code, GError **error)
{
  g_autofree char *shown = NULL;

  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
    return TRUE;
  shown = g_filename_display_name (self->path);
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
    g_set_error (error, HF_JOURNAL_ERROR, HF_JOURNAL_ERROR_BUSY,
                 "The folder is already watched by another handful-cli (its "
                 "journal %s is in use). End that one first.",
                 shown);
  else
    g_set_error (error, HF_JOURNAL_ERROR, HF_JOURNAL_ERROR_WRITE,
                 "The journal %s cannot be used: %s. Nothing is lost: what "
                 "is not in it is judged again.%s",
                 shown,
                 self->db != NULL ? sqlite3_errmsg (self->db)
                                  : "there is no memory",
                 get_advice (code));
  return FALSE;
}

static gboolean
run (HfJournal *self, const char *sql, GError **error)
{
  return check (self, sqlite3_exec (self->db, sql, NULL, NULL, NULL), error);
}

static sqlite3_stmt *
prepare (HfJournal *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL);

  return check (self, code, error) ? statement : NULL;
}

/* Paths are bytes. */
static void
bind_bytes (sqlite3_stmt *statement, int at, const char *bytes)
{
  if (bytes == NULL)
    sqlite3_bind_null (statement, at);
  else
    sqlite3_bind_blob (statement, at, bytes, (int) strlen (bytes),
                       SQLITE_TRANSIENT);
}

static void
bind_file (sqlite3_stmt *statement, const HfJournalFile *file)
{
  bind_bytes (statement, 1, file->path);
  sqlite3_bind_int64 (statement, 2, file->size_bytes);
  sqlite3_bind_int64 (statement, 3, file->changed_ns);
}

static gboolean
begin (HfJournal *self, GError **error)
{
  if (self->open)
    return TRUE;
  self->open = run (self, "BEGIN IMMEDIATE", error);
  return self->open;
}

/* Runs a statement that returns nothing. */
static gboolean
step (HfJournal *self, sqlite3_stmt *statement, GError **error)
{
  return statement != NULL && begin (self, error) &&
         check (self, sqlite3_step (statement), error);
}

static gboolean
read_int (HfJournal *self, const char *sql, gint64 *out, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = prepare (self, sql, error);

  if (statement == NULL || !check (self, sqlite3_step (statement), error))
    return FALSE;
  *out = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

static gboolean
check_version (HfJournal *self, GError **error)
{
  gint64 version = 0;
  g_autofree char *shown = g_filename_display_name (self->path);

  if (!read_int (self, "PRAGMA user_version", &version, error))
    return FALSE;
  if (version <= VERSION)
    return TRUE;
  g_set_error (error, HF_JOURNAL_ERROR, HF_JOURNAL_ERROR_VERSION,
               "The journal %s has version %d, and this program knows up to "
               "%d. Use a newer Handful, or delete it to judge all anew.",
               shown, (int) version, VERSION);
  return FALSE;
}

static gboolean
make_tables (HfJournal *self, GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "CREATE TABLE IF NOT EXISTS verdicts ("
      "  id INTEGER PRIMARY KEY, path BLOB NOT NULL,"
      "  size_bytes INTEGER NOT NULL, changed_ns INTEGER NOT NULL,"
      "  text TEXT, json TEXT, folder TEXT, target BLOB,"
      "  told INTEGER NOT NULL DEFAULT 0, settled INTEGER NOT NULL DEFAULT 0,"
      "  judged_s INTEGER NOT NULL DEFAULT (strftime ('%%s', 'now')),"
      "  UNIQUE (path, size_bytes, changed_ns));"
      "CREATE INDEX IF NOT EXISTS targets ON verdicts (target)"
      "  WHERE target IS NOT NULL;"
      "CREATE INDEX IF NOT EXISTS debts ON verdicts (settled)"
      "  WHERE settled = 0;"
      "PRAGMA application_id = %d; PRAGMA user_version = %d;",
      APPLICATION_ID, VERSION);

  return run (self, sql, error);
}

static HfJournal *
open_once (const char *path, GError **error)
{
  g_autoptr (HfJournal) self = g_new0 (HfJournal, 1);
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

  self->path = g_strdup (path);
  /* I4: an exclusive lock, held from the first transaction on. */
  if (!check (self, sqlite3_open_v2 (path, &self->db, flags, NULL), error) ||
      !run (self,
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
            "PRAGMA synchronous = FULL; BEGIN IMMEDIATE; COMMIT;",
            error) ||
      !check_version (self, error) || !make_tables (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* Of two programs that begin at once each may have what the other one needs, as
 * SQLite comes to the whole lock in steps. Both let go then and try again,
 * after a wait of their own. */
static HfJournal *
open_patiently (const char *path, GError **error)
{
  HfRng rng;

  hf_rng_init (&rng, (guint64) g_get_monotonic_time () ^ (guint64) getpid ());
  for (int i = 1;; i++) {
    g_autoptr (GError) local = NULL;
    HfJournal *self = open_once (path, &local);

    if (self != NULL)
      return self;
    if (i == N_ATTEMPTS ||
        !g_error_matches (local, HF_JOURNAL_ERROR, HF_JOURNAL_ERROR_BUSY)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
    g_usleep (hf_rng_next_below (&rng, LONGEST_WAIT_US));
  }
}

HfJournal *
hf_journal_open (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0700) == 0)
    return open_patiently (path, error);
  g_set_error (error, HF_JOURNAL_ERROR, HF_JOURNAL_ERROR_WRITE,
               "The folder %s for journals cannot be made: %s.%s", folder,
               g_strerror (errno), hf_file_get_advice (errno));
  return NULL;
}

void
hf_journal_close (HfJournal *self)
{
  if (self == NULL)
    return;
  hf_journal_commit (self, NULL);
  sqlite3_close (self->db);
  g_free (self->path);
  g_free (self);
}

gboolean
hf_journal_knows (HfJournal *self, const HfJournalFile *file)
{
  g_autoptr (sqlite3_stmt) statement =
      prepare (self,
               "SELECT 1 FROM verdicts WHERE path = ?1 AND size_bytes = ?2 AND "
               "changed_ns = ?3 UNION ALL SELECT 1 FROM verdicts WHERE target "
               "= ?1 AND size_bytes = ?2 AND changed_ns = ?3",
               NULL);

  if (statement == NULL)
    return FALSE;
  bind_file (statement, file);
  return sqlite3_step (statement) == SQLITE_ROW;
}

gint64
hf_journal_add (HfJournal *self, const HfJournalFile *file, const char *text,
                const char *json, const char *folder, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = prepare (
      self,
      "INSERT INTO verdicts (path, size_bytes, changed_ns, text, json, folder) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
      error);

  if (statement == NULL)
    return -1;
  bind_file (statement, file);
  sqlite3_bind_text (statement, 4, text, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (statement, 5, json, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (statement, 6, folder, -1, SQLITE_TRANSIENT);
  return step (self, statement, error) ? sqlite3_last_insert_rowid (self->db)
                                       : -1;
}

gboolean
hf_journal_add_refused (HfJournal *self, const HfJournalFile *file,
                        GError **error)
{
  g_autoptr (sqlite3_stmt) statement = prepare (
      self,
      "INSERT INTO verdicts (path, size_bytes, changed_ns, told, settled) "
      "VALUES (?1, ?2, ?3, 1, 1)",
      error);

  if (statement != NULL)
    bind_file (statement, file);
  return step (self, statement, error);
}

gboolean
hf_journal_set_target (HfJournal *self, gint64 id, const char *target,
                       GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      prepare (self, "UPDATE verdicts SET target = ?1 WHERE id = ?2", error);

  if (statement == NULL)
    return FALSE;
  bind_bytes (statement, 1, target);
  sqlite3_bind_int64 (statement, 2, id);
  return step (self, statement, error);
}

static gboolean
update (HfJournal *self, const char *sql, gint64 id, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = prepare (self, sql, error);

  if (statement != NULL)
    sqlite3_bind_int64 (statement, 1, id);
  return step (self, statement, error);
}

gboolean
hf_journal_set_told (HfJournal *self, gint64 id, GError **error)
{
  return update (self, "UPDATE verdicts SET told = 1 WHERE id = ?1", id, error);
}

/* The lines are needed no more; what remains is what hf_journal_knows asks. */
gboolean
hf_journal_settle (HfJournal *self, gint64 id, GError **error)
{
  return update (self,
                 "UPDATE verdicts SET settled = 1, text = NULL, json = NULL "
                 "WHERE id = ?1",
                 id, error);
}

gboolean
hf_journal_commit (HfJournal *self, GError **error)
{
  if (!self->open)
    return TRUE;
  self->open = FALSE;
  if (run (self, "COMMIT", error))
    return TRUE;
  run (self, "ROLLBACK", NULL);
  return FALSE;
}

static char *
dup_column (sqlite3_stmt *statement, int at)
{
  const void *bytes = sqlite3_column_blob (statement, at);
  int n = sqlite3_column_bytes (statement, at);

  if (sqlite3_column_type (statement, at) == SQLITE_NULL)
    return NULL;
  return n > 0 ? g_strndup (bytes, (gsize) n) : g_strdup ("");
}

static void
debt_free (gpointer data)
{
  HfJournalDebt *debt = data;

  g_free (debt->path);
  g_free (debt->text);
  g_free (debt->json);
  g_free (debt->folder);
  g_free (debt->target);
  g_free (debt);
}

GPtrArray *
hf_journal_dup_debts (HfJournal *self, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      prepare (self,
               "SELECT id, path, size_bytes, changed_ns, text, json, folder, "
               "target, told FROM verdicts WHERE settled = 0 ORDER BY id",
               error);
  g_autoptr (GPtrArray) debts = g_ptr_array_new_with_free_func (debt_free);
  int code = SQLITE_ROW;

  if (statement == NULL)
    return NULL;
  while ((code = sqlite3_step (statement)) == SQLITE_ROW) {
    HfJournalDebt *debt = g_new0 (HfJournalDebt, 1);

    debt->id = sqlite3_column_int64 (statement, 0);
    debt->path = dup_column (statement, 1);
    debt->size_bytes = sqlite3_column_int64 (statement, 2);
    debt->changed_ns = sqlite3_column_int64 (statement, 3);
    debt->text = dup_column (statement, 4);
    debt->json = dup_column (statement, 5);
    debt->folder = dup_column (statement, 6);
    debt->target = dup_column (statement, 7);
    debt->told = sqlite3_column_int (statement, 8) != 0;
    g_ptr_array_add (debts, debt);
  }
  return check (self, code, error) ? g_steal_pointer (&debts) : NULL;
}

static gboolean
is_gone (const char *folder, const char *path)
{
  g_autofree char *full =
      path != NULL ? g_build_filename (folder, path, NULL) : NULL;

  return full == NULL || !g_file_test (full, G_FILE_TEST_EXISTS);
}

gboolean
hf_journal_prune (HfJournal *self, const char *folder, gint64 before,
                  GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      prepare (self,
               "SELECT id, path, target FROM verdicts WHERE settled = 1 AND "
               "judged_s < ?1",
               error);
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, before);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW) {
    gint64 id = sqlite3_column_int64 (statement, 0);
    g_autofree char *path = dup_column (statement, 1);
    g_autofree char *target = dup_column (statement, 2);

    if (is_gone (folder, path) && is_gone (folder, target))
      g_array_append_val (gone, id);
  }
  if (!check (self, code, error))
    return FALSE;
  for (guint i = 0; i < gone->len; i++)
    if (!update (self, "DELETE FROM verdicts WHERE id = ?1",
                 g_array_index (gone, gint64, i), error))
      return FALSE;
  return hf_journal_commit (self, error);
}
