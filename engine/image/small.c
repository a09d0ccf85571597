/* small.c: see the header. */
#include "image/small.h"

#include "image/decode/decoder-private.h"
#include "image/decode/jpeg-private.h"
#include "image/filter-private.h"
#include "image/plan-private.h"

#include <string.h>

/* A JPEG is decoded at a smaller scale while that many decoded pixels remain
 * for each pixel of the result: the eye sees no difference. */
#define MIN_SHRUNK_RATIO 2
#define MAX_SHRINK 4

static HfImage *
copy_image (const HfImage *image, GError **error)
{
  gsize n_bytes = (gsize) image->width * image->height * 3;
  HfImage *copy = hf_image_new (image->width, image->height, n_bytes, error);

  if (copy != NULL)
    memcpy (copy->rgb, image->rgb, n_bytes);
  return copy;
}

HfImage *
hf_small_from_image (const HfImage *image, int side_px, GError **error)
{
  const HfFraming whole = {HF_FRAMING_WHOLE, HF_FRAMING_WHOLE, 0, 0, 1, 1};
  g_autoptr (HfFilter) fx = NULL;
  g_autoptr (HfFilter) fy = NULL;
  g_autoptr (HfImage) small = NULL;
  HfAxis x, y;

  g_return_val_if_fail (image != NULL && side_px > 0, NULL);

  if (MAX (image->width, image->height) <= side_px)
    return copy_image (image, error);
  hf_plan_axes (&whole, image->width, image->height, side_px, &x, &y);
  fx = hf_filter_new (&x, image->width, 1);
  fy = hf_filter_new (&y, image->height, 1);
  small = hf_image_new (x.count, y.count, (gsize) x.count * y.count * 3, error);
  if (small != NULL)
    hf_filter_resize (image->rgb, image->width, fx, fy, small->rgb);
  return g_steal_pointer (&small);
}

static HfImage *
decode_jpeg (HfJpeg *jpeg, int side_px, int *full_width, int *full_height,
             GError **error)
{
  int width = hf_jpeg_get_width (jpeg), height = hf_jpeg_get_height (jpeg);
  int orientation = hf_jpeg_get_orientation (jpeg);
  g_autoptr (HfImage) image = NULL;
  int shrink = 1;

  *full_width = orientation > 4 ? height : width;
  *full_height = orientation > 4 ? width : height;
  while (shrink < MAX_SHRINK && MAX (width, height) / (2 * shrink) >=
                                    (gint64) side_px * MIN_SHRUNK_RATIO)
    shrink *= 2;
  width = (width + shrink - 1) / shrink;
  height = (height + shrink - 1) / shrink;
  if (!hf_jpeg_start (jpeg, shrink, (gsize) width * height * 3, error))
    return NULL;
  image = hf_image_new (width, height, (gsize) width * height * 3, error);
  if (image == NULL || !hf_jpeg_read (jpeg, image->rgb, height, error) ||
      !hf_jpeg_finish (jpeg, error) ||
      !hf_image_orient (image, orientation, error))
    return NULL;
  return g_steal_pointer (&image);
}

static HfImage *
decode (const guint8 *data, gsize size, int side_px, int *width, int *height,
        GError **error)
{
  g_auto (HfClaim) claim = {0};
  g_autoptr (HfImage) image = NULL;
  g_autoptr (HfJpeg) jpeg = NULL;
  HfFormat format;

  if (!hf_format_sniff (data, size, &format, error))
    return NULL;
  if (format == HF_FORMAT_JPEG) {
    jpeg = hf_jpeg_open (data, size, &claim, error);
    if (jpeg != NULL)
      image = decode_jpeg (jpeg, side_px, width, height, error);
  } else {
    image = hf_image_decode_bytes (data, size, &claim, error);
    if (image != NULL) {
      *width = image->width;
      *height = image->height;
    }
  }
  if (image == NULL || MAX (image->width, image->height) <= side_px)
    return g_steal_pointer (&image);
  return hf_small_from_image (image, side_px, error);
}

HfImage *
hf_small_load (const char *path, int side_px, int *width, int *height,
               GError **error)
{
  g_autofree guint8 *data = NULL;
  g_autoptr (HfImage) image = NULL;
  int full_width = 0, full_height = 0;
  gsize size = 0;

  g_return_val_if_fail (path != NULL && side_px > 0, NULL);

  data = hf_image_read_file (path, &size, error);
  if (data == NULL)
    return NULL;
  image = decode (data, size, side_px, &full_width, &full_height, error);
  if (image == NULL) {
    hf_image_prefix_error (path, error);
    return NULL;
  }
  if (width != NULL)
    *width = full_width;
  if (height != NULL)
    *height = full_height;
  return g_steal_pointer (&image);
}
