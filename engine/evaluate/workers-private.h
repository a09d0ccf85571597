/* evaluate/workers-private.h: jobs that do not need each other, on a few
 * threads. */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

/* Does job @index, by writing what belongs to that job alone. */
typedef gboolean (*HfWorkersFunc) (gsize index, gpointer data, GError **error);

/* Runs @func for 0 .. @n_jobs - 1, on @n_threads threads (0: one for each
 * core). Jobs begin in their order. After a failure no new one begins, and the
 * error is that of the first job that failed in the order of jobs, whatever the
 * number of threads. Reports jobs to @progress. G_IO_ERROR_CANCELLED. */
gboolean hf_workers_run (gsize n_jobs, int n_threads, HfWorkersFunc func,
                         gpointer data, HfProgress *progress, GError **error);

G_END_DECLS
