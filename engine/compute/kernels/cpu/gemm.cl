/* gemm.cl: C = act (A W' * scale + bias + residual), CPU class. Host:
 * compute/gemm.c.
 *
 * a: float[n_rows][n_groups][k]. The n columns of the result are n_groups runs
 * of equal length; group g of a row makes run g. w: panels [n_groups][ceil (n /
 * n_groups / PW)][k][PW], padded with zeros. affine: panels [as many][2][PW],
 * the scale and the bias of each column. c: float[n_rows][n]; residual the same
 * or c itself. One work-item computes panel global id 0 for the rows_per_item
 * rows from global id 1 on. */

#define A_ROW(i) (a + (i) *lda)

#define GEMM_TILE(MR)                                                       \
  CALLED void tile_##MR (global const float *restrict a, size_t lda,        \
                         global const weight_t *restrict w,                 \
                         global const float *affine,                        \
                         global const float *residual, int has_residual,    \
                         global float *c, size_t ldc, int n_columns, int k, \
                         global const weight_t *ahead, int pace)            \
  {                                                                         \
    CLEAR_TILE (MR);                                                        \
    ACCUMULATE_TILE (MR, A_ROW, k, FETCH_AHEAD)                             \
    STORE_TILE (MR);                                                        \
  }

GEMM_TILE (1)
GEMM_TILE (2)
GEMM_TILE (3)
GEMM_TILE (4)
GEMM_TILE (5)
GEMM_TILE (6)
#if TALL_TILE == 12
GEMM_TILE (12)
#endif

#define GEMM_CASE(MR)                                                         \
  case MR:                                                                    \
    tile_##MR (a + m * lda, lda, w, affine, residual + m * ldc, has_residual, \
               c + m * ldc, ldc, n_columns, k,                                \
               ahead + (size_t) n_done * k * pace, pace);                     \
    break

/* All rows of one pass over a panel. As many weights at @ahead are fetched
 * meanwhile. */
inline void
gemm_pass (global const float *restrict a, global const weight_t *restrict w,
           global const float *affine, global const float *residual,
           int has_residual, global float *c, int n_rows, size_t lda,
           size_t ldc, int k, int n_columns, int activation,
           global const weight_t *ahead)
{
  const int pace = find_pace (n_rows);
  size_t m = 0;
  int n_done = 0;

  while (m < n_rows) {
    int rows = next_tile (n_rows - (int) m);

    switch (rows) {
      GEMM_CASE (1);
      GEMM_CASE (2);
      GEMM_CASE (3);
      GEMM_CASE (4);
      GEMM_CASE (5);
      GEMM_CASE (6);
#if TALL_TILE == 12
      GEMM_CASE (12);
#endif
    }
    activate_rows (c + m * ldc, ldc, rows, n_columns, activation);
    m += rows;
    n_done++;
  }
}

kernel ONE_ITEM void
gemm (global const float *restrict a, global const weight_t *restrict w,
      global const float *restrict affine, global const float *residual,
      global float *c, int n_rows, int n, int k, int n_groups,
      int rows_per_item, int has_residual, int activation)
{
  int panel = get_global_id (0), run = n / n_groups;
  int group = panel / ((run + PW - 1) / PW);
  int skipped = panel - group * ((run + PW - 1) / PW);
  size_t lda = (size_t) n_groups * k;
  size_t first = (size_t) get_global_id (1) * rows_per_item;
  int rows = min (rows_per_item, n_rows - (int) first);
  global const weight_t *next;

  a += first * lda + (size_t) group * k;
  c += first * n;
  residual += first * n;
  w += (size_t) panel * k * PW;
  affine += (size_t) panel * 2 * PW;
  next = panel + 1 < (int) get_global_size (0) ? w + (size_t) k * PW : w;
  for (int s = 0; s < PW; s += TC) {
    int column = group * run + skipped * PW + s;
    int n_columns = min (TC, (group + 1) * run - column);

    if (n_columns > 0)
      gemm_pass (a, w + s, affine + s, residual + column, has_residual,
                 c + column, rows, lda, n, k, n_columns, activation,
                 next + (size_t) s * k);
  }
}
