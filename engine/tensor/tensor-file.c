/* tensor-file.c: names to tensors, in the order of the container. */
#include "tensor/tensor-file.h"

#include "tensor/tensor-file-private.h"

struct _HfTensorFile {
  int n_refs; /* atomic */
  gpointer owner;
  GDestroyNotify free_owner;
  GPtrArray *tensors;      /* HfTensor, owned with their names */
  GHashTable *by_name;     /* borrowed name -> borrowed HfTensor */
  GPtrArray *metadata;     /* keys in the order set, borrowed from values */
  GHashTable *meta_values; /* key -> value, both owned */
};

static void
free_tensor (gpointer data)
{
  HfTensor *tensor = data;

  g_free (tensor->name);
  g_free (tensor);
}

HfTensorFile *
hf_tensor_file_new (gpointer owner, GDestroyNotify free_owner)
{
  HfTensorFile *self = g_new0 (HfTensorFile, 1);

  self->n_refs = 1;
  self->owner = owner;
  self->free_owner = free_owner;
  self->tensors = g_ptr_array_new_with_free_func (free_tensor);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->metadata = g_ptr_array_new ();
  self->meta_values =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

HfTensorFile *
hf_tensor_file_ref (HfTensorFile *self)
{
  g_atomic_int_inc (&self->n_refs);
  return self;
}

void
hf_tensor_file_unref (HfTensorFile *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->n_refs))
    return;
  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->tensors);
  g_ptr_array_unref (self->metadata);
  g_hash_table_unref (self->meta_values);
  if (self->free_owner != NULL)
    self->free_owner (self->owner);
  g_free (self);
}

gboolean
hf_tensor_file_add (HfTensorFile *self, const char *name,
                    const HfTensor *tensor)
{
  HfTensor *copy;

  g_return_val_if_fail (name != NULL && tensor != NULL, FALSE);

  if (g_hash_table_contains (self->by_name, name))
    return FALSE;
  copy = g_memdup2 (tensor, sizeof (*tensor));
  copy->name = g_strdup (name);
  g_ptr_array_add (self->tensors, copy);
  g_hash_table_insert (self->by_name, copy->name, copy);
  return TRUE;
}

const HfTensor *
hf_tensor_file_get (const HfTensorFile *self, const char *name)
{
  return g_hash_table_lookup (self->by_name, name);
}

guint
hf_tensor_file_get_n_tensors (const HfTensorFile *self)
{
  return self->tensors->len;
}

const HfTensor *
hf_tensor_file_get_nth (const HfTensorFile *self, guint n)
{
  g_return_val_if_fail (n < self->tensors->len, NULL);

  return g_ptr_array_index (self->tensors, n);
}

const char *
hf_tensor_file_get_metadata (const HfTensorFile *self, const char *key)
{
  return g_hash_table_lookup (self->meta_values, key);
}

void
hf_tensor_file_set_metadata (HfTensorFile *self, const char *key,
                             const char *value)
{
  if (g_hash_table_contains (self->meta_values, key)) {
    g_hash_table_insert (self->meta_values, g_strdup (key), g_strdup (value));
  } else {
    char *copy = g_strdup (key);

    g_hash_table_insert (self->meta_values, copy, g_strdup (value));
    g_ptr_array_add (self->metadata, copy);
  }
}

guint
hf_tensor_file_get_n_metadata (const HfTensorFile *self)
{
  return self->metadata->len;
}

const char *
hf_tensor_file_get_nth_metadata_key (const HfTensorFile *self, guint n)
{
  return g_ptr_array_index (self->metadata, n);
}
