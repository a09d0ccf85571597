/* application.c: see the header. */
#include "ui/application.h"

#include "app/places.h"
#include "app/project/opening/locate.h"
#include "ui/latency.h"
#include "ui/models/models-window.h"
#include "ui/preferences/preferences.h"
#include "ui/preferences/shortcuts.h"
#include "ui/settings.h"
#include "ui/window/window.h"

#include <glib/gi18n.h>

/* Made by glib-compile-resources; the linker would drop it from the library. */
extern GResource *hf_ui_get_resource (void);

struct _HfApplication {
  AdwApplication parent_instance;

  GSettings *settings;
  HfRecents *recents;
  HfModelShelf *shelf;
  GtkWidget *models; /* the window Models and Devices, or NULL */
  guint n_closing;   /* projects without a window that still end their work */
};

G_DEFINE_FINAL_TYPE (HfApplication, hf_application, ADW_TYPE_APPLICATION)

/* The window that shows the project @path, or NULL. */
static GtkWindow *
find_window (HfApplication *self, const char *path)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self));
       l != NULL; l = l->next)
    if (HF_IS_WINDOW (l->data) && hf_window_is_at (l->data, path))
      return l->data;
  return NULL;
}

/* A window on the welcome page, or NULL. */
static GtkWindow *
find_free_window (HfApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self));
       l != NULL; l = l->next)
    if (HF_IS_WINDOW (l->data) && hf_window_is_free (l->data))
      return l->data;
  return NULL;
}

/* A project or a folder. One that is open already comes to the front; else the
 * welcome page of a window that shows none is taken first. */
static void
open_file (HfApplication *self, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);
  g_auto (HfLocation) location = {0};
  GtkWindow *window = NULL;

  if (path != NULL && hf_locate (path, &location, NULL))
    window = find_window (self, location.path);
  if (window != NULL) {
    gtk_window_present (window);
    return;
  }
  window = find_free_window (self);
  if (window == NULL)
    window = GTK_WINDOW (hf_window_new (self));
  hf_window_open_file (HF_WINDOW (window), file);
  gtk_window_present (window);
}

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
  GtkWindow *parent = gtk_application_get_active_window (data);
  GtkWidget *about = adw_about_window_new ();
  const char *const developers[] = {_ ("The Handful developers"), NULL};

  g_object_set (about, "transient-for", parent, "application-name",
                _ ("Handful"), "application-icon", HF_APPLICATION_ID, "version",
                   hf_places_get_version (), "developer-name",
                   _ ("The Handful developers"), "developers", developers,
                      "license-type", GTK_LICENSE_GPL_3_0, "comments",
                      _ ("Teach an inspector with a handful of pictures."),
                         /* Translators: your name, one translator a line */
                         "translator-credits", _ ("translator-credits"), NULL);
  adw_about_window_add_legal_section (
      ADW_ABOUT_WINDOW (about),
      _ ("Vocabulary"), NULL, GTK_LICENSE_CUSTOM,
         _ ("The byte pairs of the tokenizer are OpenAI's, under the MIT "
         "licence."));
  adw_about_window_add_legal_section (
      ADW_ABOUT_WINDOW (about),
      _ ("Starter model and sample pictures"), NULL, GTK_LICENSE_CUSTOM,
         _ ("Made for Handful. The sample pictures are free of rights "
         "(CC0-1.0)."));
  gtk_window_present (GTK_WINDOW (about));
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present (GTK_WINDOW (
      hf_preferences_new (gtk_application_get_active_window (data))));
}

static void
shortcuts_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWidget *window = hf_shortcuts_new_window ();

  gtk_window_set_transient_for (GTK_WINDOW (window),
                                gtk_application_get_active_window (data));
  gtk_window_present (GTK_WINDOW (window));
}

static HfWindow *
get_window (HfApplication *self)
{
  GtkWindow *window =
      gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window != NULL && !HF_IS_WINDOW (window))
    window = gtk_window_get_transient_for (window);
  return HF_IS_WINDOW (window) ? HF_WINDOW (window) : NULL;
}

/* One for all windows, since the models are; it shows whose project it would
 * change. */
static void
models_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  HfApplication *self = HF_APPLICATION (data);
  HfWindow *window = get_window (self);

  if (self->models == NULL) {
    self->models = hf_models_window_new (self->shelf);
    g_object_add_weak_pointer (G_OBJECT (self->models),
                               (gpointer *) &self->models);
    g_settings_bind (self->settings, "device", self->models, "device",
                     G_SETTINGS_BIND_DEFAULT);
  }
  g_object_set (self->models, "transient-for", window, "workspace",
                window != NULL ? hf_window_get_workspace (window) : NULL, NULL);
  gtk_window_present (GTK_WINDOW (self->models));
}

static void
shelf_failed_cb (HfApplication *self, const char *title, const GError *error)
{
  HfWindow *window = get_window (self);

  if (window != NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.complain", "(ss)",
                                title, error->message);
}

/* The first steps, as the file lies beside the program. */
static void
help_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autofree char *path = hf_places_dup_docs ("how-to/first-probe.md");
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);

  gtk_show_uri (gtk_application_get_active_window (data), uri,
                GDK_CURRENT_TIME);
}

static void
new_window_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present (GTK_WINDOW (hf_window_new (HF_APPLICATION (data))));
}

static void
open_window_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GFile) file =
      g_file_new_for_path (g_variant_get_bytestring (parameter));

  open_file (HF_APPLICATION (data), file);
}

static const GActionEntry actions[] = {
    {"quit", quit_action},
    {"about", about_action},
    {"preferences", preferences_action},
    {"shortcuts", shortcuts_action},
    {"help", help_action},
    {"models", models_action},
    {"new-window", new_window_action},
    {"open-window", open_window_action, "ay"},
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

static void
hf_application_open (GApplication *application, GFile **files, int n_files,
                     const char *hint)
{
  for (int i = 0; i < n_files; i++)
    open_file (HF_APPLICATION (application), files[i]);
}

static gboolean
get_scheme (GValue *value, GVariant *variant, gpointer data)
{
  const char *nick = g_variant_get_string (variant, NULL);
  AdwColorScheme scheme = ADW_COLOR_SCHEME_DEFAULT;

  if (g_str_equal (nick, "light"))
    scheme = ADW_COLOR_SCHEME_FORCE_LIGHT;
  else if (g_str_equal (nick, "dark"))
    scheme = ADW_COLOR_SCHEME_FORCE_DARK;
  g_value_set_enum (value, scheme);
  return TRUE;
}

static void
hf_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (hf_application_parent_class)->startup (application);
  hf_latency_watch_if_asked ();
  hf_shortcuts_install (GTK_APPLICATION (application));
  g_settings_bind_with_mapping (
      HF_APPLICATION (application)->settings, "colour-scheme",
      adw_style_manager_get_default (), "color-scheme", G_SETTINGS_BIND_GET,
      get_scheme, NULL, NULL, NULL);
  gtk_window_set_default_icon_name (HF_APPLICATION_ID);
}

static void
hf_application_finalize (GObject *object)
{
  HfApplication *self = HF_APPLICATION (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->recents);
  g_clear_object (&self->shelf);
  g_clear_weak_pointer (&self->models);
  G_OBJECT_CLASS (hf_application_parent_class)->finalize (object);
}

static void
hf_application_class_init (HfApplicationClass *class)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = hf_application_finalize;
  application_class->startup = hf_application_startup;
  application_class->activate = hf_application_activate;
  application_class->open = hf_application_open;
}

static void
hf_application_init (HfApplication *self)
{
  g_resources_register (hf_ui_get_resource ());
  self->settings = hf_settings_new ();
  self->recents = hf_recents_new ();
  self->shelf = hf_model_shelf_new ();
  g_signal_connect_swapped (self->shelf, "failed", G_CALLBACK (shelf_failed_cb),
                            self);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions,
                                   G_N_ELEMENTS (actions), self);
}

HfRecents *
hf_application_get_recents (HfApplication *self)
{
  return self->recents;
}

HfModelShelf *
hf_application_get_shelf (HfApplication *self)
{
  return self->shelf;
}

static void
closed_cb (gpointer data)
{
  HfApplication *self = data;

  self->n_closing--;
  g_application_release (G_APPLICATION (self));
}

void
hf_application_close_workspace (HfApplication *self, HfWorkspace *workspace)
{
  if (!hf_workspace_close_later (workspace, closed_cb, self))
    return;
  self->n_closing++;
  g_application_hold (G_APPLICATION (self));
}

guint
hf_application_get_n_closing (HfApplication *self)
{
  return self->n_closing;
}

HfApplication *
hf_application_new (void)
{
  return g_object_new (HF_TYPE_APPLICATION, "application-id", HF_APPLICATION_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", HF_RESOURCE_PATH, NULL);
}
