/* classic.c: puts the parts together. */
#include "image/classic/classic-private.h"

enum { SIDE = HF_CLASSIC_PX, HALF = SIDE / 2 };

/* Luma of ITU-R 601, with weights of 16 bits, rounded. */
static void
make_grey (const guint8 *square, guint8 *grey)
{
  for (int i = 0; i < SIDE * SIDE; i++, square += 3)
    grey[i] = (guint8) ((square[0] * 19595 + square[1] * 38470 +
                         square[2] * 7471 + 0x8000) >>
                        16);
}

/* The rounded mean of each 2 x 2 pixels. */
static void
halve (const guint8 *grey, guint8 *half)
{
  for (int y = 0; y < HALF; y++)
    for (int x = 0; x < HALF; x++) {
      const guint8 *at = grey + 2 * y * SIDE + 2 * x;

      *half++ = (guint8) ((at[0] + at[1] + at[SIDE] + at[SIDE + 1] + 2) / 4);
    }
}

void
hf_classic_describe (const guint8 *square, float *out)
{
  g_autofree guint8 *grey = g_malloc (SIDE * SIDE);
  g_autofree guint8 *half = g_malloc (HALF * HALF);
  float *end = out;

  make_grey (square, grey);
  halve (grey, half);
  end = hf_classic_colour (square, end);
  end = hf_classic_gradients (grey, end);
  end = hf_classic_patterns (grey, SIDE, end);
  end = hf_classic_patterns (half, HALF, end);
  g_assert (end == out + HF_CLASSIC_DIM);
}

void
hf_classic_subtract (const guint8 *square, const guint8 *background,
                     guint8 *out)
{
  for (int i = 0; i < SIDE * SIDE * 3; i++)
    out[i] = (guint8) ABS (square[i] - background[i]);
}
