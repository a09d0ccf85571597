/* suggestions.c: see the header. */
#include "app/project/suggestions.h"

#include "app/project/labels.h"
#include "app/project/project-private.h"

/* The log's word for why a picture was suggested. */
static HfShown
shown_as (HfSuggestedWhy why)
{
  switch (why) {
  case HF_SUGGESTED_AUDIT:
    return HF_SHOWN_AUDIT;
  case HF_SUGGESTED_MARGIN:
    return HF_SHOWN_MARGIN;
  default:
    return HF_SHOWN_TYPICAL;
  }
}

static gboolean
insert_suggestions (HfProject *self, const GArray *shown, GError **error)
{
  gint64 now = hf_project_now ();
  g_autoptr (sqlite3_stmt) insert = hf_project_query (
      self, "INSERT INTO suggestion (time, image, why) VALUES (?, ?, ?)", error,
      "");

  if (insert == NULL)
    return FALSE;
  for (guint i = 0; i < shown->len; i++) {
    const HfShownSuggestion *one = &g_array_index (shown, HfShownSuggestion, i);

    if (!hf_project_bind (self, insert, error, "iis", now, one->image_id,
                          hf_shown_get_name (shown_as (one->why))) ||
        !hf_project_finish (self, insert, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
hf_project_log_suggestions (HfProject *self, const GArray *shown,
                            GError **error)
{
  g_autoptr (HfTransaction) transaction = hf_project_begin (self, error);

  return transaction != NULL && insert_suggestions (self, shown, error) &&
         hf_project_commit (g_steal_pointer (&transaction), error);
}

GArray *
hf_project_dup_due_audits (HfProject *self, guint64 *n_shown, GError **error)
{
  g_autoptr (GArray) due = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 count;
  g_autoptr (sqlite3_stmt) rows = hf_project_query (
      self,
      "SELECT suggestion.image FROM suggestion JOIN image"
      " ON image.id = suggestion.image WHERE why = 'audit' AND sealed IS NULL"
      " AND suggestion.image NOT IN (SELECT image FROM current)"
      " GROUP BY suggestion.image ORDER BY min (suggestion.id)",
      error, "");

  if (rows == NULL ||
      !hf_project_get_number (self, "SELECT count (*) FROM suggestion", 0,
                              &count, error))
    return NULL;
  while (hf_project_next (self, rows)) {
    gint64 id = sqlite3_column_int64 (rows, 0);

    g_array_append_val (due, id);
  }
  if (!hf_project_ended (self, error))
    return NULL;
  if (n_shown != NULL)
    *n_shown = (guint64) count;
  return g_steal_pointer (&due);
}

static gboolean
insert_opening (HfProject *self, const char *what, GError **error)
{
  return hf_project_run (self, "INSERT INTO opening (time, what) VALUES (?, ?)",
                         error, "ib", hf_project_now (), what);
}

static gboolean
seal (HfProject *self, const gint64 *image_ids, gsize n, gboolean sealed,
      gsize *n_changed, GError **error)
{
  g_autofree char *what = NULL;
  g_autoptr (sqlite3_stmt) update =
      hf_project_query (self,
                        "UPDATE image SET sealed = ?1 WHERE id = ?2"
                        " AND (sealed IS NULL) <> (?1 IS NULL)",
                        error, "");

  if (update == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    if (!hf_project_bind (self, update, error, "ri",
                          sealed ? hf_project_now () : (gint64) 0,
                          image_ids[i]) ||
        !hf_project_finish (self, update, error))
      return FALSE;
    *n_changed += (gsize) sqlite3_changes (self->db);
  }
  if (sealed || *n_changed == 0)
    return TRUE;
  what = g_strdup_printf ("%" G_GSIZE_FORMAT " %s unsealed", *n_changed,
                          *n_changed == 1 ? "picture" : "pictures");
  return insert_opening (self, what, error);
}

gboolean
hf_project_seal (HfProject *self, const gint64 *image_ids, gsize n,
                 gboolean sealed, gsize *n_changed, GError **error)
{
  g_autoptr (HfTransaction) transaction = hf_project_begin (self, error);
  gsize n_sealed = 0;

  if (transaction == NULL ||
      !seal (self, image_ids, n, sealed, &n_sealed, error) ||
      !hf_project_commit (g_steal_pointer (&transaction), error))
    return FALSE;
  if (n_changed != NULL)
    *n_changed = n_sealed;
  return TRUE;
}

gboolean
hf_project_count_sealed (HfProject *self, gsize *n, GError **error)
{
  gint64 count;

  if (!hf_project_get_number (
          self, "SELECT count (*) FROM image WHERE sealed IS NOT NULL", 0,
          &count, error))
    return FALSE;
  *n = (gsize) count;
  return TRUE;
}

gboolean
hf_project_count_known_sealed (HfProject *self, gsize *n, GError **error)
{
  gint64 count;

  if (!hf_project_get_number (
          self,
          "SELECT count (*) FROM image WHERE sealed IS NOT NULL AND lot IN"
          " (SELECT lot FROM image JOIN current ON current.image = image.id"
          " WHERE sealed IS NULL)",
          0, &count, error))
    return FALSE;
  *n = (gsize) count;
  return TRUE;
}

gboolean
hf_project_log_opening (HfProject *self, const char *what, gint64 *n,
                        GError **error)
{
  g_autoptr (HfTransaction) transaction = hf_project_begin (self, error);
  gint64 count;

  if (transaction == NULL || !insert_opening (self, what, error) ||
      !hf_project_get_number (self, "SELECT count (*) FROM opening", 0, &count,
                              error) ||
      !hf_project_commit (g_steal_pointer (&transaction), error))
    return FALSE;
  if (n != NULL)
    *n = count;
  return TRUE;
}

static void
opening_free (gpointer data)
{
  HfOpening *opening = data;

  g_free (opening->what);
  g_free (opening);
}

GPtrArray *
hf_project_dup_openings (HfProject *self, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (opening_free);
  g_autoptr (sqlite3_stmt) rows = hf_project_query (
      self, "SELECT time, what FROM opening ORDER BY id", error, "");

  if (rows == NULL)
    return NULL;
  while (hf_project_next (self, rows)) {
    HfOpening *opening = g_new0 (HfOpening, 1);

    opening->time_us = sqlite3_column_int64 (rows, 0);
    opening->what = hf_column_dup (rows, 1);
    g_ptr_array_add (list, opening);
  }
  if (!hf_project_ended (self, error))
    return NULL;
  return g_steal_pointer (&list);
}
