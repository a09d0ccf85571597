/* class-folders-dialog.c: see the header. */
#include "ui/window/class-folders-dialog.h"

#include "ui/application.h"
#include "ui/welcome/thumb.h"

#include <glib/gi18n.h>

#define HF_TYPE_CLASS_FOLDERS_DIALOG (hf_class_folders_dialog_get_type ())
G_DECLARE_FINAL_TYPE (HfClassFoldersDialog, hf_class_folders_dialog, HF,
                      CLASS_FOLDERS_DIALOG, AdwMessageDialog)

struct _HfClassFoldersDialog {
  AdwMessageDialog parent_instance;

  GtkListBox *list;
  AdwComboRow *good_row;
  GtkWidget *lots;

  HfClassFoldersFunc func;
  gpointer data;
};

G_DEFINE_FINAL_TYPE (HfClassFoldersDialog, hf_class_folders_dialog,
                     ADW_TYPE_MESSAGE_DIALOG)

static void
hf_class_folders_dialog_response (AdwMessageDialog *dialog,
                                  const char *response)
{
  HfClassFoldersDialog *self = HF_CLASS_FOLDERS_DIALOG (dialog);
  HfClassFoldersFunc func = g_steal_pointer (&self->func);
  HfClassFoldersAnswer answer = HF_CLASS_FOLDERS_CANCEL;

  if (g_str_equal (response, "use"))
    answer = HF_CLASS_FOLDERS_USE;
  else if (g_str_equal (response, "open"))
    answer = HF_CLASS_FOLDERS_OPEN;
  /* The first choice is "none". */
  if (func != NULL)
    func (answer, (int) adw_combo_row_get_selected (self->good_row) - 1,
          self->data);
}

static void
hf_class_folders_dialog_class_init (HfClassFoldersDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  ADW_MESSAGE_DIALOG_CLASS (class)->response = hf_class_folders_dialog_response;
  gtk_widget_class_set_template_from_resource (
      widget_class, HF_RESOURCE_PATH "/window/class-folders-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, HfClassFoldersDialog,
                                        list);
  gtk_widget_class_bind_template_child (widget_class, HfClassFoldersDialog,
                                        good_row);
  gtk_widget_class_bind_template_child (widget_class, HfClassFoldersDialog,
                                        lots);
}

static void
hf_class_folders_dialog_init (HfClassFoldersDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static GtkWidget *
new_row (const HfClassFolder *folder)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *thumb = hf_thumb_new (folder->picture);
  g_autofree char *shown = g_filename_display_name (folder->name);
  g_autofree char *title = g_markup_escape_text (shown, -1);
  g_autofree char *count = g_strdup_printf (
      /* Translators: how many pictures a folder has */
      ngettext ("%'u picture", "%'u pictures", folder->n_pictures),
      (guint) folder->n_pictures);
  GtkWidget *label = gtk_label_new (count);

  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "quiet");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), thumb);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  return row;
}

static void
fill (HfClassFoldersDialog *self, const HfClassFolders *found)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *heading = g_strdup_printf (
      /* Translators: asked when a folder with subfolders is opened */
      ngettext ("Use the %u Subfolder as Labels?",
                "Use the %u Subfolders as Labels?", found->folders->len),
      found->folders->len);

  adw_message_dialog_set_heading (ADW_MESSAGE_DIALOG (self), heading);
  /* Translators: no folder has good parts */
  gtk_string_list_append (names, _("None of Them"));
  for (guint i = 0; i < found->folders->len; i++) {
    const HfClassFolder *folder = g_ptr_array_index (found->folders, i);

    gtk_list_box_append (self->list, new_row (folder));
    gtk_string_list_take (names, g_filename_display_name (folder->name));
  }
  adw_combo_row_set_model (self->good_row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->good_row, found->good + 1);
  gtk_widget_set_visible (self->lots, found->groups != NULL);
}

void
hf_class_folders_dialog_ask (GtkWindow *parent, const HfClassFolders *found,
                             HfClassFoldersFunc func, gpointer data)
{
  HfClassFoldersDialog *self = g_object_new (HF_TYPE_CLASS_FOLDERS_DIALOG,
                                             "transient-for", parent, NULL);

  self->func = func;
  self->data = data;
  fill (self, found);
  gtk_window_present (GTK_WINDOW (self));
}
