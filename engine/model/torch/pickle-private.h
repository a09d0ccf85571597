/* model/torch/pickle-private.h: what opcodes and names share. */
#pragma once

#include "model/torch/pickle.h"

G_BEGIN_DECLS

/* A new node that the machine owns, or NULL with the error set when it has
 * made too many. */
HfPickleNode *hf_pickle_node_new (HfPickle *self, HfPickleKind kind,
                                  GError **error);

/* The same with an empty list of items. */
HfPickleNode *hf_pickle_node_new_items (HfPickle *self, HfPickleKind kind,
                                        GError **error);

gboolean hf_pickle_refuse (GError **error, const char *what);

/* What the name @module.@name stands for; NULL with HF_MODEL_ERROR_UNSAFE if
 * it is none of the known ones. */
HfPickleNode *hf_pickle_find_global (HfPickle *self, const char *module,
                                     gsize module_length, const char *name,
                                     gsize name_length, GError **error);

/* The data that calling @global with the tuple @args would build. */
HfPickleNode *hf_pickle_reduce (HfPickle *self, const HfPickleNode *global,
                                HfPickleNode *args, GError **error);

/* A new object of the class @global. */
HfPickleNode *hf_pickle_new_object (HfPickle *self, const HfPickleNode *global,
                                    const HfPickleNode *args, GError **error);

/* The storage that a persistent id speaks of. */
HfPickleNode *hf_pickle_find_storage (HfPickle *self, const HfPickleNode *id,
                                      GError **error);

/* Keeps @storage in the list of all. */
void hf_pickle_keep_storage (HfPickle *self, HfPickleStorage *storage);

G_END_DECLS
