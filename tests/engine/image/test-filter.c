#include "image/filter-private.h"

#include <math.h>

/* The definition in image/filter-private.h, in doubles. */
static double
twin_bicubic (double x)
{
  x = fabs (x);
  return x < 1   ? 1.5 * x * x * x - 2.5 * x * x + 1
         : x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2
                 : 0;
}

/* Value @i of @n_out along @n source values that lie @step apart. */
static double
twin_sample (const guint8 *values, gsize step, int n, gint64 n_out, gint64 i)
{
  double scale = (double) n / (double) n_out, f = MAX (scale, 1);
  double c = ((double) i + 0.5) * scale, sum = 0, weights = 0;
  int end = MIN ((int) (c + 2 * f + 0.5), n);

  for (int j = MAX ((int) (c - 2 * f + 0.5), 0); j < end; j++) {
    double weight = twin_bicubic ((j - c + 0.5) / f);

    sum += weight * values[j * step];
    weights += weight;
  }
  return CLAMP (round (sum / weights), 0, 255);
}

/* Both passes of the whole picture of @w x @h at @out_w x @out_h; the caller
 * picks what it needs. */
static guint8 *
twin_resize (const guint8 *rgb, int w, int h, int out_w, int out_h)
{
  g_autofree guint8 *rows = g_malloc ((gsize) out_w * h * 3);
  guint8 *out = g_malloc ((gsize) out_w * out_h * 3);

  for (int i = 0; i < out_w * h * 3; i++) {
    int c = i % 3, x = i / 3 % out_w, y = i / 3 / out_w;

    rows[i] =
        (guint8) twin_sample (rgb + (gsize) y * w * 3 + c, 3, w, out_w, x);
  }
  for (int i = 0; i < out_w * out_h * 3; i++) {
    int column = i % (out_w * 3), y = i / (out_w * 3);

    out[i] =
        (guint8) twin_sample (rows + column, (gsize) out_w * 3, h, out_h, y);
  }
  return out;
}

static guint8 *
make_noise (int w, int h, guint32 seed)
{
  GRand *random = g_rand_new_with_seed (seed);
  guint8 *rgb = g_malloc ((gsize) w * h * 3);

  /* Mostly black and white, so that sums leave 0..255 and are clipped. */
  for (int i = 0; i < w * h * 3; i++) {
    int value = g_rand_int_range (random, -200, 456);

    rgb[i] = (guint8) CLAMP (value, 0, 255);
  }
  g_rand_free (random);
  return rgb;
}

static HfAxis
make_axis (int start, int end, int out_size, int first, int count)
{
  return (HfAxis){start, end, out_size, first, count, 0};
}

/* Resizes the part [@x0, @x1) x [@y0, @y1) of a picture of @w x @h, computes
 * only a window of it, and compares with the twin of the cut-out part. */
static void
check (int w, int h, int x0, int x1, int y0, int y1, int out_w, int out_h)
{
  int first_x = out_w / 3, n_x = MAX (out_w / 2, 1);
  int first_y = out_h / 5, n_y = MAX (out_h * 2 / 3, 1);
  HfAxis x = make_axis (x0, x1, out_w, first_x, n_x);
  HfAxis y = make_axis (y0, y1, out_h, first_y, n_y);
  g_autofree guint8 *rgb = make_noise (w, h, (guint32) (w * 31 + h));
  g_autofree guint8 *part = g_malloc ((gsize) (x1 - x0) * (y1 - y0) * 3);
  g_autofree guint8 *out = g_malloc ((gsize) n_x * n_y * 3);
  g_autofree guint8 *twin = NULL;
  g_autoptr (HfFilter) fx = hf_filter_new (&x, w, 1);
  g_autoptr (HfFilter) fy = hf_filter_new (&y, h, 1);
  int n_off = 0;

  for (int r = y0; r < y1; r++)
    memcpy (part + (gsize) (r - y0) * (x1 - x0) * 3,
            rgb + ((gsize) r * w + x0) * 3, (gsize) (x1 - x0) * 3);
  twin = twin_resize (part, x1 - x0, y1 - y0, out_w, out_h);
  hf_filter_resize (rgb, w, fx, fy, out);
  for (int i = 0; i < n_x * n_y * 3; i++) {
    int column = i % (n_x * 3), row = i / (n_x * 3);
    gsize at = ((gsize) (first_y + row) * out_w + first_x) * 3 + column;

    /* Weights of 22 bits round to the other side only beside a half. */
    g_assert_cmpint (ABS (out[i] - twin[at]), <=, 1);
    n_off += out[i] != twin[at];
  }
  g_assert_cmpint (n_off, <=, n_x * n_y * 3 / 500);
}

static void
test_twin (void)
{
  static const int sides[] = {1, 2, 3, 5, 31, 64, 97};
  static const int outs[] = {1, 2, 7, 32, 65, 131};

  for (gsize i = 0; i < G_N_ELEMENTS (sides); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (outs); j++) {
      int other = sides[(i * 3 + j) % G_N_ELEMENTS (sides)];

      check (sides[i], other, 0, sides[i], 0, other, outs[j],
             outs[(i + j) % G_N_ELEMENTS (outs)]);
    }
  check (1171, 3, 0, 1171, 0, 3, 16, 40);
  check (5, 1031, 0, 5, 0, 1031, 9, 13);
}

static void
test_part (void)
{
  check (97, 64, 13, 60, 7, 64, 31, 64);
  check (64, 97, 63, 64, 0, 1, 8, 8);
  check (31, 31, 0, 30, 1, 31, 60, 15);
}

static void
test_same_size (void)
{
  HfAxis x = make_axis (0, 37, 37, 0, 37), y = make_axis (0, 29, 29, 0, 29);
  g_autofree guint8 *rgb = make_noise (37, 29, 3);
  g_autofree guint8 *out = g_malloc (37 * 29 * 3);
  g_autoptr (HfFilter) fx = hf_filter_new (&x, 37, 1);
  g_autoptr (HfFilter) fy = hf_filter_new (&y, 29, 1);

  hf_filter_resize (rgb, 37, fx, fy, out);
  g_assert_cmpmem (out, 37 * 29 * 3, rgb, 37 * 29 * 3);
}

/* Millions of resized pixels, of which a few are computed. */
static void
test_extreme_ratio (void)
{
  HfAxis x = make_axis (0, 3, 224, 0, 224);
  HfAxis y = make_axis (0, 2000, 149333, 74554, 224);
  g_autofree guint8 *rgb = make_noise (3, 2000, 5);
  g_autofree guint8 *out = g_malloc (224 * 224 * 3);
  g_autoptr (HfFilter) fx = hf_filter_new (&x, 3, 1);
  g_autoptr (HfFilter) fy = hf_filter_new (&y, 2000, 1);

  g_assert_cmpint (hf_filter_get_end (fy) - fy->first[0], <=, 8);
  hf_filter_resize (rgb, 3, fx, fy, out);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/filter/equals-its-definition", test_twin);
  g_test_add_func ("/image/filter/a-part-is-a-picture-of-its-own", test_part);
  g_test_add_func ("/image/filter/same-size-changes-nothing", test_same_size);
  g_test_add_func ("/image/filter/computes-only-what-is-shown",
                   test_extreme_ratio);
  return g_test_run ();
}
