/* texture.c: how much brightness changes within each band of a pyramid (after
 * Burt and Adelson 1983). Amounts are logarithms, so that light does not
 * decide. */
#include "image/classic/classic-private.h"

#include <math.h>

enum { SIDE = HF_CLASSIC_PX, N_BANDS = 5 };

/* Added before a logarithm: a quarter of a grey level of 255. */
#define AMOUNT_FLOOR 1e-3

/* Kurtosis beyond this is cut: a single spark decides it there. */
#define MOST_KURTOSIS 50.0

static float
get_log (double amount)
{
  return (float) log (amount + AMOUNT_FLOOR);
}

/* Halves float[side][side] in place by the mean of each 2 x 2; @band receives
 * what that loses, float[side][side]. */
static void
split (float *level, int side, float *band)
{
  for (int y = 0; y < side; y += 2)
    for (int x = 0; x < side; x += 2) {
      const float *at = level + y * side + x;
      float mean = (at[0] + at[1] + at[side] + at[side + 1]) / 4;

      for (int k = 0; k < 4; k++)
        band[(y + k / 2) * side + x + k % 2] = at[k / 2 * side + k % 2] - mean;
      /* Nothing behind this place is read again. */
      level[y / 2 * (side / 2) + x / 2] = mean;
    }
}

/* Spread, mean amount and kurtosis; the mean of a band is 0. */
static float *
summarize (const float *band, int n, float *out)
{
  double amount = 0, squares = 0, fourths = 0;

  for (int i = 0; i < n; i++) {
    double square = (double) band[i] * band[i];

    amount += fabsf (band[i]);
    squares += square;
    fourths += square * square;
  }
  amount /= n;
  squares /= n;
  fourths /= n;
  *out++ = get_log (sqrt (squares));
  *out++ = get_log (amount);
  *out++ = (float) (MIN (fourths / (squares * squares + 1e-8), MOST_KURTOSIS) /
                    MOST_KURTOSIS);
  return out;
}

float *
hf_classic_bands (const guint8 *grey, float *out)
{
  g_autofree float *level = g_new (float, SIDE *SIDE);
  g_autofree float *band = g_new (float, SIDE *SIDE);

  for (int i = 0; i < SIDE * SIDE; i++)
    level[i] = grey[i] / 255.0f;
  for (int k = 0, side = SIDE; k < N_BANDS; k++, side /= 2) {
    split (level, side, band);
    out = summarize (band, side * side, out);
  }
  return out;
}
