/* like-tile.c: see the header. */
#include "ui/label/pane/like-tile.h"

#include "ui/gallery/thumb-slot.h"
#include "ui/widgets/badge.h"

#include <glib/gi18n.h>

#define SIDE_PX 51
#define LINE_PX 24
#define BADGE_PX 16

struct _HfLikeTile {
  GtkWidget parent_instance;
  HfThumbSlot *slot;
  HfPicture *picture;
  HfClassItem *item;
  char *distance;
};

G_DEFINE_FINAL_TYPE (HfLikeTile, hf_like_tile, GTK_TYPE_WIDGET)

static void
hf_like_tile_measure (GtkWidget *widget, GtkOrientation orientation,
                      int for_size, int *minimum, int *natural,
                      int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL
                            ? SIDE_PX
                            : SIDE_PX + hf_badge_scale (widget, LINE_PX);
}

static void
hf_like_tile_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfLikeTile *self = HF_LIKE_TILE (widget);
  float width = (float) gtk_widget_get_width (widget);
  float badge = (float) hf_badge_scale (widget, BADGE_PX);
  float line = (float) hf_badge_scale (widget, LINE_PX);
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, width, SIDE_PX);
  g_autoptr (PangoLayout) layout =
      gtk_widget_create_pango_layout (widget, self->distance);
  GdkRGBA colour;
  int text_height;

  hf_thumb_slot_snapshot (self->slot, snapshot, &area, TRUE, 6);
  hf_badge_snapshot_at (widget, snapshot, self->item, FALSE, 0,
                        SIDE_PX + (line - badge) / 2, badge);
  pango_layout_get_pixel_size (layout, NULL, &text_height);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT (
                    badge + 3, SIDE_PX + (line - (float) text_height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, &colour);
  gtk_snapshot_restore (snapshot);
}

static void
hf_like_tile_dispose (GObject *object)
{
  HfLikeTile *self = HF_LIKE_TILE (object);

  g_clear_pointer (&self->slot, hf_thumb_slot_free);
  g_clear_object (&self->picture);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (hf_like_tile_parent_class)->dispose (object);
}

static void
hf_like_tile_finalize (GObject *object)
{
  g_free (HF_LIKE_TILE (object)->distance);
  G_OBJECT_CLASS (hf_like_tile_parent_class)->finalize (object);
}

/* Thumbnails are for a screen, which is not known before. */
static void
hf_like_tile_map (GtkWidget *widget)
{
  HfLikeTile *self = HF_LIKE_TILE (widget);

  GTK_WIDGET_CLASS (hf_like_tile_parent_class)->map (widget);
  hf_thumb_slot_set (self->slot, hf_picture_get_info (self->picture)->path,
                     SIDE_PX);
}

static void
hf_like_tile_class_init (HfLikeTileClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->dispose = hf_like_tile_dispose;
  object_class->finalize = hf_like_tile_finalize;
  widget_class->measure = hf_like_tile_measure;
  widget_class->snapshot = hf_like_tile_snapshot;
  widget_class->map = hf_like_tile_map;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
hf_like_tile_init (HfLikeTile *self)
{
  self->slot = hf_thumb_slot_new (GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self), "numeric");
}

GtkWidget *
hf_like_tile_new (HfPicture *picture, HfClassItem *item, double distance)
{
  HfLikeTile *self = g_object_new (HF_TYPE_LIKE_TILE, NULL);
  const char *name = hf_picture_get_info (picture)->name;
  g_autofree char *spoken = NULL;

  self->picture = g_object_ref (picture);
  self->item = item != NULL ? g_object_ref (item) : NULL;
  self->distance = g_strdup_printf ("%.2f", distance);
  spoken = g_strdup_printf (
      /* Translators: a file, its label, how unlike it is (0 to 1). */
      _ ("%s, %s, distance %s"), name,
         item != NULL ? hf_class_item_get_name (item)
                      : _ ("no label"), self->distance);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), spoken);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return GTK_WIDGET (self);
}
