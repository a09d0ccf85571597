/* Every gradient against its definition in double, and the definition against
 * finite differences of the forward twin. */
#include "compute/backward.h"

#include "fixture.h"

#include <math.h>
#include <string.h>

/* Inputs are halves of 2^-9 steps; sums of some hundred terms in float. */
#define BOUND 1e-5
/* Central differences in double: h^2 of a third derivative of order 1. */
#define STEP 1e-4
#define SLACK 1e-6

static const int dims[] = {1, 2, 3, 15, 16, 17, 63, 64, 65, 97, 128, 512, 1000};

static HfBuffer *
new_buffer (HfOps *ops, gsize n)
{
  g_autoptr (GError) error = NULL;
  HfBuffer *buffer =
      hf_buffer_new (hf_ops_get_device (ops), n * sizeof (float), &error);

  g_assert_no_error (error);
  return buffer;
}

static double *
dup_doubles (const float *x, gsize n)
{
  double *values = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    values[i] = x[i];
  return values;
}

/* sum weight.f (x) for the finite differences of any twin. */
typedef double (*Objective) (const double *x, const void *data);

static void
assert_is_gradient (Objective objective, const void *data, double *x, gsize n,
                    const double *gradient)
{
  for (gsize i = 0; i < n; i++) {
    double old = x[i], up, down, wanted;

    x[i] = old + STEP;
    up = objective (x, data);
    x[i] = old - STEP;
    down = objective (x, data);
    x[i] = old;
    wanted = (up - down) / (2 * STEP);
    g_assert_cmpfloat_with_epsilon (gradient[i], wanted,
                                    SLACK * MAX (1, fabs (wanted)));
  }
}

static double
find_slope (double x, HfAct act)
{
  double s = 1 / (1 + exp (-1.702 * x));

  switch (act) {
  case HF_ACT_QUICK_GELU:
    return s + 1.702 * x * s * (1 - s);
  case HF_ACT_GELU:
    return (1 + erf (x / sqrt (2))) / 2 +
           x * exp (-x * x / 2) / sqrt (2 * G_PI);
  case HF_ACT_RELU:
    return x > 0;
  case HF_ACT_NONE:
    break;
  }
  g_assert_not_reached ();
}

static void
try_activation (HfOps *ops, HfAct act, int rows, int dim)
{
  gsize n = (gsize) rows * dim;
  g_autofree float *x = new_numbers (n, 1);
  g_autofree float *d = new_numbers (n, 2);
  g_autofree double *wanted = g_new (double, n), *slopes = g_new (double, n);
  g_autoptr (HfBuffer) in = NULL, gradient = upload (ops, d, n * sizeof *d);
  g_autoptr (HfBuffer) out = new_buffer (ops, n);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < n; i++) {
    x[i] = x[i] * 8 + 1.f / 512; /* both tails, and never the corner at 0 */
    wanted[i] = activate_twin (x[i], act);
    slopes[i] = d[i] * find_slope (x[i], act);
    g_assert_cmpfloat_with_epsilon (
        find_slope (x[i], act),
        (activate_twin (x[i] + STEP, act) - activate_twin (x[i] - STEP, act)) /
            (2 * STEP),
        SLACK);
  }
  in = upload (ops, x, n * sizeof *x);
  hf_ops_activate (ops, in, out, rows, dim, act, &error);
  g_assert_no_error (error);
  assert_close (out, wanted, n, 1e-6);
  hf_ops_activate_backward (ops, in, gradient, rows, dim, act, &error);
  g_assert_no_error (error);
  assert_close (gradient, slopes, n, 2e-6);
}

static void
test_activations (HfOps *ops, HfPrecision precision)
{
  for (HfAct act = HF_ACT_QUICK_GELU; act <= HF_ACT_RELU; act++)
    for (gsize i = 0; i < G_N_ELEMENTS (dims); i++)
      /* At least a hundred, so that not all of them lie in a tail. */
      try_activation (ops, act, 100 / dims[i] + 1 + (int) i * 3, dims[i]);
}

/* Of e^100 nothing may become infinite on the way. */
static void
test_huge (HfOps *ops, HfPrecision precision)
{
  static const float x[] = {-1e4f, -300, -90, 90, 300, 1e4f, 0, -1e30f, 1e30f};
  const int n = G_N_ELEMENTS (x);

  for (HfAct act = HF_ACT_QUICK_GELU; act <= HF_ACT_RELU; act++) {
    float d[G_N_ELEMENTS (x)];
    double wanted[G_N_ELEMENTS (x)];
    g_autoptr (HfBuffer) in = upload (ops, x, sizeof x);
    g_autoptr (HfBuffer) gradient = NULL;
    g_autoptr (GError) error = NULL;

    for (int i = 0; i < n; i++) {
      d[i] = 1;
      wanted[i] = x[i] > 0 ? 1 : x[i] < 0 || act == HF_ACT_RELU ? 0 : 0.5;
    }
    gradient = upload (ops, d, sizeof d);
    hf_ops_activate_backward (ops, in, gradient, 1, n, act, &error);
    g_assert_no_error (error);
    assert_close (gradient, wanted, (gsize) n, 1e-6);
  }
}

/* One row of a layer norm and the weights of its outputs. */
typedef struct {
  const float *gain, *weight;
  int dim;
  double eps;
} Norm;

static void
find_moments (const double *x, const Norm *norm, double *mean, double *scale)
{
  double variance = 0;

  *mean = 0;
  for (int i = 0; i < norm->dim; i++)
    *mean += x[i] / norm->dim;
  for (int i = 0; i < norm->dim; i++)
    variance += (x[i] - *mean) * (x[i] - *mean) / norm->dim;
  *scale = 1 / sqrt (variance + norm->eps);
}

static double
weigh_norm (const double *x, const void *data)
{
  const Norm *norm = data;
  double mean, scale, sum = 0;

  find_moments (x, norm, &mean, &scale);
  for (int i = 0; i < norm->dim; i++)
    sum += norm->weight[i] * norm->gain[i] * (x[i] - mean) * scale;
  return sum;
}

static void
find_norm_gradient (const double *x, const Norm *norm, double *out)
{
  double mean, scale, mean_g = 0, mean_gh = 0;

  find_moments (x, norm, &mean, &scale);
  for (int i = 0; i < norm->dim; i++) {
    double g = norm->weight[i] * norm->gain[i];

    mean_g += g / norm->dim;
    mean_gh += g * (x[i] - mean) * scale / norm->dim;
  }
  for (int i = 0; i < norm->dim; i++)
    out[i] = scale * (norm->weight[i] * norm->gain[i] - mean_g -
                      (x[i] - mean) * scale * mean_gh);
}

static void
try_norm (HfOps *ops, int rows, int dim, gboolean has_residual)
{
  const float eps = 1e-5f;
  gsize n = (gsize) rows * dim;
  g_autofree float *x = new_numbers (n, 1), *gain = new_numbers (dim, 2);
  g_autofree float *d = new_numbers (n, 3), *old = new_numbers (n, 4);
  g_autofree double *values = dup_doubles (x, n), *wanted = g_new (double, n);
  g_autoptr (HfBuffer) in = upload (ops, x, n * sizeof *x);
  g_autoptr (HfBuffer) g = upload (ops, gain, dim * sizeof *gain);
  g_autoptr (HfBuffer) d_y = upload (ops, d, n * sizeof *d);
  g_autoptr (HfBuffer) d_x = upload (ops, old, n * sizeof *old);
  g_autoptr (GError) error = NULL;
  double largest = 0;

  for (int r = 0; r < rows; r++) {
    gsize at = (gsize) r * dim;
    Norm norm = {gain, d + at, dim, eps};

    find_norm_gradient (values + at, &norm, wanted + at);
    if (dim > 2 && dim < 100)
      assert_is_gradient (weigh_norm, &norm, values + at, dim, wanted + at);
    for (int i = 0; i < dim; i++) {
      largest = MAX (largest, fabs (wanted[at + i]));
      wanted[at + i] += has_residual ? old[at + i] : 0;
    }
  }
  hf_ops_layer_norm_backward (ops, in, g, d_y, has_residual ? d_x : NULL, d_x,
                              rows, dim, eps, &error);
  g_assert_no_error (error);
  /* Two numbers are always normed to -1 and 1: what is left of the gradient is
   * a difference of numbers some hundred times as large. */
  assert_close (d_x, wanted, n, dim > 2 ? BOUND * MAX (1, largest) : 1e-2);
}

static void
test_layer_norm (HfOps *ops, HfPrecision precision)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dims); i++)
    for (int residual = 0; residual < 2; residual++)
      try_norm (ops, 1 + (int) i * 3, dims[i], residual);
}

/* One head of one sequence, [length][head_dim] each. */
typedef struct {
  const float *weight; /* of the outputs */
  int length, head_dim;
  gboolean causal;
} Attention;

/* p: double[length][length]; qkv: queries, then keys, then values. */
static void
find_weights (const double *qkv, const Attention *a, double *p)
{
  const double *k = qkv + (gsize) a->length * a->head_dim;

  for (int i = 0; i < a->length; i++) {
    int n = a->causal ? i + 1 : a->length;
    double *row = p + (gsize) i * a->length, sum = 0;

    memset (row, 0, a->length * sizeof *row);
    for (int j = 0; j < n; j++) {
      for (int d = 0; d < a->head_dim; d++)
        row[j] += qkv[i * a->head_dim + d] * k[j * a->head_dim + d];
      sum += row[j] = exp (row[j] / sqrt (a->head_dim));
    }
    for (int j = 0; j < n; j++)
      row[j] /= sum;
  }
}

static void
attend (const double *qkv, const Attention *a, const double *p, double *out)
{
  const double *v = qkv + 2 * (gsize) a->length * a->head_dim;

  memset (out, 0, (gsize) a->length * a->head_dim * sizeof *out);
  for (int i = 0; i < a->length; i++)
    for (int j = 0; j < a->length; j++)
      for (int d = 0; d < a->head_dim; d++)
        out[i * a->head_dim + d] +=
            p[i * a->length + j] * v[j * a->head_dim + d];
}

static double
weigh_attention (const double *qkv, const void *data)
{
  const Attention *a = data;
  gsize n = (gsize) a->length * a->head_dim;
  g_autofree double *p = g_new (double, (gsize) a->length * a->length);
  g_autofree double *out = g_new (double, n);
  double sum = 0;

  find_weights (qkv, a, p);
  attend (qkv, a, p, out);
  for (gsize i = 0; i < n; i++)
    sum += a->weight[i] * out[i];
  return sum;
}

static void
find_attention_gradient (const double *qkv, const Attention *a, const double *p,
                         double *out)
{
  const int n = a->length, dim = a->head_dim;
  gsize size = (gsize) n * dim;
  double scale = 1 / sqrt (dim);

  memset (out, 0, 3 * size * sizeof *out);
  for (int i = 0; i < n; i++) {
    g_autofree double *e = g_new0 (double, n);
    double delta = 0;

    for (int j = 0; j < n; j++) {
      for (int d = 0; d < dim; d++)
        e[j] += a->weight[i * dim + d] * qkv[2 * size + j * dim + d];
      delta += p[i * n + j] * e[j];
    }
    for (int j = 0; j < n; j++)
      for (int d = 0; d < dim; d++) {
        double t = scale * p[i * n + j] * (e[j] - delta);

        out[i * dim + d] += t * qkv[size + j * dim + d];
        out[size + j * dim + d] += t * qkv[i * dim + d];
        out[2 * size + j * dim + d] += p[i * n + j] * a->weight[i * dim + d];
      }
  }
}

/* Column @column of head @head of row @row in a matrix of @stride columns. */
#define AT(stride, row, offset, head, dim, column) \
  ((gsize) (row) * (stride) + (offset) + (head) * (dim) + (column))

/* The twin of one head: reads x and d, writes result and gradient. */
static void
differentiate_head (const float *x, const float *d, const Attention *shape,
                    int heads, int head, int first, double *result,
                    double *gradient)
{
  const int dim = shape->head_dim, width = heads * dim, n = shape->length;
  gsize size = (gsize) n * dim;
  g_autofree double *qkv = g_new (double, 3 * size);
  g_autofree double *own = g_new (double, 3 * size);
  g_autofree double *out = g_new (double, size);
  g_autofree double *p = g_new (double, (gsize) n *n);
  g_autofree float *weight = g_new (float, size);
  Attention a = *shape;

  for (int r = 0; r < n; r++)
    for (int c = 0; c < dim; c++) {
      weight[r * dim + c] = d[AT (width, first + r, 0, head, dim, c)];
      for (int part = 0; part < 3; part++)
        qkv[part * size + r * dim + c] =
            x[AT (3 * width, first + r, part * width, head, dim, c)];
    }
  a.weight = weight;
  find_weights (qkv, &a, p);
  attend (qkv, &a, p, out);
  find_attention_gradient (qkv, &a, p, own);
  if (size < 200)
    assert_is_gradient (weigh_attention, &a, qkv, 3 * size, own);
  for (int r = 0; r < n; r++)
    for (int c = 0; c < dim; c++) {
      result[AT (width, first + r, 0, head, dim, c)] = out[r * dim + c];
      for (int part = 0; part < 3; part++)
        gradient[AT (3 * width, first + r, part * width, head, dim, c)] =
            own[part * size + r * dim + c];
    }
}

static void
try_attention (HfOps *ops, const int *lengths, int n, int heads, int head_dim,
               gboolean causal)
{
  const int width = heads * head_dim;
  int rows = 0, first = 0;
  g_autofree float *x = NULL, *d = NULL;
  g_autofree double *result = NULL, *gradient = NULL;
  g_autoptr (HfBuffer) in = NULL, d_out = NULL, out = NULL, stats = NULL;
  g_autoptr (HfBuffer) d_qkv = NULL;
  g_autoptr (HfRuns) runs = NULL;
  g_autoptr (GError) error = NULL;
  HfHeads layout = {NULL,      NULL,      0,     width,   2 * width,
                    3 * width, 3 * width, heads, head_dim};

  for (int i = 0; i < n; i++)
    rows += lengths[i];
  x = new_numbers ((gsize) rows * 3 * width, 5);
  d = new_numbers ((gsize) rows * width, 6);
  result = g_new (double, (gsize) rows *width);
  gradient = g_new (double, (gsize) rows * 3 * width);
  for (int i = 0; i < n; i++) {
    Attention shape = {NULL, lengths[i], head_dim, causal};

    for (int h = 0; h < heads; h++)
      differentiate_head (x, d, &shape, heads, h, first, result, gradient);
    first += lengths[i];
  }
  layout.q = layout.kv = in =
      upload (ops, x, (gsize) rows * 3 * width * sizeof *x);
  d_out = upload (ops, d, (gsize) rows * width * sizeof *d);
  out = new_buffer (ops, (gsize) rows * width);
  stats = new_buffer (ops, (gsize) rows * HF_ATTENTION_STATS (heads));
  d_qkv = new_buffer (ops, (gsize) rows * 3 * width);
  runs = hf_runs_new (ops, lengths, n, causal, &error);
  g_assert_no_error (error);
  hf_ops_attention (ops, &layout, runs, out, &error);
  g_assert_no_error (error);
  assert_close (out, result, (gsize) rows * width, BOUND);
  hf_ops_attention_backward (ops, &layout, runs, out, d_out, stats, d_qkv,
                             &error);
  g_assert_no_error (error);
  assert_close (d_qkv, gradient, (gsize) rows * 3 * width, BOUND);
}

static void
test_head_widths (HfOps *ops, HfPrecision precision)
{
  static const int widths[] = {1, 7, 8, 15, 16, 24, 63, 64, 65, 160, 512};
  static const int length = 7;

  for (gsize i = 0; i < G_N_ELEMENTS (widths); i++)
    for (int causal = 0; causal < 2; causal++)
      try_attention (ops, &length, 1, 2, widths[i], causal);
}

/* Over one cut of queries, and in the GPU class over one block of partners. */
static void
test_lengths (HfOps *ops, HfPrecision precision)
{
  static const int lengths[] = {1,  2,  5,   16,  31,  32,
                                33, 77, 127, 128, 129, 257};

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    for (int causal = 0; causal < 2; causal++)
      try_attention (ops, &lengths[i], 1, 1, 24, causal);
}

static void
test_ragged (HfOps *ops, HfPrecision precision)
{
  static const int lengths[] = {9, 1, 77, 2, 40, 13};

  for (int causal = 0; causal < 2; causal++)
    try_attention (ops, lengths, G_N_ELEMENTS (lengths), 3, 32, causal);
}

/* Rows taken several times, once and never. */
static void
test_sums (HfOps *ops, HfPrecision precision)
{
  static const int first[] = {0, 3, 3, 4, 6};
  static const int index[] = {0, 4, 2, 1, 3, 0};

  for (gsize i = 0; i < G_N_ELEMENTS (dims); i++) {
    gsize dim = (gsize) dims[i];
    g_autofree float *x = new_numbers (5 * dim, 1);
    g_autofree double *wanted = g_new0 (double, 4 * dim);
    g_autoptr (HfBuffer) in = upload (ops, x, 5 * dim * sizeof *x);
    g_autoptr (HfBuffer) begin = upload (ops, first, sizeof first);
    g_autoptr (HfBuffer) from = upload (ops, index, sizeof index);
    g_autoptr (HfBuffer) out = new_buffer (ops, 4 * dim);
    g_autoptr (GError) error = NULL;

    for (int r = 0; r < 4; r++)
      for (int k = first[r]; k < first[r + 1]; k++)
        for (gsize c = 0; c < dim; c++)
          wanted[r * dim + c] += x[index[k] * dim + c];
    hf_ops_sum_rows (ops, in, begin, from, out, 4, dims[i], &error);
    g_assert_no_error (error);
    /* Sums of three halves of 2^-9 steps are exact. */
    assert_close (out, wanted, 4 * dim, 0);
  }
}

/* The gradient of a product is a product with the transposed weights. */
static void
test_product (HfOps *ops, HfPrecision precision)
{
  const int rows = 7, n = 65, k = 33;
  g_autofree float *w = new_numbers ((gsize) n * k, 1);
  g_autofree float *turned = g_new (float, (gsize) n *k);
  g_autofree float *d = new_numbers ((gsize) rows * n, 2);
  g_autofree double *wanted = g_new0 (double, (gsize) rows *k);
  g_autoptr (HfBuffer) d_y = upload (ops, d, (gsize) rows * n * sizeof *d);
  g_autoptr (HfBuffer) d_x = new_buffer (ops, (gsize) rows * k);
  g_autoptr (HfMatrix) transposed = NULL;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < n; i++)
    for (int j = 0; j < k; j++) {
      turned[j * n + i] = w[i * k + j];
      for (int r = 0; r < rows; r++)
        wanted[r * k + j] += (double) d[r * n + i] * w[i * k + j];
    }
  transposed = pack_matrix (ops, turned, k, n, NULL, NULL);
  hf_ops_gemm (ops, transposed, d_y, d_x, NULL, rows, HF_ACT_NONE, &error);
  g_assert_no_error (error);
  assert_close (d_x, wanted, (gsize) rows * k, BOUND);
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  add_ops_test ("/compute/backward/activations", test_activations);
  add_ops_test ("/compute/backward/activations-of-huge-numbers", test_huge);
  add_ops_test ("/compute/backward/layer-norm-of-any-width", test_layer_norm);
  add_ops_test ("/compute/backward/attention-of-any-head-width",
                test_head_widths);
  add_ops_test ("/compute/backward/attention-of-any-length", test_lengths);
  add_ops_test ("/compute/backward/attention-of-ragged-sequences", test_ragged);
  add_ops_test ("/compute/backward/rows-taken-several-times", test_sums);
  add_ops_test ("/compute/backward/product-by-transposed-weights",
                test_product);
  return g_test_run ();
}
