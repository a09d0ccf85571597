/* workers.c: see the header. The caller's thread is one of the workers. A lock
 * guards everything below it in Run; it is never held while a job runs. */
#include "evaluate/workers-private.h"

typedef struct {
  HfWorkersFunc func;
  gpointer data;
  gsize n_jobs;
  const gint64 *units; /* [n_jobs]; NULL: 1 each */
  gint64 n_units;      /* of all jobs of the list */

  GMutex lock;
  HfWorkers *workers;
  gsize n_begun;
  gboolean stopped;
  gsize failed_job;
  GError *failure; /* of the earliest job that failed */
} Run;

/* One job at work. */
typedef struct {
  Run *run;
  gint64 units;
  gint64 counted; /* of these, in what is done */
} Job;

static gboolean
take_job (Run *run, gsize *index)
{
  gboolean found;

  g_mutex_lock (&run->lock);
  found = !run->stopped && run->n_begun < run->n_jobs;
  if (found)
    *index = run->n_begun++;
  g_mutex_unlock (&run->lock);
  return found;
}

static void
note_failure (Run *run, gsize index, GError *failure)
{
  g_mutex_lock (&run->lock);
  run->stopped = TRUE;
  if (run->failure == NULL || index < run->failed_job) {
    g_clear_error (&run->failure);
    run->failure = g_steal_pointer (&failure);
    run->failed_job = index;
  }
  g_mutex_unlock (&run->lock);
  g_clear_error (&failure);
}

/* Counts the job up to @units. Reports under the lock, so that what is done
 * never seems to shrink. */
static void
count (Job *job, gint64 units)
{
  Run *run = job->run;
  HfWorkers *workers = run->workers;

  g_mutex_lock (&run->lock);
  if (units > job->counted) {
    workers->n_done += units - job->counted;
    job->counted = units;
    hf_progress_report (workers->progress, workers->n_done,
                        workers->n_total > 0 ? workers->n_total : run->n_units);
  }
  g_mutex_unlock (&run->lock);
}

/* A job reports in units of its own. */
static void
report_part (gint64 done, gint64 total, gpointer data)
{
  Job *job = data;

  if (total > 0)
    count (job, (gint64) ((double) MIN (done, total) / (double) total *
                          (double) job->units));
}

static gboolean
do_job (Run *run, gsize index, GError **error)
{
  Job job = {run, run->units != NULL ? run->units[index] : 1, 0};
  g_autoptr (HfProgress) part =
      hf_progress_new_part (run->workers->progress, report_part, &job);

  if (!hf_progress_check (part, error) ||
      !run->func (index, run->data, part, error))
    return FALSE;
  count (&job, job.units);
  return TRUE;
}

static gpointer
work_thread (gpointer data)
{
  Run *run = data;
  gsize index;

  while (take_job (run, &index)) {
    GError *failure = NULL;

    if (!do_job (run, index, &failure))
      note_failure (run, index, failure);
  }
  return NULL;
}

gboolean
hf_workers_run (HfWorkers *self, gsize n_jobs, const gint64 *units,
                HfWorkersFunc func, gpointer data, GError **error)
{
  Run run = {.func = func,
             .data = data,
             .n_jobs = n_jobs,
             .units = units,
             .workers = self};
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  gsize n_wanted =
      self->n_threads > 0 ? (gsize) self->n_threads : g_get_num_processors ();

  for (gsize i = 0; i < n_jobs; i++)
    run.n_units += units != NULL ? units[i] : 1;
  g_mutex_init (&run.lock);
  for (gsize i = 1; i < MIN (n_wanted, n_jobs); i++) {
    /* A thread less is slower, and no failure. */
    GThread *thread = g_thread_try_new ("evaluate", work_thread, &run, NULL);

    if (thread != NULL)
      g_ptr_array_add (threads, thread);
  }
  work_thread (&run);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (g_ptr_array_index (threads, i));
  g_mutex_clear (&run.lock);
  if (run.failure == NULL)
    return TRUE;
  g_propagate_error (error, run.failure);
  return FALSE;
}
