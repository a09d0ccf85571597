/* recover.c: see the header. Rows are told apart by the types of their columns
 * (hf_schema_tables), pictures and labels also by their sums (I7 in schema.c),
 * so that a changed byte cannot become a wrong label. */
#include "app/project/repair/recover.h"

#include "app/project/labels-private.h"
#include "app/project/project-private.h"
#include "app/project/repair/pages.h"
#include "app/project/schema.h"
#include "app/project/sources-private.h"

#include "base/file.h"
#include "base/scratch.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { SETTING, SOURCE, CLASS, IMAGE, LABEL, TEMPLATE, FILLING, N_TABLES = 9 };

typedef struct {
  gint64 number; /* of the row */
  GBytes *bytes; /* all its values' bytes */
  HfPageValue values[HF_PAGES_MAX_COLUMNS];
} Row;

typedef struct {
  GHashTable *rows[N_TABLES]; /* number to Row */
  /* Sources and classes that are there, one way or the other. */
  GHashTable *settled[N_TABLES];
  GHashTable *names; /* number of a picture to Row, by the index of paths */
  gsize n_named;     /* pictures of which only that is left */
  HfPagesCount count;
  gsize n_refused; /* rows whose sum is wrong */
  gsize n_saved[N_TABLES];
  gsize n_unwritten; /* rows that fit nowhere any more */
} Recovery;

static void
row_free (gpointer data)
{
  Row *row = data;

  g_bytes_unref (row->bytes);
  g_free (row);
}

static void
recovery_init (Recovery *self)
{
  memset (self, 0, sizeof *self);
  for (guint t = 0; t < N_TABLES; t++)
    self->rows[t] =
        g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, row_free);
  self->settled[IMAGE] =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->settled[LABEL] =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->names =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, row_free);
}

static void
recovery_clear (Recovery *self)
{
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_clear_pointer (&self->settled[IMAGE], g_hash_table_unref);
  g_clear_pointer (&self->settled[LABEL], g_hash_table_unref);
  for (guint t = 0; t < N_TABLES; t++)
    g_clear_pointer (&self->rows[t], g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Recovery, recovery_clear)

static gboolean
fits (const char *columns, const HfPageValue *values, guint n)
{
  if (strlen (columns) != n)
    return FALSE;
  for (guint i = 0; i < n; i++) {
    char wanted = (char) g_ascii_tolower (columns[i]);
    gboolean may_be_null = columns[i] == 'n' || wanted != columns[i];

    if (values[i].type == '0' ? !may_be_null : values[i].type != wanted)
      return FALSE;
  }
  return TRUE;
}

static char *
dup_text (const HfPageValue *value)
{
  return g_strndup ((const char *) value->bytes, value->n_bytes);
}

/* Whether the sum that a row carries is that of the row. */
static gboolean
check_sum (int table, gint64 row, const HfPageValue *v)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (table == IMAGE) {
    first = dup_text (&v[2]);
    return v[3].number == hf_image_sum (row, v[1].number, first);
  }
  if (table != LABEL)
    return TRUE;
  first = dup_text (&v[5]);
  second = dup_text (&v[6]);
  return v[8].number == hf_label_sum (row, v[1].number, v[2].number,
                                      v[3].number, v[4].number, first, second,
                                      v[7].number);
}

/* A copy of a row; its values point into its own bytes. */
static Row *
new_row (gint64 number, const HfPageValue *values, guint n)
{
  Row *row = g_new0 (Row, 1);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  const guint8 *data;

  row->number = number;
  for (guint i = 0; i < n; i++)
    g_byte_array_append (
        all, values[i].n_bytes > 0 ? values[i].bytes : (const guint8 *) "",
        (guint) values[i].n_bytes);
  row->bytes = g_byte_array_free_to_bytes (g_steal_pointer (&all));
  data = g_bytes_get_data (row->bytes, NULL);
  for (guint i = 0; i < n; i++) {
    row->values[i] = values[i];
    row->values[i].bytes = data;
    if (values[i].n_bytes > 0)
      data += values[i].n_bytes;
  }
  return row;
}

/* Keeps an entry of the index of paths: source, path, number. */
static void
take_name (Recovery *self, const HfPageValue *values)
{
  gint64 number = values[2].number;
  Row *row;

  if (g_hash_table_contains (self->names, &number))
    return;
  row = new_row (number, values, 2);
  g_hash_table_insert (self->names, &row->number, row);
}

/* Pictures whose rows are lost, and whose paths are still in the index. */
static void
use_names (Recovery *self)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, NULL, &name)) {
    const Row *entry = name;
    HfPageValue values[8] = {0};
    g_autofree char *path = NULL;
    Row *row;

    if (g_hash_table_contains (self->rows[IMAGE], &entry->number))
      continue;
    for (guint i = 0; i < G_N_ELEMENTS (values); i++)
      values[i].type = '0';
    values[1] = entry->values[0];
    values[2] = entry->values[1];
    path = dup_text (&values[2]);
    values[3].type = 'i';
    values[3].number = hf_image_sum (entry->number, values[1].number, path);
    row = new_row (entry->number, values, G_N_ELEMENTS (values));
    g_hash_table_insert (self->rows[IMAGE], &row->number, row);
    self->n_named++;
  }
}

static gboolean
take_row (gint64 number, const HfPageValue *values, guint n, gpointer data,
          GError **error)
{
  Recovery *self = data;

  if (number == 0 && fits ("ibi", values, n))
    take_name (self, values);
  for (int t = 0; number > 0 && t < N_TABLES; t++) {
    Row *row;

    if (!fits (hf_schema_tables[t].columns, values, n))
      continue;
    if (!check_sum (t, number, values)) {
      self->n_refused++;
    } else if (!g_hash_table_contains (self->rows[t], &number)) {
      row = new_row (number, values, n);
      g_hash_table_insert (self->rows[t], &row->number, row);
    }
    return TRUE;
  }
  return TRUE;
}

static gboolean
copy_file (const char *from, const char *to, GError **error)
{
  g_autoptr (GMappedFile) file = hf_file_map (from, error);

  return file != NULL &&
         hf_file_write_whole (to, g_mapped_file_get_contents (file),
                              g_mapped_file_get_length (file), error);
}

/* A journal beside @bad means that a program was killed while it wrote: SQLite
 * puts things right in a copy. Returns the copy's path in @scratch, or NULL
 * without a journal. */
static char *
dup_settled (const char *bad, const char *journal, const HfScratch *scratch,
             GError **error)
{
  const char *folder = hf_scratch_get_path (scratch);
  g_autofree char *copy = g_build_filename (folder, "copy", NULL);
  g_autofree char *copied = g_build_filename (folder, "copy-journal", NULL);
  g_autoptr (HfProject) project = NULL;
  gint64 unused;

  if (!copy_file (bad, copy, error) || !copy_file (journal, copied, error))
    return NULL;
  project = hf_project_connect (copy, SQLITE_OPEN_READWRITE, NULL);
  if (project != NULL)
    (void) hf_project_get_number (
        project, "SELECT count (*) FROM sqlite_schema", 0, &unused, NULL);
  return g_steal_pointer (&copy);
}

/* The pages of @bad, as they were before a write that was not ended. */
static HfPages *
open_pages (const char *bad, const char *good, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (good, NULL);
  g_autofree char *folder = g_path_get_dirname (absolute);
  g_autofree char *journal = g_strconcat (bad, "-journal", NULL);
  g_autoptr (HfScratch) scratch = NULL;
  g_autofree char *settled = NULL;

  if (!g_file_test (journal, G_FILE_TEST_IS_REGULAR))
    return hf_pages_open (bad, error);
  scratch = hf_scratch_new (folder, ".handful-recover-", 0700, error);
  if (scratch != NULL)
    settled = dup_settled (bad, journal, scratch, error);
  return settled != NULL ? hf_pages_open (settled, error) : NULL;
}

static gboolean
read_rows (Recovery *self, const char *bad, const char *good, GError **error)
{
  g_autoptr (HfPages) pages = open_pages (bad, good, error);
  guint n = 0;

  if (pages == NULL ||
      !hf_pages_read (pages, take_row, self, &self->count, error))
    return FALSE;
  use_names (self);
  for (guint t = 0; t < N_TABLES; t++)
    n += g_hash_table_size (self->rows[t]);
  if (n > 0)
    return TRUE;
  g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_FORMAT,
               _("Nothing of a project was found in %s."), bad);
  return FALSE;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  gint64 left = **(const gint64 *const *) a;
  gint64 right = **(const gint64 *const *) b;

  return left < right ? -1 : left > right;
}

/* The rows of a table by their numbers (element-type Row, borrowed). */
static GPtrArray *
list_rows (const Recovery *self, int table)
{
  GPtrArray *list = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows[table]);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    g_ptr_array_add (list, row);
  g_ptr_array_sort (list, compare_numbers);
  return list;
}

static int
bind_value (sqlite3_stmt *statement, int i, const HfPageValue *value)
{
  switch (value->type) {
  case 'i':
    return sqlite3_bind_int64 (statement, i, value->number);
  case 't':
    return sqlite3_bind_text64 (statement, i, (const char *) value->bytes,
                                value->n_bytes, SQLITE_TRANSIENT, SQLITE_UTF8);
  case 'b':
    return sqlite3_bind_blob64 (statement, i, value->bytes, value->n_bytes,
                                SQLITE_TRANSIENT);
  default:
    return sqlite3_bind_null (statement, i);
  }
}

/* Writes a row; one that fits nowhere any more is counted, and only a disk that
 * does not take it is an error. */
static gboolean
insert_row (Recovery *self, HfProject *good, sqlite3_stmt *insert, int table,
            const Row *row, GError **error)
{
  const char *columns = hf_schema_tables[table].columns;
  int rc = SQLITE_OK;

  sqlite3_reset (insert);
  for (int i = 0; columns[i] != '\0' && rc == SQLITE_OK; i++)
    rc = columns[i] == 'n' ? sqlite3_bind_int64 (insert, i + 1, row->number)
                           : bind_value (insert, i + 1, &row->values[i]);
  if (rc == SQLITE_OK)
    rc = sqlite3_step (insert);
  sqlite3_reset (insert);
  if (rc == SQLITE_DONE) {
    self->n_saved[table]++;
    return TRUE;
  }
  self->n_unwritten++;
  return (rc & 0xff) == SQLITE_CONSTRAINT || (rc & 0xff) == SQLITE_TOOBIG ||
         (rc & 0xff) == SQLITE_MISMATCH || hf_project_fail (good, rc, error);
}

/* Puts something recognisable in the place of a lost source or class, unless it
 * is there. */
static gboolean
stand_in (HfProject *good, int table, gint64 id, GError **error)
{
  g_autofree char *name = NULL;

  if (table == IMAGE) {
    name = g_strdup_printf ("/lost-source-%" G_GINT64_FORMAT, id);
    return hf_project_run (
        good,
        "INSERT INTO source (id, folder, added) SELECT ?1, ?2, 0"
        " WHERE NOT EXISTS (SELECT 1 FROM source WHERE id = ?1)",
        error, "ib", id, name);
  }
  name = g_strdup_printf ("lost class %" G_GINT64_FORMAT, id);
  return hf_project_run (
      good,
      "INSERT INTO class (id, name, kind, colour, position, removed)"
      " SELECT ?1, ?2, 'other', '#808080', ?1, 0"
      " WHERE NOT EXISTS (SELECT 1 FROM class WHERE id = ?1)",
      error, "ib", id, name);
}

/* Sees to it that what a picture or an entry refers to is there. */
static gboolean
settle (Recovery *self, HfProject *good, int table, const Row *row,
        GError **error)
{
  const HfPageValue *value = &row->values[table == IMAGE ? 1 : 4];

  if ((table != IMAGE && table != LABEL) || value->type != 'i' ||
      g_hash_table_contains (self->settled[table], &value->number))
    return TRUE;
  g_hash_table_add (self->settled[table],
                    g_memdup2 (&value->number, sizeof value->number));
  return stand_in (good, table, value->number, error);
}

static gboolean
write_table (Recovery *self, HfProject *good, int table, GError **error)
{
  g_autoptr (GPtrArray) rows = list_rows (self, table);
  g_autoptr (sqlite3_stmt) insert =
      hf_project_query (good, hf_schema_tables[table].insert, error, "");

  if (insert == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    if (!settle (self, good, table, rows->pdata[i], error) ||
        !insert_row (self, good, insert, table, rows->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* Pictures of which only the path is left get their groups by the rule. */
static gboolean
group_again (const Recovery *self, HfProject *good, GError **error)
{
  g_autofree char *rule = hf_project_dup_setting (good, "groups");

  return self->n_named == 0 || rule == NULL ||
         hf_setting_write (good, "groups", rule, error);
}

static gboolean
write_rows (Recovery *self, HfProject *good, GError **error)
{
  g_autoptr (HfTransaction) transaction = hf_project_begin (good, error);

  if (transaction == NULL)
    return FALSE;
  for (int t = 0; t < N_TABLES; t++)
    if (!write_table (self, good, t, error))
      return FALSE;
  return group_again (self, good, error) &&
         hf_project_commit (g_steal_pointer (&transaction), error);
}

/* Numbers of pictures and of entries have no gaps, so that a gap is a loss. */
static gboolean
count_lost (HfProject *good, const char *table, gsize *n_lost, GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "SELECT coalesce (max (id), 0) - count (*) FROM %s", table);
  gint64 n;

  if (!hf_project_get_number (good, sql, 0, &n, error))
    return FALSE;
  *n_lost = (gsize) MAX (n, 0);
  return TRUE;
}

static void add_sentence (HfRecovery *result, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

static void
add_sentence (HfRecovery *result, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (result->sentences, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static gboolean
add_stand_ins (HfProject *good, HfRecovery *result, GError **error)
{
  gint64 n_classes, n_sources;

  if (!hf_project_get_number (good,
                              "SELECT count (*) FROM class WHERE CAST (name AS"
                              " TEXT) LIKE 'lost class %'",
                              0, &n_classes, error) ||
      !hf_project_get_number (good,
                              "SELECT count (*) FROM source WHERE CAST (folder"
                              " AS TEXT) LIKE '/lost-source-%'",
                              0, &n_sources, error))
    return FALSE;
  result->is_complete = result->is_complete && n_classes == 0 && n_sources == 0;
  if (n_classes > 0)
    add_sentence (result,
                  _("Classes that have lost their names and are called "
                    "\"lost class N\": %lld. `project relabel` renames them."),
                     (long long) n_classes);
  if (n_sources > 0)
    add_sentence (result,
                  _("Sources that have lost their folders and are called "
                    "/lost-source-N: %lld. `project add-source --moved "
                    "/lost-source-N FOLDER` says where they are."),
                     (long long) n_sources);
  return TRUE;
}

/* Sets what the caller is told. */
static gboolean
describe (const Recovery *self, HfProject *good, HfRecovery *result,
          GError **error)
{
  if (!count_lost (good, "label", &result->n_lost_labels, error) ||
      !count_lost (good, "image", &result->n_lost_images, error))
    return FALSE;
  result->n_labels = self->n_saved[LABEL];
  result->n_images = self->n_saved[IMAGE];
  result->is_complete =
      result->n_lost_labels == 0 && result->n_lost_images == 0 &&
      self->n_refused == 0 && self->n_unwritten == 0 && self->n_named == 0 &&
      self->count.n_broken == 0 && self->count.n_unreadable == 0;
  add_sentence (result, _("Pictures: %zu read, at least %zu missing."),
                           result->n_images, result->n_lost_images);
  add_sentence (result, _("Label log: %zu read, at least %zu missing."),
                           result->n_labels, result->n_lost_labels);
  if (self->n_named > 0)
    add_sentence (result,
                  _("Pictures of which only the paths are left: %zu. Seal "
                    "those of the acceptance set again."),
                     self->n_named);
  for (int t = 0; t < N_TABLES; t++)
    if (t != IMAGE && t != LABEL)
      add_sentence (result, _("Rows of the table %s: %zu read."),
                               hf_schema_tables[t].name, self->n_saved[t]);
  if (self->n_refused + self->n_unwritten + self->count.n_broken > 0)
    add_sentence (result,
                  _("Rows that were left out: %zu damaged, %zu that refer to "
                    "what is lost."),
                     self->n_refused + (gsize) self->count.n_broken,
                     self->n_unwritten);
  if (self->count.n_unreadable > 0)
    add_sentence (result,
                  _("Pages that cannot be read from the disk: %llu of %llu."),
                     (unsigned long long) self->count.n_unreadable,
                     (unsigned long long) self->count.n_pages);
  return add_stand_ins (good, result, error);
}

void
hf_recovery_clear (HfRecovery *self)
{
  g_clear_pointer (&self->sentences, g_ptr_array_unref);
}

typedef struct {
  Recovery *recovery;
  HfRecovery *result;
} Filling;

static gboolean
fill (HfProject *good, gpointer data, GError **error)
{
  const Filling *self = data;

  return write_rows (self->recovery, good, error) &&
         describe (self->recovery, good, self->result, error);
}

gboolean
hf_project_recover (const char *bad, const char *good, HfRecovery *result,
                    GError **error)
{
  g_auto (Recovery) recovery;
  g_autoptr (HfProject) project = NULL;
  Filling filling = {&recovery, result};

  recovery_init (&recovery);
  if (!read_rows (&recovery, bad, good, error))
    return FALSE;
  result->sentences = g_ptr_array_new_with_free_func (g_free);
  project = hf_project_create_filled (good, fill, &filling, error);
  if (project == NULL)
    hf_recovery_clear (result);
  return project != NULL;
}
