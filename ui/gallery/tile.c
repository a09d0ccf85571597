/* tile.c: see the header.
 *
 *   +-----------+
 *   |  picture  |  a square as wide as the column
 *   +-----------+
 *    gap of 3
 *    why            18 px, only where suggestions are shown
 *    [1] name  97   24 px
 *
 * Places are reckoned from the left and mirrored at the end where text runs
 * from the right. */
#include "ui/gallery/tile.h"

#include "ui/gallery/thumb-slot.h"
#include "ui/gallery/words.h"
#include "ui/widgets/badge.h"

#include <glib/gi18n.h>
#include <math.h>

#define GAP_PX 3
#define WHY_PX 18
#define CAPTION_PX 24
#define CORNER_PX 6
#define FRAME_PX 3 /* of wrong ones, outside the picture */
#define BADGE_GAP_PX 6
#define SMALL 0.82 /* of the font: 9 pt where text is 11 */
#define QUIET 0.72f
#define GONE 0.35f /* what is left of a picture whose file is not there */
#define TOOLTIP_CHARS 60

struct _HfTile {
  GtkWidget parent_instance;

  HfPicture *picture;
  GListModel *classes;
  HfThumbSlot *slot;
  int side_px;
  gboolean shows_why;
  HfTileSight sight;
};

G_DEFINE_FINAL_TYPE (HfTile, hf_tile, GTK_TYPE_WIDGET)

/* Of one drawing. */
typedef struct {
  GtkWidget *widget;
  GtkSnapshot *snapshot;
  GdkRGBA ink, quiet;
  float width;
  gboolean is_mirrored;
} Pen;

static int
get_text_height (HfTile *self)
{
  return GAP_PX + hf_badge_scale (GTK_WIDGET (self),
                                  CAPTION_PX + (self->shows_why ? WHY_PX : 0));
}

static GtkSizeRequestMode
hf_tile_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
hf_tile_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                 int *minimum, int *natural, int *minimum_baseline,
                 int *natural_baseline)
{
  HfTile *self = HF_TILE (widget);

  *minimum = *natural = self->side_px;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural =
        MAX (for_size, self->side_px) + get_text_height (self);
}

static void
want_thumb (HfTile *self)
{
  const HfPictureInfo *info =
      self->picture != NULL ? hf_picture_get_info (self->picture) : NULL;

  if (info == NULL)
    hf_thumb_slot_set (self->slot, NULL, 0);
  else if (self->sight != HF_TILE_FAR)
    hf_thumb_slot_set (
        self->slot, info->path,
        MAX (gtk_widget_get_width (GTK_WIDGET (self)), self->side_px));
  else
    hf_thumb_slot_stop (self->slot);
}

static void
hf_tile_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  want_thumb (HF_TILE (widget));
}

static float
mirror (const Pen *pen, float x, float width)
{
  return pen->is_mirrored ? pen->width - x - width : x;
}

static PangoLayout *
new_layout (GtkWidget *widget, const char *text, double scale,
            gboolean is_italic)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  PangoAttrList *attributes = pango_attr_list_new ();

  if (scale != 1)
    pango_attr_list_insert (attributes, pango_attr_scale_new (scale));
  if (is_italic)
    pango_attr_list_insert (attributes,
                            pango_attr_style_new (PANGO_STYLE_ITALIC));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  return layout;
}

static float
measure_layout (PangoLayout *layout)
{
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return (float) width;
}

/* Draws @layout from @x on, at most @width wide, its middle at @middle. */
static void
draw_layout (const Pen *pen, PangoLayout *layout, const GdkRGBA *colour,
             float x, float width, float middle)
{
  int height;

  if (width < 1)
    return;
  pango_layout_set_width (layout, (int) width * PANGO_SCALE);
  pango_layout_get_pixel_size (layout, NULL, &height);
  gtk_snapshot_save (pen->snapshot);
  gtk_snapshot_translate (
      pen->snapshot, &GRAPHENE_POINT_INIT (mirror (pen, x, width),
                                           roundf (middle - height / 2.0f)));
  gtk_snapshot_append_layout (pen->snapshot, layout, colour);
  gtk_snapshot_restore (pen->snapshot);
}

/* Text that ends at @right, at most @most wide. Returns where it begins. */
static float
draw_ending (const Pen *pen, const char *text, double size, gboolean italic,
             const GdkRGBA *colour, float right, float most, float middle)
{
  g_autoptr (PangoLayout) layout = new_layout (pen->widget, text, size, italic);
  float width = MIN (measure_layout (layout) + 1, most);

  draw_layout (pen, layout, colour, right - width, width, middle);
  return right - width;
}

/* At the right: the figure, or the cross and what it was called instead, with
 * the figure of that, which a long name leaves room for. Returns the width that
 * is left. */
static float
draw_right (const Pen *pen, const HfCaption *caption, float middle)
{
  GdkRGBA red;
  float side, x;

  if (caption->figure == NULL)
    return pen->width;
  if (caption->missed == NULL)
    return draw_ending (pen, caption->figure, 1, TRUE, &pen->quiet, pen->width,
                        pen->width / 2, middle) -
           BADGE_GAP_PX;
  red = hf_mark_get_colour (pen->widget, HF_MARK_WRONG);
  x = draw_ending (pen, caption->figure, SMALL, FALSE, &red, pen->width,
                   pen->width / 2, middle) -
      GAP_PX;
  x = draw_ending (pen, caption->missed, SMALL, FALSE, &red, x,
                   x - pen->width / 2, middle);
  side = (float) hf_badge_scale (pen->widget, HF_MARK_PIXEL_SIZE);
  x -= side + GAP_PX;
  hf_mark_snapshot_at (pen->widget, pen->snapshot, HF_MARK_WRONG,
                       mirror (pen, x, side), roundf (middle - side / 2), side);
  return x - BADGE_GAP_PX;
}

static void
draw_caption (const Pen *pen, const HfCaption *caption, float middle)
{
  float side = (float) hf_badge_scale (pen->widget, HF_BADGE_PIXEL_SIZE);
  float mark = (float) hf_badge_scale (pen->widget, HF_MARK_PIXEL_SIZE);
  float right = draw_right (pen, caption, middle);
  float top = roundf (middle - side / 2);
  g_autoptr (PangoLayout) layout = NULL;

  if (caption->item != NULL)
    hf_badge_snapshot_at (pen->widget, pen->snapshot, caption->item,
                          caption->hollow, mirror (pen, 0, side), top, side);
  else
    hf_mark_snapshot_at (pen->widget, pen->snapshot, caption->mark,
                         mirror (pen, (side - mark) / 2, mark),
                         roundf (middle - mark / 2), mark);
  if (caption->name == NULL)
    return;
  layout = new_layout (pen->widget, caption->name, 1, caption->is_quiet);
  draw_layout (pen, layout, caption->is_quiet ? &pen->quiet : &pen->ink,
               side + BADGE_GAP_PX, right - side - BADGE_GAP_PX, middle);
}

static void
append_frame (const Pen *pen, const graphene_rect_t *picture,
              const GdkRGBA *colour, float inset, float width)
{
  GskRoundedRect shape;
  graphene_rect_t frame;

  graphene_rect_inset_r (picture, inset, inset, &frame);
  gsk_rounded_rect_init_from_rect (&shape, &frame, CORNER_PX - inset);
  gtk_snapshot_append_border (pen->snapshot, &shape,
                              (float[4]){width, width, width, width},
                              (GdkRGBA[4]){*colour, *colour, *colour, *colour});
}

/* A dotted outline, light under dark, so that it shows on any picture. */
static void
append_dots (const Pen *pen, const graphene_rect_t *picture)
{
  const double dash[] = {2, 3};
  cairo_t *cr = gtk_snapshot_append_cairo (pen->snapshot, picture);
  double x = picture->origin.x + 0.5, y = picture->origin.y + 0.5;
  double side = picture->size.width - 1.0, r = CORNER_PX - 0.5;

  cairo_new_sub_path (cr);
  cairo_arc (cr, x + side - r, y + r, r, -G_PI_2, 0);
  cairo_arc (cr, x + side - r, y + side - r, r, 0, G_PI_2);
  cairo_arc (cr, x + r, y + side - r, r, G_PI_2, G_PI);
  cairo_arc (cr, x + r, y + r, r, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
  cairo_set_line_width (cr, 1);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.5);
  cairo_stroke_preserve (cr);
  cairo_set_dash (cr, dash, 2, 0);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.9);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

/* The plate shows where the picture is to be, and around one that is not
 * square. */
static void
draw_picture (HfTile *self, const Pen *pen, const HfPictureInfo *info,
              const graphene_rect_t *square)
{
  GdkRGBA plate = pen->ink;
  gboolean is_broken = info->state == HF_PICTURE_UNREADABLE ||
                       hf_thumb_slot_get_reason (self->slot) != NULL;
  float side = MIN (48, square->size.width / 3);
  GskRoundedRect shape;

  plate.alpha *= 0.07f;
  gsk_rounded_rect_init_from_rect (&shape, square, CORNER_PX);
  gtk_snapshot_push_rounded_clip (pen->snapshot, &shape);
  gtk_snapshot_append_color (pen->snapshot, &plate, square);
  gtk_snapshot_push_opacity (pen->snapshot, info->gone ? GONE : 1);
  hf_thumb_slot_snapshot (self->slot, pen->snapshot, square, FALSE, 0);
  gtk_snapshot_pop (pen->snapshot);
  gtk_snapshot_pop (pen->snapshot);
  if (info->gone || (is_broken && hf_thumb_slot_get (self->slot) == NULL))
    hf_mark_snapshot_at (pen->widget, pen->snapshot, HF_MARK_BROKEN,
                         square->origin.x + (square->size.width - side) / 2,
                         square->origin.y + (square->size.height - side) / 2,
                         side);
  if (info->class_id != 0 && info->missed_id != 0) {
    GdkRGBA red = hf_mark_get_colour (pen->widget, HF_MARK_WRONG);

    append_frame (pen, square, &red, -FRAME_PX, FRAME_PX);
  } else if (info->state == HF_PICTURE_WAITING) {
    append_dots (pen, square);
  }
}

static void
draw_texts (HfTile *self, const Pen *pen, const HfPictureInfo *info, float top)
{
  float caption_height = (float) hf_badge_scale (pen->widget, CAPTION_PX);
  float why_height = (float) hf_badge_scale (pen->widget, WHY_PX);
  g_auto (HfCaption) caption = {0};

  if (self->shows_why) {
    g_autoptr (PangoLayout) layout = new_layout (
        pen->widget, info->why != NULL ? info->why : "", SMALL, FALSE);

    draw_layout (pen, layout, &pen->ink, 0, pen->width, top + why_height / 2);
    top += why_height;
  }
  hf_caption_init (&caption, info, self->classes);
  draw_caption (pen, &caption, top + caption_height / 2);
}

static void
hf_tile_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfTile *self = HF_TILE (widget);
  float width = (float) gtk_widget_get_width (widget);
  Pen pen = {widget, snapshot, {0}, {0}, width, FALSE};
  graphene_rect_t square;

  if (self->picture == NULL || width < 1)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &pen.ink);
  pen.quiet = pen.ink;
  pen.quiet.alpha *= QUIET;
  pen.is_mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  graphene_rect_init (&square, 0, 0, width, width);
  draw_picture (self, &pen, hf_picture_get_info (self->picture), &square);
  draw_texts (self, &pen, hf_picture_get_info (self->picture), width + GAP_PX);
}

/* GTK's own label of a tooltip is as wide as its longest line, and a name may
 * be as long as the screen is wide. */
static GtkWidget *
new_tooltip (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), TOOLTIP_CHARS);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  return label;
}

static gboolean
hf_tile_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard,
                       GtkTooltip *tooltip)
{
  HfTile *self = HF_TILE (widget);
  HfThumb *thumb = hf_thumb_slot_get (self->slot);
  g_autofree char *text = NULL;

  if (self->picture == NULL)
    return FALSE;
  text = hf_words_dup_tooltip (hf_picture_get_info (self->picture),
                               self->classes, thumb != NULL ? thumb->width : 0,
                               thumb != NULL ? thumb->height : 0,
                               thumb != NULL ? thumb->size_bytes : -1);
  gtk_tooltip_set_custom (tooltip, new_tooltip (text));
  return TRUE;
}

void
hf_tile_refresh (HfTile *self)
{
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *label =
      self->picture != NULL
          ? hf_words_dup_label (hf_picture_get_info (self->picture),
                                self->classes)
          : g_strdup ("");

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  /* The cell of the grid has the focus, and so is what is read out. */
  if (cell != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (cell),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
hf_tile_dispose (GObject *object)
{
  HfTile *self = HF_TILE (object);

  hf_tile_set_picture (self, NULL);
  g_clear_object (&self->classes);
  g_clear_pointer (&self->slot, hf_thumb_slot_free);
  G_OBJECT_CLASS (hf_tile_parent_class)->dispose (object);
}

static void
hf_tile_class_init (HfTileClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_tile_dispose;
  widget_class->get_request_mode = hf_tile_get_request_mode;
  widget_class->measure = hf_tile_measure;
  widget_class->size_allocate = hf_tile_size_allocate;
  widget_class->snapshot = hf_tile_snapshot;
  widget_class->query_tooltip = hf_tile_query_tooltip;
  gtk_widget_class_set_css_name (widget_class, "tile");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
hf_tile_init (HfTile *self)
{
  self->slot = hf_thumb_slot_new (GTK_WIDGET (self));
  self->side_px = HF_TILE_MIN_PX;
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

GtkWidget *
hf_tile_new (void)
{
  return g_object_new (HF_TYPE_TILE, NULL);
}

void
hf_tile_set_picture (HfTile *self, HfPicture *picture)
{
  if (self->picture == picture)
    return;
  if (self->picture != NULL)
    g_signal_handlers_disconnect_by_data (self->picture, self);
  g_set_object (&self->picture, picture);
  if (self->slot != NULL)
    hf_thumb_slot_set (self->slot, NULL, 0);
  self->sight = HF_TILE_FAR;
  if (picture == NULL)
    return;
  g_signal_connect_swapped (picture, "changed", G_CALLBACK (hf_tile_refresh),
                            self);
  hf_tile_refresh (self);
}

HfPicture *
hf_tile_get_picture (HfTile *self)
{
  return self->picture;
}

void
hf_tile_set_classes (HfTile *self, GListModel *classes)
{
  if (g_set_object (&self->classes, classes))
    hf_tile_refresh (self);
}

void
hf_tile_set_side (HfTile *self, int side_px)
{
  if (self->side_px == side_px)
    return;
  self->side_px = side_px;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
hf_tile_set_shows_why (HfTile *self, gboolean shows_why)
{
  if (self->shows_why == shows_why)
    return;
  self->shows_why = shows_why;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
hf_tile_set_sight (HfTile *self, HfTileSight sight)
{
  if (self->sight == sight)
    return;
  self->sight = sight;
  /* Asked for again, it lies on top. */
  if (sight == HF_TILE_SEEN)
    hf_thumb_slot_stop (self->slot);
  want_thumb (self);
}

gboolean
hf_tile_is_waiting (HfTile *self)
{
  return hf_thumb_slot_get (self->slot) == NULL &&
         hf_thumb_slot_get_reason (self->slot) == NULL;
}
