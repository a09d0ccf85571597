/* ring.c: see the header. */
#include "ui/window/ring.h"

#define SIDE_PX 16
#define LINE_PX 2.5
#define TURN_SECONDS 1.2

struct _HfRing {
  GtkWidget parent_instance;

  double fraction;
  guint tick; /* while unknown and seen */
};

enum { PROP_FRACTION = 1, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfRing, hf_ring, GTK_TYPE_WIDGET)

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

static void
update_tick (HfRing *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_moving = FALSE;

  g_object_get (gtk_widget_get_settings (widget), "gtk-enable-animations",
                &is_moving, NULL);
  is_moving = is_moving && self->fraction < 0 && gtk_widget_get_mapped (widget);
  if (is_moving && self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (widget, tick_cb, NULL, NULL);
  if (!is_moving && self->tick != 0) {
    gtk_widget_remove_tick_callback (widget, self->tick);
    self->tick = 0;
  }
}

static double
get_turn (HfRing *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));

  if (self->fraction >= 0 || self->tick == 0 || clock == NULL)
    return 0;
  return gdk_frame_clock_get_frame_time (clock) / 1e6 / TURN_SECONDS;
}

static void
hf_ring_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfRing *self = HF_RING (widget);
  const double width = gtk_widget_get_width (widget);
  const double height = gtk_widget_get_height (widget);
  const double radius = (MIN (width, height) - LINE_PX) / 2;
  const double start = -G_PI_2 + 2 * G_PI * get_turn (self);
  const double part = self->fraction < 0 ? 0.25 : MIN (self->fraction, 1);
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  GdkRGBA colour, accent;

  gtk_style_context_get_color (context, &colour);
  if (!gtk_style_context_lookup_color (context, "accent_color", &accent))
    accent = colour;
  cairo_set_line_width (cr, LINE_PX);
  colour.alpha *= 0.25;
  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_arc (cr, width / 2, height / 2, radius, 0, 2 * G_PI);
  cairo_stroke (cr);
  gdk_cairo_set_source_rgba (cr, &accent);
  cairo_arc (cr, width / 2, height / 2, radius, start, start + 2 * G_PI * part);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
hf_ring_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                 int *minimum, int *natural, int *minimum_baseline,
                 int *natural_baseline)
{
  *minimum = *natural = SIDE_PX;
}

static void
hf_ring_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (hf_ring_parent_class)->map (widget);
  update_tick (HF_RING (widget));
}

static void
hf_ring_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (hf_ring_parent_class)->unmap (widget);
  update_tick (HF_RING (widget));
}

static void
hf_ring_get_property (GObject *object, guint id, GValue *value,
                      GParamSpec *pspec)
{
  g_value_set_double (value, HF_RING (object)->fraction);
}

static void
hf_ring_set_property (GObject *object, guint id, const GValue *value,
                      GParamSpec *pspec)
{
  hf_ring_set_fraction (HF_RING (object), g_value_get_double (value));
}

static void
hf_ring_class_init (HfRingClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = hf_ring_get_property;
  object_class->set_property = hf_ring_set_property;
  widget_class->snapshot = hf_ring_snapshot;
  widget_class->measure = hf_ring_measure;
  widget_class->map = hf_ring_map;
  widget_class->unmap = hf_ring_unmap;
  props[PROP_FRACTION] = g_param_spec_double (
      "fraction", NULL, NULL, -1, 1, 0,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
hf_ring_init (HfRing *self)
{
}

void
hf_ring_set_fraction (HfRing *self, double fraction)
{
  if (self->fraction == fraction)
    return;
  self->fraction = fraction;
  update_tick (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FRACTION]);
}
