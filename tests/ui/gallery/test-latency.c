#include "ui/latency.h"

typedef struct {
  GMainLoop *loop;
  int n_stalls;
  double longest_ms, busiest_ms;
} Stalls;

static void
stall_cb (double ms, double busy_ms, gpointer data)
{
  Stalls *stalls = data;

  stalls->n_stalls++;
  stalls->longest_ms = MAX (stalls->longest_ms, ms);
  stalls->busiest_ms = MAX (stalls->busiest_ms, busy_ms);
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

/* Waiting is no stall, work is; each is told of once. */
static void
test_stalls (void)
{
  Stalls stalls = {g_main_loop_new (NULL, FALSE), 0, 0, 0};
  guint id = hf_latency_watch (NULL, 100, stall_cb, &stalls);

  g_timeout_add (300, quit_cb, &stalls);
  g_main_loop_run (stalls.loop);
  g_assert_cmpint (stalls.n_stalls, ==, 0);
  g_idle_add (work_cb, NULL);
  g_timeout_add (300, quit_cb, &stalls);
  g_main_loop_run (stalls.loop);
  g_assert_cmpint (stalls.n_stalls, ==, 1);
  g_assert_cmpfloat (stalls.longest_ms, >=, 119);
  /* Asleep is not at work. */
  g_assert_cmpfloat (stalls.busiest_ms, <, 60);
  g_source_remove (id);
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
