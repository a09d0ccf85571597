/* classic.c: puts the parts together. */
#include "image/classic/classic-private.h"

#include <math.h>

enum { SIDE = HF_CLASSIC_PX, HALF = SIDE / 2, QUARTER = SIDE / 4 };

/* Luma of ITU-R 601, with weights of 16 bits, rounded. */
static void
make_grey (const guint8 *square, guint8 *grey)
{
  for (int i = 0; i < SIDE * SIDE; i++, square += 3)
    grey[i] = (guint8) ((square[0] * 19595 + square[1] * 38470 +
                         square[2] * 7471 + 0x8000) >>
                        16);
}

/* The rounded mean of each 2 x 2 of @side x @side pixels. */
static void
halve (const guint8 *grey, int side, guint8 *half)
{
  for (int y = 0; y < side; y += 2)
    for (int x = 0; x < side; x += 2) {
      const guint8 *at = grey + y * side + x;

      *half++ = (guint8) ((at[0] + at[1] + at[side] + at[side + 1] + 2) / 4);
    }
}

float *
hf_classic_roots (const int *counts, int n, float *out)
{
  int sum = 0;

  for (int i = 0; i < n; i++)
    sum += counts[i];
  for (int i = 0; i < n; i++)
    *out++ = sqrtf ((float) counts[i] / (float) sum);
  return out;
}

void
hf_classic_describe (const guint8 *square, float *out)
{
  g_autofree guint8 *grey = g_malloc (SIDE * SIDE);
  g_autofree guint8 *half = g_malloc (HALF * HALF);
  g_autofree guint8 *quarter = g_malloc (QUARTER * QUARTER);
  float *end = out;

  make_grey (square, grey);
  halve (grey, SIDE, half);
  halve (half, HALF, quarter);
  end = hf_classic_colour (square, end);
  end = hf_classic_directions (grey, end);
  end = hf_classic_lengths (grey, SIDE, end);
  end = hf_classic_lengths (half, HALF, end);
  end = hf_classic_lengths (quarter, QUARTER, end);
  end = hf_classic_patterns (grey, SIDE, end);
  end = hf_classic_patterns (half, HALF, end);
  end = hf_classic_patterns (quarter, QUARTER, end);
  end = hf_classic_bands (grey, end);
  g_assert (end == out + HF_CLASSIC_DIM);
}

void
hf_classic_subtract (const guint8 *square, const guint8 *background,
                     guint8 *out)
{
  for (int i = 0; i < SIDE * SIDE * 3; i++)
    out[i] = (guint8) ABS (square[i] - background[i]);
}
