/* bf16-dot.cl: rows times a panel for bf16.cl, by vectors of AVX-512 BF16: one
 * instruction adds the two products of each word of a vector to as many sums.
 * As bf16-amx.cl in what is wanted. */

#define BLOCK_ROWS 32

inline int
count_lines_ahead (int n_rows)
{
  return 0;
}

/* Only a matrix unit is to be set up. */
inline void
set_tiles (void)
{
}

inline void
release_tiles (void)
{
}

/* The compiler is for any processor with AVX-512. */
inline floatv
dot2 (floatv sum, intv rows, intv weights)
{
  __asm__("vdpbf16ps %2, %1, %0" : "+v"(sum) : "v"(rows), "v"(weights));
  return sum;
}

#define DOT_TILE(MR)                                                          \
  CALLED void dot_tile_##MR (global const ushort *a, size_t stride,           \
                             int n_parts, size_t part_stride, int n_steps,    \
                             global const int *w, float *sums, int is_first)  \
  {                                                                           \
    CLEAR_TILE (MR);                                                          \
    if (!is_first)                                                            \
      UNROLL for (int r = 0; r < MR; r++) UNROLL for (int j = 0; j < TV; j++) \
          acc[r][j] = vloadv (j, sums + r * PW);                              \
    for (int part = 0; part < n_parts; part++, a += part_stride)              \
      for (int i = 0; i < n_steps * 16; i++, w += PW) {                       \
        intv b[TV];                                                           \
        UNROLL for (int j = 0; j < TV; j++) b[j] = vloadv (j, w);             \
        UNROLL for (int r = 0; r < MR; r++)                                   \
        {                                                                     \
          intv x = (intv) (((global const int *) (a + r * stride))[i]);       \
          UNROLL for (int j = 0; j < TV; j++) acc[r][j] =                     \
              dot2 (acc[r][j], x, b[j]);                                      \
        }                                                                     \
      }                                                                       \
    UNROLL for (int r = 0; r < MR; r++) UNROLL for (int j = 0; j < TV; j++)   \
        vstorev (acc[r][j], j, sums + r * PW);                                \
  }

#define DOT(MR)                                                            \
  dot_tile_##MR (a + i * stride, stride, n_parts, part_stride, n_steps, w, \
                 sums + i * PW, is_first)

DOT_TILE (1)
DOT_TILE (2)
DOT_TILE (4)
DOT_TILE (12)

/* sums: float[BLOCK_ROWS][PW], of which @n_rows are wanted, up to BLOCK_ROWS:
 * rows of @n_parts parts, @part_stride apart, each of n_steps * 32 numbers,
 * times a panel, and what is there if not @is_first. Vectors are read
 * one behind the other, which the processor sees coming by itself. */
inline void
multiply_rows (global const ushort *a, size_t stride, int n_rows, int n_parts,
               size_t part_stride, int n_steps, global const int *w,
               global const int *ahead, int n_ahead, float *sums, int is_first)
{
  int i = 0;

  for (; i + 12 <= n_rows; i += 12)
    DOT (12);
  for (; i + 4 <= n_rows; i += 4)
    DOT (4);
  for (; i + 2 <= n_rows; i += 2)
    DOT (2);
  for (; i < n_rows; i++)
    DOT (1);
}
