/* undo.c: steps back and forth in the label log.
 *
 *   done ---- undo ----> undone       a new label empties `undone`
 *     ^                    |
 *     +------- redo -------+
 *
 * Both are stacks of steps, and both are read off the log: every step on it
 * pushes or moves one, but for those that another program made since we opened
 * the project. What we undo is what our user saw himself do. */
#include "app/project/labels-private.h"

#include <glib/gi18n-lib.h>

typedef struct {
  GArray *done, *undone; /* gint64, the batches */
} Stacks;

static void
stacks_clear (Stacks *self)
{
  g_array_unref (self->done);
  g_array_unref (self->undone);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Stacks, stacks_clear)

/* Takes @batch off a stack. It lies on top, unless part of the log was lost. */
static void
drop (GArray *stack, gint64 batch)
{
  for (guint i = stack->len; i-- > 0;)
    if (g_array_index (stack, gint64, i) == batch) {
      g_array_remove_index (stack, i);
      return;
    }
}

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return (left > right) - (left < right);
}

/* Whether another program made the step, while we had the project open. Ours
 * stand in the order in which they were made. */
static gboolean
is_foreign (const HfProject *self, gint64 batch)
{
  return batch > self->n_before &&
         !g_array_binary_search (self->own, &batch, compare_steps, NULL);
}

static void
replay (Stacks *self, gint64 batch, HfLabelBy by, gint64 undoes)
{
  if (by == HF_LABEL_BY_UNDO) {
    drop (self->done, undoes);
    g_array_append_val (self->undone, undoes);
  } else if (by == HF_LABEL_BY_REDO) {
    drop (self->undone, undoes);
    g_array_append_val (self->done, undoes);
  } else {
    g_array_set_size (self->undone, 0);
    g_array_append_val (self->done, batch);
  }
}

static gboolean
read_stacks (HfProject *self, Stacks *stacks, GError **error)
{
  /* The bare columns are those of the row with the least id. */
  g_autoptr (sqlite3_stmt) rows = hf_project_query (
      self,
      "SELECT batch, set_by, undoes, min (id) FROM label GROUP BY batch"
      " ORDER BY batch",
      error, "");

  stacks->done = g_array_new (FALSE, FALSE, sizeof (gint64));
  stacks->undone = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (rows == NULL)
    return FALSE;
  while (hf_project_next (self, rows)) {
    gint64 batch = sqlite3_column_int64 (rows, 0);
    gint64 undoes = sqlite3_column_int64 (rows, 2);
    HfLabelBy by = (HfLabelBy) MAX (
        0, hf_label_by_find ((const char *) sqlite3_column_text (rows, 1)));

    /* Their undo of a step of ours is seen, too. */
    if (!is_foreign (self, undoes != 0 ? undoes : batch))
      replay (stacks, batch, by, undoes);
  }
  return hf_project_ended (self, error);
}

typedef struct {
  gint64 class_id;
  HfShown shown;
} Label;

/* A picture that somebody else gave another label since keeps it: the entry
 * that says so is there to mark the step as taken back. */
static gboolean
repeat_row (HfLabelStep *step, sqlite3_stmt *row, GError **error)
{
  gint64 image_id = sqlite3_column_int64 (row, 1);
  const Label set = {
      sqlite3_column_int64 (row, 2),
      (HfShown) MAX (
          0, hf_shown_find ((const char *) sqlite3_column_text (row, 3)))};
  gboolean undoes = step->by == HF_LABEL_BY_UNDO;
  Label before, now, wanted;

  if (!hf_label_step_get_before (step, image_id, step->undoes, &before.class_id,
                                 &before.shown, error) ||
      !hf_label_step_get_before (step, image_id, G_MAXINT64, &now.class_id,
                                 &now.shown, error))
    return FALSE;
  wanted = undoes ? before : set;
  if (now.class_id != (undoes ? set : before).class_id) {
    wanted = now;
    step->n_kept++;
  }
  return hf_label_step_append (step, image_id, wanted.class_id, wanted.shown,
                               error);
}

/* Appends step @batch again, or what was before it: one entry a picture, even
 * if the step set it twice. The bare columns are those of the row with the
 * greatest id. What is appended meanwhile belongs to another batch. */
static gboolean
repeat_batch (HfLabelStep *step, gint64 batch, GError **error)
{
  g_autoptr (sqlite3_stmt) rows = hf_project_query (
      step->project,
      "SELECT max (id), image, class, shown FROM label WHERE batch = ?"
      " GROUP BY image ORDER BY image",
      error, "i", batch);

  if (rows == NULL)
    return FALSE;
  while (hf_project_next (step->project, rows))
    if (!repeat_row (step, rows, error))
      return FALSE;
  return hf_project_ended (step->project, error);
}

/* Notes which classes that are listed no more step @undoes has to do with, as
 * the log does not say: they come back with their pictures, and doing the step
 * again is to take them away again. */
static gboolean
note_removed (HfLabelStep *step, GError **error)
{
  return hf_project_run (
      step->project,
      "INSERT OR REPLACE INTO setting (key, value) SELECT DISTINCT"
      " 'removed-' || ? || '-' || class, CAST (class AS BLOB) FROM label"
      " WHERE batch = ? AND class IN (SELECT id FROM class WHERE removed)",
      error, "ii", step->undoes, step->batch);
}

/* But not one that somebody else has given pictures. */
static gboolean
remove_again (HfLabelStep *step, GError **error)
{
  g_autofree char *keys =
      g_strdup_printf ("removed-%" G_GINT64_FORMAT "-*", step->undoes);

  return hf_project_run (
             step->project,
             "UPDATE class SET removed = 1 WHERE id IN (SELECT CAST (value AS"
             " INTEGER) FROM setting WHERE key GLOB ?) AND id NOT IN (SELECT"
             " class FROM current)",
             error, "s", keys) &&
         hf_project_run (step->project, "DELETE FROM setting WHERE key GLOB ?",
                         error, "s", keys);
}

static gboolean
move (HfProject *self, HfLabelBy by, gsize *n_changed, GError **error)
{
  g_auto (HfLabelStep) step = {0};
  g_auto (Stacks) stacks = {0};
  GArray *from;
  gint64 batch;

  if (!read_stacks (self, &stacks, error))
    return FALSE;
  from = by == HF_LABEL_BY_UNDO ? stacks.done : stacks.undone;
  if (from->len == 0) {
    g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_EMPTY,
                 by == HF_LABEL_BY_UNDO
                 ? _("There is nothing to undo in %s.")
                 : _("There is nothing to do again in %s."), self->path);
    return FALSE;
  }
  batch = g_array_index (from, gint64, from->len - 1);
  if (!hf_label_step_init (&step, self, by, batch, error) ||
      !repeat_batch (&step, batch, error))
    return FALSE;
  *n_changed = step.n - step.n_kept;
  return by == HF_LABEL_BY_UNDO ? note_removed (&step, error) &&
                                      hf_label_step_finish (&step, error)
                                : hf_label_step_finish (&step, error) &&
                                      remove_again (&step, error);
}

static gboolean
move_committed (HfProject *self, HfLabelBy by, gsize *n_changed, GError **error)
{
  g_autoptr (HfTransaction) transaction = hf_project_begin (self, error);
  gsize n = 0;

  if (transaction == NULL || !move (self, by, &n, error) ||
      !hf_project_commit (g_steal_pointer (&transaction), error))
    return FALSE;
  if (n_changed != NULL)
    *n_changed = n;
  return TRUE;
}

gboolean
hf_project_undo (HfProject *self, gsize *n_changed, GError **error)
{
  return move_committed (self, HF_LABEL_BY_UNDO, n_changed, error);
}

gboolean
hf_project_redo (HfProject *self, gsize *n_changed, GError **error)
{
  return move_committed (self, HF_LABEL_BY_REDO, n_changed, error);
}

gboolean
hf_project_count_steps (HfProject *self, gsize *n_undo, gsize *n_redo,
                        GError **error)
{
  g_auto (Stacks) stacks = {0};

  if (!read_stacks (self, &stacks, error))
    return FALSE;
  *n_undo = stacks.done->len;
  *n_redo = stacks.undone->len;
  return TRUE;
}
