/* app/project/exchange/export.h: the labels of a project for other programs,
 * in the forms that hf_samples_load reads. */
#pragma once

#include "app/project/project.h"

G_BEGIN_DECLS

typedef enum {
  HF_EXPORT_LIST,   /* a CSV: path,label,group */
  HF_EXPORT_COPIES, /* a folder for each class, with the pictures */
  HF_EXPORT_LINKS,  /* the same with symbolic links */
} HfExportForm;

/* Writes all labelled pictures, those of the acceptance set only with
 * @with_sealed, to @path, whole or not at all; a folder must not be there yet.
 * Paths in a list are relative to it where they lie below its folder. A picture
 * that cannot be copied becomes one of @refusals (element-type HfRefusal).
 * *@n_written may be NULL. HF_PROJECT_ERROR_EMPTY without labels,
 * HF_PROJECT_ERROR_NAME if a class cannot be the name of a folder, GFileError;
 * G_IO_ERROR_CANCELLED. */
gboolean hf_project_export (HfProject *self, const char *path,
                            HfExportForm form, gboolean with_sealed,
                            GPtrArray *refusals, gsize *n_written,
                            HfProgress *progress, GError **error);

G_END_DECLS
