/* model/names.h: from the names a model was written with to the canonical ones
 * of model-file.h. */
#pragma once

#include "model/clip-config.h"

G_BEGIN_DECLS

typedef enum {
  HF_NAMING_OPENAI,    /* OpenAI's, which open_clip shares */
  HF_NAMING_OPEN_CLIP, /* the same, with what OpenAI's models do not have */
  HF_NAMING_HUGGING_FACE,
} HfNaming;

/* Returns views of @tensors, of which it keeps a reference, under canonical
 * names: prefixes ("module.", "text.") taken off, the packed attention matrix
 * cut in three, OpenAI's two projections transposed. Counters and masks are
 * left out; names that are not known stay as they are. Nothing is checked
 * against a configuration. HF_MODEL_ERROR_UNSUPPORTED if it is no CLIP,
 * HF_MODEL_ERROR_FORMAT if two tensors claim one name; messages continue
 * "it". */
HfTensorFile *hf_names_canonicalise (HfTensorFile *tensors, HfNaming *naming,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
