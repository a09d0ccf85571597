/* image/pixels.h: from a picture to the square of pixels that a model sees.
 *
 * The resize is Pillow's antialiased bicubic (a = -0.5), horizontally, then
 * vertically, with 8-bit results after each pass, bit for bit. Only JPEGs of
 * more than 4 megapixels take a faster way (see pixels.c), which stays within
 * 1/255 of it at full scale and within 4/255 where the JPEG is decoded at
 * 1/2 or 1/4.
 *
 * Padding of the `whole` fit: the mean of each channel over the outermost ring
 * of pixels of the resized picture, rounded; the picture is centred, the odd
 * row or column of padding lies below or on the right. */
#pragma once

#include "image/framing.h"
#include "image/image.h"

G_BEGIN_DECLS

/* The whole way in one call: decode, orient, frame and resize the file @path.
 * @out is uint8[side_px][side_px][3], RGB, rows from the top; its content is
 * undefined after a failure. Errors as hf_image_load. Any number of threads
 * may call it at the same time. */
gboolean hf_pixels_load (const char *path, const HfFraming *framing,
                         int side_px, guint8 *out, GError **error);

typedef struct {
  HfFraming framing;
  int side_px;
  guint8 *out; /* [side_px][side_px][3] */
} HfSquare;

/* Several squares of one picture, from the bytes of its file; @path only names
 * it in messages. Each square is what hf_pixels_load makes, or, if @in_full,
 * what it would be were no JPEG decoded at a smaller scale: the way for many
 * squares, as the picture is then decoded once. */
gboolean hf_pixels_load_squares (const guint8 *data, gsize size,
                                 const char *path, const HfSquare *squares,
                                 gsize n, gboolean in_full, GError **error);

/* The same as hf_pixels_load from a picture in memory, always bit for bit.
 * Cannot fail. */
void hf_pixels_from_image (const HfImage *image, const HfFraming *framing,
                           int side_px, guint8 *out);

G_END_DECLS
