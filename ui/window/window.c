/* window.c: see the header. */
#include "ui/evaluate/evaluate-page.h"
#include "ui/export/export-page.h"
#include "ui/gallery/thumbnailer.h"
#include "ui/label/label-page.h"
#include "ui/prompts/prompts-page.h"
#include "ui/settings.h"
#include "ui/welcome/welcome.h"
#include "ui/widgets/focus-keeper.h"
#include "ui/window/complaint.h"
#include "ui/window/opener.h"
#include "ui/window/window-private.h"

#include <glib/gi18n.h>

enum { PROP_WORKSPACE = 1, PROP_NARROW, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfWindow, hf_window, ADW_TYPE_APPLICATION_WINDOW)

/* --- The workspace ----------------------------------------------------- */

static void
failed_cb (HfWindow *self, const char *title, const GError *error)
{
  hf_complaint_toast (self->toasts, title, error->message);
}

static void
lasting_cb (HfWindow *self, const char *text)
{
  hf_notice_set_text (self->notice, text);
}

static void
files_changed_cb (HfWindow *self, GHashTable *paths)
{
  hf_thumbnailer_forget (hf_thumbnailer_get (GTK_WIDGET (self)), paths);
}

static void
questioned_cb (HfWindow *self, GArray *image_ids)
{
  hf_question_add (self->question, image_ids);
}

/* Where nothing tells of new pictures, somebody who comes back with a camera
 * does. */
static void
is_active_cb (HfWindow *self)
{
  if (self->workspace != NULL && gtk_window_is_active (GTK_WINDOW (self)))
    hf_workspace_look_again (self->workspace, FALSE);
}

/* Every page has a property "workspace". */
static void
give_workspace (HfWindow *self)
{
  g_autoptr (GListModel) pages =
      G_LIST_MODEL (adw_view_stack_get_pages (self->pages));

  for (guint i = 0; i < g_list_model_get_n_items (pages); i++) {
    g_autoptr (AdwViewStackPage) page = g_list_model_get_item (pages, i);

    g_object_set (adw_view_stack_page_get_child (page), "workspace",
                  self->workspace, NULL);
  }
}

static void
device_changed_cb (HfWindow *self)
{
  g_autofree char *device = g_settings_get_string (self->settings, "device");

  if (self->workspace != NULL)
    hf_workspace_set_device (self->workspace, device);
}

static void
connect_workspace (HfWindow *self)
{
  const struct {
    const char *signal;
    GCallback func;
  } signals[] = {
      {"notify::can-undo", G_CALLBACK (hf_window_update_actions)},
      {"notify::can-redo", G_CALLBACK (hf_window_update_actions)},
      {"failed", G_CALLBACK (failed_cb)},
      {"lasting", G_CALLBACK (lasting_cb)},
      {"files-changed", G_CALLBACK (files_changed_cb)},
      {"questioned", G_CALLBACK (questioned_cb)},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_swapped (self->workspace, signals[i].signal,
                              signals[i].func, self);
}

/* The models' jobs come first and stay. */
static void
show_jobs (HfWindow *self)
{
  GListModel *jobs =
      self->workspace != NULL ? hf_workspace_get_jobs (self->workspace) : NULL;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->job_lists));

  g_list_store_splice (self->job_lists, 1, n - 1, (gpointer *) &jobs,
                       jobs != NULL ? 1 : 0);
}

/* The one before, which nobody shows any more (caller closes and unrefs). */
static HfWorkspace *
exchange_workspace (HfWindow *self, HfWorkspace *workspace)
{
  HfWorkspace *old;

  if (self->workspace != NULL) {
    hf_window_remember_project (self);
    g_signal_handlers_disconnect_by_data (self->workspace, self);
  }
  old = g_steal_pointer (&self->workspace);
  hf_notice_set_text (self->notice, NULL);
  hf_question_withdraw (self->question);
  g_set_object (&self->workspace, workspace);
  give_workspace (self);
  if (workspace != NULL) {
    connect_workspace (self);
    hf_notice_set_text (self->notice, hf_workspace_get_lasting (workspace));
    hf_window_recall_project (self);
    hf_window_remember_project (self);
  }
  show_jobs (self);
  gtk_stack_set_visible_child_name (self->stack,
                                    workspace != NULL ? "project" : "welcome");
  gtk_window_set_title (GTK_WINDOW (self),
                        workspace != NULL ? hf_workspace_get_name (workspace)
                                          : _("Handful"));
  hf_window_update_actions (self);
  hf_window_bind_sidebar (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WORKSPACE]);
  return old;
}

void
hf_window_set_workspace (HfWindow *self, HfWorkspace *workspace)
{
  g_autoptr (HfWorkspace) old = exchange_workspace (self, workspace);

  if (old != NULL)
    hf_application_close_workspace (
        HF_APPLICATION (g_application_get_default ()), old);
}

/* --- Opening ----------------------------------------------------------- */

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (HfWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfWorkspace) workspace = hf_opener_open_finish (result, &error);

  /* The window went on to something else, or was closed. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_pointer (&self->opening_path, g_free);
  g_clear_object (&self->opening);
  if (workspace != NULL)
    hf_window_set_workspace (self, workspace);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    hf_complaint_toast (self->toasts, _("Not opened"), error->message);
}

void
hf_window_open_path (HfWindow *self, const char *path)
{
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  self->opening = g_cancellable_new ();
  g_free (self->opening_path);
  self->opening_path = g_canonicalize_filename (path, NULL);
  hf_opener_open_async (GTK_WINDOW (self), path, self->opening, opened_cb,
                        g_object_ref (self));
}

/* --- Size -------------------------------------------------------------- */

static void
hf_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GTK_WIDGET_CLASS (hf_window_parent_class)
      ->size_allocate (widget, width, height, baseline);
  hf_window_update_narrow (HF_WINDOW (widget), width);
}

/* The size binds itself (see init); the rest is written down here. The work
 * ends without the window. */
static gboolean
hf_window_close_request (GtkWindow *window)
{
  HfWindow *self = HF_WINDOW (window);

  gtk_widget_set_visible (GTK_WIDGET (window), FALSE);
  g_cancellable_cancel (self->opening);
  if (self->workspace != NULL)
    hf_window_set_workspace (self, NULL);
  return GTK_WINDOW_CLASS (hf_window_parent_class)->close_request (window);
}

void
hf_window_notify_narrow (HfWindow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
}

/* --- Life -------------------------------------------------------------- */

static void
hf_window_get_property (GObject *object, guint id, GValue *value,
                        GParamSpec *pspec)
{
  HfWindow *self = HF_WINDOW (object);

  if (id == PROP_WORKSPACE)
    g_value_set_object (value, self->workspace);
  else
    g_value_set_boolean (value, self->is_narrow);
}

static void
hf_window_dispose (GObject *object)
{
  HfWindow *self = HF_WINDOW (object);

  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  /* Without having been closed: the program ends, perhaps with no main loop in
   * which the work could. */
  if (self->workspace != NULL) {
    g_autoptr (HfWorkspace) old = exchange_workspace (self, NULL);

    hf_workspace_close (old);
  }
  g_clear_pointer (&self->question, hf_question_free);
  if (self->sidebar_binding != NULL)
    g_binding_unbind (self->sidebar_binding);
  g_clear_object (&self->sidebar_binding);
  g_clear_object (&self->chooser);
  g_clear_object (&self->settings);
  g_clear_object (&self->recents);
  g_clear_object (&self->job_lists);
  g_clear_object (&self->narrow_menu);
  g_clear_handle_id (&self->narrow_idle, g_source_remove);
  g_clear_pointer (&self->opening_path, g_free);
  g_clear_pointer (&self->lost_path, g_free);
  G_OBJECT_CLASS (hf_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *class)
{
#define BIND(child) \
  gtk_widget_class_bind_template_child (class, HfWindow, child)
  BIND (toasts);
  BIND (stack);
  BIND (pages);
  BIND (evaluate_page);
  BIND (header);
  BIND (title_stack);
  BIND (switcher_bar);
  BIND (sidebar_button);
  BIND (open_button);
  BIND (undo_button);
  BIND (redo_button);
  BIND (report_button);
  BIND (menu_button);
  BIND (jobs_button);
  BIND (notice);
  BIND (main_menu);
  BIND (recent_menu);
#undef BIND
}

static void
hf_window_class_init (HfWindowClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  const GParamFlags flags =
      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = hf_window_get_property;
  object_class->dispose = hf_window_dispose;
  widget_class->size_allocate = hf_window_size_allocate;
  GTK_WINDOW_CLASS (class)->close_request = hf_window_close_request;
  props[PROP_WORKSPACE] =
      g_param_spec_object ("workspace", NULL, NULL, HF_TYPE_WORKSPACE, flags);
  props[PROP_NARROW] =
      g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  g_type_ensure (HF_TYPE_EXPORT_PAGE);
  g_type_ensure (HF_TYPE_JOBS_BUTTON);
  g_type_ensure (HF_TYPE_LABEL_PAGE);
  g_type_ensure (HF_TYPE_EVALUATE_PAGE);
  g_type_ensure (HF_TYPE_NOTICE);
  g_type_ensure (HF_TYPE_PROMPTS_PAGE);
  g_type_ensure (HF_TYPE_WELCOME);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/window/window.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class,
                                           hf_window_update_header);
  gtk_widget_class_bind_template_callback (widget_class,
                                           hf_window_bind_sidebar);
  gtk_widget_class_bind_template_callback (widget_class,
                                           hf_window_update_actions);
  hf_window_install_actions (widget_class);
  hf_window_install_choosing (widget_class);
}

/* What moves out of the header bar when it is narrow, and the rest. */
static GMenuModel *
new_narrow_menu (HfWindow *self)
{
  GMenu *menu = g_menu_new ();
  GMenuModel *open =
      gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (self->open_button));
  GMenu *edit = g_menu_new ();

  g_menu_append (edit, _("_Undo"), "win.undo");
  g_menu_append (edit, _("_Redo"), "win.redo");
  g_menu_append_submenu (menu, _("_Open"), open);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (edit));
  g_menu_append_section (menu, NULL, self->main_menu);
  g_object_unref (edit);
  return G_MENU_MODEL (menu);
}

static void
restore_size (HfWindow *self)
{
  const GSettingsBindFlags flags =
      G_SETTINGS_BIND_DEFAULT | G_SETTINGS_BIND_GET_NO_CHANGES;

  g_settings_bind (self->settings, "window-width", self, "default-width",
                   flags);
  g_settings_bind (self->settings, "window-height", self, "default-height",
                   flags);
  g_settings_bind (self->settings, "window-maximized", self, "maximized",
                   flags);
  hf_window_update_narrow (self,
                           g_settings_get_int (self->settings, "window-width"));
}

static void
collect_jobs (HfWindow *self)
{
  HfApplication *application = HF_APPLICATION (g_application_get_default ());
  GListModel *jobs =
      hf_model_shelf_get_jobs (hf_application_get_shelf (application));
  g_autoptr (GtkFlattenListModel) all = NULL;

  self->job_lists = g_list_store_new (G_TYPE_LIST_MODEL);
  g_list_store_append (self->job_lists, jobs);
  all = gtk_flatten_list_model_new (
      G_LIST_MODEL (g_object_ref (self->job_lists)));
  hf_jobs_button_set_jobs (self->jobs_button, G_LIST_MODEL (all));
}

static void
hf_window_init (HfWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = hf_settings_new ();
  self->question = hf_question_new (self->toasts);
  self->recents = g_object_ref (hf_application_get_recents (
      HF_APPLICATION (g_application_get_default ())));
  self->narrow_menu = new_narrow_menu (self);
  collect_jobs (self);
  restore_size (self);
  g_signal_connect_object (self->settings, "changed::device",
                           G_CALLBACK (device_changed_cb), self,
                           G_CONNECT_SWAPPED);
  hf_window_accept_drops (self);
  hf_focus_keep (GTK_WINDOW (self));
  g_signal_connect (self, "notify::is-active", G_CALLBACK (is_active_cb), NULL);
  hf_window_fill_recent_menu (self);
  hf_window_update_actions (self);
  hf_window_update_header (self);
}

HfWindow *
hf_window_new (HfApplication *application)
{
  return g_object_new (HF_TYPE_WINDOW, "application", application, NULL);
}

void
hf_window_open_file (HfWindow *self, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);

  if (path != NULL)
    hf_window_open_path (self, path);
  else
    hf_complaint_toast (self->toasts,
                        _("Not opened"),
                           _("This place is not on a disk: copy the folder to "
                          "one."));
}

HfWorkspace *
hf_window_get_workspace (HfWindow *self)
{
  return self->workspace;
}

gboolean
hf_window_is_free (HfWindow *self)
{
  return self->workspace == NULL && self->opening_path == NULL;
}

gboolean
hf_window_is_at (HfWindow *self, const char *path)
{
  if (self->workspace != NULL &&
      g_strcmp0 (hf_workspace_get_path (self->workspace), path) == 0)
    return TRUE;
  return g_strcmp0 (self->opening_path, path) == 0;
}
