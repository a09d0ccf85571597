/* bundle/crc32.h: the checksum of zip archives (ITU-T V.42, the reflected
 * polynomial 0xEDB88320). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* CRC-32 of @data. Any number of threads. */
guint32 hf_crc32 (const void *data, gsize size_bytes);

G_END_DECLS
