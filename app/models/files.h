/* app/models/files.h: large files and their folders: copied, summed, put on
 * disk, with progress and cancelling. */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

/* Copies the regular file @from to the new file @to, on disk when it returns,
 * sharing the blocks where the file system can. Returns the SHA-256 of what
 * was copied (hex, caller frees), or NULL: GFileError (G_FILE_ERROR_NOSPC with
 * the way out), G_IO_ERROR_CANCELLED. @to is removed after a failure. */
char *hf_files_copy (const char *from, const char *to, HfProgress *progress,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SHA-256 of a regular file (hex, caller frees), or NULL. */
char *hf_files_dup_sha256 (const char *path, HfProgress *progress,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts the entries of @folder on disk, as far as the file system can. */
void hf_files_sync_folder (const char *folder);

/* A GFileError for errno @code: "@what SHOWN-PATH: reason.", and for a full
 * disk what to do. */
void hf_files_set_error (GError **error, int code, const char *what,
                         const char *path);

G_END_DECLS
