/* winograd.cl: 3x3 convolutions by Winograd's F(2x2, 3x3), CPU class (Lavin and
 * Gray 2016). Host: compute/ops/winograd.c.
 *
 * A tile of 2 x 2 results needs 4 x 4 pixels. Both the pixels and the weights
 * are taken to 16 points, where the convolution is a product in each point, 16
 * multiplications instead of 36:
 *
 *   V = B' d B,  M[point] = V[point] W[point]',  y = A' M A
 *
 *   B' = 1  0 -1  0     A' = 1  1  1  0
 *        0  1  1  0          0  1 -1 -1
 *        0 -1  1  0
 *        0  1  0 -1
 *
 * x: float[n_images][height][width][channels], c the same with n channels.
 * w: panels [ceil (n / PW)][POINTS][channels][PW]; affine as in gemm.cl.
 * A work-item takes its tiles block by block. V and M of a block stay in L2:
 * they lie in its own part of @scratch, float[POINTS][block][depth] and
 * float[POINTS][block][TC], depth being channels rounded up to whole vectors,
 * of which the last may hold what is never read. */

#define POINTS 16

/* Four numbers through B'. */
#define TRANSFORM_PIXELS(to, a, b, c, d) \
  to[0] = a - c;                         \
  to[1] = b + c;                         \
  to[2] = c - b;                         \
  to[3] = b - d

/* Pixels of a tile, VW channels of each, to their points, @step apart. */
inline void
scatter_points (const floatv *d, global float *restrict v, size_t step)
{
  floatv rows[4][4];

  UNROLL for (int j = 0; j < 4; j++)
  {
    floatv t[4];

    TRANSFORM_PIXELS (t, d[j], d[4 + j], d[8 + j], d[12 + j]);
    UNROLL for (int i = 0; i < 4; i++) rows[i][j] = t[i];
  }
  UNROLL for (int i = 0; i < 4; i++)
  {
    floatv t[4];

    TRANSFORM_PIXELS (t, rows[i][0], rows[i][1], rows[i][2], rows[i][3]);
    UNROLL for (int j = 0; j < 4; j++)
        vstorev (t[j], 0, v + (i * 4 + j) * step);
  }
}

/* A vector from @at on, of which what lies behind @end is zero. Called, as
 * sixteen copies of its loop would be most of what there is to compile. */
CALLED floatv
load_until (global const float *x, size_t at, size_t end)
{
  float part[VW];

  if (at + VW <= end)
    return vloadv (0, x + at);
  for (int i = 0; i < VW; i++)
    part[i] = at + i < end ? x[at + i] : 0.f;
  return vloadv (0, part);
}

/* The tile whose first pixel is (@top, @left) of the picture that begins at
 * pixel @origin; x ends at @end. A vector that reaches over the last channel
 * reads the next pixel, which does no harm. */
inline void
transform_tile (global const float *restrict x, size_t end, size_t origin,
                int top, int left, int height, int width, int channels,
                global float *restrict v, size_t step)
{
  size_t line = (size_t) width * channels;
  size_t last = (origin + (size_t) (top + 3) * width + left + 3) * channels;
  floatv d[16];

  if (top >= 0 && left >= 0 && top + 3 < height && left + 3 < width &&
      last + channels + VW <= end) {
    x += (origin + (size_t) top * width + left) * channels;
    for (int k = 0; k < channels; k += VW) {
      UNROLL for (int i = 0; i < 16; i++) d[i] =
          vloadv (0, x + i / 4 * line + i % 4 * channels + k);
      scatter_points (d, v + k, step);
    }
    return;
  }
  for (int k = 0; k < channels; k += VW) {
    UNROLL for (int i = 0; i < 16; i++)
    {
      int py = top + i / 4, px = left + i % 4;
      int inside = py >= 0 && py < height && px >= 0 && px < width;
      size_t at = (origin + (size_t) py * width + px) * channels + k;

      d[i] = inside ? load_until (x, at, end) : SPLAT (0.f);
    }
    scatter_points (d, v + k, step);
  }
}

#define V_ROW(i) (v + (i) *depth)

#define POINT_TILE(MR)                                                       \
  inline void point_tile_##MR (global const float *restrict v, size_t depth, \
                               global const weight_t *restrict w,            \
                               global float *restrict m, int channels,       \
                               global const weight_t *ahead, int pace)       \
  {                                                                          \
    CLEAR_TILE (MR);                                                         \
    ACCUMULATE_TILE (MR, V_ROW, channels, FETCH_AHEAD)                       \
    UNROLL for (int i = 0; i < MR; i++) UNROLL for (int j = 0; j < TV; j++)  \
        vstorev (acc[i][j], j, m + i * TC);                                  \
  }

POINT_TILE (1)
POINT_TILE (2)
POINT_TILE (3)
POINT_TILE (4)
POINT_TILE (5)
POINT_TILE (6)
#if TALL_TILE == 12
POINT_TILE (12)
#endif

#define POINT_CASE(MR)                                                       \
  case MR:                                                                   \
    point_tile_##MR (v + t * depth, depth, w, m + (size_t) t * TC, channels, \
                     ahead, pace);                                           \
    break

/* M of one point: the products of all tiles of a block with TC columns. The
 * next point's weights, or the next panel's, lie behind this one's. */
inline void
multiply_point (global const float *restrict v, size_t depth,
                global const weight_t *restrict w, global float *restrict m,
                int tiles, int channels)
{
  const int pace = find_pace (tiles);
  global const weight_t *ahead = w + (size_t) channels * PW;
  int t = 0;

  while (t < tiles) {
    int rows = next_tile (tiles - t);

    switch (rows) {
      POINT_CASE (1);
      POINT_CASE (2);
      POINT_CASE (3);
      POINT_CASE (4);
      POINT_CASE (5);
      POINT_CASE (6);
#if TALL_TILE == 12
      POINT_CASE (12);
#endif
    }
    t += rows;
    ahead += (size_t) channels * pace;
  }
}

/* Four numbers through A'. */
#define TRANSFORM_SUMS(to, a, b, c, d) \
  to[0] = a + b + c;                   \
  to[1] = b - c - d

/* M of one tile, VW columns of each point, @step apart, to 2 x 2 results. */
inline void
gather_points (global const float *restrict m, size_t step, floatv *y)
{
  floatv rows[2][4];

  UNROLL for (int j = 0; j < 4; j++)
  {
    floatv t[2];

    TRANSFORM_SUMS (t, vloadv (0, m + j * step), vloadv (0, m + (4 + j) * step),
                    vloadv (0, m + (8 + j) * step),
                    vloadv (0, m + (12 + j) * step));
    rows[0][j] = t[0];
    rows[1][j] = t[1];
  }
  UNROLL for (int i = 0; i < 2; i++)
  {
    TRANSFORM_SUMS ((y + i * 2), rows[i][0], rows[i][1], rows[i][2],
                    rows[i][3]);
  }
}

/* Results of one tile, @n_columns of them from @c on, which is their place in
 * its first pixel; the second column and line of pixels are left out where the
 * picture ends before them. */
inline void
store_results (global const float *restrict m, size_t step,
               global const float *affine, global float *c, size_t ldc,
               size_t line, int n_across, int n_down, int n_columns,
               int activation)
{
  for (int j = 0; j * VW < n_columns; j++) {
    floatv y[4];
    floatv scale = vloadv (j, affine), bias = vloadv (j, affine + PW);

    gather_points (m + j * VW, step, y);
    UNROLL for (int i = 0; i < 4; i++)
    {
      floatv value = mul_add (y[i], scale, bias);
      global float *at = c + i / 2 * line + i % 2 * ldc + j * VW;
      float part[VW];

      if (activation == ACT_RELU)
        value = relu_v (value);
      if (i / 2 >= n_down || i % 2 >= n_across)
        continue;
      if (n_columns - j * VW >= VW) {
        vstorev (value, 0, at);
      } else {
        vstorev (value, 0, part);
        store_part (part, n_columns - j * VW, at);
      }
    }
  }
  if (activation != ACT_RELU)
    for (int i = 0; i < n_down; i++)
      activate_rows (c + i * line, ldc, n_across, n_columns, activation);
}

/* A work-item: tiles_per_item tiles from global id 1 on, in blocks, and
 * panels_per_item panels from global id 0 on. */
kernel ONE_ITEM void
winograd (global const float *restrict x, global const weight_t *restrict w,
          global const float *restrict affine, global float *restrict scratch,
          global float *restrict c, int n_images, int n, int height, int width,
          int channels, int tiles_per_item, int panels_per_item, int block,
          int activation)
{
  const int across = (width + 1) / 2, down = (height + 1) / 2;
  const int n_tiles = n_images * across * down;
  const size_t depth = (size_t) (channels + VW - 1) / VW * VW;
  const size_t v_step = block * depth, m_step = (size_t) block * TC;
  const size_t end = (size_t) n_images * height * width * channels;
  const int first_column = (int) get_global_id (0) * panels_per_item * PW;
  const int end_column = min (n, first_column + panels_per_item * PW);
  int first = (int) get_global_id (1) * tiles_per_item;
  const int end_tile = min (first + tiles_per_item, n_tiles);
  global float *restrict v =
      scratch + (get_global_id (1) * get_global_size (0) + get_global_id (0)) *
                    POINTS * (v_step + m_step);
  global float *restrict m = v + POINTS * v_step;

  for (; first < end_tile; first += block) {
    const int tiles = min (block, end_tile - first);

    for (int t = 0; t < tiles; t++) {
      int tile = first + t, image = tile / (across * down);

      transform_tile (x, end, (size_t) image * height * width,
                      tile / across % down * 2 - 1, tile % across * 2 - 1,
                      height, width, channels, v + t * depth, v_step);
    }
    for (int column = first_column; column < end_column; column += TC) {
      int panel = column / PW, s = column % PW;
      global const weight_t *panel_w =
          w + (size_t) panel * POINTS * channels * PW + s;
      global const float *panel_affine = affine + (size_t) panel * 2 * PW + s;

      for (int p = 0; p < POINTS; p++)
        multiply_point (v + p * v_step, depth,
                        panel_w + (size_t) p * channels * PW, m + p * m_step,
                        tiles, channels);
      for (int t = 0; t < tiles; t++) {
        int tile = first + t, image = tile / (across * down);
        int py = tile / across % down * 2, px = tile % across * 2;

        store_results (m + (size_t) t * TC, m_step, panel_affine,
                       c + (((size_t) image * height + py) * width + px) * n +
                           column,
                       n, (size_t) width * n, min (width - px, 2),
                       min (height - py, 2), min (TC, n - column), activation);
      }
    }
  }
}
