/* chart-view.c: see the header. */
#include "ui/charts/chart-view.h"

#include "ui/charts/chart-style.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

/* px; narrower than that nothing is read any more. */
#define MIN_WIDTH 160
#define NATURAL_WIDTH 440
/* Nobody listens to more rows than that at one go. */
#define MAX_SPOKEN_ROWS 60

struct _HfChartView {
  GtkWidget parent_instance;

  HfChart *chart;
  /* The last answer to measure, which is asked several times in a row. */
  int measured_width, measured_height;
};

G_DEFINE_FINAL_TYPE (HfChartView, hf_chart_view, GTK_TYPE_WIDGET)

static void
forget_measured (HfChartView *self)
{
  self->measured_width = -1;
}

static GtkSizeRequestMode
hf_chart_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static int
measure_height (HfChartView *self, int width)
{
  HfChartTheme theme;

  if (self->chart == NULL)
    return 0;
  if (self->measured_width == width)
    return self->measured_height;
  hf_chart_style_read (GTK_WIDGET (self), &theme);
  self->measured_width = width;
  self->measured_height =
      (int) ceil (hf_chart_measure (self->chart, width, &theme));
  return self->measured_height;
}

static void
hf_chart_view_measure (GtkWidget *widget, GtkOrientation orientation,
                       int for_size, int *minimum, int *natural,
                       int *minimum_baseline, int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = MIN_WIDTH;
    *natural = NATURAL_WIDTH;
    return;
  }
  *minimum = *natural = measure_height (
      HF_CHART_VIEW (widget), for_size < 0 ? NATURAL_WIDTH : for_size);
}

static void
hf_chart_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfChartView *self = HF_CHART_VIEW (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  HfChartTheme theme;
  cairo_t *cr;

  if (self->chart == NULL || width < 1 || height < 1)
    return;
  hf_chart_style_read (widget, &theme);
  cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  hf_chart_draw (self->chart, cr, width, height, &theme);
  cairo_destroy (cr);
}

/* Names of colours change without a change of any property of the widget. */
static void
style_changed_cb (HfChartView *self)
{
  forget_measured (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
hf_chart_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (hf_chart_view_parent_class)->css_changed (widget, change);
  forget_measured (HF_CHART_VIEW (widget));
  gtk_widget_queue_draw (widget);
}

static void
hf_chart_view_dispose (GObject *object)
{
  HfChartView *self = HF_CHART_VIEW (object);

  g_clear_pointer (&self->chart, hf_chart_unref);
  G_OBJECT_CLASS (hf_chart_view_parent_class)->dispose (object);
}

static void
hf_chart_view_class_init (HfChartViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_chart_view_dispose;
  widget_class->get_request_mode = hf_chart_view_get_request_mode;
  widget_class->measure = hf_chart_view_measure;
  widget_class->snapshot = hf_chart_view_snapshot;
  widget_class->css_changed = hf_chart_view_css_changed;
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
hf_chart_view_init (HfChartView *self)
{
  AdwStyleManager *style = adw_style_manager_get_default ();

  forget_measured (self);
  g_signal_connect_object (style, "notify::dark", G_CALLBACK (style_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (style, "notify::high-contrast",
                           G_CALLBACK (style_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
hf_chart_view_new (void)
{
  return g_object_new (HF_TYPE_CHART_VIEW, NULL);
}

static char *
dup_description (const HfChart *chart)
{
  guint n_rows = hf_table_get_n_rows (hf_chart_get_table (chart));

  if (n_rows <= MAX_SPOKEN_ROWS)
    return hf_chart_dup_text (chart);
  return g_strdup_printf (
      g_dngettext (NULL,
                   /* Translators: %u is a number of rows of a table. */
                   "A table of %u row; Show as Table opens it.",
                   "A table of %u rows; Show as Table opens it.", n_rows),
      n_rows);
}

static void
describe (HfChartView *self)
{
  const HfChart *chart = self->chart;
  const char *reason = chart != NULL ? hf_chart_get_reason (chart) : NULL;
  g_autofree char *label = NULL;
  g_autofree char *description = NULL;

  if (chart != NULL) {
    label = g_strdup_printf ("%s. %s", hf_chart_get_title (chart),
                             reason != NULL ? reason
                                            : hf_chart_get_summary (chart));
    description = dup_description (chart);
  }
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
      label != NULL ? label : "", GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      description != NULL ? description : "", -1);
}

void
hf_chart_view_set_chart (HfChartView *self, HfChart *chart)
{
  if (chart == self->chart)
    return;
  if (chart != NULL)
    hf_chart_ref (chart);
  hf_chart_unref (self->chart);
  self->chart = chart;
  forget_measured (self);
  describe (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

HfChart *
hf_chart_view_get_chart (HfChartView *self)
{
  return self->chart;
}
