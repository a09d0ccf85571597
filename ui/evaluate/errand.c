/* errand.c: see the header. */
#include "ui/evaluate/errand.h"

#include "app/jobs/cache.h"
#include "ui/owned-task.h"
#include "ui/settings.h"

typedef struct {
  HfWorkspace *workspace;
  HfJob *job;
  char *project_path, *device, *cache_path;
  HfErrandFunc func;
  HfErrandDoneFunc done;
  gpointer data;
  GDestroyNotify free_data;
} Errand;

static void
errand_free (gpointer data)
{
  Errand *self = data;

  if (self->free_data != NULL)
    self->free_data (self->data);
  g_object_unref (self->workspace);
  g_object_unref (self->job);
  g_free (self->project_path);
  g_free (self->device);
  g_free (self->cache_path);
  g_free (self);
}

static void
errand_thread (GTask *task, gpointer source, gpointer data,
               GCancellable *cancellable)
{
  Errand *self = data;
  const HfErrandPlace place = {self->project_path, self->device,
                               self->cache_path};
  GError *error = NULL;

  if (self->func (&place, self->data, hf_job_get_progress (self->job), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Errand *self = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (HfWorkspace) now = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  hf_workspace_remove_job (self->workspace, self->job);
  g_object_get (source, "workspace", &now, NULL);
  if (now == self->workspace)
    self->done (GTK_WIDGET (source), self->data, error);
}

HfJob *
hf_errand_start (GtkWidget *owner, HfWorkspace *workspace, const char *title,
                 HfJobUnit unit, HfErrandFunc func, HfErrandDoneFunc done,
                 gpointer data, GDestroyNotify free_data)
{
  g_autoptr (GSettings) settings = hf_settings_new ();
  g_autofree char *device = g_settings_get_string (settings, "device");
  g_autoptr (GTask) task = hf_owned_task_new (owner, NULL, done_cb, NULL);
  Errand *self = g_new0 (Errand, 1);

  self->workspace = g_object_ref (workspace);
  self->job = hf_job_new (title, unit, FALSE);
  self->project_path = g_strdup (hf_workspace_get_path (workspace));
  self->device = *device != '\0' ? g_steal_pointer (&device) : NULL;
  self->cache_path = hf_cache_dup_path ();
  self->func = func;
  self->done = done;
  self->data = data;
  self->free_data = free_data;
  hf_workspace_add_job (workspace, self->job);
  g_task_set_task_data (task, self, errand_free);
  g_task_run_in_thread (task, errand_thread);
  return g_object_ref (self->job);
}
