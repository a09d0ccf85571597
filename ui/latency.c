/* latency.c: see the header. A turn of the loop asks every source whether it is
 * ready (prepare), waits, asks again (check) and dispatches. A source of the
 * highest priority is asked first, so that between its check and its next
 * prepare lies all that was dispatched. */
#include "ui/latency.h"

#include <time.h>

typedef struct {
  GSource parent;
  gint64 since_us; /* the last check; 0: none yet */
  double busy_ms;  /* of the thread, then */
  double limit_ms;
  HfLatencyFunc func;
  gpointer data;
} Watch;

/* What the calling thread has computed so far. */
static double
get_busy_ms (void)
{
  struct timespec spent;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &spent);
  return (double) spent.tv_sec * 1e3 + (double) spent.tv_nsec / 1e6;
}

static gboolean
watch_prepare (GSource *source, int *timeout)
{
  Watch *self = (Watch *) source;
  double ms = (double) (g_get_monotonic_time () - self->since_us) / 1000;

  *timeout = -1;
  if (self->since_us != 0 && ms > self->limit_ms)
    self->func (ms, get_busy_ms () - self->busy_ms, self->data);
  self->since_us = 0;
  return FALSE;
}

static gboolean
watch_check (GSource *source)
{
  Watch *self = (Watch *) source;

  self->since_us = g_get_monotonic_time ();
  self->busy_ms = get_busy_ms ();
  return FALSE;
}

static gboolean
watch_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  return G_SOURCE_CONTINUE;
}

guint
hf_latency_watch (GMainContext *context, double limit_ms, HfLatencyFunc func,
                  gpointer data)
{
  static GSourceFuncs funcs = {watch_prepare, watch_check, watch_dispatch,
                               NULL,          NULL,        NULL};
  GSource *source = g_source_new (&funcs, sizeof (Watch));
  Watch *self = (Watch *) source;
  guint id;

  self->limit_ms = limit_ms;
  self->func = func;
  self->data = data;
  g_source_set_name (source, "latency");
  g_source_set_priority (source, G_MININT);
  id = g_source_attach (source, context);
  g_source_unref (source);
  return id;
}

static void
print_cb (double ms, double busy_ms, gpointer data)
{
  g_printerr ("latency: the main loop stood still for %.0f ms, busy for %.0f\n",
              ms, busy_ms);
}

void
hf_latency_watch_if_asked (void)
{
  const GDebugKey keys[] = {{"latency", 1}};

  if (g_parse_debug_string (g_getenv ("HANDFUL_DEBUG"), keys, 1) != 0)
    hf_latency_watch (NULL, HF_LATENCY_LIMIT_MS, print_cb, NULL);
}
