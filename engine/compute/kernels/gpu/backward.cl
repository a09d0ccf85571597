/* backward.cl: gradients of the operators, for their inputs only, GPU class.
 * Host: compute/ops/backward.c.
 *
 * d_y is the gradient of a result y, d_x that of the input x. Matrices are
 * float[n_rows][dim], row-major, dense, any dim. Elements take a work-item
 * each (global ids: column, row), norms a work-group of ROW_ITEMS for each
 * row, attention one of ATTENTION_ITEMS for each head of each run; both sizes
 * are powers of two. rows_per_item is the CPU class's. Products need nothing
 * of their own: their gradient is gemm.cl with the transposed weights. */

#define ACT_NONE 0
#define ACT_QUICK_GELU 1
#define ACT_GELU 2

/* y = act (x). */
kernel void
activate (global const float *restrict x, global float *restrict y, int n_rows,
          int dim, int rows_per_item, int activation)
{
  int column = get_global_id (0);
  size_t at = get_global_id (1) * dim + column;
  float v;

  if (column >= dim)
    return;
  v = x[at];
  if (activation == ACT_QUICK_GELU)
    y[at] = v / (1.f + exp (v * -1.702f));
  else if (activation == ACT_GELU)
    y[at] = v * 0.5f * (1.f + erf (v * 0.70710678f));
  else
    y[at] = v < 0.f ? 0.f : v;
}

/* The activation's slope at x. */
inline float
find_slope (float x, int activation)
{
  if (activation == ACT_QUICK_GELU) {
    float s = 1.f / (1.f + exp (x * -1.702f));

    return s * fma (x * 1.702f, 1.f - s, 1.f);
  }
  if (activation == ACT_GELU)
    return 0.5f * (1.f + erf (x * 0.70710678f)) +
           x * 0.39894228f * exp (-0.5f * x * x);
  return x > 0.f ? 1.f : 0.f;
}

/* d becomes d times the slope at x. */
kernel void
activate_backward (global const float *restrict x, global float *restrict d,
                   int n_rows, int dim, int rows_per_item, int activation)
{
  int column = get_global_id (0);
  size_t at = get_global_id (1) * dim + column;

  if (column < dim)
    d[at] *= find_slope (x[at], activation);
}

/* y row r = the sum of x rows index[first[r]] .. index[first[r + 1] - 1]. */
kernel void
sum_rows (global const float *restrict x, global const int *restrict first,
          global const int *restrict index, global float *restrict y,
          int n_rows, int dim, int rows_per_item)
{
  int column = get_global_id (0);
  size_t row = get_global_id (1);
  float sum = 0.f;

  if (column >= dim)
    return;
  for (int i = first[row]; i < first[row + 1]; i++)
    sum += x[(size_t) index[i] * dim + column];
  y[row * dim + column] = sum;
}

/* With h = (x - mean) s, s = 1 / sqrt (variance + eps), and g = d_y gain:
 * d_x = residual + s (g - mean (g) - h mean (g h)), row by row. residual may
 * be d_x: each element is read last by the item that writes it. */
kernel __attribute__ ((reqd_work_group_size (ROW_ITEMS, 1, 1))) void
layer_norm_backward (global const float *restrict x,
                     global const float *restrict gain,
                     global const float *restrict d_y,
                     global const float *residual, global float *d_x,
                     int n_rows, int dim, int rows_per_item, int has_residual,
                     float eps)
{
  local float scratch[ROW_ITEMS];
  size_t at = (size_t) get_group_id (0) * dim;
  float own = 0.f, own_g = 0.f, own_slant = 0.f, mean, s, g, slant;

  for (int i = get_local_id (0); i < dim; i += ROW_ITEMS)
    own += x[at + i];
  mean = sum_items (own, ROW_ITEMS, scratch) / dim;
  own = 0.f;
  for (int i = get_local_id (0); i < dim; i += ROW_ITEMS) {
    float h = x[at + i] - mean, v = d_y[at + i] * gain[i];

    own = fma (h, h, own);
    own_g += v;
    own_slant = fma (v, h, own_slant);
  }
  s = rsqrt (sum_items (own, ROW_ITEMS, scratch) / dim + eps);
  g = sum_items (own_g, ROW_ITEMS, scratch) / dim;
  slant = sum_items (own_slant, ROW_ITEMS, scratch) * s * s / dim;
  for (int i = get_local_id (0); i < dim; i += ROW_ITEMS) {
    float v = d_y[at + i] * gain[i] - g - (x[at + i] - mean) * slant;

    d_x[at + i] = s * v + (has_residual ? residual[at + i] : 0.f);
  }
}

#define ATTENTION_GROUP \
  __attribute__ ((reqd_work_group_size (ATTENTION_ITEMS, 1, 1)))

inline float
dot_columns (global const float *a, global const float *b, int n)
{
  float sum = 0.f;

  for (int i = 0; i < n; i++)
    sum = fma (a[i], b[i], sum);
  return sum;
}

inline float
find_highest (float value, local float *scratch)
{
  int item = get_local_id (0);
  float highest;

  scratch[item] = value;
  barrier (CLK_LOCAL_MEM_FENCE);
  for (int step = ATTENTION_ITEMS / 2; step > 0; step /= 2) {
    if (item < step)
      scratch[item] = fmax (scratch[item], scratch[item + step]);
    barrier (CLK_LOCAL_MEM_FENCE);
  }
  highest = scratch[0];
  barrier (CLK_LOCAL_MEM_FENCE);
  return highest;
}

/* y[column] (+)= sum over @n rows of weight[i] x[i][column], a work-item a
 * column. Begins and ends with a barrier. */
inline void
add_weighted (local const float *weight, global const float *x, size_t stride,
              int n, int n_columns, int is_first, global float *y)
{
  barrier (CLK_LOCAL_MEM_FENCE);
  for (int c = get_local_id (0); c < n_columns; c += ATTENTION_ITEMS) {
    float sum = is_first ? 0.f : y[c];

    for (int i = 0; i < n; i++)
      sum = fma (weight[i], x[i * stride + c], sum);
    y[c] = sum;
  }
  barrier (CLK_LOCAL_MEM_FENCE);
}

/* Attention over qkv: float[n_rows][stride], head h of queries, keys and
 * values from column q_offset (k_offset, v_offset) + h * head_dim on; out,
 * d_out: float[n_rows][n_heads * head_dim]; runs as in attention.cl. With
 * scores s_ij = scale q_i.k_j, weights p_ij = softmax over the keys j that i
 * sees, and e_ij = d_out_i.v_j:
 *
 *   t_ij = scale p_ij (e_ij - delta_i), delta_i = sum_j p_ij e_ij
 *                                               = d_out_i.out_i
 *   d_q_i = sum_j t_ij k_j, d_k_j = sum_i t_ij q_i, d_v_j = sum_i p_ij d_out_i
 *
 * Weights are computed again instead of kept (Dao et al. 2022, section 3.1):
 * the first kernel leaves stats: float[n_rows][n_heads][2], the logarithm of
 * the softmax's denominator and delta, for the second. A group goes through
 * the rows of its run, as queries and then as keys; for each, blocks of
 * ATTENTION_ITEMS partners get their weights, an item each, which then sum
 * columns, an item each. */
kernel ATTENTION_GROUP void
attention_backward_queries (global const float *restrict qkv,
                            global const float *restrict out,
                            global const float *restrict d_out,
                            global const int *restrict runs,
                            global float *restrict stats,
                            global float *restrict d_qkv, int q_offset,
                            int k_offset, int v_offset, int stride, int n_heads,
                            int head_dim, int causal, float scale)
{
  local float scratch[ATTENTION_ITEMS], weight[ATTENTION_ITEMS];
  int item = get_local_id (0), head = get_group_id (0);
  int dim = n_heads * head_dim;
  global const int *run = runs + (size_t) get_group_id (1) * 5;
  global const float *k =
      qkv + (size_t) run[2] * stride + k_offset + head * head_dim;
  global const float *v =
      qkv + (size_t) run[2] * stride + v_offset + head * head_dim;

  for (int r = 0; r < run[1]; r++) {
    size_t row = (size_t) run[0] + r;
    global const float *q = qkv + row * stride + q_offset + head * head_dim;
    global const float *d = d_out + row * dim + head * head_dim;
    global const float *o = out + row * dim + head * head_dim;
    global float *d_q = d_qkv + row * stride + q_offset + head * head_dim;
    float top = -1e30f, total = 0.f, delta = 0.f, denominator;
    int n = min (run[4] + r * causal, run[3]);

    for (int j = item; j < n; j += ATTENTION_ITEMS)
      top = fmax (top,
                  scale * dot_columns (q, k + (size_t) j * stride, head_dim));
    top = find_highest (top, scratch);
    for (int j = item; j < n; j += ATTENTION_ITEMS)
      total += exp (scale * dot_columns (q, k + (size_t) j * stride, head_dim) -
                    top);
    denominator = top + log (sum_items (total, ATTENTION_ITEMS, scratch));
    for (int c = item; c < head_dim; c += ATTENTION_ITEMS)
      delta = fma (d[c], o[c], delta);
    delta = sum_items (delta, ATTENTION_ITEMS, scratch);
    for (int first = 0; first < n; first += ATTENTION_ITEMS) {
      size_t at = (size_t) (first + item) * stride;

      if (first + item < n)
        weight[item] =
            scale *
            exp (scale * dot_columns (q, k + at, head_dim) - denominator) *
            (dot_columns (d, v + at, head_dim) - delta);
      add_weighted (weight, k + (size_t) first * stride, stride,
                    min (ATTENTION_ITEMS, n - first), head_dim, first == 0,
                    d_q);
    }
    if (item == 0) {
      stats[(row * n_heads + head) * 2] = denominator;
      stats[(row * n_heads + head) * 2 + 1] = delta;
    }
  }
}

kernel ATTENTION_GROUP void
attention_backward_keys (global const float *restrict qkv,
                         global const float *restrict d_out,
                         global const int *restrict runs,
                         global const float *restrict stats,
                         global float *restrict d_qkv, int q_offset,
                         int k_offset, int v_offset, int stride, int n_heads,
                         int head_dim, int causal, float scale)
{
  local float key_weight[ATTENTION_ITEMS], value_weight[ATTENTION_ITEMS];
  int item = get_local_id (0), head = get_group_id (0);
  int dim = n_heads * head_dim;
  global const int *run = runs + (size_t) get_group_id (1) * 5;

  for (int r = 0; r < run[1]; r++) {
    size_t row = (size_t) run[0] + r;
    size_t at = row * stride + head * head_dim;
    int begin = causal ? (int) row : run[2], end = run[2] + run[3];

    for (int first = begin; first < end; first += ATTENTION_ITEMS) {
      global const float *q =
          qkv + (size_t) first * stride + q_offset + head * head_dim;
      global const float *d = d_out + (size_t) first * dim + head * head_dim;
      global const float *stat = stats + ((size_t) first * n_heads + head) * 2;
      int n = min (ATTENTION_ITEMS, end - first);

      if (item < n) {
        size_t own = (size_t) item * n_heads * 2;
        float p = exp (scale * dot_columns (q + (size_t) item * stride,
                                            qkv + at + k_offset, head_dim) -
                       stat[own]);
        float e = dot_columns (d + (size_t) item * dim, qkv + at + v_offset,
                               head_dim);

        key_weight[item] = scale * p * (e - stat[own + 1]);
        value_weight[item] = p;
      }
      add_weighted (key_weight, q, stride, n, head_dim, first == begin,
                    d_qkv + at + k_offset);
      add_weighted (value_weight, d, dim, n, head_dim, first == begin,
                    d_qkv + at + v_offset);
    }
  }
}
