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

CALLED void
store_zero_places (global ushort *to, size_t stride, int n)
{
  for (size_t i = 0; i < n * stride; i += STEP)
    store_zeros (to + i);
}

/* @n places to where they may overlap those that they come from, behind. */
CALLED void
move_places (global const ushort *from, global ushort *to, size_t stride, int n)
{
  for (size_t i = 0; i < n * stride; i += STEP)
    vstore16 (vload16 (0, (global const uint *) (from + i)), 0,
              (global uint *) (to + i));
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
        v[j] = relu_v (v[j]);
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

/* Steps of three taps that are one chunk: their rows overlap and stay in the
 * first cache, too. 34 -> 28 ns a step, 12 of them; more are no faster. */
#define CHUNK_3 12
/* Steps of rows that are stored as soon as they are multiplied, while the unit
 * is at the next: 1.1 times as fast, 8 of them. */
#define FEW 8

/* A convolution of 1 or 9 taps, stride 1, of @n_places places from @at on, in
 * pictures of @down lines of @pitch places, to as many of @y. @x: the first of
 * them, with what its taps reach around; there are BLOCK_ROWS behind the last,
 * wanted or not. Panels hold tap by tap; panel p makes step p of y. @residual:
 * as y, or NULL. */
CALLED void
conv_places (global const ushort *restrict x, int steps, int n_taps,
             global const int *restrict w, global const float *restrict affine,
             int n_panels, global const ushort *residual, int is_relu,
             global ushort *y, int n_places, int at, int down, int pitch,
             Ahead *ahead)
{
  const size_t in_stride = (size_t) steps * STEP;
  const size_t stride = (size_t) n_panels * STEP;
  /* Three taps lie behind each other. */
  const int n_parts = n_taps == 9 ? 3 : 1;
  const int part_steps = n_taps / n_parts * steps;
  const int chunk = n_parts == 3 && part_steps <= 2 * CHUNK_3 ? CHUNK_3 : CHUNK;
  const int together = n_taps * steps <= FEW ? BLOCK_ROWS : cut_rows (n_places);
  SUMS (sums);

  if (n_taps == 9)
    x -= (size_t) (pitch + 1) * in_stride;
  for (int panel = 0; panel < n_panels; panel++) {
    for (int row = 0; row < n_places; row += together) {
      const int rows = min (together, n_places - row);
      global ushort *to = y + row * stride + panel * STEP;

      multiply_panel (x + row * in_stride, in_stride, rows, n_parts,
                      pitch * in_stride, part_steps, chunk, w,
                      row == 0 && ahead->has_weights ? 0 : ahead, sums);
      if (residual != 0)
        store_sums (sums, affine, residual + (to - y), 1, is_relu, to, stride,
                    rows);
      else if (is_relu)
        store_sums (sums, affine, y, 0, 1, to, stride, rows);
      else
        store_sums (sums, affine, y, 0, 0, to, stride, rows);
      store_borders (to, stride, rows, at + row, down, pitch);
    }
    w += (size_t) n_taps * steps * STEP / 2 * PW;
    affine += 2 * PW;
  }
}

/* Which lines, of pictures of @down, a line of pictures of @out_down is made
 * of, where those are @size times as high: from the first one on. What does not
 * fill a line belongs to the last but for those of zeros. */
inline int
find_first (int line, int out_down, int down, int size)
{
  const int y = line % out_down;

  return line / out_down * down + (y == 0 ? 0 : (y - 1) * size + 1);
}

/* Mean of size x size places, size apart, to lines @first to @end of y. @x: the
 * first place of the line that find_first returns for @first. */
CALLED void
pool_lines (global const ushort *restrict x, int down, int pitch, int steps,
            int size, global ushort *restrict y, int first, int end,
            int out_down, int out_pitch)
{
  const size_t stride = (size_t) steps * STEP;
  const int origin = find_first (first, out_down, down, size);
  const float scale = 1.f / (size * size);

  for (int line = first; line < end; line++) {
    global const ushort *from =
        x +
        ((size_t) (find_first (line, out_down, down, size) - origin) * pitch +
         1) *
            stride;

    if (line % out_down == 0) {
      store_zero_places (y, stride, out_pitch);
      y += out_pitch * stride;
      continue;
    }
    store_zero_places (y, stride, 1);
    y += stride;
    for (int px = 1; px < out_pitch; px++, from += size * stride, y += stride)
      for (size_t at = 0; at < stride; at += STEP) {
        floatv low = SPLAT (0.f), high = SPLAT (0.f);

        for (int dy = 0; dy < size; dy++)
          for (int dx = 0; dx < size; dx++) {
            global const ushort *p =
                from + ((size_t) dy * pitch + dx) * stride + at;

            low += load_wide (p);
            high += load_wide (p + VW);
          }
        store_narrow2 (low * scale, high * scale, y + at);
      }
  }
}

/* y = relu (conv3 (pool (conv2 (conv1 (x)))) + shortcut (pool (x))), each
 * behind a ReLU but for the shortcut, which may be missing where y is as large
 * as x; see towers/resnet.c. @stride: the pool's, or 1 for none. Lines of y, of
 * all pictures and those of zeros: lines_per_item from global id 0 on, in
 * blocks of @block, which stay in L2 from conv1 on. Of conv1's lines those
 * around a block are kept for the next one; those around an item's are made
 * twice.
 *
 * scratch, of each item, in places of inner_steps (the last: in_steps) steps:
 * conv1's lines, with a place in front and ROOM behind; conv2's; both pooled.
 */
#define ROOM (BLOCK_ROWS + 2)

/* Steps of panels that stay in L2 from block to block: 768 KiB. */
#define MOST_KEPT 384

inline int
count_blocks (int n_rows)
{
  return (n_rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
}

kernel ONE_ITEM void
bottleneck_planes (
    global const ushort *restrict x, global ushort *y, global ushort *scratch,
    global const int *restrict w1, global const float *restrict affine1,
    global const int *restrict w2, global const float *restrict affine2,
    global const int *restrict w3, global const float *restrict affine3,
    global const int *restrict shortcut,
    global const float *restrict shortcut_affine, int n_images, int height,
    int width, int in_steps, int inner_steps, int out_steps, int stride,
    int has_shortcut, int lines_per_item, int block)
{
  const int down = height + 1, pitch = width + 1;
  const int out_down = height / stride + 1, out_pitch = width / stride + 1;
  const int n_lines = n_images * out_down;
  const size_t in_size = (size_t) in_steps * STEP;
  const size_t inner_size = (size_t) inner_steps * STEP;
  const size_t out_size = (size_t) out_steps * STEP;
  const size_t most = (size_t) (block * stride + 2) * pitch;
  const size_t most_out = (size_t) block * out_pitch + ROOM;
  /* Steps of all panels. */
  const int n_weights = inner_steps * (in_steps + 9 * inner_steps + out_steps) +
                        has_shortcut * in_steps * out_steps;
  int first = get_global_id (0) * lines_per_item, is_first = 1;
  const int end = min (first + lines_per_item, n_lines);
  int from_before = 0, end_before = 0; /* lines of x of the block before */
  global ushort *inner, *second, *pooled, *pooled_x;

  scratch +=
      get_global_id (0) * ((2 * most + 2 * (ROOM + 1) + most_out) * inner_size +
                           most_out * in_size);
  inner = scratch + inner_size;
  second = inner + (most + ROOM) * inner_size;
  pooled = second + (most + ROOM) * inner_size;
  pooled_x = pooled + most_out * inner_size;
  x += LEAD (pitch, in_steps);
  y += LEAD (out_pitch, out_steps);
  if (end == n_lines)
    store_zero_places (y + (size_t) n_lines * out_pitch * out_size, out_size,
                       out_pitch + 1);
  set_tiles ();
  for (; first < end; first += block, is_first = 0) {
    const int stop = min (first + block, end);
    const int from = find_first (first, out_down, down, stride);
    const int lines = find_first (stop - 1, out_down, down, stride) - from +
                      ((stop - 1) % out_down == 0 ? 1 : stride);
    const int n_places = lines * pitch, n_out = (stop - first) * out_pitch;
    const int at_out = first * out_pitch;
    global const ushort *x_first = x + (ptrdiff_t) from * pitch * in_size;
    global const ushort *wide = x_first, *narrow = second;
    global ushort *to = y + at_out * out_size;
    /* Lines of y are fetched before they are written, those of x that the next
     * block takes, but for what this one has read, after that: from the last
     * cache, which is as busy with lines that are stored unfetched. */
    const int n_first =
        inner_steps * (in_steps + 9 * inner_steps) * count_blocks (n_places);
    const int n_then = out_steps * (inner_steps + has_shortcut * in_steps) *
                       count_blocks (n_out);
    const int n_y = n_out * out_steps;
    const int n_x = stop < end ? n_places * in_steps : 0;
    const int streams = is_first || n_weights > MOST_KEPT;
    Ahead ahead_y = {streams, (global const int *) to, n_y,
                     (n_y + n_first - 1) / n_first};
    Ahead ahead_x = {
        streams, (global const int *) (x_first + (n_places + pitch) * in_size),
        n_x, (n_x + n_then - 1) / n_then};
    /* conv1's lines that are there. */
    const int n_kept = is_first ? 0 : max (end_before - from + 2, 0);

    move_places (inner + (from - from_before) * pitch * inner_size, inner,
                 inner_size, n_kept * pitch);
    from_before = from;
    end_before = from + lines;
    /* Places are counted from a picture earlier on, as the first line has one
     * above it. */
    conv_places (x_first + (n_kept - 1) * (ptrdiff_t) pitch * in_size, in_steps,
                 1, w1, affine1, inner_steps, 0, 1,
                 inner + n_kept * pitch * inner_size,
                 n_places + (2 - n_kept) * pitch,
                 (from + down - 1 + n_kept) * pitch, down, pitch, &ahead_y);
    store_zero_places (inner + (n_places + 2 * pitch) * inner_size, inner_size,
                       1);
    conv_places (inner + pitch * inner_size, inner_steps, 9, w2, affine2,
                 inner_steps, 0, 1, second, n_places, from * pitch, down, pitch,
                 &ahead_y);
    if (stride > 1) {
      pool_lines (second, down, pitch, inner_steps, stride, pooled, first, stop,
                  out_down, out_pitch);
      narrow = pooled;
    }
    if (stride > 1 && has_shortcut) {
      pool_lines (x_first, down, pitch, in_steps, stride, pooled_x, first, stop,
                  out_down, out_pitch);
      wide = pooled_x;
    }
    if (has_shortcut)
      conv_places (wide, in_steps, 1, shortcut, shortcut_affine, out_steps, 0,
                   0, to, n_out, at_out, out_down, out_pitch, &ahead_x);
    conv_places (narrow, inner_steps, 1, w3, affine3, out_steps,
                 has_shortcut ? to : wide, 1, to, n_out, at_out, out_down,
                 out_pitch, &ahead_x);
  }
  release_tiles ();
}

/* The 3 x 3 pixels around one, red first, as in unfold of pixels.cl. */
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

/* Lines @first to @end of the rows of a first convolution of 3 x 3 pixels,
 * every second one, zeros around, as planes of one step; lines outside are
 * zero. pixels: uchar[n_images][side][side][3]; value v of colour c becomes v *
 * scale[c] + shift[c]. */
CALLED void
unfold_lines (global const uchar *restrict pixels, int n_images, int side,
              int out, float4 scale, float4 shift, int first, int end,
              global ushort *restrict y)
{
  const int down = out + 1, pitch = out + 1;
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
  for (int line = first; line < end; line++) {
    const int top = (line % down - 1) * 2 - 1;
    global const uchar *image =
        pixels + (size_t) (line / down) * side * side * 3;

    if (line < 0 || line >= n_images * down || line % down == 0) {
      store_zero_places (y, STEP, pitch);
      y += pitch * STEP;
      continue;
    }
    store_zeros (y);
    y += STEP;
    for (int px = 1; px < pitch; px++, y += STEP) {
      const int left = (px - 1) * 2 - 1;

      if (top >= 0 && left >= 0 && left + 6 <= side && top + 3 <= side) {
        /* Nine of the sixteen bytes that are read are wanted; all lie within
         * the picture. */
        global const uchar *p = image + ((size_t) top * side + left) * 3;
        const uchar16 a = vload16 (0, p), b = vload16 (0, p + side * 3);
        const uchar16 c = vload16 (0, p + side * 6);
        const uchar16 low = (uchar16) (a.s01234567, a.s8, b.s0123, b.s456);
        const uchar16 high =
            (uchar16) (b.s78, c.s01234567, c.s8, 0, 0, 0, 0, 0);

        store_narrow2 (mul_add (convert_float16 (low), scale_low, shift_low),
                       mul_add (convert_float16 (high), scale_high, shift_high),
                       y);
      } else {
        unfold_pixel (image, side, top, left, s, t, values);
        store_narrow2 (vloadv (0, values), vloadv (1, values), y);
      }
    }
  }
}

/* Pixels to y, what is in front of the first bottleneck: convolutions of 3 x 3
 * pixels, every second one, and of 9 taps twice, each with a ReLU, and a pool
 * of
 * 2. @out: pixels a side behind the first one. Lines as in bottleneck_planes.
 *
 * scratch, of each item: two areas of places of @steps steps, with a place in
 * front and ROOM behind; steps[i] are those of convolution i + 1. */
kernel ONE_ITEM void
stem_planes (global const uchar *restrict pixels, global ushort *y,
             global ushort *scratch, global const int *restrict w1,
             global const float *restrict affine1,
             global const int *restrict w2,
             global const float *restrict affine2,
             global const int *restrict w3,
             global const float *restrict affine3, int n_images, int side,
             int out, int steps1, int steps2, int steps3, float4 scale,
             float4 shift, int lines_per_item, int block)
{
  const int down = out + 1, pitch = out + 1;
  const int out_down = out / 2 + 1, n_lines = n_images * out_down;
  const size_t steps = max (max (steps1, steps2), steps3);
  const size_t area =
      ((size_t) (block * 2 + 4) * pitch + ROOM + 1) * steps * STEP;
  const size_t out_size = (size_t) steps3 * STEP;
  int first = get_global_id (0) * lines_per_item;
  const int end = min (first + lines_per_item, n_lines);
  Ahead ahead = {1, w1, 0, 0};
  global ushort *a, *b;

  scratch += get_global_id (0) * 2 * area;
  a = scratch + steps * STEP;
  b = a + area;
  y += LEAD (out_down, steps3);
  if (end == n_lines)
    store_zero_places (y + (size_t) n_lines * out_down * out_size, out_size,
                       out_down + 1);
  set_tiles ();
  for (; first < end; first += block) {
    const int stop = min (first + block, end);
    const int from = find_first (first, out_down, down, 2);
    const int lines = find_first (stop - 1, out_down, down, 2) - from +
                      ((stop - 1) % out_down == 0 ? 1 : 2);
    const int n_places = lines * pitch;

    unfold_lines (pixels, n_images, side, out, scale, shift, from - 2,
                  from + lines + 2, a);
    /* Places are counted from two pictures earlier on. */
    conv_places (a, 1, 1, w1, affine1, steps1, 0, 1, b, n_places + 4 * pitch,
                 (from + 2 * down - 2) * pitch, down, pitch, &ahead);
    store_zero_places (b + (size_t) (n_places + 4 * pitch) * steps1 * STEP,
                       (size_t) steps1 * STEP, 1);
    conv_places (b + (size_t) pitch * steps1 * STEP, steps1, 9, w2, affine2,
                 steps2, 0, 1, a, n_places + 2 * pitch,
                 (from + down - 1) * pitch, down, pitch, &ahead);
    store_zero_places (a + (size_t) (n_places + 2 * pitch) * steps2 * STEP,
                       (size_t) steps2 * STEP, 1);
    conv_places (a + (size_t) pitch * steps2 * STEP, steps2, 9, w3, affine3,
                 steps3, 0, 1, b, n_places, from * pitch, down, pitch, &ahead);
    pool_lines (b, down, pitch, steps3, 2, y + first * out_down * out_size,
                first, stop, out_down, out_down);
  }
  release_tiles ();
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
