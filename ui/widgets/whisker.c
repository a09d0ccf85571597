/* whisker.c: see the header. */
#include "ui/widgets/whisker.h"

#include "app/charts/pen.h"
#include "app/charts/ticks.h"
#include "ui/charts/chart-style.h"

#include <glib/gi18n.h>
#include <math.h>

/* px at text of 9 pt */
#define BAR_HEIGHT 16
#define MARGIN 5
#define GOAL_HALF 7

struct _HfWhisker {
  GtkWidget parent_instance;
  HfRate rate;
  double goal, top;
  gboolean axis;
};

G_DEFINE_FINAL_TYPE (HfWhisker, hf_whisker, GTK_TYPE_WIDGET)

static void
hf_whisker_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                    int *minimum, int *natural, int *minimum_baseline,
                    int *natural_baseline)
{
  HfWhisker *self = HF_WHISKER (widget);
  HfChartTheme theme;
  double unit, height;

  hf_chart_style_read (widget, &theme);
  unit = theme.text_px / 12;
  height = BAR_HEIGHT * unit + (self->axis ? 1.5 * theme.text_px : 0);
  *minimum = (int) ceil (orientation == GTK_ORIENTATION_HORIZONTAL ? 60 * unit
                                                                   : height);
  *natural = (int) ceil (orientation == GTK_ORIENTATION_HORIZONTAL ? 200 * unit
                                                                   : height);
}

static double
get_x (HfWhisker *self, const HfPen *pen, double width, double share)
{
  double margin = hf_pen_px (pen, MARGIN);

  return margin + (width - 2 * margin) * CLAMP (share / self->top, 0, 1);
}

/* The interval, or at none of n the one-sided bound, as in the words. */
static void
draw_rate (HfWhisker *self, const HfPen *pen, double width, double y)
{
  const HfRate *rate = &self->rate;
  double high =
      rate->k == 0 && isfinite (rate->upper) ? rate->upper : rate->high;

  if (rate->n == 0 || !isfinite (rate->rate))
    return;
  if (isfinite (rate->low) && isfinite (high))
    hf_pen_whisker (pen, get_x (self, pen, width, rate->low), y,
                    get_x (self, pen, width, high), y);
  hf_pen_mark (pen, HF_MARK_DISC, get_x (self, pen, width, rate->rate), y);
}

typedef struct {
  double left, right;
} Taken;

/* Writes @text centred at @x but inside the widget, if nothing is there. */
static void
draw_number (const HfPen *pen, const char *text, double x, double y,
             double width, Taken *taken, int *n_taken)
{
  double gap = hf_pen_px (pen, 6);
  double text_width = hf_pen_measure (pen, HF_TEXT_QUIET, text);
  double left = CLAMP (x - text_width / 2, 0, MAX (0, width - text_width));

  for (int i = 0; i < *n_taken; i++)
    if (left < taken[i].right + gap && left + text_width > taken[i].left - gap)
      return;
  taken[*n_taken] = (Taken){left, left + text_width};
  ++*n_taken;
  hf_pen_text (pen, HF_TEXT_QUIET, left, y, text_width, 0, text);
}

/* The goal first, then the ends, then what still has room. */
static void
draw_axis (HfWhisker *self, const HfPen *pen, double width, double y)
{
  Taken taken[HF_TICKS_MAX + 1];
  int n_taken = 0;
  HfTicks ticks;

  hf_ticks_init_share (&ticks, 0, self->top, 5);
  if (isfinite (self->goal)) {
    /* Translators: the rate that shall be reached: "goal 5 %". */
    g_autofree char *text =
        g_strdup_printf (_ ("goal %.3g %%"), self->goal * 100);

    draw_number (pen, text, get_x (self, pen, width, self->goal), y, width,
                 taken, &n_taken);
  }
  for (int i = 0; i < ticks.n; i++) {
    int tick = i == 0 ? 0 : i == 1 ? ticks.n - 1 : i - 1;

    draw_number (pen, ticks.text[tick],
                 get_x (self, pen, width, ticks.at[tick]), y, width, taken,
                 &n_taken);
  }
}

static void
hf_whisker_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfWhisker *self = HF_WHISKER (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  HfChartTheme theme;
  HfPen pen;
  cairo_t *cr;
  double y;

  if (width < 1 || height < 1)
    return;
  hf_chart_style_read (widget, &theme);
  cr = gtk_snapshot_append_cairo (snapshot,
                                  &GRAPHENE_RECT_INIT (0, 0, width, height));
  hf_pen_init (&pen, cr, &theme);
  y = hf_pen_px (&pen, BAR_HEIGHT / 2);
  hf_pen_hairline (&pen, get_x (self, &pen, width, 0), y,
                   get_x (self, &pen, width, self->top), y, theme.grid_alpha);
  if (isfinite (self->goal)) {
    double x = get_x (self, &pen, width, self->goal);
    double half = hf_pen_px (&pen, GOAL_HALF);

    hf_pen_dashes (&pen, x, y - half, x, y + half, 0.7);
  }
  draw_rate (self, &pen, width, y);
  if (self->axis)
    draw_axis (self, &pen, width, hf_pen_px (&pen, BAR_HEIGHT));
  hf_pen_clear (&pen);
  cairo_destroy (cr);
}

static void
hf_whisker_class_init (HfWhiskerClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  widget_class->measure = hf_whisker_measure;
  widget_class->snapshot = hf_whisker_snapshot;
  /* The words beside it say the same. */
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
hf_whisker_init (HfWhisker *self)
{
  self->goal = NAN;
  self->top = 1;
}

void
hf_whisker_set_rate (HfWhisker *self, const HfRate *rate, double goal,
                     double top)
{
  self->rate = rate != NULL ? *rate : (HfRate){.rate = NAN};
  self->goal = goal;
  self->top = top > 0 ? top : 1;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
hf_whisker_set_axis (HfWhisker *self, gboolean axis)
{
  self->axis = axis;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

double
hf_whisker_find_top (const HfRate *const *rates, gsize n, double goal)
{
  double share = isfinite (goal) ? goal * 1.2 : 0;

  for (gsize i = 0; i < n; i++) {
    const HfRate *rate = rates[i];
    double high =
        rate->k == 0 && isfinite (rate->upper) ? rate->upper : rate->high;

    if (rate->n > 0 && isfinite (high))
      share = MAX (share, high);
    else if (rate->n > 0 && isfinite (rate->rate))
      share = MAX (share, rate->rate);
  }
  return hf_ticks_find_top (share);
}
