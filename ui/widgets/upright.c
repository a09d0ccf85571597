/* upright.c: see the header. */
#include "ui/widgets/upright.h"

struct _HfUpright {
  GtkWidget parent_instance;

  char *text;
  int max_chars;
};

G_DEFINE_FINAL_TYPE (HfUpright, hf_upright, GTK_TYPE_WIDGET)

/* In the style that the widget has now (caller unrefs). */
static PangoLayout *
new_layout (HfUpright *self)
{
  PangoLayout *layout =
      gtk_widget_create_pango_layout (GTK_WIDGET (self), self->text);

  pango_layout_set_single_paragraph_mode (layout, TRUE);
  return layout;
}

static int
find_limit (HfUpright *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int width = pango_font_metrics_get_approximate_char_width (metrics);

  pango_font_metrics_unref (metrics);
  return PANGO_PIXELS_CEIL (width * self->max_chars);
}

static void
hf_upright_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                    int *minimum, int *natural, int *minimum_baseline,
                    int *natural_baseline)
{
  HfUpright *self = HF_UPRIGHT (widget);
  g_autoptr (PangoLayout) layout = new_layout (self);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL
                            ? height
                            : MIN (width, find_limit (self));
}

static void
hf_upright_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfUpright *self = HF_UPRIGHT (widget);
  g_autoptr (PangoLayout) layout = new_layout (self);
  int width = gtk_widget_get_width (widget), line;
  int height = gtk_widget_get_height (widget);
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (layout, height * PANGO_SCALE);
  pango_layout_set_alignment (layout, PANGO_ALIGN_LEFT);
  pango_layout_set_auto_dir (layout, FALSE);
  pango_layout_get_pixel_size (layout, NULL, &line);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot,
      &GRAPHENE_POINT_INIT ((float) ((width - line) / 2), (float) height));
  gtk_snapshot_rotate (snapshot, -90);
  gtk_snapshot_append_layout (snapshot, layout, &colour);
  gtk_snapshot_restore (snapshot);
}

static void
hf_upright_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (hf_upright_parent_class)->css_changed (widget, change);
  gtk_widget_queue_resize (widget);
}

static void
hf_upright_finalize (GObject *object)
{
  g_free (HF_UPRIGHT (object)->text);
  G_OBJECT_CLASS (hf_upright_parent_class)->finalize (object);
}

static void
hf_upright_class_init (HfUprightClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = hf_upright_finalize;
  widget_class->measure = hf_upright_measure;
  widget_class->snapshot = hf_upright_snapshot;
  widget_class->css_changed = hf_upright_css_changed;
  gtk_widget_class_set_css_name (widget_class, "upright");
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
hf_upright_init (HfUpright *self)
{
}

GtkWidget *
hf_upright_new (const char *text, int max_chars)
{
  HfUpright *self = g_object_new (HF_TYPE_UPRIGHT, NULL);

  self->text = g_strdup (text);
  self->max_chars = max_chars;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  return GTK_WIDGET (self);
}
