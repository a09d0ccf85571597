/* picture-files.c: see the header. The file manager is asked as the
 * freedesktop.org file manager interface (org.freedesktop.FileManager1) has
 * it. */
#include "ui/label/menu/picture-files.h"

gboolean
hf_picture_files_has (HfPicture *picture)
{
  return !hf_picture_get_info (picture)->gone;
}

char *
hf_picture_files_dup_paths (GPtrArray *pictures)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < pictures->len; i++) {
    g_autofree char *path = g_filename_display_name (
        hf_picture_get_info (pictures->pdata[i])->path);

    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", path);
  }
  return g_string_free (text, FALSE);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GtkWindow *window = source != NULL ? GTK_WINDOW (source) : NULL;
  GError *error = NULL;

  if (gtk_show_uri_full_finish (window, result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static char *
dup_uri (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return g_file_get_uri (file);
}

/* Takes @task. */
static void
open_path (GTask *task, const char *path)
{
  GtkRoot *root = gtk_widget_get_root (g_task_get_source_object (task));
  g_autofree char *uri = dup_uri (path);

  gtk_show_uri_full (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, uri,
                     GDK_CURRENT_TIME, NULL, opened_cb, task);
}

void
hf_picture_files_open_async (GtkWidget *widget, HfPicture *picture,
                             GAsyncReadyCallback callback, gpointer data)
{
  open_path (g_task_new (widget, NULL, callback, data),
             hf_picture_get_info (picture)->path);
}

/* Of a task that shows: the folder, then the files in it. */
typedef struct {
  char *folder;
  GPtrArray *uris;
} Place;

static void
place_free (gpointer data)
{
  Place *self = data;

  g_free (self->folder);
  g_ptr_array_unref (self->uris);
  g_free (self);
}

/* The folder of the first picture that is there. */
static char *
dup_folder (GPtrArray *pictures)
{
  HfPicture *picture = pictures->pdata[0];

  for (guint i = 1; i < pictures->len && !hf_picture_files_has (picture); i++)
    picture = pictures->pdata[i];
  return g_path_get_dirname (hf_picture_get_info (picture)->path);
}

static Place *
place_new (GPtrArray *pictures)
{
  Place *self = g_new0 (Place, 1);

  self->folder = dup_folder (pictures);
  self->uris = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < pictures->len; i++) {
    const char *path = hf_picture_get_info (pictures->pdata[i])->path;
    g_autofree char *folder = g_path_get_dirname (path);

    if (g_str_equal (folder, self->folder))
      g_ptr_array_add (self->uris, dup_uri (path));
  }
  return self;
}

static void
shown_cb (GObject *bus, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, NULL);
  const Place *place = g_task_get_task_data (task);

  if (answer != NULL)
    g_task_return_boolean (task, TRUE);
  else
    open_path (g_object_ref (task), place->folder);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, NULL);
  const Place *place = g_task_get_task_data (task);
  GVariant *uris;

  if (bus == NULL) {
    open_path (g_object_ref (task), place->folder);
    return;
  }
  uris = g_variant_new_strv ((const char *const *) place->uris->pdata,
                             place->uris->len);
  g_dbus_connection_call (
      bus, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1",
      "org.freedesktop.FileManager1", "ShowItems",
      g_variant_new ("(@ass)", uris, ""), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
      NULL, shown_cb, g_object_ref (task));
}

void
hf_picture_files_show_async (GtkWidget *widget, GPtrArray *pictures,
                             GAsyncReadyCallback callback, gpointer data)
{
  GTask *task;

  g_return_if_fail (pictures->len > 0);

  task = g_task_new (widget, NULL, callback, data);
  g_task_set_task_data (task, place_new (pictures), place_free);
  g_bus_get (G_BUS_TYPE_SESSION, NULL, connected_cb, task);
}

gboolean
hf_picture_files_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
