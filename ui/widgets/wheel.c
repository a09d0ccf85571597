/* wheel.c: see the header. A scroll controller leaves alone what its flags do
 * not name, so those of the area are set anew before each turn reaches them. */
#include "ui/widgets/wheel.h"

static gboolean
has_more (GtkAdjustment *adjustment)
{
  return gtk_adjustment_get_upper (adjustment) -
             gtk_adjustment_get_lower (adjustment) >
         gtk_adjustment_get_page_size (adjustment) + 0.5;
}

static GtkEventControllerScrollFlags
find_axes (GtkScrolledWindow *area, GdkModifierType state)
{
  gboolean across = has_more (gtk_scrolled_window_get_hadjustment (area));
  gboolean down = has_more (gtk_scrolled_window_get_vadjustment (area));

  /* The area swaps the axes itself, after the controller let them pass. */
  if ((state & GDK_SHIFT_MASK) != 0 && across)
    return GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES;
  return (across ? GTK_EVENT_CONTROLLER_SCROLL_HORIZONTAL : 0) |
         (down ? GTK_EVENT_CONTROLLER_SCROLL_VERTICAL : 0);
}

static gboolean
scroll_cb (GtkEventControllerScroll *before, double dx, double dy,
           GtkScrolledWindow *area)
{
  g_autoptr (GListModel) all =
      gtk_widget_observe_controllers (GTK_WIDGET (area));
  guint n = g_list_model_get_n_items (all);
  GtkEventControllerScrollFlags axes =
      find_axes (area, gtk_event_controller_get_current_event_state (
                           GTK_EVENT_CONTROLLER (before)));

  for (guint i = 0; i < n; i++) {
    g_autoptr (GtkEventController) one = g_list_model_get_item (all, i);
    GtkEventControllerScrollFlags flags;

    if (!GTK_IS_EVENT_CONTROLLER_SCROLL (one) ||
        one == GTK_EVENT_CONTROLLER (before))
      continue;
    flags = gtk_event_controller_scroll_get_flags (
        GTK_EVENT_CONTROLLER_SCROLL (one));
    gtk_event_controller_scroll_set_flags (
        GTK_EVENT_CONTROLLER_SCROLL (one),
        (flags & ~GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES) | axes);
  }
  return GDK_EVENT_PROPAGATE;
}

void
hf_wheel_pass_on (GtkScrolledWindow *area)
{
  GtkEventController *before =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  gtk_event_controller_set_propagation_phase (before, GTK_PHASE_CAPTURE);
  g_signal_connect (before, "scroll", G_CALLBACK (scroll_cb), area);
  gtk_widget_add_controller (GTK_WIDGET (area), before);
}
