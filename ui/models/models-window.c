/* models-window.c: see the header. */
#include "ui/models/models-window.h"

#include "app/models/estimate.h"
#include "ui/application.h"
#include "ui/models/devices-page.h"
#include "ui/models/model-row.h"
#include "ui/models/precision-group.h"
#include "ui/widgets/focus-keeper.h"
#include "ui/window/complaint.h"

#include <glib/gi18n.h>

struct _HfModelsWindow {
  AdwWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwViewStack *pages;
  AdwPreferencesGroup *installed, *available;
  HfPrecisionGroup *precisions;
  HfDevicesPage *devices;

  HfModelShelf *shelf;
  HfWorkspace *workspace;
  GSignalGroup *followed; /* of the workspace */
  GPtrArray *rows;        /* HfModelRow *, in one of the groups */
  char *about;            /* what is said of models to be had on any machine */
  AdwToast *offer;        /* to undo; NULL: there is nothing */
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE (HfModelsWindow, hf_models_window, ADW_TYPE_WINDOW)

enum { PROP_WORKSPACE = 1, PROP_DEVICE, PROP_PRECISION, N_PROPERTIES };

static GParamSpec *properties[N_PROPERTIES];

static void
show_toast (HfModelsWindow *self, const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (markup);

  adw_toast_set_timeout (toast, 10);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* Takes @text. */
static void
take_toast (HfModelsWindow *self, char *text)
{
  show_toast (self, text);
  g_free (text);
}

static void
failed_cb (HfModelsWindow *self, const char *title, const GError *error)
{
  hf_complaint_toast (self->toasts, title, error->message);
}

static void
added_cb (HfModelsWindow *self, const char *name)
{
  /* Translators: %s is the name of a model. */
  take_toast (self, g_strdup_printf (_("%s is installed"), name));
}

/* What the open project uses. */

/* NULL without a project, and where it cannot be read. */
static const HfProjectSettings *
get_settings (HfModelsWindow *self)
{
  return self->workspace != NULL ? hf_workspace_get_settings (self->workspace)
                                 : NULL;
}

static gboolean
is_used (HfModelsWindow *self, const HfModelInfo *info)
{
  const HfProjectSettings *settings = get_settings (self);

  return settings != NULL && info->state == HF_MODEL_INSTALLED &&
         g_str_equal (info->name, settings->model_name);
}

static gboolean
show_precisions (HfModelsWindow *self, const HfModelInfo *used)
{
  HfPrecisionFacts facts = {.settings = get_settings (self),
                            .model = used,
                            .device = hf_devices_page_get_used (self->devices)};

  if (self->workspace != NULL)
    g_object_get (self->workspace, "n-pictures", &facts.n_pictures, NULL);
  return hf_precision_group_show (self->precisions, &facts);
}

/* NULL where it is none of those that are installed. */
static HfModelItem *
find_used (HfModelsWindow *self)
{
  for (guint i = 0; i < self->rows->len; i++) {
    HfModelItem *item = hf_model_row_get_item (self->rows->pdata[i]);

    if (is_used (self, hf_model_item_get_info (item)))
      return item;
  }
  return NULL;
}

static void
update_use (HfModelsWindow *self)
{
  HfModelItem *used = find_used (self);
  const HfModelInfo *info = used != NULL ? hf_model_item_get_info (used) : NULL;
  const gboolean has_choice = show_precisions (self, info);

  for (guint i = 0; i < self->rows->len; i++) {
    HfModelRow *row = self->rows->pdata[i];
    const gboolean is_used = hf_model_row_get_item (row) == used;

    hf_model_row_set_use (row, is_used, self->workspace != NULL,
                          is_used && has_choice);
  }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "models.measure",
                                 info != NULL && !info->measuring);
}

/* An offer to undo is of one project, and of what was done to it last. */
static void
withdraw_offer (HfModelsWindow *self)
{
  if (self->offer != NULL)
    adw_toast_dismiss (self->offer);
  g_clear_object (&self->offer);
}

/* By this window or by somebody else. */
static void
settings_cb (HfModelsWindow *self)
{
  withdraw_offer (self);
  update_use (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRECISION]);
}

/* A setting on its way into the project. */
typedef struct {
  HfModelsWindow *window; /* touched in the main thread only */
  const char *key, *failure;
  char *value;
  const char *before; /* what Undo brings back; NULL: it is not offered */
} Choice;

static void
choice_free (gpointer data)
{
  Choice *self = data;

  g_object_unref (self->window);
  g_free (self->value);
  g_free (self);
}

static gboolean
write_choice (HfProject *project, gpointer data, GError **error)
{
  const Choice *choice = data;

  return hf_project_set_setting (project, choice->key, choice->value, error);
}

static void
offer_undo (HfModelsWindow *self, const Choice *choice)
{
  /* Translators: %s is a precision, "f16". */
  g_autofree char *text = g_strdup_printf (_("Now in %s"), choice->value);

  self->offer = g_object_ref (adw_toast_new (text));
  adw_toast_set_button_label (self->offer, _("_Undo"));
  adw_toast_set_action_name (self->offer, "models.precision");
  adw_toast_set_action_target (self->offer, "s", choice->before);
  adw_toast_set_timeout (self->offer, 10);
  adw_toast_overlay_add_toast (self->toasts, self->offer);
}

static void
written_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  const Choice *choice = data;
  HfModelsWindow *self = choice->window;

  if (workspace != self->workspace)
    return;
  if (error != NULL)
    failed_cb (self, choice->failure, error);
  else if (choice->before != NULL)
    offer_undo (self, choice);
}

static void
choose (HfModelsWindow *self, const char *key, const char *value,
        const char *before, const char *failure)
{
  Choice *choice = g_new0 (Choice, 1);

  *choice = (Choice){.window = g_object_ref (self),
                     .key = key,
                     .value = g_strdup (value),
                     .before = before,
                     .failure = failure};
  hf_workspace_edit (self->workspace, NULL, write_choice, written_cb, choice,
                     choice_free);
}

static void
use_cb (HfModelsWindow *self, HfModelRow *row)
{
  const HfModelInfo *info =
      hf_model_item_get_info (hf_model_row_get_item (row));

  choose (self, "model", info->name, NULL, _("The model was not changed"));
}

static void
set_precision (HfModelsWindow *self, const char *name)
{
  const HfDeviceInfo *device = hf_devices_page_get_used (self->devices);
  const HfProjectSettings *settings = get_settings (self);
  g_autoptr (GError) error = NULL;
  HfPrecision precision;

  if (settings == NULL || !hf_precision_parse (name, &precision) ||
      precision == settings->precision)
    return;
  if (device != NULL && !hf_device_info_supports (device, precision, &error))
    failed_cb (self, _("The precision was not changed"), error);
  else
    choose (self, "precision", name,
            hf_precision_get_name (settings->precision),
            _("The precision was not changed"));
}

/* What the rows ask for. */

static void
fetch_cb (HfModelsWindow *self, HfModelRow *row)
{
  hf_model_shelf_fetch (self->shelf, hf_model_row_get_item (row));
}

/* As hf_device_open wants it (caller frees). */
static char *
dup_device (HfModelsWindow *self)
{
  g_autofree char *device = NULL;

  g_object_get (self, "device", &device, NULL);
  return device != NULL && *device != '\0' ? g_steal_pointer (&device) : NULL;
}

static void
measure (HfModelsWindow *self, HfModelItem *item)
{
  g_autofree char *device = dup_device (self);

  hf_model_shelf_measure (self->shelf, item, device);
  update_use (self);
}

static void
measure_cb (HfModelsWindow *self, HfModelRow *row)
{
  measure (self, hf_model_row_get_item (row));
}

static void
measure_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfModelsWindow *self = HF_MODELS_WINDOW (widget);

  measure (self, find_used (self));
}

static void
remove_response_cb (AdwMessageDialog *dialog, const char *response,
                    gpointer data)
{
  HfModelsWindow *self =
      HF_MODELS_WINDOW (gtk_window_get_transient_for (GTK_WINDOW (dialog)));

  if (g_str_equal (response, "remove"))
    hf_model_shelf_remove (self->shelf, data);
}

static void
remove_cb (HfModelsWindow *self, HfModelRow *row)
{
  HfModelItem *item = hf_model_row_get_item (row);
  const HfModelInfo *info = hf_model_item_get_info (item);
  g_autofree char *size = g_format_size (info->size_bytes);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), NULL, NULL);

  adw_message_dialog_format_heading (ADW_MESSAGE_DIALOG (dialog),
                                     /* Translators: %s is a model's name. */
                                     _("Remove %s?"), info->name);
  adw_message_dialog_format_body (
      ADW_MESSAGE_DIALOG (dialog), is_used (self, info)
      ? _("The open project uses it and cannot look at new pictures "
               "without it. Its %s are deleted from the disk.")
      /* Translators: %s is a size, "302.1 MB". */
      : _("Its %s are deleted from the disk. Projects and bundles that "
               "use it need it again."),
           size);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel",
                                    _("_Cancel"), "remove",
                                       _("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (
      ADW_MESSAGE_DIALOG (dialog), "remove", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (remove_response_cb),
                           item, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
add_row (HfModelsWindow *self, HfModelItem *item)
{
  GtkWidget *row = hf_model_row_new (item);
  gboolean here = hf_model_item_get_info (item)->state == HF_MODEL_INSTALLED;

  g_signal_connect_swapped (row, "fetch", G_CALLBACK (fetch_cb), self);
  g_signal_connect_swapped (row, "use", G_CALLBACK (use_cb), self);
  g_signal_connect_swapped (row, "remove", G_CALLBACK (remove_cb), self);
  g_signal_connect_swapped (row, "measure", G_CALLBACK (measure_cb), self);
  adw_preferences_group_add (here ? self->installed : self->available, row);
  g_ptr_array_add (self->rows, row);
}

static void
clear_rows (HfModelsWindow *self)
{
  for (guint i = 0; i < self->rows->len; i++) {
    GtkWidget *row = self->rows->pdata[i];
    GtkWidget *group =
        gtk_widget_get_ancestor (row, ADW_TYPE_PREFERENCES_GROUP);

    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (group), row);
  }
  g_ptr_array_set_size (self->rows, 0);
}

static void
fill_rows (HfModelsWindow *self)
{
  GListModel *models = hf_model_shelf_get_models (self->shelf);
  guint64 bytes = hf_model_shelf_get_disk_use (self->shelf);
  g_autofree char *size = g_format_size (bytes);
  /* Translators: %s is a size, "1.2 GB". */
  g_autofree char *title = g_strdup_printf (_("Installed (%s)"), size);

  clear_rows (self);
  for (guint i = 0; i < g_list_model_get_n_items (models); i++) {
    g_autoptr (HfModelItem) item = g_list_model_get_item (models, i);

    add_row (self, item);
  }
  adw_preferences_group_set_title (self->installed,
                                   bytes > 0 ? title : _("Installed"));
  update_use (self);
}

/* Which one to begin with, where that can be said. */
static void
advise (HfModelsWindow *self)
{
  HfModelItem *item = hf_model_shelf_get_advised (self->shelf);
  g_autofree char *time = NULL, *advice = NULL, *markup = NULL, *text = NULL;
  const HfModelInfo *info;

  if (item == NULL || hf_model_item_get_info (item)->about_ms <= 0) {
    adw_preferences_group_set_description (self->available, self->about);
    return;
  }
  info = hf_model_item_get_info (item);
  time = hf_estimate_dup_time (info->about_ms, 2);
  /* Translators: %s are the name of a model and a time as "39 ms". */
  advice = g_strdup_printf (_("On this machine %s is the one to begin with: "
                              "about %s a picture."),
                               info->name, time);
  markup = g_markup_escape_text (advice, -1);
  text = g_strdup_printf ("%s\n%s", self->about, markup);
  adw_preferences_group_set_description (self->available, text);
}

/* Evaluate may have compared models meanwhile. */
static void
is_active_cb (HfModelsWindow *self)
{
  if (self->shelf != NULL && gtk_window_is_active (GTK_WINDOW (self)))
    hf_model_shelf_refresh (self->shelf);
}

static void
refreshed_cb (HfModelsWindow *self)
{
  advise (self);
  update_use (self);
}

/* Adding a file. */

static void
chosen_file_cb (GtkNativeDialog *chooser, int response, gpointer data)
{
  HfModelsWindow *self = data;
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT) {
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
    path = g_file_get_path (file);
  }
  if (path != NULL)
    hf_model_shelf_import (self->shelf, path);
  g_clear_object (&self->chooser);
}

static void
add_file_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfModelsWindow *self = HF_MODELS_WINDOW (widget);

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (
      _("Add a Model"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN,
         _("_Add"), NULL);
  g_signal_connect_object (self->chooser, "response",
                           G_CALLBACK (chosen_file_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static gboolean
dropped_cb (GtkDropTarget *target, const GValue *value, double x, double y,
            gpointer data)
{
  HfModelsWindow *self = data;
  g_autofree char *path = g_file_get_path (g_value_get_object (value));

  if (path == NULL)
    return FALSE;
  hf_model_shelf_import (self->shelf, path);
  return TRUE;
}

/* The object. */

static void
set_workspace (HfModelsWindow *self, HfWorkspace *workspace)
{
  if (!g_set_object (&self->workspace, workspace))
    return;
  g_signal_group_set_target (self->followed, workspace);
  settings_cb (self);
}

static void
hf_models_window_get_property (GObject *object, guint id, GValue *value,
                               GParamSpec *pspec)
{
  HfModelsWindow *self = HF_MODELS_WINDOW (object);

  const HfProjectSettings *settings = get_settings (self);

  if (id == PROP_WORKSPACE)
    g_value_set_object (value, self->workspace);
  else if (id == PROP_PRECISION)
    g_value_set_string (value, settings != NULL
                                   ? hf_precision_get_name (settings->precision)
                                   : "");
  else
    g_object_get_property (G_OBJECT (self->devices), "device", value);
}

static void
hf_models_window_set_property (GObject *object, guint id, const GValue *value,
                               GParamSpec *pspec)
{
  HfModelsWindow *self = HF_MODELS_WINDOW (object);

  if (id == PROP_WORKSPACE)
    set_workspace (self, g_value_get_object (value));
  else if (id == PROP_PRECISION)
    set_precision (self, g_value_get_string (value));
  else
    g_object_set_property (G_OBJECT (self->devices), "device", value);
}

static void
device_changed_cb (HfModelsWindow *self)
{
  g_autofree char *device = dup_device (self);

  if (self->shelf != NULL)
    hf_model_shelf_set_device (self->shelf, device);
  update_use (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEVICE]);
}

static void
hf_models_window_dispose (GObject *object)
{
  HfModelsWindow *self = HF_MODELS_WINDOW (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_object (&self->followed);
  g_clear_object (&self->offer);
  g_clear_object (&self->chooser);
  g_clear_object (&self->shelf);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (hf_models_window_parent_class)->dispose (object);
}

static void
hf_models_window_finalize (GObject *object)
{
  HfModelsWindow *self = HF_MODELS_WINDOW (object);

  g_free (self->about);
  G_OBJECT_CLASS (hf_models_window_parent_class)->finalize (object);
}

static void
hf_models_window_class_init (HfModelsWindowClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = hf_models_window_get_property;
  object_class->set_property = hf_models_window_set_property;
  object_class->dispose = hf_models_window_dispose;
  object_class->finalize = hf_models_window_finalize;
  properties[PROP_WORKSPACE] =
      g_param_spec_object ("workspace", NULL, NULL, HF_TYPE_WORKSPACE,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_DEVICE] = g_param_spec_string (
      "device", NULL, NULL, "",
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_PRECISION] = g_param_spec_string (
      "precision", NULL, NULL, "",
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  g_type_ensure (HF_TYPE_DEVICES_PAGE);
  g_type_ensure (HF_TYPE_PRECISION_GROUP);
  gtk_widget_class_install_action (widget_class, "models.add-file", NULL,
                                   add_file_action);
  gtk_widget_class_install_action (widget_class, "models.measure", NULL,
                                   measure_action);
  gtk_widget_class_install_property_action (widget_class, "models.precision",
                                            "precision");
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/models/models-window.ui");
  gtk_widget_class_bind_template_child (widget_class, HfModelsWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, HfModelsWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, HfModelsWindow,
                                        installed);
  gtk_widget_class_bind_template_child (widget_class, HfModelsWindow,
                                        precisions);
  gtk_widget_class_bind_template_child (widget_class, HfModelsWindow,
                                        available);
  gtk_widget_class_bind_template_child (widget_class, HfModelsWindow, devices);
}

static void
hf_models_window_init (HfModelsWindow *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);

  self->rows = g_ptr_array_new ();
  self->followed = g_signal_group_new (HF_TYPE_WORKSPACE);
  g_signal_group_connect_swapped (self->followed, "settings-changed",
                                  G_CALLBACK (settings_cb), self);
  g_signal_group_connect_swapped (self->followed, "notify::n-pictures",
                                  G_CALLBACK (update_use), self);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (is_active_cb), NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->about =
      g_strdup (adw_preferences_group_get_description (self->available));
  hf_focus_keep (GTK_WINDOW (self));
  g_signal_connect_object (drop, "drop", G_CALLBACK (dropped_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  g_signal_connect_object (self->devices, "notify::device",
                           G_CALLBACK (device_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
hf_models_window_new (HfModelShelf *shelf)
{
  HfModelsWindow *self = g_object_new (HF_TYPE_MODELS_WINDOW, NULL);

  self->shelf = g_object_ref (shelf);
  g_signal_connect_object (shelf, "failed", G_CALLBACK (failed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (shelf, "added", G_CALLBACK (added_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (hf_model_shelf_get_models (shelf), "items-changed",
                           G_CALLBACK (fill_rows), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (shelf, "refreshed", G_CALLBACK (refreshed_cb), self,
                           G_CONNECT_SWAPPED);
  /* A device's first test tells what to expect of it. */
  g_signal_connect_object (self->devices, "looked",
                           G_CALLBACK (hf_model_shelf_refresh), shelf,
                           G_CONNECT_SWAPPED);
  fill_rows (self);
  advise (self);
  hf_model_shelf_refresh (shelf);
  hf_devices_page_refresh (self->devices);
  return GTK_WIDGET (self);
}

void
hf_models_window_show_page (HfModelsWindow *self, const char *name)
{
  adw_view_stack_set_visible_child_name (self->pages, name);
}
