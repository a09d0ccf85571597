#include "stage.h"

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

static gboolean
late_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

void
stage_wait (gboolean (*test) (gpointer data), gpointer data)
{
  gboolean late = FALSE;
  guint id = g_timeout_add_seconds (10, late_cb, &late);

  while (!test (data) && !late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late);
  g_source_remove (id);
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
stage_find (GtkWidget *from, GType type, const char *name)
{
  const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (from));

  if (G_TYPE_CHECK_INSTANCE_TYPE (from, type) &&
      (name == NULL || g_strcmp0 (id, name) == 0 ||
       g_str_equal (gtk_widget_get_name (from), name)))
    return from;
  for (GtkWidget *child = gtk_widget_get_first_child (from); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = stage_find (child, type, name);

    if (found != NULL)
      return found;
  }
  return NULL;
}
