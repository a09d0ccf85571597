/* learning.c: see the header. The horizontal axis is by doublings where the
 * labels span more than 6 to 1: each doubling counts about as much. */
#include "app/charts/learning.h"

#include "app/charts/axes-private.h"
#include "app/charts/chart-private.h"
#include "app/charts/wording.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct {
  char *name;
  GArray *points;   /* HfLearningPoint, by labels */
  double zero_shot; /* NAN: none */
} Learning;

static void
free_learning (gpointer data)
{
  Learning *self = data;

  g_array_unref (self->points);
  g_free (self->name);
  g_free (self);
}

static const HfLearningPoint *
get_point (const Learning *self, guint i)
{
  return &g_array_index (self->points, HfLearningPoint, i);
}

/* The ends of the band; the point itself where its spread is not known. */
static double
get_low (const HfLearningPoint *point)
{
  return isfinite (point->accuracy_low) ? point->accuracy_low : point->accuracy;
}

static double
get_high (const HfLearningPoint *point)
{
  return isfinite (point->accuracy_high) ? point->accuracy_high
                                         : point->accuracy;
}

/* A tick at every point, or every few, with the number of its labels. */
static void
set_octaves (const Learning *self, HfTicks *ticks, int n_max)
{
  guint stride = 1;

  n_max = CLAMP (n_max, 2, HF_TICKS_MAX);
  while ((self->points->len + stride - 1) / stride > (guint) n_max)
    stride++;

  ticks->n = 0;
  for (guint i = 0; i < self->points->len; i += stride) {
    ticks->at[ticks->n] = get_point (self, i)->n_labels;
    g_snprintf (ticks->text[ticks->n], sizeof ticks->text[0], "%d",
                get_point (self, i)->n_labels);
    ticks->n++;
  }
}

static void
set_ticks (const Learning *self, const HfPen *pen, double width, double height,
           HfAxes *axes)
{
  double first = get_point (self, 0)->n_labels;
  double last = get_point (self, self->points->len - 1)->n_labels;
  double bottom = isfinite (self->zero_shot) ? self->zero_shot : 1;

  for (guint i = 0; i < self->points->len; i++)
    bottom = MIN (bottom, get_low (get_point (self, i)));
  hf_ticks_init_share (&axes->up, hf_ticks_find_bottom (bottom), 1,
                       hf_axes_find_n_up (pen, height));
  axes->octaves = first >= 1 && last / first > 6;
  hf_ticks_init_count (&axes->across, axes->octaves ? first : 0,
                       MAX (last, 1) * (self->points->len == 1 ? 2 : 1),
                       hf_axes_find_n_across (pen, width));
  if (axes->octaves)
    set_octaves (self, &axes->across, (int) (width / hf_pen_px (pen, 44)));
}

static void
draw_band (const Learning *self, const HfPen *pen, const HfAxes *axes)
{
  guint n = self->points->len;

  cairo_new_path (pen->cr);
  for (guint i = 0; i < n; i++)
    cairo_line_to (pen->cr, hf_axes_get_x (axes, get_point (self, i)->n_labels),
                   hf_axes_get_y (axes, get_high (get_point (self, i))));
  for (guint i = n; i-- > 0;)
    cairo_line_to (pen->cr, hf_axes_get_x (axes, get_point (self, i)->n_labels),
                   hf_axes_get_y (axes, get_low (get_point (self, i))));
  cairo_close_path (pen->cr);
  hf_pen_set (pen, &pen->theme->accent, pen->theme->band_alpha);
  cairo_fill_preserve (pen->cr);
  if (pen->theme->contrast) {
    hf_pen_set (pen, &pen->theme->ink, 1);
    cairo_set_line_width (pen->cr, 1);
    cairo_stroke (pen->cr);
  }
  cairo_new_path (pen->cr);
  for (guint i = 0; i < n; i++)
    cairo_line_to (pen->cr, hf_axes_get_x (axes, get_point (self, i)->n_labels),
                   hf_axes_get_y (axes, get_point (self, i)->accuracy));
  hf_pen_set (pen, &pen->theme->accent, 1);
  cairo_set_line_width (pen->cr, hf_pen_px (pen, 2));
  cairo_stroke (pen->cr);
}

static void
draw_learning (gconstpointer data, const HfPen *pen, double width,
               double height)
{
  const Learning *self = data;
  const HfLearningPoint *last = get_point (self, self->points->len - 1);
  gboolean compared = isfinite (self->zero_shot);
  double pad = hf_pen_px (pen, 8);
  double right =
      MAX (hf_pen_measure (pen, HF_TEXT_ACCENT, self->name), compared
           ? hf_pen_measure (pen, HF_TEXT_QUIET, _("zero-shot")) : 0) +
           pad;
  HfAxes axes = {0};
  double x, y;

  right = MIN (right, 0.3 * width);
  set_ticks (self, pen, width - right, height, &axes);
  hf_axes_place (&axes, pen, 0, 0, width, height, right);
  hf_axes_draw (&axes, pen, _("right"), _("labels a class"));
  x = hf_axes_get_x (&axes, last->n_labels);
  y = hf_axes_get_y (&axes, last->accuracy);
  if (compared) {
    double line = hf_axes_get_y (&axes, self->zero_shot);
    double text = line - pen->line / 2;

    hf_pen_dashes (pen, axes.x, line, axes.x + axes.width, line, 0.55);
    /* The two names at the right keep a line between them. */
    if (fabs (line - y) < pen->line)
      text += line >= y ? y + pen->line - line : y - pen->line - line;
    hf_pen_text (pen, HF_TEXT_QUIET, axes.x + axes.width + pad, text,
                 right - pad, 0, _("zero-shot"));
  }
  if (self->points->len > 1)
    draw_band (self, pen, &axes);
  else if (isfinite (last->accuracy_low) && isfinite (last->accuracy_high))
    hf_pen_whisker (pen, x, hf_axes_get_y (&axes, last->accuracy_low), x,
                    hf_axes_get_y (&axes, last->accuracy_high));
  hf_pen_mark (pen, HF_MARK_DISC, x, y);
  hf_pen_text (pen, HF_TEXT_ACCENT, axes.x + axes.width + pad,
               y - pen->line / 2, right - pad, 0, self->name);
}

static double
measure_learning (gconstpointer data, const HfPen *pen, double width)
{
  return CLAMP (width * 0.45, hf_pen_px (pen, 160), hf_pen_px (pen, 280));
}

static const HfChartKind learning_kind = {draw_learning, measure_learning,
                                          free_learning};

static HfTable *
new_table (const Learning *self)
{
  HfTable *table = hf_table_new (_("Right answers, balanced over the classes, "
                                   "by labels a class"),
      _("probe"), _("labels a class"),
                      _("repeats"), _("right"), _("low"), _("high"), NULL);

  for (guint i = 0; i < self->points->len; i++) {
    const HfLearningPoint *point = get_point (self, i);

    hf_table_add_text (table, self->name);
    hf_table_add_int (table, point->n_labels);
    hf_table_add_int (table, point->n_repeats);
    hf_table_add_number (table, point->accuracy);
    hf_table_add_number (table, point->accuracy_low);
    hf_table_add_number (table, point->accuracy_high);
  }
  if (isfinite (self->zero_shot)) {
    hf_table_add_text (table, _("zero-shot"));
    hf_table_add_int (table, 0);
    hf_table_add_text (table, "");
    hf_table_add_number (table, self->zero_shot);
    hf_table_add_text (table, "");
    hf_table_add_text (table, "");
  }
  return table;
}

static char *
dup_summary (const Learning *self)
{
  const HfLearningPoint *first, *last;
  g_autofree char *from = NULL, *to = NULL;

  if (self->points->len == 0)
    return g_strdup (_("There is no learning curve."));
  first = get_point (self, 0);
  last = get_point (self, self->points->len - 1);
  from = hf_wording_dup_percent (first->accuracy, 2);
  to = hf_wording_dup_percent (last->accuracy, 2);
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "From %s %% right at %d label a class to %s %% at %d; the "
                   "band is the spread over repeats.",
                   "From %s %% right at %d labels a class to %s %% at %d; the "
                   "band is the spread over repeats.",
                   (gulong) first->n_labels),
      from, first->n_labels, to, last->n_labels);
}

HfChart *
hf_chart_new_learning (const char *name, const GArray *points,
                       const HfProbeEvaluation *zero_shot)
{
  Learning *self = g_new0 (Learning, 1);

  self->name = g_strdup (name != NULL ? name : _("trained"));
  self->points = g_array_new (FALSE, FALSE, sizeof (HfLearningPoint));
  for (guint i = 0; points != NULL && i < points->len; i++) {
    HfLearningPoint point = g_array_index (points, HfLearningPoint, i);

    if (isfinite (point.accuracy))
      g_array_append_val (self->points, point);
  }
  self->zero_shot = zero_shot != NULL ? zero_shot->balanced_accuracy : NAN;
  return hf_chart_new (
      &learning_kind, _("Learning Curve"), self, new_table (self),
                         self->points->len == 0
                         ? g_strdup (_("Too few labels for a learning curve."))
                                     : NULL,
                                     dup_summary (self));
}

/* Standard error of the mean of the repeats of a point. The range of five
 * normal draws is 2.33 standard deviations wide in the mean (Tippett 1925). */
static double
find_error (const HfLearningPoint *point)
{
  return (point->accuracy_high - point->accuracy_low) / 2.33 /
         sqrt (point->n_repeats);
}

gboolean
hf_learning_find_gain (const GArray *points, int n_classes, int n_more,
                       double *gain, double *low, double *high)
{
  /* Student's t with four degrees of freedom, 95 %: that of five repeats. */
  const double t = 2.776;
  const HfLearningPoint *last, *before = NULL;
  double doublings, ahead, error;

  if (points == NULL || points->len < 2 || n_classes < 1)
    return FALSE;
  last = &g_array_index (points, HfLearningPoint, points->len - 1);
  /* The last sizes may lie close to each other. */
  for (guint i = 0; i + 1 < points->len; i++) {
    const HfLearningPoint *point = &g_array_index (points, HfLearningPoint, i);

    if (2 * last->n_labels >= 3 * point->n_labels)
      before = point;
  }
  if (before == NULL || last->n_labels < 4 || last->n_repeats < 2)
    return FALSE;
  doublings = log2 ((double) last->n_labels / before->n_labels);
  ahead = log2 (1 + (double) n_more / n_classes / last->n_labels);
  error = t * hypot (find_error (last), find_error (before));
  *gain = (last->accuracy - before->accuracy) / doublings * ahead;
  *low = *gain - error / doublings * ahead;
  *high = *gain + error / doublings * ahead;
  /* No share is above all. */
  *gain = MIN (*gain, 1 - last->accuracy);
  *high = MIN (*high, 1 - last->accuracy);
  *low = MIN (*low, *gain);
  return isfinite (*gain) && isfinite (*low) && isfinite (*high);
}
