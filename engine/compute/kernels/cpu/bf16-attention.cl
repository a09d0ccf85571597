/* bf16-attention.cl: attention.cl in bfloat16, CPU class; scores, sums and what
 * comes out are float. In front of it stands what multiplies, as for
 * bf16-gemm.cl. Host: compute/ops/attention.c.
 *
 * Arguments are those of attention.cl but for two. A work-item takes
 * @pairs_per_item heads of runs, one after the other: keys and values come in
 * blocks and become panels, as weights are, so that the scores of BLOCK_ROWS
 * queries, and their sums of values, are products of rows and panels.
 *
 * scratch, of each item, as Block and Rows. */

/* Queries of a run at most, and keys of a block. */
#define RUN 256
#define MOST_KEYS 640
#define MOST_PANELS (MOST_KEYS / PW)
/* What is apart by 4 KiB would be kept in the same few places of the first
 * cache. */
#define SCORES_STRIDE (BLOCK_ROWS * PW + PW / 2)
#define WEIGHTS_STRIDE (MOST_KEYS + STEP)

/* A block of keys and their values. */
typedef struct {
  int first, n, n_panels; /* of keys */
  global int *keys;       /* [n_panels][steps of head_dim][STEP / 2][PW] */
  global int *values;     /* [steps of head_dim][n_panels][STEP / 2][PW] */
} Block;

/* Room for the queries that are under way, and their weights. */
typedef struct {
  global ushort *queries; /* [BLOCK_ROWS][steps of head_dim][STEP] */
  global ushort *weights; /* [BLOCK_ROWS][WEIGHTS_STRIDE] */
} Rows;

/* What is known of a run's queries. */
typedef struct {
  float maximum[RUN], total[RUN];
} Softmax;

inline int
count_panels (int n)
{
  return (n + PW - 1) / PW;
}

CALLED void
pack_keys (const Head *h, const Block *b)
{
  const int steps = count_panels (h->head_dim);

  for (int t = 0; t < b->n_panels * PW; t += VW)
    for (int step = 0; step < steps; step++) {
      global int *to =
          b->keys + ((t / PW * steps + step) * STEP / 2) * PW + t % PW;
      floatv rows[VW];

      UNROLL for (int i = 0; i < VW; i++) rows[i] =
          t + i < b->n
              ? load_words (h->k + (size_t) (b->first + t + i) * h->kv_stride +
                                step * STEP,
                            h->head_dim - step * STEP)
              : SPLAT (0.f);
      transpose_block (rows);
      UNROLL for (int i = 0; i < VW; i++)
          vstorev (as_intv (rows[i]), 0, to + i * PW);
    }
}

CALLED void
pack_values (const Head *h, const Block *b)
{
  global int *to = b->values;

  for (int d = 0; d < h->head_dim; d += PW)
    for (int t = 0; t < b->n_panels * PW; t += 2, to += PW) {
      global const float *v = h->v + (size_t) (b->first + t) * h->kv_stride + d;

      UNROLL for (int j = 0; j < 2; j++)
      {
        const int n = h->head_dim - d - j * VW;
        const intv low = t < b->n ? load_halves (v + j * VW, n) : (intv) (0);
        const intv high = t + 1 < b->n
                              ? load_halves (v + h->kv_stride + j * VW, n)
                              : (intv) (0);

        vstorev (low | high << 16, j, to);
      }
    }
}

/* 2^x to 8e-5 of its value, a twentieth of what rounding to bfloat16 takes,
 * for x in [-126, 127], clamped below; as exp_v. The polynomial's largest
 * relative error is the least that one of its degree can have. */
inline floatv
exp2_v (floatv x)
{
  floatv shifted, f, p;

  x = fmax (x, SPLAT (-126.f));
  shifted = x + 12582912.f;
  f = x - (shifted - 12582912.f);
  p = mul_add (f, SPLAT (0.05517167f), SPLAT (0.24261113f));
  p = mul_add (f, p, SPLAT (0.69326099f));
  p = mul_add (f, p, SPLAT (0.99992807f));
  return as_floatv (as_intv (p) + (as_intv (shifted) << 23));
}

/* Scores of a query, of which @n keys are seen and @n_panels wanted, to its
 * weights: 2^(score * scale - maximum), zeros behind the last key. @maximum is
 * the row's running one; returns the sum. */
inline float
weigh_row (const float *scores, float scale, int n, int n_panels,
           float *maximum, global ushort *weights)
{
  const int whole = n / PW;
  floatv top = SPLAT (-1e30f), sum = SPLAT (0.f), shift;

  for (int p = 0; p < n_panels; p++)
    UNROLL for (int j = 0; j < 2; j++)
    {
      const floatv x = vloadv (j, scores + p * SCORES_STRIDE);

      top = fmax (top, p < whole ? x
                                 : select (SPLAT (-1e30f), x,
                                           LANES + (p * PW + j * VW) < n));
    }
  *maximum = fmax (*maximum, max_lanes (top) * scale);
  shift = SPLAT (-*maximum);
  for (int p = 0; p < n_panels; p++) {
    floatv x[2];

    UNROLL for (int j = 0; j < 2; j++)
    {
      x[j] = exp2_v (mul_add (vloadv (j, scores + p * SCORES_STRIDE),
                              SPLAT (scale), shift));
      if (p >= whole)
        x[j] = select (SPLAT (0.f), x[j], LANES + (p * PW + j * VW) < n);
      sum += x[j];
    }
    store_narrow2 (x[0], x[1], weights + p * PW);
  }
  return sum_lanes (sum);
}

/* Sums of a query's values, of which @n are wanted: what earlier blocks left
 * times @before, and these, times @after. */
inline void
store_values (const float *sums, global float *out, int n, float before,
              float after)
{
  for (int j = 0; j < 2 && n > j * VW; j++) {
    floatv x = vloadv (j, sums);
    float part[VW];

    if (before != 0.f)
      x = mul_add (load_first (out + j * VW, n - j * VW), SPLAT (before), x);
    vstorev (x * after, 0, part);
    store_part (part, n - j * VW, out + j * VW);
  }
}

/* A block of keys for queries @m to @m + @rows. @seen: keys of the sequence
 * that query @m sees, each next one @step more; @is_last: no keys follow. */
CALLED void
attend_rows (const Head *h, const Block *b, const Rows *room, int m, int rows,
             int seen, int step, int is_last, Softmax *softmax)
{
  const int steps = count_panels (h->head_dim);
  const int most = clamp (seen + (rows - 1) * step - b->first, 0, b->n);
  const int n_panels = count_panels (most);
  float before[BLOCK_ROWS], after[BLOCK_ROWS];
  float scores[MOST_PANELS * SCORES_STRIDE] __attribute__ ((aligned (64)));

  for (int i = 0; i < rows; i++)
    narrow_row (h->q + (m + i) * h->q_stride, h->head_dim,
                room->queries + i * steps * STEP);
  for (int p = 0; p < n_panels; p++)
    multiply_rows (room->queries, steps * STEP, rows, 1, 0, steps,
                   b->keys + p * steps * STEP / 2 * PW, b->keys, 0,
                   scores + p * SCORES_STRIDE, 1);
  for (int i = 0; i < rows; i++) {
    const int mine = clamp (seen + i * step - b->first, 0, b->n);
    float *maximum = softmax->maximum + m + i, *total = softmax->total + m + i;
    const float old = *maximum;
    const float sum = weigh_row (scores + i * PW, h->scale, mine, n_panels,
                                 maximum, room->weights + i * WEIGHTS_STRIDE);

    before[i] = b->first > 0 ? exp2 (old - *maximum) : 0.f;
    *total = *total * before[i] + sum;
    after[i] = is_last ? 1.f / *total : 1.f;
  }
  for (int d = 0; d < h->head_dim; d += PW) {
    multiply_rows (room->weights, WEIGHTS_STRIDE, rows, 1, 0, n_panels,
                   b->values + d / PW * b->n_panels * STEP / 2 * PW, b->values,
                   0, scores, 1);
    for (int i = 0; i < rows; i++)
      store_values (scores + i * PW, h->out + (m + i) * h->out_stride + d,
                    min (PW, h->head_dim - d), before[i], after[i]);
  }
}

/* One head of one run; h.q and so on stand at its first rows. */
CALLED void
attend (const Head *h, Block *b, const Rows *room, int n_keys, int seen,
        int step)
{
  const int n_blocks = (n_keys + MOST_KEYS - 1) / MOST_KEYS;
  const int size = count_panels ((n_keys + n_blocks - 1) / n_blocks) * PW;
  Softmax softmax;

  for (int i = 0; i < h->n_queries; i++) {
    softmax.maximum[i] = -1e30f;
    softmax.total[i] = 0.f;
  }
  for (b->first = 0; b->first < n_keys; b->first += size) {
    b->n = min (size, n_keys - b->first);
    b->n_panels = count_panels (b->n);
    pack_keys (h, b);
    pack_values (h, b);
    for (int m = 0; m < h->n_queries; m += BLOCK_ROWS)
      attend_rows (h, b, room, m, min (BLOCK_ROWS, h->n_queries - m),
                   seen + m * step, step, b->first + size >= n_keys, &softmax);
  }
}

kernel ONE_ITEM void
attention_bf16 (global const float *q, global const float *k,
                global const float *v, global float *out,
                global const int *restrict runs, int q_offset, int k_offset,
                int v_offset, int q_stride, int kv_stride, int n_heads,
                int head_dim, int causal, float scale, global ushort *scratch,
                int n_pairs, int pairs_per_item)
{
  const int steps = count_panels (head_dim);
  const size_t panel_words = (size_t) steps * STEP * PW;
  const int first = get_global_id (0) * pairs_per_item;
  const int end = min (first + pairs_per_item, n_pairs);
  Head h;
  Block b;
  Rows room;

  scratch += get_global_id (0) *
             (2 * MOST_PANELS * panel_words +
              BLOCK_ROWS * ((size_t) steps * STEP + WEIGHTS_STRIDE));
  b.keys = (global int *) scratch;
  b.values = (global int *) (scratch + MOST_PANELS * panel_words);
  room.queries = scratch + 2 * MOST_PANELS * panel_words;
  room.weights = room.queries + BLOCK_ROWS * steps * STEP;
  h.q_stride = q_stride;
  h.kv_stride = kv_stride;
  h.out_stride = (size_t) n_heads * head_dim;
  h.head_dim = head_dim;
  /* Powers of two instead of e: log2 (e). */
  h.scale = scale * 1.44269504f;
  set_tiles ();
  for (int pair = first; pair < end; pair++) {
    global const int *run = runs + (size_t) (pair / n_heads) * 5;

    set_head (&h, run, pair % n_heads * head_dim, q + q_offset, k + k_offset,
              v + v_offset, out);
    attend (&h, &b, &room, run[3], run[4], causal);
  }
  release_tiles ();
}
