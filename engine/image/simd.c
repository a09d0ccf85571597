/* simd.c: see the header. Plain loops that the compiler makes vectors of, and
 * its own vector types where it would not; every processor gets its clone. */
#include "image/simd-private.h"

#include "image/filter-private.h"

#include <string.h>

#include "base/wide-loops.h"

typedef gint32 Ints4 __attribute__ ((vector_size (16)));
typedef float Floats4 __attribute__ ((vector_size (16)));

/* Half of the last place that is cut off. */
#define HALF (1 << (HF_FILTER_BITS - 1))

/* Values that hf_simd_sum_rows keeps in registers, */
#define SUM_BLOCK 32

/* and that hf_simd_add_rows widens at a time. */
#define ADD_BLOCK ((gsize) 512)

static inline guint8
to_byte (gint32 sum)
{
  return (guint8) CLAMP (sum >> HF_FILTER_BITS, 0, 255);
}

HF_FOR_EACH_CPU void
hf_simd_widen (const guint8 *bytes, gsize n, gint32 *out)
{
  for (gsize i = 0; i < n; i++)
    out[i] = bytes[i];
}

static inline Ints4
load_ints (const gint32 *at)
{
  Ints4 values;

  memcpy (&values, at, sizeof (values));
  return values;
}

HF_FOR_EACH_CPU void
hf_simd_filter_rows (const gint32 *pixels, gsize stride, const int *first,
                     const int *count, const gint32 *weights, int n_taps,
                     int n_out, guint8 *out)
{
  for (int i = 0; i < n_out; i++) {
    const gint32 *at = pixels + (gsize) first[i] * 3;
    const gint32 *w = weights + (gsize) i * n_taps;
    Ints4 a = {HALF, HALF, HALF, HALF}, b = a, c = a, d = a;

    for (int k = 0; k < count[i]; k++, at += 3) {
      a += load_ints (at) * w[k];
      b += load_ints (at + stride) * w[k];
      c += load_ints (at + 2 * stride) * w[k];
      d += load_ints (at + 3 * stride) * w[k];
    }
    for (int j = 0; j < 3; j++) {
      out[(gsize) i * 3 + j] = to_byte (a[j]);
      out[((gsize) n_out + i) * 3 + j] = to_byte (b[j]);
      out[((gsize) n_out * 2 + i) * 3 + j] = to_byte (c[j]);
      out[((gsize) n_out * 3 + i) * 3 + j] = to_byte (d[j]);
    }
  }
}

HF_FOR_EACH_CPU void
hf_simd_sum_rows (const guint8 *rows, gsize n, const gint32 *weights,
                  int n_rows, guint8 *out)
{
  gsize i = 0;

  for (; i + SUM_BLOCK <= n; i += SUM_BLOCK) {
    gint32 sums[SUM_BLOCK];

    for (int j = 0; j < SUM_BLOCK; j++)
      sums[j] = HALF;
    for (int k = 0; k < n_rows; k++)
      for (int j = 0; j < SUM_BLOCK; j++)
        sums[j] += rows[k * n + i + j] * weights[k];
    for (int j = 0; j < SUM_BLOCK; j++)
      out[i + j] = to_byte (sums[j]);
  }
  for (; i < n; i++) {
    gint32 sum = HALF;

    for (int k = 0; k < n_rows; k++)
      sum += rows[k * n + i] * weights[k];
    out[i] = to_byte (sum);
  }
}

/* One block of columns, of which @n are used. */
static inline void
add_block (float *restrict sums, const float (*restrict rows)[ADD_BLOCK],
           const float *restrict weights, gsize n)
{
  for (gsize i = 0; i < n; i++)
    sums[i] += (weights[0] * rows[0][i] + weights[1] * rows[1][i]) +
               (weights[2] * rows[2][i] + weights[3] * rows[3][i]);
}

HF_FOR_EACH_CPU void
hf_simd_add_rows (float *const *sums, const float (*weights)[HF_SIMD_ROWS],
                  int n_sums, const guint8 *rows, gsize n)
{
  /* Widened once for all sums, and small enough for the nearest cache. */
  float wide[HF_SIMD_ROWS][ADD_BLOCK];

  for (gsize at = 0; at < n; at += ADD_BLOCK) {
    gsize n_block = MIN (ADD_BLOCK, n - at);

    for (int r = 0; r < HF_SIMD_ROWS; r++)
      for (gsize i = 0; i < n_block; i++)
        wide[r][i] = rows[r * n + at + i];
    for (int k = 0; k < n_sums; k++)
      add_block (sums[k] + at, wide, weights[k], n_block);
  }
}

static inline Floats4
load_floats (const float *at)
{
  Floats4 values;

  memcpy (&values, at, sizeof (values));
  return values;
}

HF_FOR_EACH_CPU void
hf_simd_filter_sums (const float *sums, const int *first, const int *count,
                     const float *weights, int n_taps, int n_out, guint8 *out)
{
  for (int i = 0; i < n_out; i++) {
    const float *at = sums + (gsize) first[i] * 3;
    const float *w = weights + (gsize) i * n_taps;
    Floats4 even = {0.5f, 0.5f, 0.5f, 0.5f};
    Floats4 odd = {0};
    int k = 0;

    for (; k + 1 < count[i]; k += 2, at += 6) {
      even += load_floats (at) * w[k];
      odd += load_floats (at + 3) * w[k + 1];
    }
    if (k < count[i])
      even += load_floats (at) * w[k];
    even += odd;
    for (int j = 0; j < 3; j++)
      out[i * 3 + j] = (guint8) CLAMP (even[j], 0.0f, 255.0f);
  }
}
