/* effect-bar.c: see the header. */
#include "ui/prompts/effect-bar.h"

#include "app/charts/pen.h"
#include "ui/charts/chart-style.h"

#include <math.h>

/* px at text of 9 pt */
#define WIDTH 96
#define HEIGHT 20
#define MARGIN 6

struct _HfEffectBar {
  GtkWidget parent_instance;

  HfPairedChange change;
  double reach;
};

G_DEFINE_FINAL_TYPE (HfEffectBar, hf_effect_bar, GTK_TYPE_WIDGET)

HfEffectKind
hf_effect_kind_get (const HfPairedChange *change)
{
  if (change == NULL || change->n == 0)
    return HF_EFFECT_NONE;
  if (change->low > 0)
    return HF_EFFECT_WINS;
  if (change->high < 0)
    return HF_EFFECT_LOSES;
  return HF_EFFECT_UNCLEAR;
}

double
hf_effect_get_reach (const HfPairedChange *change)
{
  double n = (double) change->n;
  double reach = fabs ((double) (change->gained - change->lost));

  if (isfinite (change->low) && isfinite (change->high))
    reach = MAX (reach, n * MAX (fabs (change->low), fabs (change->high)));
  return reach;
}

static void
hf_effect_bar_measure (GtkWidget *widget, GtkOrientation orientation,
                       int for_size, int *minimum, int *natural,
                       int *minimum_baseline, int *natural_baseline)
{
  HfChartTheme theme;
  double px;

  hf_chart_style_read (widget, &theme);
  px = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
  *minimum = *natural = (int) ceil (px * theme.text_px / 12);
}

static double
get_x (HfEffectBar *self, const HfPen *pen, double width, double pictures)
{
  double half = width / 2 - hf_pen_px (pen, MARGIN);

  return width / 2 + half * CLAMP (pictures / self->reach, -1, 1);
}

static void
draw_change (HfEffectBar *self, const HfPen *pen, double width, double y)
{
  const HfPairedChange *change = &self->change;
  double n = (double) change->n;

  if (isfinite (change->low) && isfinite (change->high))
    hf_pen_whisker (pen, get_x (self, pen, width, change->low * n), y,
                    get_x (self, pen, width, change->high * n), y);
  hf_pen_mark (
      pen, HF_MARK_DISC,
      get_x (self, pen, width, (double) (change->gained - change->lost)), y);
}

static void
hf_effect_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfEffectBar *self = HF_EFFECT_BAR (widget);
  HfEffectKind kind = hf_effect_kind_get (&self->change);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  HfChartTheme theme;
  HfPen pen;
  cairo_t *cr;
  double half;

  if (width < 1 || height < 1)
    return;
  hf_chart_style_read (widget, &theme);
  if (kind == HF_EFFECT_LOSES)
    theme.accent = theme.wrong_text;
  else if (kind == HF_EFFECT_UNCLEAR)
    theme.accent = theme.quiet;
  cr = gtk_snapshot_append_cairo (snapshot,
                                  &GRAPHENE_RECT_INIT (0, 0, width, height));
  hf_pen_init (&pen, cr, &theme);
  half = hf_pen_px (&pen, HEIGHT / 2);
  hf_pen_hairline (&pen, width / 2, height / 2 - half, width / 2,
                   height / 2 + half, 0.5);
  if (kind != HF_EFFECT_NONE)
    draw_change (self, &pen, width, height / 2);
  hf_pen_clear (&pen);
  cairo_destroy (cr);
}

static void
hf_effect_bar_class_init (HfEffectBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  widget_class->measure = hf_effect_bar_measure;
  widget_class->snapshot = hf_effect_bar_snapshot;
  gtk_widget_class_set_css_name (widget_class, "chart");
  /* The number beside it says the same. */
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
hf_effect_bar_init (HfEffectBar *self)
{
  self->reach = 1;
}

void
hf_effect_bar_set (HfEffectBar *self, const HfPairedChange *change,
                   double reach)
{
  self->change = change != NULL ? *change : (HfPairedChange){0};
  self->reach = reach > 0 ? reach : 1;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
