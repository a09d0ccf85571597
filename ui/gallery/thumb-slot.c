/* thumb-slot.c: see the header. */
#include "ui/gallery/thumb-slot.h"

#include "app/thumbnails/thumbnail.h"

struct _HfThumbSlot {
  GtkWidget *widget; /* the owner */
  HfThumbnailer *thumbnailer;
  char *path;
  int side_px; /* device pixels that were asked for */
  HfThumb *thumb;
  char *reason;
  GCancellable *loading;
};

void
hf_thumb_slot_stop (HfThumbSlot *self)
{
  if (self->loading == NULL)
    return;
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->side_px = 0;
}

static void load (HfThumbSlot *self);

/* The old one is shown until the new one has come. */
static void
files_changed_cb (HfThumbSlot *self, GHashTable *paths)
{
  int side_px = self->side_px;

  if (self->path == NULL || !g_hash_table_contains (paths, self->path))
    return;
  hf_thumb_slot_stop (self);
  g_clear_pointer (&self->reason, g_free);
  self->side_px = side_px;
  if (side_px > 0)
    load (self);
  else
    g_clear_pointer (&self->thumb, hf_thumb_unref);
}

HfThumbSlot *
hf_thumb_slot_new (GtkWidget *widget)
{
  HfThumbSlot *self = g_new0 (HfThumbSlot, 1);

  self->widget = widget;
  self->thumbnailer = g_object_ref (hf_thumbnailer_get (widget));
  g_signal_connect_swapped (self->thumbnailer, "changed",
                            G_CALLBACK (files_changed_cb), self);
  return self;
}

static void
forget (HfThumbSlot *self)
{
  hf_thumb_slot_stop (self);
  self->side_px = 0;
  g_clear_pointer (&self->thumb, hf_thumb_unref);
  g_clear_pointer (&self->reason, g_free);
  g_clear_pointer (&self->path, g_free);
}

void
hf_thumb_slot_free (HfThumbSlot *self)
{
  if (self == NULL)
    return;
  forget (self);
  g_signal_handlers_disconnect_by_data (self->thumbnailer, self);
  g_object_unref (self->thumbnailer);
  g_free (self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfThumb) thumb = hf_thumbnailer_load_finish (result, &error);
  HfThumbSlot *self = data;

  /* Cancelled: the slot may be gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->loading);
  if (thumb != NULL) {
    g_clear_pointer (&self->thumb, hf_thumb_unref);
    self->thumb = g_steal_pointer (&thumb);
  } else {
    g_free (self->reason);
    self->reason = g_strdup (error->message);
    g_clear_pointer (&self->thumb, hf_thumb_unref);
  }
  gtk_widget_queue_draw (self->widget);
}

static void
load (HfThumbSlot *self)
{
  HfThumb *ready =
      hf_thumbnailer_dup_ready (self->thumbnailer, self->path, self->side_px);

  if (ready != NULL) {
    g_clear_pointer (&self->thumb, hf_thumb_unref);
    self->thumb = ready;
    gtk_widget_queue_draw (self->widget);
    return;
  }
  self->loading = g_cancellable_new ();
  hf_thumbnailer_load_async (self->thumbnailer, self->path, self->side_px,
                             self->loading, loaded_cb, self);
}

void
hf_thumb_slot_set (HfThumbSlot *self, const char *path, int side_px)
{
  if (g_strcmp0 (path, self->path) != 0) {
    forget (self);
    self->path = g_strdup (path);
    gtk_widget_queue_draw (self->widget);
  }
  if (path == NULL || side_px < 1 || self->reason != NULL)
    return;
  side_px *= gtk_widget_get_scale_factor (self->widget);
  if (side_px == self->side_px)
    return;
  hf_thumb_slot_stop (self);
  self->side_px = side_px;
  load (self);
}

const char *
hf_thumb_slot_get_path (HfThumbSlot *self)
{
  return self->path;
}

HfThumb *
hf_thumb_slot_get (HfThumbSlot *self)
{
  return self->thumb;
}

const char *
hf_thumb_slot_get_reason (HfThumbSlot *self)
{
  return self->reason;
}

/* Where a picture of @width x @height lies in @area. */
static graphene_rect_t
fit (const graphene_rect_t *area, float width, float height, gboolean cover)
{
  float across = area->size.width / width, down = area->size.height / height;
  float scale = cover ? MAX (across, down) : MIN (across, down);
  graphene_rect_t place;

  graphene_rect_init (&place,
                      area->origin.x + (area->size.width - width * scale) / 2,
                      area->origin.y + (area->size.height - height * scale) / 2,
                      width * scale, height * scale);
  return place;
}

graphene_rect_t
hf_thumb_slot_snapshot (HfThumbSlot *self, GtkSnapshot *snapshot,
                        const graphene_rect_t *area, gboolean cover,
                        float corner)
{
  GdkTexture *texture;
  graphene_rect_t place, shown;
  GskRoundedRect shape;

  if (self->thumb == NULL)
    return *area;
  texture = self->thumb->texture;
  place = fit (area, (float) gdk_texture_get_width (texture),
               (float) gdk_texture_get_height (texture), cover);
  graphene_rect_intersection (&place, area, &shown);
  gsk_rounded_rect_init_from_rect (&shape, &shown, corner);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_texture (snapshot, texture, &place);
  gtk_snapshot_pop (snapshot);
  return shown;
}
