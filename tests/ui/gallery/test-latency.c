#include "ui/latency.h"

typedef struct {
  GMainLoop *loop;
  double total_ms, longest_ms, busiest_ms;
} Stalls;

static void
stall_cb (double ms, double busy_ms, gpointer data)
{
  Stalls *stalls = data;

  stalls->total_ms += ms;
  stalls->longest_ms = MAX (stalls->longest_ms, ms);
  stalls->busiest_ms = MAX (stalls->busiest_ms, busy_ms);
}

/* What the loop has waited for; GLib's function has no place for data. */
static gint64 waited_us;

static int
wait_for_events (GPollFD *fds, guint n_fds, int timeout_ms)
{
  gint64 begun_us = g_get_monotonic_time ();
  int n_ready = g_poll (fds, n_fds, timeout_ms);

  waited_us += g_get_monotonic_time () - begun_us;
  return n_ready;
}

static gboolean
work_cb (gpointer data)
{
  g_usleep (120000);
  return G_SOURCE_REMOVE;
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (((Stalls *) data)->loop);
  return G_SOURCE_REMOVE;
}

static void
run_a_while (Stalls *stalls)
{
  g_timeout_add (300, quit_cb, stalls);
  g_main_loop_run (stalls->loop);
}

/* Waiting is no stall, work is; each is told of once. Whatever a busy machine
 * makes of the times, stalls are no more than what the loop did not wait. */
static void
test_stalls (void)
{
  Stalls stalls = {.loop = g_main_loop_new (NULL, FALSE)};
  gint64 begun_us = g_get_monotonic_time ();
  guint id = hf_latency_watch (NULL, 100, stall_cb, &stalls);

  g_main_context_set_poll_func (NULL, wait_for_events);
  run_a_while (&stalls);
  g_idle_add (work_cb, NULL);
  run_a_while (&stalls);
  g_main_context_set_poll_func (NULL, NULL);
  g_source_remove (id);
  g_assert_cmpfloat (stalls.total_ms, <=,
                     (double) (g_get_monotonic_time () - begun_us - waited_us) /
                         1000);
  g_assert_cmpfloat (stalls.longest_ms, >=, 119);
  /* Asleep is not at work. */
  g_assert_cmpfloat (stalls.busiest_ms, <, 60);
  g_main_loop_unref (stalls.loop);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/latency/work-is-a-stall-and-waiting-is-none",
                   test_stalls);
  return g_test_run ();
}
