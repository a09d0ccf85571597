/* app/inspect/model-finder.h: the model that a bundle's probe needs. */
#pragma once

#include "bundle/bundle.h"
#include "features/store.h"

G_BEGIN_DECLS

/* Path of the model (caller frees) and in @words where it comes from: @named as
 * --model means it, else the bundle's own, else the installed one of its
 * identity. Identities are remembered by the store of models and by @store (may
 * be NULL). HF_INSPECTOR_ERROR_NO_MODEL with what to do. */
char *hf_model_finder_dup_path (const HfBundle *bundle, const char *named,
                                HfFeatureStore *store, char **words,
                                HfProgress *progress,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
