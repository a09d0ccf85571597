/* model/torch/legacy.h: the files that PyTorch wrote before 1.6, without zip.
 */
#pragma once

#include "model/clip-config.h"

G_BEGIN_DECLS

/* Returns the tensors in @bytes, of which it keeps a reference; they are
 * viewed where they lie. Errors: HF_MODEL_ERROR_FORMAT, _UNSAFE; messages
 * continue "it". */
HfTensorFile *hf_torch_legacy_parse (GBytes *bytes,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
