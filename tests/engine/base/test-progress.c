#include "base/progress.h"

static void
count_cb (gint64 done, gint64 total, gpointer data)
{
  *(gint64 *) data += done;
  g_assert_cmpint (total, ==, 10);
}

static void
test_report (void)
{
  gint64 sum = 0;
  g_autoptr (HfProgress) progress = hf_progress_new (count_cb, &sum);

  hf_progress_report (progress, 3, 10);
  hf_progress_report (progress, 4, 10);
  g_assert_cmpint (sum, ==, 7);
}

static void
test_cancel (void)
{
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (hf_progress_check (progress, &error));
  hf_progress_report (progress, 1, 1);
  hf_progress_cancel (progress);
  g_assert_false (hf_progress_check (progress, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gpointer
check_thread (gpointer data)
{
  return GINT_TO_POINTER (hf_progress_check (data, NULL));
}

static void
test_pause (void)
{
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  GThread *thread;

  hf_progress_set_paused (progress, TRUE);
  thread = g_thread_new ("check", check_thread, progress);
  hf_progress_set_paused (progress, FALSE);
  g_assert_true (GPOINTER_TO_INT (g_thread_join (thread)));

  hf_progress_set_paused (progress, TRUE);
  thread = g_thread_new ("check", check_thread, progress);
  hf_progress_cancel (progress);
  g_assert_false (GPOINTER_TO_INT (g_thread_join (thread)));
}

typedef struct {
  gint64 done, total;
} Heard;

static void
hear_cb (gint64 done, gint64 total, gpointer data)
{
  *(Heard *) data = (Heard){done, total};
}

/* A stretch counts as it likes, and is cancelled with the whole or alone. */
static void
test_stretch (void)
{
  Heard heard = {0};
  g_autoptr (HfProgress) whole = hf_progress_new (hear_cb, &heard);
  g_autoptr (HfProgress) outer = hf_progress_new_stretch (whole, 50, 40, 100);
  g_autoptr (HfProgress) inner = hf_progress_new_stretch (outer, 1, 1, 2);
  g_autoptr (HfProgress) orphan = hf_progress_new_stretch (NULL, 0, 1, 2);
  g_autoptr (GError) error = NULL;

  hf_progress_report (outer, 1, 4);
  g_assert_cmpint (heard.done, ==, 60);
  g_assert_cmpint (heard.total, ==, 100);
  hf_progress_report (inner, 7, 7);
  g_assert_cmpint (heard.done, ==, 90);
  hf_progress_report (inner, 0, 0);
  g_assert_cmpint (heard.done, ==, 70);
  hf_progress_report (orphan, 1, 1);
  hf_progress_cancel (inner);
  g_assert_false (hf_progress_check (inner, NULL));
  g_assert_true (hf_progress_check (outer, NULL));
  hf_progress_cancel (whole);
  g_assert_false (hf_progress_check (outer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (hf_progress_check (orphan, NULL));
}

static void
test_null (void)
{
  hf_progress_report (NULL, 1, 2);
  hf_progress_cancel (NULL);
  g_assert_true (hf_progress_check (NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/progress/reports-to-the-caller", test_report);
  g_test_add_func ("/base/progress/stays-cancelled", test_cancel);
  g_test_add_func ("/base/progress/a-pause-ends-by-resuming-or-cancelling",
                   test_pause);
  g_test_add_func ("/base/progress/a-stretch-is-a-part-of-the-whole",
                   test_stretch);
  g_test_add_func ("/base/progress/null-is-no-progress", test_null);
  return g_test_run ();
}
