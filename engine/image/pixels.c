/* pixels.c: the two ways from a file to the square.
 *
 * Exact: decode, turn upright, resize in whole numbers (hf_filter_resize). For
 * every format, and for JPEGs up to 4 megapixels.
 *
 * Streamed: JPEGs of more than 4 megapixels are resized row by row while they
 * are decoded, at 1/2 or 1/4 where at least four decoded pixels remain for each
 * pixel of the result along both axes, never at 1/8 (see stream.c). */
#include "image/pixels.h"

#include "image/decode/decoder-private.h"
#include "image/filter-private.h"
#include "image/pixels-private.h"
#include "image/stream-private.h"

#include <string.h>

#define STREAM_MIN_PIXELS 4000000

/* Sums up the outermost ring of @image: each channel's mean, rounded. */
static void
average_edge (const HfImage *image, guint8 mean[3])
{
  gint64 sums[3] = {0};
  gint64 n = 0;

  for (int y = 0; y < image->height; y++) {
    gboolean is_edge = y == 0 || y == image->height - 1;
    int step = is_edge ? 1 : MAX (image->width - 1, 1);

    for (int x = 0; x < image->width; x += step, n++)
      for (int c = 0; c < 3; c++)
        sums[c] += image->rgb[((gsize) y * image->width + x) * 3 + c];
  }
  for (int c = 0; c < 3; c++)
    mean[c] = (guint8) ((2 * sums[c] + n) / (2 * n));
}

/* Lays the resized @image into the square and pads what it leaves. */
static void
place (const HfImage *image, int left, int top, int side_px, guint8 *out)
{
  guint8 mean[3];

  if (image->width < side_px || image->height < side_px) {
    average_edge (image, mean);
    for (gsize i = 0; i < (gsize) side_px * side_px; i++)
      memcpy (out + i * 3, mean, 3);
  }
  for (int y = 0; y < image->height; y++)
    memcpy (out + ((gsize) (top + y) * side_px + left) * 3,
            image->rgb + (gsize) y * image->width * 3,
            (gsize) image->width * 3);
}

void
hf_pixels_from_image (const HfImage *image, const HfFraming *framing,
                      int side_px, guint8 *out)
{
  g_autoptr (HfFilter) fx = NULL;
  g_autoptr (HfFilter) fy = NULL;
  g_autofree guint8 *rgb = NULL;
  HfAxis x, y;

  g_return_if_fail (image != NULL && framing != NULL && out != NULL);
  g_return_if_fail (side_px > 0);

  hf_plan_axes (framing, image->width, image->height, side_px, &x, &y);
  fx = hf_filter_new (&x, image->width, 1);
  fy = hf_filter_new (&y, image->height, 1);
  rgb = g_malloc ((gsize) x.count * y.count * 3);
  hf_filter_resize (image->rgb, image->width, fx, fy, rgb);
  place (&(HfImage){x.count, y.count, rgb}, x.offset, y.offset, side_px, out);
}

/* The framing is of the upright picture; the rows come as stored. */
static gboolean
stream_jpeg (HfJpeg *jpeg, const HfFraming *framing, int side_px, guint8 *out,
             GError **error)
{
  int width = hf_jpeg_get_width (jpeg);
  int height = hf_jpeg_get_height (jpeg);
  int orientation = hf_jpeg_get_orientation (jpeg);
  gboolean is_turned = orientation > 4;
  g_autoptr (HfImage) image = NULL;
  HfAxis x, y, stored_x, stored_y;

  hf_plan_axes (framing, is_turned ? height : width, is_turned ? width : height,
                side_px, &x, &y);
  stored_x = is_turned ? y : x;
  stored_y = is_turned ? x : y;
  if (hf_image_is_mirrored_across (orientation))
    stored_x = hf_plan_mirror (&stored_x, width);
  if (hf_image_is_mirrored_down (orientation))
    stored_y = hf_plan_mirror (&stored_y, height);
  image = hf_stream_resize (jpeg, &stored_x, &stored_y, error);
  if (image == NULL || !hf_image_orient (image, orientation, error))
    return FALSE;
  place (image, x.offset, y.offset, side_px, out);
  return TRUE;
}

/* Whether the file is a JPEG for the streamed way; opens it if so. A JPEG that
 * does not open is left to the exact way, which states the reason. */
static HfJpeg *
open_large_jpeg (const guint8 *data, gsize size, HfClaim *claim)
{
  g_autoptr (HfJpeg) jpeg = NULL;
  HfFormat format;

  if (!hf_format_sniff (data, size, &format, NULL) || format != HF_FORMAT_JPEG)
    return NULL;
  jpeg = hf_jpeg_open (data, size, claim, NULL);
  if (jpeg == NULL ||
      (gint64) hf_jpeg_get_width (jpeg) * hf_jpeg_get_height (jpeg) <=
          STREAM_MIN_PIXELS)
    return NULL;
  return g_steal_pointer (&jpeg);
}

/* One way for all squares, so that they show one decoding. */
static gboolean
decode_squares (const guint8 *data, gsize size, const HfSquare *squares,
                gsize n, gboolean in_full, GError **error)
{
  g_auto (HfClaim) claim = {0};
  g_autoptr (HfImage) image = NULL;

  for (gsize i = 0; i < n && !in_full; i++) {
    g_autoptr (HfJpeg) jpeg = open_large_jpeg (data, size, &claim);

    if (jpeg == NULL)
      break;
    if (!stream_jpeg (jpeg, &squares[i].framing, squares[i].side_px,
                      squares[i].out, error))
      return FALSE;
    if (i == n - 1)
      return TRUE;
  }
  image = hf_image_decode_bytes (data, size, &claim, error);
  if (image == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    hf_pixels_from_image (image, &squares[i].framing, squares[i].side_px,
                          squares[i].out);
  return TRUE;
}

gboolean
hf_pixels_decode_bytes (const guint8 *data, gsize size,
                        const HfFraming *framing, int side_px, guint8 *out,
                        GError **error)
{
  const HfSquare square = {*framing, side_px, out};

  return decode_squares (data, size, &square, 1, FALSE, error);
}

gboolean
hf_pixels_load_squares (const guint8 *data, gsize size, const char *path,
                        const HfSquare *squares, gsize n, gboolean in_full,
                        GError **error)
{
  if (decode_squares (data, size, squares, n, in_full, error))
    return TRUE;
  hf_image_prefix_error (path, error);
  return FALSE;
}

gboolean
hf_pixels_load (const char *path, const HfFraming *framing, int side_px,
                guint8 *out, GError **error)
{
  g_autofree guint8 *data = NULL;
  gsize size = 0;

  g_return_val_if_fail (path != NULL && framing != NULL && out != NULL, FALSE);
  g_return_val_if_fail (side_px > 0, FALSE);

  data = hf_image_read_file (path, &size, error);
  if (data == NULL)
    return FALSE;
  if (hf_pixels_decode_bytes (data, size, framing, side_px, out, error))
    return TRUE;
  hf_image_prefix_error (path, error);
  return FALSE;
}
