/* rows.cl: operations on the rows of a matrix, CPU class. Host: compute/rows.c.
 *
 * x: float[n_rows][dim], row-major, dense, any dim. One work-item takes
 * rows_per_item rows. */

/* y = (x - mean) / sqrt (variance + eps) * gain + bias, row by row; two
 * passes, since the mean of squares loses digits where the mean is large. y may
 * be x. */
kernel ONE_ITEM void
layer_norm (global const float *x, global float *y,
            global const float *restrict gain,
            global const float *restrict bias, int n_rows, int dim,
            int rows_per_item, float eps)
{
  int first = get_global_id (0) * rows_per_item;
  int end = min (first + rows_per_item, n_rows);

  x += (size_t) first * dim;
  y += (size_t) first * dim;
  for (int r = first; r < end; r++, x += dim, y += dim) {
    float mean = sum_row (x, dim) / dim;
    float scale = rsqrt (sum_squares (x, mean, dim) / dim + eps);
    int i = 0;

    for (; i + VW <= dim; i += VW)
      vstorev (mul_add ((vloadv (0, x + i) - mean) * scale,
                        vloadv (0, gain + i), vloadv (0, bias + i)),
               0, y + i);
    for (; i < dim; i++)
      y[i] = mul_add ((x[i] - mean) * scale, gain[i], bias[i]);
  }
}

/* Scales every row to unit length, in place; a row of zeros stays zero. */
kernel ONE_ITEM void
normalize_rows (global float *x, int n_rows, int dim, int rows_per_item)
{
  int first = get_global_id (0) * rows_per_item;
  int end = min (first + rows_per_item, n_rows);

  x += (size_t) first * dim;
  for (int r = first; r < end; r++, x += dim) {
    float squares = sum_squares (x, 0.f, dim);
    float scale = squares > 0.f ? 1.f / sqrt (squares) : 0.f;

    for (int i = 0; i < dim; i++)
      x[i] *= scale;
  }
}

/* y row r = x row index[r], zeros where that is below 0. */
kernel ONE_ITEM void
gather (global const float *restrict x, global const int *restrict index,
        global float *restrict y, int n_rows, int dim, int rows_per_item)
{
  int first = get_global_id (0) * rows_per_item;
  int end = min (first + rows_per_item, n_rows);

  for (int r = first; r < end; r++) {
    int is_there = index[r] >= 0;
    global const float *from = x + (size_t) max (index[r], 0) * dim;
    global float *to = y + (size_t) r * dim;

    for (int i = 0; i < dim; i++)
      to[i] = is_there ? from[i] : 0.f;
  }
}

/* Puts a token in front of each image's rows and adds positions:
 * x: float[n_images][n_rows][dim] -> y: float[n_images][1 + n_rows][dim],
 * y[.][0] = token + positions[0], y[.][1 + i] = x[.][i] + positions[1 + i].
 * The token is float[dim], or with @mean the mean of the image's rows. */
kernel ONE_ITEM void
add_positions (global const float *restrict x,
               global const float *restrict token,
               global const float *restrict positions, global float *restrict y,
               int n_images, int n_rows, int dim, int mean)
{
  size_t image = get_global_id (0);
  global const float *from = x + image * n_rows * dim;
  global float *to = y + image * (n_rows + 1) * dim;

  for (int i = 0; i < dim; i++)
    to[i] = mean ? 0.f : token[i];
  if (mean) {
    for (int r = 0; r < n_rows; r++)
      for (int i = 0; i < dim; i++)
        to[i] += from[(size_t) r * dim + i];
    for (int i = 0; i < dim; i++)
      to[i] /= n_rows;
  }
  for (int i = 0; i < dim; i++)
    to[i] += positions[i];
  to += dim;
  positions += dim;
  for (size_t i = 0; i < (size_t) n_rows * dim; i++)
    to[i] = from[i] + positions[i];
}
