/* in-order.c: see the header. */
#include "app/jobs/in-order.h"

struct _HfInOrder {
  gsize n, next;   /* @next: the first that was not handed on */
  gpointer *items; /* [n], NULL while not there */
  GDestroyNotify free_item;
  HfInOrderFunc func;
  gpointer data;
};

HfInOrder *
hf_in_order_new (gsize n, GDestroyNotify free_item, HfInOrderFunc func,
                 gpointer data)
{
  HfInOrder *self = g_new0 (HfInOrder, 1);

  self->n = n;
  self->items = g_new0 (gpointer, n);
  self->free_item = free_item;
  self->func = func;
  self->data = data;
  return self;
}

void
hf_in_order_free (HfInOrder *self)
{
  if (self == NULL)
    return;
  for (gsize i = self->next; i < self->n; i++)
    if (self->items[i] != NULL)
      self->free_item (self->items[i]);
  g_free (self->items);
  g_free (self);
}

gboolean
hf_in_order_put (HfInOrder *self, gsize index, gpointer item, GError **error)
{
  gboolean ok = TRUE;

  g_assert (index >= self->next && index < self->n &&
            self->items[index] == NULL);
  self->items[index] = item;
  while (ok && self->next < self->n && self->items[self->next] != NULL) {
    gsize i = self->next++;

    ok = self->func (i, self->items[i], self->data, error);
    self->free_item (g_steal_pointer (&self->items[i]));
  }
  return ok;
}
