/* model/canonical.h: which tensors a configuration asks for, and in which
 * shapes. The names are drawn in model-file.h. */
#pragma once

#include "model/clip-config.h"

G_BEGIN_DECLS

/* Returns a file of exactly the canonical tensors that @config asks for, views
 * of @tensors, of which it keeps a reference. HF_MODEL_ERROR_MISMATCH where
 * one is missing or of another shape, HF_MODEL_ERROR_UNSUPPORTED where
 * @tensors has one that no such model has; messages continue "it". */
HfTensorFile *hf_canonical_select (HfTensorFile *tensors,
                                   const HfClipConfig *config,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
