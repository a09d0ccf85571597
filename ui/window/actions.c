/* actions.c: what is done in a window by name, from buttons, menus and keys
 * alike. */
#include "app/project/opening/sample.h"
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
details_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *title, *text;

  g_variant_get (parameter, "(&s&s)", &title, &text);
  hf_complaint_show (GTK_WINDOW (widget), title, text);
}

/* --- Opening ----------------------------------------------------------- */

static void
chosen_cb (HfWindow *self, int response)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_clear_object (&self->chooser);
  if (file != NULL)
    hf_window_open_file (self, file);
}

static void
choose (HfWindow *self, const char *title, GtkFileChooserAction action,
        GtkFileFilter *filter)
{
  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action,
                                               _("_Open"), NULL);
  if (filter != NULL)
    gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (chosen_cb),
                            self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
open_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (HF_WINDOW (widget), _("Open a Folder of Pictures"),
                                 GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL);
}

static void
open_project_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("Projects"));
  gtk_file_filter_add_suffix (filter, "handful");
  choose (HF_WINDOW (widget), _("Open a Project"),
                                 GTK_FILE_CHOOSER_ACTION_OPEN, filter);
}

static void
open_path_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GFile) file =
      g_file_new_for_path (g_variant_get_bytestring (parameter));

  hf_window_open_file (HF_WINDOW (widget), file);
}

static void
sample_thread (GTask *task, gpointer source, gpointer data,
               GCancellable *cancellable)
{
  GError *error = NULL;
  char *path = hf_sample_dup_project (NULL, &error);

  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

static void
sample_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfWindow *self = HF_WINDOW (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (GFile) file = path != NULL ? g_file_new_for_path (path) : NULL;

  if (file != NULL)
    hf_window_open_file (self, file);
  else
    hf_complaint_toast (self->toasts, _("The sample was not opened"),
                                         error->message);
}

static void
open_sample_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GTask) task = g_task_new (widget, NULL, sample_cb, NULL);

  g_task_run_in_thread (task, sample_thread);
}

static void
close_project_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_window_set_workspace (HF_WINDOW (widget), NULL);
}

/* --- Retry ------------------------------------------------------------- */

/* Writes a setting as it is: nothing changes but that the disk was tried. */
static gboolean
try_disk (HfProject *project, gpointer data, GError **error)
{
  g_autofree char *views = hf_project_dup_setting (project, "views");

  if (views != NULL)
    return hf_project_set_setting (project, "views", views, error);
  return hf_project_set_setting (project, "views", "1", error) &&
         hf_project_set_setting (project, "views", NULL, error);
}

static void
retry_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_workspace_edit (HF_WINDOW (widget)->workspace,
                     _("Still not stored"), try_disk, NULL, NULL, NULL);
}

void
hf_window_update_actions (HfWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const gboolean has_project = self->workspace != NULL;
  gboolean can_undo = FALSE, can_redo = FALSE;

  if (has_project)
    g_object_get (self->workspace, "can-undo", &can_undo, "can-redo", &can_redo,
                  NULL);
  gtk_widget_action_set_enabled (widget, "win.undo", can_undo);
  gtk_widget_action_set_enabled (widget, "win.redo", can_redo);
  gtk_widget_action_set_enabled (widget, "win.show-page", has_project);
  gtk_widget_action_set_enabled (widget, "win.close-project", has_project);
  gtk_widget_action_set_enabled (widget, "win.retry", has_project);
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
      {"win.toast", "s", toast_action},
      {"win.complain", "(ss)", complain_action},
      {"win.details", "(ss)", details_action},
      {"win.open-folder", NULL, open_folder_action},
      {"win.open-project", NULL, open_project_action},
      {"win.open-path", "ay", open_path_action},
      {"win.open-sample", NULL, open_sample_action},
      {"win.close-project", NULL, close_project_action},
      {"win.retry", NULL, retry_action},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (class, actions[i].name,
                                     actions[i].parameter, actions[i].func);
}
