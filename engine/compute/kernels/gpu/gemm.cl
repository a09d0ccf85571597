/* gemm.cl: C = act (A W' * scale + bias + residual), GPU class. Host:
 * compute/ops/gemm.c.
 *
 * a: float[n_rows][n_groups][k]. The n columns of the result are n_groups runs
 * of equal length; group g of a row makes run g. w: panels [n_groups][ceil (n /
 * n_groups / 64)][k][64], padded with zeros. affine: panels [as many][2][64],
 * the scale and the bias of each column. c: float[n_rows][n]; residual the same
 * or c itself. Work-group (i, j) computes the tile of the panels' columns i *
 * TILE_COLUMNS and rows j * TILE_ROWS on; rows_per_item is the CPU class's. */

inline void
fetch_rows (global const float *a, int rows_left, size_t lda, int k, int first,
            float *share)
{
  int step = first + SHARE_STEP;

  UNROLL for (int i = 0; i < ROWS_SHARE; i++)
  {
    int row = SHARE_ROW (i);

    share[i] = row < rows_left && step < k ? a[row * lda + step] : 0.f;
  }
}

kernel TILE_GROUP void
gemm (global const float *restrict a, global const weight_t *restrict w,
      global const float *restrict affine, global const float *residual,
      global float *c, int n_rows, int n, int k, int n_groups,
      int rows_per_item, int has_residual, int activation)
{
  int column = (int) get_group_id (0) * TILE_COLUMNS, run = n / n_groups;
  int width = (run + PANEL - 1) / PANEL * PANEL, group = column / width;
  size_t lda = (size_t) n_groups * k;
  size_t row = (size_t) get_group_id (1) * TILE_ROWS;
  DECLARE_TILE;

#define FETCH_ROWS(first) \
  fetch_rows (a, n_rows - (int) row, lda, k, first, row_share)
  a += row * lda + (size_t) group * k;
  w += (size_t) (column / PANEL) * k * PANEL + column % PANEL;
  ACCUMULATE_TILE (FETCH_ROWS, w, k);
  store_tile (sums, affine, residual, has_residual, c, n_rows, n, row, column,
              group * (width - run), (group + 1) * run, activation);
#undef FETCH_ROWS
}
