/* app/jobs/embed.h: pictures to unit rows in their order, by the feature cache
 * where it knows them. */
#pragma once

#include "features/extractor.h"

G_BEGIN_DECLS

/* Called once for each picture, in order, from the calling thread: @row is
 * float[clip_dim], or NULL with why picture @index is refused. FALSE ends the
 * job; then @error must be set. */
typedef gboolean (*HfRowFunc) (gsize index, const float *row,
                               const GError *refused, gpointer data,
                               GError **error);

/* Takes @paths[n] through @extractor, which makes one clip row of a picture. A
 * refused picture is no error of the job. Errors of hf_extractor_run, or what
 * @func set. @progress may be NULL. */
gboolean hf_embed_pictures (HfExtractor *extractor, const char *const *paths,
                            gsize n, HfRowFunc func, gpointer data,
                            HfProgress *progress, GError **error);

G_END_DECLS
