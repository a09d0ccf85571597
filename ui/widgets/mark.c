/* mark.c: see the header. Shapes are drawn in a square of 16, and what lies
 * inside a disc is cut out of it, so that it shows any ground. */
#include "ui/widgets/mark.h"

#include "ui/widgets/badge.h"

#include <glib/gi18n.h>
#include <math.h>

struct _HfMark {
  GtkWidget parent_instance;

  HfMarkKind kind;
  int pixel_size;
};

enum { PROP_KIND = 1, PROP_PIXEL_SIZE, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfMark, hf_mark, GTK_TYPE_WIDGET)

GType
hf_mark_kind_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
      {HF_MARK_NONE, "HF_MARK_NONE", "none"},
      {HF_MARK_PASS, "HF_MARK_PASS", "pass"},
      {HF_MARK_WRONG, "HF_MARK_WRONG", "wrong"},
      {HF_MARK_UNSURE, "HF_MARK_UNSURE", "unsure"},
      {HF_MARK_UNKNOWN, "HF_MARK_UNKNOWN", "unknown"},
      {HF_MARK_WARNING, "HF_MARK_WARNING", "warning"},
      {HF_MARK_BROKEN, "HF_MARK_BROKEN", "broken"},
      {0, NULL, NULL},
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("HfMarkKind", values));
  return (GType) type;
}

HfMarkKind
hf_mark_of_verdict (HfVerdict verdict)
{
  switch (verdict) {
  case HF_VERDICT_PASS:
    return HF_MARK_PASS;
  case HF_VERDICT_REJECT:
    return HF_MARK_WRONG;
  case HF_VERDICT_UNSURE:
    return HF_MARK_UNSURE;
  case HF_VERDICT_UNKNOWN:
    return HF_MARK_UNKNOWN;
  case HF_VERDICT_CLASS:
  default:
    return HF_MARK_NONE;
  }
}

const char *
hf_mark_get_name (HfMarkKind kind)
{
  switch (kind) {
  case HF_MARK_PASS:
    return _("Passes");
  case HF_MARK_WRONG:
    return _("Wrong");
  case HF_MARK_UNSURE:
    return _("Unsure");
  case HF_MARK_UNKNOWN:
    return _("Unknown");
  case HF_MARK_WARNING:
    return _("Warning");
  case HF_MARK_BROKEN:
    return _("Unreadable");
  case HF_MARK_NONE:
  default:
    return "";
  }
}

GdkRGBA
hf_mark_get_colour (GtkWidget *widget, HfMarkKind kind)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  const char *name = kind == HF_MARK_PASS    ? "success_color"
                     : kind == HF_MARK_WRONG ? "error_color"
                     : kind == HF_MARK_UNSURE || kind == HF_MARK_WARNING
                         ? "warning_color"
                         : NULL;
  GdkRGBA colour;

  gtk_style_context_get_color (style, &colour);
  if (name != NULL)
    gtk_style_context_lookup_color (style, name, &colour);
  return colour;
}

static void
draw_disc (cairo_t *cr)
{
  cairo_new_path (cr);
  cairo_arc (cr, 8, 8, 7, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_CLEAR);
}

static void
draw_tick (cairo_t *cr)
{
  draw_disc (cr);
  cairo_move_to (cr, 4.6, 8.3);
  cairo_line_to (cr, 7.1, 10.8);
  cairo_line_to (cr, 11.5, 5.6);
  cairo_stroke (cr);
}

static void
draw_cross (cairo_t *cr)
{
  draw_disc (cr);
  cairo_move_to (cr, 5.4, 5.4);
  cairo_line_to (cr, 10.6, 10.6);
  cairo_move_to (cr, 10.6, 5.4);
  cairo_line_to (cr, 5.4, 10.6);
  cairo_stroke (cr);
}

static void
draw_question (cairo_t *cr)
{
  draw_disc (cr);
  cairo_set_line_width (cr, 1.8);
  cairo_arc (cr, 8, 6.3, 2.2, -G_PI, 0.3 * G_PI);
  cairo_curve_to (cr, 8.6, 8.5, 8, 8.6, 8, 9.6);
  cairo_stroke (cr);
  cairo_arc (cr, 8, 12, 1.15, 0, 2 * G_PI);
  cairo_fill (cr);
}

static void
draw_ring (cairo_t *cr)
{
  cairo_arc (cr, 8, 8, 5.1, 0, 2 * G_PI);
  cairo_stroke (cr);
}

static void
draw_warning (cairo_t *cr)
{
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_move_to (cr, 8, 2.4);
  cairo_line_to (cr, 14.2, 13.2);
  cairo_line_to (cr, 1.8, 13.2);
  cairo_close_path (cr);
  cairo_stroke_preserve (cr);
  cairo_fill (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_CLEAR);
  cairo_move_to (cr, 8, 5.8);
  cairo_line_to (cr, 8, 9);
  cairo_stroke (cr);
  cairo_arc (cr, 8, 11.7, 1.1, 0, 2 * G_PI);
  cairo_fill (cr);
}

/* The frame of a picture, a crack from its top to its bottom. */
static void
draw_broken (cairo_t *cr)
{
  cairo_set_line_width (cr, 1.5);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_rectangle (cr, 1.75, 2.75, 12.5, 10.5);
  cairo_stroke (cr);
  cairo_move_to (cr, 9.5, 2.5);
  cairo_line_to (cr, 6.5, 6.2);
  cairo_line_to (cr, 9.3, 9);
  cairo_line_to (cr, 7, 13.5);
  cairo_stroke (cr);
  cairo_arc (cr, 4.6, 5.8, 1.1, 0, 2 * G_PI);
  cairo_fill (cr);
}

void
hf_mark_snapshot_at (GtkWidget *widget, GtkSnapshot *snapshot, HfMarkKind kind,
                     float x, float y, float side)
{
  static void (*const draws[]) (cairo_t *) = {
      NULL,      draw_tick,    draw_cross, draw_question,
      draw_ring, draw_warning, draw_broken};
  GdkRGBA colour = hf_mark_get_colour (widget, kind);
  cairo_t *cr;

  if (kind == HF_MARK_NONE || (gsize) kind >= G_N_ELEMENTS (draws))
    return;
  cr = gtk_snapshot_append_cairo (snapshot,
                                  &GRAPHENE_RECT_INIT (x, y, side, side));
  cairo_translate (cr, x, y);
  cairo_scale (cr, side / 16, side / 16);
  cairo_set_line_width (cr, 2);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  /* Strokes that cross must not add up where the colour is translucent. */
  cairo_push_group (cr);
  cairo_set_source_rgb (cr, colour.red, colour.green, colour.blue);
  draws[kind](cr);
  cairo_pop_group_to_source (cr);
  cairo_paint_with_alpha (cr, colour.alpha);
  cairo_destroy (cr);
}

static void
hf_mark_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                 int *minimum, int *natural, int *minimum_baseline,
                 int *natural_baseline)
{
  *minimum = *natural = hf_badge_scale (widget, HF_MARK (widget)->pixel_size);
}

static void
hf_mark_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  float side = MIN (width, height);

  hf_mark_snapshot_at (widget, snapshot, HF_MARK (widget)->kind,
                       (width - side) / 2, (height - side) / 2, side);
}

static void
hf_mark_set_property (GObject *object, guint id, const GValue *value,
                      GParamSpec *pspec)
{
  HfMark *self = HF_MARK (object);

  switch (id) {
  case PROP_KIND:
    hf_mark_set_kind (self, g_value_get_enum (value));
    break;
  case PROP_PIXEL_SIZE:
    self->pixel_size = g_value_get_int (value);
    gtk_widget_queue_resize (GTK_WIDGET (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
hf_mark_get_property (GObject *object, guint id, GValue *value,
                      GParamSpec *pspec)
{
  HfMark *self = HF_MARK (object);

  switch (id) {
  case PROP_KIND:
    g_value_set_enum (value, self->kind);
    break;
  case PROP_PIXEL_SIZE:
    g_value_set_int (value, self->pixel_size);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
hf_mark_class_init (HfMarkClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = hf_mark_set_property;
  object_class->get_property = hf_mark_get_property;
  widget_class->measure = hf_mark_measure;
  widget_class->snapshot = hf_mark_snapshot;
  props[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, HF_TYPE_MARK_KIND,
                                        HF_MARK_NONE, flags);
  props[PROP_PIXEL_SIZE] = g_param_spec_int ("pixel-size", NULL, NULL, 8, 256,
                                             HF_MARK_PIXEL_SIZE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_css_name (widget_class, "mark");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
hf_mark_init (HfMark *self)
{
  self->pixel_size = HF_MARK_PIXEL_SIZE;
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
hf_mark_new (HfMarkKind kind)
{
  return g_object_new (HF_TYPE_MARK, "kind", kind, NULL);
}

void
hf_mark_set_kind (HfMark *self, HfMarkKind kind)
{
  if (self->kind == kind)
    return;
  self->kind = kind;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  hf_mark_get_name (kind), -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_KIND]);
}
