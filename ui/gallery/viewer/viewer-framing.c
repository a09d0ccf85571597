/* viewer-framing.c: what of the picture a model sees, as the project says. */
#include "ui/gallery/viewer/viewer-private.h"

#include "app/study/project-settings.h"

void
hf_viewer_update_framing (HfViewer *self)
{
  hf_canvas_set_framing (self->canvas, self->has_framing && self->shows_framing
                                           ? &self->framing
                                           : NULL);
}

void
hf_viewer_set_framing (HfViewer *self, const HfFraming *framing)
{
  self->has_framing = framing != NULL;
  if (framing != NULL)
    self->framing = *framing;
  hf_viewer_update_framing (self);
}

/* Of a reading of the settings; the viewer may go while it is on its way. */
typedef struct {
  GWeakRef viewer;
  HfFraming framing;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_weak_ref_clear (&reading->viewer);
  g_free (reading);
}

/* In the store's thread. */
static gboolean
read_framing (HfProject *project, gpointer data, GError **error)
{
  g_autoptr (HfProjectSettings) settings =
      hf_project_settings_new (project, error);

  if (settings == NULL)
    return FALSE;
  ((Reading *) data)->framing = settings->framing;
  return TRUE;
}

static void
framing_read_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  Reading *reading = data;
  g_autoptr (HfViewer) self = g_weak_ref_get (&reading->viewer);

  if (self != NULL && self->workspace == workspace && error == NULL)
    hf_viewer_set_framing (self, &reading->framing);
}

static void
settings_changed_cb (HfViewer *self)
{
  Reading *reading = g_new0 (Reading, 1);

  g_weak_ref_init (&reading->viewer, self);
  hf_workspace_read (self->workspace, read_framing, framing_read_cb, reading,
                     reading_free);
}

void
hf_viewer_set_workspace (HfViewer *self, HfWorkspace *workspace)
{
  if (self->workspace == workspace)
    return;
  if (self->workspace != NULL)
    g_signal_handlers_disconnect_by_data (self->workspace, self);
  g_set_object (&self->workspace, workspace);
  if (workspace == NULL)
    return;
  g_signal_connect_swapped (workspace, "settings-changed",
                            G_CALLBACK (settings_changed_cb), self);
  settings_changed_cb (self);
}
