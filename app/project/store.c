/* store.c: statements and transactions of a project, and the border to SQLite.
 *
 * A rollback journal (DELETE), not WAL: a project is one file whenever nobody
 * writes to it, can be copied and mailed as it is, and works on network
 * folders, where WAL's shared memory does not. With synchronous = EXTRA a
 * commit has reached the disk, and so has the removal of its journal, which
 * would undo it after a power failure. */
#include "app/project/project-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum {
  BUSY_MS = 10000,
  SHORT_WAIT_US = 500,
  LONG_WAIT_US = 3000,
  N_SHORT_WAITS = 1000,
  GAP_US = LONG_WAIT_US + LONG_WAIT_US / 3,
  LONGEST_VALUE_BYTES = 1 << 20
};

G_DEFINE_QUARK (hf_project_error_quark, hf_project_error)

/* Why no file can be made beside the project, as errno; 0 where one can, or
 * where the project cannot even be read. */
static int
try_folder (const HfProject *self)
{
  int fd, code;

  if (g_access (self->path, R_OK) != 0)
    return 0;
  fd = open (self->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  code = fd < 0 ? errno : 0;
  if (fd >= 0)
    close (fd);
  return code;
}

/* Where SQLite only says that it failed, the system knows why: a journal that
 * cannot be made on a full disk is "unable to open database file", and what
 * SQLite tried next has covered up the reason. */
static int
look_behind (const HfProject *self, int rc)
{
  int kind = rc & 0xff, code = 0;

  if (self->db != NULL && kind == SQLITE_IOERR)
    code = sqlite3_system_errno (self->db);
  else if (self->db != NULL && kind == SQLITE_CANTOPEN)
    code = try_folder (self);
  switch (code) {
  case ENOSPC:
  case EDQUOT:
    return SQLITE_FULL;
  case EROFS:
  case EACCES:
    return SQLITE_READONLY;
  default:
    return rc;
  }
}

static int
code_of (int rc)
{
  if (rc == SQLITE_READONLY_DBMOVED)
    return HF_PROJECT_ERROR_STORE;
  switch (rc & 0xff) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return HF_PROJECT_ERROR_BUSY;
  case SQLITE_NOTADB:
    return HF_PROJECT_ERROR_FORMAT;
  case SQLITE_FULL:
  case SQLITE_IOERR:
  case SQLITE_CANTOPEN:
  case SQLITE_PERM:
  case SQLITE_AUTH:
  case SQLITE_NOMEM:
    return HF_PROJECT_ERROR_STORE;
  case SQLITE_READONLY:
    return HF_PROJECT_ERROR_READ_ONLY;
  case SQLITE_TOOBIG:
    return HF_PROJECT_ERROR_NAME;
  default:
    return HF_PROJECT_ERROR_DAMAGED;
  }
}

/* What to do about it. */
static const char *
advice_of (int rc)
{
  switch (rc & 0xff) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return _("another program has been writing to it for too long; try again");
  case SQLITE_FULL:
    return _("the disk is full; nothing was changed. Make room and try again");
  case SQLITE_IOERR:
    return _("the disk failed; nothing was changed. See that it is there, and "
             "try again");
  case SQLITE_READONLY:
    if (rc == SQLITE_READONLY_DBMOVED)
      return _("its file was moved, replaced or removed while it was open; "
               "nothing was changed. Put it back, or close the project and "
               "open it where it is now");
    return rc == SQLITE_READONLY_ROLLBACK || rc == SQLITE_READONLY_RECOVERY
        ? _("a program ended while it wrote to it, and to take back the half "
            "of it the project must be written. Copy it, with the file beside "
            "it that ends in -journal, to a folder that can be written")
        : _("it, or its folder, can only be read; nothing was changed. Copy it "
            "to a folder that can be written");
  case SQLITE_TOOBIG:
    return _("a name or text is longer than 1 MiB");
  case SQLITE_NOTADB:
    return _("it is no project, or its beginning is damaged; in that case "
             "`handful-cli project recover` writes what can be read into a new "
             "file");
  default:
    return NULL;
  }
}

gboolean
hf_project_fail (const HfProject *self, int sqlite_code, GError **error)
{
  int rc = look_behind (self, sqlite_code);
  const char *advice = advice_of (rc);
  int code = code_of (rc);
  g_autofree char *fact = NULL;

  if (advice == NULL && code == HF_PROJECT_ERROR_DAMAGED)
    fact = g_strdup_printf (
        _("it is damaged (%s). `handful-cli project recover` writes what can "
          "be read into a new file"),
           self->db != NULL ? sqlite3_errmsg (self->db) : sqlite3_errstr (rc));
  else if (advice == NULL)
    fact = g_strdup_printf (_("%s; nothing was changed"),
                               self->db != NULL ? sqlite3_errmsg (self->db)
                                                : sqlite3_errstr (rc));
  g_set_error (error, HF_PROJECT_ERROR, code,
               _("The project %s cannot be used: %s."), self->path,
                  advice != NULL ? advice : fact);
  return FALSE;
}

/* Waits for another connection. SQLite's own way waits up to 100 ms at a time,
 * and so never meets the moment between two labels of somebody who sets one
 * after the other; the disk takes longer for each than we wait here. */
static int
wait_cb (void *data, int n_before)
{
  HfProject *self = data;
  gint64 now_us = g_get_monotonic_time ();

  if (n_before == 0)
    self->busy_since_us = now_us;
  if (now_us - self->busy_since_us >= BUSY_MS * 1000)
    return 0;
  g_usleep (n_before < N_SHORT_WAITS ? SHORT_WAIT_US : LONG_WAIT_US);
  return 1;
}

static gboolean
set_up (HfProject *self, GError **error)
{
  static const char pragmas[] = "PRAGMA foreign_keys = ON;"
                                "PRAGMA synchronous = EXTRA;"
                                "PRAGMA trusted_schema = OFF;"
                                "PRAGMA cell_size_check = ON;"
                                "PRAGMA secure_delete = ON;"
                                "PRAGMA temp_store = MEMORY;"
                                "PRAGMA recursive_triggers = ON;";
  int rc;

  sqlite3_extended_result_codes (self->db, 1);
  sqlite3_limit (self->db, SQLITE_LIMIT_LENGTH, LONGEST_VALUE_BYTES);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_busy_handler (self->db, wait_cb, self);
  rc = sqlite3_exec (self->db, pragmas, NULL, NULL, NULL);
  return rc == SQLITE_OK || hf_project_fail (self, rc, error);
}

HfProject *
hf_project_connect (const char *path, int flags, GError **error)
{
  g_autoptr (HfProject) self = g_new0 (HfProject, 1);
  int rc;

  self->path = g_canonicalize_filename (path, NULL);
  self->folder = g_path_get_dirname (self->path);
  self->own = g_array_new (FALSE, FALSE, sizeof (gint64));
  rc = sqlite3_open_v2 (self->path, &self->db, flags | SQLITE_OPEN_NOMUTEX,
                        NULL);
  if (rc != SQLITE_OK) {
    hf_project_fail (self, rc, error);
    return NULL;
  }
  if (!set_up (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
hf_project_swap_connections (HfProject *self, HfProject *other)
{
  sqlite3 *db = self->db;

  self->db = other->db;
  other->db = db;
  /* A connection that waits writes that down in its project, and the one that
   * it was opened for may be freed first. */
  sqlite3_busy_handler (self->db, wait_cb, self);
  sqlite3_busy_handler (other->db, wait_cb, other);
}

void
hf_project_close (HfProject *self)
{
  if (self == NULL)
    return;
  sqlite3_close (self->db);
  g_clear_pointer (&self->own, g_array_unref);
  g_free (self->path);
  g_free (self->folder);
  g_free (self);
}

static int
bind_list (sqlite3_stmt *statement, const char *types, va_list arguments)
{
  int rc = SQLITE_OK;

  for (int i = 1; *types != '\0' && rc == SQLITE_OK; types++, i++) {
    gint64 number = strchr ("ir", *types) ? va_arg (arguments, gint64) : 0;
    const char *bytes =
        strchr ("sbz", *types) ? va_arg (arguments, const char *) : NULL;
    int n = *types == 'z' ? va_arg (arguments, int) : -1;

    if (*types == 'i' || (*types == 'r' && number != 0))
      rc = sqlite3_bind_int64 (statement, i, number);
    else if (bytes == NULL)
      rc = sqlite3_bind_null (statement, i);
    else if (*types == 's')
      rc = sqlite3_bind_text (statement, i, bytes, -1, SQLITE_TRANSIENT);
    else
      rc = sqlite3_bind_blob64 (statement, i, bytes,
                                n >= 0 ? (sqlite3_uint64) n : strlen (bytes),
                                SQLITE_TRANSIENT);
  }
  return rc;
}

gboolean
hf_project_bind (HfProject *self, sqlite3_stmt *statement, GError **error,
                 const char *types, ...)
{
  va_list arguments;
  int rc;

  sqlite3_reset (statement);
  va_start (arguments, types);
  rc = bind_list (statement, types, arguments);
  va_end (arguments);
  return rc == SQLITE_OK || hf_project_fail (self, rc, error);
}

static sqlite3_stmt *
query (HfProject *self, const char *sql, GError **error, const char *types,
       va_list arguments)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  int rc = sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL);

  if (rc == SQLITE_OK)
    rc = bind_list (statement, types, arguments);
  if (rc != SQLITE_OK) {
    hf_project_fail (self, rc, error);
    return NULL;
  }
  return g_steal_pointer (&statement);
}

sqlite3_stmt *
hf_project_query (HfProject *self, const char *sql, GError **error,
                  const char *types, ...)
{
  sqlite3_stmt *statement;
  va_list arguments;

  va_start (arguments, types);
  statement = query (self, sql, error, types, arguments);
  va_end (arguments);
  return statement;
}

gboolean
hf_project_next (HfProject *self, sqlite3_stmt *statement)
{
  self->last_step = sqlite3_step (statement);
  return self->last_step == SQLITE_ROW;
}

gboolean
hf_project_ended (const HfProject *self, GError **error)
{
  return self->last_step == SQLITE_DONE || self->last_step == SQLITE_ROW ||
         hf_project_fail (self, self->last_step, error);
}

gboolean
hf_project_finish (HfProject *self, sqlite3_stmt *statement, GError **error)
{
  int rc = sqlite3_step (statement);

  return rc == SQLITE_DONE || rc == SQLITE_ROW ||
         hf_project_fail (self, rc, error);
}

gboolean
hf_project_run (HfProject *self, const char *sql, GError **error,
                const char *types, ...)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  va_list arguments;

  va_start (arguments, types);
  statement = query (self, sql, error, types, arguments);
  va_end (arguments);
  return statement != NULL && hf_project_finish (self, statement, error);
}

gboolean
hf_project_get_number (HfProject *self, const char *sql, gint64 fallback,
                       gint64 *out, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = hf_project_query (self, sql, error, "");
  int rc;

  if (statement == NULL)
    return FALSE;
  rc = sqlite3_step (statement);
  if (rc != SQLITE_ROW && rc != SQLITE_DONE)
    return hf_project_fail (self, rc, error);
  *out = rc == SQLITE_ROW && sqlite3_column_type (statement, 0) != SQLITE_NULL
             ? sqlite3_column_int64 (statement, 0)
             : fallback;
  return TRUE;
}

char *
hf_column_dup (sqlite3_stmt *statement, int column)
{
  const char *bytes;

  if (sqlite3_column_type (statement, column) == SQLITE_NULL)
    return NULL;
  bytes = sqlite3_column_blob (statement, column);
  /* Zero bytes come as a NULL pointer. */
  return g_strndup (bytes != NULL ? bytes : "",
                    (gsize) sqlite3_column_bytes (statement, column));
}

/* Where the disk takes longer for a transaction than others wait between two
 * looks, one behind the other would keep them out: they are given the time for
 * a look. */
static void
leave_gap (const HfProject *self)
{
  const gint64 since_us = g_get_monotonic_time () - self->ended_us;

  if (self->ended_us - self->begun_us > GAP_US && since_us < GAP_US)
    g_usleep ((gulong) (GAP_US - since_us));
}

HfTransaction *
hf_project_begin (HfProject *self, GError **error)
{
  int rc;

  leave_gap (self);
  rc = sqlite3_exec (self->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
  if (rc != SQLITE_OK) {
    hf_project_fail (self, rc, error);
    return NULL;
  }
  self->begun_us = g_get_monotonic_time ();
  self->new_step = 0;
  return self;
}

void
hf_project_roll_back (HfTransaction *self)
{
  /* Some failures have ended it already. */
  if (self != NULL && !sqlite3_get_autocommit (self->db))
    sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
}

gboolean
hf_project_commit (HfTransaction *self, GError **error)
{
  int rc = sqlite3_exec (self->db, "COMMIT", NULL, NULL, NULL);

  self->ended_us = g_get_monotonic_time ();
  if (rc == SQLITE_OK) {
    if (self->new_step != 0)
      g_array_append_val (self->own, self->new_step);
    return TRUE;
  }
  hf_project_fail (self, rc, error);
  hf_project_roll_back (self);
  return FALSE;
}

gint64
hf_row_sum (const char *text, gsize size_bytes)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize n = sizeof digest;
  guint64 sum = 0;

  g_checksum_update (checksum, (const guchar *) text, (gssize) size_bytes);
  g_checksum_get_digest (checksum, digest, &n);
  for (int i = 0; i < 8; i++)
    sum = sum << 8 | digest[i];
  return (gint64) (sum >> 1);
}

gint64
hf_project_now (void)
{
  return g_get_real_time ();
}
