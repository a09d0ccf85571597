/* Tests of products and pictures in bfloat16 (compute/ops/bf16.c, planes.c;
 * kernels/cpu/bf16-*.cl). Numbers are multiples of 1/8 below 1, which bfloat16
 * holds, so that sums are exact in float, whichever way they are made. */
#include "fixture.h"

#include "compute/ops/ops-private.h"
#include "compute/maps.h"

#include <math.h>
#include <string.h>

/* Between a product in float and the same in double. */
#define BOUND 2e-6

/* A number that is rounded to eight digits is off by 2^-9 of its value at most,
 * in the mean of squares by about 1.3e-6 of them. */
#define NOISE 3e-6

static float *
new_eighths (gsize n, guint32 seed)
{
  return new_fractions (n, seed, 8);
}

/* Powers of two: a scale that keeps sums exact. */
static float *
new_scales (gsize n)
{
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = ldexpf (i % 3 == 0 ? -1.f : 1.f, (int) (i % 5) - 2);
  return values;
}

static guint16
narrow_twin (double x)
{
  float value = (float) x;
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  if (isnan (value))
    return 0x7fc0;
  return (guint16) ((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static double
widen_twin (guint16 narrow)
{
  guint32 bits = (guint32) narrow << 16;
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static HfBuffer *
new_buffer (HfOps *ops, gsize size_bytes)
{
  g_autoptr (GError) error = NULL;
  HfBuffer *buffer =
      hf_buffer_new (hf_ops_get_device (ops), size_bytes, &error);

  g_assert_no_error (error);
  return buffer;
}

static void
try_product (HfOps *ops, int rows, int n, int k, gboolean has_residual,
             HfAct act)
{
  const gsize n_out = (gsize) rows * n;
  g_autofree float *a = new_eighths ((gsize) rows * k, 1);
  g_autofree float *w = new_eighths ((gsize) n * k, 2);
  g_autofree float *scale = new_scales (n), *bias = new_eighths (n, 3);
  g_autofree float *residual = new_eighths (n_out, 4);
  g_autofree double *wanted = g_new (double, n_out);
  g_autoptr (HfMatrix) matrix = pack_matrix (ops, w, n, k, scale, bias);
  g_autoptr (HfBuffer) in = upload (ops, a, (gsize) rows * k * sizeof (float));
  g_autoptr (HfBuffer) out = upload (ops, residual, n_out * sizeof (float));
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (hf_matrix_get_precision (matrix), ==, HF_PRECISION_BF16);
  for (gsize at = 0; at < n_out; at++) {
    double sum = 0;

    for (int p = 0; p < k; p++)
      sum += (double) a[at / n * k + p] * w[at % n * k + p];
    wanted[at] = activate_twin (sum * scale[at % n] + bias[at % n] +
                                    (has_residual ? residual[at] : 0),
                                act);
  }
  hf_ops_gemm (ops, matrix, in, out, has_residual ? out : NULL, rows, act,
               &error);
  g_assert_no_error (error);
  assert_close (out, wanted, n_out, BOUND);
}

static void
test_shapes (HfOps *ops, HfPrecision precision)
{
  static const int rows[] = {1, 2, 5, 15, 16, 17, 31, 32, 33, 50};
  static const int columns[] = {1, 8, 31, 32, 33, 64, 100};
  static const int depths[] = {1, 3, 16, 27, 31, 32, 33, 96, 300, 390, 800};

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    try_product (ops, rows[i], 70, 65, TRUE, HF_ACT_NONE);
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    try_product (ops, 35, columns[i], 40, i % 2 == 0, HF_ACT_RELU);
  for (gsize i = 0; i < G_N_ELEMENTS (depths); i++)
    try_product (ops, 18, 40, depths[i], FALSE, HF_ACT_NONE);
}

/* More rows than are multiplied together, and than stay in the cache. */
static void
test_blocks (HfOps *ops, HfPrecision precision)
{
  try_product (ops, 191, 33, 64, TRUE, HF_ACT_NONE);
  try_product (ops, 193, 33, 512, TRUE, HF_ACT_NONE);
  try_product (ops, 400, 40, 3072, FALSE, HF_ACT_NONE);
}

static void
test_epilogues (HfOps *ops, HfPrecision precision)
{
  for (int act = HF_ACT_NONE; act <= HF_ACT_RELU; act++)
    for (int n = 32; n <= 45; n += 13) {
      try_product (ops, 20, n, 40, FALSE, act);
      try_product (ops, 20, n, 40, TRUE, act);
    }
}

static void
test_units (HfOps *ops, HfPrecision precision)
{
  static const int units[] = {1, 3, 17, 64, 1000};
  HfDeviceInfo *info = hf_ops_get_device (ops)->info;
  const int real = info->compute_units;

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
    info->compute_units = units[i];
    try_product (ops, 1, 70, 64, TRUE, HF_ACT_NONE);
    try_product (ops, 70, 300, 64, TRUE, HF_ACT_NONE);
  }
  info->compute_units = real;
}

/* Of 19 digits, of which all but eight are rounded away. */
static float *
new_long_numbers (gsize n, guint32 seed)
{
  float *values = new_numbers (n, seed);
  g_autofree float *digits = new_numbers (n, seed + 100);

  for (gsize i = 0; i < n; i++)
    values[i] += digits[i] / 512;
  return values;
}

static void
test_accuracy (HfOps *ops, HfPrecision precision)
{
  const int rows = 33, n = 64, k = 768;
  g_autofree float *a = new_long_numbers ((gsize) rows * k, 1);
  g_autofree float *w = new_long_numbers ((gsize) n * k, 2);
  g_autofree float *got = g_new (float, (gsize) rows *n);
  g_autoptr (HfMatrix) matrix = NULL;
  g_autoptr (HfBuffer) in = NULL, out = NULL;
  g_autoptr (GError) error = NULL;
  double difference = 0, size = 0;

  matrix = pack_matrix (ops, w, n, k, NULL, NULL);
  in = upload (ops, a, (gsize) rows * k * sizeof (float));
  out = new_buffer (ops, (gsize) rows * n * sizeof (float));
  hf_ops_gemm (ops, matrix, in, out, NULL, rows, HF_ACT_NONE, &error);
  hf_buffer_read (out, got, (gsize) rows * n * sizeof (float), &error);
  g_assert_no_error (error);
  for (int at = 0; at < rows * n; at++) {
    double sum = 0;

    for (int p = 0; p < k; p++)
      sum += (double) a[at / n * k + p] * w[at % n * k + p];
    difference += (got[at] - sum) * (got[at] - sum);
    size += sum * sum;
  }
  /* Both sides are rounded. */
  g_assert_cmpfloat (difference / size, <, 2 * NOISE);
  g_assert_cmpfloat (difference / size, >, NOISE / 10);
}

/* Norm and activation between two products: their results are rounded anew.
 * @room: for rows of the hidden layer. */
static void
try_mlp (HfOps *ops, int n_rows, int k, int n, int room, HfAct act)
{
  const gsize n_x = (gsize) n_rows * k;
  g_autofree float *x = new_numbers (n_x, 1), *got = g_new (float, n_x);
  g_autofree float *gain = new_numbers (k, 2), *shift = new_numbers (k, 3);
  g_autofree float *bias = new_numbers (n, 6);
  g_autofree float *w = new_eighths ((gsize) n * k, 4);
  g_autofree float *v = new_eighths ((gsize) k * n, 5);
  g_autofree double *inner = g_new (double, n);
  g_autoptr (HfMatrix) first = pack_matrix (ops, w, n, k, NULL, bias);
  g_autoptr (HfMatrix) second = pack_matrix (ops, v, k, n, NULL, NULL);
  g_autoptr (HfBuffer) rows = upload (ops, x, n_x * sizeof (float));
  g_autoptr (HfBuffer) gains = upload (ops, gain, (gsize) k * sizeof (float));
  g_autoptr (HfBuffer) shifts = upload (ops, shift, (gsize) k * sizeof (float));
  g_autoptr (HfBuffer) normed = new_buffer (ops, n_x * sizeof (float));
  g_autoptr (HfBuffer) hidden =
      new_buffer (ops, (gsize) room * n * sizeof (float));
  g_autoptr (GError) error = NULL;
  double difference = 0, size = 0;

  hf_ops_mlp (ops, first, second, gains, shifts, 1e-5f, rows, normed, hidden,
              n_rows, act, &error);
  hf_buffer_read (rows, got, n_x * sizeof (float), &error);
  g_assert_no_error (error);
  for (int r = 0; r < n_rows; r++) {
    const float *row = x + (gsize) r * k;
    double mean = 0, variance = 0;

    for (int p = 0; p < k; p++)
      mean += row[p] / (double) k;
    for (int p = 0; p < k; p++)
      variance += (row[p] - mean) * (row[p] - mean) / k;
    for (int j = 0; j < n; j++) {
      inner[j] = bias[j];
      for (int p = 0; p < k; p++)
        inner[j] +=
            ((row[p] - mean) / sqrt (variance + 1e-5) * gain[p] + shift[p]) *
            w[(gsize) j * k + p];
      inner[j] = activate_twin (inner[j], act);
    }
    for (int p = 0; p < k; p++) {
      double wanted = 0;

      for (int j = 0; j < n; j++)
        wanted += inner[j] * v[(gsize) p * n + j];
      difference += pow (got[(gsize) r * k + p] - row[p] - wanted, 2);
      size += wanted * wanted;
    }
  }
  g_assert_cmpfloat (difference / size, <, 2 * NOISE);
}

static void
test_mlp (HfOps *ops, HfPrecision precision)
{
  for (int act = HF_ACT_QUICK_GELU; act <= HF_ACT_RELU; act++) {
    try_mlp (ops, 21, 40, 70, 21, act);
    try_mlp (ops, 21, 40, 96, 21, act);
    /* Where rows between the products fit in bf16, they stay so. */
    try_mlp (ops, 1, 40, 96, 50, act);
    try_mlp (ops, 37, 40, 96, 60, act);
    try_mlp (ops, 230, 64, 512, 230, act);
  }
}

/* A row is the same to the bit whatever the others are, and one that is not
 * finite stays so and spoils no other. */
static void
test_rows (HfOps *ops, HfPrecision precision)
{
  enum { ROWS = 70, N = 45, K = 333 };
  g_autofree float *a = new_numbers (ROWS * K, 1);
  g_autofree float *w = new_numbers (N * K, 2);
  g_autofree float *all = g_new (float, ROWS *N), *got = g_new (float, ROWS *N);
  g_autoptr (HfMatrix) matrix = pack_matrix (ops, w, N, K, NULL, NULL);
  g_autoptr (HfBuffer) out = new_buffer (ops, ROWS * N * sizeof (float));
  g_autoptr (GError) error = NULL;

  a[65 * K + 5] = NAN;
  for (int rows = ROWS; rows > 0; rows = rows * 2 / 3) {
    g_autoptr (HfBuffer) in =
        upload (ops, a + (ROWS - rows) * K, (gsize) rows * K * sizeof (float));

    hf_ops_gemm (ops, matrix, in, out, NULL, rows, HF_ACT_NONE, &error);
    hf_buffer_read (out, rows == ROWS ? all : got,
                    (gsize) rows * N * sizeof (float), &error);
    g_assert_no_error (error);
    for (int i = 0; i < rows * N; i++)
      g_assert_true (isnan ((rows == ROWS ? all : got)[i]) ==
                     (i / N + ROWS - rows == 65));
    for (int i = 0; i < rows * N && rows < ROWS; i++)
      if (!isnan (got[i]))
        g_assert_cmpfloat (got[i], ==, all[(ROWS - rows) * N + i]);
  }
}

typedef struct {
  int n, height, width, channels;
} Size;

static gsize
count (const Size *s)
{
  return (gsize) s->n * s->height * s->width * s->channels;
}

/* Everything behind the last pixel, and in front of the first one, is NaN, so
 * that whoever counts it is found out. */
static HfMaps
upload_planes (HfOps *ops, const Size *s, const float *x)
{
  const gsize size_bytes = hf_maps_get_bytes (HF_PRECISION_BF16, s->n,
                                              s->height, s->width, s->channels);
  const gsize stride = ((gsize) s->channels + 31) / 32 * 32;
  const gsize pitch = (gsize) s->width + 1, down = (gsize) s->height + 1;
  g_autofree guint16 *planes = g_malloc (size_bytes);
  const gsize end = (pitch + 1 + s->n * down * pitch + pitch + 1) * stride;

  for (gsize i = 0; i < size_bytes / 2; i++)
    planes[i] = i >= (pitch + 1) * stride && i < end ? 0 : 0x7fc0;
  for (gsize i = 0; i < count (s); i++) {
    const gsize pixel = i / s->channels, px = pixel % s->width;
    const gsize py = pixel / s->width % s->height;
    const gsize image = pixel / s->width / s->height;
    const gsize place = pitch + 1 + (image * down + py + 1) * pitch + px + 1;

    planes[place * stride + i % s->channels] = narrow_twin (x[i]);
  }
  return (HfMaps){upload (ops, planes, size_bytes), s->n, s->height, s->width,
                  s->channels};
}

static HfMaps
new_planes (HfOps *ops, int n, int height, int width, int channels)
{
  return (HfMaps){new_buffer (ops, hf_maps_get_bytes (HF_PRECISION_BF16, n,
                                                      height, width, channels)),
                  0, 0, 0, 0};
}

/* Numbers as bf16 holds them. */
static void
round_all (double *x, gsize n)
{
  for (gsize i = 0; i < n; i++)
    x[i] = widen_twin (narrow_twin (x[i]));
}

/* room[0] is @wanted, to the bit. */
static void
assert_maps (HfOps *ops, HfMaps *room, const Size *s, const double *wanted)
{
  g_autofree float *got = g_new (float, count (s));
  g_autoptr (GError) error = NULL;
  const HfBuffer *rows;

  g_assert_cmpint (room[0].n, ==, s->n);
  g_assert_cmpint (room[0].height, ==, s->height);
  g_assert_cmpint (room[0].width, ==, s->width);
  g_assert_cmpint (room[0].channels, ==, s->channels);
  rows = hf_maps_get_rows (ops, room, &error);
  g_assert_no_error (error);
  hf_buffer_read ((HfBuffer *) rows, got, count (s) * sizeof (float), &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < count (s); i++)
    g_assert_true (isnan (wanted[i]) ? isnan (got[i])
                                     : (double) got[i] == wanted[i]);
}

/* A convolution of 1 or 9 taps with its weights. */
typedef struct {
  int n, channels, taps;
  float *w, *scale, *bias;
  HfMatrix *matrix;
} Conv;

static void
conv_clear (Conv *conv)
{
  g_free (conv->w);
  g_free (conv->scale);
  g_free (conv->bias);
  hf_matrix_free (conv->matrix);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Conv, conv_clear)

/* Few weights are not zero, so that chains of sums stay exact. */
static Conv
make_conv (HfOps *ops, int n, int channels, int taps, guint32 seed)
{
  const gsize n_weights = (gsize) n * taps * channels;
  Conv conv = {n,
               channels,
               taps,
               new_eighths (n_weights, seed),
               new_scales (n),
               new_eighths (n, seed + 1),
               NULL};
  Rows rows = {conv.w, taps * channels};
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < n_weights; i++)
    if (i % 7 > 1)
      conv.w[i] = 0;
  conv.matrix =
      taps == 1 ? pack_matrix (ops, conv.w, n, channels, conv.scale, conv.bias)
                : hf_matrix_new_conv3x3 (ops, n, channels, 14, copy_rows, &rows,
                                         conv.scale, conv.bias, &error);
  g_assert_no_error (error);
  return conv;
}

/* Its result, rounded; caller frees. @residual: or NULL. */
static double *
convolve_twin (const Size *s, const double *x, const Conv *conv,
               const double *residual, HfAct act)
{
  const int n = conv->n, reach = conv->taps == 9;
  const gsize n_out = count (s) / s->channels * n;
  double *wanted = g_new (double, n_out);

  g_assert_cmpint (s->channels, ==, conv->channels);
  for (gsize at = 0; at < n_out; at++) {
    const int j = (int) (at % n), px = (int) (at / n % s->width);
    const int py = (int) (at / n / s->width % s->height);
    const int image = (int) (at / n / s->width / s->height);
    double sum = 0;

    for (int tap = 0; tap < conv->taps; tap++) {
      const int qx = px + tap % 3 * reach - reach;
      const int qy = py + tap / 3 * reach - reach;
      const gsize pixel = ((gsize) image * s->height + qy) * s->width + qx;

      if (qx < 0 || qx >= s->width || qy < 0 || qy >= s->height)
        continue;
      for (int c = 0; c < s->channels; c++)
        sum += x[pixel * s->channels + c] *
               conv->w[((gsize) j * conv->taps + tap) * s->channels + c];
    }
    sum = sum * conv->scale[j] + conv->bias[j] +
          (residual != NULL ? residual[at] : 0);
    wanted[at] = act == HF_ACT_RELU && !isnan (sum) ? MAX (sum, 0) : sum;
  }
  round_all (wanted, n_out);
  return wanted;
}

/* Means of size x size, rounded; @s becomes their size. Caller frees. */
static double *
pool_twin (Size *s, const double *x, int size)
{
  const Size out = {s->n, s->height / size, s->width / size, s->channels};
  double *y = g_new0 (double, count (&out));

  for (gsize at = 0; at < count (&out); at++) {
    const gsize c = at % s->channels, px = at / s->channels % out.width;
    const gsize py = at / s->channels / out.width % out.height;
    const gsize image = at / s->channels / out.width / out.height;

    for (int tap = 0; tap < size * size; tap++)
      y[at] += x[((image * s->height + py * size + tap / size) * s->width +
                  px * size + tap % size) *
                     s->channels +
                 c] /
               (size * size);
  }
  round_all (y, count (&out));
  *s = out;
  return y;
}

static double *
dup_doubles (const float *x, gsize n)
{
  double *doubles = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    doubles[i] = x[i];
  return doubles;
}

/* A block of @inner channels that makes @n of pictures of @s; @x: or NULL. */
static void
try_block (HfOps *ops, Size s, int inner, int n, int stride,
           gboolean has_shortcut, const float *x)
{
  g_autofree float *made = x == NULL ? new_eighths (count (&s), 1) : NULL;
  g_autofree double *in = dup_doubles (x != NULL ? x : made, count (&s));
  g_auto (Conv) conv1 = make_conv (ops, inner, s.channels, 1, 11);
  g_auto (Conv) conv2 = make_conv (ops, inner, inner, 9, 21);
  g_auto (Conv) conv3 = make_conv (ops, n, inner, 1, 31);
  g_auto (Conv) shortcut = make_conv (ops, n, s.channels, 1, 41);
  const HfBottleneck block = {conv1.matrix, conv2.matrix, conv3.matrix,
                              has_shortcut ? shortcut.matrix : NULL, stride};
  Size inner_size = {s.n, s.height, s.width, inner}, out = s;
  g_autofree double *first = convolve_twin (&s, in, &conv1, NULL, HF_ACT_RELU);
  g_autofree double *second =
      convolve_twin (&inner_size, first, &conv2, NULL, HF_ACT_RELU);
  g_autofree double *pooled = pool_twin (&inner_size, second, stride);
  g_autofree double *pooled_x = pool_twin (&out, in, stride);
  g_autofree double *side =
      has_shortcut
          ? convolve_twin (&out, pooled_x, &shortcut, NULL, HF_ACT_NONE)
          : NULL;
  g_autofree double *wanted = convolve_twin (
      &inner_size, pooled, &conv3, has_shortcut ? side : pooled_x, HF_ACT_RELU);
  HfMaps room[2] = {
      upload_planes (ops, &s, x != NULL ? x : made),
      new_planes (ops, s.n, s.height, s.width, MAX (2 * n, 2 * s.channels))};
  g_autoptr (GError) error = NULL;

  hf_maps_bottleneck (ops, &block, NULL, room, &error);
  g_assert_no_error (error);
  out.channels = n;
  /* The rows need room for floats. */
  hf_buffer_free (room[1].buffer);
  room[1].buffer = new_buffer (ops, count (&out) * sizeof (float));
  assert_maps (ops, room, &out, wanted);
  hf_buffer_free (room[0].buffer);
  hf_buffer_free (room[1].buffer);
}

static void
test_blocks_of_maps (HfOps *ops, HfPrecision precision)
{
  static const Size sizes[] = {{1, 2, 2, 1},  {2, 2, 3, 7},  {1, 2, 31, 32},
                               {2, 3, 5, 33}, {3, 7, 7, 16}, {1, 14, 9, 24},
                               {8, 4, 6, 40}, {2, 9, 8, 64}};

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    try_block (ops, sizes[i], 12, 20, 1, TRUE, NULL);
    try_block (ops, sizes[i], 33, 35, 2, TRUE, NULL);
    try_block (ops, sizes[i], 20, sizes[i].channels, 1, FALSE, NULL);
  }
}

/* More lines than stay in the cache, more places than are multiplied together,
 * and enough steps that sums pass through memory. */
static void
test_large_maps (HfOps *ops, HfPrecision precision)
{
  try_block (ops, (Size){1, 70, 300, 5}, 40, 70, 1, TRUE, NULL);
  try_block (ops, (Size){2, 41, 160, 66}, 40, 35, 2, TRUE, NULL);
  /* Lines that fill no pool lie between two blocks. */
  try_block (ops, (Size){3, 7, 690, 5}, 12, 20, 4, TRUE, NULL);
  try_block (ops, (Size){5, 6, 690, 5}, 12, 20, 4, TRUE, NULL);
  try_block (ops, (Size){3, 5, 4, 500}, 100, 500, 1, FALSE, NULL);
}

/* How lines are cut follows from the number of compute units. */
static void
test_units_of_maps (HfOps *ops, HfPrecision precision)
{
  static const int units[] = {1, 3, 17, 64, 1000};
  HfDeviceInfo *info = hf_ops_get_device (ops)->info;
  const int real = info->compute_units;

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
    info->compute_units = units[i];
    try_block (ops, (Size){3, 9, 8, 20}, 20, 40, 2, TRUE, NULL);
    try_block (ops, (Size){2, 6, 7, 20}, 20, 20, 1, FALSE, NULL);
  }
  info->compute_units = real;
}

/* A NaN stays in its own picture, and no further than its convolutions reach.
 */
static void
test_nan (HfOps *ops, HfPrecision precision)
{
  const Size s = {3, 8, 8, 20};
  const gsize n = 8 * 8 * 20;
  g_autofree float *x = new_eighths (3 * n, 1);

  x[n] = NAN;
  x[2 * n - 1] = NAN;
  try_block (ops, s, 20, 20, 1, FALSE, x);
}

static void
try_stem (HfOps *ops, int n, int side, const int *channels)
{
  const HfUnfold unfold = {
      side, 3, 2, 1, {0.5f, 0.25f, 0.75f}, {0.25f, 0.5f, 0.125f}};
  const int out = hf_unfold_get_n (&unfold);
  const gsize n_in = (gsize) n * side * side * 3;
  Size size = {n, out, out, 27};
  g_autofree guint8 *pixels = g_malloc (n_in);
  g_autofree float *values = g_new (float, count (&size));
  g_auto (Conv) a = make_conv (ops, channels[0], 27, 1, 11);
  g_auto (Conv) b = make_conv (ops, channels[1], channels[0], 9, 21);
  g_auto (Conv) c = make_conv (ops, channels[2], channels[1], 9, 31);
  HfMatrix *const matrices[3] = {a.matrix, b.matrix, c.matrix};
  g_autoptr (HfBuffer) in = NULL;
  g_autoptr (HfBuffer) rows = new_buffer (ops, count (&size) * sizeof (float));
  HfMaps room[2] = {new_planes (ops, n, out / 2, out / 2, channels[2]),
                    new_planes (ops, n, out, out, 2 * channels[2])};
  g_autofree double *unfolded = NULL, *first = NULL, *second = NULL;
  g_autofree double *third = NULL, *wanted = NULL;
  g_autoptr (GError) error = NULL;

  /* Multiples of 51, so that what becomes of them has few digits. */
  for (gsize i = 0; i < n_in; i++)
    pixels[i] = (guint8) ((i * 2654435761u >> 24) % 6 * 51);
  in = upload (ops, pixels, n_in);
  hf_ops_unfold (ops, &unfold, in, rows, n, &error);
  hf_buffer_read (rows, values, count (&size) * sizeof (float), &error);
  g_assert_no_error (error);
  unfolded = dup_doubles (values, count (&size));
  round_all (unfolded, count (&size));
  first = convolve_twin (&size, unfolded, &a, NULL, HF_ACT_RELU);
  size.channels = channels[0];
  second = convolve_twin (&size, first, &b, NULL, HF_ACT_RELU);
  size.channels = channels[1];
  third = convolve_twin (&size, second, &c, NULL, HF_ACT_RELU);
  size.channels = channels[2];
  wanted = pool_twin (&size, third, 2);
  hf_maps_stem (ops, &unfold, matrices, in, n, NULL, room, &error);
  g_assert_no_error (error);
  assert_maps (ops, room, &size, wanted);
  hf_buffer_free (room[0].buffer);
  hf_buffer_free (room[1].buffer);
}

/* Pictures of any side, with 160 more lines than stay in the cache. */
static void
test_stem (HfOps *ops, HfPrecision precision)
{
  static const int narrow[] = {4, 6, 10}, wide[] = {33, 40, 70};

  for (int side = 3; side <= 24; side++)
    try_stem (ops, 2, side, side % 2 == 0 ? narrow : wide);
  try_stem (ops, 1, 160, wide);
}

/* Weights are rounded as rows are, and what is no number stays none. */
static void
test_weights (HfOps *ops, HfPrecision precision)
{
  static const float w[] = {1.00390625f, 1.01171875f, -3.4e38f, INFINITY, NAN};
  const float x[1] = {1};
  g_autofree float *got = g_new (float, G_N_ELEMENTS (w));
  g_autoptr (HfMatrix) matrix =
      pack_matrix (ops, w, G_N_ELEMENTS (w), 1, NULL, NULL);
  g_autoptr (HfBuffer) in = upload (ops, x, sizeof x);
  g_autoptr (HfBuffer) out = new_buffer (ops, sizeof w);
  g_autoptr (GError) error = NULL;

  hf_ops_gemm (ops, matrix, in, out, NULL, 1, HF_ACT_NONE, &error);
  hf_buffer_read (out, got, sizeof w, &error);
  g_assert_no_error (error);
  /* Halfway between two: to the even one. */
  g_assert_cmpfloat (got[0], ==, 1.f);
  g_assert_cmpfloat (got[1], ==, 1.015625f);
  for (gsize i = 2; i < G_N_ELEMENTS (w); i++) {
    const double wanted = widen_twin (narrow_twin (w[i]));

    g_assert_true (isnan (wanted) ? isnan (got[i]) : (double) got[i] == wanted);
  }
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  add_bf16_test ("/compute/bf16/product-in-every-shape", test_shapes);
  add_bf16_test ("/compute/bf16/product-around-blocks", test_blocks);
  add_bf16_test ("/compute/bf16/product-with-every-epilogue", test_epilogues);
  add_bf16_test ("/compute/bf16/product-on-any-number-of-units", test_units);
  add_bf16_test ("/compute/bf16/is-near-the-product-of-numbers", test_accuracy);
  add_bf16_test ("/compute/bf16/norm-and-activation-between", test_mlp);
  add_bf16_test ("/compute/bf16/a-row-does-not-know-the-others", test_rows);
  add_bf16_test ("/compute/bf16/weights-are-rounded-to-even", test_weights);
  add_bf16_test ("/compute/bf16/block-of-any-size", test_blocks_of_maps);
  add_bf16_test ("/compute/bf16/block-of-large-maps", test_large_maps);
  add_bf16_test ("/compute/bf16/block-on-any-number-of-units",
                 test_units_of_maps);
  add_bf16_test ("/compute/bf16/nan-stays-where-it-is", test_nan);
  add_bf16_test ("/compute/bf16/stem-of-any-side", test_stem);
  return g_test_run ();
}
