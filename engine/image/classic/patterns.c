/* patterns.c: local binary patterns: which of the eight neighbours of a pixel
 * are at least as bright as it. Around the pixel, a uniform pattern changes at
 * most twice; those are told apart by how many neighbours are as bright, all
 * others are one. */
#include "image/classic/classic-private.h"

enum { N_AROUND = 8, N_KINDS = N_AROUND + 2 };

static int
get_kind (const guint8 *at, const int *around)
{
  int n_bright = 0, n_changes = 0;
  gboolean last = at[around[N_AROUND - 1]] >= *at;

  for (int k = 0; k < N_AROUND; k++) {
    gboolean is_bright = at[around[k]] >= *at;

    n_bright += is_bright;
    n_changes += is_bright != last;
    last = is_bright;
  }
  return n_changes <= 2 ? n_bright : N_AROUND + 1;
}

float *
hf_classic_patterns (const guint8 *grey, int side, float *out)
{
  const int around[N_AROUND] = {-side - 1, -side, -side + 1, 1,
                                side + 1,  side,  side - 1,  -1};
  int counts[N_KINDS] = {0};

  for (int y = 1; y < side - 1; y++)
    for (int x = 1; x < side - 1; x++)
      counts[get_kind (grey + y * side + x, around)]++;
  return hf_classic_roots (counts, N_KINDS, out);
}
