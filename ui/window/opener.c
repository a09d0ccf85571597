/* opener.c: see the header.
 *
 *   look (thread) -> ask about subfolders -> open -> add pictures or labels
 *                                             |
 *                       damaged: ask, recover (thread), open the new file
 */
#include "ui/window/opener.h"

#include "app/jobs/pictures.h"
#include "app/project/exchange/import.h"
#include "app/project/opening/class-folders.h"
#include "app/project/opening/locate.h"
#include "app/project/sources.h"
#include "ui/settings.h"
#include "ui/window/class-folders-dialog.h"
#include "ui/window/recovery.h"

#include <glib/gi18n.h>

typedef struct {
  GtkWindow *parent;
  char *named;
  HfLocation location;
  HfClassFolders *found; /* NULL: nothing to ask */
  gboolean use_labels;
  int good; /* which folder has the good parts; -1: none */
} Opening;

static void
opening_free (Opening *self)
{
  g_clear_object (&self->parent);
  g_clear_pointer (&self->found, hf_class_folders_free);
  hf_location_clear (&self->location);
  g_free (self->named);
  g_free (self);
}

/* --- Look -------------------------------------------------------------- */

/* A project aside lies in a folder of its own, which must be there. */
static void
make_parent (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_mkdir_with_parents (folder, 0700);
}

static void
look_thread (GTask *task, gpointer source, gpointer data,
             GCancellable *cancellable)
{
  Opening *self = data;
  HfLocation *location = &self->location;
  g_autoptr (GError) error = NULL;

  if (!hf_locate (self->named, location, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (!location->exists) {
    make_parent (location->path);
    self->found = hf_class_folders_find (location->folder, NULL, NULL);
  }
  g_task_return_boolean (task, TRUE);
}

/* --- Open -------------------------------------------------------------- */

/* What is done to a project once it is open. */
typedef struct {
  char *folder;
  char *groups;
  char *good;
  char *precision;
} Filling;

static void
filling_free (gpointer data)
{
  Filling *self = data;

  g_free (self->folder);
  g_free (self->groups);
  g_free (self->good);
  g_free (self->precision);
  g_free (self);
}

static gboolean
set_precision (HfProject *project, gpointer data, GError **error)
{
  return hf_project_set_setting (project, "precision",
                                 ((Filling *) data)->precision, error);
}

static gboolean
import_labels (HfProject *project, gpointer data, GError **error)
{
  const Filling *filling = data;
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  HfImport result;

  return hf_project_import (project, filling->folder, filling->groups,
                            filling->good, refusals, NULL, &result, error);
}

static Filling *
filling_new (const Opening *self)
{
  g_autoptr (GSettings) settings = hf_settings_new ();
  Filling *filling = g_new0 (Filling, 1);

  filling->folder = g_strdup (self->location.folder);
  filling->precision = g_settings_get_string (settings, "precision");
  if (self->found == NULL)
    return filling;
  filling->groups = g_strdup (self->found->groups);
  if (self->good >= 0)
    filling->good = g_strdup (
        ((HfClassFolder *) g_ptr_array_index (self->found->folders, self->good))
            ->name);
  return filling;
}

static void
fill (HfWorkspace *workspace, const Opening *self)
{
  if (!self->location.exists)
    hf_workspace_edit (workspace, _("The precision was not set"),
                                     set_precision, NULL, filling_new (self),
                                     filling_free);
  if (self->use_labels)
    hf_workspace_edit (workspace, _("The labels were not taken"),
                                     import_labels, NULL, filling_new (self),
                                     filling_free);
  /* The import makes the classes; looking through the folder is what makes
   * pictures that have none known, and begins the embedding. */
  if (self->location.folder != NULL)
    hf_workspace_add_source (workspace, self->location.folder);
}

static void open_project (GTask *task);

static void
recovered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Opening *self = g_task_get_task_data (task);
  GError *error = NULL;
  char *path = hf_recovery_ask_finish (result, &error);

  if (path == NULL) {
    g_task_return_error (task, error);
    return;
  }
  g_free (self->location.path);
  self->location.path = path;
  open_project (g_steal_pointer (&task));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Opening *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  HfWorkspace *workspace = hf_workspace_open_finish (result, &error);

  if (workspace != NULL) {
    fill (workspace, self);
    g_task_return_pointer (task, workspace, g_object_unref);
  } else if (g_error_matches (error, HF_PROJECT_ERROR,
                              HF_PROJECT_ERROR_DAMAGED)) {
    hf_recovery_ask_async (self->parent, self->location.path, error,
                           g_task_get_cancellable (task), recovered_cb,
                           g_object_ref (task));
  } else {
    g_task_return_error (task, g_steal_pointer (&error));
  }
}

static void
open_project (GTask *task)
{
  Opening *self = g_task_get_task_data (task);
  g_autoptr (GSettings) settings = hf_settings_new ();
  g_autofree char *device = g_settings_get_string (settings, "device");

  hf_workspace_open_async (self->location.path, device,
                           g_task_get_cancellable (task), opened_cb, task);
}

/* --- Ask --------------------------------------------------------------- */

static void
answered_cb (HfClassFoldersAnswer answer, int good, gpointer data)
{
  g_autoptr (GTask) task = data;
  Opening *self = g_task_get_task_data (task);

  if (answer == HF_CLASS_FOLDERS_CANCEL) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                             "The folder was not opened.");
    return;
  }
  self->use_labels = answer == HF_CLASS_FOLDERS_USE;
  self->good = good;
  open_project (g_steal_pointer (&task));
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Opening *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (self->found != NULL)
    hf_class_folders_dialog_ask (self->parent, self->found, answered_cb,
                                 g_steal_pointer (&task));
  else
    open_project (g_steal_pointer (&task));
}

void
hf_opener_open_async (GtkWindow *parent, const char *path,
                      GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  g_autoptr (GTask) look = g_task_new (NULL, cancellable, looked_cb, task);
  Opening *self = g_new0 (Opening, 1);

  self->parent = g_object_ref (parent);
  self->named = g_strdup (path);
  self->good = -1;
  g_task_set_source_tag (task, hf_opener_open_async);
  g_task_set_task_data (task, self, (GDestroyNotify) opening_free);
  /* The first task lives until the second has come back. */
  g_task_set_task_data (look, self, NULL);
  g_task_run_in_thread (look, look_thread);
}

HfWorkspace *
hf_opener_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
