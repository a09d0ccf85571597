/* preview-tile.c: see the header. */
#include "ui/prompts/preview-tile.h"

#include "ui/gallery/thumb-slot.h"
#include "ui/gallery/words.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/mark.h"

#include <glib/gi18n.h>
#include <math.h>

/* px where text is 9 pt on a screen of 96 dpi. */
#define LEAST 132
#define THUMB_SHARE 0.88f /* height of the picture by its width */
#define CAPTION 30
#define ROW 18
#define BAR 8
#define GAP 6
#define FIGURES 26
#define NAME_SHARE 0.34f
/* Of more classes the most probable are shown. */
#define MAX_BARS 6

/* A class may go before the next answer comes. */
typedef struct {
  HfClassItem *item; /* referenced */
  double probability;
} Bar;

struct _HfPreviewTile {
  GtkWidget parent_instance;

  HfThumbSlot *slot;
  HfPicture *picture;
  GListModel *classes;
  GArray *bars;        /* Bar */
  HfClassItem *called; /* the most probable class, or NULL */
  int best;            /* its place when the answer came */
};

G_DEFINE_FINAL_TYPE (HfPreviewTile, hf_preview_tile, GTK_TYPE_WIDGET)

static float
scale (HfPreviewTile *self, int px)
{
  return (float) hf_badge_scale (GTK_WIDGET (self), px);
}

static guint
get_n_lines (HfPreviewTile *self)
{
  return MIN (g_list_model_get_n_items (self->classes), MAX_BARS);
}

static GtkSizeRequestMode
hf_preview_tile_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
hf_preview_tile_measure (GtkWidget *widget, GtkOrientation orientation,
                         int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  HfPreviewTile *self = HF_PREVIEW_TILE (widget);
  float least = scale (self, LEAST);
  float width = for_size > 0 ? (float) for_size : least;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = (int) least;
  else
    *minimum = *natural =
        (int) (width * THUMB_SHARE + scale (self, CAPTION) +
               (float) get_n_lines (self) * scale (self, ROW));
}

static void
draw_text (HfPreviewTile *self, GtkSnapshot *snapshot, const char *text,
           float x, float y, float width, float align)
{
  GtkWidget *widget = GTK_WIDGET (self);
  PangoContext *context = gtk_widget_create_pango_context (widget);
  g_autoptr (PangoLayout) layout = pango_layout_new (context);

  /* Like a chart, a tile is drawn from the left in every language. */
  pango_context_set_base_dir (context, PANGO_DIRECTION_LTR);
  pango_layout_set_auto_dir (layout, FALSE);
  pango_layout_set_text (layout, text, -1);
  g_object_unref (context);
  hf_draw_line (widget, snapshot, layout, x, y, width, align);
}

static HfMarkKind
get_mark (HfPreviewTile *self, HfClassItem *label)
{
  if (self->called == NULL || label == NULL)
    return HF_MARK_NONE;
  return self->called == label ? HF_MARK_PASS : HF_MARK_WRONG;
}

/* The picture's label, and whether the prompts agree. */
static void
draw_caption (HfPreviewTile *self, GtkSnapshot *snapshot, float top,
              float width)
{
  const HfPictureInfo *info = hf_picture_get_info (self->picture);
  HfClassItem *label = hf_words_find_class (self->classes, info->class_id);
  HfMarkKind mark = get_mark (self, label);
  float side = scale (self, HF_BADGE_PIXEL_SIZE);
  float sign = scale (self, HF_MARK_PIXEL_SIZE);
  float y = top + scale (self, CAPTION) / 2;
  float text_x = side + scale (self, GAP);

  hf_badge_snapshot_at (GTK_WIDGET (self), snapshot, label, FALSE, 0,
                        y - side / 2, side);
  draw_text (self, snapshot,
             label != NULL ? hf_class_item_get_name (label)
                           : _("no label"), text_x, y,
                                width - text_x - sign - scale (self, GAP), 0);
  if (mark != HF_MARK_NONE)
    hf_mark_snapshot_at (GTK_WIDGET (self), snapshot, mark, width - sign,
                         y - sign / 2, sign);
}

static void
draw_bar (HfPreviewTile *self, GtkSnapshot *snapshot, const Bar *bar, float y,
          float width)
{
  g_autofree char *figure = isfinite (bar->probability)
                                ? hf_words_dup_percent (bar->probability)
                                : g_strdup ("");
  float gap = scale (self, GAP), height = scale (self, BAR);
  float names = width * NAME_SHARE, figures = scale (self, FIGURES);
  float x = names + gap, length = MAX (height, width - x - gap - figures);
  GdkRGBA fill = {0.5f, 0.5f, 0.5f, 1}, track;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)),
                               &track);
  track.alpha = 0.12f;
  gdk_rgba_parse (&fill, hf_class_item_get_colour (bar->item));
  draw_text (self, snapshot, hf_class_item_get_name (bar->item), 0, y, names,
             0);
  hf_draw_bar (snapshot, x, y - height / 2, length, height, &track);
  if (isfinite (bar->probability))
    hf_draw_bar (snapshot, x, y - height / 2,
                 MAX (height, length * (float) bar->probability), height,
                 &fill);
  draw_text (self, snapshot, figure, width - figures, y, figures, 1);
}

static void
hf_preview_tile_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfPreviewTile *self = HF_PREVIEW_TILE (widget);
  float width = (float) gtk_widget_get_width (widget);
  float top = width * THUMB_SHARE;
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, width, top);

  hf_thumb_slot_snapshot (self->slot, snapshot, &area, TRUE, 6);
  draw_caption (self, snapshot, top, width);
  top += scale (self, CAPTION);
  for (guint i = 0; i < self->bars->len; i++)
    draw_bar (self, snapshot, &g_array_index (self->bars, Bar, i),
              top + scale (self, ROW) * ((float) i + 0.5f), width);
}

static void
hf_preview_tile_size_allocate (GtkWidget *widget, int width, int height,
                               int baseline)
{
  HfPreviewTile *self = HF_PREVIEW_TILE (widget);

  if (width > 0 && gtk_widget_get_mapped (widget))
    hf_thumb_slot_set (self->slot, hf_picture_get_info (self->picture)->path,
                       width);
}

static void
hf_preview_tile_dispose (GObject *object)
{
  HfPreviewTile *self = HF_PREVIEW_TILE (object);

  g_clear_pointer (&self->slot, hf_thumb_slot_free);
  g_clear_object (&self->picture);
  g_clear_object (&self->classes);
  g_clear_object (&self->called);
  G_OBJECT_CLASS (hf_preview_tile_parent_class)->dispose (object);
}

static void
hf_preview_tile_finalize (GObject *object)
{
  g_array_unref (HF_PREVIEW_TILE (object)->bars);
  G_OBJECT_CLASS (hf_preview_tile_parent_class)->finalize (object);
}

static void
hf_preview_tile_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (hf_preview_tile_parent_class)->map (widget);
  hf_preview_tile_size_allocate (widget, gtk_widget_get_width (widget), 0, -1);
}

static void
hf_preview_tile_class_init (HfPreviewTileClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->dispose = hf_preview_tile_dispose;
  object_class->finalize = hf_preview_tile_finalize;
  widget_class->get_request_mode = hf_preview_tile_get_request_mode;
  widget_class->measure = hf_preview_tile_measure;
  widget_class->snapshot = hf_preview_tile_snapshot;
  widget_class->size_allocate = hf_preview_tile_size_allocate;
  widget_class->map = hf_preview_tile_map;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bar_clear (gpointer bar)
{
  g_object_unref (((Bar *) bar)->item);
}

static void
hf_preview_tile_init (HfPreviewTile *self)
{
  self->slot = hf_thumb_slot_new (GTK_WIDGET (self));
  self->bars = g_array_new (FALSE, FALSE, sizeof (Bar));
  g_array_set_clear_func (self->bars, bar_clear);
  self->best = -1;
  gtk_widget_add_css_class (GTK_WIDGET (self), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self), "numeric");
}

GtkWidget *
hf_preview_tile_new (HfPicture *picture, GListModel *classes)
{
  HfPreviewTile *self = g_object_new (HF_TYPE_PREVIEW_TILE, NULL);

  self->picture = g_object_ref (picture);
  self->classes = g_object_ref (classes);
  g_signal_connect_object (picture, "changed",
                           G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  hf_preview_tile_set (self, NULL, g_list_model_get_n_items (classes));
  return GTK_WIDGET (self);
}

HfPicture *
hf_preview_tile_get_picture (HfPreviewTile *self)
{
  return self->picture;
}

static int
compare_bars (gconstpointer a, gconstpointer b)
{
  double x = ((const Bar *) a)->probability;
  double y = ((const Bar *) b)->probability;

  return (x < y) - (x > y);
}

/* What a screen reader says, and what is said of a cut name. */
static void
say (HfPreviewTile *self, const double *probabilities)
{
  const char *name = hf_picture_get_info (self->picture)->name;
  g_autofree char *percent = NULL;
  g_autofree char *words = NULL;

  if (self->called != NULL) {
    percent = hf_words_dup_percent (probabilities[self->best]);
    /* Translators: a file; by the prompts a class, with so many percent. */
    words = g_strdup_printf (_("%s: %s, %s %%"), name,
                                hf_class_item_get_name (self->called), percent);
  }
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), words != NULL ? words : name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  words != NULL ? words : name, -1);
}

void
hf_preview_tile_set (HfPreviewTile *self, const double *probabilities, gsize n)
{
  n = MIN (n, g_list_model_get_n_items (self->classes));
  self->best = -1;
  g_clear_object (&self->called);
  g_array_set_size (self->bars, 0);
  for (guint c = 0; c < n; c++) {
    Bar bar = {g_list_model_get_item (self->classes, c),
               probabilities != NULL ? probabilities[c] : NAN};

    g_array_append_val (self->bars, bar);
    if (isfinite (bar.probability) &&
        (self->best < 0 || bar.probability > probabilities[self->best]))
      self->best = (int) c;
  }
  if (self->best >= 0)
    self->called = g_list_model_get_item (self->classes, (guint) self->best);
  if (n > MAX_BARS && self->best >= 0)
    g_array_sort (self->bars, compare_bars);
  if (n > MAX_BARS)
    g_array_set_size (self->bars, MAX_BARS);
  say (self, probabilities);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

int
hf_preview_tile_get_best (HfPreviewTile *self)
{
  return self->best;
}
