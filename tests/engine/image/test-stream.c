/* The streamed way of large JPEGs against the exact one. */
#include "image/decode/decoder-private.h"
#include "image/pixels-private.h"

#include "jpegs.h"

typedef struct {
  int max;
  double mean;
} Difference;

static Difference
compare (GBytes *jpeg, const char *framing_text, int side_px)
{
  gsize size = 0, n = (gsize) side_px * side_px * 3;
  const guint8 *data = g_bytes_get_data (jpeg, &size);
  g_auto (HfClaim) claim = {0};
  g_autofree guint8 *streamed = g_malloc (n);
  g_autofree guint8 *exact = g_malloc (n);
  g_autoptr (HfImage) image = NULL;
  g_autoptr (GError) error = NULL;
  HfFraming framing;
  Difference found = {0};
  double sum = 0;

  g_assert_true (hf_framing_parse (framing_text, &framing, &error));
  hf_pixels_decode_bytes (data, size, &framing, side_px, streamed, &error);
  g_assert_no_error (error);
  image = hf_image_decode_bytes (data, size, &claim, &error);
  g_assert_no_error (error);
  hf_pixels_from_image (image, &framing, side_px, exact);
  for (gsize i = 0; i < n; i++) {
    int off = ABS (streamed[i] - exact[i]);

    found.max = MAX (found.max, off);
    sum += off;
  }
  found.mean = sum / (double) n;
  g_test_message ("%s at %d: max %d, mean %.3f", framing_text, side_px,
                  found.max, found.mean);
  return found;
}

/* Full scale: the passes change places and nothing is rounded between. */
static void
test_full_scale (void)
{
  static const char *const framings[] = {
      "crop", "whole", "region:0.1,0.3,0.4,0.2",
      "region:0.61,0.07,0.11,0.9:whole", "region:0.5,0.5,0.01,0.01"};
  g_autoptr (GBytes) jpeg = jpeg_make (&(JpegKind){2503, 1701, 88, FALSE});

  for (gsize i = 0; i < G_N_ELEMENTS (framings); i++) {
    Difference found = compare (jpeg, framings[i], 224);

    g_assert_cmpint (found.max, <=, 1);
    /* Rounding once instead of twice changes fewer than a quarter. */
    g_assert_cmpfloat (found.mean, <=, 0.25);
  }
}

/* At 1/2 (1701 / 2 >= 4 * 210) and 1/4 (1701 / 4 >= 4 * 100), sides that
 * neither 2 nor 4 divides. */
static void
test_shrunk (void)
{
  g_autoptr (GBytes) jpeg = jpeg_make (&(JpegKind){2503, 1701, 88, FALSE});
  g_autoptr (GBytes) progressive =
      jpeg_make (&(JpegKind){2503, 1701, 88, TRUE});
  static const char *const framings[] = {"crop", "whole",
                                         "region:0.013,0.007,0.9,0.9"};

  for (gsize i = 0; i < G_N_ELEMENTS (framings); i++) {
    g_assert_cmpint (compare (jpeg, framings[i], 180).max, <=, 4);
    g_assert_cmpint (compare (jpeg, framings[i], 90).max, <=, 4);
    g_assert_cmpint (compare (progressive, framings[i], 90).max, <=, 4);
  }
}

static void
test_orientations (void)
{
  g_autoptr (GBytes) upright = jpeg_make (&(JpegKind){2503, 1701, 80, FALSE});

  for (int orientation = 1; orientation <= 8; orientation++) {
    g_autoptr (GBytes) jpeg = jpeg_orient (upright, orientation);

    g_assert_cmpint (compare (jpeg, "crop", 225).max, <=, 1);
    g_assert_cmpint (compare (jpeg, "region:0.2,0.1,0.3,0.7:whole", 101).max,
                     <=, 4);
  }
}

/* The result at a shrunk scale differs from the one at full scale, else the
 * tests above would not test what they say. */
static void
test_takes_the_fast_way (void)
{
  g_autoptr (GBytes) jpeg = jpeg_make (&(JpegKind){2503, 1701, 88, FALSE});
  g_autoptr (GBytes) small = jpeg_make (&(JpegKind){2000, 2000, 88, FALSE});

  g_assert_cmpfloat (compare (jpeg, "crop", 90).mean, >, 0);
  g_assert_cmpfloat (compare (jpeg, "crop", 224).mean, >, 0);
  g_assert_cmpint (compare (small, "crop", 90).max, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/stream/full-scale-is-within-1", test_full_scale);
  g_test_add_func ("/image/stream/shrunk-is-within-4", test_shrunk);
  g_test_add_func ("/image/stream/every-orientation", test_orientations);
  g_test_add_func ("/image/stream/only-large-jpegs", test_takes_the_fast_way);
  return g_test_run ();
}
