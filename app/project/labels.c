/* labels.c: appending to the label log, and reading it. */
#include "app/project/classes.h"
#include "app/project/labels-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const by_names[] = {"hand", "import", "suggestion", "undo",
                                       "redo"};
static const char *const shown_names[] = {"browse", "typical", "margin",
                                          "audit"};

static int
find_name (const char *const *names, guint n, const char *name)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (names[i], name) == 0)
      return (int) i;
  return -1;
}

const char *
hf_label_by_get_name (HfLabelBy self)
{
  return by_names[self];
}

const char *
hf_shown_get_name (HfShown self)
{
  return shown_names[self];
}

int
hf_label_by_find (const char *name)
{
  return find_name (by_names, G_N_ELEMENTS (by_names), name);
}

int
hf_shown_find (const char *name)
{
  return find_name (shown_names, G_N_ELEMENTS (shown_names), name);
}

gboolean
hf_shown_parse (const char *name, HfShown *out, GError **error)
{
  int found = hf_shown_find (name);

  if (found < 0) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("\"%s\" is no reason to show a picture. Use browse, "
                   "typical, margin or audit."),
                    name);
    return FALSE;
  }
  *out = (HfShown) found;
  return TRUE;
}

gint64
hf_label_sum (gint64 id, gint64 time_us, gint64 batch, gint64 image_id,
              gint64 class_id, const char *by, const char *shown, gint64 undoes)
{
  g_autofree char *text = g_strdup_printf (
      "label %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
      " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s %s %" G_GINT64_FORMAT,
      id, time_us, batch, image_id, class_id, by, shown, undoes);

  return hf_row_sum (text, strlen (text));
}

gboolean
hf_label_step_init (HfLabelStep *self, HfProject *project, HfLabelBy by,
                    gint64 undoes, GError **error)
{
  memset (self, 0, sizeof *self);
  self->project = project;
  self->by = by;
  self->undoes = undoes;
  self->time_us = hf_project_now ();
  self->now = hf_project_query (
      project,
      "SELECT class FROM label WHERE image = ? ORDER BY id DESC LIMIT 1", error,
      "");
  /* I2: an audit draw stays one, whatever else the picture was shown for. */
  self->why = hf_project_query (project,
                                "SELECT why FROM suggestion WHERE image = ?"
                                " ORDER BY why = 'audit' DESC, id DESC LIMIT 1",
                                error, "");
  self->before = hf_project_query (
      project,
      "SELECT class, shown FROM label WHERE image = ? AND id < ?"
      " ORDER BY id DESC LIMIT 1",
      error, "");
  self->insert = hf_project_query (
      project,
      "INSERT INTO label (id, time, batch, image, class, set_by, shown, undoes,"
      " sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      error, "");
  if (self->now == NULL || self->why == NULL || self->before == NULL ||
      self->insert == NULL ||
      !hf_project_get_number (project,
                              "SELECT coalesce (max (id), 0) + 1 FROM label", 1,
                              &self->next_id, error))
    return FALSE;
  self->batch = self->next_id;
  return TRUE;
}

void
hf_label_step_clear (HfLabelStep *self)
{
  g_clear_pointer (&self->now, sqlite3_finalize);
  g_clear_pointer (&self->why, sqlite3_finalize);
  g_clear_pointer (&self->before, sqlite3_finalize);
  g_clear_pointer (&self->insert, sqlite3_finalize);
}

gboolean
hf_label_step_get_class (HfLabelStep *self, gint64 image_id, gint64 *class_id,
                         GError **error)
{

  *class_id = 0;
  if (!hf_project_bind (self->project, self->now, error, "i", image_id))
    return FALSE;
  if (hf_project_next (self->project, self->now))
    *class_id = sqlite3_column_int64 (self->now, 0);
  sqlite3_reset (self->now);
  return hf_project_ended (self->project, error);
}

gboolean
hf_label_step_get_before (HfLabelStep *self, gint64 image_id, gint64 id,
                          gint64 *class_id, HfShown *shown, GError **error)
{
  *class_id = 0;
  *shown = HF_SHOWN_BROWSE;
  if (!hf_project_bind (self->project, self->before, error, "ii", image_id, id))
    return FALSE;
  if (hf_project_next (self->project, self->before)) {
    *class_id = sqlite3_column_int64 (self->before, 0);
    *shown = (HfShown) MAX (
        0,
        hf_shown_find ((const char *) sqlite3_column_text (self->before, 1)));
  }
  sqlite3_reset (self->before);
  return hf_project_ended (self->project, error);
}

gboolean
hf_label_step_append (HfLabelStep *self, gint64 image_id, gint64 class_id,
                      HfShown shown, GError **error)
{
  const char *by = hf_label_by_get_name (self->by);
  const char *name = hf_shown_get_name (shown);
  gint64 id = self->next_id;

  if (!hf_project_bind (self->project, self->insert, error, "iiiirssri", id,
                        self->time_us, self->batch, image_id, class_id, by,
                        name, self->undoes,
                        hf_label_sum (id, self->time_us, self->batch, image_id,
                                      class_id, by, name, self->undoes)) ||
      !hf_project_finish (self->project, self->insert, error))
    return FALSE;
  self->project->new_step = self->batch;
  self->next_id++;
  self->n++;
  return TRUE;
}

/* Why the picture was shown, by what is known of suggestions. */
static gboolean
find_shown (HfLabelStep *self, gint64 image_id, gboolean had_label,
            HfShown *shown, GError **error)
{
  int why = -1;

  if (!hf_project_bind (self->project, self->why, error, "i", image_id))
    return FALSE;
  if (hf_project_next (self->project, self->why))
    why = hf_shown_find ((const char *) sqlite3_column_text (self->why, 0));
  sqlite3_reset (self->why);
  if (!hf_project_ended (self->project, error))
    return FALSE;
  if (why == HF_SHOWN_AUDIT ||
      (why >= 0 && !had_label && *shown == HF_SHOWN_BROWSE))
    *shown = (HfShown) why;
  return TRUE;
}

gboolean
hf_label_step_set (HfLabelStep *self, gint64 image_id, gint64 class_id,
                   HfShown shown, GError **error)
{
  gint64 before;

  if (!hf_label_step_get_class (self, image_id, &before, error))
    return FALSE;
  if (before == class_id)
    return TRUE;
  return find_shown (self, image_id, before != 0, &shown, error) &&
         hf_label_step_append (self, image_id, class_id, shown, error);
}

gboolean
hf_label_step_finish (HfLabelStep *self, GError **error)
{
  return hf_project_run (self->project,
                         "UPDATE class SET removed = 0 WHERE removed AND id IN"
                         " (SELECT class FROM label WHERE batch = ?)",
                         error, "i", self->batch);
}

static gboolean
set_all (HfProject *self, const HfLabelChange *changes, gsize n, HfLabelBy by,
         HfShown shown, gsize *n_changed, GError **error)
{
  g_auto (HfLabelStep) step = {0};

  if (!hf_label_step_init (&step, self, by, 0, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!hf_label_step_set (&step, changes[i].image_id, changes[i].class_id,
                            shown, error))
      return FALSE;
  *n_changed = step.n;
  return hf_label_step_finish (&step, error);
}

gboolean
hf_project_set_labels (HfProject *self, const HfLabelChange *changes, gsize n,
                       HfLabelBy by, HfShown shown, gsize *n_changed,
                       GError **error)
{
  g_autoptr (HfTransaction) transaction = NULL;
  gsize n_set = 0;

  g_return_val_if_fail (by < HF_LABEL_BY_UNDO, FALSE);
  transaction = hf_project_begin (self, error);
  if (transaction == NULL ||
      !set_all (self, changes, n, by, shown, &n_set, error) ||
      !hf_project_commit (g_steal_pointer (&transaction), error))
    return FALSE;
  if (n_changed != NULL)
    *n_changed = n_set;
  return TRUE;
}

/* Within a transaction. */
static gboolean
take_class (HfProject *self, const char *name, gint64 *id, gboolean *is_new,
            GError **error)
{
  g_autoptr (GError) local = NULL;

  *id = hf_project_find_class (self, name, &local);
  *is_new = *id == 0;
  if (*id == 0 &&
      !g_error_matches (local, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  if (*is_new)
    *id = hf_class_insert (self, name, HF_CLASS_OTHER, error);
  return *id != 0;
}

static gboolean
set_class (HfProject *self, const gint64 *image_ids, gsize n,
           const char *class_name, HfLabelBy by, HfShown shown,
           gboolean *is_new, gsize *n_changed, GError **error)
{
  g_autofree HfLabelChange *changes = g_new0 (HfLabelChange, n + 1);
  gint64 class_id = 0;

  if (!take_class (self, class_name, &class_id, is_new, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    changes[i] = (HfLabelChange){image_ids[i], class_id};
  return set_all (self, changes, n, by, shown, n_changed, error);
}

gboolean
hf_project_set_class (HfProject *self, const gint64 *image_ids, gsize n,
                      const char *class_name, HfLabelBy by, HfShown shown,
                      gboolean *is_new, gsize *n_changed, GError **error)
{
  g_autoptr (HfTransaction) transaction = NULL;
  gboolean made = FALSE;
  gsize n_set = 0;

  g_return_val_if_fail (by < HF_LABEL_BY_UNDO, FALSE);
  transaction = hf_project_begin (self, error);
  if (transaction == NULL ||
      !set_class (self, image_ids, n, class_name, by, shown, &made, &n_set,
                  error) ||
      !hf_project_commit (g_steal_pointer (&transaction), error))
    return FALSE;
  *is_new = made;
  *n_changed = n_set;
  return TRUE;
}

static void
read_entry (sqlite3_stmt *row, HfLabelEntry *entry)
{
  entry->id = sqlite3_column_int64 (row, 0);
  entry->time_us = sqlite3_column_int64 (row, 1);
  entry->batch = sqlite3_column_int64 (row, 2);
  entry->undoes = sqlite3_column_int64 (row, 3);
  entry->source_id = sqlite3_column_int64 (row, 4);
  entry->image_id = sqlite3_column_int64 (row, 5);
  entry->by = (HfLabelBy) MAX (
      0, hf_label_by_find ((const char *) sqlite3_column_text (row, 8)));
  entry->shown = (HfShown) MAX (
      0, hf_shown_find ((const char *) sqlite3_column_text (row, 9)));
}

gboolean
hf_project_read_log (HfProject *self, gsize n_last, HfLabelFunc func,
                     gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) rows = hf_project_query (
      self,
      "SELECT label.id, time, batch, undoes, source, image, path, name, set_by,"
      " shown FROM label JOIN image ON image.id = label.image"
      " LEFT JOIN class ON class.id = label.class WHERE ? = 0 OR label.id >="
      " (SELECT min (id) FROM (SELECT id FROM label ORDER BY id DESC LIMIT ?))"
      " ORDER BY label.id",
      error, "ii", (gint64) n_last, (gint64) n_last);

  if (rows == NULL)
    return FALSE;
  while (hf_project_next (self, rows)) {
    g_autofree char *path = hf_column_dup (rows, 6);
    g_autofree char *name = hf_column_dup (rows, 7);
    HfLabelEntry entry = {.path = path, .class_name = name};

    read_entry (rows, &entry);
    if (!func (&entry, data, error))
      return FALSE;
  }
  return hf_project_ended (self, error);
}
