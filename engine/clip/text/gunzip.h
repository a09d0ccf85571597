/* clip/text/gunzip.h: unpacks gzip data in memory. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Unpacks all members of @data (RFC 1952), checksums and lengths checked.
 * HF_TOKENIZER_ERROR_FORMAT if they are damaged, cut short, followed by
 * anything else, or longer than @max_bytes together. Free with
 * g_byte_array_unref. */
GByteArray *hf_gunzip (const guint8 *data, gsize size, gsize max_bytes,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
