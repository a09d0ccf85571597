/* evaluate/workers-private.h: jobs that do not need each other, on a few
 * threads. */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

/* A crew that does one list of jobs after another and reports all of them as
 * one piece of work. Filled in by the caller; one list at a time. */
typedef struct {
  int n_threads; /* 0: one for each core */
  HfProgress *progress;
  gint64 n_total; /* units of all lists; 0: there is one list */
  gint64 n_done;  /* so far */
} HfWorkers;

/* Does job @index, by writing what belongs to that job alone. @progress is the
 * job's own: it may report a part of itself, in any unit, and is cancelled with
 * the whole. */
typedef gboolean (*HfWorkersFunc) (gsize index, gpointer data,
                                   HfProgress *progress, GError **error);

/* Runs @func for 0 .. @n_jobs - 1. @units[@n_jobs] are what each of them counts
 * in the progress; NULL: 1. Jobs begin in their order. After a failure
 * no new one begins, and the error is that of the first job that failed in the
 * order of jobs, whatever the number of threads. G_IO_ERROR_CANCELLED. */
gboolean hf_workers_run (HfWorkers *self, gsize n_jobs, const gint64 *units,
                         HfWorkersFunc func, gpointer data, GError **error);

G_END_DECLS
