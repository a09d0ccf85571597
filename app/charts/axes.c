/* axes.c: see axes-private.h. */
#include "app/charts/axes-private.h"

#include <math.h>

int
hf_axes_find_n_across (const HfPen *pen, double width)
{
  return CLAMP ((int) (width / hf_pen_px (pen, 62)), 2, 11);
}

int
hf_axes_find_n_up (const HfPen *pen, double height)
{
  return CLAMP ((int) (height / hf_pen_px (pen, 36)) + 1, 2, 6);
}

static double
get_gutter (const HfAxes *self, const HfPen *pen)
{
  double widest = 0;

  for (int i = 0; i < self->up.n; i++)
    widest =
        MAX (widest, hf_pen_measure (pen, HF_TEXT_QUIET, self->up.text[i]));
  return widest + hf_pen_px (pen, 6);
}

void
hf_axes_place (HfAxes *self, const HfPen *pen, double x, double y, double width,
               double height, double right)
{
  double gutter = get_gutter (self, pen);
  /* Half of the last number stands right of the plot. */
  double half = self->across.n == 0
                    ? 0
                    : hf_pen_measure (pen, HF_TEXT_QUIET,
                                      self->across.text[self->across.n - 1]) /
                          2;

  self->x = x + gutter;
  self->y = y + pen->line + hf_pen_px (pen, 6);
  self->width = MAX (1, width - gutter - MAX (right, half));
  self->height = MAX (1, height - 3 * pen->line - hf_pen_px (pen, 10));
}

static double
get_share (const HfAxes *self, const HfTicks *ticks, double value)
{
  double share;

  if (isnan (value))
    return 0;
  if (self->octaves && ticks == &self->across)
    share = log2 (MAX (value, ticks->low) / ticks->low) /
            log2 (ticks->high / ticks->low);
  else
    share = (value - ticks->low) / (ticks->high - ticks->low);
  return CLAMP (share, 0, 1);
}

double
hf_axes_get_x (const HfAxes *self, double value)
{
  return self->x + self->width * get_share (self, &self->across, value);
}

double
hf_axes_get_y (const HfAxes *self, double value)
{
  return self->y + self->height * (1 - get_share (self, &self->up, value));
}

/* Numbers under the axis, but none that would touch the one before. */
static void
draw_across (const HfAxes *self, const HfPen *pen)
{
  double bottom = self->y + self->height;
  double free_from = -INFINITY;
  const HfTicks *ticks = &self->across;
  double last_width = ticks->n > 0 ? hf_pen_measure (pen, HF_TEXT_QUIET,
                                                     ticks->text[ticks->n - 1])
                                   : 0;
  double last_left =
      ticks->n > 0
          ? hf_axes_get_x (self, ticks->at[ticks->n - 1]) - last_width / 2
          : 0;

  for (int i = 0; i < ticks->n; i++) {
    double at = hf_axes_get_x (self, ticks->at[i]);
    double width = hf_pen_measure (pen, HF_TEXT_QUIET, ticks->text[i]);
    double space = hf_pen_px (pen, 4);

    hf_pen_hairline (pen, at, self->y, at, bottom, pen->theme->grid_alpha);
    if (at - width / 2 < free_from ||
        (i + 1 < ticks->n && at + width / 2 + space > last_left))
      continue;
    hf_pen_text (pen, HF_TEXT_QUIET, at - width / 2,
                 bottom + hf_pen_px (pen, 3), width, 0.5, ticks->text[i]);
    free_from = at + width / 2 + space;
  }
}

void
hf_axes_draw (const HfAxes *self, const HfPen *pen, const char *up_name,
              const char *across_name)
{
  for (int i = 0; i < self->up.n; i++) {
    double at = hf_axes_get_y (self, self->up.at[i]);
    double gutter = get_gutter (self, pen) - hf_pen_px (pen, 6);

    hf_pen_hairline (pen, self->x, at, self->x + self->width, at,
                     pen->theme->grid_alpha);
    hf_pen_text (pen, HF_TEXT_QUIET, self->x - gutter - hf_pen_px (pen, 6),
                 at - pen->line / 2, gutter, 1, self->up.text[i]);
  }
  draw_across (self, pen);
  hf_pen_text (pen, HF_TEXT_QUIET, self->x,
               self->y - pen->line - hf_pen_px (pen, 6), self->width, 0,
               up_name);
  hf_pen_text (pen, HF_TEXT_QUIET, self->x,
               self->y + self->height + pen->line + hf_pen_px (pen, 3),
               self->width, 0.5, across_name);
}

void
hf_axes_note (const HfAxes *self, const HfPen *pen, const char *up_name,
              const char *note)
{
  double room = self->width - hf_pen_px (pen, 12) -
                hf_pen_measure (pen, HF_TEXT_QUIET, up_name);

  if (hf_pen_measure (pen, HF_TEXT_QUIET, note) <= room)
    hf_pen_text (pen, HF_TEXT_QUIET, self->x,
                 self->y - pen->line - hf_pen_px (pen, 6), self->width, 1,
                 note);
}
