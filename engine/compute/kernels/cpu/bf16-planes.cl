/* bf16-planes.cl: the feature maps of a residual network in bfloat16, CPU
 * class. In front of it stands what multiplies, as for bf16-gemm.cl. Host:
 * compute/ops/planes.c.
 *
 * Planes hold pictures with zeros around them, so that the rows of pixels of a
 * convolution's tap are those of another tap moved on: lines of pitch = width +
 * 1 pixels, of which the first is zero, and in front of each picture a line of
 * zeros, down = height + 1 in all. What lies right of a line is the first pixel
 * of the next one, what lies below a picture the line in front of the next; a
 * line and a pixel of zeros end the planes. In front of all lie pitch + 1
 * pixels of anything. Channels are whole steps of STEP, those behind the last
 * are zero.
 *
 * x, y: ushort[pitch + 1 + n_images * down * pitch + pitch + 1][steps * STEP];
 * a place is a pixel counted from the first line on. */

#define LEAD(pitch, steps) ((size_t) ((pitch) + 1) * (steps) *STEP)

inline void
store_zeros (global ushort *to)
{
  store_words ((intv) (0), to);
}

/* What ends planes of @n_pixels places, of @n steps each from @at on. */
CALLED void
end_planes (global ushort *y, int n_pixels, int pitch, int steps, int at, int n)
{
  y += ((size_t) n_pixels * steps + at) * STEP;
  for (int i = 0; i <= pitch; i++, y += steps * STEP)
    for (int j = 0; j < n; j++)
      store_zeros (y + j * STEP);
}

/* Sums of @rows places to a panel's step of each. What is done is known to the
 * compiler. */
inline void
store_sums (const float *sums, global const float *affine,
            global const ushort *residual, int has_residual, int is_relu,
            global ushort *y, size_t stride, int rows)
{
  const floatv scale[2] = {vloadv (0, affine), vloadv (1, affine)};
  const floatv bias[2] = {vloadv (2, affine), vloadv (3, affine)};

  for (int i = 0; i < rows; i++, sums += PW, residual += stride, y += stride) {
    floatv v[2];

    UNROLL for (int j = 0; j < 2; j++)
    {
      v[j] = mul_add (vloadv (j, sums), scale[j], bias[j]);
      if (has_residual)
        v[j] += load_wide (residual + j * VW);
      if (is_relu)
        v[j] = fmax (v[j], 0.f);
    }
    store_narrow2 (v[0], v[1], y);
  }
}

/* Makes zero what is around the pictures, of @rows places from @at on. */
inline void
store_borders (global ushort *y, size_t stride, int rows, int at, int down,
               int pitch)
{
  const int end = at + rows;

  for (int p = at; p < end; p = (p / pitch + 1) * pitch) {
    const int n = p / pitch % down == 0 ? min (pitch - p % pitch, end - p)
                                        : p % pitch == 0;

    for (int i = 0; i < n; i++)
      store_zeros (y + (p - at + i) * stride);
  }
}

/* Convolutions of 1 or 9 taps, stride 1: places times panels, which hold tap by
 * tap. n_pixels: places of x and y. pixels_per_item of them from global id 1
 * on, in blocks of @block; panels_per_item panels from global id 0 on. Panel p
 * makes step p of y. */
kernel ONE_ITEM void
conv_planes (global const ushort *restrict x, global const int *restrict w,
             global const float *restrict affine, global const ushort *residual,
             global ushort *y, int n_pixels, int down, int pitch, int steps,
             int n_panels, int n_taps, int pixels_per_item, int panels_per_item,
             int block, int has_residual, int is_relu)
{
  const size_t in_stride = (size_t) steps * STEP;
  const size_t stride = (size_t) n_panels * STEP;
  const int first_panel = get_global_id (0) * panels_per_item;
  const int end_panel = min (first_panel + panels_per_item, n_panels);
  int first = get_global_id (1) * pixels_per_item;
  const int end = min (first + pixels_per_item, n_pixels);
  /* Three taps lie behind each other. */
  const int n_parts = n_taps == 9 ? 3 : 1;
  const int part_steps = n_taps / n_parts * steps;
  SUMS (sums);

  if (n_taps == 1)
    x += LEAD (pitch, steps);
  y += LEAD (pitch, n_panels);
  residual += LEAD (pitch, n_panels);
  if (end == n_pixels)
    end_planes (y, n_pixels, pitch, n_panels, first_panel,
                end_panel - first_panel);
  set_tiles ();
  for (; first < end; first += block)
    for (int panel = first_panel; panel < end_panel; panel++) {
      global const int *panel_w =
          w + (size_t) panel * n_taps * steps * STEP / 2 * PW;
      global const float *panel_affine = affine + (size_t) panel * 2 * PW;
      const int end_row = min (first + block, end);

      for (int row = first; row < end_row; row += MOST_ROWS) {
        const int rows = min (MOST_ROWS, end_row - row);
        const size_t at = row * stride + panel * STEP;

        multiply_panel (x + row * in_stride, in_stride, rows, n_parts,
                        pitch * in_stride, part_steps, panel_w, sums);
        if (has_residual && is_relu)
          store_sums (sums, panel_affine, residual + at, 1, 1, y + at, stride,
                      rows);
        else if (is_relu)
          store_sums (sums, panel_affine, y, 0, 1, y + at, stride, rows);
        else
          store_sums (sums, panel_affine, residual + at, has_residual, 0,
                      y + at, stride, rows);
        store_borders (y + at, stride, rows, row, down, pitch);
      }
    }
  release_tiles ();
}

/* Mean of size x size pixels, size apart; what does not fill a square is left
 * out. One work-item makes a line of y, those of zeros, too. */
kernel ONE_ITEM void
pool_planes (global const ushort *restrict x, global ushort *restrict y,
             int n_images, int height, int width, int steps, int size)
{
  const int line = get_global_id (0), down = height / size + 1;
  const int pitch = width / size + 1, in_pitch = width + 1;
  const size_t stride = (size_t) steps * STEP;
  const float scale = 1.f / (size * size);

  x += LEAD (in_pitch, steps) +
       ((size_t) (line / down) * (height + 1) + (line % down - 1) * size + 1) *
           in_pitch * stride;
  y += LEAD (pitch, steps);
  if (line == n_images * down - 1)
    end_planes (y, n_images * down * pitch, pitch, steps, 0, steps);
  y += (size_t) line * pitch * stride;
  for (int px = 0; px < pitch; px++, y += stride)
    for (size_t at = 0; at < stride; at += STEP) {
      floatv low = SPLAT (0.f), high = SPLAT (0.f);

      if (px > 0 && line % down > 0)
        for (int dy = 0; dy < size; dy++)
          for (int dx = 0; dx < size; dx++) {
            global const ushort *p =
                x +
                ((size_t) dy * in_pitch + (px - 1) * size + 1 + dx) * stride +
                at;

            low += load_wide (p);
            high += load_wide (p + VW);
          }
      store_narrow2 (low * scale, high * scale, y + at);
    }
}

/* The 3 x 3 pixels around one, red first, as in unfold. */
CALLED void
unfold_pixel (global const uchar *pixels, int side, int top, int left,
              const float *scale, const float *shift, float *values)
{
  for (int dy = 0; dy < 3; dy++)
    for (int dx = 0; dx < 3; dx++) {
      const int row = top + dy, column = left + dx;
      const int inside = row >= 0 && row < side && column >= 0 && column < side;
      global const uchar *p = pixels + ((size_t) row * side + column) * 3;

      for (int c = 0; c < 3; c++)
        *values++ = inside ? (float) p[c] * scale[c] + shift[c] : 0.f;
    }
}

/* Pictures to the rows of a first convolution of 3 x 3 pixels, every second
 * one, zeros around, as planes of one step. Scale and shift as in unfold. One
 * work-item makes a line of y. */
kernel ONE_ITEM void
unfold_planes (global const uchar *restrict pixels, global ushort *restrict y,
               int n_images, int side, int out, float4 scale, float4 shift)
{
  const int line = get_global_id (0), down = out + 1, pitch = out + 1;
  const int top = (line % down - 1) * 2 - 1;
  const float s[3] = {scale.x, scale.y, scale.z};
  const float t[3] = {shift.x, shift.y, shift.z};
  float scales[STEP], shifts[STEP], values[STEP];
  floatv scale_low, scale_high, shift_low, shift_high;

  for (int i = 0; i < STEP; i++) {
    scales[i] = i < 27 ? s[i % 3] : 0.f;
    shifts[i] = i < 27 ? t[i % 3] : 0.f;
    values[i] = 0.f;
  }
  scale_low = vloadv (0, scales);
  scale_high = vloadv (1, scales);
  shift_low = vloadv (0, shifts);
  shift_high = vloadv (1, shifts);
  pixels += (size_t) (line / down) * side * side * 3;
  y += LEAD (pitch, 1);
  if (line == n_images * down - 1)
    end_planes (y, n_images * down * pitch, pitch, 1, 0, 1);
  y += (size_t) line * pitch * STEP;
  for (int px = 0; px < pitch; px++, y += STEP) {
    const int left = (px - 1) * 2 - 1;

    if (px == 0 || line % down == 0) {
      store_zeros (y);
    } else if (top >= 0 && left >= 0 && left + 6 <= side && top + 3 <= side) {
      /* Nine of the sixteen bytes that are read are wanted; all lie within the
       * picture. */
      global const uchar *p = pixels + ((size_t) top * side + left) * 3;
      const uchar16 a = vload16 (0, p), b = vload16 (0, p + side * 3);
      const uchar16 c = vload16 (0, p + side * 6);
      const uchar16 low = (uchar16) (a.s01234567, a.s8, b.s0123, b.s456);
      const uchar16 high = (uchar16) (b.s78, c.s01234567, c.s8, 0, 0, 0, 0, 0);

      store_narrow2 (mul_add (convert_float16 (low), scale_low, shift_low),
                     mul_add (convert_float16 (high), scale_high, shift_high),
                     y);
    } else {
      unfold_pixel (pixels, side, top, left, s, t, values);
      store_narrow2 (vloadv (0, values), vloadv (1, values), y);
    }
  }
}

/* Planes to float[n_images][height][width][channels]. One work-item takes a
 * line of pixels. */
kernel ONE_ITEM void
widen_planes (global const ushort *restrict x, global float *restrict y,
              int height, int width, int channels)
{
  const int line = get_global_id (0), pitch = width + 1;
  const int steps = (channels + STEP - 1) / STEP;

  x += LEAD (pitch, steps) +
       ((size_t) (line / height * (height + 1) + line % height + 1) * pitch +
        1) *
           steps * STEP;
  y += (size_t) line * width * channels;
  for (int px = 0; px < width; px++, x += steps * STEP, y += channels)
    for (int i = 0; i < channels; i += VW) {
      float part[VW];

      vstorev (load_wide (x + i), 0, part);
      store_part (part, channels - i, y + i);
    }
}
