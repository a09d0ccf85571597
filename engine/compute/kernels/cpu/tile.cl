/* tile.cl: the register tile under gemm.cl and conv.cl, CPU class.
 *
 * A tile is MR rows by TV vectors of VW columns, all sums in registers: TV
 * weights are loaded and MR * TV products added for each step along k. Weights
 * lie in panels [n / PW][k][PW]; a panel wider than a tile is taken in PW / TC
 * passes. PW comes with -D; TV and the tallest tile are what the vector
 * registers hold (32 of 16 lanes; else 16). */

#if VW == 16
#define TC_MAX 64
#else
#define TC_MAX (2 * VW)
#endif
#if PW < TC_MAX
#define TC PW
#else
#define TC TC_MAX
#endif
#define TV (TC / VW)

/* Narrow tiles of wide vectors are made taller, so that enough sums are under
 * way to hide the latency of an FMA. */
#if VW == 16 && TV <= 2
#define TALL_TILE 12
#else
#define TALL_TILE 6
#endif

#define ACT_NONE 0
#define ACT_QUICK_GELU 1
#define ACT_GELU 2
#define ACT_RELU 3

#define CLEAR_TILE(MR)                                                    \
  floatv acc[MR][TV];                                                     \
  UNROLL for (int i = 0; i < MR; i++) UNROLL for (int j = 0; j < TV; j++) \
      acc[i][j] = SPLAT (0.f)

/* acc[i][.] += a_row (i)[0 .. k) times the panel rows at @w, which moves on;
 * each step ends with @meanwhile. */
#define ACCUMULATE_TILE(MR, a_row, k, meanwhile)                    \
  for (int p = 0; p < (k); p++, w += PW) {                          \
    floatv b[TV];                                                   \
    UNROLL for (int j = 0; j < TV; j++) b[j] = load_weights (j, w); \
    UNROLL for (int i = 0; i < MR; i++)                             \
    {                                                               \
      floatv x = SPLAT ((a_row (i))[p]);                            \
      UNROLL for (int j = 0; j < TV; j++) acc[i][j] =               \
          mul_add (x, b[j], acc[i][j]);                             \
    }                                                               \
    meanwhile;                                                      \
  }

#define STORE_TILE(MR)                                             \
  UNROLL for (int i = 0; i < MR; i++)                              \
      store_row (acc[i], affine, residual + i * ldc, has_residual, \
                 c + i * ldc, n_columns)

/* Stores the first @count of the VW or more elements at @part. */
inline void
store_part (const float *part, int count, global float *c)
{
  int i = 0;

  if (count >= VW) {
    vstorev (vloadv (0, part), 0, c);
    return;
  }
  for (; i + 4 <= count; i += 4)
    vstore4 (vload4 (0, part + i), 0, c + i);
  for (; i < count; i++)
    c[i] = part[i];
}

/* Scales one row of a tile, adds bias and residual and stores its first
 * @n_columns. Scales of the columns are at @affine, biases PW behind them.
 * @residual may be @c. */
inline void
store_row (const floatv *acc, global const float *affine,
           global const float *residual, int has_residual, global float *c,
           int n_columns)
{
  float row[TC];

  if (n_columns >= TC) {
    UNROLL for (int j = 0; j < TV; j++)
    {
      floatv v = mul_add (acc[j], vloadv (j, affine), vloadv (j, affine + PW));

      if (has_residual)
        v += vloadv (j, residual);
      vstorev (v, j, c);
    }
    return;
  }
  UNROLL for (int j = 0; j < TV; j++) vstorev (
      mul_add (acc[j], vloadv (j, affine), vloadv (j, affine + PW)), j, row);
  if (has_residual)
    for (int i = 0; i < n_columns; i++)
      row[i] += residual[i];
  for (int i = 0; i < n_columns; i += VW)
    store_part (row + i, n_columns - i, c + i);
}

inline floatv
activate_v (floatv v, int activation)
{
  if (activation == ACT_QUICK_GELU)
    return quick_gelu_v (v);
  if (activation == ACT_GELU)
    return gelu_v (v);
  return relu_v (v);
}

/* Applies the activation to rows that were just stored and still lie in L1:
 * one copy of its code instead of one in every tile. */
inline void
activate_rows (global float *c, size_t ldc, int n_rows, int n_columns,
               int activation)
{
  if (activation == ACT_NONE)
    return;
  for (int i = 0; i < n_rows; i++, c += ldc) {
    int j = 0;

    for (; j + VW <= n_columns; j += VW)
      vstorev (activate_v (vloadv (0, c + j), activation), 0, c + j);
    for (; j < n_columns; j++)
      c[j] = activate_v (SPLAT (c[j]), activation).s0;
  }
}

/* How many rows the next tile takes of @left: the tallest while it fits, and
 * at the end 6 + 4 as 5 + 5, so that no tile is thinner than it need be. */
inline int
next_tile (int left)
{
  if (left >= TALL_TILE + 6)
    return TALL_TILE;
  if (TALL_TILE > 6 && left >= TALL_TILE)
    return TALL_TILE;
  if (left > 6 && left <= 10)
    return left - left / 2;
  return min (left, 6);
}

/* With few rows weights are most of what is read, and all that come next at
 * once would be more than is on its way at a time. So they are fetched in the
 * order of memory, some in each step of all tiles: @pace of them, which at the
 * end of @n_rows are as many as those at hand. One picture of ViT-B/32 in f32:
 * 1.2 times as fast as with a line of every row in each of the first tiles. */
inline int
find_pace (int n_rows)
{
  int n = 0;

  for (; n_rows > 0; n_rows -= next_tile (n_rows))
    n++;
  return (TC + n - 1) / n;
}

/* Of two tiles, as few rows have, a step of each leaves half of a row of
 * weights: two lines of words, or one of halves. */
#define FETCH_WORDS_AHEAD        \
  fetch_line (ahead);            \
  fetch_line (ahead + pace / 2); \
  ahead += pace
#ifdef WEIGHT_F16
#define FETCH_AHEAD   \
  fetch_line (ahead); \
  ahead += pace
#else
#define FETCH_AHEAD FETCH_WORDS_AHEAD
#endif
