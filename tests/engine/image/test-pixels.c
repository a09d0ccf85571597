#include "image/filter-private.h"
#include "image/pixels.h"

#include "npy.h"

#include <string.h>

#define SIDE 64
#define N_BYTES (SIDE * SIDE * 3)

static void
check_golden (const char *picture)
{
  const HfFraming crop = HF_FRAMING_INIT;
  g_autofree char *npy = g_strconcat (picture, ".npy", NULL);
  g_autofree guint8 *wanted = npy_load ("preprocess", npy, N_BYTES);
  g_autofree char *path = golden_dup_path ("preprocess", picture);
  g_autofree guint8 *loaded = g_malloc (N_BYTES);
  g_autofree guint8 *made = g_malloc (N_BYTES);
  g_autoptr (HfImage) image = NULL;
  g_autoptr (GError) error = NULL;

  g_test_message ("%s", picture);
  g_assert_true (hf_pixels_load (path, &crop, SIDE, loaded, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (loaded, N_BYTES, wanted, N_BYTES);
  image = hf_image_load (path, &error);
  g_assert_no_error (error);
  hf_pixels_from_image (image, &crop, SIDE, made);
  g_assert_cmpmem (made, N_BYTES, wanted, N_BYTES);
}

static void
test_goldens (void)
{
  g_autofree char *folder = golden_dup_path ("preprocess", "");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  int n_checked = 0;

  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    if (g_str_has_suffix (name, ".png") || g_str_has_suffix (name, ".jpg")) {
      check_golden (name);
      n_checked++;
    }
  g_assert_cmpint (n_checked, ==, 22);
}

/* A tensor that others publish for a photograph. */
static void
test_published (void)
{
  enum { PUBLISHED_SIDE = 224, PUBLISHED_BYTES = 224 * 224 * 3 };
  const HfFraming crop = HF_FRAMING_INIT;
  g_autofree guint8 *wanted =
      npy_load ("published", "franz-kafka.jpg.npy", PUBLISHED_BYTES);
  g_autofree char *path = golden_dup_path ("published", "franz-kafka.jpg");
  g_autofree guint8 *loaded = g_malloc (PUBLISHED_BYTES);
  g_autoptr (GError) error = NULL;

  g_assert_true (hf_pixels_load (path, &crop, PUBLISHED_SIDE, loaded, &error));
  g_assert_no_error (error);
  for (gsize i = 0; i < PUBLISHED_BYTES; i++)
    g_assert_cmpint (ABS (loaded[i] - wanted[i]), <=, 1);
}

/* A picture of waves, no two rows or columns alike. */
static HfImage *
make_image (int width, int height)
{
  HfImage *image = g_new0 (HfImage, 1);

  image->width = width;
  image->height = height;
  image->rgb = g_malloc ((gsize) width * height * 3);
  for (int i = 0; i < width * height * 3; i++)
    image->rgb[i] = (guint8) (i % 7 * 31 + i / (width * 3) * 5 + i % width);
  return image;
}

/* The picture that a part of @image is when it is cut out first. */
static HfImage *
cut_out (const HfImage *image, int x0, int y0, int width, int height)
{
  HfImage *part = make_image (width, height);

  for (int y = 0; y < height; y++)
    memcpy (part->rgb + (gsize) y * width * 3,
            image->rgb + ((gsize) (y0 + y) * image->width + x0) * 3,
            (gsize) width * 3);
  return part;
}

static void
check_region (const char *region_text, const char *part_text)
{
  g_autoptr (HfImage) image = make_image (200, 90);
  g_autoptr (HfImage) part = cut_out (image, 50, 9, 33, 54);
  g_autofree guint8 *from_region = g_malloc (N_BYTES);
  g_autofree guint8 *from_part = g_malloc (N_BYTES);
  HfFraming region, whole;

  g_assert_true (hf_framing_parse (region_text, &region, NULL));
  g_assert_true (hf_framing_parse (part_text, &whole, NULL));
  hf_pixels_from_image (image, &region, SIDE, from_region);
  hf_pixels_from_image (part, &whole, SIDE, from_part);
  g_assert_cmpmem (from_region, N_BYTES, from_part, N_BYTES);
}

static void
test_region (void)
{
  check_region ("region:0.25,0.1,0.165,0.6", "crop");
  check_region ("region:0.25,0.1,0.165,0.6:whole", "whole");
}

/* 100 x 37 to 64: 64 x 24 (23.68 rounded), 20 rows above and below. */
static void
test_whole (void)
{
  g_autoptr (HfImage) image = make_image (100, 37);
  HfAxis x = {0, 100, 64, 0, 64, 0}, y = {0, 37, 24, 0, 24, 20};
  g_autoptr (HfFilter) fx = hf_filter_new (&x, 100, 1);
  g_autoptr (HfFilter) fy = hf_filter_new (&y, 37, 1);
  g_autofree guint8 *inner = g_malloc (64 * 24 * 3);
  g_autofree guint8 *out = g_malloc (N_BYTES);
  double sums[3] = {0};
  HfFraming whole;

  g_assert_true (hf_framing_parse ("whole", &whole, NULL));
  hf_filter_resize (image->rgb, 100, fx, fy, inner);
  hf_pixels_from_image (image, &whole, SIDE, out);
  g_assert_cmpmem (out + 20 * SIDE * 3, 64 * 24 * 3, inner, 64 * 24 * 3);
  for (int i = 0; i < 64 * 24; i++)
    for (int c = 0; c < 3; c++)
      if (i < 64 || i >= 64 * 23 || i % 64 == 0 || i % 64 == 63)
        sums[c] += inner[i * 3 + c];
  for (int i = 0; i < SIDE * SIDE; i++)
    for (int c = 0; c < 3; c++)
      if (i < 20 * SIDE || i >= 44 * SIDE)
        /* The ring has 2 * 64 + 2 * 22 pixels. */
        g_assert_cmpint (out[i * 3 + c], ==, (int) (sums[c] / 172 + 0.5));
}

/* A picture of one pixel, and one of a single row, fill the square. */
static void
test_thin (void)
{
  static const char *const texts[] = {"crop", "whole", "region:0.9,0,0.1,1"};

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (int width = 1; width <= 5000; width += 4999) {
      g_autoptr (HfImage) image = make_image (width, 1);
      g_autofree guint8 *out = g_malloc (N_BYTES);
      HfFraming framing;

      memset (image->rgb, 77, (gsize) width * 3);
      g_assert_true (hf_framing_parse (texts[i], &framing, NULL));
      hf_pixels_from_image (image, &framing, SIDE, out);
      for (int j = 0; j < N_BYTES; j++)
        g_assert_cmpint (out[j], ==, 77);
    }
}

static gpointer
load_thread (gpointer data)
{
  for (int i = 0; i < 3; i++)
    test_goldens ();
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("load", load_thread, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/pixels/crops-equal-pillow-byte-for-byte",
                   test_goldens);
  g_test_add_func ("/image/pixels/a-published-tensor", test_published);
  g_test_add_func ("/image/pixels/a-region-is-a-picture-of-its-own",
                   test_region);
  g_test_add_func ("/image/pixels/whole-is-centred-on-its-edges-mean",
                   test_whole);
  g_test_add_func ("/image/pixels/one-pixel-fills-the-square", test_thin);
  g_test_add_func ("/image/pixels/four-threads-load-the-same", test_threads);
  return g_test_run ();
}
