/* app/cli/verbs/bundle/path-stream.h: paths that come on the standard input one
 * by one, as somebody else finds them. */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

typedef struct _HfPathStream HfPathStream;

HfPathStream *hf_path_stream_new (int fd) G_GNUC_WARN_UNUSED_RESULT;
void hf_path_stream_free (HfPathStream *self);

/* All whole lines that have come so far (caller frees), at least one, waiting
 * for it if need be; at the end of the input also a last line without an end,
 * then NULL without an error. G_IO_ERROR_CANCELLED; G_IO_ERROR_INVALID_DATA for
 * a NUL byte; another GIOError if it cannot be read. */
char *hf_path_stream_read (HfPathStream *self, HfProgress *progress,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfPathStream, hf_path_stream_free)
G_END_DECLS
