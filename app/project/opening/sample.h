/* app/project/opening/sample.h: a project to try things on: bearing rings, with
 * a few labels and prompts given. */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

/* Path of the sample project (caller frees). It lies in the user's data folder
 * with pictures of its own, is made the first time, and then stays what the
 * user has made of it. GFileError, or errors of hf_project_create. */
char *hf_sample_dup_project (HfProgress *progress,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
