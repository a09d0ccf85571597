/* application.c: see the header. */
#include "ui/application.h"

#include "app/places.h"
#include "ui/window/window.h"

#include <glib/gi18n.h>

/* Made by glib-compile-resources; the linker would drop it from the library. */
extern GResource *hf_ui_get_resource (void);

struct _HfApplication {
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (HfApplication, hf_application, ADW_TYPE_APPLICATION)

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkApplication *self = data;
  GList *windows = gtk_application_get_windows (self);

  /* Each window ends its own work before it goes. */
  while (windows != NULL) {
    GtkWindow *window = windows->data;

    windows = windows->next;
    gtk_window_close (window);
  }
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkApplication *self = data;

  adw_show_about_window (
      gtk_application_get_active_window (self), "application-name",
      _("Handful"), "application-icon", HF_APPLICATION_ID, "developer-name",
         _("The Handful developers"), "version", hf_places_get_version (),
            "license-type", GTK_LICENSE_GPL_3_0, "comments",
            _("Teach an inspector with a handful of pictures."), NULL);
}

static void
new_window_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present (GTK_WINDOW (hf_window_new (HF_APPLICATION (data))));
}

static const GActionEntry actions[] = {
    {"quit", quit_action},
    {"about", about_action},
    {"new-window", new_window_action},
};

static void
hf_application_activate (GApplication *application)
{
  GtkWindow *window =
      gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    window = GTK_WINDOW (hf_window_new (HF_APPLICATION (application)));
  gtk_window_present (window);
}

/* A project or a folder each; the welcome page of a window that shows none is
 * taken first. */
static void
hf_application_open (GApplication *application, GFile **files, int n_files,
                     const char *hint)
{
  for (int i = 0; i < n_files; i++) {
    GtkWindow *window =
        gtk_application_get_active_window (GTK_APPLICATION (application));

    if (window == NULL || hf_window_get_workspace (HF_WINDOW (window)) != NULL)
      window = GTK_WINDOW (hf_window_new (HF_APPLICATION (application)));
    hf_window_open_file (HF_WINDOW (window), files[i]);
    gtk_window_present (window);
  }
}

static void
hf_application_startup (GApplication *application)
{
  const struct {
    const char *action;
    const char *keys[3];
  } keys[] = {
      {"app.quit", {"<Control>q"}},        {"app.new-window", {"<Control>n"}},
      {"window.close", {"<Control>w"}},    {"win.undo", {"<Control>z"}},
      {"win.redo", {"<Control><Shift>z"}}, {"win.open-folder", {"<Control>o"}},
  };

  G_APPLICATION_CLASS (hf_application_parent_class)->startup (application);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application),
                                           keys[i].action, keys[i].keys);
}

static void
hf_application_class_init (HfApplicationClass *class)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (class);

  application_class->startup = hf_application_startup;
  application_class->activate = hf_application_activate;
  application_class->open = hf_application_open;
}

static void
hf_application_init (HfApplication *self)
{
  g_resources_register (hf_ui_get_resource ());
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions,
                                   G_N_ELEMENTS (actions), self);
}

HfApplication *
hf_application_new (void)
{
  return g_object_new (HF_TYPE_APPLICATION, "application-id", HF_APPLICATION_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", HF_RESOURCE_PATH, NULL);
}
