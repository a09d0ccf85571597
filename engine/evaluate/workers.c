/* workers.c: see the header. The caller's thread is one of the workers. A lock
 * guards everything below it in Crew; it is never held while a job runs. */
#include "evaluate/workers-private.h"

typedef struct {
  HfWorkersFunc func;
  gpointer data;
  HfProgress *progress;
  gsize n_jobs;

  GMutex lock;
  gsize n_begun, n_done;
  gboolean stopped;
  gsize failed_job;
  GError *failure; /* of the earliest job that failed */
} Crew;

static gboolean
take_job (Crew *crew, gsize *index)
{
  gboolean found;

  g_mutex_lock (&crew->lock);
  found = !crew->stopped && crew->n_begun < crew->n_jobs;
  if (found)
    *index = crew->n_begun++;
  g_mutex_unlock (&crew->lock);
  return found;
}

static void
note_failure (Crew *crew, gsize index, GError *failure)
{
  g_mutex_lock (&crew->lock);
  crew->stopped = TRUE;
  if (crew->failure == NULL || index < crew->failed_job) {
    g_clear_error (&crew->failure);
    crew->failure = g_steal_pointer (&failure);
    crew->failed_job = index;
  }
  g_mutex_unlock (&crew->lock);
  g_clear_error (&failure);
}

/* Reports under the lock, so that what is done never seems to shrink. */
static void
note_done (Crew *crew)
{
  g_mutex_lock (&crew->lock);
  crew->n_done++;
  hf_progress_report (crew->progress, (gint64) crew->n_done,
                      (gint64) crew->n_jobs);
  g_mutex_unlock (&crew->lock);
}

static gpointer
work_thread (gpointer data)
{
  Crew *crew = data;
  gsize index;

  while (take_job (crew, &index)) {
    GError *failure = NULL;

    if (hf_progress_check (crew->progress, &failure) &&
        crew->func (index, crew->data, &failure))
      note_done (crew);
    else
      note_failure (crew, index, failure);
  }
  return NULL;
}

gboolean
hf_workers_run (gsize n_jobs, int n_threads, HfWorkersFunc func, gpointer data,
                HfProgress *progress, GError **error)
{
  Crew crew = {
      .func = func, .data = data, .progress = progress, .n_jobs = n_jobs};
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  gsize n_wanted = n_threads > 0 ? (gsize) n_threads : g_get_num_processors ();

  g_mutex_init (&crew.lock);
  for (gsize i = 1; i < MIN (n_wanted, n_jobs); i++) {
    /* A thread less is slower, and no failure. */
    GThread *thread = g_thread_try_new ("evaluate", work_thread, &crew, NULL);

    if (thread != NULL)
      g_ptr_array_add (threads, thread);
  }
  work_thread (&crew);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (g_ptr_array_index (threads, i));
  g_mutex_clear (&crew.lock);
  if (crew.failure == NULL)
    return TRUE;
  g_propagate_error (error, crew.failure);
  return FALSE;
}
