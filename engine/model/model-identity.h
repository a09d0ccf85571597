/* model/model-identity.h: the name of a set of weights, whatever file holds
 * them. */
#pragma once

#include "base/progress.h"
#include "tensor/tensor-file.h"

G_BEGIN_DECLS

/* SHA-256 in hex (caller frees) over the tensors in byte order of their names.
 * Each is: its name and a NUL; the number of its dimensions and each of them
 * as u64; its values as f32. All numbers are little-endian. NULL only with
 * G_IO_ERROR_CANCELLED. */
char *hf_model_identity_new (const HfTensorFile *tensors, HfProgress *progress,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
