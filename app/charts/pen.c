/* pen.c: see pen.h. */
#include "app/charts/pen.h"

#include <math.h>
#include <string.h>

void
hf_pen_init (HfPen *self, cairo_t *cr, const HfChartTheme *theme)
{
  PangoContext *context = pango_cairo_create_context (cr);
  PangoFontDescription *font = pango_font_description_new ();
  cairo_font_options_t *options = cairo_font_options_create ();
  PangoRectangle box;

  /* Metrics that do not depend on the device: the same layout everywhere. */
  cairo_font_options_set_hint_metrics (
      options, theme->exact ? CAIRO_HINT_METRICS_OFF : CAIRO_HINT_METRICS_ON);
  cairo_font_options_set_hint_style (
      options, theme->exact ? CAIRO_HINT_STYLE_NONE : CAIRO_HINT_STYLE_SLIGHT);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (context, options);
  pango_cairo_context_set_resolution (context, 72);
  pango_context_set_round_glyph_positions (context, !theme->exact);
  pango_font_description_set_family (font, theme->family);
  pango_font_description_set_absolute_size (font, theme->text_px * PANGO_SCALE);
  self->cr = cr;
  self->theme = theme;
  self->layout = pango_layout_new (context);
  pango_layout_set_font_description (self->layout, font);
  /* All text begins at the left of its place, whatever it is written in. */
  pango_layout_set_auto_dir (self->layout, FALSE);
  pango_layout_set_text (self->layout, "Ag", -1);
  pango_layout_get_extents (self->layout, NULL, &box);
  self->line = ceil (box.height / (double) PANGO_SCALE);
  cairo_font_options_destroy (options);
  g_object_unref (context);
  pango_font_description_free (font);
  cairo_save (cr);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_new_path (cr);
}

void
hf_pen_clear (HfPen *self)
{
  cairo_restore (self->cr);
  g_clear_object (&self->layout);
}

double
hf_pen_px (const HfPen *self, double px)
{
  return px * self->theme->text_px / 12;
}

void
hf_pen_set (const HfPen *self, const HfColour *colour, double alpha)
{
  cairo_set_source_rgba (self->cr, colour->r, colour->g, colour->b, alpha);
}

/* @width is in units of the drawing, negative for as wide as it gets. The text
 * may have any bytes a name can have but must be UTF-8 by now; line ends are
 * shown as blanks. */
static void
lay_out (const HfPen *self, HfTextStyle style, double width, const char *text)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  if (style == HF_TEXT_BOLD || style == HF_TEXT_ACCENT)
    pango_attr_list_insert (attributes,
                            pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  /* Figures of one width, so that columns of numbers stand. */
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum"));
  pango_layout_set_attributes (self->layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_alignment (self->layout, PANGO_ALIGN_LEFT);
  pango_layout_set_text (self->layout, text, -1);
  pango_layout_set_width (self->layout,
                          width < 0 ? -1 : (int) floor (width * PANGO_SCALE));
}

static void
set_text_colour (const HfPen *self, HfTextStyle style)
{
  const HfChartTheme *theme = self->theme;

  switch (style) {
  case HF_TEXT_QUIET:
    hf_pen_set (self, &theme->quiet, 1);
    break;
  case HF_TEXT_ACCENT:
    hf_pen_set (self, &theme->accent, 1);
    break;
  case HF_TEXT_WRONG:
    hf_pen_set (self, &theme->wrong_text, 1);
    break;
  case HF_TEXT_PLAIN:
  case HF_TEXT_BOLD:
    hf_pen_set (self, &theme->ink, 1);
    break;
  }
}

double
hf_pen_measure (const HfPen *self, HfTextStyle style, const char *text)
{
  PangoRectangle box;

  lay_out (self, style, -1, text);
  pango_layout_set_single_paragraph_mode (self->layout, TRUE);
  pango_layout_get_extents (self->layout, NULL, &box);
  return ceil (box.width / (double) PANGO_SCALE) + 1;
}

/* Shows the layout with its first line's box at the origin. */
static void
show (const HfPen *self, HfTextStyle style)
{
  set_text_colour (self, style);
  pango_cairo_update_layout (self->cr, self->layout);
  pango_cairo_show_layout (self->cr, self->layout);
  cairo_new_path (self->cr);
}

/* One line, cut with an ellipsis if it is wider than @width; returns how wide
 * it is. */
static double
lay_out_line (const HfPen *self, HfTextStyle style, double width,
              const char *text)
{
  PangoRectangle box;

  pango_layout_set_single_paragraph_mode (self->layout, TRUE);
  lay_out (self, style, -1, text);
  pango_layout_get_extents (self->layout, NULL, &box);
  if (box.width / (double) PANGO_SCALE > width + 1) {
    pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_END);
    lay_out (self, style, width, text);
    pango_layout_get_extents (self->layout, NULL, &box);
  }
  return box.width / (double) PANGO_SCALE;
}

void
hf_pen_text (const HfPen *self, HfTextStyle style, double x, double y,
             double width, double align, const char *text)
{
  PangoRectangle box;
  double shown, left;

  if (width < self->line / 2 || *text == '\0')
    return;
  shown = lay_out_line (self, style, width, text);
  pango_layout_get_extents (self->layout, NULL, &box);
  left = x + (width - shown) * align - box.x / (double) PANGO_SCALE;
  if (!self->theme->exact) {
    left = round (left);
    y = round (y);
  }
  cairo_move_to (self->cr, left, y);
  show (self, style);
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_NONE);
}

void
hf_pen_text_upright (const HfPen *self, HfTextStyle style, double x,
                     double bottom, double length, const char *text)
{
  cairo_save (self->cr);
  cairo_translate (self->cr, x - self->line / 2, bottom);
  cairo_rotate (self->cr, -G_PI / 2);
  hf_pen_text (self, style, 0, 0, length, 0, text);
  cairo_restore (self->cr);
}

double
hf_pen_paragraph (const HfPen *self, HfTextStyle style, double x, double y,
                  double width, double height, double align, const char *text,
                  gboolean draw)
{
  PangoRectangle box;
  int n_lines = MAX (1, (int) floor (height / self->line));

  lay_out (self, style, MAX (width, self->line), text);
  pango_layout_set_single_paragraph_mode (self->layout, FALSE);
  pango_layout_set_wrap (self->layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_height (self->layout, -n_lines);
  pango_layout_set_alignment (self->layout, align == 0.5 ? PANGO_ALIGN_CENTER
                                            : align == 1 ? PANGO_ALIGN_RIGHT
                                                         : PANGO_ALIGN_LEFT);
  pango_layout_get_extents (self->layout, NULL, &box);
  if (draw) {
    cairo_move_to (self->cr, self->theme->exact ? x : round (x),
                   self->theme->exact ? y : round (y));
    show (self, style);
  }
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_NONE);
  pango_layout_set_height (self->layout, -1);
  return box.height / (double) PANGO_SCALE;
}

/* On screens hairlines lie on the middle of pixels. */
static double
snap (const HfPen *self, double at)
{
  return self->theme->exact ? at : floor (at) + 0.5;
}

void
hf_pen_hairline (const HfPen *self, double x0, double y0, double x1, double y1,
                 double alpha)
{
  hf_pen_set (self, &self->theme->ink, alpha);
  cairo_set_line_width (self->cr, self->theme->exact ? 0.5 : 1);
  cairo_move_to (self->cr, snap (self, x0), snap (self, y0));
  cairo_line_to (self->cr, snap (self, x1), snap (self, y1));
  cairo_stroke (self->cr);
}

void
hf_pen_dashes (const HfPen *self, double x0, double y0, double x1, double y1,
               double alpha)
{
  const double dashes[2] = {hf_pen_px (self, 4), hf_pen_px (self, 3)};

  cairo_save (self->cr);
  hf_pen_set (self, &self->theme->ink, alpha);
  cairo_set_line_width (self->cr, MAX (hf_pen_px (self, 1), 0.5));
  cairo_set_dash (self->cr, dashes, 2, 0);
  cairo_move_to (self->cr, x0, y0);
  cairo_line_to (self->cr, x1, y1);
  cairo_stroke (self->cr);
  cairo_restore (self->cr);
}

static void
trace_box (const HfPen *self, double x, double y, double width, double height,
           double radius)
{
  radius = MIN (radius, MIN (width, height) / 2);
  cairo_new_path (self->cr);
  cairo_arc (self->cr, x + radius, y + radius, radius, G_PI, 1.5 * G_PI);
  cairo_arc (self->cr, x + width - radius, y + radius, radius, 1.5 * G_PI,
             2 * G_PI);
  cairo_arc (self->cr, x + width - radius, y + height - radius, radius, 0,
             0.5 * G_PI);
  cairo_arc (self->cr, x + radius, y + height - radius, radius, 0.5 * G_PI,
             G_PI);
  cairo_close_path (self->cr);
}

void
hf_pen_whisker (const HfPen *self, double x0, double y0, double x1, double y1)
{
  double half = hf_pen_px (self, 4);

  /* As the bar is rounded within its ends, these are exact. */
  trace_box (self, x0 == x1 ? x0 - half : MIN (x0, x1),
             y0 == y1 ? y0 - half : MIN (y0, y1),
             x0 == x1 ? 2 * half : fabs (x1 - x0),
             y0 == y1 ? 2 * half : fabs (y1 - y0), half);
  hf_pen_set (self, &self->theme->accent, self->theme->band_alpha + 0.1);
  cairo_fill_preserve (self->cr);
  if (self->theme->contrast) {
    hf_pen_set (self, &self->theme->ink, 1);
    cairo_set_line_width (self->cr, 1);
    cairo_stroke (self->cr);
  }
  cairo_new_path (self->cr);
}

void
hf_pen_mark (const HfPen *self, HfPenMark mark, double x, double y)
{
  double radius = hf_pen_px (self, 4.5), ring = hf_pen_px (self, 1.5);
  const HfColour *inner =
      mark == HF_MARK_RING ? &self->theme->ground : &self->theme->accent;

  if (mark == HF_MARK_SQUARE) {
    hf_pen_box (self, x - radius - ring, y - radius - ring, 2 * (radius + ring),
                2 * (radius + ring), &self->theme->ground, 1);
    radius *= 0.9;
    hf_pen_box (self, x - radius, y - radius, 2 * radius, 2 * radius,
                &self->theme->accent, 1);
    return;
  }
  cairo_new_path (self->cr);
  cairo_arc (self->cr, x, y, radius + ring, 0, 2 * G_PI);
  hf_pen_set (self, &self->theme->ground, 1);
  cairo_fill (self->cr);
  cairo_arc (self->cr, x, y, radius, 0, 2 * G_PI);
  hf_pen_set (self, &self->theme->accent, 1);
  cairo_fill (self->cr);
  if (mark == HF_MARK_DISC)
    return;
  cairo_arc (self->cr, x, y, radius - ring, 0, 2 * G_PI);
  hf_pen_set (self, inner, 1);
  cairo_fill (self->cr);
}

void
hf_pen_box (const HfPen *self, double x, double y, double width, double height,
            const HfColour *colour, double alpha)
{
  if (width <= 0 || height <= 0)
    return;
  trace_box (self, x, y, width, height,
             MIN (hf_pen_px (self, 4), MIN (width, height) / 6));
  hf_pen_set (self, colour, alpha);
  cairo_fill_preserve (self->cr);
  if (self->theme->contrast && alpha < 1) {
    hf_pen_set (self, &self->theme->ink, MIN (1, 6 * alpha));
    cairo_set_line_width (self->cr, 1);
    cairo_stroke (self->cr);
  }
  cairo_new_path (self->cr);
}

void
hf_pen_hatch (const HfPen *self, double x, double y, double width,
              double height, const HfColour *colour, double alpha)
{
  double step = hf_pen_px (self, 5);

  if (width <= 0 || height <= 0)
    return;
  cairo_save (self->cr);
  cairo_rectangle (self->cr, x, y, width, height);
  cairo_clip (self->cr);
  hf_pen_set (self, colour, alpha);
  cairo_set_line_width (self->cr, MAX (hf_pen_px (self, 1), 0.5));
  for (double at = -height; at < width; at += step) {
    cairo_move_to (self->cr, x + at, y + height);
    cairo_line_to (self->cr, x + at + height, y);
  }
  cairo_stroke (self->cr);
  cairo_restore (self->cr);
}
