/* colour.c: hue, saturation and value as histograms of 16 bins each. */
#include "image/classic/classic-private.h"

enum { N_PIXELS = HF_CLASSIC_PX * HF_CLASSIC_PX, N_BINS = 16 };

/* Hue of a pixel that is not grey, in turns: 0 red, 1/3 green, 2/3 blue. */
static float
get_hue (const guint8 *rgb, int most, int range)
{
  float r = (float) (most - rgb[0]) / (float) range;
  float g = (float) (most - rgb[1]) / (float) range;
  float b = (float) (most - rgb[2]) / (float) range;
  float sixths = rgb[0] == most   ? b - g
                 : rgb[1] == most ? 2 + r - b
                                  : 4 + g - r;

  return sixths < 0 ? sixths / 6 + 1 : sixths / 6;
}

float *
hf_classic_colour (const guint8 *square, float *out)
{
  int counts[3][N_BINS] = {{0}};

  for (int i = 0; i < N_PIXELS; i++, square += 3) {
    int most = MAX (MAX (square[0], square[1]), square[2]);
    int range = most - MIN (MIN (square[0], square[1]), square[2]);
    int hue = 0, saturation = 0;

    if (range > 0) {
      hue = (int) (get_hue (square, most, range) * 255);
      saturation = range * 255 / most;
    }
    counts[0][hue * N_BINS / 256]++;
    counts[1][saturation * N_BINS / 256]++;
    counts[2][most * N_BINS / 256]++;
  }
  for (int c = 0; c < 3; c++)
    out = hf_classic_roots (counts[c], N_BINS, out);
  return out;
}
