/* orient.c: EXIF's eight orientations as a transpose and two mirrors: upright
 * pixel (x, y) is the stored pixel (u, v), where (u, v) is (x, y) or, for 5 to
 * 8, (y, x), and u or v counts from the other end. */
#include "image/decode/decoder-private.h"

#include <string.h>

/* Square blocks, so that both the rows read and those written stay cached. */
#define BLOCK 32

static void
mirror_row (guint8 *row, int width)
{
  for (int i = 0, j = width - 1; i < j; i++, j--) {
    guint8 pixel[3];

    memcpy (pixel, row + (gsize) i * 3, 3);
    memcpy (row + (gsize) i * 3, row + (gsize) j * 3, 3);
    memcpy (row + (gsize) j * 3, pixel, 3);
  }
}

static void
swap_rows (guint8 *a, guint8 *b, gsize n)
{
  guint8 chunk[1024];

  for (gsize at = 0; at < n; at += sizeof (chunk)) {
    gsize part = MIN (sizeof (chunk), n - at);

    memcpy (chunk, a + at, part);
    memcpy (a + at, b + at, part);
    memcpy (b + at, chunk, part);
  }
}

static void
mirror (HfImage *self, gboolean across, gboolean down)
{
  gsize row_bytes = (gsize) self->width * 3;

  for (int y = 0; across && y < self->height; y++)
    mirror_row (self->rgb + y * row_bytes, self->width);
  for (int y = 0; down && y < self->height / 2; y++)
    swap_rows (self->rgb + y * row_bytes,
               self->rgb + (self->height - 1 - y) * row_bytes, row_bytes);
}

static void
transpose_block (const HfImage *from, guint8 *to, int x0, int y0)
{
  int x1 = MIN (x0 + BLOCK, from->width);
  int y1 = MIN (y0 + BLOCK, from->height);

  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      memcpy (to + ((gsize) x * from->height + y) * 3,
              from->rgb + ((gsize) y * from->width + x) * 3, 3);
}

static gboolean
transpose (HfImage *self, GError **error)
{
  g_autoptr (HfImage) turned = hf_image_new (
      self->height, self->width, (gsize) self->width * self->height * 3, error);

  if (turned == NULL)
    return FALSE;
  for (int y = 0; y < self->height; y += BLOCK)
    for (int x = 0; x < self->width; x += BLOCK)
      transpose_block (self, turned->rgb, x, y);
  g_free (self->rgb);
  self->rgb = g_steal_pointer (&turned->rgb);
  self->width = turned->width;
  self->height = turned->height;
  return TRUE;
}

gboolean
hf_image_is_mirrored_across (int orientation)
{
  return orientation == 2 || orientation == 3 || orientation == 7 ||
         orientation == 8;
}

gboolean
hf_image_is_mirrored_down (int orientation)
{
  return orientation == 3 || orientation == 4 || orientation == 6 ||
         orientation == 7;
}

gboolean
hf_image_orient (HfImage *self, int orientation, GError **error)
{
  mirror (self, hf_image_is_mirrored_across (orientation),
          hf_image_is_mirrored_down (orientation));
  return orientation < 5 || transpose (self, error);
}
