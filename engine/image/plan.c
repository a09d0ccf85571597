/* plan.c: sizes and positions as torchvision's Resize and CenterCrop compute
 * them, in whole numbers. */
#include "image/plan-private.h"

/* The pixels nearest to the fractions, at least one. */
static void
cut_region (double from, double length, int n, HfAxis *axis)
{
  axis->start = CLAMP ((int) (from * n + 0.5), 0, n - 1);
  axis->end = CLAMP ((int) ((from + length) * n + 0.5), axis->start + 1, n);
}

/* Half of @n, halves to the even neighbour, as Python's round does. */
static gint64
half_to_even (gint64 n)
{
  return n / 2 + (n % 2 != 0 && (n / 2) % 2 != 0);
}

static void
fit_crop (HfAxis *axis, int shorter, int side_px)
{
  axis->out_size = (gint64) side_px * (axis->end - axis->start) / shorter;
  axis->first = half_to_even (axis->out_size - side_px);
  axis->count = side_px;
  axis->offset = 0;
}

/* The shorter side is rounded to the nearest pixel, at least one. */
static void
fit_whole (HfAxis *axis, int longer, int side_px)
{
  gint64 length = axis->end - axis->start;
  gint64 size =
      ((gint64) side_px * length * 2 + longer) / (2 * (gint64) longer);

  axis->out_size = MAX (size, 1);
  axis->first = 0;
  axis->count = (int) axis->out_size;
  axis->offset = (side_px - axis->count) / 2;
}

void
hf_plan_axes (const HfFraming *framing, int width, int height, int side_px,
              HfAxis *x, HfAxis *y)
{
  int w, h;

  cut_region (framing->x, framing->width, width, x);
  cut_region (framing->y, framing->height, height, y);
  w = x->end - x->start;
  h = y->end - y->start;
  if (framing->fit == HF_FRAMING_WHOLE) {
    fit_whole (x, MAX (w, h), side_px);
    fit_whole (y, MAX (w, h), side_px);
  } else {
    fit_crop (x, MIN (w, h), side_px);
    fit_crop (y, MIN (w, h), side_px);
  }
}

HfAxis
hf_plan_mirror (const HfAxis *axis, int length)
{
  HfAxis mirrored = *axis;

  mirrored.start = length - axis->end;
  mirrored.end = length - axis->start;
  mirrored.first = axis->out_size - axis->first - axis->count;
  return mirrored;
}
