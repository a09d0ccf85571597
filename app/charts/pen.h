/* app/charts/pen.h: what charts and reports are drawn with: text by Pango, and
 * the few marks that charts share. All lengths are in units of the drawing; a
 * length in the design's pixels (text of 12) is made with hf_pen_px, so that
 * everything grows with the text.
 *
 * Each call leaves no path behind. */
#pragma once

#include "app/charts/theme.h"

#include <pango/pangocairo.h>

G_BEGIN_DECLS

typedef struct {
  cairo_t *cr;
  const HfChartTheme *theme;
  PangoLayout *layout;
  double line; /* height of a line of text */
} HfPen;

typedef enum {
  HF_TEXT_PLAIN,
  HF_TEXT_QUIET,
  HF_TEXT_BOLD,
  HF_TEXT_ACCENT, /* bold, in the accent's colour darkened to be read */
  HF_TEXT_WRONG,
} HfTextStyle;

/* @cr and @theme are borrowed. */
void hf_pen_init (HfPen *self, cairo_t *cr, const HfChartTheme *theme);
void hf_pen_clear (HfPen *self);

double hf_pen_px (const HfPen *self, double px);
void hf_pen_set (const HfPen *self, const HfColour *colour, double alpha);

/* Width of one line of @text, rounded up. */
double hf_pen_measure (const HfPen *self, HfTextStyle style, const char *text);

/* One line with its upper edge at @y, cut with an ellipsis to @width; @align is
 * 0 for left at @x, 0.5 for centred in @x to @x + @width, 1 for right. */
void hf_pen_text (const HfPen *self, HfTextStyle style, double x, double y,
                  double width, double align, const char *text);

/* A line of text that reads upwards, centred on @x, beginning at @bottom. */
void hf_pen_text_upright (const HfPen *self, HfTextStyle style, double x,
                          double bottom, double length, const char *text);

/* Lines of text, wrapped to @width, as many as fit @height (at least one);
 * returns the height they take. Draws nothing where @draw is FALSE. */
double hf_pen_paragraph (const HfPen *self, HfTextStyle style, double x,
                         double y, double width, double height, double align,
                         const char *text, gboolean draw);

/* A hairline on whole pixels, in ink at @alpha. */
void hf_pen_hairline (const HfPen *self, double x0, double y0, double x1,
                      double y1, double alpha);
/* A dashed line of @width px, in ink at @alpha. */
void hf_pen_dashes (const HfPen *self, double x0, double y0, double x1,
                    double y1, double alpha);

/* An interval: a rounded bar from one end to the other. */
void hf_pen_whisker (const HfPen *self, double x0, double y0, double x1,
                     double y1);

typedef enum { HF_MARK_DISC, HF_MARK_SQUARE, HF_MARK_RING } HfPenMark;

/* A point with a ring of the ground's colour around it. */
void hf_pen_mark (const HfPen *self, HfPenMark mark, double x, double y);

/* A rectangle with rounded corners, filled; and lines across it. */
void hf_pen_box (const HfPen *self, double x, double y, double width,
                 double height, const HfColour *colour, double alpha);
void hf_pen_hatch (const HfPen *self, double x, double y, double width,
                   double height, const HfColour *colour, double alpha);

G_END_DECLS
