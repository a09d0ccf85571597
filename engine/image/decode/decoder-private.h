/* image/decode/decoder-private.h: from bytes to pixels. Each decoder gets the
 * whole file, checks the header's sizes before it asks for memory, and returns
 * the picture as it is stored, with the EXIF orientation beside it. What it
 * needs is claimed until the caller, done with the picture, clears @claim.
 * Messages state the fact; hf_image_decode_bytes's callers add the file's name.
 */
#pragma once

#include "image/claim-private.h"
#include "image/image.h"

G_BEGIN_DECLS

#define HF_IMAGE_MAX_FILE_BYTES ((gsize) 512 << 20)
#define HF_IMAGE_MAX_PIXELS G_GINT64_CONSTANT (100000000)
#define HF_IMAGE_MAX_SIDE 1000000
/* Leaves room within 1 GiB for the rest of the process. */
#define HF_IMAGE_MAX_MEMORY ((gsize) 768 << 20)
/* A pixel while the picture is turned, which holds it twice. */
#define HF_IMAGE_TURN_BYTES 6

typedef enum {
  HF_FORMAT_JPEG,
  HF_FORMAT_PNG,
  HF_FORMAT_TIFF,
  HF_FORMAT_WEBP,
  HF_FORMAT_BMP,
  HF_FORMAT_GIF
} HfFormat;

/* Decides by the first bytes. HF_IMAGE_ERROR_FORMAT says what else it is,
 * where that is known. */
gboolean hf_format_sniff (const guint8 *data, gsize size, HfFormat *out,
                          GError **error);

/* Makes a sentence of a decoder's message: the file's name before it, a full
 * stop behind it. */
void hf_image_prefix_error (const char *path, GError **error);

/* A picture of any format, turned upright. */
HfImage *hf_image_decode_bytes (const guint8 *data, gsize size, HfClaim *claim,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Refuses a picture by its claimed size: no pixel, too many of them, or more
 * than HF_IMAGE_MAX_MEMORY for @pixel_bytes bytes a pixel and @other_bytes. */
gboolean hf_image_check_size (gint64 width, gint64 height, gsize pixel_bytes,
                              gsize other_bytes, GError **error);

/* The same, and claims that memory, or what turning takes if that is more. */
gboolean hf_image_reserve (HfClaim *claim, gint64 width, gint64 height,
                           gsize pixel_bytes, gsize other_bytes,
                           GError **error);

/* A picture whose buffer has @rgb_bytes bytes, at least 3 for each pixel: what
 * lies beyond them is room to decode in. NULL with HF_IMAGE_ERROR_LIMIT. */
HfImage *hf_image_new (int width, int height, gsize rgb_bytes,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Composites @n RGBA pixels over white. @rgb may be @rgba. */
void hf_image_flatten (const guint8 *rgba, gsize n, guint8 *rgb);

/* Turns the picture upright; @orientation is EXIF's, 1 to 8. Mirroring is
 * done in place, turning through a second buffer. */
gboolean hf_image_orient (HfImage *self, int orientation, GError **error);

/* Whether an orientation counts the stored pixels of a row, or the stored rows,
 * from the other end. */
gboolean hf_image_is_mirrored_across (int orientation);
gboolean hf_image_is_mirrored_down (int orientation);

/* The orientation stated in an EXIF block that begins with its TIFF header,
 * 1 to 8; 1 where there is none or the block makes no sense. */
int hf_exif_get_orientation (const guint8 *data, gsize size);

HfImage *hf_jpeg_decode (const guint8 *data, gsize size, HfClaim *claim,
                         int *orientation,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
HfImage *hf_png_decode (const guint8 *data, gsize size, HfClaim *claim,
                        int *orientation,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
HfImage *hf_tiff_decode (const guint8 *data, gsize size, HfClaim *claim,
                         int *orientation,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* WebP, BMP and GIF through gdk-pixbuf, which sees no other format. */
HfImage *hf_pixbuf_decode (HfFormat format, const guint8 *data, gsize size,
                           HfClaim *claim, int *orientation,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
