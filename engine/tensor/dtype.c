/* dtype.c: conversions between stored numbers and float. Halves go through the
 * processor's own instructions (x86 F16C) where it has them; the portable
 * twins give the same bits. */
#include "tensor/dtype.h"

#include "tensor/dtype-private.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define HAVE_F16C 1
#include <immintrin.h>
#endif

static const struct {
  const char *name;
  gsize size_bytes;
} dtypes[] = {
    [HF_DTYPE_F32] = {"F32", 4},   [HF_DTYPE_F16] = {"F16", 2},
    [HF_DTYPE_BF16] = {"BF16", 2}, [HF_DTYPE_F64] = {"F64", 8},
    [HF_DTYPE_I64] = {"I64", 8},   [HF_DTYPE_I32] = {"I32", 4},
    [HF_DTYPE_I16] = {"I16", 2},   [HF_DTYPE_I8] = {"I8", 1},
    [HF_DTYPE_U8] = {"U8", 1},     [HF_DTYPE_BOOL] = {"BOOL", 1},
};

gsize
hf_dtype_get_size (HfDtype dtype)
{
  return dtypes[dtype].size_bytes;
}

const char *
hf_dtype_get_name (HfDtype dtype)
{
  return dtypes[dtype].name;
}

gboolean
hf_dtype_from_name (const char *name, HfDtype *dtype)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dtypes); i++)
    if (g_str_equal (dtypes[i].name, name)) {
      *dtype = (HfDtype) i;
      return TRUE;
    }
  return FALSE;
}

static float
float_from_bits (guint32 bits)
{
  float value;

  memcpy (&value, &bits, sizeof (value));
  return value;
}

static guint32
bits_from_float (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof (bits));
  return bits;
}

float
hf_f16_to_f32 (guint16 half)
{
  guint32 sign = (guint32) (half & 0x8000) << 16;
  guint32 exponent = (half >> 10) & 31;
  guint32 fraction = half & 0x3ff;

  if (exponent == 31) /* A NaN comes out quiet, as the processor makes it. */
    return float_from_bits (sign | 0x7f800000 | fraction << 13 |
                            (fraction != 0 ? 0x00400000 : 0));
  if (exponent != 0)
    return float_from_bits (sign | (exponent + 112) << 23 | fraction << 13);
  /* Zero or subnormal: fraction * 2^-24, which a float holds exactly. */
  return float_from_bits (sign | bits_from_float ((float) fraction * 0x1p-24f));
}

guint16
hf_f16_from_f32 (float value)
{
  guint32 bits = bits_from_float (value);
  guint16 sign = (bits >> 16) & 0x8000;
  guint32 size = bits & 0x7fffffff;
  guint32 fraction = (size & 0x7fffff) | 0x800000;
  guint32 drop, half;

  if (size > 0x7f800000)
    return sign | 0x7e00 | ((size >> 13) & 0x3ff);
  if (size >= 0x477ff000) /* 65520, half-way between 65504 and 2^16 */
    return sign | 0x7c00;
  if (size < 0x33000000) /* below 2^-25, half of the smallest subnormal */
    return sign;
  if (size >= 0x38800000) /* 2^-14, the smallest normal half */
    return sign | ((size - 0x38000000 + 0xfff + ((size >> 13) & 1)) >> 13);
  drop = 126 - (size >> 23); /* 14 .. 24 bits below the last one kept */
  half = fraction >> drop;
  fraction &= (1u << drop) - 1;
  if (fraction > 1u << (drop - 1) ||
      (fraction == 1u << (drop - 1) && (half & 1)))
    half++;
  return sign | half;
}

void
hf_f16_to_f32_n_portable (const void *src, float *dst, gsize n)
{
  const guint8 *at = src;

  for (gsize i = 0; i < n; i++) {
    guint16 half;

    memcpy (&half, at + 2 * i, sizeof (half));
    dst[i] = hf_f16_to_f32 (GUINT16_FROM_LE (half));
  }
}

void
hf_f16_from_f32_n_portable (const float *src, guint16 *dst, gsize n)
{
  for (gsize i = 0; i < n; i++)
    dst[i] = hf_f16_from_f32 (src[i]);
}

#ifdef HAVE_F16C
/* clang 14 cannot ask for F16C by name; every processor with AVX2 has it. The
 * answer is cached, which matters: asking the processor costs a microsecond in
 * a virtual machine. */
static gboolean
has_f16c (void)
{
  return __builtin_cpu_supports ("avx2");
}

__attribute__ ((target ("avx,f16c"))) static void
f16_to_f32_f16c (const guint8 *src, float *dst, gsize n)
{
  gsize i = 0;

  for (; i + 8 <= n; i += 8)
    _mm256_storeu_ps (dst + i, _mm256_cvtph_ps (_mm_loadu_si128 (
                                   (const __m128i *) (src + 2 * i))));
  hf_f16_to_f32_n_portable (src + 2 * i, dst + i, n - i);
}

__attribute__ ((target ("avx,f16c"))) static void
f16_from_f32_f16c (const float *src, guint16 *dst, gsize n)
{
  gsize i = 0;

  for (; i + 8 <= n; i += 8)
    _mm_storeu_si128 (
        (__m128i *) (dst + i),
        _mm256_cvtps_ph (_mm256_loadu_ps (src + i), _MM_FROUND_TO_NEAREST_INT));
  hf_f16_from_f32_n_portable (src + i, dst + i, n - i);
}
#endif

static void
f16_to_f32_n (const guint8 *src, float *dst, gsize n)
{
#ifdef HAVE_F16C
  if (has_f16c ()) {
    f16_to_f32_f16c (src, dst, n);
    return;
  }
#endif
  hf_f16_to_f32_n_portable (src, dst, n);
}

void
hf_f16_from_f32_n (const float *src, guint16 *dst, gsize n)
{
#ifdef HAVE_F16C
  if (has_f16c ()) {
    f16_from_f32_f16c (src, dst, n);
    return;
  }
#endif
  hf_f16_from_f32_n_portable (src, dst, n);
}

/* One loop per type; the source may lie at any alignment and is little-endian.
 * `from` turns the fixed-endian word `word` into the number. */
#define CONVERT(type, from)                                \
  for (gsize i = 0; i < n; i++) {                          \
    type word;                                             \
                                                           \
    memcpy (&word, at + i * sizeof (type), sizeof (type)); \
    dst[i] = from;                                         \
  }                                                        \
  break

static float
float_from_f64_bits (guint64 bits)
{
  double value;

  memcpy (&value, &bits, sizeof (value));
  return (float) value;
}

void
hf_dtype_to_f32 (HfDtype dtype, const void *src, float *dst, gsize n)
{
  const guint8 *at = src;

  switch (dtype) {
  case HF_DTYPE_F32:
    CONVERT (guint32, float_from_bits (GUINT32_FROM_LE (word)));
  case HF_DTYPE_F16:
    f16_to_f32_n (at, dst, n);
    break;
  case HF_DTYPE_BF16:
    CONVERT (guint16, float_from_bits ((guint32) GUINT16_FROM_LE (word) << 16));
  case HF_DTYPE_F64:
    CONVERT (guint64, float_from_f64_bits (GUINT64_FROM_LE (word)));
  case HF_DTYPE_I64:
    CONVERT (gint64, (float) GINT64_FROM_LE (word));
  case HF_DTYPE_I32:
    CONVERT (gint32, (float) GINT32_FROM_LE (word));
  case HF_DTYPE_I16:
    CONVERT (gint16, (float) GINT16_FROM_LE (word));
  case HF_DTYPE_I8:
    CONVERT (gint8, (float) word);
  case HF_DTYPE_U8:
    CONVERT (guint8, (float) word);
  case HF_DTYPE_BOOL:
    CONVERT (guint8, word != 0 ? 1.0f : 0.0f);
  }
}
