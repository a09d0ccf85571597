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

/* Rows of sums with bias and activation to rows in bfloat16, @stride apart. */
CALLED void
store_narrow_rows (const float *sums, global const float *affine,
                   global ushort *c, size_t stride, int rows, int activation)
{
  for (int i = 0; i < rows; i++, sums += PW, c += stride) {
    floatv v[TV];

    UNROLL for (int j = 0; j < TV; j++)
    {
      v[j] = mul_add (vloadv (j, sums), vloadv (j, affine),
                      vloadv (j, affine + PW));
      if (activation != ACT_NONE)
        v[j] = activate_v (v[j], activation);
    }
    store_narrow2 (v[0], v[1], c);
  }
}

/* a: float[n_rows][k], normed on the way if @has_norm, or if @is_narrow rows as
 * below; c: float[n_rows][n], or if @narrows, where n is a multiple of PW, rows
 * as below. rows_per_item rows from global id 1 on, in blocks of @block, a
 * multiple of BLOCK_ROWS; panels_per_item panels from global id 0 on. scratch:
 * a block for each item.
 *
 * Rows in bfloat16 are ushort[k in whole steps + STEP]: without the odd step,
 * those whose length is a power of two would lie in the same places of the
 * cache. */
kernel ONE_ITEM void
gemm_bf16 (global const float *restrict a, global const float *gain,
           global const float *bias, global const int *restrict w,
           global const float *restrict affine, global const float *residual,
           global ushort *scratch, global float *c, int n_rows, int n, int k,
           int rows_per_item, int panels_per_item, int block, int has_norm,
           float eps, int has_residual, int activation, int is_narrow,
           int narrows)
{
  const int n_steps = (k + STEP - 1) / STEP;
  const size_t stride = (size_t) (n_steps + 1) * STEP;
  const size_t out_stride = (size_t) n + STEP;
  const int first_panel = get_global_id (0) * panels_per_item;
  const int end_panel = min (first_panel + panels_per_item, (n + PW - 1) / PW);
  int first = get_global_id (1) * rows_per_item;
  const int end = min (first + rows_per_item, n_rows);
  global const ushort *narrow_a = (global const ushort *) a;
  Ahead nothing = {0, w, 0, 0};
  SUMS (sums);

  scratch += (get_global_id (1) * get_global_size (0) + get_global_id (0)) *
             block * stride;
  set_tiles ();
  for (; first < end; first += block) {
    const int rows = min (block, end - first), together = cut_rows (rows);
    global const ushort *from = is_narrow ? narrow_a + first * stride : scratch;

    for (int i = 0; i < rows && !is_narrow; i++) {
      global const float *row = a + (size_t) (first + i) * k;

      if (has_norm)
        narrow_normed (row, k, gain, bias, eps, scratch + i * stride);
      else
        narrow_row (row, k, scratch + i * stride);
    }
    for (int panel = first_panel; panel < end_panel; panel++)
      for (int i = 0; i < rows; i += together) {
        const int n_block = min (together, rows - i);
        const size_t at = (size_t) (first + i) * n + panel * PW;
        global const float *panel_affine = affine + (size_t) panel * 2 * PW;

        multiply_panel (from + i * stride, stride, n_block, 1, 0, n_steps,
                        CHUNK, w + (size_t) panel * n_steps * STEP / 2 * PW,
                        i == 0 ? 0 : &nothing, sums);
        if (narrows)
          store_narrow_rows (sums, panel_affine,
                             (global ushort *) c + (first + i) * out_stride +
                                 panel * PW,
                             out_stride, n_block, activation);
        else
          store_rows (sums, panel_affine, residual + at, has_residual, c + at,
                      n, n_block, min (PW, n - panel * PW), activation);
      }
  }
  release_tiles ();
}
