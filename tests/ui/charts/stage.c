#include "stage.h"

#include <gdk/x11/gdkx.h>
#include <string.h>

extern GResource *hf_ui_get_resource (void);

void
stage_init (void)
{
  GtkCssProvider *provider;

  /* What a screen reader would be told is asked in the program itself. */
  g_setenv ("GTK_A11Y", "test", TRUE);
  adw_init ();
  provider = gtk_css_provider_new ();
  g_resources_register (hf_ui_get_resource ());
  gtk_css_provider_load_from_resource (
      provider, "/io/github/handful_app/Handful/style.css");
  gtk_style_context_add_provider_for_display (
      gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
      GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_unref (provider);
}

static gboolean
is_drawn (gpointer data)
{
  return gtk_widget_get_width (data) > 0;
}

GtkWindow *
stage_show (GtkWidget *child, int width, int height)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *overlay = adw_toast_overlay_new ();

  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), child);
  adw_window_set_content (ADW_WINDOW (window), overlay);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
  stage_wait (is_drawn, window);
  stage_settle (GTK_WINDOW (window));
  return GTK_WINDOW (window);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  ++*(int *) data;
  return G_SOURCE_CONTINUE;
}

static gboolean
has_ticked (gpointer data)
{
  return *(int *) data >= 3;
}

void
stage_settle (GtkWindow *window)
{
  int ticks = 0;
  guint id =
      gtk_widget_add_tick_callback (GTK_WIDGET (window), tick_cb, &ticks, NULL);

  stage_wait (has_ticked, &ticks);
  gtk_widget_remove_tick_callback (GTK_WIDGET (window), id);
}

/* Of any surface: while a menu is open it has all keys to itself. */
static gboolean
event_cb (GSignalInvocationHint *hint, guint n_values, const GValue *values,
          gpointer data)
{
  GdkEvent *event = g_value_peek_pointer (&values[1]);
  GdkEventType type = gdk_event_get_event_type (event);

  if (type == GDK_BUTTON_PRESS ||
      (type == GDK_KEY_PRESS && !gdk_key_event_is_modifier (event)))
    ++*(guint *) data;
  return TRUE;
}

/* Runs xdotool with @words and waits for @n keys or buttons. */
static gboolean
run_xdotool (GtkWindow *window, const char *words, guint n)
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");
  g_autofree char *line = g_strconcat ("xdotool ", words, NULL);
  guint signal = g_signal_lookup ("event", GDK_TYPE_SURFACE);
  g_autoptr (GError) error = NULL;
  guint n_pressed = 0;
  gulong hook;

  if (xdotool == NULL) {
    g_test_skip ("xdotool is not installed");
    return FALSE;
  }
  patience_until (gtk_window_is_active (window) &&
                  gtk_window_get_focus (window) != NULL);
  hook = g_signal_add_emission_hook (signal, 0, event_cb, &n_pressed, NULL);
  g_spawn_command_line_sync (line, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  patience_until (n_pressed == n);
  g_signal_remove_emission_hook (signal, hook);
  return TRUE;
}

gboolean
stage_press (GtkWindow *window, const char *keys)
{
  g_autofree char *words = g_strconcat ("key --delay 30 ", keys, NULL);
  g_auto (GStrv) each = g_strsplit (keys, " ", -1);

  return run_xdotool (window, words, g_strv_length (each));
}

gboolean
stage_type (GtkWindow *window, const char *text)
{
  g_autofree char *words = g_strdup_printf ("type --delay 15 '%s'", text);

  return run_xdotool (window, words, (guint) g_utf8_strlen (text, -1));
}

gboolean
stage_click (GtkWidget *widget, double x, double y, guint button)
{
  GtkNative *native = gtk_widget_get_native (widget);
  GdkSurface *surface = gtk_native_get_surface (native);
  double surface_x = 0, surface_y = 0;
  g_autofree char *words = NULL;

  gtk_native_get_surface_transform (native, &surface_x, &surface_y);
  gtk_widget_translate_coordinates (widget, GTK_WIDGET (native), x, y, &x, &y);
  words =
      g_strdup_printf ("mousemove --window %lu %d %d click %u",
                       gdk_x11_surface_get_xid (surface), (int) (x + surface_x),
                       (int) (y + surface_y), button);
  return run_xdotool (GTK_WINDOW (gtk_widget_get_root (widget)), words, 1);
}

void
stage_save (GtkWindow *window, const char *path)
{
  GdkPaintable *paintable = gtk_widget_paintable_new (GTK_WIDGET (window));
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;
  GdkTexture *texture;

  stage_settle (window);
  gdk_paintable_snapshot (paintable, snapshot,
                          gtk_widget_get_width (GTK_WIDGET (window)),
                          gtk_widget_get_height (GTK_WIDGET (window)));
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (
      gtk_native_get_renderer (GTK_NATIVE (window)), node, NULL);
  g_assert_true (gdk_texture_save_to_png (texture, path));
  gsk_render_node_unref (node);
  g_object_unref (texture);
  g_object_unref (paintable);
}

void
stage_close (GtkWindow *window, GtkWidget *child)
{
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (window);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (window);
  if (child != NULL)
    g_assert_finalize_object (child);
}

GtkWidget *
stage_find_window (GType type)
{
  GListModel *all = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (all); i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (all, i);

    if (G_TYPE_CHECK_INSTANCE_TYPE (window, type))
      return window;
  }
  return NULL;
}

GtkWidget *
stage_find_that (GtkWidget *from, StageQuestion question, gpointer data)
{
  GtkWidget *found = question (from, data) ? from : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (from);
       child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = stage_find_that (child, question, data);
  return found;
}

typedef struct {
  GType type;
  const char *name;
} Named;

static gboolean
is_named (GtkWidget *widget, gpointer data)
{
  const Named *wanted = data;
  const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));

  return G_TYPE_CHECK_INSTANCE_TYPE (widget, wanted->type) &&
         (wanted->name == NULL || g_strcmp0 (id, wanted->name) == 0 ||
          g_str_equal (gtk_widget_get_name (widget), wanted->name));
}

GtkWidget *
stage_find (GtkWidget *from, GType type, const char *name)
{
  Named wanted = {type, name};

  return stage_find_that (from, is_named, &wanted);
}

static gboolean
is_button (GtkWidget *widget, gpointer label)
{
  return GTK_IS_BUTTON (widget) &&
         g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0;
}

GtkWidget *
stage_find_button (GtkWidget *from, const char *label)
{
  return stage_find_that (from, is_button, (gpointer) label);
}
