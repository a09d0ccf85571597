/* tile.cl: the tile under gemm.cl and conv.cl, GPU class.
 *
 * A work-group of TILE_ITEMS computes TILE_ROWS x TILE_COLUMNS sums, a
 * work-item ITEM_ROWS x 4 of them in registers. TILE_DEPTH steps along k are
 * staged in local memory at a time; while they are multiplied, the next ones
 * are on their way from global memory into each item's share.
 *
 *   rows:    float4[TILE_DEPTH][TILE_ROWS / 4 + 1], turned: four rows of a
 *            step beside each other; one more against bank conflicts
 *   weights: float4[TILE_DEPTH][TILE_COLUMNS / 4]
 *
 * A small tile has fewer sums than the group has work-items: the group then
 * cuts each stage along k into SLICES, which are added at the end. So skinny
 * products have enough work-items under way without a second kernel. */

#define TILE_GROUP __attribute__ ((reqd_work_group_size (TILE_ITEMS, 1, 1)))

#define ITEMS_ACROSS (TILE_COLUMNS / 4)
#define SLICE_ITEMS (TILE_ROWS / ITEM_ROWS * ITEMS_ACROSS)
#define SLICES (TILE_ITEMS / SLICE_ITEMS)
#define SLICE_DEPTH (TILE_DEPTH / SLICES)

#define ROWS_STRIDE (TILE_ROWS / 4 + 1)
#define ROWS_SIZE (TILE_DEPTH * ROWS_STRIDE)
#define WEIGHTS_SIZE (TILE_DEPTH * ITEMS_ACROSS)

/* An item stages the same step of every stage, of rows ROWS_APART apart. */
#define ROWS_APART (TILE_ITEMS / TILE_DEPTH)
#define ROWS_SHARE (TILE_ROWS / ROWS_APART)
#define WEIGHTS_SHARE (WEIGHTS_SIZE / TILE_ITEMS)
#define SHARE_STEP ((int) get_local_id (0) % TILE_DEPTH)
#define SHARE_ROW(i) ((int) get_local_id (0) / TILE_DEPTH + (i) *ROWS_APART)

/* Where an item's sums lie in the tile. */
#define SLICE ((int) get_local_id (0) / SLICE_ITEMS)
#define ITEM ((int) get_local_id (0) % SLICE_ITEMS)
#define ITEM_COLUMN (ITEM % ITEMS_ACROSS * 4)
#define ITEM_ROW (ITEM / ITEMS_ACROSS * ITEM_ROWS)

#define ACT_NONE 0
#define ACT_QUICK_GELU 1
#define ACT_GELU 2
#define ACT_RELU 3

/* @w: the panel, from the tile's first column on. Zeros behind @k. */
inline void
fetch_weights (global const weight_t *w, int first, int k, float4 *share)
{
  UNROLL for (int i = 0; i < WEIGHTS_SHARE; i++)
  {
    int at = (int) get_local_id (0) + i * TILE_ITEMS;
    int step = first + at / ITEMS_ACROSS;

    share[i] =
        step < k
            ? load_weights4 (w + (size_t) step * PANEL + at % ITEMS_ACROSS * 4)
            : ZERO;
  }
}

inline void
put_stage (const float *row_share, const float4 *weight_share,
           local float4 *rows, local float4 *weights)
{
  local float *step = (local float *) (rows + SHARE_STEP * ROWS_STRIDE);

  UNROLL for (int i = 0; i < ROWS_SHARE; i++) step[SHARE_ROW (i)] =
      row_share[i];
  UNROLL for (int i = 0; i < WEIGHTS_SHARE; i++)
      weights[get_local_id (0) + i * TILE_ITEMS] = weight_share[i];
}

inline void
multiply_stage (local const float4 *rows, local const float4 *weights,
                float4 *sums)
{
  rows += SLICE * SLICE_DEPTH * ROWS_STRIDE + ITEM_ROW / 4;
  weights += SLICE * SLICE_DEPTH * ITEMS_ACROSS + ITEM_COLUMN / 4;
  UNROLL for (int p = 0; p < SLICE_DEPTH; p++)
  {
    float4 b = weights[p * ITEMS_ACROSS];

    UNROLL for (int i = 0; i < ITEM_ROWS / 4; i++)
        ADD_OUTER (sums + i * 4, rows[p * ROWS_STRIDE + i], b)
  }
}

/* Adds the slices up into the first one, in halves; @scratch is the weights'
 * stage, which is no smaller than half of the sums. */
inline void
add_slices (float4 *sums, local float4 *scratch)
{
  for (int half_way = SLICES / 2; half_way > 0; half_way /= 2) {
    int from = (SLICE - half_way) * SLICE_ITEMS + ITEM;
    int to = SLICE * SLICE_ITEMS + ITEM;

    if (SLICE >= half_way && SLICE < 2 * half_way)
      for (int i = 0; i < ITEM_ROWS; i++)
        scratch[i * half_way * SLICE_ITEMS + from] = sums[i];
    barrier (CLK_LOCAL_MEM_FENCE);
    if (SLICE < half_way)
      for (int i = 0; i < ITEM_ROWS; i++)
        sums[i] += scratch[i * half_way * SLICE_ITEMS + to];
    barrier (CLK_LOCAL_MEM_FENCE);
  }
}

/* Declares what a kernel needs for its tile; local memory must stand in the
 * kernel itself. */
#define DECLARE_TILE                        \
  local float4 stage_rows[ROWS_SIZE];       \
  local float4 stage_weights[WEIGHTS_SIZE]; \
  float row_share[ROWS_SHARE];              \
  float4 weight_share[WEIGHTS_SHARE];       \
  float4 sums[ITEM_ROWS];                   \
  UNROLL for (int i = 0; i < ITEM_ROWS; i++) sums[i] = ZERO

/* sums = rows W' over all of @k. FETCH_ROWS (first) fills row_share with
 * step first + SHARE_STEP of rows SHARE_ROW (i), zero behind k. */
#define ACCUMULATE_TILE(FETCH_ROWS, w, k)                           \
  FETCH_ROWS (0);                                                   \
  fetch_weights (w, 0, k, weight_share);                            \
  for (int first = 0; first < k; first += TILE_DEPTH) {             \
    put_stage (row_share, weight_share, stage_rows, stage_weights); \
    barrier (CLK_LOCAL_MEM_FENCE);                                  \
    FETCH_ROWS (first + TILE_DEPTH);                                \
    fetch_weights (w, first + TILE_DEPTH, k, weight_share);         \
    multiply_stage (stage_rows, stage_weights, sums);               \
    barrier (CLK_LOCAL_MEM_FENCE);                                  \
  }                                                                 \
  add_slices (sums, stage_weights)

inline float4
activate4 (float4 v, int activation)
{
  if (activation == ACT_QUICK_GELU)
    return v / (1.f + exp (v * -1.702f));
  if (activation == ACT_GELU)
    return v * 0.5f * (1.f + erf (v * 0.70710678f));
  if (activation == ACT_RELU)
    return v < 0.f ? (float4) (0.f) : v; /* NaN stays */
  return v;
}

/* Stores the tile whose first sum is column @first_column of the panels, that
 * is c[first_row][first_column - skipped], up to column @end; @residual may be
 * @c. The sums move up row by row: registers have no index, and one copy of the
 * activations is compiled instead of ITEM_ROWS. */
inline void
store_tile (float4 *sums, global const float *affine,
            global const float *residual, int has_residual, global float *c,
            int n_rows, int n, size_t first_row, int first_column, int skipped,
            int end, int activation)
{
  size_t row = first_row + ITEM_ROW;
  size_t row_end = min (row + ITEM_ROWS, (size_t) n_rows);
  int column = first_column + ITEM_COLUMN, n_columns = end + skipped - column;

  if (SLICE > 0 || n_columns <= 0)
    return;
  affine += (size_t) (column / PANEL) * 2 * PANEL + column % PANEL;
  ROLLED for (; row < row_end; row++)
  {
    size_t at = row * n + column - skipped;
    float4 v = fma (sums[0], vload4 (0, affine), vload4 (0, affine + PANEL));

    if (has_residual)
      v += load_columns (residual + at, n_columns);
    store_columns (activate4 (v, activation), c + at, n_columns);
    UNROLL for (int i = 1; i < ITEM_ROWS; i++) sums[i - 1] = sums[i];
  }
}
