/* backward.cl: gradients of the operators, for their inputs only, CPU class.
 * Host: compute/ops/backward.c.
 *
 * d_y is the gradient of a result y, d_x that of the input x. Matrices are
 * float[n_rows][dim], row-major, dense, any dim; one work-item takes
 * rows_per_item rows. Products need nothing of their own: their gradient is
 * gemm.cl with the transposed weights. */

#define ACT_NONE 0
#define ACT_QUICK_GELU 1
#define ACT_GELU 2

inline floatv
activate_v (floatv x, int activation)
{
  if (activation == ACT_QUICK_GELU)
    return quick_gelu_v (x);
  if (activation == ACT_GELU)
    return gelu_v (x);
  return relu_v (x);
}

/* The activation's slope at x. */
inline floatv
slope_v (floatv x, int activation)
{
  if (activation == ACT_QUICK_GELU) {
    floatv s = SPLAT (1.f) / (SPLAT (1.f) + exp_v (x * -1.702f));

    return s * mul_add (x * 1.702f, SPLAT (1.f) - s, SPLAT (1.f));
  }
  if (activation == ACT_GELU) {
    floatv density = 0.39894228f * exp_v (-0.5f * x * x);

    return mul_add (x, density, normal_share_v (x));
  }
  return select (SPLAT (0.f), SPLAT (1.f), x > 0.f);
}

/* y = act (x). */
kernel ONE_ITEM void
activate (global const float *restrict x, global float *restrict y, int n_rows,
          int dim, int rows_per_item, int activation)
{
  int first = get_global_id (0) * rows_per_item;
  int n = (min (first + rows_per_item, n_rows) - first) * dim, i = 0;

  x += (size_t) first * dim;
  y += (size_t) first * dim;
  for (; i + VW <= n; i += VW)
    vstorev (activate_v (vloadv (0, x + i), activation), 0, y + i);
  for (; i < n; i++)
    y[i] = activate_v (SPLAT (x[i]), activation).s0;
}

/* d becomes d times the slope at x. */
kernel ONE_ITEM void
activate_backward (global const float *restrict x, global float *restrict d,
                   int n_rows, int dim, int rows_per_item, int activation)
{
  int first = get_global_id (0) * rows_per_item;
  int n = (min (first + rows_per_item, n_rows) - first) * dim, i = 0;

  x += (size_t) first * dim;
  d += (size_t) first * dim;
  for (; i + VW <= n; i += VW)
    vstorev (vloadv (0, d + i) * slope_v (vloadv (0, x + i), activation), 0,
             d + i);
  for (; i < n; i++)
    d[i] *= slope_v (SPLAT (x[i]), activation).s0;
}

inline float
dot (global const float *a, global const float *b, int dim)
{
  floatv sum = SPLAT (0.f);
  float tail = 0.f;
  int i = 0;

  for (; i + VW <= dim; i += VW)
    sum = mul_add (vloadv (0, a + i), vloadv (0, b + i), sum);
  for (; i < dim; i++)
    tail = mul_add (a[i], b[i], tail);
  return sum_lanes (sum) + tail;
}

/* Sum of d * gain * (x - mean). */
inline float
sum_weighted (global const float *x, float mean, global const float *gain,
              global const float *d, int dim)
{
  floatv sum = SPLAT (0.f);
  float tail = 0.f;
  int i = 0;

  for (; i + VW <= dim; i += VW)
    sum = mul_add (vloadv (0, d + i) * vloadv (0, gain + i),
                   vloadv (0, x + i) - mean, sum);
  for (; i < dim; i++)
    tail = mul_add (d[i] * gain[i], x[i] - mean, tail);
  return sum_lanes (sum) + tail;
}

/* With h = (x - mean) s, s = 1 / sqrt (variance + eps), and g = d_y gain:
 * d_x = residual + s (g - mean (g) - h mean (g h)), row by row. residual may
 * be d_x. */
kernel ONE_ITEM void
layer_norm_backward (global const float *restrict x,
                     global const float *restrict gain,
                     global const float *restrict d_y,
                     global const float *residual, global float *d_x,
                     int n_rows, int dim, int rows_per_item, int has_residual,
                     float eps)
{
  int first = get_global_id (0) * rows_per_item;
  int end = min (first + rows_per_item, n_rows);
  size_t at = (size_t) first * dim;

  for (int r = first; r < end; r++, at += dim) {
    float mean = sum_row (x + at, dim) / dim;
    float s = rsqrt (sum_squares (x + at, mean, dim) / dim + eps);
    float g = dot (d_y + at, gain, dim) / dim;
    float slant =
        sum_weighted (x + at, mean, gain, d_y + at, dim) * s * s / dim;
    int i = 0;

    for (; i + VW <= dim; i += VW) {
      floatv h = vloadv (0, x + at + i) - mean;
      floatv v = mul_add (vloadv (0, d_y + at + i), vloadv (0, gain + i), -g);

      v = s * mul_add (h, SPLAT (-slant), v);
      if (has_residual)
        v += vloadv (0, residual + at + i);
      vstorev (v, 0, d_x + at + i);
    }
    for (; i < dim; i++) {
      float v = d_y[at + i] * gain[i] - g - (x[at + i] - mean) * slant;

      d_x[at + i] = s * v + (has_residual ? residual[at + i] : 0.f);
    }
  }
}

inline void
clear_row (global float *y, int dim)
{
  for (int i = 0; i < dim; i++)
    y[i] = 0.f;
}

/* y += weight * x. */
inline void
add_row (global float *y, float weight, global const float *x, int dim)
{
  int i = 0;

  for (; i + VW <= dim; i += VW)
    vstorev (mul_add (SPLAT (weight), vloadv (0, x + i), vloadv (0, y + i)), 0,
             y + i);
  for (; i < dim; i++)
    y[i] = mul_add (weight, x[i], y[i]);
}

/* y row r = the sum of x rows index[first[r]] .. index[first[r + 1] - 1]. */
kernel ONE_ITEM void
sum_rows (global const float *restrict x, global const int *restrict first,
          global const int *restrict index, global float *restrict y,
          int n_rows, int dim, int rows_per_item)
{
  int begin = get_global_id (0) * rows_per_item;
  int end = min (begin + rows_per_item, n_rows);

  for (int r = begin; r < end; r++) {
    clear_row (y + (size_t) r * dim, dim);
    for (int i = first[r]; i < first[r + 1]; i++)
      add_row (y + (size_t) r * dim, 1.f, x + (size_t) index[i] * dim, dim);
  }
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
 * the softmax's denominator and delta, for the second. One work-item takes one
 * head of one run: of its rows as queries, then as keys. */
kernel ONE_ITEM void
attention_backward_queries (global const float *restrict qkv,
                            global const float *restrict out,
                            global const float *restrict d_out,
                            global const int *restrict runs,
                            global float *restrict stats,
                            global float *restrict d_qkv, int q_offset,
                            int k_offset, int v_offset, int stride, int n_heads,
                            int head_dim, int causal, float scale)
{
  int head = get_global_id (0), dim = n_heads * head_dim;
  global const int *run = runs + (size_t) get_global_id (1) * 5;
  global const float *k =
      qkv + (size_t) run[2] * stride + k_offset + head * head_dim;
  global const float *v =
      qkv + (size_t) run[2] * stride + v_offset + head * head_dim;

  for (int r = 0; r < run[1]; r++) {
    size_t row = (size_t) run[0] + r;
    global const float *q = qkv + row * stride + q_offset + head * head_dim;
    global const float *d = d_out + row * dim + head * head_dim;
    global float *d_q = d_qkv + row * stride + q_offset + head * head_dim;
    float top = -1e30f, total = 0.f, delta, denominator;
    int n = min (run[4] + r * causal, run[3]);

    for (int j = 0; j < n; j++) {
      float score = scale * dot (q, k + (size_t) j * stride, head_dim);
      float higher = fmax (top, score);

      total = total * exp (top - higher) + exp (score - higher);
      top = higher;
    }
    denominator = top + log (total);
    delta = dot (d, out + row * dim + head * head_dim, head_dim);
    clear_row (d_q, head_dim);
    for (int j = 0; j < n; j++) {
      float score = scale * dot (q, k + (size_t) j * stride, head_dim);
      float e = dot (d, v + (size_t) j * stride, head_dim);

      add_row (d_q, scale * exp (score - denominator) * (e - delta),
               k + (size_t) j * stride, head_dim);
    }
    stats[(row * n_heads + head) * 2] = denominator;
    stats[(row * n_heads + head) * 2 + 1] = delta;
  }
}

kernel ONE_ITEM void
attention_backward_keys (global const float *restrict qkv,
                         global const float *restrict d_out,
                         global const int *restrict runs,
                         global const float *restrict stats,
                         global float *restrict d_qkv, int q_offset,
                         int k_offset, int v_offset, int stride, int n_heads,
                         int head_dim, int causal, float scale)
{
  int head = get_global_id (0), dim = n_heads * head_dim;
  global const int *run = runs + (size_t) get_global_id (1) * 5;
  size_t end = (size_t) run[2] + run[3];

  for (int r = 0; r < run[1]; r++) {
    size_t row = (size_t) run[0] + r;
    size_t at = row * stride + head * head_dim;
    global float *d_k = d_qkv + at + k_offset, *d_v = d_qkv + at + v_offset;

    clear_row (d_k, head_dim);
    clear_row (d_v, head_dim);
    for (size_t i = causal ? row : (size_t) run[2]; i < end; i++) {
      global const float *q = qkv + i * stride + q_offset + head * head_dim;
      global const float *d = d_out + i * dim + head * head_dim;
      global const float *stat = stats + (i * n_heads + head) * 2;
      float p = exp (scale * dot (q, qkv + at + k_offset, head_dim) - stat[0]);
      float e = dot (d, qkv + at + v_offset, head_dim);

      add_row (d_k, scale * p * (e - stat[1]), q, head_dim);
      add_row (d_v, p, d, head_dim);
    }
  }
}
