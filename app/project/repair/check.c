/* check.c: see the header. Every question is asked by itself, so that one that
 * fails does not hide what the others say. */
#include "app/project/repair/check.h"

#include "app/project/labels-private.h"
#include "app/project/project-private.h"
#include "app/project/sources-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MOST_SENTENCES = 50 };

static void
add (GPtrArray *found, char *sentence)
{
  if (found->len < MOST_SENTENCES)
    g_ptr_array_add (found, sentence);
  else
    g_free (sentence);
}

/* The first column of every row of @sql, unless it is "ok". */
static void
ask (HfProject *self, const char *sql, const char *format, GPtrArray *found)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (sqlite3_stmt) rows = hf_project_query (self, sql, &error, "");

  while (rows != NULL && hf_project_next (self, rows)) {
    g_autofree char *text = hf_column_dup (rows, 0);

    if (text != NULL && !g_str_equal (text, "ok"))
      add (found, g_strdup_printf ("%s%s.", format, text));
  }
  if (rows != NULL)
    (void) hf_project_ended (self, &error);
  if (error != NULL)
    add (found, g_strdup (error->message));
}

static void
check_images (HfProject *self, GPtrArray *found)
{
  g_autoptr (sqlite3_stmt) rows = hf_project_query (
      self, "SELECT id, source, path, sum FROM image", NULL, "");

  while (rows != NULL && hf_project_next (self, rows)) {
    gint64 id = sqlite3_column_int64 (rows, 0);
    g_autofree char *path = hf_column_dup (rows, 2);

    if (path == NULL ||
        sqlite3_column_int64 (rows, 3) !=
            hf_image_sum (id, sqlite3_column_int64 (rows, 1), path))
      add (found,
           g_strdup_printf (_("The row of picture %lld (%s) was altered."),
                               (long long) id, path != NULL ? path : ""));
  }
}

static const char *
text_of (sqlite3_stmt *rows, int column)
{
  const char *text = (const char *) sqlite3_column_text (rows, column);

  return text != NULL ? text : "";
}

static void
check_labels (HfProject *self, GPtrArray *found)
{
  g_autoptr (sqlite3_stmt) rows = hf_project_query (
      self,
      "SELECT id, time, batch, image, class, set_by, shown, undoes, sum"
      " FROM label ORDER BY id",
      NULL, "");
  gint64 expected = 1;

  while (rows != NULL && hf_project_next (self, rows)) {
    gint64 id = sqlite3_column_int64 (rows, 0);
    gint64 sum = hf_label_sum (
        id, sqlite3_column_int64 (rows, 1), sqlite3_column_int64 (rows, 2),
        sqlite3_column_int64 (rows, 3), sqlite3_column_int64 (rows, 4),
        text_of (rows, 5), text_of (rows, 6), sqlite3_column_int64 (rows, 7));

    if (sum != sqlite3_column_int64 (rows, 8))
      add (found, g_strdup_printf (_("Entry %lld of the label log was "
                                     "altered."),
                                      (long long) id));
    if (id != expected)
      add (found, g_strdup_printf (_("The label log has a gap before entry "
                                     "%lld."),
                                      (long long) id));
    expected = id + 1;
  }
}

/* What opening it would say; damage is a finding, anything else an error. */
static gboolean
check_open (const char *path, GPtrArray *found, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (HfProject) project = hf_project_open (path, &local);

  if (project != NULL)
    return TRUE;
  if (!g_error_matches (local, HF_PROJECT_ERROR, HF_PROJECT_ERROR_DAMAGED)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  add (found, g_strdup (local->message));
  return TRUE;
}

GPtrArray *
hf_project_check (const char *path, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (HfProject) self = NULL;
  g_autoptr (GError) local = NULL;

  if (!check_open (path, found, error))
    return NULL;
  self = hf_project_connect (path, SQLITE_OPEN_READONLY, &local);
  if (self == NULL) {
    add (found, g_strdup (local->message));
    return g_steal_pointer (&found);
  }
  ask (self, "PRAGMA integrity_check (20)", "", found);
  ask (self,
       "SELECT \"table\" || ' ' || rowid || ' refers to a row of ' || parent ||"
       " ' that is not there' FROM pragma_foreign_key_check",
       "Row ", found);
  check_images (self, found);
  check_labels (self, found);
  return g_steal_pointer (&found);
}
