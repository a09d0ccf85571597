/* Classic descriptors against numpy's, and what must hold for any picture; the
 * views that they and the model see. */
#include "image/classic/classic.h"
#include "image/views.h"
#include "npy.h"

#include <math.h>
#include <string.h>

enum {
  SIDE = HF_CLASSIC_PX,
  BYTES = SIDE * SIDE * 3,
  N_SQUARES = 3,
  N_COLOUR = 48
};

/* The squares of the golden: noise, a ramp, a red disc on grey. */
static guint8 *
draw (int which)
{
  guint8 *square = g_malloc (BYTES), *at = square;

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++, at += 3) {
      const gboolean inside = (x - 64) * (x - 64) + (y - 60) * (y - 60) < 900;
      const int all[N_SQUARES][3] = {
          {x * 7 + y * 13 + (x * y >> 3), (x * x >> 4) + y * 3, x * 5 ^ y * 11},
          {x * 2, y * 2, x + y},
          {inside ? 200 : 90, inside ? 40 : 90, inside ? 30 : 90},
      };

      for (int c = 0; c < 3; c++)
        at[c] = (guint8) all[which][c];
    }
  return square;
}

static void
test_golden (void)
{
  g_autofree char *path = golden_dup_path ("classic", "rows.f32");
  g_autofree char *data = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  g_assert_cmpuint (size, ==, N_SQUARES * HF_CLASSIC_DIM * sizeof (float));
  for (int i = 0; i < N_SQUARES; i++) {
    g_autofree guint8 *square = draw (i);
    float row[HF_CLASSIC_DIM], wanted[HF_CLASSIC_DIM];

    memcpy (wanted, data + (gsize) i * sizeof wanted, sizeof wanted);
    hf_classic_describe (square, row);
    for (int d = 0; d < HF_CLASSIC_DIM; d++)
      if (d < N_COLOUR)
        g_assert_cmpfloat_with_epsilon (row[d] * row[d], wanted[d] * wanted[d],
                                        3.0 / (SIDE * SIDE) + 1e-6);
      else
        g_assert_cmpfloat_with_epsilon (row[d], wanted[d], 1e-5);
  }
}

/* One colour: one bin each, no direction, every pattern "all as bright", and
 * nothing in any band. */
static void
test_flat (void)
{
  const int full[] = {0, 16, 47, 66, 78, 90, 102 + 8, 112 + 8, 122 + 8};
  g_autofree guint8 *square = g_malloc (BYTES);
  float row[HF_CLASSIC_DIM];
  double sum = 0;

  memset (square, 255, BYTES);
  hf_classic_describe (square, row);
  for (gsize i = 0; i < G_N_ELEMENTS (full); i++)
    g_assert_cmpfloat (row[full[i]], ==, 1);
  for (int d = 0; d < 132; d++)
    sum += fabsf (row[d]);
  g_assert_cmpfloat (sum, ==, G_N_ELEMENTS (full));
  for (int d = 132; d < HF_CLASSIC_DIM; d++)
    g_assert_cmpfloat_with_epsilon (row[d], d % 3 == 2 ? 0 : log (1e-3), 1e-5);
}

static void
test_subtract (void)
{
  g_autofree guint8 *a = draw (0), *b = draw (1);
  g_autofree guint8 *one = g_malloc (BYTES), *other = g_malloc (BYTES);

  hf_classic_subtract (a, b, one);
  hf_classic_subtract (b, a, other);
  g_assert_cmpmem (one, BYTES, other, BYTES);
  for (int i = 0; i < BYTES; i++)
    g_assert_cmpint (one[i], ==, a[i] > b[i] ? a[i] - b[i] : b[i] - a[i]);
}

/* All eight differ, each is a square of the same pixels, and the first four are
 * their own opposites. */
static void
test_views (void)
{
  g_autofree guint8 *square = draw (0);
  g_autofree guint8 *views = g_malloc ((gsize) BYTES * HF_VIEWS_MAX);
  g_autofree guint8 *back = g_malloc (BYTES);

  for (int v = 0; v < HF_VIEWS_MAX; v++) {
    guint8 *view = views + (gsize) v * BYTES;
    gint64 sum = 0;

    hf_views_apply (square, SIDE, v, view);
    for (int i = 0; i < BYTES; i++)
      sum += view[i] - square[i];
    g_assert_cmpint (sum, ==, 0);
    for (int w = 0; w < v; w++)
      g_assert_cmpint (memcmp (view, views + (gsize) w * BYTES, BYTES), !=, 0);
    hf_views_apply (view, SIDE, v, back);
    if (v < 5)
      g_assert_cmpmem (back, BYTES, square, BYTES);
  }
  g_assert_cmpmem (views, BYTES, square, BYTES);
  /* Across, down, and along the diagonal. */
  g_assert_cmpmem (views + BYTES, 3, square + (SIDE - 1) * 3, 3);
  g_assert_cmpmem (views + 2 * BYTES, 3, square + (SIDE - 1) * SIDE * 3, 3);
  g_assert_cmpmem (views + 4 * BYTES + 3, 3, square + SIDE * 3, 3);
  g_assert_true (hf_views_is_valid (1) && hf_views_is_valid (4) &&
                 hf_views_is_valid (8));
  g_assert_false (hf_views_is_valid (0) || hf_views_is_valid (2) ||
                  hf_views_is_valid (16));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/classic/equals-numpy", test_golden);
  g_test_add_func ("/image/classic/of-one-colour", test_flat);
  g_test_add_func ("/image/classic/difference-has-no-sign", test_subtract);
  g_test_add_func ("/image/views/are-eight-squares", test_views);
  return g_test_run ();
}
