/* app/jobs/cache.h: the feature cache as all programs of Handful share it. */
#pragma once

#include "compute/device.h"
#include "features/store.h"

G_BEGIN_DECLS

/* $XDG_CACHE_HOME/handful/features.db (caller frees). */
char *hf_cache_dup_path (void) G_GNUC_WARN_UNUSED_RESULT;

/* A cache saves time and nothing else: where @path cannot be opened, or is
 * NULL, there is none (NULL), after a sentence to @log (may be NULL). */
HfFeatureStore *hf_cache_open (const char *path, HfDeviceLog log,
                               gpointer log_data) G_GNUC_WARN_UNUSED_RESULT;

/* How large the cache may get: 4 GiB, or what was set for this cache last; it
 * is written down in the cache, so that all programs keep to it. Both return
 * how many bytes of rows are in it; 0 where there is no cache. */
guint64 hf_cache_set_limit (const char *path, guint64 max_bytes);
/* Takes all rows out; they are computed again when they are wanted. */
guint64 hf_cache_clear (const char *path);

G_END_DECLS
