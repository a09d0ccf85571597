/* decoder.c: a ring of slots between decoding threads and one taker.
 *
 *   taken            next
 *     v               v
 *   [ready][in work][free] ...   picture i lives in slot i % n_slots
 *
 * A thread begins picture `next` once its slot is free, that is while
 * next < taken + n_slots; so memory is bounded and the order is kept. */
#include "app/jobs/decoder.h"

#include "image/pixels.h"

#include <string.h>

typedef struct {
  gboolean ready;
  GError *error;  /* why the picture is refused, or NULL */
  guint8 *pixels; /* [side_px][side_px][3] */
} Slot;

struct _HfDecoder {
  const char *const *paths;
  gsize n;
  HfFraming framing;
  int side_px;

  GMutex lock; /* guards everything below */
  GCond changed;
  gsize next, taken;
  gboolean stop;
  Slot *slots; /* [n_slots] */
  gsize n_slots;

  GThread **threads; /* [n_threads] */
  int n_threads;
};

static gsize
get_square_bytes (const HfDecoder *self)
{
  return (gsize) self->side_px * (gsize) self->side_px * 3;
}

/* Waits for a picture to begin; FALSE if there is none any more. */
static gboolean
begin_picture (HfDecoder *self, gsize *index)
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
decode_thread (gpointer data)
{
  HfDecoder *self = data;
  gsize i = 0;

  while (begin_picture (self, &i)) {
    Slot *slot = &self->slots[i % self->n_slots];
    GError *error = NULL;

    hf_pixels_load (self->paths[i], &self->framing, self->side_px, slot->pixels,
                    &error);
    g_mutex_lock (&self->lock);
    slot->error = error;
    slot->ready = TRUE;
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->lock);
  }
  return NULL;
}

HfDecoder *
hf_decoder_new (const char *const *paths, gsize n, const HfFraming *framing,
                int side_px, gsize n_ahead, int n_threads)
{
  enum { MOST_THREADS = 16 };
  HfDecoder *self = g_new0 (HfDecoder, 1);

  self->paths = paths;
  self->n = n;
  self->framing = *framing;
  self->side_px = side_px;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->n_slots = CLAMP (n, 1, MAX (n_ahead, 1));
  self->slots = g_new0 (Slot, self->n_slots);
  for (gsize i = 0; i < self->n_slots; i++)
    self->slots[i].pixels = g_malloc (get_square_bytes (self));
  if (n_threads <= 0)
    n_threads = (int) MIN (g_get_num_processors (), MOST_THREADS);
  self->n_threads = (int) MIN ((gsize) n_threads, n);
  self->threads = g_new0 (GThread *, (gsize) self->n_threads + 1);
  for (int i = 0; i < self->n_threads; i++)
    self->threads[i] = g_thread_new ("decode", decode_thread, self);
  return self;
}

void
hf_decoder_free (HfDecoder *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->stop = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  for (int i = 0; i < self->n_threads; i++)
    g_thread_join (self->threads[i]);
  for (gsize i = 0; i < self->n_slots; i++) {
    g_clear_error (&self->slots[i].error);
    g_free (self->slots[i].pixels);
  }
  g_free (self->slots);
  g_free (self->threads);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

gboolean
hf_decoder_take (HfDecoder *self, guint8 *out, GError **error)
{
  Slot *slot;
  GError *refused;

  g_return_val_if_fail (self->taken < self->n, FALSE);
  g_mutex_lock (&self->lock);
  slot = &self->slots[self->taken % self->n_slots];
  while (!slot->ready)
    g_cond_wait (&self->changed, &self->lock);
  refused = g_steal_pointer (&slot->error);
  if (refused == NULL)
    memcpy (out, slot->pixels, get_square_bytes (self));
  slot->ready = FALSE;
  self->taken++;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  if (refused == NULL)
    return TRUE;
  g_propagate_error (error, refused);
  return FALSE;
}

gsize
hf_decoder_get_n (const HfDecoder *self)
{
  return self->n;
}

int
hf_decoder_get_side_px (const HfDecoder *self)
{
  return self->side_px;
}
