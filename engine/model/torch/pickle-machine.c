/* pickle-machine.c: see the header. Nodes, stack and items are counted here
 * against limits no real model comes near; marks and memo where they grow, in
 * pickle-opcodes.c. */
#include "model/torch/pickle-machine-private.h"

#include "model/torch/pickle-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_NODES 1000000
#define MAX_STACK 1000000
#define MAX_ITEMS 4000000

gboolean
hf_pickle_refuse (GError **error, const char *what)
{
  g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT,
               _("has a broken pickle: %s"), what);
  return FALSE;
}

HfPickleNode *
hf_pickle_node_new (HfPickle *self, HfPickleKind kind, GError **error)
{
  HfPickleNode *node;

  if (self->nodes->len >= MAX_NODES) {
    hf_pickle_refuse (error, _("more objects than any model"));
    return NULL;
  }
  node = g_new0 (HfPickleNode, 1);
  node->kind = kind;
  g_ptr_array_add (self->nodes, node);
  return node;
}

HfPickleNode *
hf_pickle_node_new_items (HfPickle *self, HfPickleKind kind, GError **error)
{
  HfPickleNode *node = hf_pickle_node_new (self, HF_PICKLE_NONE, error);

  if (node == NULL)
    return NULL;
  node->items = g_ptr_array_new ();
  node->kind = kind;
  return node;
}

gboolean
hf_pickle_node_is_string (const HfPickleNode *node, const char *text)
{
  return node->kind == HF_PICKLE_STRING && node->length == strlen (text) &&
         memcmp (node->text, text, node->length) == 0;
}

void
hf_pickle_keep_storage (HfPickle *self, HfPickleStorage *storage)
{
  g_ptr_array_add (self->storages, storage);
}

const guint8 *
hf_pickle_take_bytes (HfPickle *self, guint64 n, GError **error)
{
  const guint8 *limit = self->frame_end != NULL ? self->frame_end : self->end;
  const guint8 *taken = self->at;

  if (n > (guint64) (limit - self->at)) {
    hf_pickle_refuse (error, _("it ends early"));
    return NULL;
  }
  self->at += n;
  return taken;
}

gboolean
hf_pickle_take_number (HfPickle *self, int width, guint64 *value,
                       GError **error)
{
  const guint8 *bytes = hf_pickle_take_bytes (self, (guint64) width, error);

  if (bytes == NULL)
    return FALSE;
  *value = 0;
  for (int i = width - 1; i >= 0; i--)
    *value = *value << 8 | bytes[i];
  return TRUE;
}

gboolean
hf_pickle_push (HfPickle *self, HfPickleNode *node, GError **error)
{
  if (node == NULL)
    return FALSE;
  if (self->stack->len >= MAX_STACK)
    return hf_pickle_refuse (error, _("its stack is too deep"));
  g_ptr_array_add (self->stack, node);
  return TRUE;
}

guint
hf_pickle_get_floor (const HfPickle *self)
{
  return self->marks->len > 0
             ? g_array_index (self->marks, guint, self->marks->len - 1)
             : 0;
}

HfPickleNode *
hf_pickle_peek (HfPickle *self, GError **error)
{
  if (self->stack->len > hf_pickle_get_floor (self))
    return g_ptr_array_index (self->stack, self->stack->len - 1);
  hf_pickle_refuse (error, _("its stack is empty"));
  return NULL;
}

HfPickleNode *
hf_pickle_pop (HfPickle *self, GError **error)
{
  HfPickleNode *node = hf_pickle_peek (self, error);

  if (node != NULL)
    g_ptr_array_set_size (self->stack, (int) self->stack->len - 1);
  return node;
}

gboolean
hf_pickle_pop_mark (HfPickle *self, guint *height, GError **error)
{
  if (self->marks->len == 0)
    return hf_pickle_refuse (error, _("a mark is missing"));
  *height = hf_pickle_get_floor (self);
  g_array_set_size (self->marks, self->marks->len - 1);
  return TRUE;
}

gboolean
hf_pickle_move_items (HfPickle *self, guint height, HfPickleNode *node,
                      GError **error)
{
  guint n = self->stack->len - height;

  self->n_items += n;
  if (self->n_items > MAX_ITEMS)
    return hf_pickle_refuse (error, _("more items than any model"));
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (node->items, g_ptr_array_index (self->stack, height + i));
  g_ptr_array_set_size (self->stack, (int) height);
  return TRUE;
}

gboolean
hf_pickle_take_line (HfPickle *self, const char **line, gsize *length,
                     GError **error)
{
  const guint8 *limit = self->frame_end != NULL ? self->frame_end : self->end;
  const guint8 *stop = memchr (self->at, '\n', (gsize) (limit - self->at));

  if (stop == NULL)
    return hf_pickle_refuse (error, _("a name has no end"));
  *line = (const char *) self->at;
  *length = (gsize) (stop - self->at);
  self->at = stop + 1;
  return TRUE;
}
