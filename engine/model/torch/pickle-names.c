/* pickle-names.c: the names a pickle of PyTorch may speak of, and the data each
 * stands for (pytorch, torch/_utils.py and torch/serialization.py). A name that
 * is not in the table is refused when it is spoken, called or not. */
#include "model/torch/pickle-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef enum {
  MEANS_NOTHING, /* a value of no interest */
  MEANS_DICT,    /* called: a dictionary */
  MEANS_TENSOR,  /* called: a view of a storage */
  MEANS_FIRST,   /* called: its first argument */
  MEANS_CLASS,   /* a class of a TorchScript file: a bag of attributes */
  MEANS_STORAGE, /* and above: a storage of dtype (meaning - this) */
} Meaning;

static const struct {
  const char *module;
  const char *name;
  Meaning meaning;
} names[] = {
    {"collections", "OrderedDict", MEANS_DICT},
    {"torch._utils", "_rebuild_tensor", MEANS_TENSOR},
    {"torch._utils", "_rebuild_tensor_v2", MEANS_TENSOR},
    {"torch._utils", "_rebuild_parameter", MEANS_FIRST},
    {"torch.jit._pickle", "build_intlist", MEANS_FIRST},
    {"torch.jit._pickle", "build_doublelist", MEANS_FIRST},
    {"torch.jit._pickle", "build_boollist", MEANS_FIRST},
    {"torch.jit._pickle", "build_tensorlist", MEANS_FIRST},
    {"torch.jit._pickle", "restore_type_tag", MEANS_FIRST},
    {"torch", "Size", MEANS_FIRST},
    {"torch", "float32", MEANS_NOTHING},
    {"torch", "float16", MEANS_NOTHING},
    {"torch", "bfloat16", MEANS_NOTHING},
    {"torch", "float64", MEANS_NOTHING},
    {"torch", "int64", MEANS_NOTHING},
    {"torch", "FloatStorage", MEANS_STORAGE + HF_DTYPE_F32},
    {"torch", "HalfStorage", MEANS_STORAGE + HF_DTYPE_F16},
    {"torch", "BFloat16Storage", MEANS_STORAGE + HF_DTYPE_BF16},
    {"torch", "DoubleStorage", MEANS_STORAGE + HF_DTYPE_F64},
    {"torch", "LongStorage", MEANS_STORAGE + HF_DTYPE_I64},
    {"torch", "IntStorage", MEANS_STORAGE + HF_DTYPE_I32},
    {"torch", "ShortStorage", MEANS_STORAGE + HF_DTYPE_I16},
    {"torch", "CharStorage", MEANS_STORAGE + HF_DTYPE_I8},
    {"torch", "ByteStorage", MEANS_STORAGE + HF_DTYPE_U8},
    {"torch", "BoolStorage", MEANS_STORAGE + HF_DTYPE_BOOL},
};

static gboolean
is_text (const char *text, gsize length, const char *wanted)
{
  return length == strlen (wanted) && memcmp (text, wanted, length) == 0;
}

static void
set_unsafe (const char *module, gsize module_length, const char *name,
            gsize name_length, GError **error)
{
  g_autofree char *shown =
      g_strdup_printf ("%.*s.%.*s", (int) MIN (module_length, 60), module,
                       (int) MIN (name_length, 60), name);

  for (char *c = shown; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      *c = '?';
  g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_UNSAFE,
               _("asks for %s, which is program code and not data"), shown);
}

HfPickleNode *
hf_pickle_find_global (HfPickle *self, const char *module, gsize module_length,
                       const char *name, gsize name_length, GError **error)
{
  static const char scripts[] = "__torch__";
  gsize n = strlen (scripts);
  int meaning = -1;
  HfPickleNode *node;

  /* TorchScript numbers and names its classes as it likes, all in this module
   * and those below it. */
  if (module_length >= n && memcmp (module, scripts, n) == 0 &&
      (module_length == n || module[n] == '.'))
    meaning = MEANS_CLASS;
  for (gsize i = 0; i < G_N_ELEMENTS (names) && meaning < 0; i++)
    if (is_text (module, module_length, names[i].module) &&
        is_text (name, name_length, names[i].name))
      meaning = (int) names[i].meaning;
  if (meaning < 0) {
    set_unsafe (module, module_length, name, name_length, error);
    return NULL;
  }
  node = hf_pickle_node_new (self, HF_PICKLE_GLOBAL, error);
  if (node != NULL)
    node->integer = meaning;
  return node;
}

/* ('storage', type, key, location, n_elements[, None]). */
HfPickleNode *
hf_pickle_find_storage (HfPickle *self, const HfPickleNode *id, GError **error)
{
  HfPickleNode **items =
      id->kind == HF_PICKLE_TUPLE ? (HfPickleNode **) id->items->pdata : NULL;
  guint n = items != NULL ? id->items->len : 0;
  HfPickleNode *node;

  if ((n != 5 && (n != 6 || items[5]->kind != HF_PICKLE_NONE)) ||
      !hf_pickle_node_is_string (items[0], "storage") ||
      items[1]->kind != HF_PICKLE_GLOBAL || items[1]->integer < MEANS_STORAGE ||
      items[2]->kind != HF_PICKLE_STRING || items[4]->kind != HF_PICKLE_INT ||
      items[4]->integer < 0) {
    hf_pickle_refuse (error, _("it speaks of something outside that is no "
                               "block of numbers"));
    return NULL;
  }
  node = hf_pickle_node_new (self, HF_PICKLE_NONE, error);
  if (node == NULL)
    return NULL;
  node->storage = g_new0 (HfPickleStorage, 1);
  node->kind = HF_PICKLE_STORAGE;
  node->storage->key = items[2];
  node->storage->dtype = (HfDtype) (items[1]->integer - MEANS_STORAGE);
  node->storage->n_elements = items[4]->integer;
  hf_pickle_keep_storage (self, node->storage);
  return node;
}

/* A tuple of at most HF_TENSOR_MAX_DIMS numbers >= 0 into @out. */
static gboolean
read_sizes (const HfPickleNode *node, gint64 *out, int *n)
{
  if ((node->kind != HF_PICKLE_TUPLE && node->kind != HF_PICKLE_LIST) ||
      node->items->len > HF_TENSOR_MAX_DIMS)
    return FALSE;
  for (guint i = 0; i < node->items->len; i++) {
    const HfPickleNode *item = g_ptr_array_index (node->items, i);

    if (item->kind != HF_PICKLE_INT || item->integer < 0)
      return FALSE;
    out[i] = item->integer;
  }
  *n = (int) node->items->len;
  return TRUE;
}

/* Whether the view lies within its storage and has no more elements than it,
 * so that no view can be larger than what is in the file. */
static gboolean
fits (const HfPickleTensor *tensor)
{
  gsize n = 1, last = (gsize) tensor->offset;
  gsize have = (gsize) tensor->storage->n_elements;
  gboolean is_empty = FALSE;

  for (int d = 0; d < tensor->view.n_dims; d++) {
    gsize size = MAX ((gsize) tensor->view.shape[d], 1), reach = 0;

    is_empty |= tensor->view.shape[d] == 0;
    if (!g_size_checked_mul (&n, n, size) || n > G_MAXINT64 ||
        !g_size_checked_mul (&reach, size - 1,
                             (gsize) tensor->view.strides[d]) ||
        !g_size_checked_add (&last, last, reach))
      return FALSE;
  }
  if (is_empty)
    return (gsize) tensor->offset <= have;
  return n <= have && last < have;
}

/* (storage, offset, sizes, strides, ...); what follows concerns training. */
static HfPickleNode *
build_tensor (HfPickle *self, const HfPickleNode *args, GError **error)
{
  HfPickleNode **items = (HfPickleNode **) args->items->pdata;
  HfPickleTensor tensor = {0};
  HfPickleNode *node;
  int n_strides = 0;

  if (args->items->len < 4 || items[0]->kind != HF_PICKLE_STORAGE ||
      items[1]->kind != HF_PICKLE_INT || items[1]->integer < 0 ||
      !read_sizes (items[2], tensor.view.shape, &tensor.view.n_dims) ||
      !read_sizes (items[3], tensor.view.strides, &n_strides) ||
      n_strides != tensor.view.n_dims) {
    hf_pickle_refuse (error, _("a tensor is built out of something else"));
    return NULL;
  }
  tensor.storage = items[0]->storage;
  tensor.offset = items[1]->integer;
  tensor.view.dtype = tensor.storage->dtype;
  if (!fits (&tensor)) {
    hf_pickle_refuse (error, _("a tensor reaches past its numbers"));
    return NULL;
  }
  /* Rows of nothing lie nowhere: no view of an empty tensor may leave it. */
  if (hf_tensor_get_n_elements (&tensor.view) == 0)
    memset (tensor.view.strides, 0, sizeof (tensor.view.strides));
  node = hf_pickle_node_new (self, HF_PICKLE_NONE, error);
  if (node == NULL)
    return NULL;
  node->tensor = g_memdup2 (&tensor, sizeof (tensor));
  node->kind = HF_PICKLE_TENSOR;
  return node;
}

HfPickleNode *
hf_pickle_reduce (HfPickle *self, const HfPickleNode *global,
                  HfPickleNode *args, GError **error)
{
  switch (global->integer) {
  case MEANS_DICT:
    if (args->items->len == 0)
      return hf_pickle_node_new_items (self, HF_PICKLE_DICT, error);
    break;
  case MEANS_TENSOR:
    return build_tensor (self, args, error);
  case MEANS_FIRST:
    if (args->items->len > 0)
      return g_ptr_array_index (args->items, 0);
    break;
  case MEANS_CLASS:
    return hf_pickle_new_object (self, global, args, error);
  default:
    break;
  }
  hf_pickle_refuse (error, _("it calls what cannot be called so"));
  return NULL;
}

HfPickleNode *
hf_pickle_new_object (HfPickle *self, const HfPickleNode *global,
                      const HfPickleNode *args, GError **error)
{
  if (global->integer == MEANS_CLASS && args->items->len == 0)
    return hf_pickle_node_new (self, HF_PICKLE_OBJECT, error);
  /* Ordered dictionaries may be made this way too. */
  if (global->integer == MEANS_DICT && args->items->len == 0)
    return hf_pickle_node_new_items (self, HF_PICKLE_DICT, error);
  hf_pickle_refuse (error, _("it makes an object of no known class"));
  return NULL;
}
