/* int8.cl: products of rows and weights of 8 bits, CPU class, on processors
 * with AVX-512 VNNI (vectors of 16 lanes) or AVX-VNNI (of 8); the host makes
 * sure of that. Host: compute/ops/int8.c.
 *
 * A row is taken as it comes: code = rint (x * shrink / step) + zero, unsigned,
 * with a step and a zero of its own. Weights are signed, with a step for each
 * column. Four codes and four weights are one word, and one instruction adds
 * the four products of each word of a vector to as many sums. */

#define QUAD 4
/* As in compute/ops/int8.c. */
#define ROW_MAX 16384
/* Codes of a row that lie together in a tile of amx.cl. */
#define PART 64

#if VW == 16
#define to_floatv(x) convert_float16 (x)
#else
#define to_floatv(x) convert_float8 (x)
#endif

/* The rest of the compiler is for any processor with such vectors, so that it
 * does not know the instruction. */
inline intv
dot4 (intv sum, intv unsigned_codes, intv signed_weights)
{
#if VW == 16
  __asm__("vpdpbusd %2, %1, %0"
          : "+v"(sum)
          : "v"(unsigned_codes), "v"(signed_weights));
#else
  __asm__("%{vex%} vpdpbusd %2, %1, %0"
          : "+x"(sum)
          : "x"(unsigned_codes), "x"(signed_weights));
#endif
  return sum;
}

/* Stores the nearest whole numbers, for -0.5 <= x < 255.5, as bytes: where the
 * last digit of a float is worth one, adding rounds. The compiler would store
 * byte by byte. */
inline void
store_codes (floatv x, global uchar *codes)
{
  intv rounded = as_intv (x + 12582912.f);

#if VW == 16
  __asm__("vpmovdb %1, %0" : "=m"(*(global uchar16 *) codes) : "v"(rounded));
#else
  vstore4 (as_uchar16 (rounded.lo).s048c, 0, codes);
  vstore4 (as_uchar16 (rounded.hi).s048c, 1, codes);
#endif
}

/* Up to VW numbers from @x on, zeros behind the first @n. */
inline floatv
load_lanes (global const float *x, int n)
{
  float part[VW];

  if (n >= VW)
    return vloadv (0, x);
  for (int i = 0; i < VW; i++)
    part[i] = i < n ? x[i] : 0.f;
  return vloadv (0, part);
}

typedef struct {
  floatv least, most;
  floatv check; /* no number where one of the row is none */
} Span;

/* Writes a row, float[k], to @row after a norm or an activation, times @shrink,
 * and returns what it spans. What is to be done is known to the compiler. */
inline Span
take_row (global const float *x, global const float *shrink,
          global const float *gain, global const float *bias, float *row, int k,
          float mean, float scale, int has_norm, int activation)
{
  Span span = {SPLAT (0.f), SPLAT (0.f), SPLAT (0.f)};

  for (int i = 0; i < k; i += VW) {
    floatv v = load_lanes (x + i, k - i);

    if (has_norm)
      v = mul_add ((v - mean) * scale, load_lanes (gain + i, k - i),
                   load_lanes (bias + i, k - i));
    if (activation != ACT_NONE)
      v = activate_v (v, activation);
    v *= load_lanes (shrink + i, k - i);
    vstorev (v, 0, row + i);
    span.least = v < span.least ? v : span.least;
    span.most = v > span.most ? v : span.most;
    span.check = mul_add (v, SPLAT (0.f), span.check);
  }
  return span;
}

/* codes: the parts of a row, [ceil (stride / PART)][rows_per_tile][PART], from
 * the row's place in the first on. */
CALLED void
encode_row (const float *row, int stride, float inverse, float zero,
            int rows_per_tile, global uchar *codes)
{
  int i = 0;

  for (; i + VW <= stride; i += VW)
    store_codes (mul_add (vloadv (0, row + i), SPLAT (inverse), SPLAT (zero)),
                 codes + (size_t) (i / PART * rows_per_tile) * PART + i % PART);
  for (; i < stride; i++)
    codes[i] =
        (uchar) (as_int (mul_add (row[i], inverse, zero) + 12582912.f) & 255);
}

/* x: float[n_rows][k], k <= ROW_MAX. Before it is taken to 8 bits a row is
 * normed as in layer_norm, with @gain, @bias and @eps, if @has_norm, or passed
 * through @activation. shrink: float[k]. codes: [n_rows][ceil (k / 4)][4], or
 * with @rows_per_tile > 1, where k is a multiple of 64,
 * [ceil (n_rows / rows_per_tile)][k / 64][rows_per_tile][64].
 * steps: float[n_rows][2], step and zero. 254 steps span the row, so that the
 * zero may be rounded without a code beyond 255. A row that is not finite gets
 * a step that is not. */
kernel ONE_ITEM void
quantize_rows (global const float *restrict x,
               global const float *restrict shrink, global const float *gain,
               global const float *bias, global uchar *restrict codes,
               global float *restrict steps, int n_rows, int k,
               int rows_per_item, int rows_per_tile, int has_norm, float eps,
               int activation)
{
  int first = get_global_id (0) * rows_per_item;
  int end = min (first + rows_per_item, n_rows);
  int stride = (k + QUAD - 1) / QUAD * QUAD;
  float row[ROW_MAX];

  x += (size_t) first * k;
  for (int r = first; r < end; r++, x += k) {
    int in_tile = r % rows_per_tile;
    global uchar *to = codes + (size_t) (r - in_tile) * stride + in_tile * PART;
    float low, high, step, inverse, zero;
    Span span;

    if (has_norm) {
      float mean = sum_row (x, k) / k;
      float scale = rsqrt (sum_squares (x, mean, k) / k + eps);

      span = take_row (x, shrink, gain, bias, row, k, mean, scale, 1, ACT_NONE);
    } else if (activation == ACT_QUICK_GELU)
      span = take_row (x, shrink, x, x, row, k, 0.f, 0.f, 0, ACT_QUICK_GELU);
    else if (activation == ACT_GELU)
      span = take_row (x, shrink, x, x, row, k, 0.f, 0.f, 0, ACT_GELU);
    else if (activation == ACT_RELU)
      span = take_row (x, shrink, x, x, row, k, 0.f, 0.f, 0, ACT_RELU);
    else
      span = take_row (x, shrink, x, x, row, k, 0.f, 0.f, 0, ACT_NONE);
    low = -max_lanes (-span.least);
    high = max_lanes (span.most);
    step = (high - low) / 254.f + sum_lanes (span.check);
    inverse = step > 0.f ? 1.f / step : 0.f;
    zero = rint (-low * inverse);
    steps[2 * r] = step;
    steps[2 * r + 1] = zero;
    encode_row (row, stride, inverse, zero, rows_per_tile, to);
  }
}

/* sum (codes * weights) - zero * sum (weights) is exact in 32 bits for k below
 * 65536. */
#define INT8_TILE(MR)                                                        \
  CALLED void int8_tile_##MR (                                               \
      global const int *restrict codes, size_t stride,                       \
      global const float *restrict steps, global const int *restrict w,      \
      global const int *restrict sums, global const float *affine,           \
      global const float *residual, int has_residual, global float *c,       \
      size_t ldc, int n_columns, int n_quads, global const int *ahead,       \
      int pace)                                                              \
  {                                                                          \
    intv acc[MR][TV];                                                        \
    UNROLL for (int i = 0; i < MR; i++) UNROLL for (int j = 0; j < TV; j++)  \
        acc[i][j] = vloadv (j, sums) * (intv) (-(int) steps[2 * i + 1]);     \
    for (int q = 0; q < n_quads; q++, w += PW) {                             \
      intv b[TV];                                                            \
      UNROLL for (int j = 0; j < TV; j++) b[j] = vloadv (j, w);              \
      FETCH_WORDS_AHEAD;                                                     \
      UNROLL for (int i = 0; i < MR; i++)                                    \
      {                                                                      \
        intv x = (intv) (codes[i * stride + q]);                             \
        UNROLL for (int j = 0; j < TV; j++) acc[i][j] =                      \
            dot4 (acc[i][j], x, b[j]);                                       \
      }                                                                      \
    }                                                                        \
    UNROLL for (int i = 0; i < MR; i++)                                      \
    {                                                                        \
      floatv row[TV];                                                        \
      UNROLL for (int j = 0; j < TV; j++) row[j] =                           \
          to_floatv (acc[i][j]) * steps[2 * i];                              \
      store_row (row, affine, residual + i * ldc, has_residual, c + i * ldc, \
                 n_columns);                                                 \
    }                                                                        \
  }

INT8_TILE (1)
INT8_TILE (2)
INT8_TILE (3)
INT8_TILE (4)
INT8_TILE (5)
INT8_TILE (6)

#define INT8_CASE(MR)                                                      \
  case MR:                                                                 \
    int8_tile_##MR (codes + m * stride, stride, steps + 2 * m, w, sums,    \
                    affine, residual + m * ldc, has_residual, c + m * ldc, \
                    ldc, n_columns, n_quads, ahead, pace);                 \
    break

/* All rows of one pass over a panel. As many weights at @ahead are fetched
 * meanwhile. */
inline void
int8_pass (global const int *restrict codes, global const float *restrict steps,
           global const int *restrict w, global const int *restrict sums,
           global const float *restrict affine, global const float *residual,
           int has_residual, global float *c, int n_rows, size_t ldc,
           int n_columns, int n_quads, int activation, global const int *ahead)
{
  const int pace = find_pace (n_rows);
  size_t stride = n_quads, m = 0;

  while (m < n_rows) {
    int rows = next_tile (n_rows - (int) m);

    switch (rows) {
      INT8_CASE (1);
      INT8_CASE (2);
      INT8_CASE (3);
      INT8_CASE (4);
      INT8_CASE (5);
      INT8_CASE (6);
    }
    activate_rows (c + m * ldc, ldc, rows, n_columns, activation);
    m += rows;
    ahead += stride * pace;
  }
}

/* As gemm in gemm.cl, one group. codes and steps: what quantize_rows makes of
 * a. w: panels [ceil (n / PW)][ceil (k / 4)][PW] of words of four; sums: int,
 * of each column's weights, [ceil (n / PW)][PW]. */
kernel ONE_ITEM void
gemm_int8 (global const int *restrict codes, global const float *restrict steps,
           global const int *restrict w, global const int *restrict sums,
           global const float *restrict affine, global const float *residual,
           global float *c, int n_rows, int n, int k, int rows_per_item,
           int has_residual, int activation)
{
  int panel = get_global_id (0), n_quads = (k + QUAD - 1) / QUAD;
  size_t first = (size_t) get_global_id (1) * rows_per_item;
  int rows = min (rows_per_item, n_rows - (int) first);
  global const int *next;

  codes += first * n_quads;
  steps += first * 2;
  c += first * n;
  residual += first * n;
  w += (size_t) panel * n_quads * PW;
  next = panel + 1 < (int) get_global_size (0) ? w + (size_t) n_quads * PW : w;
  affine += (size_t) panel * 2 * PW;
  for (int s = 0; s < PW; s += TC) {
    int column = panel * PW + s, n_columns = min (TC, n - column);

    if (n_columns > 0)
      int8_pass (codes, steps, w + s, sums + column, affine + s,
                 residual + column, has_residual, c + column, rows, n,
                 n_columns, n_quads, activation, next + (size_t) s * n_quads);
  }
}
