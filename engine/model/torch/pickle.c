/* pickle.c: a pickle from its first opcode to STOP, and what may be asked of it
 * afterwards. Nothing recurses: the machine (pickle-machine-private.h) works on
 * a stack of its own. */
#include "model/torch/pickle.h"

#include "model/torch/pickle-machine-private.h"
#include "model/torch/pickle-private.h"

#include <glib/gi18n-lib.h>

static void
free_node (gpointer data)
{
  HfPickleNode *node = data;

  if (node->kind == HF_PICKLE_TUPLE || node->kind == HF_PICKLE_LIST ||
      node->kind == HF_PICKLE_DICT)
    g_ptr_array_unref (node->items);
  else if (node->kind == HF_PICKLE_STORAGE)
    g_free (node->storage);
  else if (node->kind == HF_PICKLE_TENSOR)
    g_free (node->tensor);
  g_free (node);
}

/* Opcodes up to STOP. */
static gboolean
run (HfPickle *self, GError **error)
{
  for (;;) {
    const guint8 *op;

    if (self->at == self->frame_end)
      self->frame_end = NULL;
    op = hf_pickle_take_bytes (self, 1, error);
    if (op == NULL)
      return FALSE;
    if (*op == '.') {
      self->top = self->marks->len == 0 ? hf_pickle_pop (self, error) : NULL;
      return self->top != NULL ||
             (self->marks->len > 0 &&
              hf_pickle_refuse (error, _("it stops within a mark")));
    }
    if (!hf_pickle_run_opcode (self, *op, error))
      return FALSE;
  }
}

HfPickle *
hf_pickle_read (const guint8 *bytes, gsize size_bytes, gsize *n_read,
                GError **error)
{
  g_autoptr (HfPickle) self = g_new0 (HfPickle, 1);

  self->start = self->at = bytes;
  self->end = bytes + size_bytes;
  self->nodes = g_ptr_array_new_with_free_func (free_node);
  self->storages = g_ptr_array_new ();
  self->stack = g_ptr_array_new ();
  self->marks = g_array_new (FALSE, FALSE, sizeof (guint));
  self->memo = g_hash_table_new (NULL, NULL);
  if (!run (self, error))
    return NULL;
  *n_read = (gsize) (self->at - self->start);
  return g_steal_pointer (&self);
}

void
hf_pickle_free (HfPickle *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->storages);
  g_ptr_array_unref (self->stack);
  g_array_unref (self->marks);
  g_hash_table_unref (self->memo);
  g_ptr_array_unref (self->nodes);
  g_free (self);
}

const HfPickleNode *
hf_pickle_get_top (const HfPickle *self)
{
  return self->top;
}

GPtrArray *
hf_pickle_get_storages (const HfPickle *self)
{
  return self->storages;
}

const HfPickleNode *
hf_pickle_node_get (const HfPickleNode *dict, const char *key)
{
  const HfPickleNode *value = NULL;

  if (dict->kind != HF_PICKLE_DICT)
    return NULL;
  /* What was set last counts. */
  for (guint i = 0; i < dict->items->len; i += 2)
    if (hf_pickle_node_is_string (g_ptr_array_index (dict->items, i), key))
      value = g_ptr_array_index (dict->items, i + 1);
  return value;
}
