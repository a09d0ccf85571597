/* refresh.c: numbers, in a thread of their own. */
#include "ui/workspace/workspace-private.h"

#include <glib/gi18n.h>

G_DEFINE_BOXED_TYPE (HfNumbers, hf_numbers, hf_numbers_ref, hf_numbers_unref)

HfNumbers *
hf_workspace_get_numbers (HfWorkspace *self)
{
  return self->numbers;
}

gboolean
hf_workspace_get_refreshing (HfWorkspace *self)
{
  return self->refreshing;
}

void
hf_workspace_run (HfWorkspace *self, HfJob *job, HfWorkspaceDeskFunc func,
                  HfWorkspaceDoneFunc done, gpointer data,
                  GDestroyNotify free_data)
{
  g_autoptr (GError) error =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED,
                           _ ("The model of the project is not open."));

  if (done != NULL)
    done (self, data, error);
  if (free_data != NULL)
    free_data (data);
}

void
hf_workspace_reload (HfWorkspace *self)
{
  hf_workspace_read_again (self);
  hf_workspace_tell_settings (self);
}
