#include "desk.h"

#include "compute/device.h"
#include "tree.h"

#include <glib/gstdio.h>

/* The bus knows one application of this name, so all tests share it. */
static HfApplication *
get_application (void)
{
  g_autoptr (GError) error = NULL;
  GApplication *application = g_application_get_default ();

  if (application != NULL)
    return HF_APPLICATION (application);
  application = g_object_new (
      HF_TYPE_APPLICATION, "application-id", HF_APPLICATION_ID, "flags",
      G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE,
      "resource-base-path", HF_RESOURCE_PATH, NULL);
  g_application_set_default (application);
  g_application_register (application, NULL, &error);
  g_assert_no_error (error);
  return HF_APPLICATION (application);
}

void
desk_begin (int *argc, char ***argv)
{
  hf_device_prepare_environment (0);
  gtk_test_init (argc, argv, NULL);
  adw_init ();
}

void
desk_add (const char *path, void (*test) (Desk *self, gconstpointer unused))
{
  g_test_add (path, Desk, NULL, desk_set_up, test, desk_tear_down);
}

void
desk_set_up_at (Desk *self, const char *folder)
{
  *self = (Desk){g_strdup (folder), get_application ()};
}

void
desk_set_up (Desk *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  self->application = get_application ();
  self->folder = g_dir_make_tmp ("handful-window-XXXXXX", &error);
  g_assert_no_error (error);
}

static gboolean
has_no_window (gpointer application)
{
  return gtk_application_get_windows (application) == NULL;
}

static gboolean
has_closed_all (gpointer application)
{
  return hf_application_get_n_closing (application) == 0;
}

void
desk_wait_closed (Desk *self)
{
  desk_wait (has_closed_all, self->application);
}

void
desk_tear_down (Desk *self, gconstpointer unused)
{
  GtkApplication *application = GTK_APPLICATION (self->application);

  while (gtk_application_get_windows (application) != NULL)
    gtk_window_destroy (gtk_application_get_windows (application)->data);
  desk_wait (has_no_window, application);
  desk_wait_closed (self);
  /* What threads still bring back finds nobody. */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  tree_remove (self->folder);
  g_clear_pointer (&self->folder, g_free);
}

char *
desk_dup_path (Desk *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

void
desk_put (Desk *self, const char *sample, const char *name)
{
  g_autofree char *from = g_build_filename (
      g_getenv ("HANDFUL_SOURCE_ROOT"), "tests/pictures/rings", sample, NULL);
  g_autofree char *to = desk_dup_path (self, name);
  g_autofree char *folder = g_path_get_dirname (to);
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0755);
  g_file_copy (source, target, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

void
desk_put_three (Desk *self, const char *folder)
{
  static const char *const samples[] = {
      "good/lot07__01.jpg", "good/lot07__02.jpg", "rusty/lot07__01.jpg"};

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++) {
    g_autofree char *name = g_strdup_printf ("%s/%u.jpg", folder, i + 1);

    desk_put (self, samples[i], name);
  }
}

HfWindow *
desk_new_window (Desk *self)
{
  HfWindow *window = hf_window_new (self->application);

  gtk_window_present (GTK_WINDOW (window));
  return window;
}

void
desk_open (HfWindow *window, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  hf_window_open_file (window, file);
}

static gboolean
has_project (gpointer window)
{
  return hf_window_get_workspace (window) != NULL;
}

HfWorkspace *
desk_wait_project (HfWindow *window)
{
  desk_wait (has_project, window);
  return hf_window_get_workspace (window);
}

HfWorkspace *
desk_open_project (Desk *self, HfWindow *window, const char *name)
{
  g_autofree char *path = desk_dup_path (self, name);

  desk_open (window, path);
  return desk_wait_project (window);
}

static gboolean
has_focus (gpointer widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = gtk_root_get_focus (root);

  return gtk_window_is_active (GTK_WINDOW (root)) && focus != NULL &&
         (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

void
desk_wait_focus (GtkWidget *widget)
{
  desk_wait (has_focus, widget);
}

guint
desk_count_windows (Desk *self)
{
  return g_list_length (
      gtk_application_get_windows (GTK_APPLICATION (self->application)));
}

guint
desk_get_uint (gpointer object, const char *property)
{
  guint value;

  g_object_get (object, property, &value, NULL);
  return value;
}

gboolean
desk_get_boolean (gpointer object, const char *property)
{
  gboolean value;

  g_object_get (object, property, &value, NULL);
  return value;
}

gpointer
desk_get (HfWindow *window, const char *child)
{
  GObject *object = gtk_widget_get_template_child (GTK_WIDGET (window),
                                                   HF_TYPE_WINDOW, child);

  g_assert_nonnull (object);
  return object;
}

static GtkWidget *
find_dialog (void)
{
  GListModel *all = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (all); i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (all, i);

    if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_mapped (window))
      return window;
  }
  return NULL;
}

static gboolean
has_dialog (gpointer unused)
{
  return find_dialog () != NULL;
}

GtkWidget *
desk_wait_dialog (Desk *self)
{
  desk_wait (has_dialog, NULL);
  return find_dialog ();
}
