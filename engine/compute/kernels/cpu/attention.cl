/* attention.cl: softmax (Q K' / sqrt (head_dim)) V, CPU class. Host:
 * compute/attention.c.
 *
 * q, k, v: float rows of q_stride and kv_stride columns; head h begins at
 * column q_offset + h * head_dim (k_offset, v_offset). out: float[rows of
 * q][n_heads * head_dim]. runs: int[n_runs][5], each up to RUN queries of one
 * sequence:
 *
 *   first query row, number of queries, first key row, number of keys,
 *   keys that the first query sees (each next one sees one more, where causal)
 *
 * One work-item takes one head of one run. Keys come in blocks of RUN: they are
 * turned into [block / KC][head_dim][KC] in private memory, so that the scores
 * of MR queries by KC keys are a register tile as in tile.cl. Where a head is
 * so wide that not even KC keys fit, they are products of rows as they lie.
 * Scores of a block are exponentiated against the running maximum of their row;
 * where a sequence has several blocks, what was summed before is scaled down
 * (Milakov and Gimelshein 2018, "Online normalizer calculation for softmax").
 */

#define RUN 256
#define MR 5
#if VW == 16
#define KC 64
#else
#define KC (2 * VW)
#endif
#define KV (KC / VW)
/* Keys of a tile of wide heads: what the registers hold. */
#if VW == 16
#define WIDE_KEYS 4
#else
#define WIDE_KEYS 2
#endif
/* Floats of transposed keys: 256 keys of heads up to 128 wide, fewer of wider
 * ones. */
#define KEYS_MAX (128 * RUN)

/* Query rows of a tile: behind the last query the last one is repeated, so that
 * every tile is MR rows; only real rows are stored. */
#define TILE_ROW(i) min (m + (i), h->n_queries - 1)

/* keys: [ceil (n / KC)][head_dim][KC], zeros behind the last key. */
inline void
transpose_keys (const Head *h, int first, int n, float *keys)
{
  global const float *k = h->k + (size_t) first * h->kv_stride;
  int rounded = (n + KC - 1) / KC * KC;

  for (int t = 0; t < rounded; t += VW, k += VW * h->kv_stride) {
    float *to = keys + (size_t) (t / KC) * h->head_dim * KC + t % KC;
    int d = 0;

    for (; d + VW <= h->head_dim; d += VW, to += VW * KC) {
      floatv rows[VW];

      UNROLL for (int i = 0; i < VW; i++) rows[i] =
          t + i < n ? vloadv (0, k + i * h->kv_stride + d) : SPLAT (0.f);
      transpose_block (rows);
      UNROLL for (int i = 0; i < VW; i++) vstorev (rows[i], 0, to + i * KC);
    }
    for (; d < h->head_dim; d++, to += KC)
      for (int i = 0; i < VW; i++)
        to[i] = t + i < n ? k[i * h->kv_stride + d] : 0.f;
  }
}

/* scores: float[MR][RUN], queries m .. m + MR - 1 times @n keys. */
inline void
score_tile (const Head *h, int m, const float *keys, int n, float *scores)
{
  global const float *q[MR];

  UNROLL for (int i = 0; i < MR; i++) q[i] = h->q + TILE_ROW (i) * h->q_stride;
  for (int t = 0; t < n; t += KC, keys += h->head_dim * KC) {
    floatv acc[MR][KV];

    UNROLL for (int i = 0; i < MR; i++) UNROLL for (int j = 0; j < KV; j++)
        acc[i][j] = SPLAT (0.f);
    for (int d = 0; d < h->head_dim; d++) {
      floatv b[KV];

      UNROLL for (int j = 0; j < KV; j++) b[j] = vloadv (j, keys + d * KC);
      UNROLL for (int i = 0; i < MR; i++)
      {
        floatv x = SPLAT (q[i][d]);

        UNROLL for (int j = 0; j < KV; j++) acc[i][j] =
            mul_add (x, b[j], acc[i][j]);
      }
    }
    UNROLL for (int i = 0; i < MR; i++) UNROLL for (int j = 0; j < KV; j++)
        vstorev (acc[i][j] * h->scale, j, scores + i * RUN + t);
  }
}

/* The same of heads too wide for that: products along the rows. */
inline void
score_wide (const Head *h, int m, int first, int n, float *scores)
{
  global const float *q[MR], *k[WIDE_KEYS];

  UNROLL for (int i = 0; i < MR; i++) q[i] = h->q + TILE_ROW (i) * h->q_stride;
  for (int t = 0; t < n; t += WIDE_KEYS) {
    floatv acc[MR][WIDE_KEYS];
    int d = 0;

    UNROLL for (int j = 0; j < WIDE_KEYS; j++) k[j] =
        h->k + (size_t) (first + min (t + j, n - 1)) * h->kv_stride;
    UNROLL for (int i = 0; i < MR; i++)
        UNROLL for (int j = 0; j < WIDE_KEYS; j++) acc[i][j] = SPLAT (0.f);
    for (; d + VW <= h->head_dim; d += VW) {
      floatv b[WIDE_KEYS];

      UNROLL for (int j = 0; j < WIDE_KEYS; j++) b[j] = vloadv (0, k[j] + d);
      UNROLL for (int i = 0; i < MR; i++)
      {
        floatv x = vloadv (0, q[i] + d);

        UNROLL for (int j = 0; j < WIDE_KEYS; j++) acc[i][j] =
            mul_add (x, b[j], acc[i][j]);
      }
    }
    UNROLL for (int i = 0; i < MR; i++)
        UNROLL for (int j = 0; j < WIDE_KEYS; j++)
    {
      float sum = sum_lanes (acc[i][j]);

      for (int e = d; e < h->head_dim; e++)
        sum = mul_add (q[i][e], k[j][e], sum);
      scores[i * RUN + t + j] = sum * h->scale;
    }
  }
}

/* Turns the first @n scores into e^(score - maximum) and the rest, up to
 * @rounded, into zeros. @maximum is the row's running maximum; returns the
 * sum. */
inline float
exponentiate (float *scores, int n, int rounded, float *maximum)
{
  floatv top = SPLAT (*maximum), sum = SPLAT (0.f);

  for (int t = 0; t < rounded; t += VW) {
    floatv x = vloadv (0, scores + t);

    top = fmax (top, select (top, x, LANES + t < n));
  }
  *maximum = max_lanes (top);
  for (int t = 0; t < rounded; t += VW) {
    floatv x = exp_v (vloadv (0, scores + t) - *maximum);

    x = select (SPLAT (0.f), x, LANES + t < n);
    vstorev (x, 0, scores + t);
    sum += x;
  }
  return sum_lanes (sum);
}

/* NV vectors of the tile's result from column @d on: what earlier blocks left
 * there times before[i], plus scores times values, times after[i]. */
#define WEIGH_VALUES(NAME, NV)                                                \
  inline void weigh_values_##NAME (const Head *h, int m, const float *scores, \
                                   int first_key, int n, int d,               \
                                   const float *before, const float *after)   \
  {                                                                           \
    global const float *v = h->v + (size_t) first_key * h->kv_stride + d;     \
    floatv acc[MR][NV];                                                       \
    UNROLL for (int i = 0; i < MR; i++) UNROLL for (int j = 0; j < NV; j++)   \
        acc[i][j] = SPLAT (0.f);                                              \
    for (int t = 0; t < n; t++, v += h->kv_stride) {                          \
      floatv b[NV];                                                           \
      UNROLL for (int j = 0; j < NV; j++) b[j] = vloadv (j, v);               \
      UNROLL for (int i = 0; i < MR; i++)                                     \
      {                                                                       \
        floatv x = SPLAT (scores[i * RUN + t]);                               \
        UNROLL for (int j = 0; j < NV; j++) acc[i][j] =                       \
            mul_add (x, b[j], acc[i][j]);                                     \
      }                                                                       \
    }                                                                         \
    UNROLL for (int i = 0; i < MR; i++)                                       \
    {                                                                         \
      global float *out = h->out + TILE_ROW (i) * h->out_stride + d;          \
      if (m + i < h->n_queries)                                               \
        UNROLL for (int j = 0; j < NV; j++)                                   \
        {                                                                     \
          floatv x = acc[i][j];                                               \
          if (first_key > 0)                                                  \
            x = mul_add (vloadv (j, out), SPLAT (before[i]), x);              \
          vstorev (x *after[i], j, out);                                      \
        }                                                                     \
    }                                                                         \
  }

WEIGH_VALUES (narrow, 1)
WEIGH_VALUES (wide, KV)

/* The last columns of a head whose width is no multiple of VW. */
inline void
weigh_values_scalar (const Head *h, int m, const float *scores, int first_key,
                     int n, int d, const float *before, const float *after)
{
  for (int i = 0; i < MR && m + i < h->n_queries; i++) {
    global const float *v = h->v + (size_t) first_key * h->kv_stride + d;
    global float *out = h->out + (m + i) * h->out_stride + d;
    float sum = first_key > 0 ? *out * before[i] : 0.f;

    for (int t = 0; t < n; t++)
      sum = mul_add (scores[i * RUN + t], v[t * h->kv_stride], sum);
    *out = sum * after[i];
  }
}

/* One block of keys for all queries. @seen: keys of the sequence that query 0
 * sees; query i sees seen + i * step of them. @maximum, @total: float[RUN]. */
inline void
attend_block (const Head *h, int first_key, int n_keys, int n_all, int seen,
              int step, float *keys, float *maximum, float *total)
{
  float scores[MR * RUN];
  int is_wide = h->head_dim > KEYS_MAX / KC;

  if (!is_wide)
    transpose_keys (h, first_key, n_keys, keys);
  for (int m = 0; m < h->n_queries; m += MR) {
    float before[MR], after[MR];
    int last = seen + TILE_ROW (MR - 1) * step - first_key;
    int n = clamp (last, 0, n_keys);
    int d = 0;

    if (is_wide)
      score_wide (h, m, first_key, n, scores);
    else
      score_tile (h, m, keys, n, scores);
    for (int i = 0; i < MR; i++) {
      int row = TILE_ROW (i);
      int mine = clamp (seen + row * step - first_key, 0, n_keys);
      float old = maximum[row], sum;

      /* A repeated row must not be counted into the running sums twice. */
      if (m + i >= h->n_queries) {
        before[i] = after[i] = 0.f;
        continue;
      }
      sum = exponentiate (scores + i * RUN, mine, (n + VW - 1) / VW * VW,
                          &maximum[row]);
      before[i] = first_key > 0 ? exp (old - maximum[row]) : 0.f;
      total[row] = total[row] * before[i] + sum;
      after[i] = first_key + n_keys < n_all ? 1.f : 1.f / total[row];
    }
    for (; d + KC <= h->head_dim; d += KC)
      weigh_values_wide (h, m, scores, first_key, n, d, before, after);
    for (; d + VW <= h->head_dim; d += VW)
      weigh_values_narrow (h, m, scores, first_key, n, d, before, after);
    for (; d < h->head_dim; d++)
      weigh_values_scalar (h, m, scores, first_key, n, d, before, after);
  }
}

kernel ONE_ITEM void
attention (global const float *q, global const float *k, global const float *v,
           global float *out, global const int *restrict runs, int q_offset,
           int k_offset, int v_offset, int q_stride, int kv_stride, int n_heads,
           int head_dim, int causal, float scale)
{
  int head = get_global_id (0);
  global const int *run = runs + (size_t) get_global_id (1) * 5;
  int n_all = run[3];
  int fit = KEYS_MAX / head_dim / KC * KC;
  int block = fit > 0 ? min (RUN, fit) : RUN;
  float keys[KEYS_MAX], maximum[RUN], total[RUN];
  Head h;

  h.q_stride = q_stride;
  h.kv_stride = kv_stride;
  h.out_stride = (size_t) n_heads * head_dim;
  h.head_dim = head_dim;
  h.scale = scale;
  set_head (&h, run, head * head_dim, q + q_offset, k + k_offset, v + v_offset,
            out);
  for (int i = 0; i < h.n_queries; i++) {
    maximum[i] = -1e30f;
    total[i] = 0.f;
  }
  for (int first = 0; first < n_all; first += block)
    attend_block (&h, first, min (block, n_all - first), n_all, run[4], causal,
                  keys, maximum, total);
}
