/* model/torch/zip.h: the zip archives of PyTorch since 1.6, TorchScript's
 * among them. */
#pragma once

#include "model/clip-config.h"

G_BEGIN_DECLS

/* Returns the tensors of the archive in @bytes, of which it keeps a reference;
 * what is stored uncompressed is viewed where it lies. @is_script tells a
 * TorchScript file. Errors: HF_MODEL_ERROR_FORMAT, _UNSAFE; messages continue
 * "it". */
HfTensorFile *hf_torch_zip_parse (GBytes *bytes, gboolean *is_script,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
