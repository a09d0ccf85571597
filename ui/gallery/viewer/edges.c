/* edges.c: see the header. */
#include "ui/gallery/viewer/edges.h"

#include <math.h>

/* The weights of one side add up to 4: a step of v has the magnitude 4 v. */
#define STEP_GAIN 4
/* Steps of less are never drawn as if they were the strongest. */
#define LEAST_STRONGEST (24 * STEP_GAIN)
#define N_BINS (256 * STEP_GAIN * 2)

static int
get_magnitude (const guint8 *above, const guint8 *row, const guint8 *below,
               int left, int x, int right)
{
  int across = above[right] + 2 * row[right] + below[right] - above[left] -
               2 * row[left] - below[left];
  int down = below[left] + 2 * below[x] + below[right] - above[left] -
             2 * above[x] - above[right];

  return (int) sqrtf ((float) (across * across + down * down));
}

static void
fill (const guint8 *grey, int width, int height, guint16 *out, gsize *counts)
{
  for (int y = 0; y < height; y++) {
    const guint8 *row = grey + (gsize) y * width;
    const guint8 *above = y > 0 ? row - width : row;
    const guint8 *below = y < height - 1 ? row + width : row;

    for (int x = 0; x < width; x++) {
      int value = get_magnitude (above, row, below, MAX (x - 1, 0), x,
                                 MIN (x + 1, width - 1));

      out[(gsize) y * width + x] = (guint16) value;
      counts[MIN (value, N_BINS - 1)]++;
    }
  }
}

/* The magnitude that a hundredth of @n reaches. */
static int
find_strongest (const gsize *counts, gsize n)
{
  gsize above = 0;
  int value = N_BINS - 1;

  while (value > LEAST_STRONGEST && above + counts[value] <= n / 100)
    above += counts[value--];
  return value;
}

void
hf_edges_find (const guint8 *grey, int width, int height, guint8 *out)
{
  gsize n = (gsize) width * height;
  g_autofree guint16 *magnitudes = g_new (guint16, n);
  g_autofree gsize *counts = g_new0 (gsize, N_BINS);
  int strongest;

  fill (grey, width, height, magnitudes, counts);
  strongest = find_strongest (counts, n);
  for (gsize i = 0; i < n; i++)
    out[i] = (guint8) (MIN (magnitudes[i], strongest) * 255 / strongest);
}

GdkTexture *
hf_edges_new_texture (GBytes *pixels, int width, int height)
{
  gsize n = (gsize) width * height;
  const guint32 *argb = g_bytes_get_data (pixels, NULL);
  g_autofree guint8 *grey = g_malloc (n);
  guint32 *white = g_new (guint32, n);
  g_autoptr (GBytes) bytes = NULL;

  /* Rec. 601, in 256ths. */
  for (gsize i = 0; i < n; i++)
    grey[i] = (guint8) (((argb[i] >> 16 & 0xff) * 77 +
                         (argb[i] >> 8 & 0xff) * 150 + (argb[i] & 0xff) * 29) >>
                        8);
  hf_edges_find (grey, width, height, grey);
  for (gsize i = 0; i < n; i++)
    white[i] = grey[i] * 0x01010101u; /* premultiplied */
  bytes = g_bytes_new_take (white, n * sizeof (guint32));
  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes,
                                 (gsize) width * sizeof (guint32));
}
