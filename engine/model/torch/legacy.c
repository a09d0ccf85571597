/* legacy.c: five pickles, then the storages (pytorch, torch/serialization.py,
 * _legacy_save): a magic number; the protocol, 1001; facts on the machine; the
 * object; the keys of the storages; then for each key, in that order, a u64
 * count and the numbers. */
#include "model/torch/legacy.h"

#include "model/torch/state.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PROTOCOL 1001

/* 0x1950a86a20f9469cfc6c, as a pickle writes it. */
static const guint8 magic[] = {0x6c, 0xfc, 0x9c, 0x46, 0xf9,
                               0x20, 0x6a, 0xa8, 0x50, 0x19};

typedef struct {
  const guint8 *at;
  gsize left_bytes;
} Reader;

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error_literal (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT, what);
  return FALSE;
}

static void
skip (Reader *self, gsize n)
{
  self->at += n;
  self->left_bytes -= n;
}

static HfPickle *
read_pickle (Reader *self, GError **error)
{
  gsize n_read = 0;
  HfPickle *pickle =
      hf_pickle_read (self->at, self->left_bytes, &n_read, error);

  if (pickle != NULL)
    skip (self, n_read);
  return pickle;
}

/* The three pickles before the object. */
static gboolean
read_head (Reader *self, GError **error)
{
  for (int i = 0; i < 3; i++) {
    g_autoptr (HfPickle) pickle = read_pickle (self, error);
    const HfPickleNode *top, *little;

    if (pickle == NULL)
      return FALSE;
    top = hf_pickle_get_top (pickle);
    if (i == 0 &&
        (top->kind != HF_PICKLE_LONG || top->length != sizeof (magic) ||
         memcmp (top->text, magic, sizeof (magic)) != 0))
      return refuse (error, _("is a pickle, but not of a model of PyTorch"));
    if (i == 1 && (top->kind != HF_PICKLE_INT || top->integer != PROTOCOL))
      return refuse (error, _("is of an unknown version of PyTorch's format"));
    if (i < 2)
      continue;
    little = hf_pickle_node_get (top, "little_endian");
    if (little != NULL && (little->kind != HF_PICKLE_BOOL || !little->integer))
      return refuse (error, _("holds numbers in another byte order"));
  }
  return TRUE;
}

/* Storages by key; the same key must always be of one type and size. */
static GHashTable *
index_storages (HfPickle *pickle, GError **error)
{
  g_autoptr (GHashTable) index =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *storages = hf_pickle_get_storages (pickle);

  for (guint i = 0; i < storages->len; i++) {
    HfPickleStorage *storage = g_ptr_array_index (storages, i);
    g_autofree char *key = g_strndup (storage->key->text, storage->key->length);
    HfPickleStorage *first = g_hash_table_lookup (index, key);

    if (first == NULL) {
      g_hash_table_insert (index, g_steal_pointer (&key), storage);
    } else if (first->dtype != storage->dtype ||
               first->n_elements != storage->n_elements) {
      refuse (error, _("speaks of one block of numbers in two ways"));
      return NULL;
    }
  }
  return g_steal_pointer (&index);
}

/* The count and the numbers of one storage. */
static gboolean
read_storage (Reader *self, HfPickleStorage *storage, GError **error)
{
  guint64 count = 0;
  gsize size_bytes = 0;

  if (storage == NULL || storage->data != NULL)
    return refuse (error, _("lists a block of numbers twice, or one it never "
                            "speaks of"));
  if (self->left_bytes < 8)
    return refuse (error, _("ends within its numbers"));
  memcpy (&count, self->at, 8);
  skip (self, 8);
  if (GUINT64_FROM_LE (count) != (guint64) storage->n_elements ||
      !g_size_checked_mul (&size_bytes, (gsize) storage->n_elements,
                           hf_dtype_get_size (storage->dtype)))
    return refuse (error, _("has a block of numbers of the wrong length"));
  if (size_bytes > self->left_bytes)
    return refuse (error, _("ends within its numbers"));
  storage->data = self->at;
  skip (self, size_bytes);
  return TRUE;
}

static gboolean
read_storages (Reader *self, GHashTable *index, GError **error)
{
  g_autoptr (HfPickle) keys = read_pickle (self, error);
  const HfPickleNode *top;

  if (keys == NULL)
    return FALSE;
  top = hf_pickle_get_top (keys);
  if (top->kind != HF_PICKLE_LIST)
    return refuse (error, _("has no list of its numbers"));
  for (guint i = 0; i < top->items->len; i++) {
    const HfPickleNode *item = g_ptr_array_index (top->items, i);
    g_autofree char *key = item->kind == HF_PICKLE_STRING
                               ? g_strndup (item->text, item->length)
                               : g_strdup ("");

    if (!read_storage (self, g_hash_table_lookup (index, key), error))
      return FALSE;
  }
  return TRUE;
}

/* Another storage of the same key has been read. */
static gboolean
find_storage (gpointer data, HfPickleStorage *storage, GError **error)
{
  g_autofree char *key = g_strndup (storage->key->text, storage->key->length);
  HfPickleStorage *first = g_hash_table_lookup (data, key);

  if (first->data == NULL)
    return refuse (error, _("lacks the numbers of a tensor"));
  storage->data = first->data;
  return TRUE;
}

HfTensorFile *
hf_torch_legacy_parse (GBytes *bytes, GError **error)
{
  g_autoptr (HfTensorFile) file =
      hf_tensor_file_new (g_bytes_ref (bytes), (GDestroyNotify) g_bytes_unref);
  Reader reader = {NULL, 0};
  g_autoptr (HfPickle) pickle = NULL;
  g_autoptr (GHashTable) index = NULL;
  g_autoptr (HfTorchState) state = NULL;

  reader.at = g_bytes_get_data (bytes, &reader.left_bytes);
  if (!read_head (&reader, error))
    return NULL;
  pickle = read_pickle (&reader, error);
  index = pickle != NULL ? index_storages (pickle, error) : NULL;
  if (index == NULL || !read_storages (&reader, index, error))
    return NULL;
  state = hf_torch_state_new (hf_pickle_get_top (pickle), error);
  if (state == NULL ||
      !hf_torch_state_find_storages (state, find_storage, index, error) ||
      !hf_torch_state_add_to (state, file, error))
    return NULL;
  return g_steal_pointer (&file);
}
