/* bf16-amx.cl: rows times a panel for bf16.cl, on a processor's matrix unit
 * (amx.cl), which takes 32 numbers of a row at a time. */

#define MULTIPLY_TILES(sum, rows, weights)                         \
  __asm__ volatile("tdpbf16ps %%tmm" #weights ", %%tmm" #rows ", " \
                   "%%tmm" #sum ::)

/* sums: float[BLOCK_ROWS][PW], of which @n_rows are wanted, up to BLOCK_ROWS:
 * rows of @n_parts parts, @part_stride apart, each of n_steps * 32 numbers,
 * times a panel, and what is there if not @is_first. Rows are @stride apart and
 * there are BLOCK_ROWS of them, wanted or not. @n_ahead lines at @ahead are
 * brought on their way in each step. */
CALLED void
multiply_rows (global const ushort *a, size_t stride, int n_rows, int n_parts,
               size_t part_stride, int n_steps, global const int *w,
               global const int *ahead, int n_ahead, float *sums, int is_first)
{
  float *low = sums + TILE_ROWS * PW;

  if (is_first) {
    ZERO_TILE (0);
    ZERO_TILE (1);
  } else {
    LOAD_TILE (0, sums, PW * 4);
    LOAD_TILE (1, sums + 16, PW * 4);
  }
  if (n_rows <= TILE_ROWS) {
    for (int part = 0; part < n_parts; part++, a += part_stride)
      for (int i = 0; i < n_steps; i++, w += 16 * PW) {
        LOAD_TILE (4, a + i * 32, stride * 2);
        LOAD_TILE (6, w, PW * 4);
        LOAD_TILE (7, w + 16, PW * 4);
        fetch_lines (&ahead, n_ahead);
        MULTIPLY_TILES (0, 4, 6);
        MULTIPLY_TILES (1, 4, 7);
      }
    PUT_TILE (0, sums, PW * 4);
    PUT_TILE (1, sums + 16, PW * 4);
    return;
  }
  if (is_first) {
    ZERO_TILE (2);
    ZERO_TILE (3);
  } else {
    LOAD_TILE (2, low, PW * 4);
    LOAD_TILE (3, low + 16, PW * 4);
  }
  for (int part = 0; part < n_parts; part++, a += part_stride) {
    global const ushort *row = a, *below = a + TILE_ROWS * stride;

    for (int i = 0; i < n_steps; i++) {
      LOAD_TILE (4, row, stride * 2);
      LOAD_TILE (6, w, PW * 4);
      LOAD_TILE (7, w + 16, PW * 4);
      fetch_lines (&ahead, n_ahead);
      MULTIPLY_TILES (0, 4, 6);
      MULTIPLY_TILES (1, 4, 7);
      LOAD_TILE (5, below, stride * 2);
      MULTIPLY_TILES (2, 5, 6);
      MULTIPLY_TILES (3, 5, 7);
      row += 32;
      below += 32;
      w += 16 * PW;
    }
  }
  PUT_TILE (0, sums, PW * 4);
  PUT_TILE (1, sums + 16, PW * 4);
  PUT_TILE (2, low, PW * 4);
  PUT_TILE (3, low + 16, PW * 4);
}
