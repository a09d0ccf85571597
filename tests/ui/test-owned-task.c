/* Tests of ui/owned-task. */
#include "ui/owned-task.h"

#define N_TASKS 2000

/* What is counted of all tasks. */
typedef struct {
  GThread *main;
  int n_done, n_owners_gone, n_data_freed;
  gboolean elsewhere; /* something ended in another thread */
} Count;

static void
check_thread (Count *count)
{
  if (g_thread_self () != count->main)
    count->elsewhere = TRUE;
}

static void
owner_gone_cb (gpointer data, GObject *owner)
{
  Count *count = data;

  check_thread (count);
  count->n_owners_gone++;
}

static void
free_data (gpointer data)
{
  Count *count = data;

  check_thread (count);
  count->n_data_freed++;
}

static void
work_thread (GTask *task, gpointer source, gpointer data,
             GCancellable *cancellable)
{
  g_assert_null (source);
  g_task_return_int (task, 7);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Count *count = data;

  g_assert_cmpint (g_task_propagate_int (G_TASK (result), NULL), ==, 7);
  g_assert_true (G_IS_SIMPLE_ACTION (source));
  check_thread (count);
  count->n_done++;
}

/* With a plain GTask one owner in some thousands ends in a thread. */
static void
test_ends_here (void)
{
  Count count = {g_thread_self (), 0, 0, 0, FALSE};

  for (int i = 0; i < N_TASKS; i++) {
    g_autoptr (GSimpleAction) owner = g_simple_action_new ("owner", NULL);
    g_autoptr (GTask) task = hf_owned_task_new (owner, NULL, done_cb, &count);

    g_object_weak_ref (G_OBJECT (owner), owner_gone_cb, &count);
    g_task_set_task_data (task, &count, free_data);
    g_task_run_in_thread (task, work_thread);
  }
  while (count.n_done < N_TASKS)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (count.n_owners_gone, ==, N_TASKS);
  g_assert_cmpint (count.n_data_freed, ==, N_TASKS);
  g_assert_false (count.elsewhere);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/owned-task/owner-and-data-end-in-the-thread-they-came-from",
      test_ends_here);
  return g_test_run ();
}
