/* worker.c: see the header.
 *
 *   push -> waiting -> (thread) -> results -> (main loop) -> done
 *
 * A stopped worker has no thread: what waits is dropped, or done if it must
 * be. One that ends does the same without anybody waiting for it. */
#include "ui/workspace/worker-private.h"

typedef struct {
  HfWorkFunc func; /* NULL: the thread ends */
  HfWorkDoneFunc done;
  gpointer data;
  GDestroyNotify free_data;
  gboolean must;
} Piece;

struct _HfWorker {
  GObject *owner;  /* borrowed */
  GThread *thread; /* NULL: stopped */
  GAsyncQueue *waiting, *results;
  GSource *source;       /* hands the results over */
  int stopping;          /* atomic */
  HfWorkEndedFunc ended; /* NULL: nobody asked it to end */
  guint n_open;
};

static void
piece_free (gpointer data)
{
  Piece *piece = data;

  if (piece->free_data != NULL)
    piece->free_data (piece->data);
  g_free (piece);
}

static gpointer
work_thread (gpointer data)
{
  HfWorker *self = data;

  for (;;) {
    Piece *piece = g_async_queue_pop (self->waiting);
    gboolean is_last = piece->func == NULL;

    if (!is_last && (piece->must || !g_atomic_int_get (&self->stopping)))
      piece->func (piece->data);
    g_async_queue_push (self->results, piece);
    g_source_set_ready_time (self->source, 0);
    if (is_last)
      return NULL;
  }
}

/* Waits for the thread, which was asked to stop. */
static void
leave (HfWorker *self)
{
  g_thread_join (g_steal_pointer (&self->thread));
  g_source_destroy (self->source);
  for (Piece *piece; (piece = g_async_queue_try_pop (self->results)) != NULL;)
    piece_free (piece);
  self->n_open = 0;
}

static void
hand_over (HfWorker *self, GObject *owner, Piece *piece)
{
  gboolean is_last = piece->func == NULL;

  self->n_open--;
  if (piece->done != NULL && self->ended == NULL)
    piece->done (owner, piece->data);
  piece_free (piece);
  if (!is_last)
    return;
  leave (self);
  self->ended (owner);
}

static gboolean
hand_over_cb (gpointer data)
{
  HfWorker *self = g_atomic_rc_box_acquire (data);
  g_autoptr (GObject) owner = g_object_ref (self->owner);
  Piece *piece;

  g_source_set_ready_time (self->source, -1);
  while (self->thread != NULL &&
         (piece = g_async_queue_try_pop (self->results)) != NULL)
    hand_over (self, owner, piece);
  hf_worker_unref (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  return callback (data);
}

static GSourceFuncs source_funcs = {.dispatch = dispatch};

HfWorker *
hf_worker_new (const char *name, GObject *owner)
{
  HfWorker *self = g_atomic_rc_box_new0 (HfWorker);

  self->owner = owner;
  self->waiting = g_async_queue_new_full (piece_free);
  self->results = g_async_queue_new_full (piece_free);
  self->source = g_source_new (&source_funcs, sizeof (GSource));
  g_source_set_callback (self->source, hand_over_cb, self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  self->thread = g_thread_new (name, work_thread, self);
  return self;
}

static void
ask_to_stop (HfWorker *self)
{
  g_atomic_int_set (&self->stopping, 1);
  g_async_queue_push (self->waiting, g_new0 (Piece, 1));
}

void
hf_worker_stop (HfWorker *self)
{
  if (self->thread == NULL)
    return;
  ask_to_stop (self);
  leave (self);
}

void
hf_worker_end (HfWorker *self, HfWorkEndedFunc ended)
{
  g_return_if_fail (self->thread != NULL && self->ended == NULL);
  self->ended = ended;
  ask_to_stop (self);
}

static void
clear_worker (gpointer data)
{
  HfWorker *self = data;

  hf_worker_stop (self);
  g_source_unref (self->source);
  g_async_queue_unref (self->waiting);
  g_async_queue_unref (self->results);
}

void
hf_worker_unref (HfWorker *self)
{
  g_atomic_rc_box_release_full (self, clear_worker);
}

void
hf_worker_push (HfWorker *self, HfWorkFunc func, HfWorkDoneFunc done,
                gpointer data, GDestroyNotify free_data, gboolean must)
{
  Piece *piece = g_new0 (Piece, 1);

  *piece = (Piece){.func = func,
                   .done = done,
                   .data = data,
                   .free_data = free_data,
                   .must = must};
  if (self->thread == NULL || self->ended != NULL) {
    piece_free (piece);
    return;
  }
  self->n_open++;
  g_async_queue_push (self->waiting, piece);
}

guint
hf_worker_get_n_open (HfWorker *self)
{
  return self->n_open;
}
