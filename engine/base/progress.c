/* progress.c: two flags and a callback. The flags are atomic, so that a window
 * may cancel while a worker reports; there is no lock, so that a handler of
 * signals may cancel too. */
#include "base/progress.h"

#include <glib/gi18n-lib.h>

struct _HfProgress {
  HfProgress *whole; /* borrowed; or NULL */
  HfProgressFunc func;
  gpointer data;
  gint64 first, n, total; /* of a stretch, in units of the whole */
  int cancelled;          /* atomic */
  int paused;             /* atomic */
};

HfProgress *
hf_progress_new (HfProgressFunc func, gpointer data)
{
  HfProgress *self = g_new0 (HfProgress, 1);

  self->func = func;
  self->data = data;
  return self;
}

HfProgress *
hf_progress_new_part (HfProgress *whole, HfProgressFunc func, gpointer data)
{
  HfProgress *self = hf_progress_new (func, data);

  self->whole = whole;
  return self;
}

static void
report_stretch (gint64 done, gint64 total, gpointer data)
{
  HfProgress *self = data;
  double part = total > 0 ? (double) MIN (done, total) / (double) total : 0;

  hf_progress_report (self->whole,
                      self->first + (gint64) (part * (double) self->n),
                      self->total);
}

HfProgress *
hf_progress_new_stretch (HfProgress *whole, gint64 first, gint64 n,
                         gint64 total)
{
  HfProgress *self = hf_progress_new_part (whole, report_stretch, NULL);

  self->data = self;
  self->first = first;
  self->n = n;
  self->total = total;
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

void
hf_progress_set_paused (HfProgress *self, gboolean paused)
{
  if (self != NULL)
    g_atomic_int_set (&self->paused, paused);
}

gboolean
hf_progress_check (HfProgress *self, GError **error)
{
  enum { WAIT_US = 20 * 1000 };

  if (self == NULL)
    return TRUE;
  while (g_atomic_int_get (&self->paused) &&
         !g_atomic_int_get (&self->cancelled))
    g_usleep (WAIT_US);
  if (!g_atomic_int_get (&self->cancelled))
    return hf_progress_check (self->whole, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                       _("The job was cancelled."));
  return FALSE;
}
