/* app/project/repair/check.h: is a project sound? */
#pragma once

#include "app/project/project.h"

G_BEGIN_DECLS

/* Sentences about what is wrong in @path (element-type char *; caller unrefs),
 * none if it is sound: pages and indices, references, and the sums of pictures
 * and labels. NULL with @error if it cannot be looked at at all:
 * HF_PROJECT_ERROR_STORE, _BUSY, _VERSION, or _FORMAT if it is a file of
 * something else. */
GPtrArray *hf_project_check (const char *path,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
