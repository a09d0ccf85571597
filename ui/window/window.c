/* window.c: see the header. */
#include "ui/window/window.h"

#include <glib/gi18n.h>
#include <string.h>

#define PROJECT_SUFFIX ".handful"

struct _HfWindow {
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwViewStack *pages;

  HfWorkspace *workspace;
  GCancellable *opening;
};

G_DEFINE_FINAL_TYPE (HfWindow, hf_window, ADW_TYPE_APPLICATION_WINDOW)

static void
show_error (HfWindow *self, const char *text)
{
  AdwToast *toast = adw_toast_new (text);

  /* A sentence with a path in it takes its time to be read. */
  adw_toast_set_timeout (toast, 10);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
update_actions (HfWindow *self)
{
  gboolean can_undo = FALSE, can_redo = FALSE;

  if (self->workspace != NULL)
    g_object_get (self->workspace, "can-undo", &can_undo, "can-redo", &can_redo,
                  NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", can_undo);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.redo", can_redo);
}

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
  adw_view_stack_set_visible_child_name (
      HF_WINDOW (widget)->pages, g_variant_get_string (parameter, NULL));
}

static void
failed_cb (HfWindow *self, const char *title, const GError *error)
{
  g_autofree char *text = g_strdup_printf ("%s: %s", title, error->message);

  show_error (self, text);
}

/* Every page has a property "workspace". */
static void
give_workspace (HfWindow *self)
{
  GListModel *pages = G_LIST_MODEL (adw_view_stack_get_pages (self->pages));

  for (guint i = 0; i < g_list_model_get_n_items (pages); i++) {
    g_autoptr (AdwViewStackPage) page = g_list_model_get_item (pages, i);

    g_object_set (adw_view_stack_page_get_child (page), "workspace",
                  self->workspace, NULL);
  }
  g_object_unref (pages);
}

static void
set_workspace (HfWindow *self, HfWorkspace *workspace)
{
  if (self->workspace != NULL) {
    g_signal_handlers_disconnect_by_data (self->workspace, self);
    hf_workspace_close (self->workspace);
  }
  g_set_object (&self->workspace, workspace);
  give_workspace (self);
  update_actions (self);
  gtk_stack_set_visible_child_name (self->stack,
                                    workspace != NULL ? "project" : "welcome");
  gtk_window_set_title (GTK_WINDOW (self),
                        workspace != NULL ? hf_workspace_get_name (workspace)
                                          : _("Handful"));
  if (workspace == NULL)
    return;
  g_signal_connect_swapped (workspace, "notify::can-undo",
                            G_CALLBACK (update_actions), self);
  g_signal_connect_swapped (workspace, "notify::can-redo",
                            G_CALLBACK (update_actions), self);
  g_signal_connect_swapped (workspace, "failed", G_CALLBACK (failed_cb), self);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (HfWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfWorkspace) workspace = hf_workspace_open_finish (result, &error);

  if (workspace != NULL)
    set_workspace (self, workspace);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_error (self, error->message);
}

static void
hf_window_dispose (GObject *object)
{
  HfWindow *self = HF_WINDOW (object);

  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  if (self->workspace != NULL)
    set_workspace (self, NULL);
  G_OBJECT_CLASS (hf_window_parent_class)->dispose (object);
}

static void
hf_window_class_init (HfWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/window/window.ui");
  gtk_widget_class_bind_template_child (widget_class, HfWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, HfWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, HfWindow, pages);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "win.redo", NULL, redo_action);
  gtk_widget_class_install_action (widget_class, "win.show-page", "s",
                                   show_page_action);
}

static void
hf_window_init (HfWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update_actions (self);
}

HfWindow *
hf_window_new (HfApplication *application)
{
  return g_object_new (HF_TYPE_WINDOW, "application", application, NULL);
}

/* The project of @file: itself, or FOLDER/FOLDER.handful (caller frees). */
static char *
dup_project_path (GFile *file)
{
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *base = NULL;
  g_autofree char *name = NULL;

  if (path == NULL || !g_file_test (path, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&path);
  base = g_path_get_basename (path);
  name = g_strconcat (base, PROJECT_SUFFIX, NULL);
  return g_build_filename (path, name, NULL);
}

void
hf_window_open_file (HfWindow *self, GFile *file)
{
  g_autofree char *path = dup_project_path (file);

  if (path == NULL) {
    show_error (self,
                _("This place is not on a disk: copy the folder to one."));
    return;
  }
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  self->opening = g_cancellable_new ();
  hf_workspace_open_async (path, self->opening, opened_cb, g_object_ref (self));
}

HfWorkspace *
hf_window_get_workspace (HfWindow *self)
{
  return self->workspace;
}
