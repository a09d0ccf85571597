/* strip-handle.c: see the header. Dragging is the strip's work, which knows
 * where a value lies. */
#include "ui/evaluate/threshold/strip-handle.h"

#include "app/desk/trial.h"
#include "ui/charts/chart-style.h"
#include "ui/widgets/badge.h"

#include <glib/gi18n.h>
#include <math.h>

#define STEP 0.01
#define FINE_STEP 0.001
#define PAGE 0.1

struct _HfStripHandle {
  GtkWidget parent_instance;

  gboolean round;
  double value;
};

enum { MOVED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfStripHandle, hf_strip_handle, GTK_TYPE_WIDGET)

void
hf_strip_handle_move (HfStripHandle *self, double value)
{
  g_signal_emit (self, signals[MOVED], 0, CLAMP (value, 0, 1));
}

/* To the next whole step, so that 0.437 becomes 0.44 and then 0.45. */
static void
step (HfStripHandle *self, double size, int direction)
{
  double at = self->value / size;
  double next = direction > 0 ? floor (at + 1e-6) + 1 : ceil (at - 1e-6) - 1;

  hf_strip_handle_move (self, next * size);
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code,
        GdkModifierType state, gpointer data)
{
  HfStripHandle *self = data;
  double size = state & GDK_SHIFT_MASK ? FINE_STEP : STEP;

  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  switch (key) {
  case GDK_KEY_Left:
  case GDK_KEY_KP_Left:
    step (self, size, -1);
    return GDK_EVENT_STOP;
  case GDK_KEY_Right:
  case GDK_KEY_KP_Right:
    step (self, size, 1);
    return GDK_EVENT_STOP;
  case GDK_KEY_Down:
  case GDK_KEY_KP_Down:
  case GDK_KEY_minus:
    step (self, size, -1);
    return GDK_EVENT_STOP;
  case GDK_KEY_Up:
  case GDK_KEY_KP_Up:
  case GDK_KEY_plus:
    step (self, size, 1);
    return GDK_EVENT_STOP;
  case GDK_KEY_Page_Down:
    step (self, PAGE, -1);
    return GDK_EVENT_STOP;
  case GDK_KEY_Page_Up:
    step (self, PAGE, 1);
    return GDK_EVENT_STOP;
  case GDK_KEY_Home:
    hf_strip_handle_move (self, 0);
    return GDK_EVENT_STOP;
  case GDK_KEY_End:
    hf_strip_handle_move (self, 1);
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

static void
trace_shape (HfStripHandle *self, cairo_t *cr, double width, double height,
             double inset)
{
  double radius = (MIN (width, height) / 2) - inset;

  cairo_new_path (cr);
  if (self->round) {
    cairo_arc (cr, width / 2, height / 2, radius, 0, 2 * G_PI);
    return;
  }
  cairo_arc (cr, width / 2, inset + radius, radius, G_PI, 2 * G_PI);
  cairo_arc (cr, width / 2, height - inset - radius, radius, 0, G_PI);
  cairo_close_path (cr);
}

static void
hf_strip_handle_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfStripHandle *self = HF_STRIP_HANDLE (widget);
  double width = gtk_widget_get_width (widget);
  double height = gtk_widget_get_height (widget);
  gboolean focused = gtk_widget_has_visible_focus (widget);
  const HfColour *fill;
  HfChartTheme theme;
  cairo_t *cr;

  hf_chart_style_read (widget, &theme);
  fill = self->round ? &theme.accent : &theme.ink;
  cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  /* A ring of the card's colour lets it stand out from dots. */
  trace_shape (self, cr, width, height, 0);
  cairo_set_source_rgb (cr, theme.ground.r, theme.ground.g, theme.ground.b);
  cairo_fill (cr);
  if (focused) {
    trace_shape (self, cr, width, height, 1);
    cairo_set_source_rgb (cr, theme.accent.r, theme.accent.g, theme.accent.b);
    cairo_set_line_width (cr, 2);
    cairo_stroke (cr);
  }
  trace_shape (self, cr, width, height, focused ? 4 : 2);
  cairo_set_source_rgb (cr, fill->r, fill->g, fill->b);
  cairo_fill (cr);
  cairo_destroy (cr);
}

static void
hf_strip_handle_measure (GtkWidget *widget, GtkOrientation orientation,
                         int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  HfStripHandle *self = HF_STRIP_HANDLE (widget);
  gboolean across = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum = *natural = hf_badge_scale (widget, self->round ? 20
                                                : across    ? 10
                                                            : 26);
}

static void
hf_strip_handle_class_init (HfStripHandleClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  widget_class->measure = hf_strip_handle_measure;
  widget_class->snapshot = hf_strip_handle_snapshot;
  gtk_widget_class_set_css_name (widget_class, "striphandle");
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_SLIDER);
  signals[MOVED] =
      g_signal_new ("moved", HF_TYPE_STRIP_HANDLE, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
}

static void
hf_strip_handle_init (HfStripHandle *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

GtkWidget *
hf_strip_handle_new (const char *name, gboolean round)
{
  HfStripHandle *self = g_object_new (HF_TYPE_STRIP_HANDLE, NULL);

  self->round = round;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "ew-resize");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0, -1);
  hf_strip_handle_set_value (self, 0.5);
  return GTK_WIDGET (self);
}

void
hf_strip_handle_set_value (HfStripHandle *self, double value)
{
  g_autofree char *text = hf_band_dup_number (value);

  self->value = value;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, value,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

double
hf_strip_handle_get_value (HfStripHandle *self)
{
  return self->value;
}
