/* project.c: how a project is made and opened. */
#include "app/project/project-private.h"
#include "app/project/schema.h"
#include "base/file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
run_schema (HfProject *self, GError **error)
{
  g_autofree char *pragmas = g_strdup_printf (
      "PRAGMA page_size = %d; PRAGMA application_id = %d;"
      "PRAGMA user_version = %d;",
      HF_SCHEMA_PAGE_BYTES, HF_SCHEMA_APPLICATION_ID, HF_SCHEMA_FORMAT);
  g_autoptr (HfTransaction) transaction = NULL;
  int rc = sqlite3_exec (self->db, pragmas, NULL, NULL, NULL);

  if (rc != SQLITE_OK)
    return hf_project_fail (self, rc, error);
  transaction = hf_project_begin (self, error);
  if (transaction == NULL)
    return FALSE;
  for (const char *const *sql = hf_schema_statements; *sql != NULL; sql++)
    if (!hf_project_run (self, *sql, error, ""))
      return FALSE;
  return hf_project_commit (g_steal_pointer (&transaction), error);
}

static gboolean
fail_create (const char *path, int code, GError **error)
{
  g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_STORE,
               _("The project %s cannot be made: %s.%s"), path,
                  g_strerror (code), hf_file_get_advice (code));
  return FALSE;
}

/* A new project is made in memory: SQLite would want a name for its file and
 * one for its journal, and both would stay if the process were killed. */
static gboolean
write_new (HfFileWriter *writer, const char *path, HfProjectFill fill,
           gpointer data, GError **error)
{
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY;
  g_autoptr (HfProject) self = hf_project_connect (path, flags, error);
  sqlite3_int64 size_bytes = 0;
  guchar *bytes;
  gboolean ok;

  if (self == NULL || !run_schema (self, error) ||
      (fill != NULL && !fill (self, data, error)))
    return FALSE;
  bytes = sqlite3_serialize (self->db, "main", &size_bytes, 0);
  if (bytes == NULL)
    return hf_project_fail (self, SQLITE_NOMEM, error);
  ok = hf_file_writer_write (writer, bytes, (gsize) size_bytes, error);
  sqlite3_free (bytes);
  return ok;
}

/* What a program that was killed has left beside a project that is gone would
 * be played into the new one. */
static gboolean
check_beside (const char *path, const char *absolute, GError **error)
{
  static const char *const suffixes[] = {"-journal", "-wal"};

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *beside = g_strconcat (absolute, suffixes[i], NULL);

    if (!g_file_test (beside, G_FILE_TEST_EXISTS))
      continue;
    g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_STORE,
                 _("The project %s cannot be made: there is %s, which belongs "
                   "to an earlier one of that name. Move it to where that one "
                   "is now, or delete it."),
                    path, beside);
    return FALSE;
  }
  return TRUE;
}

/* Why making failed: what the writer said goes into the sentence. */
static void
explain (const char *path, GError *local, GError **error)
{
  if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_EXIST))
    fail_create (path, EEXIST, error);
  else if (local->domain == G_FILE_ERROR)
    g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_STORE,
                 _("The project %s cannot be made. %s"), path, local->message);
  else
    g_propagate_error (error, g_error_copy (local));
}

HfProject *
hf_project_create_filled (const char *path, HfProjectFill fill, gpointer data,
                          GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autoptr (GError) local = NULL;
  g_autoptr (HfFileWriter) writer = NULL;

  if (g_file_test (absolute, G_FILE_TEST_EXISTS)) {
    fail_create (path, EEXIST, error);
    return NULL;
  }
  if (!check_beside (path, absolute, error))
    return NULL;
  writer = hf_file_writer_open (absolute, &local);
  if (writer != NULL && write_new (writer, path, fill, data, &local) &&
      hf_file_writer_commit_new (writer, &local))
    return hf_project_open (path, error);
  explain (path, local, error);
  return NULL;
}

HfProject *
hf_project_create (const char *path, GError **error)
{
  return hf_project_create_filled (path, NULL, NULL, error);
}

static gboolean
fail_format (const char *path, const char *reason, GError **error)
{
  g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_FORMAT,
               _("%s is no project of Handful: %s."), path, reason);
  return FALSE;
}

/* Only by its name: to open and close it here would drop the locks that
 * another connection of this process has on it (fcntl(2)). */
static gboolean
check_file (const char *path, struct stat *info, GError **error)
{
  if (stat (path, info) != 0) {
    gboolean is_missing = errno == ENOENT;

    g_set_error (
        error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_STORE,
        _("The project %s cannot be opened: %s.%s"), path, g_strerror (errno),
           is_missing ? _(" `handful-cli project new` makes one.") : "");
    return FALSE;
  }
  if (!S_ISREG (info->st_mode))
    return fail_format (path, _("it is no file"), error);
  if (info->st_size == 0)
    return fail_format (path, _("it is empty"), error);
  return TRUE;
}

static gboolean
check_version (HfProject *self, GError **error)
{
  gint64 application, format;

  if (!hf_project_get_number (self, "PRAGMA application_id", 0, &application,
                              error) ||
      !hf_project_get_number (self, "PRAGMA user_version", 0, &format, error))
    return FALSE;
  if (application != HF_SCHEMA_APPLICATION_ID)
    return fail_format (self->path, _("it is a database of another program"),
                                       error);
  if (format >= 1 && format <= HF_SCHEMA_FORMAT)
    return TRUE;
  g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_VERSION,
               _("The project %s has format %lld, and this Handful reads "
                 "format %d. Use the newer version that made it."),
                  self->path, (long long) format, HF_SCHEMA_FORMAT);
  return FALSE;
}

/* Whether the tables are ours to the byte: nothing else in a file may run in
 * our statements. */
static gboolean
check_schema (HfProject *self, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = hf_project_query (
      self,
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid",
      error, "");
  const char *const *wanted = hf_schema_statements;

  if (statement == NULL)
    return FALSE;
  for (; hf_project_next (self, statement); wanted++)
    if (*wanted == NULL ||
        g_strcmp0 (*wanted,
                   (const char *) sqlite3_column_text (statement, 0)) != 0)
      break;
  if (!hf_project_ended (self, error))
    return FALSE;
  if (*wanted == NULL && sqlite3_stmt_busy (statement) == 0)
    return TRUE;
  g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_DAMAGED,
               _("The project %s is damaged: its tables are not those of a "
                 "project. `handful-cli project recover` writes what can be "
                 "read into a new file."),
                  self->path);
  return FALSE;
}

/* Another program may have set WAL; with a reader there it stays. */
static void
leave_wal (HfProject *self)
{
  sqlite3_exec (self->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
}

HfProject *
hf_project_open (const char *path, GError **error)
{
  g_autoptr (HfProject) self = NULL;
  gboolean unused;
  struct stat info;

  if (!check_file (path, &info, error))
    return NULL;
  self = hf_project_connect (path, SQLITE_OPEN_READWRITE, error);
  if (self == NULL || !check_version (self, error) ||
      !check_schema (self, error))
    return NULL;
  leave_wal (self);
  if (!hf_project_has_changed (self, &unused, error) ||
      !hf_project_get_number (self, "SELECT max (id) FROM label", 0,
                              &self->n_before, error))
    return NULL;
  self->device = info.st_dev;
  self->inode = info.st_ino;
  return g_steal_pointer (&self);
}

const char *
hf_project_get_path (const HfProject *self)
{
  return self->path;
}

/* SQLite stays with how it opened a file, also when the disk was mounted anew
 * or somebody changed the permissions. Another file in its place is another
 * project: whoever shows this one must not write there. */
static void
open_anew (HfProject *self)
{
  g_autoptr (HfProject) again = hf_project_open (self->path, NULL);

  if (again == NULL || again->device != self->device ||
      again->inode != self->inode)
    return;
  hf_project_swap_connections (self, again);
  /* What others wrote meanwhile was not seen by either. */
  self->version_seen = 0;
}

gboolean
hf_project_check_writable (HfProject *self, GError **error)
{
  if (sqlite3_db_readonly (self->db, "main") > 0 &&
      g_access (self->path, W_OK) == 0)
    open_anew (self);
  /* The journal lies beside the project. */
  if (sqlite3_db_readonly (self->db, "main") == 0 &&
      (g_access (self->folder, W_OK) == 0 || errno == ENOENT))
    return TRUE;
  g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_READ_ONLY,
               _("The project %s, or its folder, can only be read: labels are "
                 "not stored. Copy it to a folder that can be written."),
                  self->path);
  return FALSE;
}

gboolean
hf_project_has_changed (HfProject *self, gboolean *changed, GError **error)
{
  gint64 version;

  if (!hf_project_get_number (self, "PRAGMA data_version", 0, &version, error))
    return FALSE;
  *changed = version != self->version_seen;
  self->version_seen = version;
  return TRUE;
}
