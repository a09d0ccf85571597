/* app/charts/axes-private.h: a plot's frame: gutters as wide as their texts, a
 * light grid, numbers at the ticks, names above and below where no curve
 * is. */
#pragma once

#include "app/charts/pen.h"
#include "app/charts/ticks.h"

G_BEGIN_DECLS

typedef struct {
  double x, y, width, height; /* of the plot's inside */
  HfTicks across, up;
  gboolean octaves; /* the horizontal axis is by doublings */
} HfAxes;

/* Lays the plot into @x, @y, @width, @height; the ticks are set before. @right
 * is kept free for labels at the lines' ends. */
void hf_axes_place (HfAxes *self, const HfPen *pen, double x, double y,
                    double width, double height, double right);

/* Grid, numbers and names: @up_name above the plot's left, @across_name below
 * its middle. */
void hf_axes_draw (const HfAxes *self, const HfPen *pen, const char *up_name,
                   const char *across_name);

/* A quiet word above the plot's right, if @up_name leaves room for it. */
void hf_axes_note (const HfAxes *self, const HfPen *pen, const char *up_name,
                   const char *note);

/* From values to the drawing; values outside the axes are held at its edge. */
double hf_axes_get_x (const HfAxes *self, double value);
double hf_axes_get_y (const HfAxes *self, double value);

/* How many ticks fit a width or height. */
int hf_axes_find_n_across (const HfPen *pen, double width);
int hf_axes_find_n_up (const HfPen *pen, double height);

G_END_DECLS
