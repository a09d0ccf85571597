/* desk-work.c: the desk's thread: opening it, and work that somebody else does
 * with it. What is calculated there is in refresh.c. */
#include "ui/workspace/workspace-private.h"

#include "app/jobs/cache.h"

#include <glib/gi18n.h>

HfSharedDesk *
hf_shared_desk_ref (HfSharedDesk *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_desk (gpointer data)
{
  hf_desk_free (((HfSharedDesk *) data)->desk);
}

void
hf_shared_desk_unref (HfSharedDesk *self)
{
  g_atomic_rc_box_release_full (self, clear_desk);
}

/* A desk on its way. */
typedef struct {
  HfDeskThread *thread;
  HfProjectSettings *settings;
  char *device;
  guint number;
  HfSharedDesk *desk;
  GError *error;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *self = data;

  g_clear_pointer (&self->settings, hf_project_settings_unref);
  g_clear_pointer (&self->desk, hf_shared_desk_unref);
  g_clear_error (&self->error);
  g_free (self->device);
  g_free (self);
}

static void
log_sentence (const char *sentence, gpointer data)
{
  g_debug ("%s", sentence);
}

static void
open_work (gpointer data)
{
  Opening *self = data;
  g_autofree char *cache = hf_cache_dup_path ();
  HfDesk *desk = hf_desk_open (self->settings, self->device, cache,
                               log_sentence, NULL, &self->error);

  g_clear_pointer (&self->thread->desk, hf_shared_desk_unref);
  if (desk == NULL)
    return;
  self->desk = g_atomic_rc_box_new0 (HfSharedDesk);
  self->desk->desk = desk;
  self->thread->desk = hf_shared_desk_ref (self->desk);
}

static void
opened (GObject *owner, gpointer data)
{
  HfWorkspace *self = HF_WORKSPACE (owner);
  Opening *opening = data;

  /* Another one is on its way. */
  if (opening->number != self->n_desks)
    return;
  hf_workspace_set_desk_trouble (self, opening->error);
  if (opening->desk == NULL) {
    hf_workspace_set_refreshing (self, FALSE);
    return;
  }
  self->desk = hf_shared_desk_ref (opening->desk);
  /* Prompts may have changed while it was opened. */
  hf_desk_set_settings (self->desk->desk, self->settings);
  hf_workspace_embed_anew (self);
  hf_workspace_labels_changed (self);
}

static void
open_desk (HfWorkspace *self)
{
  Opening *opening = g_new0 (Opening, 1);

  g_clear_pointer (&self->desk, hf_shared_desk_unref);
  if (self->calculation != NULL)
    hf_progress_cancel (self->calculation);
  if (self->batch_progress != NULL)
    hf_progress_cancel (self->batch_progress);
  hf_workspace_set_refreshing (self, TRUE);
  opening->thread = self->desk_thread;
  opening->settings = hf_project_settings_ref (self->settings);
  opening->device = g_strdup (self->device);
  opening->number = ++self->n_desks;
  hf_worker_push (self->calculator, open_work, opened, opening, opening_free,
                  FALSE);
}

static void
set_model (HfWorkspace *self)
{
  g_free (self->model);
  self->model = self->settings->blocks == HF_BLOCK_CLASSIC
      ? g_strdup (_ ("Without a model"))
      : g_strdup_printf ("%s · %s", self->settings->model_name,
                         hf_precision_get_name (self->settings->precision));
  hf_workspace_notify (self, HF_WORKSPACE_MODEL);
}

void
hf_workspace_take_settings (HfWorkspace *self, HfProjectSettings *settings,
                            gboolean anew)
{
  g_autoptr (HfProjectSettings) old = self->settings;
  gboolean same = old != NULL && g_str_equal (old->key, settings->key);

  self->settings = hf_project_settings_ref (settings);
  if (old == NULL || !g_str_equal (old->features_key, settings->features_key) ||
      anew) {
    set_model (self);
    open_desk (self);
  } else if (!same && self->desk != NULL) {
    hf_desk_set_settings (self->desk->desk, settings);
    hf_workspace_labels_changed (self);
  }
  if (old != NULL && (!same || anew))
    hf_workspace_tell_settings (self);
}

void
hf_workspace_set_device (HfWorkspace *self, const char *device)
{
  if (device != NULL && *device == '\0')
    device = NULL;
  if (self->closed || g_strcmp0 (self->device, device) == 0)
    return;
  g_free (self->device);
  self->device = g_strdup (device);
  if (self->settings != NULL)
    open_desk (self);
}

void
hf_workspace_reload (HfWorkspace *self)
{
  if (self->closed)
    return;
  hf_workspace_read_again (self);
  if (self->settings != NULL)
    hf_workspace_take_settings (self, self->settings, TRUE);
}

/* Somebody's long work with the desk. */
typedef struct {
  HfDeskThread *thread;
  HfJob *job;
  HfNumbers *numbers;
  HfWorkspaceDeskFunc func;
  HfWorkspaceDoneFunc done;
  gpointer data;
  GDestroyNotify free_data;
  GError *error;
} Run;

static void
run_free (gpointer data)
{
  Run *self = data;

  if (self->free_data != NULL)
    self->free_data (self->data);
  g_clear_object (&self->job);
  g_clear_pointer (&self->numbers, hf_numbers_unref);
  g_clear_error (&self->error);
  g_free (self);
}

static void
run_work (gpointer data)
{
  Run *self = data;

  if (self->thread->desk == NULL)
    g_set_error_literal (&self->error, G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED,
                         _ ("The model of the project is not open."));
  else
    self->func (self->thread->desk->desk, self->numbers, self->data,
                hf_job_get_progress (self->job), &self->error);
}

static void
run_done (GObject *owner, gpointer data)
{
  HfWorkspace *self = HF_WORKSPACE (owner);
  Run *run = data;

  g_ptr_array_remove (self->runs, run->job);
  hf_workspace_remove_job (self, run->job);
  if (run->done != NULL)
    run->done (self, run->data, run->error);
}

void
hf_workspace_run (HfWorkspace *self, HfJob *job, HfWorkspaceDeskFunc func,
                  HfWorkspaceDoneFunc done, gpointer data,
                  GDestroyNotify free_data)
{
  Run *run = g_new0 (Run, 1);

  *run = (Run){.thread = self->desk_thread,
               .job = job != NULL ? g_object_ref (job)
                                  : hf_job_new ("", HF_JOB_STEPS, FALSE),
               .func = func,
               .done = done,
               .data = data,
               .free_data = free_data};
  if (self->closed) {
    run_free (run);
    return;
  }
  if (self->numbers != NULL)
    run->numbers = hf_numbers_ref (self->numbers);
  if (job != NULL)
    hf_workspace_add_job (self, job);
  g_ptr_array_add (self->runs, g_object_ref (run->job));
  hf_worker_push (self->calculator, run_work, run_done, run, run_free, FALSE);
}

void
hf_workspace_start_calculator (HfWorkspace *self)
{
  self->desk_thread = g_new0 (HfDeskThread, 1);
  self->runs = g_ptr_array_new_with_free_func (g_object_unref);
  self->calculator = hf_worker_new ("calculator", G_OBJECT (self));
}

void
hf_workspace_cancel_calculator (HfWorkspace *self)
{
  g_clear_handle_id (&self->calculate_id, g_source_remove);
  g_clear_handle_id (&self->present_id, g_source_remove);
  if (self->calculator == NULL)
    return;
  if (self->calculation != NULL)
    hf_progress_cancel (self->calculation);
  self->calculation = NULL;
  for (guint i = 0; i < self->runs->len; i++)
    hf_job_cancel (self->runs->pdata[i]);
}

void
hf_workspace_stop_calculator (HfWorkspace *self)
{
  if (self->calculator == NULL)
    return;
  hf_worker_stop (self->calculator);
  g_clear_pointer (&self->calculator, hf_worker_unref);
  g_clear_pointer (&self->runs, g_ptr_array_unref);
  g_clear_pointer (&self->desk, hf_shared_desk_unref);
  g_clear_pointer (&self->desk_thread->desk, hf_shared_desk_unref);
  g_clear_pointer (&self->desk_thread, g_free);
}
