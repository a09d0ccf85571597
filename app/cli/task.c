/* task.c: see the header. Signals are blocked in every thread and waited for
 * in one; a handler only sends on what other threads receive. */
#include "app/cli/task.h"

#include "app/cli/output.h"
#include "app/cli/verbs.h"
#include "compute/device.h"

#include <errno.h>
#include <signal.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

struct _HfTask {
  HfProgress *progress;
  HfProgressBar *bar;
  sigset_t signals;
  int signal; /* atomic: the one that stopped us, or 0 */
};

static void
report_cb (gint64 done, gint64 total, gpointer data)
{
  HfTask *self = data;

  if (self->bar != NULL)
    hf_progress_bar_report (done, total, self->bar);
}

static gpointer
watch_signals_thread (gpointer data)
{
  const struct timespec grace = {.tv_sec = 1};
  HfTask *self = data;
  int number = 0;

  if (sigwait (&self->signals, &number) != 0)
    return NULL;
  g_atomic_int_set (&self->signal, number);
  hf_progress_cancel (self->progress);
  /* Returns early on a second Ctrl+C. */
  sigtimedwait (&self->signals, NULL, &grace);
  hf_progress_bar_lock ();
  _exit (128 + number);
}

/* A library may have started threads before main did anything (OpenBLAS does),
 * and a signal that reaches one of them would end the program on the spot.
 * Such a thread takes itself out and hands the signal on. */
static void
hand_on (int number, siginfo_t *unused, void *context)
{
  ucontext_t *interrupted = context;
  int code = errno;

  sigaddset (&interrupted->uc_sigmask, SIGINT);
  sigaddset (&interrupted->uc_sigmask, SIGTERM);
  sigaddset (&interrupted->uc_sigmask, SIGHUP);
  kill (getpid (), number);
  errno = code;
}

HfTask *
hf_task_start (int n_threads)
{
  const struct sigaction action = {.sa_sigaction = hand_on,
                                   .sa_flags = SA_SIGINFO | SA_RESTART};
  /* One for the process: the watching thread outlives every scope. */
  HfTask *self = g_new0 (HfTask, 1);

  hf_device_prepare_environment (n_threads);
  self->progress = hf_progress_new (report_cb, self);
  sigemptyset (&self->signals);
  sigaddset (&self->signals, SIGINT);
  sigaddset (&self->signals, SIGTERM);
  sigaddset (&self->signals, SIGHUP);
  pthread_sigmask (SIG_BLOCK, &self->signals, NULL);
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
  sigaction (SIGHUP, &action, NULL);
  g_thread_unref (g_thread_new ("signals", watch_signals_thread, self));
  return self;
}

void
hf_task_free (HfTask *self)
{
  /* The watching thread still reads the rest, until the process ends. */
  if (self != NULL)
    g_clear_pointer (&self->bar, hf_progress_bar_free);
}

void
hf_task_show_bar (HfTask *self, const char *label, HfUnit unit)
{
  g_clear_pointer (&self->bar, hf_progress_bar_free);
  if (label != NULL)
    self->bar = hf_progress_bar_new (label, unit);
}

HfProgress *
hf_task_get_progress (HfTask *self)
{
  return self->progress;
}

int
hf_task_fail (HfTask *self, const GError *error)
{
  int number = g_atomic_int_get (&self->signal);

  if (number != 0)
    return 128 + number;
  hf_task_show_bar (self, NULL, HF_UNIT_PICTURES);
  hf_complain ("%s", error->message);
  return HF_EXIT_FAILED;
}

void
hf_task_log (const char *sentence, gpointer unused)
{
  hf_complain ("%s", sentence);
}
