/* tensor/tensor-file-private.h: what the writer of a container needs. */
#pragma once

#include "tensor/tensor-file.h"

G_BEGIN_DECLS

/* Keys of the metadata, in the order they were set. */
guint hf_tensor_file_get_n_metadata (const HfTensorFile *self);
const char *hf_tensor_file_get_nth_metadata_key (const HfTensorFile *self,
                                                 guint n);

G_END_DECLS
