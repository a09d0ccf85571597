/* app/cli/progress-bar.h: one line on stderr with how far, how fast and how
 * long still; only where stderr is a terminal. Reports may come from any
 * thread. */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

typedef enum {
  HF_UNIT_PICTURES, /* "12/80 pictures" */
  HF_UNIT_BYTES,    /* "12 MB of 80 MB" */
} HfUnit;

typedef struct _HfProgressBar HfProgressBar;

/* At most one bar at a time. */
HfProgressBar *hf_progress_bar_new (const char *label,
                                    HfUnit unit) G_GNUC_WARN_UNUSED_RESULT;

/* Removes the line from the terminal. */
void hf_progress_bar_free (HfProgressBar *self);

/* An HfProgressFunc; @bar is a HfProgressBar. */
void hf_progress_bar_report (gint64 done, gint64 total, gpointer bar);

/* Text of the line for a terminal @columns wide (caller frees). The rate and
 * the time left are shown if @per_second is above 0. */
char *hf_progress_bar_dup_line (const char *label, HfUnit unit, gint64 done,
                                gint64 total, double per_second,
                                int columns) G_GNUC_WARN_UNUSED_RESULT;

/* Between the two, the line is gone and stderr and stdout may be written. */
void hf_progress_bar_lock (void);
void hf_progress_bar_unlock (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfProgressBar, hf_progress_bar_free)
G_END_DECLS
