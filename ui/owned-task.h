/* ui/owned-task.h: work in a thread for an object of the main thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A task for g_task_run_in_thread on behalf of @owner, as a rule a widget.
 *
 * A GTask drops its source object together with itself, and that is where the
 * last reference ends: now and then in its thread, after @done has run. A
 * widget must not be taken apart there, nor what its task data hold. So this
 * task has no source object; @owner is held and handed to @done as the source.
 * After it the task data are freed and @owner is let go, all in the thread that
 * calls this. Caller unrefs. */
GTask *hf_owned_task_new (gpointer owner, GCancellable *cancellable,
                          GAsyncReadyCallback done, gpointer data);

G_END_DECLS
