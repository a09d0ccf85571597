/* base/sha256.h: SHA-256 by nettle, which uses the processor's own instructions
 * where it has them: four times as fast as GLib's on what is hashed here by the
 * hundred megabytes, models and photographs. One thread at a time for each sum.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _HfSha256 HfSha256;

HfSha256 *hf_sha256_new (void) G_GNUC_WARN_UNUSED_RESULT;
void hf_sha256_free (HfSha256 *self);

void hf_sha256_update (HfSha256 *self, const void *data, gsize size_bytes);

/* The sum of everything so far; nothing can be added behind it. */
void hf_sha256_get_digest (HfSha256 *self, guint8 digest[32]);
/* The same as 64 small hexadecimal digits (caller frees). */
char *hf_sha256_finish (HfSha256 *self) G_GNUC_WARN_UNUSED_RESULT;

/* All of that at once. */
char *hf_sha256_dup (const void *data,
                     gsize size_bytes) G_GNUC_WARN_UNUSED_RESULT;
char *hf_sha256_dup_for_bytes (GBytes *bytes) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfSha256, hf_sha256_free)
G_END_DECLS
