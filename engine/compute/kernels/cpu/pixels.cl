/* pixels.cl: pictures to rows, CPU class. Host: compute/pixels.c. */

/* Cuts pictures into patches, normalised: a row of y holds one patch.
 *
 * pixels: uchar[n_images][side][side][3]. y: float[n_images * out * out]
 * [size * size * 3], the patch row by row, red first; out patches a side,
 * @stride apart, the first @pad pixels outside the picture, where y is 0.
 * Value v of colour c becomes v * scale[c] + shift[c]. One work-item makes a
 * row of patches. */
kernel ONE_ITEM void
unfold (global const uchar *restrict pixels, global float *restrict y,
        int n_images, int side, int out, int size, int stride, int pad,
        float4 scale, float4 shift)
{
  size_t line = get_global_id (0);
  size_t image = line / out;
  int top = (int) (line % out) * stride - pad;
  float s[3] = {scale.x, scale.y, scale.z};
  float t[3] = {shift.x, shift.y, shift.z};

  pixels += image * side * side * 3;
  y += line * out * size * size * 3;
  for (int patch = 0; patch < out; patch++)
    for (int row = top; row < top + size; row++)
      for (int column = patch * stride - pad;
           column < patch * stride - pad + size; column++, y += 3) {
        int inside = row >= 0 && row < side && column >= 0 && column < side;
        global const uchar *p = pixels + ((size_t) row * side + column) * 3;

        for (int c = 0; c < 3; c++)
          y[c] = inside ? (float) p[c] * s[c] + t[c] : 0.f;
      }
}

/* Means of @lanes channels from @c on: the sums of a pixel's channels do not
 * depend on how many there are at a time. */
#define POOL_CHANNELS(type, lanes, load, store)                         \
  for (; c + (lanes) <= channels; c += (lanes)) {                       \
    type sum = (type) (0.f);                                            \
                                                                        \
    for (int dy = 0; dy < size; dy++)                                   \
      for (int dx = 0; dx < size; dx++)                                 \
        sum += load (0, p + ((size_t) dy * width + dx) * channels + c); \
    store (sum *scale, 0, y + c);                                       \
  }

/* Mean of size x size pixels, size apart, channels last; what does not fill a
 * square at the right and the bottom is left out. One work-item makes a line of
 * y: float[n_images][height / size][width / size][channels]. */
kernel ONE_ITEM void
average_pool (global const float *restrict x, global float *restrict y,
              int n_images, int height, int width, int channels, int size)
{
  int out_height = height / size, out_width = width / size;
  size_t line = get_global_id (0);
  size_t image = line / out_height;
  int row = (int) (line % out_height) * size;
  float scale = 1.f / (size * size);

  x += (image * height + row) * width * channels;
  y += line * out_width * channels;
  for (int column = 0; column < out_width; column++, y += channels) {
    global const float *p = x + (size_t) column * size * channels;
    int c = 0;

    POOL_CHANNELS (floatv, VW, vloadv, vstorev)
    POOL_CHANNELS (float4, 4, vload4, vstore4)
    for (; c < channels; c++) {
      float sum = 0.f;

      for (int dy = 0; dy < size; dy++)
        for (int dx = 0; dx < size; dx++)
          sum += p[((size_t) dy * width + dx) * channels + c];
      y[c] = sum * scale;
    }
  }
}
