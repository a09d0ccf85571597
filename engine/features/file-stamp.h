/* features/file-stamp.h: what tells one state of a file from another, without
 * reading it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Without gaps, so that the bytes can be compared and stored. */
typedef struct {
  gint64 size, modified_ns, changed_ns;
  guint64 inode, device;
} HfFileStamp;

/* FALSE if there is no regular file at @path. */
gboolean hf_file_stamp_read (const char *path, HfFileStamp *out);
gboolean hf_file_stamp_is_equal (const HfFileStamp *a, const HfFileStamp *b);

/* Whether a file that changed at @changed_ns (since 1970) is old enough that
 * another change would bear another time: two seconds, the grain of the
 * coarsest clock of a file system. */
gboolean hf_file_time_is_settled (gint64 changed_ns);

/* SHA-256 (hex, caller frees) of a regular file of at most 512 MiB.
 * GFileError; G_FILE_ERROR_INVAL if it is larger. */
char *hf_file_dup_sha256 (const char *path,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
