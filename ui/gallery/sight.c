/* sight.c: see the header. */
#include "ui/gallery/sight.h"

/* After this long without a change the owner is told. */
#define REST_MS 150
/* What moved in one frame is laid out in it and has its place in the next. */
#define LOOK_FRAMES 2

struct _HfSight {
  GtkWidget *frame;
  HfSightFunc func;
  gpointer data;
  GPtrArray *tiles;
  guint look_id, rest_id; /* tick and timeout, or 0 */
  int n_frames;           /* that are still to be looked at */
};

typedef struct {
  HfTile *tile;
  float top, away; /* away: 0 while it is seen */
} Place;

HfSight *
hf_sight_new (GtkWidget *frame, HfSightFunc func, gpointer data)
{
  HfSight *self = g_new0 (HfSight, 1);

  self->frame = frame;
  g_object_add_weak_pointer (G_OBJECT (frame), (gpointer *) &self->frame);
  self->func = func;
  self->data = data;
  self->tiles = g_ptr_array_new ();
  return self;
}

/* Lists drop their cells without asking. */
static void
tile_gone_cb (gpointer data, GObject *tile)
{
  HfSight *self = data;

  g_ptr_array_remove_fast (self->tiles, tile);
}

void
hf_sight_free (HfSight *self)
{
  for (guint i = 0; i < self->tiles->len; i++)
    g_object_weak_unref (self->tiles->pdata[i], tile_gone_cb, self);
  if (self->frame != NULL) {
    if (self->look_id != 0)
      gtk_widget_remove_tick_callback (self->frame, self->look_id);
    g_object_remove_weak_pointer (G_OBJECT (self->frame),
                                  (gpointer *) &self->frame);
  }
  g_clear_handle_id (&self->rest_id, g_source_remove);
  g_ptr_array_unref (self->tiles);
  g_free (self);
}

void
hf_sight_add (HfSight *self, HfTile *tile)
{
  g_ptr_array_add (self->tiles, tile);
  g_object_weak_ref (G_OBJECT (tile), tile_gone_cb, self);
}

GPtrArray *
hf_sight_get_tiles (HfSight *self)
{
  return self->tiles;
}

static gboolean
find_place (HfSight *self, HfTile *tile, float height, Place *out)
{
  graphene_rect_t bounds;
  float bottom;

  if (hf_tile_get_picture (tile) == NULL ||
      !gtk_widget_get_mapped (GTK_WIDGET (tile)) ||
      !gtk_widget_compute_bounds (GTK_WIDGET (tile), self->frame, &bounds))
    return FALSE;
  bottom = bounds.origin.y + bounds.size.height;
  out->tile = tile;
  out->top = bounds.origin.y;
  out->away = bottom < 0 ? -bottom : out->top > height ? out->top - height : 0;
  return TRUE;
}

/* The last to be asked for is made first: far before near, and of the seen ones
 * the lower before the upper. */
static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *left = a, *right = b;

  if (left->away != right->away)
    return left->away > right->away ? -1 : 1;
  return (left->top < right->top) - (left->top > right->top);
}

static GArray *
dup_places (HfSight *self, float height)
{
  GArray *places =
      g_array_sized_new (FALSE, FALSE, sizeof (Place), self->tiles->len);

  for (guint i = 0; i < self->tiles->len; i++) {
    Place place;

    if (find_place (self, self->tiles->pdata[i], height, &place))
      g_array_append_val (places, place);
    else
      hf_tile_set_sight (self->tiles->pdata[i], HF_TILE_FAR);
  }
  g_array_sort (places, compare_places);
  return places;
}

static gboolean
rest_cb (gpointer data)
{
  HfSight *self = data;
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GArray) places =
      dup_places (self, (float) gtk_widget_get_height (self->frame));

  self->rest_id = 0;
  for (guint i = places->len; i > 0; i--) {
    const Place *place = &g_array_index (places, Place, i - 1);

    if (place->away > 0)
      break;
    g_ptr_array_add (seen, g_object_ref (hf_tile_get_picture (place->tile)));
  }
  if (seen->len > 0)
    self->func (seen, self->data);
  return G_SOURCE_REMOVE;
}

static void
look (HfSight *self)
{
  float height = (float) gtk_widget_get_height (self->frame);
  g_autoptr (GArray) places = dup_places (self, height);

  for (guint i = 0; i < places->len; i++) {
    const Place *place = &g_array_index (places, Place, i);

    hf_tile_set_sight (place->tile, place->away == 0       ? HF_TILE_SEEN
                                    : place->away < height ? HF_TILE_NEAR
                                                           : HF_TILE_FAR);
  }
}

static gboolean
look_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  HfSight *self = data;

  look (self);
  if (--self->n_frames > 0)
    return G_SOURCE_CONTINUE;
  self->look_id = 0;
  g_clear_handle_id (&self->rest_id, g_source_remove);
  self->rest_id = g_timeout_add (REST_MS, rest_cb, self);
  return G_SOURCE_REMOVE;
}

void
hf_sight_look (HfSight *self)
{
  if (self->frame == NULL)
    return;
  self->n_frames = LOOK_FRAMES;
  if (self->look_id == 0)
    self->look_id =
        gtk_widget_add_tick_callback (self->frame, look_cb, self, NULL);
}

guint
hf_sight_count_waiting (HfSight *self)
{
  g_autoptr (GArray) places =
      dup_places (self, (float) gtk_widget_get_height (self->frame));
  guint n = 0;

  for (guint i = 0; i < places->len; i++)
    n += g_array_index (places, Place, i).away == 0 &&
         hf_tile_is_waiting (g_array_index (places, Place, i).tile);
  return n;
}
