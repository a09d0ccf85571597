/* ui/framing/region.h: a rectangle that is held by its edges and corners. Plain
 * numbers, no widget. */
#pragma once

#include "image/framing.h"

G_BEGIN_DECLS

/* No side is shorter than this part of the picture's. */
#define HF_REGION_LEAST 0.02

/* What is held: bits for the edges; all four of them: the whole. */
typedef enum {
  HF_GRIP_NONE = 0,
  HF_GRIP_LEFT = 1,
  HF_GRIP_RIGHT = 2,
  HF_GRIP_TOP = 4,
  HF_GRIP_BOTTOM = 8,
  HF_GRIP_ALL = 15,
} HfGrip;

/* What of @region lies at (@x, @y), fractions of the picture: an edge or corner
 * within @reach_x and @reach_y, else the whole if it is inside. */
HfGrip hf_region_find_grip (const HfFraming *region, double x, double y,
                            double reach_x, double reach_y);

/* Moves what is held by fractions of the picture. Stays inside the picture;
 * an edge stops before the one on the other side. */
void hf_region_pull (HfFraming *region, HfGrip grip, double dx, double dy);

/* To a tenth of a percent, which is what fields show, and inside the picture.
 */
void hf_region_set (HfFraming *region, double x, double y, double width,
                    double height);

/* The rectangle between two corners, wherever they lie. */
void hf_region_span (HfFraming *region, double x0, double y0, double x1,
                     double y1);

G_END_DECLS
