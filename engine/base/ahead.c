/* ahead.c: a ring of slots between working threads and one taker.
 *
 *   taken            next
 *     v               v
 *   [ready][in work][free] ...   item i lives in slot i % n_slots
 *
 * A thread begins item `next` once its slot is free, that is while
 * next < taken + n_slots; so memory is bounded and the order is kept. */
#include "base/ahead.h"

typedef struct {
  gboolean ready;
  gpointer result;
} Slot;

struct _HfAhead {
  gsize n;
  HfAheadFunc func;
  gpointer data;
  GDestroyNotify free_result;

  GMutex lock; /* guards everything below */
  GCond changed;
  gsize next, taken;
  gboolean stop;
  Slot *slots; /* [n_slots] */
  gsize n_slots;

  GThread **threads; /* [n_threads] */
  int n_threads;
};

/* Waits for an item to begin; FALSE if there is none any more. */
static gboolean
begin_item (HfAhead *self, gsize *index)
{
  gboolean found;

  g_mutex_lock (&self->lock);
  while (!self->stop && self->next < self->n &&
         self->next >= self->taken + self->n_slots)
    g_cond_wait (&self->changed, &self->lock);
  found = !self->stop && self->next < self->n;
  if (found)
    *index = self->next++;
  g_mutex_unlock (&self->lock);
  return found;
}

static gpointer
work_thread (gpointer data)
{
  HfAhead *self = data;
  gsize i = 0;

  while (begin_item (self, &i)) {
    gpointer result = self->func (i, self->data);

    g_mutex_lock (&self->lock);
    self->slots[i % self->n_slots] = (Slot){TRUE, result};
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->lock);
  }
  return NULL;
}

HfAhead *
hf_ahead_new (gsize n, gsize n_ahead, int n_threads, HfAheadFunc func,
              gpointer data, GDestroyNotify free_result)
{
  enum { MOST_THREADS = 16 };
  HfAhead *self = g_new0 (HfAhead, 1);

  self->n = n;
  self->func = func;
  self->data = data;
  self->free_result = free_result;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->n_slots = CLAMP (n, 1, MAX (n_ahead, 1));
  self->slots = g_new0 (Slot, self->n_slots);
  if (n_threads <= 0)
    n_threads = (int) MIN (g_get_num_processors (), MOST_THREADS);
  self->n_threads = (int) MIN ((gsize) n_threads, n);
  self->threads = g_new0 (GThread *, (gsize) self->n_threads + 1);
  for (int i = 0; i < self->n_threads; i++)
    self->threads[i] = g_thread_new ("ahead", work_thread, self);
  return self;
}

void
hf_ahead_free (HfAhead *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->stop = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  for (int i = 0; i < self->n_threads; i++)
    g_thread_join (self->threads[i]);
  for (gsize i = 0; i < self->n_slots; i++)
    if (self->slots[i].result != NULL)
      self->free_result (self->slots[i].result);
  g_free (self->slots);
  g_free (self->threads);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

gpointer
hf_ahead_take (HfAhead *self)
{
  Slot *slot;
  gpointer result;

  g_return_val_if_fail (self->taken < self->n, NULL);

  g_mutex_lock (&self->lock);
  slot = &self->slots[self->taken % self->n_slots];
  while (!slot->ready)
    g_cond_wait (&self->changed, &self->lock);
  result = slot->result;
  *slot = (Slot){FALSE, NULL};
  self->taken++;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return result;
}
