/* region.c: see the header. */
#include "ui/framing/region.h"

#include <math.h>

/* The edges on either side of @at, or none. */
static int
find_edge (double from, double size, double at, double reach, int low, int high)
{
  double to_low = fabs (at - from), to_high = fabs (at - from - size);

  if (MIN (to_low, to_high) > reach)
    return 0;
  return to_low < to_high ? low : high;
}

static gboolean
is_within (double from, double size, double at, double reach)
{
  return at >= from - reach && at <= from + size + reach;
}

HfGrip
hf_region_find_grip (const HfFraming *region, double x, double y,
                     double reach_x, double reach_y)
{
  int edges;

  if (!is_within (region->x, region->width, x, reach_x) ||
      !is_within (region->y, region->height, y, reach_y))
    return HF_GRIP_NONE;
  edges = find_edge (region->x, region->width, x, reach_x, HF_GRIP_LEFT,
                     HF_GRIP_RIGHT) |
          find_edge (region->y, region->height, y, reach_y, HF_GRIP_TOP,
                     HF_GRIP_BOTTOM);
  return edges != 0 ? (HfGrip) edges : HF_GRIP_ALL;
}

static void
pull_side (double *from, double *size, gboolean low, gboolean high, double by)
{
  double end = *from + *size;

  if (low && high) {
    *from = CLAMP (*from + by, 0, MAX (1 - *size, 0));
    return;
  }
  if (low)
    *from = CLAMP (*from + by, 0, end - HF_REGION_LEAST);
  else if (high)
    end = CLAMP (end + by, *from + HF_REGION_LEAST, 1);
  *size = end - *from;
}

void
hf_region_pull (HfFraming *region, HfGrip grip, double dx, double dy)
{
  pull_side (&region->x, &region->width, (grip & HF_GRIP_LEFT) != 0,
             (grip & HF_GRIP_RIGHT) != 0, dx);
  pull_side (&region->y, &region->height, (grip & HF_GRIP_TOP) != 0,
             (grip & HF_GRIP_BOTTOM) != 0, dy);
}

static void
span_side (double *from, double *size, double a, double b)
{
  double low = CLAMP (MIN (a, b), 0, 1 - HF_REGION_LEAST);
  double high = CLAMP (MAX (a, b), low + HF_REGION_LEAST, 1);

  *from = low;
  *size = high - low;
}

void
hf_region_span (HfFraming *region, double x0, double y0, double x1, double y1)
{
  span_side (&region->x, &region->width, x0, x1);
  span_side (&region->y, &region->height, y0, y1);
}

static double
round_share (double share)
{
  return round (share * 1000) / 1000;
}

void
hf_region_set (HfFraming *region, double x, double y, double width,
               double height)
{
  region->x = CLAMP (round_share (x), 0, 1 - HF_REGION_LEAST);
  region->y = CLAMP (round_share (y), 0, 1 - HF_REGION_LEAST);
  region->width = CLAMP (round_share (width), HF_REGION_LEAST, 1 - region->x);
  region->height = CLAMP (round_share (height), HF_REGION_LEAST, 1 - region->y);
}
