/* app/project/exchange/import.h: labels from outside into a project. */
#pragma once

#include "app/project/project.h"

G_BEGIN_DECLS

typedef struct {
  gsize n_labelled;   /* pictures that got another label */
  gsize n_unchanged;  /* that had it already */
  gsize n_new_images; /* pictures the project did not know */
  gsize n_new_classes;
} HfImport;

/* Labels pictures as the folder of class folders or the CSV @path says, as one
 * step of the log. Folders that are no source yet become one. @good as in
 * hf_samples_load: the classes of the import then are good and defect. @groups,
 * if it is not NULL, becomes the project's rule; without it the groups of a CSV
 * are taken where the project has no rule of its own. Names that are similar
 * (hf_class_is_similar) mean one class; @notes (char *; may be NULL) takes a
 * sentence for each, and one of links that were passed over. @refusals
 * (element-type HfRefusal) takes what is named and not there. All of it is
 * done, or nothing. Errors of hf_samples_load; HF_SAMPLES_ERROR_FORMAT too
 * where two paths lead to one picture with different labels. */
gboolean hf_project_import (HfProject *self, const char *path,
                            const char *groups, const char *good,
                            GPtrArray *refusals, GPtrArray *notes,
                            HfImport *result, GError **error);

G_END_DECLS
