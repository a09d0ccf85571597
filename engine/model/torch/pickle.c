/* pickle.c: the machine: a stack, marks on it, a memo, one function for each
 * group of opcodes (CPython, Lib/pickletools.py, describes them). Protocols 2
 * to 5 as PyTorch writes them; the text opcodes of protocol 0 are not read.
 *
 * Nothing recurses, and every list that grows is bounded: nodes, stack, marks,
 * memo and items are counted against limits no real model comes near. */
#include "model/torch/pickle.h"

#include "model/torch/pickle-private.h"

#include <string.h>

#define MAX_NODES 1000000
#define MAX_STACK 1000000
#define MAX_MARKS 10000
#define MAX_MEMO 1000000
#define MAX_ITEMS 4000000

struct _HfPickle {
  const guint8 *start;
  const guint8 *at;
  const guint8 *end;
  const guint8 *frame_end; /* or NULL outside frames */
  GPtrArray *nodes;        /* all, owned */
  GPtrArray *storages;     /* HfPickleStorage, borrowed */
  GPtrArray *stack;        /* borrowed nodes */
  GArray *marks;           /* guint: heights of the stack */
  GHashTable *memo;        /* index -> node */
  gsize n_items;           /* in all containers together */
  HfPickleNode *top;
};

typedef gboolean (*Handler) (HfPickle *self, guint8 op, GError **error);

gboolean
hf_pickle_refuse (GError **error, const char *what)
{
  g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT,
               "has a broken pickle: %s", what);
  return FALSE;
}

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

HfPickleNode *
hf_pickle_node_new (HfPickle *self, HfPickleKind kind, GError **error)
{
  HfPickleNode *node;

  if (self->nodes->len >= MAX_NODES) {
    hf_pickle_refuse (error, "more objects than any model");
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

void
hf_pickle_keep_storage (HfPickle *self, HfPickleStorage *storage)
{
  g_ptr_array_add (self->storages, storage);
}

/* Steps over @n bytes, which must lie in the frame. */
static const guint8 *
take_bytes (HfPickle *self, guint64 n, GError **error)
{
  const guint8 *limit = self->frame_end != NULL ? self->frame_end : self->end;
  const guint8 *taken = self->at;

  if (n > (guint64) (limit - self->at)) {
    hf_pickle_refuse (error, "it ends early");
    return NULL;
  }
  self->at += n;
  return taken;
}

/* A little-endian number of @width bytes. */
static gboolean
take_number (HfPickle *self, int width, guint64 *value, GError **error)
{
  const guint8 *bytes = take_bytes (self, (guint64) width, error);

  if (bytes == NULL)
    return FALSE;
  *value = 0;
  for (int i = width - 1; i >= 0; i--)
    *value = *value << 8 | bytes[i];
  return TRUE;
}

static gboolean
push (HfPickle *self, HfPickleNode *node, GError **error)
{
  if (node == NULL)
    return FALSE;
  if (self->stack->len >= MAX_STACK)
    return hf_pickle_refuse (error, "its stack is too deep");
  g_ptr_array_add (self->stack, node);
  return TRUE;
}

/* The height below which the opcodes after the last mark may not reach. */
static guint
get_floor (const HfPickle *self)
{
  return self->marks->len > 0
             ? g_array_index (self->marks, guint, self->marks->len - 1)
             : 0;
}

static HfPickleNode *
peek (HfPickle *self, GError **error)
{
  if (self->stack->len > get_floor (self))
    return g_ptr_array_index (self->stack, self->stack->len - 1);
  hf_pickle_refuse (error, "its stack is empty");
  return NULL;
}

static HfPickleNode *
pop (HfPickle *self, GError **error)
{
  HfPickleNode *node = peek (self, error);

  if (node != NULL)
    g_ptr_array_set_size (self->stack, (int) self->stack->len - 1);
  return node;
}

static gboolean
pop_mark (HfPickle *self, guint *height, GError **error)
{
  if (self->marks->len == 0)
    return hf_pickle_refuse (error, "a mark is missing");
  *height = get_floor (self);
  g_array_set_size (self->marks, self->marks->len - 1);
  return TRUE;
}

/* Moves the stack from @height on into the items of @node. */
static gboolean
move_items (HfPickle *self, guint height, HfPickleNode *node, GError **error)
{
  guint n = self->stack->len - height;

  self->n_items += n;
  if (self->n_items > MAX_ITEMS)
    return hf_pickle_refuse (error, "more items than any model");
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (node->items, g_ptr_array_index (self->stack, height + i));
  g_ptr_array_set_size (self->stack, (int) height);
  return TRUE;
}

static gboolean
on_proto (HfPickle *self, guint8 op, GError **error)
{
  guint64 version = 0;

  if (!take_number (self, 1, &version, error))
    return FALSE;
  return version <= 5 || hf_pickle_refuse (error, "its protocol is unknown");
}

static gboolean
on_frame (HfPickle *self, guint8 op, GError **error)
{
  guint64 length = 0;

  if (self->frame_end != NULL)
    return hf_pickle_refuse (error, "a frame lies within a frame");
  if (!take_number (self, 8, &length, error))
    return FALSE;
  if (length > (guint64) (self->end - self->at))
    return hf_pickle_refuse (error, "a frame reaches past its end");
  self->frame_end = self->at + length;
  return TRUE;
}

static gboolean
on_mark (HfPickle *self, guint8 op, GError **error)
{
  if (self->marks->len >= MAX_MARKS)
    return hf_pickle_refuse (error, "too many marks");
  g_array_append_val (self->marks, self->stack->len);
  return TRUE;
}

static gboolean
on_pop (HfPickle *self, guint8 op, GError **error)
{
  guint height = 0;

  if (op == '0')
    return pop (self, error) != NULL;
  if (!pop_mark (self, &height, error))
    return FALSE;
  g_ptr_array_set_size (self->stack, (int) height);
  return TRUE;
}

static gboolean
on_dup (HfPickle *self, guint8 op, GError **error)
{
  return push (self, peek (self, error), error);
}

static gboolean
on_constant (HfPickle *self, guint8 op, GError **error)
{
  HfPickleNode *node = hf_pickle_node_new (
      self, op == 'N' ? HF_PICKLE_NONE : HF_PICKLE_BOOL, error);

  if (node != NULL && op == 0x88)
    node->integer = 1;
  return push (self, node, error);
}

static gboolean
on_int (HfPickle *self, guint8 op, GError **error)
{
  HfPickleNode *node = hf_pickle_node_new (self, HF_PICKLE_INT, error);
  guint64 value = 0;

  if (node == NULL || !take_number (self,
                                    op == 'J'   ? 4
                                    : op == 'M' ? 2
                                                : 1,
                                    &value, error))
    return FALSE;
  node->integer = op == 'J' ? (gint32) (guint32) value : (gint64) value;
  return push (self, node, error);
}

/* LONG1: two's complement of any length up to 255. */
static gboolean
on_long (HfPickle *self, guint8 op, GError **error)
{
  HfPickleNode *node = hf_pickle_node_new (self, HF_PICKLE_LONG, error);
  guint64 length = 0, value = 0;
  const guint8 *bytes;

  if (node == NULL || !take_number (self, 1, &length, error))
    return FALSE;
  bytes = take_bytes (self, length, error);
  if (bytes == NULL)
    return FALSE;
  if (length > 8) {
    node->text = (const char *) bytes;
    node->length = length;
    return push (self, node, error);
  }
  if (length > 0 && (bytes[length - 1] & 0x80))
    value = G_MAXUINT64;
  for (gsize i = length; i-- > 0;)
    value = value << 8 | bytes[i];
  node->kind = HF_PICKLE_INT;
  node->integer = (gint64) value;
  return push (self, node, error);
}

static gboolean
on_float (HfPickle *self, guint8 op, GError **error)
{
  return take_bytes (self, 8, error) != NULL &&
         push (self, hf_pickle_node_new (self, HF_PICKLE_FLOAT, error), error);
}

/* Width in bytes of the length that a string opcode begins with. */
static int
get_length_width (guint8 op)
{
  if (op == 0x8c || op == 'U' || op == 'C')
    return 1;
  return op == 0x8d || op == 0x8e ? 8 : 4;
}

static gboolean
on_string (HfPickle *self, guint8 op, GError **error)
{
  gboolean is_text = op == 'X' || op == 0x8c || op == 0x8d;
  gboolean is_old = op == 'T' || op == 'U'; /* Python 2: text or bytes */
  HfPickleNode *node = hf_pickle_node_new (self, HF_PICKLE_BYTES, error);
  guint64 length = 0;

  if (node == NULL ||
      !take_number (self, get_length_width (op), &length, error))
    return FALSE;
  node->text = (const char *) take_bytes (self, length, error);
  if (node->text == NULL)
    return FALSE;
  node->length = length;
  if ((is_text || is_old) && g_utf8_validate_len (node->text, length, NULL))
    node->kind = HF_PICKLE_STRING;
  else if (is_text)
    return hf_pickle_refuse (error, "a text is not UTF-8");
  return push (self, node, error);
}

static gboolean
on_empty (HfPickle *self, guint8 op, GError **error)
{
  HfPickleKind kind = op == ')'   ? HF_PICKLE_TUPLE
                      : op == ']' ? HF_PICKLE_LIST
                                  : HF_PICKLE_DICT;

  return push (self, hf_pickle_node_new_items (self, kind, error), error);
}

/* Tuples, lists and dictionaries of what lies above the mark. */
static gboolean
on_gather (HfPickle *self, guint8 op, GError **error)
{
  HfPickleKind kind = op == 't'   ? HF_PICKLE_TUPLE
                      : op == 'l' ? HF_PICKLE_LIST
                                  : HF_PICKLE_DICT;
  HfPickleNode *node = hf_pickle_node_new_items (self, kind, error);
  guint height = 0;

  if (node == NULL || !pop_mark (self, &height, error))
    return FALSE;
  if (kind == HF_PICKLE_DICT && (self->stack->len - height) % 2 != 0)
    return hf_pickle_refuse (error, "a key has no value");
  return move_items (self, height, node, error) && push (self, node, error);
}

/* TUPLE1, TUPLE2, TUPLE3. */
static gboolean
on_short_tuple (HfPickle *self, guint8 op, GError **error)
{
  HfPickleNode *node = hf_pickle_node_new_items (self, HF_PICKLE_TUPLE, error);
  guint n = op - 0x84u;

  if (node == NULL)
    return FALSE;
  if (self->stack->len - get_floor (self) < n)
    return hf_pickle_refuse (error, "a tuple lacks items");
  return move_items (self, self->stack->len - n, node, error) &&
         push (self, node, error);
}

/* APPEND, APPENDS, SETITEM, SETITEMS: items onto the container below them. */
static gboolean
on_extend (HfPickle *self, guint8 op, GError **error)
{
  HfPickleKind kind = op == 'a' || op == 'e' ? HF_PICKLE_LIST : HF_PICKLE_DICT;
  guint height = 0, n = op == 'a' ? 1 : 2;
  HfPickleNode *container;

  if (op == 'e' || op == 'u') {
    if (!pop_mark (self, &height, error))
      return FALSE;
  } else {
    if (self->stack->len - get_floor (self) < n + 1)
      return hf_pickle_refuse (error, "its stack is empty");
    height = self->stack->len - n;
  }
  if (height <= get_floor (self))
    return hf_pickle_refuse (error, "items have no container");
  container = g_ptr_array_index (self->stack, height - 1);
  if (container->kind != kind ||
      (kind == HF_PICKLE_DICT && (self->stack->len - height) % 2 != 0))
    return hf_pickle_refuse (error, "items and container do not agree");
  return move_items (self, height, container, error);
}

static gboolean
on_put (HfPickle *self, guint8 op, GError **error)
{
  guint64 index = g_hash_table_size (self->memo);
  HfPickleNode *node;

  if (op != 0x94 && !take_number (self, op == 'q' ? 1 : 4, &index, error))
    return FALSE;
  node = peek (self, error);
  if (node == NULL)
    return FALSE;
  if (g_hash_table_size (self->memo) >= MAX_MEMO)
    return hf_pickle_refuse (error, "it remembers too much");
  g_hash_table_insert (self->memo, GSIZE_TO_POINTER (index), node);
  return TRUE;
}

static gboolean
on_get (HfPickle *self, guint8 op, GError **error)
{
  guint64 index = 0;
  HfPickleNode *node;

  if (!take_number (self, op == 'h' ? 1 : 4, &index, error))
    return FALSE;
  node = g_hash_table_lookup (self->memo, GSIZE_TO_POINTER (index));
  return node != NULL
             ? push (self, node, error)
             : hf_pickle_refuse (error, "it recalls what it never kept");
}

/* One line of text, without its end. */
static gboolean
take_line (HfPickle *self, const char **line, gsize *length, GError **error)
{
  const guint8 *limit = self->frame_end != NULL ? self->frame_end : self->end;
  const guint8 *stop = memchr (self->at, '\n', (gsize) (limit - self->at));

  if (stop == NULL)
    return hf_pickle_refuse (error, "a name has no end");
  *line = (const char *) self->at;
  *length = (gsize) (stop - self->at);
  self->at = stop + 1;
  return TRUE;
}

static gboolean
on_global (HfPickle *self, guint8 op, GError **error)
{
  const char *module = NULL, *name = NULL;
  gsize module_length = 0, name_length = 0;

  if (!take_line (self, &module, &module_length, error) ||
      !take_line (self, &name, &name_length, error))
    return FALSE;
  return push (self,
               hf_pickle_find_global (self, module, module_length, name,
                                      name_length, error),
               error);
}

static gboolean
on_stack_global (HfPickle *self, guint8 op, GError **error)
{
  HfPickleNode *name = pop (self, error);
  HfPickleNode *module = name != NULL ? pop (self, error) : NULL;

  if (module == NULL)
    return FALSE;
  if (name->kind != HF_PICKLE_STRING || module->kind != HF_PICKLE_STRING)
    return hf_pickle_refuse (error, "a name is no text");
  return push (self,
               hf_pickle_find_global (self, module->text, module->length,
                                      name->text, name->length, error),
               error);
}

/* REDUCE and NEWOBJ. */
static gboolean
on_call (HfPickle *self, guint8 op, GError **error)
{
  HfPickleNode *args = pop (self, error);
  HfPickleNode *global = args != NULL ? pop (self, error) : NULL;

  if (global == NULL)
    return FALSE;
  if (global->kind != HF_PICKLE_GLOBAL || args->kind != HF_PICKLE_TUPLE)
    return hf_pickle_refuse (error, "it builds something out of no class");
  return push (self,
               op == 'R' ? hf_pickle_reduce (self, global, args, error)
                         : hf_pickle_new_object (self, global, args, error),
               error);
}

/* An object takes its state; a dictionary may have attributes (PyTorch's
 * version numbers), which say nothing about tensors. */
static gboolean
on_build (HfPickle *self, guint8 op, GError **error)
{
  HfPickleNode *state = pop (self, error);
  HfPickleNode *object = state != NULL ? peek (self, error) : NULL;

  if (object == NULL)
    return FALSE;
  if (state->kind != HF_PICKLE_DICT ||
      (object->kind != HF_PICKLE_OBJECT && object->kind != HF_PICKLE_DICT))
    return hf_pickle_refuse (error, "it sets the state of no object");
  if (object->kind == HF_PICKLE_OBJECT)
    object->state = state;
  return TRUE;
}

static gboolean
on_persistent (HfPickle *self, guint8 op, GError **error)
{
  HfPickleNode *id = pop (self, error);

  return id != NULL &&
         push (self, hf_pickle_find_storage (self, id, error), error);
}

static const Handler handlers[256] = {
    [0x80] = on_proto,       [0x95] = on_frame,       ['('] = on_mark,
    ['0'] = on_pop,          ['1'] = on_pop,          ['2'] = on_dup,
    ['N'] = on_constant,     [0x88] = on_constant,    [0x89] = on_constant,
    ['J'] = on_int,          ['K'] = on_int,          ['M'] = on_int,
    [0x8a] = on_long,        ['G'] = on_float,        ['X'] = on_string,
    [0x8c] = on_string,      [0x8d] = on_string,      ['T'] = on_string,
    ['U'] = on_string,       ['B'] = on_string,       ['C'] = on_string,
    [0x8e] = on_string,      [')'] = on_empty,        [']'] = on_empty,
    ['}'] = on_empty,        ['t'] = on_gather,       ['l'] = on_gather,
    ['d'] = on_gather,       [0x85] = on_short_tuple, [0x86] = on_short_tuple,
    [0x87] = on_short_tuple, ['a'] = on_extend,       ['e'] = on_extend,
    ['s'] = on_extend,       ['u'] = on_extend,       ['q'] = on_put,
    ['r'] = on_put,          [0x94] = on_put,         ['h'] = on_get,
    ['j'] = on_get,          ['c'] = on_global,       [0x93] = on_stack_global,
    ['R'] = on_call,         [0x81] = on_call,        ['b'] = on_build,
    ['Q'] = on_persistent,
};

/* Opcodes up to STOP. */
static gboolean
run (HfPickle *self, GError **error)
{
  for (;;) {
    const guint8 *op;

    if (self->at == self->frame_end)
      self->frame_end = NULL;
    op = take_bytes (self, 1, error);
    if (op == NULL)
      return FALSE;
    if (*op == '.') {
      self->top = self->marks->len == 0 ? pop (self, error) : NULL;
      return self->top != NULL ||
             (self->marks->len > 0 &&
              hf_pickle_refuse (error, "it stops within a mark"));
    }
    if (handlers[*op] == NULL) {
      g_autofree char *what =
          g_strdup_printf ("its opcode 0x%02x is not read", *op);

      return hf_pickle_refuse (error, what);
    }
    if (!handlers[*op](self, *op, error))
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

gboolean
hf_pickle_node_is_string (const HfPickleNode *node, const char *text)
{
  return node->kind == HF_PICKLE_STRING && node->length == strlen (text) &&
         memcmp (node->text, text, node->length) == 0;
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
