/* app/jobs/embed.h: pictures to unit rows, decoding and computing at the same
 * time. */
#pragma once

#include "app/jobs/decoder.h"
#include "features/session.h"

G_BEGIN_DECLS

/* Called once for each picture, in order, from the calling thread: @row is
 * float[embed_dim], or NULL with why picture @index is refused. FALSE ends the
 * job; then @error must be set. */
typedef gboolean (*HfRowFunc) (gsize index, const float *row,
                               const GError *refused, gpointer data,
                               GError **error);

/* A decoder for @paths whose waiting pictures fit the session's batches.
 * Works while the session's device still opens. */
HfDecoder *
hf_embed_start_decoder (HfSession *session, const char *const *paths, gsize n,
                        const HfFraming *framing) G_GNUC_WARN_UNUSED_RESULT;

/* Takes every picture of @decoder through @session. A refused picture is no
 * error of the job. Reports pictures to @progress (may be NULL). Errors:
 * HfDeviceError, G_IO_ERROR_CANCELLED, or what @func set. */
gboolean hf_embed_pictures (HfSession *session, HfDecoder *decoder,
                            HfRowFunc func, gpointer data, HfProgress *progress,
                            GError **error);

G_END_DECLS
