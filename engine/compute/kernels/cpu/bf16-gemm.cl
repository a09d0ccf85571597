/* bf16-gemm.cl: products whose rows and weights are bfloat16, CPU class; sums
 * are float. In front of it stands what multiplies: bf16-amx.cl for a matrix
 * unit, else bf16-dot.cl. Host: compute/ops/bf16.c.
 *
 * A work-item takes its rows block by block: to bfloat16 in its own part of
 * @scratch, which stays in L2, and from there times its panels. Rows there are
 * whole steps of STEP numbers, zeros behind the last. Panels lie in
 * [steps][STEP / 2][PW][2]. */

/* @rows rows of sums, float[PW] each, for a whole panel: scaled, with bias and
 * residual. What is done besides is known to the compiler. */
inline void
store_panel (const float *sums, global const float *affine,
             global const float *residual, int has_residual, int is_relu,
             global float *c, size_t ldc, int rows)
{
  for (int i = 0; i < rows; i++, sums += PW, residual += ldc, c += ldc)
    UNROLL for (int j = 0; j < TV; j++)
    {
      floatv v = mul_add (vloadv (j, sums), vloadv (j, affine),
                          vloadv (j, affine + PW));

      if (has_residual)
        v += vloadv (j, residual);
      if (is_relu)
        v = relu_v (v);
      vstorev (v, j, c);
    }
}

/* The same of the last panel, of which fewer columns are wanted. */
CALLED void
store_rest (const float *sums, global const float *affine,
            global const float *residual, int has_residual, global float *c,
            size_t ldc, int rows, int n_columns, int activation)
{
  for (int i = 0; i < rows; i++) {
    floatv row[TV];

    UNROLL for (int j = 0; j < TV; j++) row[j] = vloadv (j, sums + i * PW);
    store_row (row, affine, residual + i * ldc, has_residual, c + i * ldc,
               n_columns);
  }
  activate_rows (c, ldc, rows, n_columns, activation);
}

CALLED void
store_rows (const float *sums, global const float *affine,
            global const float *residual, int has_residual, global float *c,
            size_t ldc, int rows, int n_columns, int activation)
{
  const int is_relu = activation == ACT_RELU;

  if (n_columns < PW) {
    store_rest (sums, affine, residual, has_residual, c, ldc, rows, n_columns,
                activation);
    return;
  }
  if (has_residual && is_relu)
    store_panel (sums, affine, residual, 1, 1, c, ldc, rows);
  else if (has_residual)
    store_panel (sums, affine, residual, 1, 0, c, ldc, rows);
  else if (is_relu)
    store_panel (sums, affine, c, 0, 1, c, ldc, rows);
  else
    store_panel (sums, affine, c, 0, 0, c, ldc, rows);
  if (!is_relu)
    activate_rows (c, ldc, rows, n_columns, activation);
}

/* a: float[n_rows][k], normed on the way if @has_norm; c: float[n_rows][n].
 * rows_per_item rows from global id 1 on, in blocks of @block, a multiple of
 * BLOCK_ROWS; panels_per_item panels from global id 0 on. scratch:
 * ushort[items][block][k in whole steps + STEP]: without the odd step, rows
 * whose length is a power of two would lie in the same places of the cache. */
kernel ONE_ITEM void
gemm_bf16 (global const float *restrict a, global const float *gain,
           global const float *bias, global const int *restrict w,
           global const float *restrict affine, global const float *residual,
           global ushort *scratch, global float *c, int n_rows, int n, int k,
           int rows_per_item, int panels_per_item, int block, int has_norm,
           float eps, int has_residual, int activation)
{
  const int n_steps = (k + STEP - 1) / STEP;
  const size_t stride = (size_t) (n_steps + 1) * STEP;
  const int first_panel = get_global_id (0) * panels_per_item;
  const int end_panel = min (first_panel + panels_per_item, (n + PW - 1) / PW);
  int first = get_global_id (1) * rows_per_item;
  const int end = min (first + rows_per_item, n_rows);
  SUMS (sums);

  scratch += (get_global_id (1) * get_global_size (0) + get_global_id (0)) *
             block * stride;
  set_tiles ();
  for (; first < end; first += block) {
    const int rows = min (block, end - first);

    for (int i = 0; i < rows; i++) {
      global const float *row = a + (size_t) (first + i) * k;

      if (has_norm)
        narrow_normed (row, k, gain, bias, eps, scratch + i * stride);
      else
        narrow_row (row, k, scratch + i * stride);
    }
    for (int panel = first_panel; panel < end_panel; panel++)
      for (int i = 0; i < rows; i += MOST_ROWS) {
        const int n_block = min (MOST_ROWS, rows - i);
        const size_t at = (size_t) (first + i) * n + panel * PW;

        multiply_panel (scratch + i * stride, stride, n_block, 1, 0, n_steps,
                        w + (size_t) panel * n_steps * STEP / 2 * PW, sums);
        store_rows (sums, affine + (size_t) panel * 2 * PW, residual + at,
                    has_residual, c + at, n, n_block, min (PW, n - panel * PW),
                    activation);
      }
  }
  release_tiles ();
}
