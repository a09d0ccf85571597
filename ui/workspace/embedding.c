/* embedding.c: pictures onto the desk, in batches of about a second, so that
 * what is wanted now comes next.
 *
 *   labelled, then visible, then suggested, then the rest by path
 *
 * A job that was cancelled stops the rest: what somebody looks at or labels is
 * still embedded. */
#include "ui/workspace/workspace-private.h"

#include <glib/gi18n.h>

enum { FIRST_BATCH = 16, LEAST_BATCH = 8, MOST_BATCH = 4096 };

#define SHORT_S .4
#define LONG_S 1.2

typedef struct {
  gint64 image_id;
  char *refused; /* NULL: it has a row */
} Outcome;

typedef struct {
  HfSharedDesk *desk;
  HfInventory *inventory; /* owns the paths */
  GArray *ids;            /* gint64 */
  GPtrArray *paths;       /* const char * */
  HfProgress *progress;   /* of this batch */
  HfJob *job;
  gint64 n_before, n_all; /* of the job */
  GArray *outcomes;
  char *cache_fault; /* NULL: rows are kept for the next time */
  double seconds;
  GError *error;
} Batch;

static void
outcome_clear (gpointer data)
{
  g_free (((Outcome *) data)->refused);
}

static void
batch_free (gpointer data)
{
  Batch *self = data;

  hf_shared_desk_unref (self->desk);
  hf_inventory_unref (self->inventory);
  g_array_unref (self->ids);
  g_ptr_array_unref (self->paths);
  g_clear_pointer (&self->progress, hf_progress_free);
  g_clear_object (&self->job);
  g_array_unref (self->outcomes);
  g_free (self->cache_fault);
  g_clear_error (&self->error);
  g_free (self);
}

static void
picture_cb (gint64 image_id, const GError *refused, gpointer data)
{
  Batch *self = data;
  const Outcome outcome = {
      .image_id = image_id,
      .refused = refused != NULL ? g_strdup (refused->message) : NULL};

  g_array_append_val (self->outcomes, outcome);
  hf_progress_report (hf_job_get_progress (self->job),
                      self->n_before + self->outcomes->len, self->n_all);
}

static void
batch_work (gpointer data)
{
  Batch *self = data;
  gint64 begun_us = g_get_monotonic_time ();

  hf_desk_embed (self->desk->desk, (const gint64 *) (void *) self->ids->data,
                 (const char *const *) self->paths->pdata, self->ids->len,
                 picture_cb, self, self->progress, &self->error);
  self->cache_fault = hf_desk_dup_cache_fault (self->desk->desk);
  self->seconds =
      (double) (g_get_monotonic_time () - begun_us) / G_USEC_PER_SEC;
}

static void
end_job (HfWorkspace *self)
{
  g_autoptr (HfJob) job = g_steal_pointer (&self->embed_job);

  if (job != NULL)
    hf_workspace_remove_job (self, job);
}

static void
adjust_batch (HfWorkspace *self, const Batch *batch)
{
  if (batch->seconds < SHORT_S && batch->ids->len >= self->batch_size)
    self->batch_size = MIN (2 * self->batch_size, MOST_BATCH);
  else if (batch->seconds > LONG_S)
    self->batch_size = MAX (self->batch_size / 2, LEAST_BATCH);
}

/* The work goes on, but the next time it begins anew: said once. */
static void
tell_cache (HfWorkspace *self, const Batch *batch)
{
  g_autoptr (GError) error = NULL;

  if (batch->cache_fault == NULL || self->cache_told)
    return;
  self->cache_told = TRUE;
  error =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, batch->cache_fault);
  hf_workspace_fail (self, _("Nothing is kept for the next time"), error);
}

static void
batch_done (GObject *owner, gpointer data)
{
  HfWorkspace *self = HF_WORKSPACE (owner);
  Batch *batch = data;

  self->batch_progress = NULL;
  /* Rows of a desk that was cleared meanwhile say nothing. */
  if (batch->desk == self->desk) {
    for (guint i = 0; i < batch->outcomes->len; i++) {
      const Outcome *outcome = &g_array_index (batch->outcomes, Outcome, i);
      HfPicture *picture = hf_workspace_find_picture (self, outcome->image_id);

      if (picture != NULL && !hf_picture_get_info (picture)->gone)
        hf_workspace_show_state (
            self, picture,
            outcome->refused == NULL ? HF_PICTURE_READY : HF_PICTURE_UNREADABLE,
            outcome->refused);
    }
    if (batch->outcomes->len > 0)
      hf_workspace_rows_changed (self);
    if (batch->error != NULL &&
        !g_error_matches (batch->error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
      self->embed_failed = TRUE;
      end_job (self);
      hf_workspace_set_embed_trouble (self, batch->error);
      hf_workspace_fail (self, _ ("The pictures were not looked at"),
                                  batch->error);
    }
  }
  tell_cache (self, batch);
  adjust_batch (self, batch);
  hf_workspace_embed (self);
}

static void
add_waiting (Batch *batch, HfPicture *picture, GHashTable *taken)
{
  const HfPictureInfo *info = hf_picture_get_info (picture);
  gint64 id = info->id;

  if (info->state != HF_PICTURE_WAITING || info->path[0] == '\0' ||
      !g_hash_table_add (taken, picture))
    return;
  g_array_append_val (batch->ids, id);
  g_ptr_array_add (batch->paths, (char *) info->path);
}

static void
add_labelled (HfWorkspace *self, Batch *batch, GHashTable *taken)
{
  if (self->labels_embedded)
    return;
  for (guint i = 0; i < self->labels->len && batch->ids->len < self->batch_size;
       i++) {
    const HfProjectLabel *label =
        &g_array_index (self->labels, HfProjectLabel, i);
    HfPicture *picture = hf_workspace_find_picture (self, label->image_id);

    if (picture != NULL)
      add_waiting (batch, picture, taken);
  }
  self->labels_embedded = batch->ids->len == 0;
}

static void
add_pictures (HfWorkspace *self, Batch *batch, const GPtrArray *pictures,
              GHashTable *taken)
{
  for (guint i = 0; i < pictures->len && batch->ids->len < self->batch_size;
       i++) {
    HfPicture *picture = pictures->pdata[i];

    if (hf_workspace_find_picture (self, hf_picture_get_info (picture)->id) ==
        picture)
      add_waiting (batch, picture, taken);
  }
}

/* The cursor passes what is not waiting; it stays before what is taken now, for
 * the case that the batch is not done. */
static void
add_rest (HfWorkspace *self, Batch *batch, GHashTable *taken)
{
  const GPtrArray *pictures = self->inventory->pictures;

  while (self->cursor < pictures->len &&
         hf_picture_get_info (pictures->pdata[self->cursor])->state !=
             HF_PICTURE_WAITING)
    self->cursor++;
  if (!self->embed_rest)
    return;
  for (guint i = self->cursor;
       i < pictures->len && batch->ids->len < self->batch_size; i++)
    add_waiting (batch, pictures->pdata[i], taken);
}

static Batch *
new_batch (HfWorkspace *self)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);
  Batch *batch = g_new0 (Batch, 1);

  batch->desk = hf_shared_desk_ref (self->desk);
  batch->inventory = hf_inventory_ref (self->inventory);
  batch->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  batch->paths = g_ptr_array_new ();
  batch->outcomes = g_array_new (FALSE, FALSE, sizeof (Outcome));
  g_array_set_clear_func (batch->outcomes, outcome_clear);
  add_labelled (self, batch, taken);
  add_pictures (self, batch, self->wanted, taken);
  /* Suggested pictures have rows, or they would not be suggested; after a
   * change of the model they are still the ones that are looked at. */
  add_pictures (self, batch, self->marked, taken);
  add_rest (self, batch, taken);
  return batch;
}

static void
paused_cb (HfWorkspace *self)
{
  hf_workspace_embed (self);
}

static void
begin_job (HfWorkspace *self)
{
  if (self->embed_job != NULL)
    return;
  self->embed_job =
      hf_job_new (_ ("Looking at pictures"), HF_JOB_PICTURES, TRUE);
  g_signal_connect_object (self->embed_job, "notify::paused",
                           G_CALLBACK (paused_cb), self, G_CONNECT_SWAPPED);
  hf_workspace_add_job (self, self->embed_job);
}

void
hf_workspace_embed (HfWorkspace *self)
{
  Batch *batch;

  if (self->closed || self->desk == NULL || self->batch_progress != NULL ||
      self->embed_failed)
    return;
  if (self->embed_job != NULL && hf_job_get_cancelled (self->embed_job)) {
    self->embed_rest = FALSE;
    end_job (self);
  }
  if (self->embed_job != NULL && hf_job_get_paused (self->embed_job))
    return;
  batch = new_batch (self);
  if (batch->ids->len == 0) {
    batch_free (batch);
    end_job (self);
    return;
  }
  begin_job (self);
  batch->job = g_object_ref (self->embed_job);
  batch->n_before = (gint64) self->n_ready + self->n_unreadable;
  batch->n_all = hf_picture_list_get (self->pictures)->len;
  batch->progress = hf_progress_new (NULL, NULL);
  self->batch_progress = batch->progress;
  hf_worker_push (self->embedder, batch_work, batch_done, batch, batch_free,
                  FALSE);
}

void
hf_workspace_embed_anew (HfWorkspace *self)
{
  if (self->batch_progress != NULL)
    hf_progress_cancel (self->batch_progress);
  for (guint i = 0; i < self->inventory->pictures->len; i++) {
    HfPicture *picture = self->inventory->pictures->pdata[i];

    const HfPictureInfo *info = hf_picture_get_info (picture);

    if (info->state != HF_PICTURE_WAITING && !info->gone)
      hf_workspace_show_state (self, picture, HF_PICTURE_WAITING, NULL);
  }
  self->cursor = 0;
  self->labels_embedded = FALSE;
  self->embed_rest = TRUE;
  self->embed_failed = FALSE;
  hf_workspace_set_embed_trouble (self, NULL);
  hf_workspace_embed (self);
}

void
hf_workspace_want (HfWorkspace *self, GPtrArray *pictures)
{
  if (self->closed)
    return;
  g_ptr_array_set_size (self->wanted, 0);
  for (guint i = 0; i < pictures->len; i++)
    g_ptr_array_add (self->wanted, g_object_ref (pictures->pdata[i]));
  hf_workspace_embed (self);
}

void
hf_workspace_start_embedder (HfWorkspace *self)
{
  self->embedder = hf_worker_new ("embedder", G_OBJECT (self));
  self->batch_size = FIRST_BATCH;
  self->embed_rest = TRUE;
}

void
hf_workspace_cancel_embedder (HfWorkspace *self)
{
  if (self->batch_progress != NULL)
    hf_progress_cancel (self->batch_progress);
  self->batch_progress = NULL;
}

void
hf_workspace_stop_embedder (HfWorkspace *self)
{
  if (self->embedder == NULL)
    return;
  hf_worker_stop (self->embedder);
  g_clear_pointer (&self->embedder, hf_worker_unref);
  end_job (self);
}
