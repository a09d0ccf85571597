/* viewer-actions.c: what the user does with a viewer, and the keys for it. */
#include "ui/gallery/viewer/viewer-private.h"

#define ZOOM_STEP 1.25

static void
next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_viewer_step (HF_VIEWER (widget), 1);
}

static void
previous_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_viewer_step (HF_VIEWER (widget), -1);
}

static void
zoom_in_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_canvas_zoom (HF_VIEWER (widget)->canvas, ZOOM_STEP);
}

static void
zoom_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_canvas_zoom (HF_VIEWER (widget)->canvas, 1 / ZOOM_STEP);
}

static void
fit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_canvas_fit (HF_VIEWER (widget)->canvas);
}

static void
look_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  int across, down;

  g_variant_get (parameter, "(ii)", &across, &down);
  hf_canvas_look (HF_VIEWER (widget)->canvas, across, down);
}

static void
leave_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit_by_name (widget, "left");
}

/* Arrows alone go to other pictures; with Ctrl they move in an enlarged one. */
static void
install_looking (GtkWidgetClass *class)
{
  static const struct {
    guint key, keypad;
    int across, down;
  } arrows[] = {{GDK_KEY_Left, GDK_KEY_KP_Left, -1, 0},
                {GDK_KEY_Right, GDK_KEY_KP_Right, 1, 0},
                {GDK_KEY_Up, GDK_KEY_KP_Up, 0, -1},
                {GDK_KEY_Down, GDK_KEY_KP_Down, 0, 1}};

  gtk_widget_class_install_action (class, "viewer.look", "(ii)", look_action);
  for (gsize i = 0; i < G_N_ELEMENTS (arrows); i++) {
    gtk_widget_class_add_binding_action (class, arrows[i].key, GDK_CONTROL_MASK,
                                         "viewer.look", "(ii)",
                                         arrows[i].across, arrows[i].down);
    gtk_widget_class_add_binding_action (
        class, arrows[i].keypad, GDK_CONTROL_MASK, "viewer.look", "(ii)",
        arrows[i].across, arrows[i].down);
  }
}

void
hf_viewer_install_actions (GtkWidgetClass *class)
{
  static const struct {
    const char *name;
    GtkWidgetActionActivateFunc func;
    guint keys[3];
  } actions[] = {
      {"viewer.next", next_action, {GDK_KEY_Right, GDK_KEY_KP_Right}},
      {"viewer.previous", previous_action, {GDK_KEY_Left, GDK_KEY_KP_Left}},
      {"viewer.zoom-in",
       zoom_in_action,
       {GDK_KEY_plus, GDK_KEY_equal, GDK_KEY_KP_Add}},
      {"viewer.zoom-out",
       zoom_out_action,
       {GDK_KEY_minus, GDK_KEY_KP_Subtract}},
      {"viewer.fit", fit_action, {0}},
      {"viewer.leave", leave_action, {GDK_KEY_Escape, GDK_KEY_f}},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    gtk_widget_class_install_action (class, actions[i].name, NULL,
                                     actions[i].func);
    for (int k = 0; k < 3 && actions[i].keys[k] != 0; k++)
      gtk_widget_class_add_binding_action (class, actions[i].keys[k], 0,
                                           actions[i].name, NULL);
  }
  gtk_widget_class_install_property_action (class, "viewer.edges",
                                            "shows-edges");
  gtk_widget_class_install_property_action (class, "viewer.framing",
                                            "shows-framing");
  gtk_widget_class_add_binding_action (class, GDK_KEY_e, 0, "viewer.edges",
                                       NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_0, GDK_CONTROL_MASK,
                                       "viewer.fit", NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_KP_0, GDK_CONTROL_MASK,
                                       "viewer.fit", NULL);
  install_looking (class);
}
