/* pickle-opcodes.c: one function for each group of opcodes (CPython,
 * Lib/pickletools.py, describes them). Protocols 2 to 5 as PyTorch writes them;
 * the text opcodes of protocol 0 are not read. */
#include "model/torch/pickle-machine-private.h"

#include "model/torch/pickle-private.h"

#include <glib/gi18n-lib.h>

#define MAX_MARKS 10000
#define MAX_MEMO 1000000

typedef gboolean (*Handler) (HfPickle *self, guint8 op, GError **error);

static gboolean
on_proto (HfPickle *self, guint8 op, GError **error)
{
  guint64 version = 0;

  if (!hf_pickle_take_number (self, 1, &version, error))
    return FALSE;
  return version <= 5 ||
         hf_pickle_refuse (error, _("its protocol is unknown"));
}

static gboolean
on_frame (HfPickle *self, guint8 op, GError **error)
{
  guint64 length = 0;

  if (self->frame_end != NULL)
    return hf_pickle_refuse (error, _("a frame lies within a frame"));
  if (!hf_pickle_take_number (self, 8, &length, error))
    return FALSE;
  if (length > (guint64) (self->end - self->at))
    return hf_pickle_refuse (error, _("a frame reaches past its end"));
  self->frame_end = self->at + length;
  return TRUE;
}

static gboolean
on_mark (HfPickle *self, guint8 op, GError **error)
{
  if (self->marks->len >= MAX_MARKS)
    return hf_pickle_refuse (error, _("too many marks"));
  g_array_append_val (self->marks, self->stack->len);
  return TRUE;
}

static gboolean
on_pop (HfPickle *self, guint8 op, GError **error)
{
  guint height = 0;

  if (op == '0')
    return hf_pickle_pop (self, error) != NULL;
  if (!hf_pickle_pop_mark (self, &height, error))
    return FALSE;
  g_ptr_array_set_size (self->stack, (int) height);
  return TRUE;
}

static gboolean
on_dup (HfPickle *self, guint8 op, GError **error)
{
  return hf_pickle_push (self, hf_pickle_peek (self, error), error);
}

static gboolean
on_constant (HfPickle *self, guint8 op, GError **error)
{
  HfPickleNode *node = hf_pickle_node_new (
      self, op == 'N' ? HF_PICKLE_NONE : HF_PICKLE_BOOL, error);

  if (node != NULL && op == 0x88)
    node->integer = 1;
  return hf_pickle_push (self, node, error);
}

static gboolean
on_int (HfPickle *self, guint8 op, GError **error)
{
  HfPickleNode *node = hf_pickle_node_new (self, HF_PICKLE_INT, error);
  guint64 value = 0;

  if (node == NULL || !hf_pickle_take_number (self,
                                              op == 'J'   ? 4
                                              : op == 'M' ? 2
                                                          : 1,
                                              &value, error))
    return FALSE;
  node->integer = op == 'J' ? (gint32) (guint32) value : (gint64) value;
  return hf_pickle_push (self, node, error);
}

/* LONG1: two's complement of any length up to 255. */
static gboolean
on_long (HfPickle *self, guint8 op, GError **error)
{
  HfPickleNode *node = hf_pickle_node_new (self, HF_PICKLE_LONG, error);
  guint64 length = 0, value = 0;
  const guint8 *bytes;

  if (node == NULL || !hf_pickle_take_number (self, 1, &length, error))
    return FALSE;
  bytes = hf_pickle_take_bytes (self, length, error);
  if (bytes == NULL)
    return FALSE;
  if (length > 8) {
    node->text = (const char *) bytes;
    node->length = length;
    return hf_pickle_push (self, node, error);
  }
  if (length > 0 && (bytes[length - 1] & 0x80))
    value = G_MAXUINT64;
  for (gsize i = length; i-- > 0;)
    value = value << 8 | bytes[i];
  node->kind = HF_PICKLE_INT;
  node->integer = (gint64) value;
  return hf_pickle_push (self, node, error);
}

static gboolean
on_float (HfPickle *self, guint8 op, GError **error)
{
  return hf_pickle_take_bytes (self, 8, error) != NULL &&
         hf_pickle_push (
             self, hf_pickle_node_new (self, HF_PICKLE_FLOAT, error), error);
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
      !hf_pickle_take_number (self, get_length_width (op), &length, error))
    return FALSE;
  node->text = (const char *) hf_pickle_take_bytes (self, length, error);
  if (node->text == NULL)
    return FALSE;
  node->length = length;
  if ((is_text || is_old) && g_utf8_validate_len (node->text, length, NULL))
    node->kind = HF_PICKLE_STRING;
  else if (is_text)
    return hf_pickle_refuse (error, _("a text is not UTF-8"));
  return hf_pickle_push (self, node, error);
}

static gboolean
on_empty (HfPickle *self, guint8 op, GError **error)
{
  HfPickleKind kind = op == ')'   ? HF_PICKLE_TUPLE
                      : op == ']' ? HF_PICKLE_LIST
                                  : HF_PICKLE_DICT;

  return hf_pickle_push (self, hf_pickle_node_new_items (self, kind, error),
                         error);
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

  if (node == NULL || !hf_pickle_pop_mark (self, &height, error))
    return FALSE;
  if (kind == HF_PICKLE_DICT && (self->stack->len - height) % 2 != 0)
    return hf_pickle_refuse (error, _("a key has no value"));
  return hf_pickle_move_items (self, height, node, error) &&
         hf_pickle_push (self, node, error);
}

/* TUPLE1, TUPLE2, TUPLE3. */
static gboolean
on_short_tuple (HfPickle *self, guint8 op, GError **error)
{
  HfPickleNode *node = hf_pickle_node_new_items (self, HF_PICKLE_TUPLE, error);
  guint n = op - 0x84u;

  if (node == NULL)
    return FALSE;
  if (self->stack->len - hf_pickle_get_floor (self) < n)
    return hf_pickle_refuse (error, _("a tuple lacks items"));
  return hf_pickle_move_items (self, self->stack->len - n, node, error) &&
         hf_pickle_push (self, node, error);
}

/* APPEND, APPENDS, SETITEM, SETITEMS: items onto the container below them. */
static gboolean
on_extend (HfPickle *self, guint8 op, GError **error)
{
  HfPickleKind kind = op == 'a' || op == 'e' ? HF_PICKLE_LIST : HF_PICKLE_DICT;
  guint height = 0, n = op == 'a' ? 1 : 2;
  HfPickleNode *container;

  if (op == 'e' || op == 'u') {
    if (!hf_pickle_pop_mark (self, &height, error))
      return FALSE;
  } else {
    if (self->stack->len - hf_pickle_get_floor (self) < n + 1)
      return hf_pickle_refuse (error, _("its stack is empty"));
    height = self->stack->len - n;
  }
  if (height <= hf_pickle_get_floor (self))
    return hf_pickle_refuse (error, _("items have no container"));
  container = g_ptr_array_index (self->stack, height - 1);
  if (container->kind != kind ||
      (kind == HF_PICKLE_DICT && (self->stack->len - height) % 2 != 0))
    return hf_pickle_refuse (error, _("items and container do not agree"));
  return hf_pickle_move_items (self, height, container, error);
}

static gboolean
on_put (HfPickle *self, guint8 op, GError **error)
{
  guint64 index = g_hash_table_size (self->memo);
  HfPickleNode *node;

  if (op != 0x94 &&
      !hf_pickle_take_number (self, op == 'q' ? 1 : 4, &index, error))
    return FALSE;
  node = hf_pickle_peek (self, error);
  if (node == NULL)
    return FALSE;
  if (g_hash_table_size (self->memo) >= MAX_MEMO)
    return hf_pickle_refuse (error, _("it remembers too much"));
  g_hash_table_insert (self->memo, GSIZE_TO_POINTER (index), node);
  return TRUE;
}

static gboolean
on_get (HfPickle *self, guint8 op, GError **error)
{
  guint64 index = 0;
  HfPickleNode *node;

  if (!hf_pickle_take_number (self, op == 'h' ? 1 : 4, &index, error))
    return FALSE;
  node = g_hash_table_lookup (self->memo, GSIZE_TO_POINTER (index));
  return node != NULL
             ? hf_pickle_push (self, node, error)
             : hf_pickle_refuse (error, _("it recalls what it never kept"));
}

static gboolean
on_global (HfPickle *self, guint8 op, GError **error)
{
  const char *module = NULL, *name = NULL;
  gsize module_length = 0, name_length = 0;

  if (!hf_pickle_take_line (self, &module, &module_length, error) ||
      !hf_pickle_take_line (self, &name, &name_length, error))
    return FALSE;
  return hf_pickle_push (self,
                         hf_pickle_find_global (self, module, module_length,
                                                name, name_length, error),
                         error);
}

static gboolean
on_stack_global (HfPickle *self, guint8 op, GError **error)
{
  HfPickleNode *name = hf_pickle_pop (self, error);
  HfPickleNode *module = name != NULL ? hf_pickle_pop (self, error) : NULL;

  if (module == NULL)
    return FALSE;
  if (name->kind != HF_PICKLE_STRING || module->kind != HF_PICKLE_STRING)
    return hf_pickle_refuse (error, _("a name is no text"));
  return hf_pickle_push (self,
                         hf_pickle_find_global (self, module->text,
                                                module->length, name->text,
                                                name->length, error),
                         error);
}

/* REDUCE and NEWOBJ. */
static gboolean
on_call (HfPickle *self, guint8 op, GError **error)
{
  HfPickleNode *args = hf_pickle_pop (self, error);
  HfPickleNode *global = args != NULL ? hf_pickle_pop (self, error) : NULL;

  if (global == NULL)
    return FALSE;
  if (global->kind != HF_PICKLE_GLOBAL || args->kind != HF_PICKLE_TUPLE)
    return hf_pickle_refuse (error, _("it builds something out of no class"));
  return hf_pickle_push (self,
                         op == 'R'
                             ? hf_pickle_reduce (self, global, args, error)
                             : hf_pickle_new_object (self, global, args, error),
                         error);
}

/* An object takes its state; a dictionary may have attributes (PyTorch's
 * version numbers), which say nothing about tensors. */
static gboolean
on_build (HfPickle *self, guint8 op, GError **error)
{
  HfPickleNode *state = hf_pickle_pop (self, error);
  HfPickleNode *object = state != NULL ? hf_pickle_peek (self, error) : NULL;

  if (object == NULL)
    return FALSE;
  if (state->kind != HF_PICKLE_DICT ||
      (object->kind != HF_PICKLE_OBJECT && object->kind != HF_PICKLE_DICT))
    return hf_pickle_refuse (error, _("it sets the state of no object"));
  if (object->kind == HF_PICKLE_OBJECT)
    object->state = state;
  return TRUE;
}

static gboolean
on_persistent (HfPickle *self, guint8 op, GError **error)
{
  HfPickleNode *id = hf_pickle_pop (self, error);

  return id != NULL &&
         hf_pickle_push (self, hf_pickle_find_storage (self, id, error), error);
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

gboolean
hf_pickle_run_opcode (HfPickle *self, guint8 op, GError **error)
{
  g_autofree char *what = NULL;

  if (handlers[op] != NULL)
    return handlers[op](self, op, error);
  what = g_strdup_printf (_("its opcode 0x%02x is not read"), op);
  return hf_pickle_refuse (error, what);
}
