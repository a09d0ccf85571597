/* conv.cl: 3x3 convolutions of pictures with the channels last, GPU class.
 * Host: compute/ops/gemm.c.
 *
 * x: float[n_images][height][width][channels]. An implicit product: row r of
 * the left matrix is pixel r, its step p is channel p % channels of tap p /
 * channels, zero outside the picture. w: panels [ceil (n / 64)][9 *
 * channels][64], tap by tap. c: float[n_pixels][n]. zeros and rows_per_item
 * are the CPU class's. */

/* A pixel of the item's share: where it lies in its picture and in x. */
typedef struct {
  int px, py;
  size_t at;
} Pixel;

/* Behind the last pixel one whose every tap is outside. */
inline Pixel
locate (size_t row, int n_pixels, int height, int width)
{
  int inner = (int) (row % ((size_t) height * width));
  Pixel pixel = {inner % width, inner / width, row};

  if (row >= (size_t) n_pixels)
    pixel.py = -2;
  return pixel;
}

inline void
fetch_pixels (global const float *x, const Pixel *pixels, int height, int width,
              int channels, int first, float *share)
{
  int step = first + SHARE_STEP;
  int tap = step / channels, channel = step % channels;
  int dy = tap / 3 - 1, dx = tap % 3 - 1;

  UNROLL for (int i = 0; i < ROWS_SHARE; i++)
  {
    int py = pixels[i].py + dy, px = pixels[i].px + dx;
    int inside = tap < 9 && py >= 0 && py < height && px >= 0 && px < width;

    share[i] =
        inside ? x[(pixels[i].at + (long) dy * width + dx) * channels + channel]
               : 0.f;
  }
}

kernel TILE_GROUP void
conv3x3 (global const float *restrict x, global const weight_t *restrict w,
         global const float *restrict affine,
         global const float *restrict zeros, global float *c, int n_pixels,
         int n, int height, int width, int channels, int rows_per_item,
         int activation)
{
  int column = (int) get_group_id (0) * TILE_COLUMNS;
  size_t row = (size_t) get_group_id (1) * TILE_ROWS;
  int k = 9 * channels;
  Pixel pixels[ROWS_SHARE];
  DECLARE_TILE;

#define FETCH_PIXELS(first) \
  fetch_pixels (x, pixels, height, width, channels, first, row_share)
  UNROLL for (int i = 0; i < ROWS_SHARE; i++) pixels[i] =
      locate (row + SHARE_ROW (i), n_pixels, height, width);
  w += (size_t) (column / PANEL) * k * PANEL + column % PANEL;
  ACCUMULATE_TILE (FETCH_PIXELS, w, k);
  store_tile (sums, affine, c, 0, c, n_pixels, n, row, column, 0, n,
              activation);
#undef FETCH_PIXELS
}
