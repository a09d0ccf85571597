#include "tensor/dtype.h"

#include "tensor/dtype-private.h"

#include <math.h>
#include <string.h>

static guint32
bits_of (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof (bits));
  return bits;
}

/* The definition of a half, in double. */
static double
half_value (guint16 half)
{
  double sign = half & 0x8000 ? -1 : 1;
  int exponent = (half >> 10) & 31;
  int fraction = half & 0x3ff;

  if (exponent == 31)
    return fraction != 0 ? (double) NAN : sign * (double) INFINITY;
  if (exponent == 0)
    return sign * ldexp (fraction, -24);
  return sign * ldexp (1024 + fraction, exponent - 25);
}

static void
test_all_halves (void)
{
  g_autofree guint16 *halves = g_new (guint16, 65536);
  g_autofree float *fast = g_new (float, 65536);
  g_autofree float *slow = g_new (float, 65536);
  g_autofree guint16 *back = g_new (guint16, 65536);

  for (int i = 0; i < 65536; i++)
    halves[i] = (guint16) i;
  hf_dtype_to_f32 (HF_DTYPE_F16, halves, fast, 65536);
  hf_f16_to_f32_n_portable (halves, slow, 65536);
  g_assert_cmpmem (fast, 65536 * 4, slow, 65536 * 4);
  hf_f16_from_f32_n (fast, back, 65536);
  for (int i = 0; i < 65536; i++) {
    double value = half_value ((guint16) i);

    if (isnan (value)) {
      g_assert_true (isnan (fast[i]));
      continue;
    }
    g_assert_true ((double) fast[i] == value);
    g_assert_true (!signbit (fast[i]) == !signbit (value));
    g_assert_cmpuint (back[i], ==, (guint) i);
  }
}

/* The nearest half of @value by search among its neighbours. */
static void
assert_nearest (float value, guint16 half)
{
  double distance = fabs (half_value (half) - (double) value);
  guint16 neighbours[2] = {(guint16) (half + 1), (guint16) (half - 1)};

  if (isnan (value)) {
    g_assert_true (isnan (half_value (half)));
    return;
  }
  if (fabsf (value) >= 65520) {
    g_assert_cmpuint (half & 0x7fff, ==, 0x7c00);
    return;
  }
  g_assert_true (isfinite (half_value (half)));
  for (int i = 0; i < 2; i++) {
    double other = fabs (half_value (neighbours[i]) - (double) value);

    if (i == 1 && (half & 0x7fff) == 0)
      continue;
    if (isfinite (other))
      g_assert_true (distance < other ||
                     (distance == other && (half & 1) == 0));
  }
}

static void
test_rounding (void)
{
  enum { N = 400003 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autofree float *values = g_new (float, N);
  g_autofree guint16 *fast = g_new (guint16, N);
  g_autofree guint16 *slow = g_new (guint16, N);

  for (int i = 0; i < N; i++) {
    guint32 bits = g_rand_int (rand);

    /* Every second one lies where halves are: 2^-27 to 2^17, and every fourth
     * of those half-way between two halves. */
    if (i % 2 == 0)
      bits = (bits & 0x807fffff) | (guint32) g_rand_int_range (rand, 100, 145)
                                       << 23;
    if (i % 8 == 0)
      bits = (bits & ~0x1fffu) | 0x1000;
    memcpy (&values[i], &bits, sizeof (bits));
  }
  hf_f16_from_f32_n (values, fast, N);
  hf_f16_from_f32_n_portable (values, slow, N);
  for (int i = 0; i < N; i++) {
    g_assert_cmpuint (fast[i], ==, slow[i]);
    assert_nearest (values[i], slow[i]);
  }
}

/* Every type, unaligned, with an odd count. */
static void
test_types (void)
{
  static const struct {
    HfDtype dtype;
    const char *hex; /* three elements, little-endian */
    float want[3];
  } cases[] = {
      {HF_DTYPE_F32, "0000803f000000c00000807f", {1, -2, INFINITY}},
      {HF_DTYPE_F16, "003c00c00100", {1, -2, 0x1p-24f}},
      {HF_DTYPE_BF16, "803f00c0807f", {1, -2, INFINITY}},
      {HF_DTYPE_F64,
       "000000000000f03f00000000000000c0000000000000e07f",
       {1, -2, INFINITY}},
      {HF_DTYPE_I64,
       "0100000000000000feffffffffffffff0000000000000040",
       {1, -2, 0x1p62f}},
      {HF_DTYPE_I32, "01000000feffffff00000040", {1, -2, 0x1p30f}},
      {HF_DTYPE_I16, "0100feff0040", {1, -2, 16384}},
      {HF_DTYPE_I8, "01fe80", {1, -2, -128}},
      {HF_DTYPE_U8, "01feff", {1, 254, 255}},
      {HF_DTYPE_BOOL, "010002", {1, 0, 1}},
  };

  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++) {
    guint8 buffer[32] = {0};
    float got[3];
    gsize n = strlen (cases[k].hex) / 2;

    for (gsize i = 0; i < n; i++)
      buffer[1 + i] =
          (guint8) (g_ascii_xdigit_value (cases[k].hex[2 * i]) * 16 +
                    g_ascii_xdigit_value (cases[k].hex[2 * i + 1]));
    g_assert_cmpuint (n, ==, 3 * hf_dtype_get_size (cases[k].dtype));
    hf_dtype_to_f32 (cases[k].dtype, buffer + 1, got, 3);
    for (int i = 0; i < 3; i++)
      g_assert_cmpuint (bits_of (got[i]), ==, bits_of (cases[k].want[i]));
  }
}

static void
test_names (void)
{
  HfDtype dtype = HF_DTYPE_F32;

  for (int i = HF_DTYPE_F32; i <= HF_DTYPE_BOOL; i++) {
    g_assert_true (hf_dtype_from_name (hf_dtype_get_name (i), &dtype));
    g_assert_cmpint (dtype, ==, i);
  }
  g_assert_false (hf_dtype_from_name ("F13", &dtype));
  g_assert_false (hf_dtype_from_name ("", &dtype));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tensor/dtype/every-half-is-exact", test_all_halves);
  g_test_add_func ("/tensor/dtype/floats-round-to-the-nearest-half",
                   test_rounding);
  g_test_add_func ("/tensor/dtype/every-type-converts-unaligned", test_types);
  g_test_add_func ("/tensor/dtype/names-go-both-ways", test_names);
  return g_test_run ();
}
