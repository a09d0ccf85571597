/* test-conv.c: 3x3 convolutions, packed tap by tap and as towers have them. */
#include "fixture.h"

#include "compute/ops/ops-private.h"

#include <math.h>

/* As in test-gemm.c. All numbers here are multiples of 1/512 or 1/64 below 1,
 * and so are Winograd's points but for two binary digits: sums below 128 are
 * exact in float, whichever way they are made. */
#define BOUND 4e-6

typedef struct {
  int images, height, width, channels, n;
} Shape;

typedef enum {
  PACK_TAPS,
  PACK_TOWER,
} Packing;

/* float[n] in [-1, 1), multiples of 1/64: the points of such weights, which
 * have two binary digits more and reach to 9/4, are halves, too. */
static float *
new_weights (gsize n, guint32 seed)
{
  return new_fractions (n, seed, 64);
}

static HfMatrix *
pack (HfOps *ops, const Shape *s, Packing packing, const float *w,
      const float *scale, const float *bias)
{
  g_autoptr (GError) error = NULL;
  Rows rows = {w, 9 * s->channels};
  HfMatrix *matrix;

  if (packing == PACK_TAPS)
    return pack_matrix (ops, w, s->n, 9 * s->channels, scale, bias);
  matrix = hf_matrix_new_conv3x3 (ops, s->n, s->channels, s->height, copy_rows,
                                  &rows, scale, bias, &error);
  g_assert_no_error (error);
  return matrix;
}

/* The definition: result @at without scale and bias. */
static double
twin (const Shape *s, const float *x, const float *w, gsize at)
{
  int j = (int) (at % s->n), px = (int) (at / s->n % s->width);
  int py = (int) (at / s->n / s->width % s->height);
  int image = (int) (at / s->n / s->width / s->height);
  double sum = 0;

  for (int tap = 0; tap < 9; tap++) {
    int qx = px + tap % 3 - 1, qy = py + tap / 3 - 1;
    gsize pixel = ((gsize) image * s->height + qy) * s->width + qx;

    if (qx < 0 || qx >= s->width || qy < 0 || qy >= s->height)
      continue;
    for (int c = 0; c < s->channels; c++)
      sum += (double) x[pixel * s->channels + c] *
             w[((gsize) j * 9 + tap) * s->channels + c];
  }
  return sum;
}

/* Result @at if all that Winograd adds up were positive: what relative errors
 * of its steps are relative to. At least what the taps alone would add up. */
static double
sum_sizes (const Shape *s, const float *x, const float *w, gsize at)
{
  /* Which pixels and, times 1/2 or 1, which weights a point is made of. */
  static const int pixels[4][2] = {{0, 2}, {1, 2}, {1, 2}, {1, 3}};
  static const double taps[4][3] = {
      {1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, 0.5, 0.5}, {0, 0, 1}};
  int j = (int) (at % s->n), px = (int) (at / s->n % s->width);
  int py = (int) (at / s->n / s->width % s->height);
  int image = (int) (at / s->n / s->width / s->height);
  double sum = 0;

  for (int point = 0; point < 9 * s->channels; point++) {
    int c = point / 9;
    int down = py % 2 + point % 9 / 3, across = px % 2 + point % 3;
    double v = 0, u = 0;

    for (int i = 0; i < 4; i++) {
      int qy = py / 2 * 2 - 1 + pixels[down][i / 2];
      int qx = px / 2 * 2 - 1 + pixels[across][i % 2];
      gsize pixel = ((gsize) image * s->height + qy) * s->width + qx;

      if (qx >= 0 && qx < s->width && qy >= 0 && qy < s->height)
        v += fabs (x[pixel * s->channels + c]);
    }
    for (int tap = 0; tap < 9; tap++)
      u += taps[down][tap / 3] * taps[across][tap % 3] *
           fabs (w[((gsize) j * 9 + tap) * s->channels + c]);
    sum += u * v;
  }
  return sum;
}

static gsize
count_out (const Shape *s)
{
  return (gsize) s->images * s->height * s->width * s->n;
}

static HfBuffer *
convolve (HfOps *ops, const Shape *s, const HfMatrix *matrix, const float *x,
          HfAct act)
{
  gsize n_in = (gsize) s->images * s->height * s->width * s->channels;
  g_autofree float *zeros = g_new0 (float, s->channels);
  g_autoptr (HfBuffer) in = upload (ops, x, n_in * sizeof (float));
  g_autoptr (HfBuffer) none = upload (ops, zeros, s->channels * sizeof (float));
  g_autoptr (GError) error = NULL;
  HfBuffer *out = hf_buffer_new (hf_ops_get_device (ops),
                                 count_out (s) * sizeof (float), &error);

  hf_ops_conv3x3 (ops, matrix, in, none, out, s->images, s->height, s->width,
                  act, &error);
  g_assert_no_error (error);
  hf_ops_finish (ops, &error);
  g_assert_no_error (error);
  return out;
}

static void
try_packing (HfOps *ops, Shape s, Packing packing, HfAct act, gboolean is_plain)
{
  gsize n_out = count_out (&s);
  g_autofree float *x =
      new_numbers ((gsize) s.images * s.height * s.width * s.channels, 1);
  g_autofree float *w = new_weights ((gsize) s.n * 9 * s.channels, 2);
  g_autofree float *scale = is_plain ? NULL : new_numbers (s.n, 5);
  g_autofree float *bias = is_plain ? NULL : new_numbers (s.n, 3);
  g_autofree double *wanted = g_new (double, n_out);
  g_autoptr (HfMatrix) matrix = pack (ops, &s, packing, w, scale, bias);
  g_autoptr (HfBuffer) out = convolve (ops, &s, matrix, x, act);

  for (gsize at = 0; at < n_out; at++) {
    double sum = twin (&s, x, w, at);

    if (!is_plain)
      sum = sum * scale[at % s.n] + bias[at % s.n];
    wanted[at] = activate_twin (sum, act);
  }
  assert_close (out, wanted, n_out, BOUND);
}

static void
try_conv (HfOps *ops, int images, int height, int width, int channels, int n)
{
  Shape s = {images, height, width, channels, n};

  try_packing (ops, s, PACK_TAPS, HF_ACT_RELU, FALSE);
  try_packing (ops, s, PACK_TOWER, HF_ACT_RELU, FALSE);
}

static void
test_sizes (HfOps *ops, HfPrecision precision)
{
  try_conv (ops, 1, 1, 1, 1, 1);
  try_conv (ops, 1, 1, 2, 3, 2);
  try_conv (ops, 1, 2, 1, 2, 3);
  try_conv (ops, 2, 2, 2, 17, 16);
  try_conv (ops, 2, 3, 5, 7, 12);
  try_conv (ops, 3, 7, 7, 16, 24);
  try_conv (ops, 1, 14, 9, 24, 64);
  try_conv (ops, 2, 5, 4, 40, 100);
  try_conv (ops, 1, 2, 31, 3, 33);
  try_conv (ops, 8, 4, 6, 33, 20);
  try_conv (ops, 1, 33, 20, 12, 12);
}

static void
test_channels (HfOps *ops, HfPrecision precision)
{
  static const int counts[] = {1, 2, 3, 4, 5, 8, 12, 15, 16, 17, 24, 48, 65};

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++) {
    try_conv (ops, 1, 5, 7, counts[i], 18);
    try_conv (ops, 1, 5, 7, 18, counts[i]);
  }
}

/* More tiles than a block holds, more panels than one, and batches that are
 * not full. */
static void
test_real (HfOps *ops, HfPrecision precision)
{
  static const int batches[] = {1, 3, 8};

  for (gsize i = 0; i < G_N_ELEMENTS (batches); i++) {
    try_conv (ops, batches[i], 20, 20, 12, 24);
    try_conv (ops, batches[i], 14, 14, 64, 48);
    try_conv (ops, batches[i], 7, 7, 256, 200);
  }
  try_conv (ops, 1, 28, 28, 128, 128);
}

static void
test_epilogues (HfOps *ops, HfPrecision precision)
{
  Shape s = {2, 5, 6, 9, 35};

  for (int act = HF_ACT_NONE; act <= HF_ACT_RELU; act++)
    for (int packing = PACK_TAPS; packing <= PACK_TOWER; packing++) {
      try_packing (ops, s, packing, act, FALSE);
      try_packing (ops, s, packing, act, TRUE);
    }
}

/* Each tile of the GPU class at its borders, whichever the device would take.
 */
static void
test_tiles (HfOps *ops, HfPrecision precision)
{
  for (int tile = HF_TILE_A; tile < HF_N_TILES; tile++) {
    ops->forced_tile = (HfTile) tile;
    try_conv (ops, 2, 9, 8, 5, 35);
    try_conv (ops, 3, 7, 7, 16, 66);
    try_conv (ops, 1, 2, 31, 3, 3);
  }
  ops->forced_tile = HF_N_TILES;
}

/* How the work is cut follows from the number of compute units. */
static void
test_units (HfOps *ops, HfPrecision precision)
{
  static const int units[] = {1, 3, 17, 64, 1000};
  HfDeviceInfo *info = hf_ops_get_device (ops)->info;
  const int real = info->compute_units;

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
    info->compute_units = units[i];
    try_conv (ops, 1, 14, 9, 5, 70);
    try_conv (ops, 1, 3, 3, 20, 300);
    try_conv (ops, 3, 16, 15, 20, 20);
  }
  info->compute_units = real;
}

/* Numbers of 24 digits, of which every step rounds some off. Relative to
 * sum_sizes: 2^-24 for each of four additions before the products and four
 * behind them, for each of the products' sums, and once for what is stored; as
 * halves that is 2^-11. */
static void
try_rounding (HfOps *ops, HfPrecision precision, const Shape *s)
{
  const gsize n_in = (gsize) s->images * s->height * s->width * s->channels;
  const gsize n_w = (gsize) s->n * 9 * s->channels, n_out = count_out (s);
  const double step = ldexp (1, -24);
  const double stored = precision == HF_PRECISION_F32 ? step : ldexp (1, -11);
  g_autofree float *x = new_numbers (n_in, 1);
  g_autofree float *w = new_numbers (n_w, 2);
  g_autofree float *got = g_new (float, n_out);

  for (gsize i = 0; i < n_in; i++)
    x[i] = sinf (x[i] + (float) i);
  for (gsize i = 0; i < n_w; i++)
    w[i] = cosf (w[i] + (float) i);
  for (int packing = PACK_TAPS; packing <= PACK_TOWER; packing++) {
    g_autoptr (HfMatrix) matrix = pack (ops, s, packing, w, NULL, NULL);
    g_autoptr (HfBuffer) out = convolve (ops, s, matrix, x, HF_ACT_NONE);
    g_autoptr (GError) error = NULL;

    hf_buffer_read (out, got, n_out * sizeof (float), &error);
    g_assert_no_error (error);
    for (gsize at = 0; at < n_out; at++)
      g_assert_cmpfloat_with_epsilon (got[at], twin (s, x, w, at),
                                      ((9 * s->channels + 8) * step + stored) *
                                          sum_sizes (s, x, w, at));
  }
}

static void
test_rounding (HfOps *ops, HfPrecision precision)
{
  static const Shape shapes[] = {
      {1, 5, 5, 3, 3}, {2, 7, 6, 24, 12}, {1, 7, 7, 256, 200}};

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    try_rounding (ops, precision, &shapes[i]);
}

/* Rows of the last 4, 3, 2 and 1 of five pictures beside those of all five. */
static void
try_batches (HfOps *ops, const HfMatrix *matrix, const float *x)
{
  const gsize n_in = 9 * 11 * 37, n_out = 9 * 11 * 70;
  g_autofree float *wanted = g_new (float, 5 * n_out);
  g_autofree float *got = g_new (float, 5 * n_out);
  g_autoptr (GError) error = NULL;

  for (int images = 5; images > 0; images--) {
    Shape s = {images, 9, 11, 37, 70};
    g_autoptr (HfBuffer) out =
        convolve (ops, &s, matrix, x + (5 - images) * n_in, HF_ACT_NONE);

    hf_buffer_read (out, images == 5 ? wanted : got,
                    images * n_out * sizeof (float), &error);
    g_assert_no_error (error);
    if (images < 5)
      g_assert_cmpmem (got, images * n_out * sizeof (float),
                       wanted + (5 - images) * n_out,
                       images * n_out * sizeof (float));
  }
}

/* Rows are the same to the bit whatever the batch, on the GPU class in each
 * tile: which one is fastest does depend on the batch, and a short tile adds in
 * another order than a tall one. */
static void
test_same (HfOps *ops, HfPrecision precision)
{
  const Shape all = {5, 9, 11, 37, 70};
  const gsize n_in = 9 * 11 * 37;
  const gboolean is_gpu = hf_ops_get_device (ops)->device_class == HF_CLASS_GPU;
  g_autofree float *x = new_numbers (5 * n_in, 1);
  g_autofree float *w = new_numbers (70 * 9 * 37, 2);
  g_autoptr (HfMatrix) matrix = pack (ops, &all, PACK_TOWER, w, NULL, NULL);

  for (gsize i = 0; i < 5 * n_in; i++)
    x[i] = sinf (x[i] * (float) i);
  for (int tile = HF_TILE_A; tile < (is_gpu ? HF_N_TILES : HF_TILE_B); tile++) {
    ops->forced_tile = (HfTile) tile;
    try_batches (ops, matrix, x);
  }
  ops->forced_tile = HF_N_TILES;
}

/* A NaN stays within the pixels around it and in its own picture. */
static void
test_nan (HfOps *ops, HfPrecision precision)
{
  const Shape s = {3, 8, 8, 20, 20};
  const gsize n_in = 8 * 8 * 20, n_out = 8 * 8 * 20;
  g_autofree float *x = new_numbers (3 * n_in, 1);
  g_autofree float *w = new_numbers (20 * 9 * 20, 2);
  g_autofree float *got = g_new (float, 3 * n_out);
  g_autoptr (HfMatrix) matrix = pack (ops, &s, PACK_TOWER, w, NULL, NULL);
  g_autoptr (HfBuffer) out = NULL;
  g_autoptr (GError) error = NULL;

  x[n_in + 19] = NAN;
  x[2 * n_in - 1] = NAN;
  out = convolve (ops, &s, matrix, x, HF_ACT_RELU);
  hf_buffer_read (out, got, 3 * n_out * sizeof (float), &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < 3 * n_out; i++)
    if (isnan (got[i])) {
      gsize pixel = i / 20 % 64, x_px = pixel % 8, y_px = pixel / 8;

      g_assert_cmpuint (i / n_out, ==, 1);
      g_assert_true ((x_px < 3 && y_px < 3) || (x_px > 4 && y_px > 4));
    }
  g_assert_true (isnan (got[n_out]) && isnan (got[2 * n_out - 1]));
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  add_ops_test ("/compute/conv3x3/any-size", test_sizes);
  add_ops_test ("/compute/conv3x3/any-channels", test_channels);
  add_ops_test ("/compute/conv3x3/sizes-of-real-towers", test_real);
  add_ops_test ("/compute/conv3x3/every-epilogue", test_epilogues);
  add_ops_test ("/compute/conv3x3/every-tile", test_tiles);
  add_ops_test ("/compute/conv3x3/any-number-of-units", test_units);
  add_ops_test ("/compute/conv3x3/rounds-as-derived", test_rounding);
  add_ops_test ("/compute/conv3x3/same-in-every-batch", test_same);
  add_ops_test ("/compute/conv3x3/nan-stays-where-it-is", test_nan);
  return g_test_run ();
}
