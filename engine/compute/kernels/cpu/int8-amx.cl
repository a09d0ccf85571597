/* int8-amx.cl: gemm_int8 of int8.cl on a processor's matrix unit (amx.cl),
 * which takes 64 codes of a row at a time; k is a multiple of that. Host:
 * compute/ops/int8.c. Sums are whole numbers, so that they are those of int8.cl
 * to the bit. */

#define TILE_K 64 /* as in compute/ops/int8.c */
#define TILE_BYTES (TILE_ROWS * TILE_K)

#define MULTIPLY_TILES(sum, codes, weights)                       \
  __asm__ volatile("tdpbusd %%tmm" #weights ", %%tmm" #codes ", " \
                   "%%tmm" #sum ::)

/* sums: int[BLOCK_ROWS][PW]; @codes: two of [n_steps][TILE_ROWS][TILE_K]; @w:
 * [n_steps][16][PW]. @n_ahead lines at @ahead are fetched in each step. */
CALLED void
multiply_block (global const uchar *codes, global const int *w, int n_steps,
                global const int *ahead, int n_ahead, int *sums)
{
  global const uchar *below = codes + (size_t) n_steps * TILE_BYTES;

  ZERO_TILE (0);
  ZERO_TILE (1);
  ZERO_TILE (2);
  ZERO_TILE (3);
  for (int i = 0; i < n_steps; i++) {
    LOAD_TILE (4, codes, TILE_K);
    LOAD_TILE (6, w, PW * 4);
    LOAD_TILE (7, w + 16, PW * 4);
    fetch_lines (&ahead, n_ahead);
    MULTIPLY_TILES (0, 4, 6);
    MULTIPLY_TILES (1, 4, 7);
    LOAD_TILE (5, below, TILE_K);
    MULTIPLY_TILES (2, 5, 6);
    MULTIPLY_TILES (3, 5, 7);
    codes += TILE_BYTES;
    below += TILE_BYTES;
    w += 16 * PW;
  }
  PUT_TILE (0, sums, PW * 4);
  PUT_TILE (1, sums + 16, PW * 4);
  PUT_TILE (2, sums + TILE_ROWS * PW, PW * 4);
  PUT_TILE (3, sums + TILE_ROWS * PW + 16, PW * 4);
}

/* What a vector of sums stands for. */
inline floatv
to_numbers (const int *block, global const int *sums, global const float *steps)
{
  return convert_float16 (vload16 (0, block) -
                          vload16 (0, sums) * (intv) ((int) steps[1])) *
         steps[0];
}

/* store_row of @rows rows of a block that is as wide as a panel. */
inline void
store_block (const int *block, global const int *sums,
             global const float *steps, global const float *affine,
             global const float *residual, int has_residual, global float *c,
             size_t ldc, int rows)
{
  for (int i = 0; i < rows; i++, block += PW, steps += 2, c += ldc)
    UNROLL for (int j = 0; j < TV; j++)
    {
      floatv v = mul_add (to_numbers (block + j * VW, sums + j * VW, steps),
                          vloadv (j, affine), vloadv (j, affine + PW));

      if (has_residual)
        v += vloadv (j, residual + i * ldc);
      vstorev (v, j, c);
    }
}

/* As gemm_int8, but for the order of the codes (quantize_rows), and with whole
 * blocks in rows_per_item; behind the last row there is room for a block. */
kernel ONE_ITEM void
gemm_amx (global const uchar *restrict codes,
          global const float *restrict steps, global const int *restrict w,
          global const int *restrict sums, global const float *restrict affine,
          global const float *residual, global float *c, int n_rows, int n,
          int k, int rows_per_item, int has_residual, int activation)
{
  int panel = get_global_id (0), column = panel * PW;
  size_t first = (size_t) get_global_id (1) * rows_per_item;
  int end = min (rows_per_item, n_rows - (int) first);
  int n_columns = min (PW, n - column), n_steps = k / TILE_K;
  size_t ldc = n;
  /* The next panel, likely the same core's, is fetched while rows pass over
   * this one. */
  const int n_ahead = count_lines_ahead (end);
  global const int *ahead;
  int block[BLOCK_ROWS * PW];

  codes += first * k;
  steps += first * 2;
  c += first * ldc + column;
  residual += first * ldc + column;
  w += (size_t) panel * n_steps * 16 * PW;
  ahead = w + (size_t) n_steps * 16 * PW;
  sums += column;
  affine += (size_t) panel * 2 * PW;
  set_tiles ();
  for (int m = 0; m < end; m += BLOCK_ROWS) {
    int rows = min (BLOCK_ROWS, end - m);

    multiply_block (codes, w, n_steps, ahead, n_ahead, block);
    ahead += (size_t) n_steps * n_ahead * (TILE_ROW_BYTES / 4);
    if (n_columns == PW && has_residual)
      store_block (block, sums, steps, affine, residual, 1, c, ldc, rows);
    else if (n_columns == PW)
      store_block (block, sums, steps, affine, c, 0, c, ldc, rows);
    else
      for (int i = 0; i < rows; i++) {
        floatv row[TV];

        UNROLL for (int j = 0; j < TV; j++) row[j] =
            to_numbers (block + i * PW + j * VW, sums + j * VW, steps + 2 * i);
        store_row (row, affine, residual + i * ldc, has_residual, c + i * ldc,
                   n_columns);
      }
    activate_rows (c, ldc, rows, n_columns, activation);
    codes += (size_t) BLOCK_ROWS * k;
    steps += BLOCK_ROWS * 2;
    c += BLOCK_ROWS * ldc;
    residual += BLOCK_ROWS * ldc;
  }
  release_tiles ();
}
