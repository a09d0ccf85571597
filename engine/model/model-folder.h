/* model/model-folder.h: which files of a folder make up a model. */
#pragma once

#include "model/clip-config.h"
#include "model/names.h"

G_BEGIN_DECLS

/* The weights file that @path means: @path itself; the index of several where
 * it is one of these; in a folder one of the names that open_clip and
 * transformers use, else the only file with the ending of one. Caller frees;
 * HF_MODEL_ERROR_FORMAT (a whole sentence) if a folder has none, or several. */
char *hf_model_folder_dup_weights (const char *path,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The files beside the weights that decide what the model computes, whichever
 * of them are there: who copies a model copies them. NULL-terminated. */
const char *const *hf_model_folder_get_config_names (void);

/* Reads the configuration beside @weights, of the library that @naming points
 * to where both are there. @found tells whether there was one; FALSE if there
 * was one that cannot be used (a whole sentence that names it). */
gboolean hf_model_folder_read_config (const char *weights, HfNaming naming,
                                      HfClipConfig *config, gboolean *found,
                                      GError **error);

G_END_DECLS
