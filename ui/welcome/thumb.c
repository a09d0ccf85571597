/* thumb.c: see the header. GtkPicture asks for the size of its texture, which
 * blows rows up; this one has a fixed measure. */
#include "ui/welcome/thumb.h"

#include "ui/application.h"
#include "ui/owned-task.h"

#define SIDE_PX 40
/* Enough for a screen of twice the density. */
#define TEXTURE_PX 80

struct _HfThumb {
  GtkWidget parent_instance;

  GtkWidget *icon;
  GdkTexture *texture;
  GCancellable *loading;
};

G_DEFINE_FINAL_TYPE (HfThumb, hf_thumb, GTK_TYPE_WIDGET)

static void
load_thread (GTask *task, gpointer source, gpointer data,
             GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkPixbuf) whole = NULL;
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new_from_file_at_scale (
      data, TEXTURE_PX * 2, TEXTURE_PX * 2, TRUE, &error);

  if (pixbuf == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  whole = gdk_pixbuf_apply_embedded_orientation (pixbuf);
  g_task_return_pointer (task, gdk_texture_new_for_pixbuf (whole),
                         g_object_unref);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GdkTexture *texture = g_task_propagate_pointer (G_TASK (result), &error);
  HfThumb *self = HF_THUMB (source);

  /* A picture that is gone keeps the icon. */
  if (texture == NULL)
    return;
  self->texture = texture;
  gtk_widget_set_visible (self->icon, FALSE);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
hf_thumb_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                  int *minimum, int *natural, int *minimum_baseline,
                  int *natural_baseline)
{
  *minimum = *natural = SIDE_PX;
}

static void
hf_thumb_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GtkAllocation all = {0, 0, width, height};
  HfThumb *self = HF_THUMB (widget);

  if (gtk_widget_get_visible (self->icon))
    gtk_widget_size_allocate (self->icon, &all, -1);
}

/* Fills the square: the middle of the picture. */
static void
hf_thumb_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfThumb *self = HF_THUMB (widget);
  const int width = gtk_widget_get_width (widget);
  const int height = gtk_widget_get_height (widget);
  double scale, w, h;

  if (self->texture == NULL) {
    gtk_widget_snapshot_child (widget, self->icon, snapshot);
    return;
  }
  w = gdk_texture_get_width (self->texture);
  h = gdk_texture_get_height (self->texture);
  scale = MAX (width / w, height / h);
  w *= scale;
  h *= scale;
  gtk_snapshot_append_texture (
      snapshot, self->texture,
      &GRAPHENE_RECT_INIT ((width - w) / 2, (height - h) / 2, w, h));
}

static void
hf_thumb_dispose (GObject *object)
{
  HfThumb *self = HF_THUMB (object);

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->icon, gtk_widget_unparent);
  G_OBJECT_CLASS (hf_thumb_parent_class)->dispose (object);
}

static void
hf_thumb_class_init (HfThumbClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_thumb_dispose;
  widget_class->measure = hf_thumb_measure;
  widget_class->size_allocate = hf_thumb_size_allocate;
  widget_class->snapshot = hf_thumb_snapshot;
  gtk_widget_class_set_css_name (widget_class, "thumb");
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
hf_thumb_init (HfThumb *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (widget, GTK_ALIGN_CENTER);
  self->icon = gtk_image_new_from_icon_name ("image-x-generic-symbolic");
  gtk_widget_add_css_class (self->icon, "quiet");
  gtk_widget_set_parent (self->icon, widget);
}

void
hf_thumb_set_path (HfThumb *self, const char *path)
{
  g_autoptr (GTask) task = NULL;

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_object (&self->texture);
  gtk_widget_set_visible (self->icon, TRUE);
  if (path == NULL)
    return;
  self->loading = g_cancellable_new ();
  task = hf_owned_task_new (self, self->loading, loaded_cb, NULL);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, load_thread);
}

GtkWidget *
hf_thumb_new (const char *path)
{
  HfThumb *self = g_object_new (HF_TYPE_THUMB, NULL);

  hf_thumb_set_path (self, path);
  return GTK_WIDGET (self);
}
