/* simd.c: see the header. Vectors are the compiler's own (gcc and clang), so
 * that the same lines serve every processor. */
#include "image/simd-private.h"

#include "image/filter-private.h"

#include <string.h>

#if defined(__x86_64__) && defined(__gnu_linux__)
#define FOR_EACH_CPU __attribute__ ((target_clones ("avx2", "default")))
#else
#define FOR_EACH_CPU
#endif

typedef guint8 Bytes4 __attribute__ ((vector_size (4)));
typedef guint8 Bytes8 __attribute__ ((vector_size (8)));
typedef gint32 Ints4 __attribute__ ((vector_size (16)));
typedef gint32 Ints8 __attribute__ ((vector_size (32)));
typedef float Floats8 __attribute__ ((vector_size (32)));

/* Half of the last place that is cut off. */
#define HALF (1 << (HF_FILTER_BITS - 1))

static inline guint8
to_byte (gint32 sum)
{
  return (guint8) CLAMP (sum >> HF_FILTER_BITS, 0, 255);
}

static inline Ints4
load_pixel (const guint8 *rgbx)
{
  Bytes4 pixel;

  memcpy (&pixel, rgbx, sizeof (pixel));
  return __builtin_convertvector(pixel, Ints4);
}

FOR_EACH_CPU void
hf_simd_filter_row (const guint8 *rgbx, const int *first, const int *count,
                    const gint32 *weights, int n_taps, int n_out, guint8 *out)
{
  for (int i = 0; i < n_out; i++) {
    const guint8 *pixels = rgbx + (gsize) first[i] * 4;
    const gint32 *w = weights + (gsize) i * n_taps;
    /* Two sums, so that one multiplication need not wait for the other. */
    Ints4 even = {HALF, HALF, HALF, HALF};
    Ints4 odd = {0};
    int k = 0;

    for (; k + 1 < count[i]; k += 2) {
      even += load_pixel (pixels + k * 4) * w[k];
      odd += load_pixel (pixels + k * 4 + 4) * w[k + 1];
    }
    if (k < count[i])
      even += load_pixel (pixels + k * 4) * w[k];
    even += odd;
    for (int c = 0; c < 3; c++)
      out[i * 3 + c] = to_byte (even[c]);
  }
}

FOR_EACH_CPU void
hf_simd_sum_rows (const guint8 *rows, gsize n, const gint32 *weights,
                  int n_rows, guint8 *out)
{
  gsize i = 0;

  for (; i + 8 <= n; i += 8) {
    Ints8 sum = {HALF, HALF, HALF, HALF, HALF, HALF, HALF, HALF};

    for (int k = 0; k < n_rows; k++) {
      Bytes8 bytes;

      memcpy (&bytes, rows + k * n + i, sizeof (bytes));
      sum += __builtin_convertvector(bytes, Ints8) * weights[k];
    }
    for (int j = 0; j < 8; j++)
      out[i + j] = to_byte (sum[j]);
  }
  for (; i < n; i++) {
    gint32 sum = HALF;

    for (int k = 0; k < n_rows; k++)
      sum += rows[k * n + i] * weights[k];
    out[i] = to_byte (sum);
  }
}

FOR_EACH_CPU void
hf_simd_add_row (float *sums, const guint8 *row, float weight, gsize n)
{
  gsize i = 0;

  for (; i + 8 <= n; i += 8) {
    Bytes8 bytes;
    Floats8 sum;

    memcpy (&bytes, row + i, sizeof (bytes));
    memcpy (&sum, sums + i, sizeof (sum));
    sum += __builtin_convertvector(__builtin_convertvector(bytes, Ints8),
                                   Floats8) *
           weight;
    memcpy (sums + i, &sum, sizeof (sum));
  }
  for (; i < n; i++)
    sums[i] += weight * row[i];
}

FOR_EACH_CPU void
hf_simd_filter_sums (const float *sums, const int *first, const int *count,
                     const float *weights, int n_taps, int n_out, guint8 *out)
{
  for (int i = 0; i < n_out; i++) {
    const float *pixel = sums + (gsize) first[i] * 3;
    const float *w = weights + (gsize) i * n_taps;
    float r = 0.5f, g = 0.5f, b = 0.5f;

    for (int k = 0; k < count[i]; k++, pixel += 3) {
      r += w[k] * pixel[0];
      g += w[k] * pixel[1];
      b += w[k] * pixel[2];
    }
    out[i * 3] = (guint8) CLAMP (r, 0.0f, 255.0f);
    out[i * 3 + 1] = (guint8) CLAMP (g, 0.0f, 255.0f);
    out[i * 3 + 2] = (guint8) CLAMP (b, 0.0f, 255.0f);
  }
}
