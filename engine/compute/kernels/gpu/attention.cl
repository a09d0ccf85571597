/* attention.cl: softmax (Q K' / sqrt (head_dim)) V, GPU class. Host:
 * compute/ops/attention.c.
 *
 * q, k, v: float rows of q_stride and kv_stride columns; head h begins at
 * column q_offset + h * head_dim (k_offset, v_offset). out: float[rows of
 * q][n_heads * head_dim]. runs: int[n_runs][5], each up to QUERIES queries of
 * one sequence:
 *
 *   first query row, number of queries, first key row, number of keys,
 *   keys that the first query sees (each next one sees one more, where causal)
 *
 * Work-group (h, r), of ATTENTION_ITEMS, takes head h of run r. Keys come in
 * blocks of KEYS. The scores of a block, QUERIES x KEYS, are a tile of sums as
 * in tile.cl, a work-item 4 x 4 of them; they go to local memory, are
 * exponentiated there against the running maximum of their query, and weigh
 * the values, KEYS columns of the head at a time. Where a sequence has several
 * blocks, what out holds is scaled down first (Milakov and Gimelshein 2018,
 * "Online normalizer calculation for softmax"), always by the item that wrote
 * it, so that a head may be of any width. */

#define ATTENTION_GROUP \
  __attribute__ ((reqd_work_group_size (ATTENTION_ITEMS, 1, 1)))

#define KEYS 64
#define DEPTH 16
#define QUERY_STRIDE (QUERIES / 4 + 1)
#define KEY_STRIDE (KEYS / 4 + 1)
/* Items that share one query's softmax. */
#define PARTS (ATTENTION_ITEMS / QUERIES)

/* Where an item's 4 x 4 sums lie: in float4 of queries, and of keys or columns.
 */
#define ACROSS ((int) get_local_id (0) % (KEYS / 4))
#define DOWN ((int) get_local_id (0) / (KEYS / 4))

/* One head of one run. */
typedef struct {
  global const float *q, *k, *v;
  global float *out;
  size_t q_stride, kv_stride, out_stride;
  int head_dim, n_queries;
} Head;

/* Local memory of a work-group. */
typedef struct {
  local float4 *scores;  /* [KEYS][QUERY_STRIDE], four queries each */
  local float4 *queries; /* [DEPTH][QUERY_STRIDE] */
  local float4 *others;  /* [DEPTH][KEY_STRIDE]: four keys or value columns */
  local float *parts;    /* [PARTS][QUERIES] */
  local float *maximum;  /* [QUERIES], so far */
  local float *total;    /* [QUERIES], of e^(score - maximum) so far */
  local float *before;   /* [QUERIES]: what the sums so far are worth now */
} Scratch;

/* Turns columns [d, d + DEPTH) of up to @n rows of @x into @to, four rows
 * beside each other; zeros elsewhere. */
inline void
stage_turned (global const float *x, size_t stride, int n, int n_columns, int d,
              local float4 *to, int to_stride)
{
  int column = (int) get_local_id (0) % DEPTH;
  local float *line = (local float *) (to + column * to_stride);

  for (int row = (int) get_local_id (0) / DEPTH; row < 4 * (to_stride - 1);
       row += ATTENTION_ITEMS / DEPTH)
    line[row] = row < n && d + column < n_columns
                    ? x[(size_t) row * stride + d + column]
                    : 0.f;
}

/* scores = queries times @n keys from @first on, times @scale. */
inline void
score_block (const Head *h, const Scratch *s, int first, int n, float scale)
{
  float4 sums[4] = {ZERO, ZERO, ZERO, ZERO}; /* [key], four queries each */

  for (int d = 0; d < h->head_dim; d += DEPTH) {
    stage_turned (h->q, h->q_stride, h->n_queries, h->head_dim, d, s->queries,
                  QUERY_STRIDE);
    stage_turned (h->k + (size_t) first * h->kv_stride, h->kv_stride, n,
                  h->head_dim, d, s->others, KEY_STRIDE);
    barrier (CLK_LOCAL_MEM_FENCE);
    UNROLL for (int p = 0; p < DEPTH; p++)
        ADD_OUTER (sums, s->others[p * KEY_STRIDE + ACROSS],
                   s->queries[p * QUERY_STRIDE + DOWN])
            barrier (CLK_LOCAL_MEM_FENCE);
  }
  UNROLL for (int j = 0; j < 4; j++)
      s->scores[(ACROSS * 4 + j) * QUERY_STRIDE + DOWN] = sums[j] * scale;
  barrier (CLK_LOCAL_MEM_FENCE);
}

/* Turns each query's scores into e^(score - maximum), those from its number
 * of keys in this block on, up to @rounded, into zeros. @seen: keys of this
 * block that query 0 sees, query i sees @step * i more. */
inline void
exponentiate_block (const Scratch *s, int n, int rounded, int seen, int step)
{
  int query = (int) get_local_id (0) % QUERIES;
  int part = (int) get_local_id (0) / QUERIES;
  int mine = clamp (seen + query * step, 0, n);
  local float *scores = (local float *) s->scores + query;
  float top = s->maximum[query], sum = 0.f;

  for (int t = part; t < mine; t += PARTS)
    top = fmax (top, scores[t * QUERY_STRIDE * 4]);
  s->parts[part * QUERIES + query] = top;
  barrier (CLK_LOCAL_MEM_FENCE);
  for (int i = 0; i < PARTS; i++)
    top = fmax (top, s->parts[i * QUERIES + query]);
  barrier (CLK_LOCAL_MEM_FENCE);
  for (int t = part; t < rounded; t += PARTS) {
    float x = t < mine ? exp (scores[t * QUERY_STRIDE * 4] - top) : 0.f;

    scores[t * QUERY_STRIDE * 4] = x;
    sum += x;
  }
  s->parts[part * QUERIES + query] = sum;
  barrier (CLK_LOCAL_MEM_FENCE);
  if (part == 0) {
    float before = exp (s->maximum[query] - top);

    for (int i = 1; i < PARTS; i++)
      sum += s->parts[i * QUERIES + query];
    s->before[query] = before;
    s->total[query] = s->total[query] * before + sum;
    s->maximum[query] = top;
  }
  barrier (CLK_LOCAL_MEM_FENCE);
}

/* Columns [d, d + KEYS) of the head: weights times the @n values of the block
 * that begins at key @first, added to what earlier blocks left there. */
inline void
weigh_values (const Head *h, const Scratch *s, int first, int n, int d,
              int is_last)
{
  global const float *v = h->v + (size_t) first * h->kv_stride + d;
  float4 sums[4] = {ZERO, ZERO, ZERO, ZERO}; /* [query], four columns each */

  for (int t = 0; t < n; t += DEPTH) {
    local float *to = (local float *) s->others;

    for (int at = get_local_id (0); at < DEPTH * KEYS; at += ATTENTION_ITEMS) {
      int row = at / KEYS, column = at % KEYS;

      to[row * KEY_STRIDE * 4 + column] =
          t + row < n && d + column < h->head_dim
              ? v[(size_t) (t + row) * h->kv_stride + column]
              : 0.f;
    }
    barrier (CLK_LOCAL_MEM_FENCE);
    UNROLL for (int p = 0; p < DEPTH; p++)
        ADD_OUTER (sums, s->scores[(t + p) * QUERY_STRIDE + DOWN],
                   s->others[p * KEY_STRIDE + ACROSS])
            barrier (CLK_LOCAL_MEM_FENCE);
  }
  UNROLL for (int i = 0; i < 4; i++)
  {
    int query = DOWN * 4 + i, column = d + ACROSS * 4;
    global float *to = h->out + query * h->out_stride + column;

    if (query < h->n_queries && column < h->head_dim) {
      if (first > 0)
        sums[i] = fma (load_columns (to, h->head_dim - column),
                       (float4) (s->before[query]), sums[i]);
      if (is_last)
        sums[i] /= s->total[query];
      store_columns (sums[i], to, h->head_dim - column);
    }
  }
}

kernel ATTENTION_GROUP void
attention (global const float *q, global const float *k, global const float *v,
           global float *out, global const int *restrict runs, int q_offset,
           int k_offset, int v_offset, int q_stride, int kv_stride, int n_heads,
           int head_dim, int causal, float scale)
{
  local float4 scores[KEYS * QUERY_STRIDE], queries[DEPTH * QUERY_STRIDE];
  local float4 others[DEPTH * KEY_STRIDE];
  local float parts[ATTENTION_ITEMS];
  local float maximum[QUERIES], total[QUERIES], before[QUERIES];
  Scratch s = {scores, queries, others, parts, maximum, total, before};
  int head = get_group_id (0);
  global const int *run = runs + (size_t) get_group_id (1) * 5;
  /* No query sees a key behind the last one's. */
  int n_seen = min (run[3], run[4] + (run[1] - 1) * causal);
  Head h;

  h.q_stride = q_stride;
  h.kv_stride = kv_stride;
  h.out_stride = (size_t) n_heads * head_dim;
  h.q = q + (size_t) run[0] * q_stride + q_offset + head * head_dim;
  h.k = k + (size_t) run[2] * kv_stride + k_offset + head * head_dim;
  h.v = v + (size_t) run[2] * kv_stride + v_offset + head * head_dim;
  h.out = out + (size_t) run[0] * h.out_stride + head * head_dim;
  h.head_dim = head_dim;
  h.n_queries = run[1];
  for (int i = get_local_id (0); i < QUERIES; i += ATTENTION_ITEMS) {
    maximum[i] = -1e30f;
    total[i] = 0.f;
  }
  barrier (CLK_LOCAL_MEM_FENCE);
  for (int first = 0; first < n_seen; first += KEYS) {
    int n = min (KEYS, n_seen - first);

    score_block (&h, &s, first, n, scale);
    exponentiate_block (&s, n, (n + DEPTH - 1) / DEPTH * DEPTH, run[4] - first,
                        causal);
    for (int d = 0; d < head_dim; d += KEYS)
      weigh_values (&h, &s, first, n, d, first + n == n_seen);
  }
}
