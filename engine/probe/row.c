/* row.c: see the header. */
#include "probe/row.h"

#include <string.h>

#include "base/wide-loops.h"

#define LANES 8

/* gcc 12 makes no vectors of two sums side by side. */
#define WIDE 4
typedef double Doubles __attribute__ ((vector_size (WIDE * sizeof (double))));

static inline double
add_lanes (const double *lane)
{
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
         ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

HF_FOR_EACH_CPU void
hf_row_standardise (const float *restrict x, const float *restrict mean,
                    const float *restrict factor, gsize n, float *restrict out)
{
  for (gsize j = 0; j < n; j++)
    out[j] = (x[j] - mean[j]) * factor[j];
}

HF_FOR_EACH_CPU double
hf_row_find_square (const float *x, gsize n)
{
  double lane[LANES] = {0};
  gsize j = 0;

  for (; j + LANES <= n; j += LANES)
    for (gsize l = 0; l < LANES; l++)
      lane[l] += (double) x[j + l] * x[j + l];
  for (; j < n; j++)
    lane[0] += (double) x[j] * x[j];
  return add_lanes (lane);
}

HF_FOR_EACH_CPU void
hf_row_measure_gap (const double *a, const double *b, const double *weight,
                    gsize n, double *plain, double *weighted)
{
  Doubles sum[LANES / WIDE] = {0}, heavy[LANES / WIDE] = {0};
  double lane[LANES];
  gsize j = 0;

  for (; j + LANES <= n; j += LANES)
    for (gsize l = 0; l < LANES / WIDE; l++) {
      gsize at = j + l * WIDE;
      Doubles x, y, square;

      memcpy (&x, a + at, sizeof x);
      memcpy (&y, b + at, sizeof y);
      square = (x - y) * (x - y);
      sum[l] += square;
      memcpy (&x, weight + at, sizeof x);
      heavy[l] += x * square;
    }
  for (; j < n; j++) {
    double gap = a[j] - b[j], square = gap * gap;

    sum[0][0] += square;
    heavy[0][0] += weight[j] * square;
  }
  memcpy (lane, sum, sizeof lane);
  *plain = add_lanes (lane);
  memcpy (lane, heavy, sizeof lane);
  *weighted = add_lanes (lane);
}
