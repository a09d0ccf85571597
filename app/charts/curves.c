/* curves.c: see the header. */
#include "app/charts/curves.h"

#include "app/charts/axes-private.h"
#include "app/charts/chart-private.h"
#include "app/charts/wording.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct {
  gboolean is_roc;
  GArray *points;    /* HfCurvePoint: x, y as drawn, in [0, 1] */
  HfRate across, up; /* of the point that is shown in full; up.n = 0: no such */
  HfRate used_across, used_up; /* of the point in use, where that is another;
                                  used_up.n = 0: none */
  double area;
} Curve;

static void
free_curve (gpointer data)
{
  Curve *self = data;

  g_array_unref (self->points);
  g_free (self);
}

static const HfCurvePoint *
get_point (const Curve *self, guint i)
{
  return &g_array_index (self->points, HfCurvePoint, i);
}

static double
get_high (const HfRate *rate)
{
  if (rate->k == 0 && isfinite (rate->upper))
    return rate->upper;
  return isfinite (rate->high) ? rate->high : rate->rate;
}

/* Where escapes and overkill are nearest to each other. */
static double
find_knee (const Curve *self)
{
  double knee = 1;

  for (guint i = 0; i < self->points->len; i++)
    knee = MIN (knee, MAX (get_point (self, i)->x, get_point (self, i)->y));
  return knee;
}

/* What the points need of an axis. While others are tried the interval of the
 * point in use decides, so that the scale stands still. */
static double
find_span (const Curve *self, gboolean up)
{
  const HfRate *shown = up ? &self->up : &self->across;
  const HfRate *used = up ? &self->used_up : &self->used_across;

  if (self->used_up.n == 0)
    return MAX (0.1, get_high (shown));
  return MAX (0.1, MAX (get_high (used), 1.1 * shown->rate));
}

static void
set_ticks (const Curve *self, const HfPen *pen, double width, double height,
           HfAxes *axes)
{
  double top_x = 1, top_y = 1;

  if (self->is_roc) {
    double knee = 1.6 * find_knee (self);

    top_x = hf_ticks_find_top (MAX (knee, find_span (self, FALSE)));
    top_y = hf_ticks_find_top (MAX (knee, find_span (self, TRUE)));
  }
  hf_ticks_init_share (&axes->across, 0, top_x,
                       hf_axes_find_n_across (pen, width));
  hf_ticks_init_share (&axes->up, 0, top_y, hf_axes_find_n_up (pen, height));
}

static void
draw_line (const Curve *self, const HfPen *pen, const HfAxes *axes)
{
  cairo_save (pen->cr);
  cairo_rectangle (pen->cr, axes->x - 2, axes->y - 2, axes->width + 4,
                   axes->height + 4);
  cairo_clip (pen->cr);
  cairo_new_path (pen->cr);
  for (guint i = 0; i < self->points->len; i++) {
    const HfCurvePoint *point = get_point (self, i);
    /* Not held at the edges: the clip cuts, so that slopes stay true. */
    double x = axes->x + axes->width * point->x / axes->across.high;
    double y = axes->y + axes->height * (1 - point->y / axes->up.high);

    if (i == 0)
      cairo_move_to (pen->cr, x, y);
    else
      cairo_line_to (pen->cr, x, y);
  }
  hf_pen_set (pen, &pen->theme->accent, 1);
  cairo_set_line_width (pen->cr, hf_pen_px (pen, 2));
  cairo_stroke (pen->cr);
  cairo_restore (pen->cr);
}

static char *
dup_area (const Curve *self)
{
  g_autofree char *text = NULL;

  if (!isfinite (self->area))
    return g_strdup ("");
  text = hf_wording_dup_decimal (self->area, 3);
  return g_strdup_printf ("%s %s",
                          self->is_roc ? "AUC" : _("mean precision"), text);
}

/* How high the curve is at @x of the drawing. An ROC curve in this reading only
 * falls, so that all of it right of @x is below. */
static double
find_curve_y (const Curve *self, const HfAxes *axes, double x)
{
  double share = (x - axes->x) / axes->width * axes->across.high;

  for (guint i = 0; i < self->points->len; i++)
    if (get_point (self, i)->x >= share)
      return hf_axes_get_y (axes, get_point (self, MAX (i, 1) - 1)->y);
  return axes->y + axes->height;
}

/* The point in use, its intervals and what it means; the words stand where the
 * curve is not: up and to the right of it. */
static void
draw_point (const Curve *self, const HfPen *pen, const HfAxes *axes)
{
  double x = hf_axes_get_x (axes, self->across.rate);
  double y = hf_axes_get_y (axes, self->up.rate);
  g_autofree char *up = hf_wording_dup_count (&self->up);
  g_autofree char *across = hf_wording_dup_count (&self->across);
  g_autofree char *first = g_strdup_printf (_("%s escapes"), up);
  g_autofree char *second = g_strdup_printf (_("%s overkill"), across);
  double wide = MAX (hf_pen_measure (pen, HF_TEXT_BOLD, first),
                     hf_pen_measure (pen, HF_TEXT_BOLD, second));
  double gap = hf_pen_px (pen, 9);
  double left = MIN (x + gap, axes->x + axes->width - wide);
  double bottom =
      MIN (y - gap, find_curve_y (self, axes, left) - hf_pen_px (pen, 3));
  double top = MAX (bottom - 2 * pen->line, axes->y);

  if (isfinite (self->across.high))
    hf_pen_whisker (pen, hf_axes_get_x (axes, self->across.low), y,
                    hf_axes_get_x (axes, get_high (&self->across)), y);
  if (isfinite (self->up.high))
    hf_pen_whisker (pen, x, hf_axes_get_y (axes, self->up.low), x,
                    hf_axes_get_y (axes, get_high (&self->up)));
  hf_pen_mark (pen, HF_MARK_DISC, x, y);
  hf_pen_text (pen, HF_TEXT_BOLD, left, top, wide, 0, first);
  hf_pen_text (pen, HF_TEXT_BOLD, left, top + pen->line, wide, 0, second);
}

/* The point in use while another is tried; its name gives way to that one. */
static void
draw_used (const Curve *self, const HfPen *pen, const HfAxes *axes)
{
  double x = hf_axes_get_x (axes, self->used_across.rate);
  double y = hf_axes_get_y (axes, self->used_up.rate);
  double apart = fabs (x - hf_axes_get_x (axes, self->across.rate)) +
                 fabs (y - hf_axes_get_y (axes, self->up.rate));
  double wide = hf_pen_measure (pen, HF_TEXT_QUIET, _("in use"));
  double left = MIN (x + hf_pen_px (pen, 9), axes->x + axes->width - wide);

  hf_pen_mark (pen, HF_MARK_RING, x, y);
  if (apart > wide + hf_pen_px (pen, 24))
    hf_pen_text (pen, HF_TEXT_QUIET, left,
                 MAX (axes->y, y - pen->line - hf_pen_px (pen, 3)), wide, 0,
                 _("in use"));
}

static void
draw_curve (gconstpointer data, const HfPen *pen, double width, double height)
{
  const Curve *self = data;
  g_autofree char *area = dup_area (self);
  HfAxes axes = {0};

  set_ticks (self, pen, width, height, &axes);
  hf_axes_place (&axes, pen, 0, 0, width, height, 0);
  hf_axes_draw (&axes, pen,
                self->is_roc                   ? _("escapes")
                                               : _("precision"),
                                  self->is_roc ? _("overkill")
                                               : _("recall of bad parts"));
  hf_axes_note (&axes, pen,
                self->is_roc ? _("escapes") : _("precision"), area);
  draw_line (self, pen, &axes);
  if (self->used_up.n > 0 && self->used_across.n > 0)
    draw_used (self, pen, &axes);
  if (self->is_roc && self->up.n > 0 && self->across.n > 0)
    draw_point (self, pen, &axes);
}

static double
measure_curve (gconstpointer data, const HfPen *pen, double width)
{
  return CLAMP (width * 0.5, hf_pen_px (pen, 160), hf_pen_px (pen, 300));
}

static const HfChartKind curve_kind = {draw_curve, measure_curve, free_curve};

static HfTable *
new_table (const Curve *self)
{
  HfTable *table = self->is_roc
      ? hf_table_new (_("Escapes against overkill, over all thresholds"),
            _("overkill"), _("escapes"), _("threshold"), NULL)
               : hf_table_new (
                     _("Precision against recall of bad parts, over all "
                       "thresholds"),
                        _("recall"), _("precision"), _("threshold"), NULL);

  for (guint i = 0; i < self->points->len; i++) {
    hf_table_add_number (table, get_point (self, i)->x);
    hf_table_add_number (table, get_point (self, i)->y);
    hf_table_add_number (table, get_point (self, i)->threshold);
  }
  return table;
}

static Curve *
new_curve (const GArray *points, gboolean is_roc, double area)
{
  Curve *self = g_new0 (Curve, 1);

  self->is_roc = is_roc;
  self->area = area;
  self->points = g_array_new (FALSE, FALSE, sizeof (HfCurvePoint));
  for (guint i = 0; points != NULL && i < points->len; i++) {
    HfCurvePoint point = g_array_index (points, HfCurvePoint, i);

    if (is_roc)
      point.y = 1 - point.y;
    if (isfinite (point.x) && isfinite (point.y))
      g_array_append_val (self->points, point);
  }
  return self;
}

static char *
dup_reason (const Curve *self)
{
  if (self->points->len > 0)
    return NULL;
  return g_strdup (
      _("Needs a good class, and tested pictures of good and of bad parts."));
}

HfChart *
hf_chart_new_roc (const HfProbeEvaluation *probe)
{
  Curve *self = new_curve (probe->roc, TRUE, probe->auc);
  g_autofree char *escapes = hf_wording_dup_sentence (&probe->escape_rate);
  g_autofree char *overkill = hf_wording_dup_sentence (&probe->overkill);
  g_autofree char *area = dup_area (self);

  self->up = probe->escape_rate;
  self->across = probe->overkill;
  return hf_chart_new (
      &curve_kind,
      _("Escapes Against Overkill"), self, new_table (self), dup_reason (self),
         g_strdup_printf (_("In use: escapes %s; overkill %s. %s."), escapes,
                             overkill, area));
}

HfChart *
hf_chart_new_roc_tried (const HfProbeEvaluation *in_use,
                        const HfProbeEvaluation *tried)
{
  Curve *self = new_curve (in_use->roc, TRUE, in_use->auc);
  g_autofree char *used_escapes =
      hf_wording_dup_sentence (&in_use->escape_rate);
  g_autofree char *used_overkill = hf_wording_dup_sentence (&in_use->overkill);
  g_autofree char *escapes = hf_wording_dup_sentence (&tried->escape_rate);
  g_autofree char *overkill = hf_wording_dup_sentence (&tried->overkill);

  self->up = tried->escape_rate;
  self->across = tried->overkill;
  self->used_up = in_use->escape_rate;
  self->used_across = in_use->overkill;
  return hf_chart_new (
      &curve_kind,
      _("Escapes Against Overkill"), self, new_table (self), dup_reason (self),
         g_strdup_printf (_("In use: escapes %s; overkill %s. Tried: escapes "
                            "%s; overkill %s."),
                             used_escapes, used_overkill, escapes, overkill));
}

/* How far the point @i is from (@x, @y), squared. */
static double
measure_distance (const Curve *self, const HfAxes *axes, guint i, double x,
                  double y)
{
  double dx = hf_axes_get_x (axes, get_point (self, i)->x) - x;
  double dy = hf_axes_get_y (axes, get_point (self, i)->y) - y;

  return dx * dx + dy * dy;
}

/* A point rejects what is below its threshold: so do all thresholds down to
 * that of the point before. */
static double
find_threshold (const Curve *self, const HfAxes *axes, double x, double y)
{
  guint nearest = 0;
  double threshold, before;

  if (self->points->len == 0)
    return NAN;
  for (guint i = 1; i < self->points->len; i++)
    if (measure_distance (self, axes, i, x, y) <
        measure_distance (self, axes, nearest, x, y))
      nearest = i;
  threshold = get_point (self, nearest)->threshold;
  before = nearest > 0 ? get_point (self, nearest - 1)->threshold : 0;
  return (CLAMP (threshold, 0, 1) + CLAMP (before, 0, 1)) / 2;
}

double
hf_chart_find_roc (const HfChart *chart, double x, double y, double width,
                   double height, const HfChartTheme *theme)
{
  const Curve *self = hf_chart_get_data (chart, &curve_kind);
  cairo_surface_t *surface;
  cairo_t *cr;
  HfAxes axes = {0};
  HfPen pen;

  if (self == NULL || !self->is_roc)
    return NAN;
  surface = cairo_recording_surface_create (CAIRO_CONTENT_ALPHA, NULL);
  cr = cairo_create (surface);
  hf_pen_init (&pen, cr, theme);
  set_ticks (self, &pen, width, height, &axes);
  hf_axes_place (&axes, &pen, 0, 0, width, height, 0);
  hf_pen_clear (&pen);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return find_threshold (self, &axes, x, y);
}

HfChart *
hf_chart_new_precision_recall (const HfProbeEvaluation *probe)
{
  Curve *self = new_curve (probe->pr, FALSE, probe->average_precision);
  g_autofree char *area = dup_area (self);

  return hf_chart_new (&curve_kind,
                       _("Precision and Recall"), self, new_table (self),
                          dup_reason (self),
                          g_strdup_printf (_("Of bad parts: %s."), area));
}
