/* Pictures made small to be looked at. */
#include "image/small.h"
#include "jpegs.h"

#include <glib/gstdio.h>
#include <stdlib.h>

/* Largest difference of any value, of two pictures of one size. */
static int
find_largest_difference (const HfImage *a, const HfImage *b)
{
  int largest = 0;

  g_assert_cmpint (a->width, ==, b->width);
  g_assert_cmpint (a->height, ==, b->height);
  for (gsize i = 0; i < (gsize) a->width * a->height * 3; i++)
    largest = MAX (largest, ABS (a->rgb[i] - b->rgb[i]));
  return largest;
}

static void
check_jpeg (int width, int height, int orientation, int side_px)
{
  g_autoptr (GBytes) plain = jpeg_make (&(JpegKind){width, height, 90, FALSE});
  g_autoptr (GBytes) jpeg = jpeg_orient (plain, orientation);
  g_autofree char *path = jpeg_dup_file (jpeg);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfImage) whole = hf_image_load (path, &error);
  g_autoptr (HfImage) twin = NULL;
  g_autoptr (HfImage) small = NULL;
  int full_width = 0, full_height = 0;

  g_assert_no_error (error);
  small = hf_small_load (path, side_px, &full_width, &full_height, &error);
  g_assert_no_error (error);
  twin = hf_small_from_image (whole, side_px, &error);
  g_assert_no_error (error);
  g_assert_cmpint (full_width, ==, whole->width);
  g_assert_cmpint (full_height, ==, whole->height);
  g_assert_cmpint (MAX (small->width, small->height), ==,
                   MIN (side_px, MAX (width, height)));
  /* Decoding at a smaller scale averages before it clips: a tenth of the range
   * at edges, which nobody sees. */
  g_assert_cmpint (find_largest_difference (small, twin), <=, 25);
  g_unlink (path);
}

static void
test_jpegs (void)
{
  for (int orientation = 1; orientation <= 8; orientation++)
    check_jpeg (1601, 901, orientation, 256);
  check_jpeg (97, 61, 6, 256);
  check_jpeg (1025, 3, 1, 128);
  check_jpeg (257, 256, 1, 256);
}

static void
test_keeps_proportions (void)
{
  guint8 rgb[7 * 700 * 3];
  HfImage image = {7, 700, rgb};
  g_autoptr (HfImage) small = NULL;

  for (gsize i = 0; i < sizeof (rgb); i++)
    rgb[i] = 77;
  small = hf_small_from_image (&image, 100, NULL);
  g_assert_cmpint (small->width, ==, 1);
  g_assert_cmpint (small->height, ==, 100);
  for (gsize i = 0; i < 300; i++)
    g_assert_cmpint (small->rgb[i], ==, 77);
}

static void
test_refuses_what_is_cut_short (void)
{
  g_autoptr (GBytes) jpeg = jpeg_make (&(JpegKind){1600, 900, 90, FALSE});
  g_autoptr (GBytes) half =
      g_bytes_new_from_bytes (jpeg, 0, g_bytes_get_size (jpeg) / 2);
  g_autofree char *path = jpeg_dup_file (half);
  g_autofree char *name = g_filename_display_name (path);
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_small_load (path, 256, NULL, NULL, &error));
  g_assert_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_DAMAGED);
  g_assert_true (g_str_has_prefix (error->message, name));
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/small/a-jpeg-as-from-its-full-size", test_jpegs);
  g_test_add_func ("/image/small/proportions-stay", test_keeps_proportions);
  g_test_add_func ("/image/small/what-is-cut-short-is-refused",
                   test_refuses_what_is_cut_short);
  return g_test_run ();
}
