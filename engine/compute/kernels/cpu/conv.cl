/* conv.cl: convolutions of pictures with the channels last, CPU class. Host:
 * compute/conv.c.
 *
 * x: float[n_images][height][width][channels]. A 1x1 convolution is gemm.cl; a
 * 3x3 one multiplies, for each of its nine taps, the shifted rows of x with
 * the tap's part of the panel. A tap outside the picture reads @zeros:
 * float[channels] of zero. w: panels [ceil (n / PW)][9 * channels][PW], tap by
 * tap; affine as in gemm.cl. */

#define TAP_ROW(i) (row[i])

#define CONV_TILE(MR)                                                       \
  inline void conv_tile_##MR (                                              \
      global const float *restrict x, global const float *restrict zeros,   \
      global const weight_t *restrict w, global const float *affine,        \
      global float *c, size_t ldc, int n_columns, size_t first, int height, \
      int width, int channels)                                              \
  {                                                                         \
    int px[MR], py[MR];                                                     \
    size_t base[MR];                                                        \
    global const float *residual = c;                                       \
    int has_residual = 0;                                                   \
    CLEAR_TILE (MR);                                                        \
    UNROLL for (int i = 0; i < MR; i++)                                     \
    {                                                                       \
      int pixel = (int) ((first + i) % ((size_t) height * width));          \
      px[i] = pixel % width;                                                \
      py[i] = pixel / width;                                                \
      base[i] = (first + i) * channels;                                     \
    }                                                                       \
    for (int ky = -1; ky <= 1; ky++)                                        \
      for (int kx = -1; kx <= 1; kx++) {                                    \
        global const float *row[MR];                                        \
        UNROLL for (int i = 0; i < MR; i++)                                 \
        {                                                                   \
          int inside = py[i] + ky >= 0 && py[i] + ky < height &&            \
                       px[i] + kx >= 0 && px[i] + kx < width;               \
          row[i] =                                                          \
              inside ? x + base[i] + (ky * width + kx) * channels : zeros;  \
        }                                                                   \
        ACCUMULATE_TILE (MR, TAP_ROW, channels, )                           \
      }                                                                     \
    STORE_TILE (MR);                                                        \
  }

CONV_TILE (1)
CONV_TILE (2)
CONV_TILE (3)
CONV_TILE (4)
CONV_TILE (5)
CONV_TILE (6)
#if TALL_TILE == 12
CONV_TILE (12)
#endif

#define CONV_CASE(MR)                                                \
  case MR:                                                           \
    conv_tile_##MR (x, zeros, w, affine, c + (m - first) * ldc, ldc, \
                    n_columns, m, height, width, channels);          \
    break

inline void
conv_pass (global const float *restrict x, global const float *restrict zeros,
           global const weight_t *restrict w, global const float *affine,
           global float *c, size_t first, size_t end, int n, int height,
           int width, int channels, int n_columns, int activation)
{
  size_t ldc = n, m = first;

  while (m < end) {
    int rows = next_tile ((int) (end - m));

    switch (rows) {
      CONV_CASE (1);
      CONV_CASE (2);
      CONV_CASE (3);
      CONV_CASE (4);
      CONV_CASE (5);
      CONV_CASE (6);
#if TALL_TILE == 12
      CONV_CASE (12);
#endif
    }
    activate_rows (c + (m - first) * ldc, ldc, rows, n_columns, activation);
    m += rows;
  }
}

/* c: float[n_pixels][n], stride 1, one pixel of zeros around the picture. */
kernel ONE_ITEM void
conv3x3 (global const float *restrict x, global const weight_t *restrict w,
         global const float *restrict affine,
         global const float *restrict zeros, global float *c, int n_pixels,
         int n, int height, int width, int channels, int rows_per_item,
         int activation)
{
  int panel = get_global_id (0);
  size_t first = (size_t) get_global_id (1) * rows_per_item;
  size_t end = min (first + rows_per_item, (size_t) n_pixels);

  w += (size_t) panel * 9 * channels * PW;
  affine += (size_t) panel * 2 * PW;
  c += first * n;
  for (int s = 0; s < PW; s += TC) {
    int column = panel * PW + s;
    int n_columns = min (TC, n - column);

    if (n_columns > 0)
      conv_pass (x, zeros, w + s, affine + s, c + column, first, end, n, height,
                 width, channels, n_columns, activation);
  }
}
