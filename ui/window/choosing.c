/* choosing.c: how folders, projects and pictures get into a window: by a file
 * chooser, by the menu of recent ones, and by drop. */
#include "app/jobs/pictures.h"
#include "app/project/opening/locate.h"
#include "app/project/opening/sample.h"
#include "ui/owned-task.h"
#include "ui/window/complaint.h"
#include "ui/window/window-private.h"

#include <glib/gi18n.h>

/* Enough to be found again; the welcome page has them all. */
#define MENU_PROJECTS 8

static void
chosen_cb (HfWindow *self, int response)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_clear_object (&self->chooser);
  if (file != NULL && self->lost_path != NULL)
    hf_recents_forget (self->recents, self->lost_path);
  g_clear_pointer (&self->lost_path, g_free);
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

/* A project that is gone: its folder was renamed, or a disk has another name.
 * What is chosen takes its place in the list. */
static void
relink_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfWindow *self = HF_WINDOW (widget);

  g_free (self->lost_path);
  self->lost_path = g_strdup (g_variant_get_bytestring (parameter));
  open_project_action (widget, name, NULL);
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

  /* Closed in the meantime. */
  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    return;
  if (file != NULL)
    hf_window_open_file (self, file);
  else
    hf_complaint_toast (self->toasts, _("The sample was not opened"),
                                         error->message);
}

static void
open_sample_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GTask) task = hf_owned_task_new (widget, NULL, sample_cb, NULL);

  g_task_run_in_thread (task, sample_thread);
}

/* --- Drop -------------------------------------------------------------- */

/* What is neither a folder nor in one of pictures. */
static void
refuse_file (HfWindow *self, const char *path)
{
  g_auto (HfLocation) location = {0};
  g_autoptr (GError) error = NULL;

  if (!hf_locate (path, &location, &error))
    hf_complaint_toast (self->toasts, "", error->message);
}

/* On an open project a folder becomes a source of it, once; a picture means its
 * folder. */
static void
take_file (HfWindow *self, GFile *file, GHashTable *folders)
{
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *folder = NULL;

  if (path == NULL) {
    hf_window_open_file (self, file);
    return;
  }
  if (g_str_has_suffix (path, HF_PROJECT_SUFFIX)) {
    gtk_widget_activate_action (GTK_WIDGET (self), "app.open-window", "^ay",
                                path);
    return;
  }
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    folder = g_steal_pointer (&path);
  else if (hf_pictures_is_picture_name (path))
    folder = g_path_get_dirname (path);
  if (folder == NULL)
    refuse_file (self, path);
  else if (g_hash_table_add (folders, g_strdup (folder)))
    hf_workspace_add_source (self->workspace, folder);
}

/* A window without a project opens the first; of pictures it speaks for all. */
static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y,
         HfWindow *self)
{
  GSList *files = g_value_get_boxed (value);
  g_autoptr (GHashTable) folders =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (files == NULL)
    return FALSE;
  if (self->workspace == NULL)
    hf_window_open_file (self, files->data);
  for (GSList *l = files; self->workspace != NULL && l != NULL; l = l->next)
    take_file (self, l->data, folders);
  return TRUE;
}

void
hf_window_accept_drops (HfWindow *self)
{
  GtkDropTarget *target =
      gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->stack),
                             GTK_EVENT_CONTROLLER (target));
}

/* --- The menu of recent projects --------------------------------------- */

static void
recents_changed_cb (HfWindow *self)
{
  GListModel *list = hf_recents_get_list (self->recents);
  guint n_shown = 0;

  g_menu_remove_all (self->recent_menu);
  for (guint i = 0;
       i < g_list_model_get_n_items (list) && n_shown < MENU_PROJECTS; i++) {
    g_autoptr (HfRecentItem) recent = g_list_model_get_item (list, i);
    const char *path = hf_recent_item_get (recent)->path;
    g_autofree char *name = hf_recent_item_dup_name (recent);
    /* An underscore in a name is no mnemonic. */
    g_auto (GStrv) parts = g_strsplit (name, "_", -1);
    g_autofree char *label = g_strjoinv ("__", parts);
    g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

    if (!hf_recent_item_get (recent)->is_found || hf_window_is_at (self, path))
      continue;
    g_menu_item_set_action_and_target (item, "win.open-path", "^ay", path);
    g_menu_append_item (self->recent_menu, item);
    n_shown++;
  }
}

void
hf_window_fill_recent_menu (HfWindow *self)
{
  g_signal_connect_object (hf_recents_get_list (self->recents), "items-changed",
                           G_CALLBACK (recents_changed_cb), self,
                           G_CONNECT_SWAPPED);
  recents_changed_cb (self);
}

void
hf_window_install_choosing (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "win.open-folder", NULL,
                                   open_folder_action);
  gtk_widget_class_install_action (class, "win.open-project", NULL,
                                   open_project_action);
  gtk_widget_class_install_action (class, "win.open-path", "ay",
                                   open_path_action);
  gtk_widget_class_install_action (class, "win.open-sample", NULL,
                                   open_sample_action);
  gtk_widget_class_install_action (class, "win.relink", "ay", relink_action);
}
