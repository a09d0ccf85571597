/* film-strip.c: see the header. As many pictures as fit are shown, the current
 * one in the middle, so that the row moves under it. */
#include "ui/gallery/viewer/film-strip.h"

#include "ui/gallery/thumb-slot.h"

#include <glib/gi18n.h>

#define THUMB_PX 66
#define GAP_PX 6
#define FRAME_PX 3
#define CORNER_PX 6

struct _HfFilmStrip {
  GtkWidget parent_instance;

  GListModel *model;
  guint place;
  guint first;      /* place of the leftmost one */
  GPtrArray *slots; /* HfThumbSlot, from the left */
};

enum { PICKED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfFilmStrip, hf_film_strip, GTK_TYPE_WIDGET)

static guint
count_pictures (HfFilmStrip *self)
{
  return self->model != NULL ? g_list_model_get_n_items (self->model) : 0;
}

/* A slot that already has this picture is taken over, so that a step shifts
 * them and loads one. */
static HfThumbSlot *
take_slot (HfFilmStrip *self, GPtrArray *from, const char *path)
{
  HfThumbSlot *slot;

  for (guint i = 0; i < from->len; i++) {
    slot = from->pdata[i];
    if (g_strcmp0 (hf_thumb_slot_get_path (slot), path) == 0) {
      g_ptr_array_steal_index_fast (from, i);
      return slot;
    }
  }
  return hf_thumb_slot_new (GTK_WIDGET (self));
}

static void
fill (HfFilmStrip *self, guint n_shown)
{
  g_autoptr (GPtrArray) before = self->slots;

  self->slots =
      g_ptr_array_new_with_free_func ((GDestroyNotify) hf_thumb_slot_free);
  for (guint i = 0; i < n_shown; i++) {
    g_autoptr (HfPicture) picture =
        g_list_model_get_item (self->model, self->first + i);
    const char *path = hf_picture_get_info (picture)->path;
    HfThumbSlot *slot = take_slot (self, before, path);

    hf_thumb_slot_set (slot, path, THUMB_PX);
    g_ptr_array_add (self->slots, slot);
  }
}

static void
update (HfFilmStrip *self)
{
  guint n = count_pictures (self);
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  guint n_fit =
      (guint) MAX ((width - 2 * FRAME_PX + GAP_PX) / (THUMB_PX + GAP_PX), 1);
  guint n_shown = MIN (n, n_fit);
  guint half = n_shown / 2;

  self->first = self->place > half ? self->place - half : 0;
  self->first = MIN (self->first, n - n_shown);
  fill (self, n_shown);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
hf_film_strip_measure (GtkWidget *widget, GtkOrientation orientation,
                       int for_size, int *minimum, int *natural,
                       int *minimum_baseline, int *natural_baseline)
{
  *minimum = THUMB_PX + 2 * FRAME_PX;
  *natural = orientation == GTK_ORIENTATION_VERTICAL
                 ? *minimum
                 : 9 * (THUMB_PX + GAP_PX) - GAP_PX + 2 * FRAME_PX;
}

static void
hf_film_strip_size_allocate (GtkWidget *widget, int width, int height,
                             int baseline)
{
  update (HF_FILM_STRIP (widget));
}

static float
get_left (HfFilmStrip *self, guint i)
{
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self));
  float row = (float) (self->slots->len * (THUMB_PX + GAP_PX)) - GAP_PX;
  float left = (width - row) / 2 + (float) (i * (THUMB_PX + GAP_PX));

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    left = width - left - THUMB_PX;
  return left;
}

static void
append_frame (HfFilmStrip *self, GtkSnapshot *snapshot,
              const graphene_rect_t *area)
{
  GdkRGBA colour = {0.2f, 0.5f, 0.9f, 1};
  GskRoundedRect shape;
  graphene_rect_t frame;

  gtk_style_context_lookup_color (
      gtk_widget_get_style_context (GTK_WIDGET (self)), "accent_color",
      &colour);
  graphene_rect_inset_r (area, -FRAME_PX, -FRAME_PX, &frame);
  gsk_rounded_rect_init_from_rect (&shape, &frame, CORNER_PX + FRAME_PX);
  gtk_snapshot_append_border (
      snapshot, &shape, (float[4]){FRAME_PX, FRAME_PX, FRAME_PX, FRAME_PX},
      (GdkRGBA[4]){colour, colour, colour, colour});
}

static void
hf_film_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfFilmStrip *self = HF_FILM_STRIP (widget);
  GdkRGBA plate;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &plate);
  plate.alpha *= 0.07f;
  for (guint i = 0; i < self->slots->len; i++) {
    graphene_rect_t area =
        GRAPHENE_RECT_INIT (get_left (self, i), FRAME_PX, THUMB_PX, THUMB_PX);
    GskRoundedRect shape;

    gsk_rounded_rect_init_from_rect (&shape, &area, CORNER_PX);
    gtk_snapshot_push_rounded_clip (snapshot, &shape);
    gtk_snapshot_append_color (snapshot, &plate, &area);
    gtk_snapshot_pop (snapshot);
    hf_thumb_slot_snapshot (self->slots->pdata[i], snapshot, &area, TRUE,
                            CORNER_PX);
    if (self->first + i == self->place)
      append_frame (self, snapshot, &area);
  }
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y,
            HfFilmStrip *self)
{
  for (guint i = 0; i < self->slots->len; i++) {
    double left = get_left (self, i);

    if (x < left || x >= left + THUMB_PX)
      continue;
    g_signal_emit (self, signals[PICKED], 0, self->first + i);
    return;
  }
}

static void
hf_film_strip_dispose (GObject *object)
{
  HfFilmStrip *self = HF_FILM_STRIP (object);

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  g_ptr_array_set_size (self->slots, 0);
  G_OBJECT_CLASS (hf_film_strip_parent_class)->dispose (object);
}

static void
hf_film_strip_finalize (GObject *object)
{
  g_ptr_array_unref (HF_FILM_STRIP (object)->slots);
  G_OBJECT_CLASS (hf_film_strip_parent_class)->finalize (object);
}

static void
hf_film_strip_class_init (HfFilmStripClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_film_strip_dispose;
  G_OBJECT_CLASS (class)->finalize = hf_film_strip_finalize;
  widget_class->measure = hf_film_strip_measure;
  widget_class->size_allocate = hf_film_strip_size_allocate;
  widget_class->snapshot = hf_film_strip_snapshot;
  signals[PICKED] =
      g_signal_new ("picked", HF_TYPE_FILM_STRIP, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "filmstrip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
hf_film_strip_init (HfFilmStrip *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->slots =
      g_ptr_array_new_with_free_func ((GDestroyNotify) hf_thumb_slot_free);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

void
hf_film_strip_set_model (HfFilmStrip *self, GListModel *model)
{
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_set_object (&self->model, model);
  self->place = 0;
  if (model != NULL)
    g_signal_connect_swapped (model, "items-changed", G_CALLBACK (update),
                              self);
  update (self);
}

void
hf_film_strip_show (HfFilmStrip *self, guint place)
{
  guint n = count_pictures (self);
  g_autofree char *label = NULL;

  self->place = place;
  update (self);
  /* Translators: the first number counts up to the second. */
  label = g_strdup_printf (_("Picture %u of %u"), MIN (place + 1, n), n);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}
