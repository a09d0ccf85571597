/* tensor/tensor-file.h: the tensors of one container and the bytes they view.
 * Made by the reader of a format, read-only afterwards: any number of
 * threads. */
#pragma once

#include "tensor/tensor.h"

G_BEGIN_DECLS

typedef struct _HfTensorFile HfTensorFile;

/* An empty set that keeps @owner (with @free_owner) alive as long as itself.
 * Reference counted. */
HfTensorFile *hf_tensor_file_new (gpointer owner, GDestroyNotify free_owner)
    G_GNUC_WARN_UNUSED_RESULT;
HfTensorFile *hf_tensor_file_ref (HfTensorFile *self);
void hf_tensor_file_unref (HfTensorFile *self);

/* Adds a copy of @tensor under a copy of @name; FALSE if that name is taken. */
gboolean hf_tensor_file_add (HfTensorFile *self, const char *name,
                             const HfTensor *tensor);

/* Borrowed; NULL if there is none of that name. */
const HfTensor *hf_tensor_file_get (const HfTensorFile *self, const char *name);

/* In the order they were added. */
guint hf_tensor_file_get_n_tensors (const HfTensorFile *self);
const HfTensor *hf_tensor_file_get_nth (const HfTensorFile *self, guint n);

/* A string of the container's metadata, or NULL. */
const char *hf_tensor_file_get_metadata (const HfTensorFile *self,
                                         const char *key);
void hf_tensor_file_set_metadata (HfTensorFile *self, const char *key,
                                  const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTensorFile, hf_tensor_file_unref)
G_END_DECLS
