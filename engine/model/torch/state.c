/* state.c: see the header. The nodes may form circles and share one another;
 * a walk is bounded in depth and in steps. */
#include "model/torch/state.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_DEPTH 64
#define MAX_STEPS 1000000

typedef struct {
  char *name;
  const HfPickleTensor *tensor;
} Entry;

struct _HfTorchState {
  GArray *entries; /* Entry */
  gboolean is_script;
  gsize n_steps;
};

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error_literal (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT, what);
  return FALSE;
}

static void
clear_entry (gpointer data)
{
  g_free (((Entry *) data)->name);
}

static void
add_entry (HfTorchState *self, const char *prefix, const HfPickleNode *key,
           const HfPickleNode *value)
{
  Entry entry = {NULL, value->tensor};
  g_autofree char *leaf = g_strndup (key->text, key->length);

  entry.name = prefix[0] != '\0' ? g_strconcat (prefix, ".", leaf, NULL)
                                 : g_steal_pointer (&leaf);
  g_array_append_val (self->entries, entry);
}

/* A key that can be the name of a tensor. */
static gboolean
is_name (const HfPickleNode *key)
{
  return key->kind == HF_PICKLE_STRING && key->length < 1000 &&
         memchr (key->text, '\0', key->length) == NULL;
}

/* A dictionary of tensors; single numbers and texts beside them are let
 * pass, but no further structure. */
static gboolean
collect_dict (HfTorchState *self, const HfPickleNode *dict, GError **error)
{
  for (guint i = 0; i < dict->items->len; i += 2) {
    const HfPickleNode *key = g_ptr_array_index (dict->items, i);
    const HfPickleNode *value = g_ptr_array_index (dict->items, i + 1);

    if (!is_name (key))
      return refuse (error, _("has a tensor under something that is no name"));
    if (value->kind == HF_PICKLE_TENSOR)
      add_entry (self, "", key, value);
    else if (value->kind > HF_PICKLE_BYTES)
      return refuse (error, _("is no plain dictionary of tensors"));
  }
  return TRUE;
}

static gboolean
collect_object (HfTorchState *self, const HfPickleNode *object,
                const char *prefix, int depth, GError **error)
{
  if (depth > MAX_DEPTH)
    return refuse (error, _("has modules that are nested too deep"));
  if (object->state == NULL)
    return TRUE;
  for (guint i = 0; i < object->state->items->len; i += 2) {
    const HfPickleNode *key = g_ptr_array_index (object->state->items, i);
    const HfPickleNode *value = g_ptr_array_index (object->state->items, i + 1);
    g_autofree char *leaf = NULL, *inner = NULL;

    if (++self->n_steps > MAX_STEPS)
      return refuse (error, _("has more modules than any model"));
    if (!is_name (key))
      return refuse (error, _("has an attribute under something that is no "
                              "name"));
    if (value->kind == HF_PICKLE_TENSOR)
      add_entry (self, prefix, key, value);
    if (value->kind != HF_PICKLE_OBJECT)
      continue;
    leaf = g_strndup (key->text, key->length);
    inner = prefix[0] != '\0' ? g_strconcat (prefix, ".", leaf, NULL)
                              : g_strdup (leaf);
    if (!collect_object (self, value, inner, depth + 1, error))
      return FALSE;
  }
  return TRUE;
}

/* The model's dictionary in a training checkpoint, or @top itself. */
static const HfPickleNode *
get_state_dict (const HfPickleNode *top)
{
  static const char *const keys[] = {"state_dict", "model_state_dict", "model"};

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    const HfPickleNode *inner = hf_pickle_node_get (top, keys[i]);

    if (inner != NULL && inner->kind == HF_PICKLE_DICT)
      return inner;
  }
  return top;
}

HfTorchState *
hf_torch_state_new (const HfPickleNode *top, GError **error)
{
  g_autoptr (HfTorchState) self = g_new0 (HfTorchState, 1);

  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (self->entries, clear_entry);
  self->is_script = top->kind == HF_PICKLE_OBJECT;
  if (top->kind != HF_PICKLE_DICT && !self->is_script) {
    refuse (error, _("holds something else than a dictionary of tensors"));
    return NULL;
  }
  if (!(self->is_script ? collect_object (self, top, "", 0, error)
                        : collect_dict (self, get_state_dict (top), error)))
    return NULL;
  if (self->entries->len == 0) {
    refuse (error, _("holds no tensors"));
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
hf_torch_state_free (HfTorchState *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->entries);
  g_free (self);
}

gboolean
hf_torch_state_is_script (const HfTorchState *self)
{
  return self->is_script;
}

gboolean
hf_torch_state_find_storages (HfTorchState *self, HfTorchFindFunc find,
                              gpointer data, GError **error)
{
  for (guint i = 0; i < self->entries->len; i++) {
    HfPickleStorage *storage =
        g_array_index (self->entries, Entry, i).tensor->storage;

    if (storage->data == NULL && !find (data, storage, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
hf_torch_state_add_to (const HfTorchState *self, HfTensorFile *file,
                       GError **error)
{
  for (guint i = 0; i < self->entries->len; i++) {
    const Entry *entry = &g_array_index (self->entries, Entry, i);
    HfTensor view = entry->tensor->view;

    view.data = entry->tensor->storage->data +
                (gsize) entry->tensor->offset * hf_dtype_get_size (view.dtype);
    if (!hf_tensor_file_add (file, entry->name, &view)) {
      g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT,
                   _("has two tensors named %s"), entry->name);
      return FALSE;
    }
  }
  return TRUE;
}
