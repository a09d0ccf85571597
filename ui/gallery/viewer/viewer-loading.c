/* viewer-loading.c: the picture from its file, and until then its thumbnail.
 *
 * One picture is decoded at a time: while an older one is at work, cancelled or
 * not, the newest waits, and those between are never decoded.
 *
 *   idle --hf_viewer_load--> loading --loaded_cb--> idle
 *                              |  hf_viewer_stop_loading, hf_viewer_load
 *                              +--loaded_cb (cancelled)--> loading the newest
 */
#include "ui/gallery/viewer/viewer-private.h"

#include "ui/gallery/thumbnailer.h"

/* Side of the thumbnail that stands for a picture: as the grid asks for. */
#define PREVIEW_PX 160
/* Decoding that is done sooner needs no spinner. */
#define PATIENCE_MS 250

static void
show_reason (HfViewer *self, const char *reason)
{
  adw_status_page_set_description (self->unreadable, reason);
  gtk_stack_set_visible_child_name (self->stack, "unreadable");
}

static gboolean
patience_cb (gpointer data)
{
  HfViewer *self = data;

  self->patience_id = 0;
  gtk_spinner_start (self->spinner);
  return G_SOURCE_REMOVE;
}

static void
end_waiting (HfViewer *self)
{
  g_clear_handle_id (&self->patience_id, g_source_remove);
  if (self->spinner != NULL)
    gtk_spinner_stop (self->spinner);
}

static void start_loading (HfViewer *self);

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfViewer *self = HF_VIEWER (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfLevels) levels = hf_levels_load_finish (result, &error);

  self->is_busy = FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    /* Another one is wanted by now, or none. */
    if (self->loading != NULL)
      start_loading (self);
    return;
  }
  g_clear_object (&self->loading);
  end_waiting (self);
  if (levels == NULL) {
    const HfPictureInfo *info = hf_picture_get_info (self->picture);

    show_reason (self, info->gone ? info->reason : error->message);
    return;
  }
  self->width = levels->width;
  self->height = levels->height;
  hf_viewer_update_texts (self);
  gtk_stack_set_visible_child_name (self->stack, "picture");
  hf_canvas_set_levels (self->canvas, levels);
}

/* One at a time: its end is what the next one waits for. */
static void
start_loading (HfViewer *self)
{
  if (self->is_busy)
    return;
  self->is_busy = TRUE;
  hf_levels_load_async (self, hf_picture_get_info (self->picture)->path,
                        self->loading, loaded_cb, NULL);
}

static void
take_preview (HfViewer *self, HfThumb *thumb)
{
  self->size_bytes = thumb->size_bytes;
  if (thumb->width > 0 && thumb->height > 0) {
    self->width = thumb->width;
    self->height = thumb->height;
  }
  hf_viewer_update_texts (self);
  if (!hf_canvas_has_levels (self->canvas))
    hf_canvas_set_preview (self->canvas, thumb->texture, thumb->width,
                           thumb->height);
}

static void
previewed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfThumb) thumb = hf_thumbnailer_load_finish (result, &error);
  HfViewer *self = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->previewing);
  /* Whatever is wrong, decoding in full will say it. */
  if (thumb != NULL)
    take_preview (self, thumb);
}

static void
start_preview (HfViewer *self, const char *path)
{
  HfThumbnailer *thumbnailer = hf_thumbnailer_get (GTK_WIDGET (self));
  int side = PREVIEW_PX * gtk_widget_get_scale_factor (GTK_WIDGET (self));
  g_autoptr (HfThumb) ready =
      hf_thumbnailer_dup_ready (thumbnailer, path, side);

  if (ready != NULL) {
    take_preview (self, ready);
    return;
  }
  self->previewing = g_cancellable_new ();
  hf_thumbnailer_load_async (thumbnailer, path, side, self->previewing,
                             previewed_cb, self);
}

void
hf_viewer_load (HfViewer *self)
{
  start_preview (self, hf_picture_get_info (self->picture)->path);
  self->loading = g_cancellable_new ();
  self->patience_id = g_timeout_add (PATIENCE_MS, patience_cb, self);
  start_loading (self);
}

void
hf_viewer_stop_loading (HfViewer *self)
{
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  if (self->previewing != NULL)
    g_cancellable_cancel (self->previewing);
  g_clear_object (&self->loading);
  g_clear_object (&self->previewing);
  end_waiting (self);
}

gboolean
hf_viewer_is_loading (HfViewer *self)
{
  return self->loading != NULL;
}
