/* lots-dialog.c: see the header. */
#include "ui/label/lots/lots-dialog.h"

#include "app/jobs/pictures.h"
#include "app/project/exchange/import.h"
#include "ui/application.h"
#include "ui/label/lots/lots-preview.h"
#include "ui/widgets/radio-row.h"

#include <glib/gi18n.h>

#define PREVIEW_MS 150

struct _HfLotsDialog {
  AdwWindow parent_instance;

  GtkWidget *apply;
  GtkCheckButton *none, *folder, *name, *table;
  GtkEditable *pattern;
  GtkLabel *preview;
  GtkFileChooserNative *chooser; /* while it is open */

  HfWorkspace *workspace;
  char *table_path; /* chosen, or NULL */
  guint preview_id;
};

G_DEFINE_FINAL_TYPE (HfLotsDialog, hf_lots_dialog, ADW_TYPE_WINDOW)

/* As the setting is written; NULL: no lots. Borrowed. */
static const char *
get_rule (HfLotsDialog *self)
{
  if (gtk_check_button_get_active (self->folder))
    return "folder";
  if (gtk_check_button_get_active (self->table))
    return "csv";
  return gtk_check_button_get_active (self->name)
             ? gtk_editable_get_text (self->pattern)
             : NULL;
}

static void
show_text (HfLotsDialog *self, const char *text, gboolean is_fault)
{
  gtk_label_set_text (self->preview, text);
  if (is_fault)
    gtk_widget_add_css_class (GTK_WIDGET (self->preview), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->preview), "error");
  gtk_widget_set_sensitive (self->apply, !is_fault);
}

static gboolean
preview_cb (gpointer data)
{
  HfLotsDialog *self = data;
  const char *rule = get_rule (self);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  self->preview_id = 0;
  if (g_strcmp0 (rule, "csv") == 0) {
    show_text (self, self->table_path != NULL ? self->table_path
                                              : _ ("Choose a table."), FALSE);
    gtk_widget_set_sensitive (self->apply, self->table_path != NULL);
    return G_SOURCE_REMOVE;
  }
  text = hf_lots_dup_preview (rule, hf_workspace_get_pictures (self->workspace),
                              &error);
  show_text (self, text != NULL ? text : error->message, text == NULL);
  return G_SOURCE_REMOVE;
}

/* A rule is not tried at every key over 100,000 names. */
static void
pattern_cb (HfLotsDialog *self)
{
  if (self->workspace != NULL && self->preview_id == 0)
    self->preview_id = g_timeout_add (PREVIEW_MS, preview_cb, self);
}

static void
changed_cb (HfLotsDialog *self, GtkCheckButton *button)
{
  if (gtk_check_button_get_active (button))
    pattern_cb (self);
}

static void
chosen_cb (HfLotsDialog *self, int response)
{
  g_autoptr (GFile) file =
      response == GTK_RESPONSE_ACCEPT
          ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser))
          : NULL;

  g_clear_object (&self->chooser);
  if (file == NULL)
    return;
  g_free (self->table_path);
  self->table_path = g_file_get_path (file);
  pattern_cb (self);
}

static void
choose_cb (HfLotsDialog *self)
{
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (
      _ ("Choose a Table"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN,
         _ ("_Choose"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (chosen_cb),
                            self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

typedef struct {
  char *rule, *table;
} Lots;

static void
lots_free (gpointer data)
{
  Lots *self = data;

  g_free (self->rule);
  g_free (self->table);
  g_free (self);
}

static gboolean
set_lots (HfProject *project, gpointer data, GError **error)
{
  const Lots *self = data;
  g_autoptr (GPtrArray) refusals = NULL;
  HfImport result;

  if (self->table == NULL)
    return hf_project_set_setting (project, "groups", self->rule, error);
  refusals = hf_refusals_new ();
  return hf_project_import (project, self->table, "csv", NULL, refusals, NULL,
                            &result, error);
}

static void
apply_cb (HfLotsDialog *self)
{
  const char *rule = get_rule (self);
  Lots *lots = g_new0 (Lots, 1);

  lots->rule = g_strdup (rule);
  if (g_strcmp0 (rule, "csv") == 0)
    lots->table = g_strdup (self->table_path);
  hf_workspace_edit (self->workspace, _ ("The lots were not set"), set_lots,
                                         NULL, lots, lots_free);
  gtk_window_close (GTK_WINDOW (self));
}

static void
hf_lots_dialog_dispose (GObject *object)
{
  HfLotsDialog *self = HF_LOTS_DIALOG (object);

  g_clear_handle_id (&self->preview_id, g_source_remove);
  if (self->chooser != NULL)
    g_signal_handlers_disconnect_by_data (self->chooser, self);
  g_clear_object (&self->chooser);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (hf_lots_dialog_parent_class)->dispose (object);
}

static void
hf_lots_dialog_finalize (GObject *object)
{
  g_free (HF_LOTS_DIALOG (object)->table_path);
  G_OBJECT_CLASS (hf_lots_dialog_parent_class)->finalize (object);
}

static void
hf_lots_dialog_class_init (HfLotsDialogClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->dispose = hf_lots_dialog_dispose;
  object_class->finalize = hf_lots_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/label/lots/lots-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, HfLotsDialog, apply);
  gtk_widget_class_bind_template_child (widget_class, HfLotsDialog, none);
  gtk_widget_class_bind_template_child (widget_class, HfLotsDialog, folder);
  gtk_widget_class_bind_template_child (widget_class, HfLotsDialog, name);
  gtk_widget_class_bind_template_child (widget_class, HfLotsDialog, table);
  gtk_widget_class_bind_template_child (widget_class, HfLotsDialog, pattern);
  gtk_widget_class_bind_template_child (widget_class, HfLotsDialog, preview);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, pattern_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0,
                                       "window.close", NULL);
}

static void
hf_lots_dialog_init (HfLotsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  hf_radio_row_join (self->none);
  hf_radio_row_join (self->folder);
  hf_radio_row_join (self->name);
  hf_radio_row_join (self->table);
}

/* What the project has now. */
typedef struct {
  char *rule;
  HfLotsDialog *dialog;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *self = data;

  g_free (self->rule);
  g_object_unref (self->dialog);
  g_free (self);
}

static gboolean
read_rule (HfProject *project, gpointer data, GError **error)
{
  ((Reading *) data)->rule = hf_project_dup_setting (project, "groups");
  return TRUE;
}

static void
rule_read_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  const Reading *reading = data;
  HfLotsDialog *self = reading->dialog;
  const char *rule = reading->rule;
  GtkCheckButton *button = self->name;

  /* Closed meanwhile. */
  if (self->workspace == NULL)
    return;
  if (rule == NULL)
    button = self->none;
  else if (g_str_equal (rule, "folder"))
    button = self->folder;
  else if (g_str_equal (rule, "csv"))
    button = self->table;
  else
    gtk_editable_set_text (self->pattern, rule);
  gtk_check_button_set_active (button, TRUE);
  pattern_cb (self);
}

GtkWidget *
hf_lots_dialog_new (HfWorkspace *workspace, GtkWindow *parent)
{
  HfLotsDialog *self =
      g_object_new (HF_TYPE_LOTS_DIALOG, "transient-for", parent, NULL);
  Reading *reading = g_new0 (Reading, 1);

  self->workspace = g_object_ref (workspace);
  gtk_editable_set_text (
      self->pattern,
      hf_lots_guess_pattern (hf_workspace_get_pictures (workspace)));
  reading->dialog = g_object_ref (self);
  hf_workspace_read (workspace, read_rule, rule_read_cb, reading, reading_free);
  return GTK_WIDGET (self);
}
