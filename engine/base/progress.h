/* base/progress.h: how far a long job is, and whether it shall wait or stop.
 * Made by the caller, handed down; any thread may cancel, pause or report. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _HfProgress HfProgress;

/* Called from whichever thread reports, as a rule the working one: @done of
 * @total units (bytes, images) of the job are ready; @total is 0 while unknown.
 */
typedef void (*HfProgressFunc) (gint64 done, gint64 total, gpointer data);

/* @func may be NULL, for a job that can only be cancelled. Free with
 * hf_progress_free. */
HfProgress *hf_progress_new (HfProgressFunc func,
                             gpointer data) G_GNUC_WARN_UNUSED_RESULT;
void hf_progress_free (HfProgress *self);

/* For a part of the job of @whole (may be NULL), which outlives it: what the
 * part reports goes to @func, and what cancels or pauses the whole does so to
 * the part. Free with hf_progress_free. */
HfProgress *hf_progress_new_part (HfProgress *whole, HfProgressFunc func,
                                  gpointer data) G_GNUC_WARN_UNUSED_RESULT;

/* A part that is units @first to @first + @n of the @total of @whole (may be
 * NULL): whatever it counts in, it is reported as these. */
HfProgress *hf_progress_new_stretch (HfProgress *whole, gint64 first, gint64 n,
                                     gint64 total) G_GNUC_WARN_UNUSED_RESULT;

/* All of them accept NULL for @self: a job without progress. */
void hf_progress_report (HfProgress *self, gint64 done, gint64 total);
void hf_progress_cancel (HfProgress *self);

/* While paused, hf_progress_check waits. Cancelling ends a pause. */
void hf_progress_set_paused (HfProgress *self, gboolean paused);

/* Returns FALSE with G_IO_ERROR_CANCELLED once cancelled; waits while paused.
 * Never call it with a lock or a transaction open. */
gboolean hf_progress_check (HfProgress *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfProgress, hf_progress_free)
G_END_DECLS
