/* app/models/import.h: new models into the store, whole or not at all. */
#pragma once

#include "features/session.h"
#include "app/models/store.h"

G_BEGIN_DECLS

/* Copies the model at @path (a weights file, with the configuration beside it,
 * or a folder) into the store as @name (NULL: made from the file's name), and
 * returns it. The copy is read as a model before it is visible; weights that
 * OpenAI published are checked against the published numbers on @device (see
 * hf_device_open; a device that does not work only leaves the model
 * unverified). Errors: HfModelError and what else hf_model_file_open says,
 * HF_STORE_ERROR_EXISTS, _NAME, GFileError, G_IO_ERROR_CANCELLED. */
HfStoredModel *hf_import_path (const char *path, const char *name,
                               const char *device, HfProgress *progress,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a file that was downloaded from @source and is nobody else's
 * (part.h). @file is the name it gets in the model's folder. @part stays, or is
 * gone after a success where the file system knows no second names. */
HfStoredModel *hf_import_download (const char *part, const char *file,
                                   const char *name, const char *source,
                                   const char *device, HfProgress *progress,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @name can be given to a new model: HF_STORE_ERROR_NAME, _EXISTS. */
gboolean hf_import_check_name (const char *name, GError **error);

/* Creates the store if need be and removes what killed imports left; returns
 * its path (caller frees). GFileError. */
char *hf_import_prepare_store (GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
