/* app/cli/task.h: one run of a verb that works: the environment of the
 * devices, Ctrl+C, progress on the terminal, and how it ends. */
#pragma once

#include "app/cli/progress-bar.h"

G_BEGIN_DECLS

typedef struct _HfTask HfTask;

/* Call before anything looks at a device or starts a thread. From here on
 * Ctrl+C (and SIGTERM, SIGHUP) cancels the progress; what does not stop within
 * a second is ended, which leaves no half file either. @n_threads as in
 * hf_device_prepare_environment. */
HfTask *hf_task_start (int n_threads) G_GNUC_WARN_UNUSED_RESULT;
void hf_task_free (HfTask *self);

/* Shows a bar on terminals until the next call or hf_task_free; NULL: none. */
void hf_task_show_bar (HfTask *self, const char *label, HfUnit unit);

/* Borrowed; what cancelling goes through. Reports reach the bar. */
HfProgress *hf_task_get_progress (HfTask *self);

/* Says why the job ended and returns the exit status: HF_EXIT_FAILED, or 128
 * and the signal's number, silently, if the user stopped it. */
int hf_task_fail (HfTask *self, const GError *error);

/* An HfDeviceLog that writes to stderr. */
void hf_task_log (const char *sentence, gpointer unused);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTask, hf_task_free)
G_END_DECLS
