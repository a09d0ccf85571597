/* model/torch/state.h: which tensors of a pickled object are the model. */
#pragma once

#include "model/torch/pickle.h"

G_BEGIN_DECLS

typedef struct _HfTorchState HfTorchState;

/* Finds the named tensors of @top: a dictionary of them, the one inside a
 * training checkpoint (the optimizer's are left alone), or the attributes of a
 * TorchScript module, whose names are joined with dots. No number is touched.
 * HF_MODEL_ERROR_FORMAT if @top is nothing of the kind. */
HfTorchState *hf_torch_state_new (const HfPickleNode *top,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_torch_state_free (HfTorchState *self);

/* Whether it came out of a TorchScript module. */
gboolean hf_torch_state_is_script (const HfTorchState *self);

/* Finds the numbers of @storage: sets @data, which must hold
 * n_elements * dtype size bytes and live as long as the file. */
typedef gboolean (*HfTorchFindFunc) (gpointer data, HfPickleStorage *storage,
                                     GError **error);

/* Asks @find for every storage that is needed. */
gboolean hf_torch_state_find_storages (HfTorchState *self, HfTorchFindFunc find,
                                       gpointer data, GError **error);

/* Adds the tensors, whose storages have been found, to @file. */
gboolean hf_torch_state_add_to (const HfTorchState *self, HfTensorFile *file,
                                GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTorchState, hf_torch_state_free)
G_END_DECLS
