/* context-menu.c: see the header. */
#include "ui/widgets/context-menu.h"

typedef struct {
  GtkWidget *widget; /* owns this */
  HfContextMenuFunc func;
  gpointer data;
  GtkWidget *popover; /* NULL before it was asked for */
  GWeakRef focus;     /* what had it when the menu opened */
} Menu;

/* The toolkit leaves the focus in what is hidden now. */
static void
closed_cb (GtkWidget *popover, Menu *self)
{
  g_autoptr (GtkWidget) before = g_weak_ref_get (&self->focus);
  GtkRoot *root = gtk_widget_get_root (popover);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (before != NULL && gtk_widget_get_mapped (before) &&
      (focus == NULL || gtk_widget_is_ancestor (focus, popover)))
    gtk_widget_grab_focus (before);
}

/* The last one stays until here: its action is activated after it has closed.
 */
static gboolean
pop_up (Menu *self, gboolean by_keyboard, GdkRectangle at)
{
  g_autoptr (GMenuModel) model =
      self->func (self->widget, by_keyboard, &at, self->data);

  if (model == NULL)
    return FALSE;
  g_weak_ref_set (&self->focus,
                  gtk_root_get_focus (gtk_widget_get_root (self->widget)));
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  self->popover = gtk_popover_menu_new_from_model (model);
  gtk_widget_set_parent (self->popover, self->widget);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &at);
  g_signal_connect (self->popover, "closed", G_CALLBACK (closed_cb), self);
  gtk_popover_popup (GTK_POPOVER (self->popover));
  return TRUE;
}

static void
pop_up_at (Menu *self, double x, double y, GtkGesture *gesture)
{
  if (pop_up (self, FALSE, (GdkRectangle){(int) x, (int) y, 1, 1}))
    gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
pressed_cb (GtkGesture *gesture, int n_press, double x, double y, Menu *self)
{
  pop_up_at (self, x, y, gesture);
}

static void
long_pressed_cb (GtkGesture *gesture, double x, double y, Menu *self)
{
  pop_up_at (self, x, y, gesture);
}

static gboolean
key_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  return pop_up (data, TRUE,
                 (GdkRectangle){0, 0, gtk_widget_get_width (widget),
                                gtk_widget_get_height (widget)});
}

static void
destroy_cb (Menu *self)
{
  g_clear_pointer (&self->popover, gtk_widget_unparent);
}

static void
menu_free (gpointer data, GClosure *closure)
{
  Menu *self = data;

  g_weak_ref_clear (&self->focus);
  g_free (self);
}

void
hf_context_menu_add (GtkWidget *widget, HfContextMenuFunc func, gpointer data)
{
  Menu *self = g_new0 (Menu, 1);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *hold = gtk_gesture_long_press_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();

  self->widget = widget;
  self->func = func;
  self->data = data;
  g_weak_ref_init (&self->focus, NULL);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click),
                                 GDK_BUTTON_SECONDARY);
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (hold), TRUE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("Menu|<Shift>F10"),
                        gtk_callback_action_new (key_cb, self, NULL)));
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect (hold, "pressed", G_CALLBACK (long_pressed_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (hold));
  gtk_widget_add_controller (widget, keys);
  g_signal_connect_data (widget, "destroy", G_CALLBACK (destroy_cb), self,
                         menu_free, G_CONNECT_SWAPPED);
}
