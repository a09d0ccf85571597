/* container.c: headers of BMP, GIF and WebP, read only as far as sizes, the
 * presence of pixels and the orientation. The pixels are gdk-pixbuf's. */
#include "image/decode/container-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define BMP_FILE_HEADER_BYTES 14
#define BMP_CORE_HEADER_BYTES 12 /* OS/2's, with 16-bit sizes */
#define GIF_HEADER_BYTES 13
#define GIF_FRAME_BYTES 10
#define RIFF_HEADER_BYTES 12
#define CHUNK_HEADER_BYTES 8

static guint32
read_le (const guint8 *at, int n_bytes)
{
  guint32 value = 0;

  for (int i = n_bytes - 1; i >= 0; i--)
    value = value << 8 | at[i];
  return value;
}

static gboolean
refuse (const char *format, const char *why, GError **error)
{
  g_set_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_DAMAGED,
               _("the %s is damaged (%s); copy it again from where it came"),
                  format, why);
  return FALSE;
}

/* Bytes of the pixels of an uncompressed BMP, or 1 for a compressed one. */
static guint64
get_bmp_pixel_bytes (const guint8 *data, gint64 width, gint64 height)
{
  gboolean is_core = read_le (data + 14, 4) == BMP_CORE_HEADER_BYTES;
  guint64 bits = read_le (data + (is_core ? 24 : 28), 2);
  guint32 compression = is_core ? 0 : read_le (data + 30, 4);

  if (compression != 0 && compression != 3)
    return 1;
  return ((guint64) width * bits + 31) / 32 * 4 * (guint64) height;
}

static gboolean
read_bmp (const guint8 *data, gsize size, HfImageContainer *out, GError **error)
{
  guint32 header_bytes, offset;

  if (size < BMP_FILE_HEADER_BYTES + 40)
    return refuse ("BMP", _("the header is cut short"), error);
  header_bytes = read_le (data + 14, 4);
  offset = read_le (data + 10, 4);
  if (header_bytes == BMP_CORE_HEADER_BYTES) {
    out->width = read_le (data + 18, 2);
    out->height = read_le (data + 20, 2);
  } else {
    out->width = (gint32) read_le (data + 18, 4);
    /* A negative height means rows from the top. */
    out->height = ABS ((gint64) (gint32) read_le (data + 22, 4));
  }
  if (!hf_image_check_size (out->width, out->height, 0, 0, error))
    return FALSE;
  if (offset > size ||
      get_bmp_pixel_bytes (data, out->width, out->height) > size - offset)
    return refuse ("BMP", _("pixels are missing"), error);
  out->pixel_bytes = 7;
  return TRUE;
}

/* The offset behind the sub-blocks at @at, or 0 where they do not end. */
static gsize
skip_sub_blocks (const guint8 *data, gsize size, gsize at)
{
  while (at < size && data[at] != 0)
    at += 1 + (gsize) data[at];
  return at < size ? at + 1 : 0;
}

/* Bytes of the colour table that the packed @flags announce. */
static gsize
get_table_bytes (guint8 flags)
{
  return (flags & 0x80) != 0 ? (gsize) 3 << ((flags & 7) + 1) : 0;
}

/* The offset of the first frame, or 0. */
static gsize
find_gif_frame (const guint8 *data, gsize size)
{
  gsize at = GIF_HEADER_BYTES;

  if (size < GIF_HEADER_BYTES)
    return 0;
  at += get_table_bytes (data[10]);
  while (at + 2 <= size && data[at] == '!') {
    at = skip_sub_blocks (data, size, at + 2);
    if (at == 0)
      return 0;
  }
  return at + GIF_FRAME_BYTES < size && data[at] == ',' ? at : 0;
}

/* Only the first frame is shown to the loader: the others would cost time and
 * memory without end. */
static gboolean
read_gif (const guint8 *data, gsize size, HfImageContainer *out, GError **error)
{
  gsize frame = find_gif_frame (data, size);
  gsize end;

  if (frame == 0)
    return refuse ("GIF", _("there is no frame"), error);
  out->width = MAX (read_le (data + 6, 2), read_le (data + frame + 5, 2));
  out->height = MAX (read_le (data + 8, 2), read_le (data + frame + 7, 2));
  end = frame + GIF_FRAME_BYTES + get_table_bytes (data[frame + 9]) + 1;
  end = skip_sub_blocks (data, size, end);
  if (end == 0)
    return refuse ("GIF", _("the first frame is cut short"), error);
  out->size = end;
  out->tail = ";";
  out->pixel_bytes = 9;
  return TRUE;
}

typedef struct {
  gboolean has_picture, is_animated;
} WebpParts;

/* Notes what the chunk at @at, with @length bytes of content, tells. */
static void
read_webp_chunk (const guint8 *at, gsize length, HfImageContainer *out,
                 WebpParts *parts)
{
  const guint8 *content = at + CHUNK_HEADER_BYTES;

  if (memcmp (at, "VP8X", 4) == 0 && length >= 10) {
    out->width = 1 + (gint64) read_le (content + 4, 3);
    out->height = 1 + (gint64) read_le (content + 7, 3);
  } else if (memcmp (at, "VP8 ", 4) == 0 && length >= 10) {
    out->width = MAX (out->width, read_le (content + 6, 2) & 0x3fff);
    out->height = MAX (out->height, read_le (content + 8, 2) & 0x3fff);
    parts->has_picture = TRUE;
  } else if (memcmp (at, "VP8L", 4) == 0 && length >= 5) {
    guint32 sizes = read_le (content + 1, 4);

    out->width = MAX (out->width, (sizes & 0x3fff) + 1);
    out->height = MAX (out->height, (sizes >> 14 & 0x3fff) + 1);
    parts->has_picture = TRUE;
  } else if (memcmp (at, "ANMF", 4) == 0 && length > 16) {
    parts->has_picture = parts->is_animated = TRUE;
  } else if (memcmp (at, "EXIF", 4) == 0) {
    gsize skip = length >= 6 && memcmp (content, "Exif\0\0", 6) == 0 ? 6 : 0;

    out->orientation = hf_exif_get_orientation (content + skip, length - skip);
  }
}

static gboolean
read_webp (const guint8 *data, gsize size, HfImageContainer *out,
           GError **error)
{
  WebpParts parts = {0};
  gsize at = RIFF_HEADER_BYTES;

  while (at < size && size - at >= CHUNK_HEADER_BYTES) {
    gsize length = read_le (data + at + 4, 4);

    if (length > size - at - CHUNK_HEADER_BYTES)
      return refuse ("WebP", _("it is cut short"), error);
    read_webp_chunk (data + at, length, out, &parts);
    at += CHUNK_HEADER_BYTES + length + length % 2;
  }
  if (!parts.has_picture)
    return refuse ("WebP", _("there is no picture"), error);
  /* Still: the pixbuf and the lossless decoder's own picture. Animated: two
   * canvases besides. */
  out->pixel_bytes = parts.is_animated ? 16 : 8;
  return TRUE;
}

gboolean
hf_image_container_read (HfFormat format, const guint8 *data, gsize size,
                         HfImageContainer *out, GError **error)
{
  HfImageContainer found = {.size = size, .tail = "", .orientation = 1};
  gboolean is_read;

  switch (format) {
  case HF_FORMAT_WEBP:
    is_read = read_webp (data, size, &found, error);
    break;
  case HF_FORMAT_GIF:
    is_read = read_gif (data, size, &found, error);
    break;
  default:
    is_read = read_bmp (data, size, &found, error);
    break;
  }
  if (is_read)
    *out = found;
  return is_read;
}
