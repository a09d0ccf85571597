/* app/project/repair/recover.h: what can still be read of a damaged project. */
#pragma once

#include "app/project/project.h"

G_BEGIN_DECLS

typedef struct {
  gsize n_labels;       /* entries of the log that were saved */
  gsize n_lost_labels;  /* at least so many are missing */
  gsize n_images;       /* pictures */
  gsize n_lost_images;  /* at least */
  GPtrArray *sentences; /* char *: what was read and what is missing */
  gboolean is_complete; /* nothing is missing, as far as can be told */
} HfRecovery;

void hf_recovery_clear (HfRecovery *self);

/* Reads every row that is readable in @bad, which is not changed, and writes
 * them to the new project @good, which must not be there yet. A class or a
 * source that is lost gets a name to be recognised by; labels stay.
 * HF_PROJECT_ERROR_FORMAT if nothing of a project was found in it;
 * GFileError. */
gboolean hf_project_recover (const char *bad, const char *good,
                             HfRecovery *result, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfRecovery, hf_recovery_clear)
G_END_DECLS
