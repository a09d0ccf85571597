#include "fixture.h"

#include <math.h>

/* Softmax weights to 1e-6, values in [-1, 1); scores grow with the spread of
 * the queries, and so does the step between two floats that are exponents. */
#define BOUND(spread) (5e-6 * MAX (1, (spread) / 10))

/* In bfloat16 numbers are multiples of 1/8, so that scores are exact, and
 * weights are rounded to eight digits. */
#define NARROW_BOUND 2.2e-3

/* The twin: query row @q sees keys [first, first + seen). */
static void
attend (const float *q, const float *kv, int k_offset, int v_offset, int stride,
        int first, int seen, int head_dim, double *out)
{
  g_autofree double *weights = g_new (double, seen);
  double top = -HUGE_VAL, sum = 0;

  for (int t = 0; t < seen; t++) {
    const float *k = kv + (gsize) (first + t) * stride + k_offset;

    weights[t] = 0;
    for (int d = 0; d < head_dim; d++)
      weights[t] += (double) q[d] * k[d] / sqrt (head_dim);
    top = MAX (top, weights[t]);
  }
  for (int t = 0; t < seen; t++)
    sum += weights[t] = exp (weights[t] - top);
  for (int d = 0; d < head_dim; d++) {
    out[d] = 0;
    for (int t = 0; t < seen; t++)
      out[d] +=
          weights[t] / sum * kv[(gsize) (first + t) * stride + v_offset + d];
  }
}

/* Queries, keys and values beside each other in one matrix, as in a tower;
 * @spread widens the scores. @pooled: how many queries a sequence has, 0: as
 * many as keys; there are no more of them than keys in all. */
static void
try_attention (HfOps *ops, const int *lengths, int n, int heads, int head_dim,
               gboolean causal, int pooled, float spread)
{
  const int dim = heads * head_dim, stride = 3 * dim;
  int rows = 0, n_queries, first = 0;
  g_autofree float *x = NULL;
  g_autofree double *wanted = NULL;
  g_autoptr (HfBuffer) in = NULL;
  g_autoptr (HfBuffer) out = NULL;
  g_autoptr (HfRuns) runs = NULL;
  g_autoptr (GError) error = NULL;
  HfHeads layout = {NULL,   NULL,   0,     dim,     2 * dim,
                    stride, stride, heads, head_dim};
  const gboolean is_narrow = hf_ops_get_precision (ops) == HF_PRECISION_BF16;

  for (int i = 0; i < n; i++)
    rows += lengths[i];
  n_queries = pooled > 0 ? n * pooled : rows;
  x = is_narrow ? new_fractions ((gsize) rows * stride, 7, 8)
                : new_numbers ((gsize) rows * stride, 7);
  for (gsize i = 0; i < (gsize) rows * stride; i++)
    if (i % stride < (gsize) dim)
      x[i] *= spread;
  wanted = g_new (double, (gsize) n_queries *dim);
  for (int i = 0; i < n; i++) {
    for (int r = 0; r < (pooled > 0 ? pooled : lengths[i]); r++)
      for (int h = 0; h < heads; h++) {
        int row = pooled > 0 ? i * pooled + r : first + r;

        attend (x + (gsize) row * stride + h * head_dim, x, dim + h * head_dim,
                2 * dim + h * head_dim, stride, first,
                causal ? r + 1 : lengths[i], head_dim,
                wanted + (gsize) row * dim + h * head_dim);
      }
    first += lengths[i];
  }
  in = upload (ops, x, (gsize) rows * stride * sizeof (float));
  out = hf_buffer_new (hf_ops_get_device (ops),
                       (gsize) n_queries * dim * sizeof (float), &error);
  runs = pooled > 0 ? hf_runs_new_pooled (ops, lengths, n, pooled, &error)
                    : hf_runs_new (ops, lengths, n, causal, &error);
  g_assert_no_error (error);
  layout.q = layout.kv = in;
  hf_ops_attention (ops, &layout, runs, out, &error);
  g_assert_no_error (error);
  assert_close (out, wanted, (gsize) n_queries * dim,
                is_narrow ? NARROW_BOUND : BOUND (spread));
}

static void
test_head_widths (HfOps *ops, HfPrecision precision)
{
  static const int widths[] = {1,   7,   8,   15,  16,  24, 32, 36,
                               48,  63,  64,  65,  72,  80, 88, 104,
                               128, 160, 512, 513, 600, 768};
  static const int lengths[] = {17};

  for (gsize i = 0; i < G_N_ELEMENTS (widths); i++)
    for (int causal = 0; causal < 2; causal++)
      try_attention (ops, lengths, 1, 2, widths[i], causal, 0, 1);
}

static void
test_lengths (HfOps *ops, HfPrecision precision)
{
  static const int lengths[] = {1,  2,  4,  5,   6,   16,  17,  50,  63,
                                64, 65, 77, 197, 255, 256, 257, 513, 577};

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    for (int causal = 0; causal < 2; causal++)
      try_attention (ops, &lengths[i], 1, 1, 64, causal, 0, 1);
  /* Two blocks of keys of a wide head. */
  for (int causal = 0; causal < 2; causal++)
    try_attention (ops, &lengths[13], 1, 1, 200, causal, 0, 1);
}

/* Several blocks of keys, in every class and precision. */
static void
test_long (HfOps *ops, HfPrecision precision)
{
  static const int lengths[] = {640, 641, 1300};

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    for (int causal = 0; causal < 2; causal++)
      try_attention (ops, &lengths[i], 1, 1, 20, causal, 0, 3);
}

static void
test_ragged (HfOps *ops, HfPrecision precision)
{
  static const int lengths[] = {9, 1, 77, 2, 300, 13};

  for (int causal = 0; causal < 2; causal++)
    try_attention (ops, lengths, G_N_ELEMENTS (lengths), 3, 32, causal, 0, 1);
}

static void
test_pooled (HfOps *ops, HfPrecision precision)
{
  static const int lengths[] = {50, 1, 77, 300};

  try_attention (ops, lengths, G_N_ELEMENTS (lengths), 3, 64, FALSE, 1, 1);
  try_attention (ops, lengths, G_N_ELEMENTS (lengths), 2, 40, FALSE, 1, 1);
}

/* One head as wide as the rows, and the queries of all heads: how residual
 * networks pool. The last width needs several blocks of keys in every class. */
static void
test_several (HfOps *ops, HfPrecision precision)
{
  static const int lengths[] = {50, 26, 300};
  static const int queries[] = {1, 4, 5, 6, 12, 32, 33, 40};

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    try_attention (ops, lengths, G_N_ELEMENTS (lengths), 1, 96, FALSE,
                   queries[i], 1);
  try_attention (ops, lengths, 2, 1, 768, FALSE, 12, 1);
  try_attention (ops, lengths, 2, 1, 2048, FALSE, 32, 1);
  try_attention (ops, lengths, G_N_ELEMENTS (lengths), 1, 2563, FALSE, 7, 1);
}

/* Scores of several hundred: only the distance to the maximum may be
 * exponentiated. */
static void
test_sharp (HfOps *ops, HfPrecision precision)
{
  static const int lengths[] = {40, 300};

  try_attention (ops, lengths, 2, 2, 64, FALSE, 0, 100);
  try_attention (ops, lengths, 2, 2, 64, TRUE, 0, 100);
}

static void
add (const char *path, OpsTest test)
{
  add_ops_test (path, test);
  add_bf16_test (path, test);
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  add ("/compute/attention/any-head-width", test_head_widths);
  add ("/compute/attention/any-length", test_lengths);
  add ("/compute/attention/long-sequences", test_long);
  add ("/compute/attention/ragged-sequences", test_ragged);
  add ("/compute/attention/one-query-each", test_pooled);
  add ("/compute/attention/several-queries-each", test_several);
  add ("/compute/attention/sharp-scores", test_sharp);
  return g_test_run ();
}
