/* store.c: the thread with the project. Every piece of work there reads again
 * what it may have changed, and the main thread shows that: so a label that the
 * disk refused goes back by itself.
 *
 * A picture with writes under way shows what the user wants; what is read
 * meanwhile is older, and waits for the last of them. */
#include "ui/workspace/workspace-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define POLL_MS 500
/* Folders are looked for once in so many polls. */
#define POLLS_A_LOOK 4

struct _HfStoreThread {
  HfProject *project;
  HfInventory *newest; /* that was read: its pictures are taken over */
};

typedef struct {
  HfStoreThread *thread;
  char *title;
  HfWorkspaceFunc func;
  HfWorkspaceDoneFunc done;
  gpointer data;
  GDestroyNotify free_data;
  void (*finish) (HfWorkspace *self, gpointer data, const GError *error);
  HfReadWhat what;
  gboolean writes;
  HfReading *reading;
  GError *error; /* of @func */
} Task;

static void
task_free (gpointer data)
{
  Task *self = data;

  if (self->free_data != NULL)
    self->free_data (self->data);
  g_clear_pointer (&self->reading, hf_reading_free);
  g_clear_error (&self->error);
  g_free (self->title);
  g_free (self);
}

static void
task_work (gpointer data)
{
  Task *self = data;
  HfStoreThread *thread = self->thread;
  g_autoptr (GError) error = NULL;

  if (self->writes)
    hf_project_check_writable (thread->project, NULL);
  if (self->func != NULL &&
      !self->func (thread->project, self->data, &self->error) &&
      self->error == NULL)
    self->what = HF_READ_NOTHING;
  if (self->what == HF_READ_NOTHING)
    return;
  self->reading =
      hf_reading_new (thread->project, self->what, thread->newest, &error);
  /* That something failed is said once. */
  if (self->reading == NULL && self->error == NULL)
    self->error = g_steal_pointer (&error);
  if (self->reading == NULL || self->reading->inventory == NULL)
    return;
  /* Never the last owner: until this reading is applied, the main thread has
   * the one before, or the reading that brings it. */
  hf_inventory_unref (thread->newest);
  thread->newest = hf_inventory_ref (self->reading->inventory);
}

static void
task_done (GObject *owner, gpointer data)
{
  HfWorkspace *self = HF_WORKSPACE (owner);
  Task *task = data;

  if (task->writes)
    hf_workspace_set_store_trouble (self, task->error);
  /* First what ends with it, so that what was read is not older. */
  if (task->finish != NULL)
    task->finish (self, task->data, task->error);
  if (task->reading != NULL)
    hf_workspace_apply (self, task->reading);
  if (task->done != NULL)
    task->done (self, task->data, task->error);
  else if (task->error != NULL && task->title != NULL)
    hf_workspace_fail (self, task->title, task->error);
}

static void
push (HfWorkspace *self, Task *task)
{
  if (self->closed) {
    task_free (task);
    return;
  }
  task->thread = self->store_thread;
  hf_worker_push (self->store, task_work, task_done, task, task_free,
                  task->writes);
}

void
hf_workspace_edit (HfWorkspace *self, const char *title, HfWorkspaceFunc func,
                   HfWorkspaceDoneFunc done, gpointer data,
                   GDestroyNotify free_data)
{
  Task *task = g_new0 (Task, 1);

  *task = (Task){.title = g_strdup (title),
                 .func = func,
                 .done = done,
                 .data = data,
                 .free_data = free_data,
                 .what = HF_READ_ALL,
                 .writes = TRUE};
  push (self, task);
}

void
hf_workspace_read (HfWorkspace *self, HfWorkspaceFunc func,
                   HfWorkspaceDoneFunc done, gpointer data,
                   GDestroyNotify free_data)
{
  Task *task = g_new0 (Task, 1);

  *task =
      (Task){.func = func, .done = done, .data = data, .free_data = free_data};
  push (self, task);
}

void
hf_workspace_read_again (HfWorkspace *self)
{
  Task *task = g_new0 (Task, 1);

  task->what = HF_READ_ALL;
  push (self, task);
}

/* Labels under way. */
typedef struct {
  HfLabelChange *changes; /* [n] */
  gsize n;
  HfLabelBy by;
  GArray *shown; /* HfShownSuggestion, of those that were suggested */
  gsize n_changed;
} Labelling;

static void
labelling_free (gpointer data)
{
  Labelling *self = data;

  g_array_unref (self->shown);
  g_free (self->changes);
  g_free (self);
}

static gboolean
write_labels (HfProject *project, gpointer data, GError **error)
{
  Labelling *self = data;

  /* First that they were shown, which decides what the labels count for. */
  if (self->shown->len > 0 &&
      !hf_project_log_suggestions (project, self->shown, error))
    return FALSE;
  return hf_project_set_labels (project, self->changes, self->n, self->by,
                                HF_SHOWN_BROWSE, &self->n_changed, error);
}

static void
begin_write (HfWorkspace *self, gint64 image_id)
{
  gint64 *key = g_new (gint64, 1);
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->pending, &image_id));

  *key = image_id;
  g_hash_table_insert (self->pending, key, GUINT_TO_POINTER (n + 1));
}

static void
end_write (HfWorkspace *self, gint64 image_id)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->pending, &image_id));

  if (n > 1) {
    gint64 *key = g_new (gint64, 1);

    *key = image_id;
    g_hash_table_insert (self->pending, key, GUINT_TO_POINTER (n - 1));
    return;
  }
  g_hash_table_remove (self->pending, &image_id);
}

static void
finish_labels (HfWorkspace *self, gpointer data, const GError *error)
{
  Labelling *labelling = data;

  for (gsize i = 0; i < labelling->n; i++)
    end_write (self, labelling->changes[i].image_id);
}

/* Behind hf_workspace_apply: what was written is read again by now, or if
 * nothing could be read, what was there before is what is known. */
static void
labels_done (HfWorkspace *self, gpointer data, const GError *error)
{
  Labelling *labelling = data;

  for (gsize i = 0; i < labelling->n; i++)
    hf_workspace_settle (self, labelling->changes[i].image_id);
  if (error != NULL)
    hf_workspace_fail (self, _("The label was not stored"), error);
  else if (labelling->n_changed > 0)
    hf_workspace_tell_labelled (self, (guint) labelling->n_changed,
                                labelling->changes[0].class_id);
  if (error == NULL)
    hf_workspace_hash_soon (self);
}

static void
push_labels (HfWorkspace *self, GArray *changes, HfLabelBy by)
{
  Labelling *labelling;
  Task *task;

  if (changes->len == 0 || self->closed)
    return;
  labelling = g_new0 (Labelling, 1);
  labelling->n = changes->len;
  labelling->changes =
      g_memdup2 (changes->data, changes->len * sizeof (HfLabelChange));
  labelling->by = by;
  labelling->shown = g_array_new (FALSE, FALSE, sizeof (HfShownSuggestion));
  task = g_new0 (Task, 1);
  *task = (Task){.func = write_labels,
                 .finish = finish_labels,
                 .done = labels_done,
                 .data = labelling,
                 .free_data = labelling_free,
                 .what = HF_READ_LABELS,
                 .writes = TRUE};
  for (gsize i = 0; i < labelling->n; i++) {
    const HfLabelChange *change = &labelling->changes[i];

    begin_write (self, change->image_id);
    if (change->class_id != 0)
      hf_workspace_add_shown (self, change->image_id, labelling->shown);
    hf_workspace_show_label (self,
                             hf_workspace_find_picture (self, change->image_id),
                             change->class_id, ++self->last_entry);
  }
  push (self, task);
}

/* What is shown may be a wish that is not on disk yet, so only the store knows
 * what is no change. */
static void
add_change (HfWorkspace *self, GArray *changes, HfPicture *picture,
            gint64 class_id)
{
  const HfPictureInfo *info = hf_picture_get_info (picture);
  const HfLabelChange change = {.image_id = info->id, .class_id = class_id};

  if (info->class_id != class_id &&
      hf_workspace_find_picture (self, info->id) == picture)
    g_array_append_val (changes, change);
}

void
hf_workspace_label (HfWorkspace *self, GPtrArray *pictures, gint64 class_id)
{
  g_autoptr (GArray) changes =
      g_array_new (FALSE, FALSE, sizeof (HfLabelChange));

  for (guint i = 0; i < pictures->len; i++)
    add_change (self, changes, pictures->pdata[i], class_id);
  push_labels (self, changes, HF_LABEL_BY_HAND);
}

/* A picture with a label shows that, and one unlike everything labelled shows
 * no class: a probe must not overrule a person unseen. */
static gboolean
shows_prediction (HfWorkspace *self, const HfPictureInfo *info)
{
  return info->class_id == 0 && info->verdict != HF_VERDICT_UNKNOWN &&
         hf_workspace_find_class (self, info->predicted_id) != NULL;
}

guint
hf_workspace_confirm (HfWorkspace *self, GPtrArray *pictures)
{
  g_autoptr (GArray) changes =
      g_array_new (FALSE, FALSE, sizeof (HfLabelChange));

  for (guint i = 0; i < pictures->len; i++) {
    const HfPictureInfo *info = hf_picture_get_info (pictures->pdata[i]);

    if (shows_prediction (self, info))
      add_change (self, changes, pictures->pdata[i], info->predicted_id);
  }
  push_labels (self, changes, HF_LABEL_BY_SUGGESTION);
  return changes->len;
}

static gboolean
undo (HfProject *project, gpointer data, GError **error)
{
  return hf_project_undo (project, NULL, error);
}

static gboolean
redo (HfProject *project, gpointer data, GError **error)
{
  return hf_project_redo (project, NULL, error);
}

/* A class that was merged away may be back: all is read. */
void
hf_workspace_undo (HfWorkspace *self)
{
  hf_workspace_edit (self, _("Nothing was undone"), undo, NULL, NULL, NULL);
}

void
hf_workspace_redo (HfWorkspace *self)
{
  hf_workspace_edit (self, _("Nothing was done again"), redo, NULL, NULL,
                              NULL);
}

/* Writes a setting as it is: nothing changes but that the disk was tried. */
static gboolean
try_disk (HfProject *project, gpointer data, GError **error)
{
  g_autofree char *views = hf_project_dup_setting (project, "views");

  if (views != NULL)
    return hf_project_set_setting (project, "views", views, error);
  return hf_project_set_setting (project, "views", "1", error) &&
         hf_project_set_setting (project, "views", NULL, error);
}

void
hf_workspace_try_again (HfWorkspace *self)
{
  if (self->store_trouble != NULL)
    hf_workspace_edit (self, _("Still not stored"), try_disk, NULL, NULL,
                                NULL);
  if (hf_workspace_get_desk_trouble (self) != NULL)
    hf_workspace_reload (self);
}

/* Without an error FALSE means that there is nothing to be read. */
static gboolean
look_for_changes (HfProject *project, gpointer data, GError **error)
{
  gboolean changed;

  return hf_project_has_changed (project, &changed, error) && changed;
}

static void
polled (HfWorkspace *self, gpointer data, const GError *error)
{
  /* A project that cannot be read for a moment is looked at again in the
   * next. */
  if (error != NULL)
    g_debug ("%s: %s", self->path, error->message);
}

static gboolean
poll_cb (gpointer data)
{
  HfWorkspace *self = data;
  Task *task;

  if (++self->n_polls % POLLS_A_LOOK == 0)
    hf_workspace_check_sources (self);
  hf_workspace_look (self, TRUE);
  if (hf_worker_get_n_open (self->store) > 0)
    return G_SOURCE_CONTINUE;
  task = g_new0 (Task, 1);
  *task = (Task){.func = look_for_changes, .done = polled, .what = HF_READ_ALL};
  push (self, task);
  return G_SOURCE_CONTINUE;
}

void
hf_workspace_start_store (HfWorkspace *self, HfProject *project)
{
  self->store_thread = g_new0 (HfStoreThread, 1);
  self->store_thread->project = project;
  self->store_thread->newest = hf_inventory_ref (self->inventory);
  self->store = hf_worker_new ("store", G_OBJECT (self));
  self->poll_id = g_timeout_add (POLL_MS, poll_cb, self);
}

void
hf_workspace_cancel_store (HfWorkspace *self)
{
  g_clear_handle_id (&self->poll_id, g_source_remove);
}

/* The last that the thread does: SQLite moves what was written into the file.
 */
static void
close_work (gpointer data)
{
  HfStoreThread *thread = data;

  g_clear_pointer (&thread->project, hf_project_close);
}

void
hf_workspace_close_project (HfWorkspace *self)
{
  hf_worker_push (self->store, close_work, NULL, self->store_thread, NULL,
                  TRUE);
}

void
hf_workspace_stop_store (HfWorkspace *self)
{
  if (self->store == NULL)
    return;
  hf_worker_stop (self->store);
  g_clear_pointer (&self->store, hf_worker_unref);
  g_clear_pointer (&self->store_thread->project, hf_project_close);
  hf_inventory_unref (self->store_thread->newest);
  g_clear_pointer (&self->store_thread, g_free);
}
