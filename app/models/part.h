/* app/models/part.h: a file on its way here, `.NAME.part` of the store.
 *
 * It is locked from its opening to its closing: while it is filled, summed and
 * made a model of, no other program touches it. Beside it PART.from remembers
 * where it is from (download.h). */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _HfPart HfPart;

/* Opens or makes @path. NULL with HF_DOWNLOAD_ERROR_BUSY where another program
 * has it, or a GFileError. */
HfPart *hf_part_open (const char *path,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_part_close (HfPart *self);

/* Removes the file and what is remembered of it; @self is still to be
 * closed. */
void hf_part_discard (HfPart *self);

const char *hf_part_get_path (const HfPart *self);
int hf_part_get_fd (const HfPart *self);
char *hf_part_dup_memory_path (const HfPart *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfPart, hf_part_close)
G_END_DECLS
