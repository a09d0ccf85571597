/* actions.c: what is done in a window by name, from buttons, menus and keys
 * alike. */
#include "ui/framing/framing-window.h"
#include "ui/label/label-page.h"
#include "ui/window/complaint.h"
#include "ui/window/window-private.h"

#include <glib/gi18n.h>

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_workspace_undo (HF_WINDOW (widget)->workspace);
}

static void
redo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_workspace_redo (HF_WINDOW (widget)->workspace);
}

static void
show_page_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfWindow *self = HF_WINDOW (widget);
  const char *page = g_variant_get_string (parameter, NULL);

  if (adw_view_stack_get_child_by_name (self->pages, page) != NULL)
    adw_view_stack_set_visible_child_name (self->pages, page);
}

static void
filter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *page =
      adw_view_stack_get_child_by_name (HF_WINDOW (widget)->pages, "label");

  hf_label_page_show (HF_LABEL_PAGE (page),
                      g_variant_get_string (parameter, NULL));
}

static void
show_labelled_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *page =
      adw_view_stack_get_child_by_name (HF_WINDOW (widget)->pages, "label");
  gsize n;
  const gint64 *ids = g_variant_get_fixed_array (parameter, &n, sizeof *ids);

  adw_view_stack_set_visible_child (HF_WINDOW (widget)->pages, page);
  hf_label_page_show_labelled (HF_LABEL_PAGE (page), ids, n);
}

static void
save_report_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (HF_WINDOW (widget)->evaluate_page,
                              "evaluate.save-report", NULL);
}

static void
toast_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *markup =
      g_markup_escape_text (g_variant_get_string (parameter, NULL), -1);

  adw_toast_overlay_add_toast (HF_WINDOW (widget)->toasts,
                               adw_toast_new (markup));
}

static void
complain_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *title, *text;

  g_variant_get (parameter, "(&s&s)", &title, &text);
  hf_complaint_toast (HF_WINDOW (widget)->toasts, title, text);
}

static void
close_project_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_window_set_workspace (HF_WINDOW (widget), NULL);
}

static void
forget_framing_cb (HfWindow *self)
{
  self->framing = NULL;
}

/* One for a window; it goes with the project. */
static void
framing_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfWindow *self = HF_WINDOW (widget);

  if (self->framing == NULL) {
    self->framing = hf_framing_window_new (self->workspace);
    gtk_window_set_transient_for (GTK_WINDOW (self->framing),
                                  GTK_WINDOW (self));
    gtk_window_set_destroy_with_parent (GTK_WINDOW (self->framing), TRUE);
    g_object_bind_property (self, "workspace", self->framing, "workspace",
                            G_BINDING_DEFAULT);
    g_signal_connect_swapped (self->framing, "destroy",
                              G_CALLBACK (forget_framing_cb), self);
  }
  gtk_window_present (GTK_WINDOW (self->framing));
}

static void
retry_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_workspace_try_again (HF_WINDOW (widget)->workspace);
}

static void
look_again_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_workspace_look_again (HF_WINDOW (widget)->workspace, TRUE);
}

void
hf_window_update_actions (HfWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const gboolean has_project = self->workspace != NULL;
  gboolean can_undo = FALSE, can_redo = FALSE, can_report = FALSE;

  if (has_project)
    g_object_get (self->workspace, "can-undo", &can_undo, "can-redo", &can_redo,
                  NULL);
  g_object_get (self->evaluate_page, "can-report", &can_report, NULL);
  gtk_widget_action_set_enabled (widget, "win.save-report", can_report);
  gtk_widget_action_set_enabled (widget, "win.undo", can_undo);
  gtk_widget_action_set_enabled (widget, "win.redo", can_redo);
  gtk_widget_action_set_enabled (widget, "win.show-page", has_project);
  gtk_widget_action_set_enabled (widget, "win.show-labelled", has_project);
  gtk_widget_action_set_enabled (widget, "win.close-project", has_project);
  gtk_widget_action_set_enabled (widget, "win.framing", has_project);
  gtk_widget_action_set_enabled (widget, "win.retry", has_project);
  gtk_widget_action_set_enabled (widget, "win.look-again", has_project);
}

void
hf_window_install_actions (GtkWidgetClass *class)
{
  const struct {
    const char *name, *parameter;
    GtkWidgetActionActivateFunc func;
  } actions[] = {
      {"win.undo", NULL, undo_action},
      {"win.redo", NULL, redo_action},
      {"win.show-page", "s", show_page_action},
      {"win.filter", "s", filter_action},
      {"win.show-labelled", "ax", show_labelled_action},
      {"win.save-report", NULL, save_report_action},
      {"win.toast", "s", toast_action},
      {"win.complain", "(ss)", complain_action},
      {"win.close-project", NULL, close_project_action},
      {"win.framing", NULL, framing_action},
      {"win.retry", NULL, retry_action},
      {"win.look-again", NULL, look_again_action},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (class, actions[i].name,
                                     actions[i].parameter, actions[i].func);
}
