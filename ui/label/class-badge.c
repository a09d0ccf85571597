/* class-badge.c: see the header. */
#include "ui/label/class-badge.h"

struct _HfClassBadge {
  GtkWidget parent_instance;
  HfClassItem *item;
  char *colour;
};

enum { PROP_ITEM = 1, PROP_COLOUR, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfClassBadge, hf_class_badge, GTK_TYPE_WIDGET)

static PangoLayout *
create_layout (HfClassBadge *self)
{
  const char *key =
      self->item != NULL ? hf_class_item_get_key (self->item) : NULL;
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self),
                                                        key != NULL ? key : "");
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes,
                          pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_attr_list_insert (attributes, pango_attr_scale_new (0.82));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  return layout;
}

static void
hf_class_badge_measure (GtkWidget *widget, GtkOrientation orientation,
                        int for_size, int *minimum, int *natural,
                        int *minimum_baseline, int *natural_baseline)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, "0");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  *minimum = *natural = height;
  *minimum_baseline = *natural_baseline = -1;
}

/* Words are black but on dark colours (WCAG's relative luminance). */
static gboolean
is_dark (const GdkRGBA *colour)
{
  return 0.2126 * colour->red * colour->red +
             0.7152 * colour->green * colour->green +
             0.0722 * colour->blue * colour->blue <
         0.18;
}

static void
hf_class_badge_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfClassBadge *self = HF_CLASS_BADGE (widget);
  g_autoptr (PangoLayout) layout = create_layout (self);
  const char *colour =
      self->item != NULL ? hf_class_item_get_colour (self->item) : self->colour;
  GdkRGBA fill = {0.5f, 0.5f, 0.5f, 1}, ink = {0, 0, 0, 0.87f};
  float width = gtk_widget_get_width (widget);
  float height = gtk_widget_get_height (widget);
  GskRoundedRect box;
  int text_width, text_height;

  if (colour != NULL)
    gdk_rgba_parse (&fill, colour);
  if (is_dark (&fill))
    ink = (GdkRGBA){1, 1, 1, 1};
  gsk_rounded_rect_init_from_rect (
      &box, &GRAPHENE_RECT_INIT (0, 0, width, height), height / 3.4f);
  gtk_snapshot_push_rounded_clip (snapshot, &box);
  gtk_snapshot_append_color (snapshot, &fill, &box.bounds);
  gtk_snapshot_pop (snapshot);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT ((width - text_width) / 2,
                                                (height - text_height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, &ink);
  gtk_snapshot_restore (snapshot);
}

static void
hf_class_badge_set_property (GObject *object, guint id, const GValue *value,
                             GParamSpec *pspec)
{
  HfClassBadge *self = HF_CLASS_BADGE (object);

  switch (id) {
  case PROP_ITEM:
    hf_class_badge_set_item (self, g_value_get_object (value));
    break;
  case PROP_COLOUR:
    hf_class_badge_set_colour (self, g_value_get_string (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
hf_class_badge_dispose (GObject *object)
{
  hf_class_badge_set_item (HF_CLASS_BADGE (object), NULL);
  G_OBJECT_CLASS (hf_class_badge_parent_class)->dispose (object);
}

static void
hf_class_badge_finalize (GObject *object)
{
  g_free (HF_CLASS_BADGE (object)->colour);
  G_OBJECT_CLASS (hf_class_badge_parent_class)->finalize (object);
}

static void
hf_class_badge_class_init (HfClassBadgeClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->set_property = hf_class_badge_set_property;
  object_class->dispose = hf_class_badge_dispose;
  object_class->finalize = hf_class_badge_finalize;
  widget_class->measure = hf_class_badge_measure;
  widget_class->snapshot = hf_class_badge_snapshot;
  props[PROP_ITEM] =
      g_param_spec_object ("item", NULL, NULL, HF_TYPE_CLASS_ITEM,
                           G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_COLOUR] = g_param_spec_string (
      "colour", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  /* The name of the class always stands beside it. */
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_PRESENTATION);
  gtk_widget_class_set_css_name (widget_class, "badge");
}

static void
hf_class_badge_init (HfClassBadge *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
hf_class_badge_new (void)
{
  return g_object_new (HF_TYPE_CLASS_BADGE, NULL);
}

void
hf_class_badge_set_item (HfClassBadge *self, HfClassItem *item)
{
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_set_object (&self->item, item);
  if (item != NULL)
    g_signal_connect_swapped (item, "notify",
                              G_CALLBACK (gtk_widget_queue_draw), self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
hf_class_badge_set_colour (HfClassBadge *self, const char *colour)
{
  g_free (self->colour);
  self->colour = g_strdup (colour);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
