/* swatch.c: see the header. */
#include "ui/label/swatch.h"

#include "ui/widgets/badge.h"

struct _HfSwatch {
  GtkWidget parent_instance;
  GdkRGBA colour;
};

G_DEFINE_FINAL_TYPE (HfSwatch, hf_swatch, GTK_TYPE_WIDGET)

static void
hf_swatch_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                   int *minimum, int *natural, int *minimum_baseline,
                   int *natural_baseline)
{
  *minimum = *natural = hf_badge_scale (widget, HF_BADGE_PIXEL_SIZE);
}

static void
hf_swatch_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfSwatch *self = HF_SWATCH (widget);
  float side = (float) gtk_widget_get_height (widget);
  GskRoundedRect box;

  gsk_rounded_rect_init_from_rect (
      &box,
      &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget), side),
      side / 3);
  gtk_snapshot_push_rounded_clip (snapshot, &box);
  gtk_snapshot_append_color (snapshot, &self->colour, &box.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
hf_swatch_class_init (HfSwatchClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  widget_class->measure = hf_swatch_measure;
  widget_class->snapshot = hf_swatch_snapshot;
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
hf_swatch_init (HfSwatch *self)
{
}

GtkWidget *
hf_swatch_new (const char *colour)
{
  HfSwatch *self = g_object_new (HF_TYPE_SWATCH, NULL);

  gdk_rgba_parse (&self->colour, colour);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  return GTK_WIDGET (self);
}
