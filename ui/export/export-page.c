/* export-page.c: see the header. */
#include "ui/export/export-page.h"

#include "app/places.h"
#include "ui/application.h"
#include "ui/charts/masonry.h"
#include "ui/export/export-checks.h"
#include "ui/export/export-words.h"
#include "ui/export/try-area.h"
#include "ui/owned-task.h"
#include "ui/settings.h"
#include "ui/widgets/badge.h"

#include <glib/gi18n.h>

#define SUFFIX ".probe"
/* As many fit at 360 px; the rest is named by a tooltip. */
#define MAX_CHIPS 5

struct _HfExportPage {
  AdwBin parent_instance;

  AdwActionRow *probe_row, *threshold_row, *framing_row, *model_row, *save_row;
  GtkLabel *probe_value, *threshold_value, *framing_value, *command;
  GtkBox *classes;
  GtkSwitch *model_switch, *goldens_switch, *rows_switch;
  HfCheckRow *golden_check, *model_check, *labels_check, *lots_check;
  HfCheckRow *unknown_check, *acceptance_check;
  GtkSpinner *spinner;
  GtkWidget *use;
  HfTryArea *try_area;

  HfWorkspace *workspace;
  HfExportFacts *facts; /* NULL until they are read */
  HfJob *job;           /* while a bundle is written */
  char *saved_path;     /* of the bundle written last */
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE (HfExportPage, hf_export_page, ADW_TYPE_BIN)

enum { PROP_WORKSPACE = 1, N_PROPERTIES };

static GParamSpec *properties[N_PROPERTIES];

/* What goes in. */

static void
show_probe (HfExportPage *self, const HfNumbers *numbers)
{
  gsize n = numbers != NULL && numbers->rows != NULL ? numbers->rows->n : 0;
  int n_folds = numbers != NULL && numbers->evaluation != NULL
                    ? numbers->evaluation->folds->n_folds
                    : 0;
  g_autofree char *labels = g_strdup_printf (
      ngettext ("learns from %zu label", "learns from %zu labels", n), n);
  g_autofree char *text =
      n_folds > 0
          /* Translators: "learns from 78 labels, tested by 5 folds" */
          ? g_strdup_printf (ngettext ("%s, tested by %d fold",
                                       "%s, tested by %d folds", n_folds),
                             labels, n_folds)
          : g_strdup (labels);

  adw_action_row_set_subtitle (self->probe_row, text);
  if (self->facts != NULL)
    gtk_label_set_label (
        self->probe_value,
        hf_probe_kind_get_title (self->facts->settings->spec.kind));
}

static void
show_threshold (HfExportPage *self)
{
  const HfThresholds *at = &self->facts->thresholds;
  g_autofree char *value = NULL;
  g_autofree char *band = NULL;

  if (!hf_thresholds_are_set (at)) {
    gtk_label_set_label (self->threshold_value, _("none"));
    adw_action_row_set_subtitle (self->threshold_row,
                                 _("the most probable class decides"));
    return;
  }
  value = g_strdup_printf ("%.2f", at->pass);
  band = at->reject < at->pass
      /* Translators: probabilities of being good. */
      ? g_strdup_printf (_("unsure between %.2f and %.2f"), at->reject,
                            at->pass)
      : g_strdup (_("of the probability of being good"));
  gtk_label_set_label (self->threshold_value, value);
  adw_action_row_set_subtitle (self->threshold_row, band);
}

/* As the window Framing calls it. */
static const char *
get_framing_title (HfFramingKind kind)
{
  switch (kind) {
  case HF_FRAMING_WHOLE:
    return _("Whole Picture");
  case HF_FRAMING_REGION:
    return _("Region");
  case HF_FRAMING_TILES:
    return _("Tiles");
  case HF_FRAMING_CROP:
    break;
  }
  return _("Centre");
}

static void
show_framing (HfExportPage *self)
{
  const HfFraming *framing = &self->facts->settings->framing;
  const char *title = get_framing_title (framing->kind);
  g_autofree char *value =
      framing->kind == HF_FRAMING_TILES
          ? g_strdup_printf ("%s %d × %d", title, framing->n_columns,
                             framing->n_rows)
          : g_strdup (title);

  gtk_label_set_label (self->framing_value, value);
  adw_action_row_set_subtitle (self->framing_row,
                               hf_framing_kind_get_words (framing->kind));
}

static void
show_model (HfExportPage *self)
{
  const HfStoredModel *model = self->facts->model;
  gboolean is_needed = self->facts->settings->blocks != HF_BLOCK_CLASSIC;
  const char *name = self->facts->settings->model_name;
  g_autofree char *size =
      model != NULL ? g_format_size (model->size_bytes) : NULL;
  g_autofree char *title = size != NULL
      /* Translators: %s is a size, "303 MB". */
      ? g_strdup_printf (_("Include the Model: %s"), size)
      : g_strdup (_("Include the Model"));
  g_autofree char *text = g_strdup_printf (
      /* Translators: name of the model, and its precision. */
      _("%s · %s · otherwise found on the line by its identity"), name,
         hf_precision_get_name (self->facts->settings->precision));

  gtk_widget_set_visible (GTK_WIDGET (self->model_row), is_needed);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->model_row), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->model_switch),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_action_row_set_subtitle (self->model_row, text);
}

static GtkWidget *
new_class_chip (HfClassItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *badge = hf_badge_new ();
  GtkWidget *label = gtk_label_new (hf_class_item_get_name (item));

  hf_badge_set_item (HF_BADGE (badge), item);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 12);
  gtk_widget_set_tooltip_text (label, hf_class_item_get_name (item));
  gtk_box_append (GTK_BOX (box), badge);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

/* The names of the classes from @first on, a line each (caller frees). */
static char *
dup_names (GListModel *classes, guint first)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = first; i < g_list_model_get_n_items (classes); i++) {
    g_autoptr (HfClassItem) item = g_list_model_get_item (classes, i);

    g_string_append_printf (names, "%s%s", i > first ? "\n" : "",
                            hf_class_item_get_name (item));
  }
  return g_strdup (names->str);
}

static void
show_classes (HfExportPage *self)
{
  GListModel *classes = hf_workspace_get_classes (self->workspace);
  guint n = g_list_model_get_n_items (classes);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->classes))))
    gtk_box_remove (self->classes, child);
  for (guint i = 0; i < MIN (n, MAX_CHIPS); i++) {
    g_autoptr (HfClassItem) item = g_list_model_get_item (classes, i);

    gtk_box_append (self->classes, new_class_chip (item));
  }
  if (n > MAX_CHIPS) {
    g_autofree char *names = dup_names (classes, MAX_CHIPS);
    /* Translators: so many classes more. */
    g_autofree char *text = g_strdup_printf (_("+ %u"), n - MAX_CHIPS);
    GtkWidget *more = gtk_label_new (text);

    gtk_widget_set_tooltip_text (more, names);
    gtk_widget_add_css_class (more, "quiet");
    gtk_box_append (self->classes, more);
  }
}

/* Refreshing. */

static void
update_actions (HfExportPage *self)
{
  HfNumbers *numbers = self->workspace != NULL
                           ? hf_workspace_get_numbers (self->workspace)
                           : NULL;
  gboolean can_save =
      numbers != NULL && numbers->probe != NULL && self->job == NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.save-bundle",
                                 can_save);
  gtk_spinner_set_spinning (self->spinner, self->job != NULL);
  if (self->job != NULL)
    return;
  if (numbers != NULL && numbers->probe == NULL)
    adw_action_row_set_subtitle (
        self->save_row, numbers->rows == NULL || numbers->rows->n == 0
        ? _("two classes need labels that the model has looked at")
        : _("two classes need labels before there is a probe"));
  else if (self->saved_path == NULL)
    adw_action_row_set_subtitle (self->save_row,
                                 _("one file with all that the line needs"));
}

static void
check_goldens (HfExportPage *self, const HfSavedBundle *saved,
               const GError *error)
{
  hf_check_goldens (self->golden_check,
                    gtk_switch_get_active (self->goldens_switch), saved, error);
}

static void
update (HfExportPage *self)
{
  HfNumbers *numbers;

  update_actions (self);
  if (self->workspace == NULL)
    return;
  numbers = hf_workspace_get_numbers (self->workspace);
  show_probe (self, numbers);
  hf_check_labels (self->labels_check, self->workspace);
  hf_check_lots (self->lots_check, numbers);
  hf_check_unknown (self->unknown_check, self->workspace, numbers);
  if (self->facts == NULL)
    return;
  show_threshold (self);
  show_framing (self);
  show_model (self);
  hf_check_model (self->model_check, self->facts);
  hf_check_acceptance (self->acceptance_check, self->facts);
}

typedef struct {
  HfExportPage *page; /* touched in the main thread only */
  HfExportFacts *facts;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *self = data;

  g_object_unref (self->page);
  hf_export_facts_free (self->facts);
  g_free (self);
}

static gboolean
read_facts (HfProject *project, gpointer data, GError **error)
{
  Reading *reading = data;

  reading->facts = hf_export_facts_new (project, error);
  return reading->facts != NULL;
}

static void
facts_read_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  Reading *reading = data;
  HfExportPage *self = reading->page;

  if (workspace != self->workspace)
    return;
  if (error != NULL) {
    hf_check_row_set (self->model_check, HF_MARK_WRONG,
                      _("Settings"), error->message);
    return;
  }
  hf_export_facts_free (self->facts);
  self->facts = g_steal_pointer (&reading->facts);
  update (self);
}

static void
read_again (HfExportPage *self)
{
  Reading *reading;

  if (self->workspace == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  reading = g_new0 (Reading, 1);
  reading->page = g_object_ref (self);
  hf_workspace_read (self->workspace, read_facts, facts_read_cb, reading,
                     reading_free);
}

/* Saving. */

typedef struct {
  HfExportPage *page;
  HfWorkspace *workspace;
  HfJob *job;
  char *project_path, *device, *cache_path, *output;
  gboolean include_model, include_goldens, include_rows;
  HfSavedBundle saved;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *self = data;

  hf_saved_bundle_clear (&self->saved);
  g_clear_object (&self->page);
  g_clear_object (&self->workspace);
  g_clear_object (&self->job);
  g_free (self->project_path);
  g_free (self->device);
  g_free (self->cache_path);
  g_free (self->output);
  g_free (self);
}

static void
save_thread (GTask *task, gpointer source, gpointer data,
             GCancellable *cancellable)
{
  Saving *saving = data;
  const HfSaveBundleOptions options = {.project_path = saving->project_path,
                                       .device = saving->device,
                                       .cache_path = saving->cache_path,
                                       .output = saving->output,
                                       .include_model = saving->include_model,
                                       .include_goldens =
                                           saving->include_goldens,
                                       .include_rows = saving->include_rows};
  GError *error = NULL;

  if (hf_save_bundle (&options, &saving->saved,
                      hf_job_get_progress (saving->job), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
show_saved (HfExportPage *self, const Saving *saving)
{
  g_autofree char *shown = g_filename_display_name (saving->output);
  g_autofree char *base = g_filename_display_basename (saving->output);
  g_autofree char *size = g_format_size (saving->saved.size_bytes);
  g_autofree char *quoted = g_shell_quote (shown);
  g_autofree char *command =
      g_strdup_printf ("handful-cli predict %s PICTURE", quoted);
  g_autofree char *text =
      /* Translators: name and size of a file. */
      g_strdup_printf (_("%s, %s, written and opened again"), base, size);

  g_free (self->saved_path);
  self->saved_path = g_strdup (saving->output);
  adw_action_row_set_subtitle (self->save_row, text);
  gtk_label_set_label (self->command, command);
  gtk_widget_set_visible (self->use, TRUE);
  hf_try_area_set_bundle (self->try_area, saving->output, saving->device);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfExportPage *self = HF_EXPORT_PAGE (source);
  const Saving *saving = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gboolean ok = g_task_propagate_boolean (G_TASK (result), &error);

  hf_workspace_remove_job (saving->workspace, saving->job);
  if (self->job == saving->job)
    g_clear_object (&self->job);
  if (saving->workspace != self->workspace || self->save_row == NULL)
    return;
  if (ok) {
    show_saved (self, saving);
    check_goldens (self, &saving->saved, NULL);
  } else if (g_error_matches (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_MOVED)) {
    check_goldens (self, NULL, error);
    adw_action_row_set_subtitle (self->save_row, error->message);
  } else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    adw_action_row_set_subtitle (self->save_row, error->message);
  }
  update_actions (self);
}

void
hf_export_page_save (HfExportPage *self, const char *path)
{
  g_autoptr (GSettings) settings = hf_settings_new ();
  g_autofree char *cache = hf_places_dup_cache ();
  g_autofree char *device = g_settings_get_string (settings, "device");
  g_autoptr (GTask) task = NULL;
  Saving *saving;

  g_return_if_fail (self->workspace != NULL && self->job == NULL);
  self->job = hf_job_new (_("Saving the Bundle"), HF_JOB_PICTURES, FALSE);
  saving = g_new0 (Saving, 1);
  saving->page = g_object_ref (self);
  saving->workspace = g_object_ref (self->workspace);
  saving->job = g_object_ref (self->job);
  saving->project_path = g_strdup (hf_workspace_get_path (self->workspace));
  saving->device = *device != '\0' ? g_steal_pointer (&device) : NULL;
  saving->cache_path = g_build_filename (cache, "features.db", NULL);
  saving->output = g_str_has_suffix (path, SUFFIX)
                       ? g_strdup (path)
                       : g_strconcat (path, SUFFIX, NULL);
  saving->include_model = gtk_switch_get_active (self->model_switch);
  saving->include_goldens = gtk_switch_get_active (self->goldens_switch);
  saving->include_rows = gtk_switch_get_active (self->rows_switch);
  hf_workspace_add_job (self->workspace, self->job);
  adw_action_row_set_subtitle (self->save_row, _("training and writing"));
  update_actions (self);
  task = hf_owned_task_new (self, NULL, saved_cb, NULL);
  g_task_set_task_data (task, saving, saving_free);
  g_task_run_in_thread (task, save_thread);
}

static void
chosen_cb (GtkNativeDialog *chooser, int response, gpointer data)
{
  HfExportPage *self = data;
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT) {
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
    path = g_file_get_path (file);
  }
  if (path != NULL && self->job == NULL)
    hf_export_page_save (self, path);
  g_clear_object (&self->chooser);
}

static void
save_bundle_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfExportPage *self = HF_EXPORT_PAGE (widget);
  g_autofree char *base = NULL;

  if (self->chooser != NULL)
    return;
  base = g_strconcat (hf_workspace_get_name (self->workspace), SUFFIX, NULL);
  self->chooser = gtk_file_chooser_native_new (
      _("Save the Bundle"), GTK_WINDOW (gtk_widget_get_root (widget)),
         GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), base);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb),
                           self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
copy_cb (HfExportPage *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          gtk_label_get_label (self->command));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s",
                              _("Copied"));
}

/* The object. */

static void
set_workspace (HfExportPage *self, HfWorkspace *workspace)
{
  if (self->workspace == workspace)
    return;
  if (self->workspace != NULL) {
    g_signal_handlers_disconnect_by_data (self->workspace, self);
    g_signal_handlers_disconnect_by_data (
        hf_workspace_get_classes (self->workspace), self);
  }
  g_set_object (&self->workspace, workspace);
  g_clear_pointer (&self->facts, hf_export_facts_free);
  g_clear_pointer (&self->saved_path, g_free);
  gtk_widget_set_visible (self->use, FALSE);
  check_goldens (self, NULL, NULL);
  update (self);
  if (workspace == NULL)
    return;
  g_signal_connect_swapped (workspace, "notify::numbers", G_CALLBACK (update),
                            self);
  g_signal_connect_swapped (workspace, "settings-changed",
                            G_CALLBACK (read_again), self);
  g_signal_connect_swapped (hf_workspace_get_classes (workspace),
                            "items-changed", G_CALLBACK (show_classes), self);
  show_classes (self);
  read_again (self);
}

static void
goldens_switched_cb (HfExportPage *self)
{
  check_goldens (self, NULL, NULL);
}

static void
hf_export_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (hf_export_page_parent_class)->map (widget);
  read_again (HF_EXPORT_PAGE (widget));
}

static void
hf_export_page_get_property (GObject *object, guint id, GValue *value,
                             GParamSpec *pspec)
{
  g_value_set_object (value, HF_EXPORT_PAGE (object)->workspace);
}

static void
hf_export_page_set_property (GObject *object, guint id, const GValue *value,
                             GParamSpec *pspec)
{
  set_workspace (HF_EXPORT_PAGE (object), g_value_get_object (value));
}

static void
hf_export_page_dispose (GObject *object)
{
  HfExportPage *self = HF_EXPORT_PAGE (object);

  if (self->workspace != NULL)
    set_workspace (self, NULL);
  g_clear_object (&self->job);
  g_clear_object (&self->chooser);
  G_OBJECT_CLASS (hf_export_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *class)
{
#define BIND(child) \
  gtk_widget_class_bind_template_child (class, HfExportPage, child)
  BIND (probe_row);
  BIND (threshold_row);
  BIND (framing_row);
  BIND (model_row);
  BIND (save_row);
  BIND (probe_value);
  BIND (threshold_value);
  BIND (framing_value);
  BIND (command);
  BIND (classes);
  BIND (model_switch);
  BIND (goldens_switch);
  BIND (rows_switch);
  BIND (golden_check);
  BIND (model_check);
  BIND (labels_check);
  BIND (lots_check);
  BIND (unknown_check);
  BIND (acceptance_check);
  BIND (spinner);
  BIND (use);
  BIND (try_area);
#undef BIND
}

static void
hf_export_page_class_init (HfExportPageClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = hf_export_page_get_property;
  object_class->set_property = hf_export_page_set_property;
  object_class->dispose = hf_export_page_dispose;
  widget_class->map = hf_export_page_map;
  properties[PROP_WORKSPACE] =
      g_param_spec_object ("workspace", NULL, NULL, HF_TYPE_WORKSPACE,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  g_type_ensure (HF_TYPE_CHECK_ROW);
  g_type_ensure (HF_TYPE_MASONRY);
  g_type_ensure (HF_TYPE_TRY_AREA);
  gtk_widget_class_install_action (widget_class, "page.save-bundle", NULL,
                                   save_bundle_action);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/export/export-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
hf_export_page_init (HfExportPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->goldens_switch, "notify::active",
                           G_CALLBACK (goldens_switched_cb), self,
                           G_CONNECT_SWAPPED);
  check_goldens (self, NULL, NULL);
  update_actions (self);
}
