/* owned-task.c: see the header. */
#include "ui/owned-task.h"

typedef struct {
  GObject *owner;
  GAsyncReadyCallback done;
  gpointer data;
} Held;

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Held *held = data;

  held->done (held->owner, result, held->data);
  /* The thread is through with them: a task completes when it has returned. */
  g_task_set_task_data (G_TASK (result), NULL, NULL);
  g_object_unref (held->owner);
  g_free (held);
}

GTask *
hf_owned_task_new (gpointer owner, GCancellable *cancellable,
                   GAsyncReadyCallback done, gpointer data)
{
  Held *held = g_new (Held, 1);

  held->owner = g_object_ref (owner);
  held->done = done;
  held->data = data;
  return g_task_new (NULL, cancellable, done_cb, held);
}
