/* source-row.c: see the header. */
#include "ui/label/sidebar/source-row.h"

#include "app/jobs/pictures.h"
#include "app/project/sources.h"
#include "ui/application.h"

#include <glib/gi18n.h>

struct _HfSourceRow {
  GtkListBoxRow parent_instance;

  GtkImage *icon;
  GtkInscription *name;
  GtkLabel *note;
  GtkWidget *relink;
  GtkFileChooserNative *chooser; /* while it is open */

  HfWorkspace *workspace;
  HfSourceItem *item;
};

G_DEFINE_FINAL_TYPE (HfSourceRow, hf_source_row, GTK_TYPE_LIST_BOX_ROW)

/* What is not as somebody may think, in a line below the name; the worst. */
static char *
dup_note (HfSourceItem *item, const char **more)
{
  guint n_links = hf_source_item_get_n_links (item);

  *more = NULL;
  if (!hf_source_item_get_found (item))
    return g_strdup (_("not found"));
  if (hf_source_item_get_deaf (item)) {
    *more = _("The system does not tell of new pictures in this folder: it is "
              "looked at every few seconds, and with F5.");
    return g_strdup (_("looked at now and then"));
  }
  if (n_links == 0)
    return NULL;
  *more = _("Links to folders are passed over, since they may lead back up. "
            "Add the folders themselves to have their pictures.");
  /* Translators: links to folders inside a folder of pictures. */
  return g_strdup_printf (
      ngettext ("%u link passed over", "%u links passed over", n_links),
      n_links);
}

static void
update_note (HfSourceRow *self)
{
  const char *more;
  g_autofree char *note = dup_note (self->item, &more);

  gtk_label_set_text (self->note, note != NULL ? note : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->note), more);
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
}

static void
item_changed_cb (HfSourceRow *self)
{
  gboolean found = hf_source_item_get_found (self->item);
  const char *name = hf_source_item_get_name (self->item);
  g_autofree char *spoken = found ? g_strdup (name)
                                  /* Translators: a folder that is gone. */
                                  : g_strdup_printf (_ ("%s, not found"), name);

  gtk_inscription_set_text (self->name, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), name);
  update_note (self);
  gtk_widget_set_visible (self->relink, !found);
  gtk_image_set_from_icon_name (self->icon, found ? "folder-symbolic"
                                                  : "dialog-warning-symbolic");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

typedef struct {
  char *from, *to;
} Relink;

static void
relink_free (gpointer data)
{
  Relink *self = data;

  g_free (self->from);
  g_free (self->to);
  g_free (self);
}

static gboolean
relink (HfProject *project, gpointer data, GError **error)
{
  const Relink *self = data;
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_auto (HfScan) scan = {0};

  return hf_project_add_source (project, self->to, self->from, refusals, &scan,
                                NULL, error);
}

static void
chosen_cb (HfSourceRow *self, int response)
{
  g_autoptr (GFile) folder =
      response == GTK_RESPONSE_ACCEPT
          ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser))
          : NULL;
  Relink *edit;

  g_clear_object (&self->chooser);
  if (folder == NULL || !g_file_is_native (folder))
    return;
  edit = g_new0 (Relink, 1);
  edit->from = g_strdup (hf_source_item_get_folder (self->item));
  edit->to = g_file_get_path (folder);
  hf_workspace_edit (self->workspace, _ ("The folder was not relinked"), relink,
                                         NULL, edit, relink_free);
}

static void
relink_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  HfSourceRow *self = HF_SOURCE_ROW (widget);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (
      _ ("Where Is This Folder Now?"),
         GTK_WINDOW (gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW)),
         GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Relink"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (chosen_cb),
                            self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
hf_source_row_dispose (GObject *object)
{
  HfSourceRow *self = HF_SOURCE_ROW (object);

  if (self->chooser != NULL)
    g_signal_handlers_disconnect_by_data (self->chooser, self);
  g_clear_object (&self->chooser);
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (hf_source_row_parent_class)->dispose (object);
}

static void
hf_source_row_class_init (HfSourceRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_source_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/label/sidebar/source-row.ui");
  gtk_widget_class_bind_template_child (widget_class, HfSourceRow, icon);
  gtk_widget_class_bind_template_child (widget_class, HfSourceRow, name);
  gtk_widget_class_bind_template_child (widget_class, HfSourceRow, note);
  gtk_widget_class_bind_template_child (widget_class, HfSourceRow, relink);
  gtk_widget_class_install_action (widget_class, "source.relink", NULL,
                                   relink_action);
}

static void
hf_source_row_init (HfSourceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
hf_source_row_new (HfWorkspace *workspace, HfSourceItem *item)
{
  HfSourceRow *self = g_object_new (HF_TYPE_SOURCE_ROW, NULL);

  self->workspace = g_object_ref (workspace);
  self->item = g_object_ref (item);
  g_signal_connect_swapped (item, "notify", G_CALLBACK (item_changed_cb), self);
  item_changed_cb (self);
  return GTK_WIDGET (self);
}

HfSourceItem *
hf_source_row_get_item (HfSourceRow *self)
{
  return self->item;
}
