/* app/project/opening/class-folders.h: whether the subfolders of a folder look
 * as if each were a class, as pictures are often sorted by hand. */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

typedef struct {
  char *name; /* of the subfolder, any bytes */
  gsize n_pictures;
  char *picture; /* path of its first one */
} HfClassFolder;

typedef struct {
  GPtrArray *folders; /* HfClassFolder *, by name in natural order */
  int good;           /* which is that of good parts by its name; -1: none */
  char *groups;       /* rule for lots that all names obey; NULL: none */
} HfClassFolders;

/* NULL without an error if they do not: pictures beside them, fewer than two,
 * or more than a keyboard has keys for. G_IO_ERROR_CANCELLED. */
HfClassFolders *
hf_class_folders_find (const char *folder, HfProgress *progress,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_class_folders_free (HfClassFolders *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfClassFolders, hf_class_folders_free)
G_END_DECLS
