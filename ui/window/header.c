/* header.c: what the header bar shows. There are no breakpoints at this
 * version: the width is compared at each allocation, and what follows from it
 * changes in an idle, since a widget must not be shown while it is allocated.
 */
#include "ui/window/window-private.h"

/* Switcher, Open, undo, redo and the menus fit from here on. */
#define WIDE_PX 820
/* More than it needs, so that a window that is dragged comes by here. */
#define WIDE_SPARE_PX 24
/* And with them a button of the page that is shown. */
#define ROOMY_PX 1120

void
hf_window_update_header (HfWindow *self)
{
  const gboolean has_project = self->workspace != NULL;
  const gboolean is_wide = !self->is_narrow;
  GMenuModel *menu =
      has_project && !is_wide ? self->narrow_menu : self->main_menu;

  gtk_widget_set_visible (self->open_button, has_project && is_wide);
  gtk_widget_set_visible (self->undo_button, has_project && is_wide);
  gtk_widget_set_visible (self->redo_button, has_project && is_wide);
  gtk_widget_set_visible (self->report_button,
                          has_project && self->is_roomy &&
                              adw_view_stack_get_visible_child (self->pages) ==
                                  self->evaluate_page);
  /* AdwViewSwitcherTitle, which is made for this, allocates negative heights
   * when the window jumps to another width. */
  gtk_stack_set_visible_child_name (
      self->title_stack, has_project && is_wide ? "switcher" : "title");
  adw_view_switcher_bar_set_reveal (self->switcher_bar,
                                    has_project && !is_wide);
  adw_header_bar_set_centering_policy (
      self->header, self->is_narrow ? ADW_CENTERING_POLICY_LOOSE
                                    : ADW_CENTERING_POLICY_STRICT);
  /* A menu that is set again would lose its popover while it is open. */
  if (gtk_menu_button_get_menu_model (self->menu_button) != menu)
    gtk_menu_button_set_menu_model (self->menu_button, menu);
  if (has_project)
    gtk_widget_remove_css_class (GTK_WIDGET (self->header), "flat");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->header), "flat");
  gtk_widget_set_visible (GTK_WIDGET (self->sidebar_button),
                          self->sidebar_binding != NULL);
}

/* The page that is shown may have a sidebar of its own. */
void
hf_window_bind_sidebar (HfWindow *self)
{
  GtkWidget *page = adw_view_stack_get_visible_child (self->pages);

  if (self->sidebar_binding != NULL)
    g_binding_unbind (self->sidebar_binding);
  g_clear_object (&self->sidebar_binding);
  if (page != NULL && self->workspace != NULL &&
      g_object_class_find_property (G_OBJECT_GET_CLASS (page), "show-sidebar"))
    self->sidebar_binding = g_object_ref (g_object_bind_property (
        page, "show-sidebar", self->sidebar_button, "active",
        G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE));
  hf_window_update_header (self);
}

static gboolean
narrow_idle_cb (gpointer data)
{
  HfWindow *self = data;

  self->narrow_idle = 0;
  hf_window_update_header (self);
  hf_window_notify_narrow (self);
  return G_SOURCE_REMOVE;
}

/* With more pages, larger text or another language the wide header bar needs
 * more, and the window could not be made narrower than that. */
static int
get_wide_px (HfWindow *self)
{
  if (!self->is_narrow && self->workspace != NULL)
    gtk_widget_measure (GTK_WIDGET (self->header), GTK_ORIENTATION_HORIZONTAL,
                        -1, &self->wide_px, NULL, NULL, NULL);
  return MAX (WIDE_PX, self->wide_px + WIDE_SPARE_PX);
}

void
hf_window_update_narrow (HfWindow *self, int width)
{
  const gboolean is_narrow = width < get_wide_px (self);
  const gboolean is_roomy = width >= ROOMY_PX;

  if (is_narrow == self->is_narrow && is_roomy == self->is_roomy)
    return;
  self->is_narrow = is_narrow;
  self->is_roomy = is_roomy;
  if (self->narrow_idle == 0)
    self->narrow_idle =
        g_idle_add_full (G_PRIORITY_HIGH_IDLE, narrow_idle_cb, self, NULL);
}
