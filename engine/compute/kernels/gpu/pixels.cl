/* pixels.cl: pictures to rows, GPU class: one work-item for each element of y.
 * Host: compute/ops/pixels.c. */

/* Cuts pictures into patches, normalised: a row of y holds one patch.
 *
 * pixels: uchar[n_images][side][side][3]. y: float[n_images * out * out]
 * [size * size * 3], the patch row by row, red first; out patches a side,
 * @stride apart, the first @pad pixels outside the picture, where y is 0.
 * Value v of colour c becomes v * scale[c] + shift[c]. Global ids: element of
 * a line of patches, line, image. */
kernel void
unfold (global const uchar *restrict pixels, global float *restrict y,
        int n_images, int side, int out, int size, int stride, int pad,
        float4 scale, float4 shift)
{
  int patch_size = size * size * 3;
  int at = get_global_id (0), inner = at % patch_size;
  size_t line = get_global_id (1), image = get_global_id (2);
  int colour = inner % 3;
  int column = at / patch_size * stride - pad + inner / 3 % size;
  int row = (int) line * stride - pad + inner / 3 / size;
  float s = colour == 0 ? scale.x : colour == 1 ? scale.y : scale.z;
  float t = colour == 0 ? shift.x : colour == 1 ? shift.y : shift.z;
  float value = 0.f;

  if (at >= out * patch_size)
    return;
  if (row >= 0 && row < side && column >= 0 && column < side)
    value =
        (float) pixels[((image * side + row) * side + column) * 3 + colour] *
            s +
        t;
  y[(image * out + line) * out * patch_size + at] = value;
}

/* Mean of size x size pixels, size apart, channels last; what does not fill a
 * square at the right and the bottom is left out. y: float[n_images][height /
 * size][width / size][channels]. Global ids: element of a line of y, line,
 * image. */
kernel void
average_pool (global const float *restrict x, global float *restrict y,
              int n_images, int height, int width, int channels, int size)
{
  int out_height = height / size, line_size = width / size * channels;
  int at = get_global_id (0);
  size_t line = get_global_id (1), image = get_global_id (2);
  size_t row_stride = (size_t) width * channels;
  float sum = 0.f;

  if (at >= line_size)
    return;
  x += (image * height + line * size) * row_stride +
       (size_t) (at / channels) * size * channels + at % channels;
  for (int dy = 0; dy < size; dy++)
    for (int dx = 0; dx < size; dx++)
      sum += x[dy * row_stride + (size_t) dx * channels];
  y[(image * out_height + line) * line_size + at] = sum / (size * size);
}
