/* rows.cl: operations on the rows of a matrix, GPU class. Host:
 * compute/ops/rows.c.
 *
 * x: float[n_rows][dim], row-major, dense, any dim. Norms take a work-group of
 * ROW_ITEMS, a power of two, for each row; what only moves elements takes one
 * work-item for each of them. rows_per_item is the CPU class's. */

#define ROW_GROUP __attribute__ ((reqd_work_group_size (ROW_ITEMS, 1, 1)))

/* This item's part of the sum of (x - mean)^2. */
inline float
sum_own_squares (global const float *x, float mean, int dim)
{
  float sum = 0.f;

  for (int i = get_local_id (0); i < dim; i += ROW_ITEMS)
    sum = fma (x[i] - mean, x[i] - mean, sum);
  return sum;
}

/* y = (x - mean) / sqrt (variance + eps) * gain + bias, row by row; two
 * passes, since the mean of squares loses digits where the mean is large. y may
 * be x: each element is read last by the item that writes it. */
kernel ROW_GROUP void
layer_norm (global const float *x, global float *y,
            global const float *restrict gain,
            global const float *restrict bias, int n_rows, int dim,
            int rows_per_item, float eps)
{
  local float scratch[ROW_ITEMS];
  size_t offset = (size_t) get_group_id (0) * dim;
  float own = 0.f, mean, scale;

  x += offset;
  y += offset;
  for (int i = get_local_id (0); i < dim; i += ROW_ITEMS)
    own += x[i];
  mean = sum_items (own, ROW_ITEMS, scratch) / dim;
  scale = rsqrt (
      sum_items (sum_own_squares (x, mean, dim), ROW_ITEMS, scratch) / dim +
      eps);
  for (int i = get_local_id (0); i < dim; i += ROW_ITEMS)
    y[i] = fma ((x[i] - mean) * scale, gain[i], bias[i]);
}

/* Scales every row to unit length, in place; a row of zeros stays zero. */
kernel ROW_GROUP void
normalize_rows (global float *x, int n_rows, int dim, int rows_per_item)
{
  local float scratch[ROW_ITEMS];
  float squares, scale;

  x += (size_t) get_group_id (0) * dim;
  squares = sum_items (sum_own_squares (x, 0.f, dim), ROW_ITEMS, scratch);
  scale = squares > 0.f ? 1.f / sqrt (squares) : 0.f;
  for (int i = get_local_id (0); i < dim; i += ROW_ITEMS)
    x[i] *= scale;
}

/* y row r = x row index[r], zeros where that is below 0. Global ids: column,
 * row. */
kernel void
gather (global const float *restrict x, global const int *restrict index,
        global float *restrict y, int n_rows, int dim, int rows_per_item)
{
  int column = get_global_id (0);
  size_t row = get_global_id (1);

  if (column < dim)
    y[row * dim + column] =
        index[row] >= 0 ? x[(size_t) index[row] * dim + column] : 0.f;
}

/* Puts a token in front of each image's rows and adds positions:
 * x: float[n_images][n_rows][dim] -> y: float[n_images][1 + n_rows][dim],
 * y[.][0] = token + positions[0], y[.][1 + i] = x[.][i] + positions[1 + i].
 * The token is float[dim], or with @mean the mean of the image's rows. Global
 * ids: column, row of y, image. */
kernel void
add_positions (global const float *restrict x,
               global const float *restrict token,
               global const float *restrict positions, global float *restrict y,
               int n_images, int n_rows, int dim, int mean)
{
  int column = get_global_id (0);
  size_t row = get_global_id (1), image = get_global_id (2);
  float value = 0.f;

  if (column >= dim)
    return;
  x += image * n_rows * dim + column;
  if (row > 0)
    value = x[(row - 1) * dim];
  else if (!mean)
    value = token[column];
  else {
    for (int r = 0; r < n_rows; r++)
      value += x[(size_t) r * dim];
    value /= n_rows;
  }
  y[(image * (n_rows + 1) + row) * dim + column] =
      value + positions[row * dim + column];
}
