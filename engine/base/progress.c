/* progress.c: a flag and a callback. The flag is atomic, so that a window may
 * cancel while a worker reports. */
#include "base/progress.h"

struct _HfProgress {
  HfProgressFunc func;
  gpointer data;
  int cancelled; /* atomic */
};

HfProgress *
hf_progress_new (HfProgressFunc func, gpointer data)
{
  HfProgress *self = g_new0 (HfProgress, 1);

  self->func = func;
  self->data = data;
  return self;
}

void
hf_progress_free (HfProgress *self)
{
  g_free (self);
}

void
hf_progress_report (HfProgress *self, gint64 done, gint64 total)
{
  if (self != NULL && self->func != NULL)
    self->func (done, total, self->data);
}

void
hf_progress_cancel (HfProgress *self)
{
  if (self != NULL)
    g_atomic_int_set (&self->cancelled, 1);
}

gboolean
hf_progress_check (HfProgress *self, GError **error)
{
  if (self == NULL || !g_atomic_int_get (&self->cancelled))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                       "The job was cancelled.");
  return FALSE;
}
