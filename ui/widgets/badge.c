/* badge.c: see the header. */
#include "ui/widgets/badge.h"

#include "app/charts/theme.h"

#include <glib/gi18n.h>

/* Of a side of 18: corners of 6, figures of 12 px. */
#define CORNER (6 / 18.0f)
#define FIGURE (12 / 18.0)
#define RING (13 / 18.0f)
#define RING_WIDTH (2 / 18.0f)
/* The text's colour in lines, so that orange is seen on white. */
#define LINE_SHARE 0.3f
/* White on a colour must have WCAG AA's contrast, else black is better. */
#define READABLE 4.5

struct _HfBadge {
  GtkWidget parent_instance;

  HfClassItem *item;
  gboolean hollow;
  int pixel_size;
};

enum { PROP_ITEM = 1, PROP_HOLLOW, PROP_PIXEL_SIZE, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfBadge, hf_badge, GTK_TYPE_WIDGET)

static GdkRGBA
get_colour (HfClassItem *item)
{
  GdkRGBA colour = {0.5f, 0.5f, 0.5f, 1};
  const char *text = item != NULL ? hf_class_item_get_colour (item) : NULL;

  if (text != NULL)
    gdk_rgba_parse (&colour, text);
  colour.alpha = 1;
  return colour;
}

static GdkRGBA
get_key_colour (const GdkRGBA *ground)
{
  const HfColour white = {1, 1, 1};
  const HfColour behind = {ground->red, ground->green, ground->blue};

  if (hf_colour_get_contrast (&behind, &white) >= READABLE)
    return (GdkRGBA){1, 1, 1, 1};
  return (GdkRGBA){0, 0, 0, 0.87f};
}

/* The colour in which lines are drawn, visible on light and dark grounds. */
static GdkRGBA
get_outline (GtkWidget *widget, HfClassItem *item)
{
  GdkRGBA colour = get_colour (item), text;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &text);
  colour.red += (text.red - colour.red) * LINE_SHARE;
  colour.green += (text.green - colour.green) * LINE_SHARE;
  colour.blue += (text.blue - colour.blue) * LINE_SHARE;
  return colour;
}

int
hf_badge_scale (GtkWidget *widget, int pixels)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  double dpi = pango_cairo_context_get_resolution (context);

  return dpi > 0 ? (int) (pixels * dpi / 96 + 0.5) : pixels;
}

static void
append_key (GtkWidget *widget, GtkSnapshot *snapshot, const char *key,
            const GdkRGBA *colour, const graphene_rect_t *square)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, key);
  g_autoptr (PangoFontDescription) font =
      pango_font_description_copy (pango_context_get_font_description (
          gtk_widget_get_pango_context (widget)));
  PangoRectangle ink, logical;
  float side = square->size.width;

  pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_font_description_set_style (font, PANGO_STYLE_NORMAL);
  pango_font_description_set_absolute_size (font, side * FIGURE * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_get_pixel_extents (layout, &ink, &logical);
  gtk_snapshot_save (snapshot);
  /* Centred by its ink: figures have no descenders. */
  gtk_snapshot_translate (
      snapshot,
      &GRAPHENE_POINT_INIT (
          square->origin.x + (side - (float) logical.width) / 2,
          square->origin.y + (side - (float) ink.height) / 2 - (float) ink.y));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

static void
append_solid (GtkWidget *widget, GtkSnapshot *snapshot, HfClassItem *item,
              const graphene_rect_t *square)
{
  const char *key = item != NULL ? hf_class_item_get_key (item) : NULL;
  GdkRGBA colour = get_colour (item);
  GdkRGBA figure = get_key_colour (&colour);
  GskRoundedRect shape;

  gsk_rounded_rect_init_from_rect (&shape, square, square->size.width * CORNER);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, &colour, square);
  gtk_snapshot_pop (snapshot);
  if (key != NULL && *key != '\0')
    append_key (widget, snapshot, key, &figure, square);
}

static void
append_ring (GtkWidget *widget, GtkSnapshot *snapshot, HfClassItem *item,
             const graphene_rect_t *square)
{
  float side = square->size.width * RING;
  float inset = (square->size.width - side) / 2;
  float width = MAX (square->size.width * RING_WIDTH, 1);
  GdkRGBA colour = get_outline (widget, item);
  GskRoundedRect shape;
  graphene_rect_t bounds;

  graphene_rect_init (&bounds, square->origin.x + inset,
                      square->origin.y + inset, side, side);
  gsk_rounded_rect_init_from_rect (&shape, &bounds, side / 2);
  gtk_snapshot_append_border (snapshot, &shape,
                              (float[4]){width, width, width, width},
                              (GdkRGBA[4]){colour, colour, colour, colour});
}

void
hf_badge_snapshot_at (GtkWidget *widget, GtkSnapshot *snapshot,
                      HfClassItem *item, gboolean hollow, float x, float y,
                      float side)
{
  const graphene_rect_t square = GRAPHENE_RECT_INIT (x, y, side, side);

  if (hollow)
    append_ring (widget, snapshot, item, &square);
  else
    append_solid (widget, snapshot, item, &square);
}

static void
hf_badge_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                  int *minimum, int *natural, int *minimum_baseline,
                  int *natural_baseline)
{
  *minimum = *natural = hf_badge_scale (widget, HF_BADGE (widget)->pixel_size);
}

static void
hf_badge_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfBadge *self = HF_BADGE (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  float side = MIN (width, height);

  hf_badge_snapshot_at (widget, snapshot, self->item, self->hollow,
                        (width - side) / 2, (height - side) / 2, side);
}

static void
describe (HfBadge *self)
{
  const char *name = self->item != NULL ? hf_class_item_get_name (self->item)
                                        : _("Unknown class");
  const char *key =
      self->item != NULL ? hf_class_item_get_key (self->item) : NULL;
  g_autofree char *label =
      key == NULL || *key == '\0'
          ? g_strdup (name)
          /* Translators: a class, and the key that labels pictures with it. */
          : g_strdup_printf (_("%s, key %s"), name, key);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
hf_badge_set_property (GObject *object, guint id, const GValue *value,
                       GParamSpec *pspec)
{
  HfBadge *self = HF_BADGE (object);

  switch (id) {
  case PROP_ITEM:
    hf_badge_set_item (self, g_value_get_object (value));
    break;
  case PROP_HOLLOW:
    hf_badge_set_hollow (self, g_value_get_boolean (value));
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
hf_badge_get_property (GObject *object, guint id, GValue *value,
                       GParamSpec *pspec)
{
  HfBadge *self = HF_BADGE (object);

  switch (id) {
  case PROP_ITEM:
    g_value_set_object (value, self->item);
    break;
  case PROP_HOLLOW:
    g_value_set_boolean (value, self->hollow);
    break;
  case PROP_PIXEL_SIZE:
    g_value_set_int (value, self->pixel_size);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
hf_badge_dispose (GObject *object)
{
  HfBadge *self = HF_BADGE (object);

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (hf_badge_parent_class)->dispose (object);
}

static void
hf_badge_class_init (HfBadgeClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = hf_badge_set_property;
  object_class->get_property = hf_badge_get_property;
  object_class->dispose = hf_badge_dispose;
  widget_class->measure = hf_badge_measure;
  widget_class->snapshot = hf_badge_snapshot;
  props[PROP_ITEM] =
      g_param_spec_object ("item", NULL, NULL, HF_TYPE_CLASS_ITEM, flags);
  props[PROP_HOLLOW] =
      g_param_spec_boolean ("hollow", NULL, NULL, FALSE, flags);
  props[PROP_PIXEL_SIZE] = g_param_spec_int ("pixel-size", NULL, NULL, 8, 256,
                                             HF_BADGE_PIXEL_SIZE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_css_name (widget_class, "badge");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
hf_badge_init (HfBadge *self)
{
  self->pixel_size = HF_BADGE_PIXEL_SIZE;
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  describe (self);
}

GtkWidget *
hf_badge_new (void)
{
  return g_object_new (HF_TYPE_BADGE, NULL);
}

void
hf_badge_set_item (HfBadge *self, HfClassItem *item)
{
  HfClassItem *before = self->item;

  if (before == item)
    return;
  if (before != NULL)
    g_signal_handlers_disconnect_by_data (before, self);
  g_set_object (&self->item, item);
  if (item != NULL)
    g_signal_connect_swapped (item, "notify", G_CALLBACK (describe), self);
  describe (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ITEM]);
}

void
hf_badge_set_hollow (HfBadge *self, gboolean hollow)
{
  if (self->hollow == hollow)
    return;
  self->hollow = hollow;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HOLLOW]);
}
