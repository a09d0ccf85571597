/* bf16.cl: numbers to bfloat16 and back, on processors with AVX-512 BF16. */

/* As in compute/ops/bf16.c. */
#define STEP 32

/* The first @n of the 16 numbers at @x, zeros for the others, which need not be
 * there. */
inline floatv
load_first (global const float *x, int n)
{
  uint mask = n >= VW ? 0xffff : (1u << max (n, 0)) - 1;
  floatv v;

  __asm__("kmovw %2, %%k1\n\tvmovups %1, %0%{%%k1%}%{z%}"
          : "=v"(v)
          : "m"(*(global const floatv *) x), "r"(mask)
          : "k1");
  return v;
}

/* The compiler would store four words at a time. */
inline void
store_words (intv words, global ushort *to)
{
  __asm__("vmovdqu32 %1, %0" : "=m"(*(global intv *) to) : "v"(words));
}

/* The first @n of 32 numbers as 16 words, zeros for the others. */
inline floatv
load_words (global const float *x, int n)
{
  floatv words;

  __asm__("vcvtne2ps2bf16 %1, %2, %0"
          : "=v"(words)
          : "v"(load_first (x, n)), "v"(load_first (x + VW, n - VW)));
  return words;
}

/* The first @n of 16 numbers, each as half a word. */
inline intv
load_halves (global const float *x, int n)
{
  ushort16 narrow;

  __asm__("vcvtneps2bf16 %1, %0" : "=v"(narrow) : "v"(load_first (x, n)));
  return convert_int16 (narrow);
}

/* To the nearest, ties to even. */
inline void
store_narrow (floatv x, global ushort *to)
{
  ushort16 narrow;

  __asm__("vcvtneps2bf16 %1, %0" : "=v"(narrow) : "v"(x));
  __asm__("vmovdqu %1, %0" : "=m"(*(global ushort16 *) to) : "v"(narrow));
}

/* @k numbers and zeros up to a whole step. */
CALLED void
narrow_row (global const float *x, int k, global ushort *to)
{
  int i = 0;

  for (; i + VW <= k; i += VW)
    store_narrow (vloadv (0, x + i), to + i);
  for (; i < k || i % STEP != 0; i += VW)
    store_narrow (load_first (x + i, k - i), to + i);
}

/* The same after a norm, as in layer_norm. */
CALLED void
narrow_normed (global const float *x, int k, global const float *gain,
               global const float *bias, float eps, global ushort *to)
{
  float mean = sum_row (x, k) / k;
  float scale = rsqrt (sum_squares (x, mean, k) / k + eps);

  for (int i = 0; i < k || i % STEP != 0; i += VW)
    store_narrow (mul_add ((load_first (x + i, k - i) - mean) * scale,
                           load_first (gain + i, k - i),
                           load_first (bias + i, k - i)),
                  to + i);
}

inline floatv
load_wide (global const ushort *x)
{
  return as_floatv (convert_uint16 (vload16 (0, x)) << 16);
}

/* Stores two vectors, one behind the other. */
inline void
store_narrow2 (floatv low, floatv high, global ushort *to)
{
  intv narrow;

  __asm__("vcvtne2ps2bf16 %1, %2, %0" : "=v"(narrow) : "v"(low), "v"(high));
  store_words (narrow, to);
}

/* Rows whose sums are under way together, and the steps whose weights stay in
 * the first cache meanwhile: sums pass through memory between two chunks of
 * them. 43 -> 31 ns a step on the matrix unit, 24 of them. */
#define MOST_ROWS 192
#define CHUNK 8
/* Words of a line of the cache. */
#define LINE 16

/* In whole lines of the cache. */
#define SUMS(name) float name[MOST_ROWS * PW] __attribute__ ((aligned (64)))

/* How many of @n_rows to take together, so that none are a short rest. */
inline int
cut_rows (int n_rows)
{
  const int n = (n_rows + MOST_ROWS - 1) / MOST_ROWS;

  return ((n_rows + n - 1) / n + BLOCK_ROWS - 1) / BLOCK_ROWS * BLOCK_ROWS;
}

/* What is fetched while rows pass over a panel. */
typedef struct {
  int has_weights;      /* those of the next panel, which were never here */
  global const int *at; /* else what is wanted later: */
  int left, pace;       /* lines of it, and in a step */
} Ahead;

/* multiply_rows of up to MOST_ROWS rows, @chunk steps at a time. @later is
 * fetched meanwhile or, if it is NULL, the next panel. */
CALLED void
multiply_panel (global const ushort *a, size_t stride, int n_rows, int n_parts,
                size_t part_stride, int n_steps, int chunk, global const int *w,
                Ahead *later, float *sums)
{
  const int is_short = n_parts * n_steps <= 3 * chunk / 2;
  const int together = is_short ? n_parts : 1;
  int is_first = 1;

  for (int part = 0; part < n_parts; part += together, a += part_stride)
    for (int step = 0, n; step < n_steps; step += n) {
      global const int *ahead;
      int n_ahead;

      n = is_short ? n_steps : min (chunk, n_steps - step);
      ahead =
          later != 0 ? later->at : w + (size_t) n * together * STEP / 2 * PW;
      n_ahead = later == 0        ? count_lines_ahead (n_rows)
                : later->left > 0 ? later->pace
                                  : 0;
      for (int i = 0; i < n_rows; i += BLOCK_ROWS) {
        multiply_rows (a + i * stride + step * STEP, stride,
                       min (BLOCK_ROWS, n_rows - i), together, part_stride, n,
                       w, ahead, n_ahead, sums + i * PW, is_first);
        ahead += (size_t) n * together * n_ahead * LINE;
      }
      if (later != 0) {
        later->left -= (int) (ahead - later->at) / LINE;
        later->at = ahead;
      }
      w += (size_t) n * together * STEP / 2 * PW;
      is_first = 0;
    }
}
