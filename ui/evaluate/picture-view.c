/* picture-view.c: see the header. GtkPicture asks for the size of its texture,
 * which blows cards up; this one has a measure of its own. */
#include "ui/evaluate/picture-view.h"

#include "app/thumbnails/thumbnail.h"
#include "ui/owned-task.h"

#define MIN_WIDTH 72
#define NATURAL_WIDTH 140
/* Height to width. */
#define SHAPE (6 / 7.0)
/* Of the texture's longer side: enough for a screen of twice the density. */
#define TEXTURE_PX 400

struct _HfPictureView {
  GtkWidget parent_instance;

  GdkTexture *texture;
  GCancellable *loading;
};

G_DEFINE_FINAL_TYPE (HfPictureView, hf_picture_view, GTK_TYPE_WIDGET)

/* The kept thumbnail that all programs share, or one that is made and kept. */
static GdkTexture *
load_small (const char *path, GError **error)
{
  g_autofree char *folder = hf_thumbnail_dup_folder ();
  g_autoptr (HfThumbnail) small =
      hf_thumbnail_load (folder, path, TEXTURE_PX, error);
  g_autoptr (GBytes) bytes = NULL;
  gsize stride;

  if (small == NULL)
    return NULL;
  stride = (gsize) small->image->width * 3;
  bytes =
      g_bytes_new (small->image->rgb, stride * (gsize) small->image->height);
  return gdk_memory_texture_new (small->image->width, small->image->height,
                                 GDK_MEMORY_R8G8B8, bytes, stride);
}

static void
load_thread (GTask *task, gpointer source, gpointer data,
             GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  GdkTexture *texture = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  texture = load_small (data, &error);
  if (texture != NULL)
    g_task_return_pointer (task, texture, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GdkTexture *texture = g_task_propagate_pointer (G_TASK (result), NULL);

  if (texture == NULL)
    return;
  HF_PICTURE_VIEW (source)->texture = texture;
  gtk_widget_queue_draw (GTK_WIDGET (source));
}

static GtkSizeRequestMode
hf_picture_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
hf_picture_view_measure (GtkWidget *widget, GtkOrientation orientation,
                         int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = MIN_WIDTH;
    *natural = NATURAL_WIDTH;
    return;
  }
  *minimum = *natural =
      (int) ((for_size < 0 ? NATURAL_WIDTH : for_size) * SHAPE);
}

/* The whole box is filled; what is over at the longer side is cut. */
static void
hf_picture_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfPictureView *self = HF_PICTURE_VIEW (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  float wide, high, scale;

  if (self->texture == NULL)
    return;
  wide = (float) gdk_texture_get_width (self->texture);
  high = (float) gdk_texture_get_height (self->texture);
  scale = MAX (width / wide, height / high);
  gtk_snapshot_append_texture (snapshot, self->texture,
                               &GRAPHENE_RECT_INIT ((width - wide * scale) / 2,
                                                    (height - high * scale) / 2,
                                                    wide * scale,
                                                    high * scale));
}

static void
hf_picture_view_dispose (GObject *object)
{
  HfPictureView *self = HF_PICTURE_VIEW (object);

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_object (&self->texture);
  G_OBJECT_CLASS (hf_picture_view_parent_class)->dispose (object);
}

static void
hf_picture_view_class_init (HfPictureViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_picture_view_dispose;
  widget_class->get_request_mode = hf_picture_view_get_request_mode;
  widget_class->measure = hf_picture_view_measure;
  widget_class->snapshot = hf_picture_view_snapshot;
  gtk_widget_class_set_css_name (widget_class, "thumb");
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
hf_picture_view_init (HfPictureView *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
hf_picture_view_new (const char *path)
{
  HfPictureView *self = g_object_new (HF_TYPE_PICTURE_VIEW, NULL);
  g_autoptr (GTask) task = NULL;

  if (path == NULL)
    return GTK_WIDGET (self);
  self->loading = g_cancellable_new ();
  task = hf_owned_task_new (self, self->loading, loaded_cb, NULL);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, load_thread);
  return GTK_WIDGET (self);
}
