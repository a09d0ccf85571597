/* sidebar.c: see the header. */
#include "ui/label/sidebar/sidebar.h"

#include "app/charts/wording.h"
#include "ui/application.h"
#include "ui/label/sidebar/class-form.h"
#include "ui/label/sidebar/class-row.h"
#include "ui/label/sidebar/source-row.h"

#include <glib/gi18n.h>

struct _HfSidebar {
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkLabel *name, *model;
  GtkListBox *views, *classes, *sources;
  GtkLabel *counts[HF_N_VIEWS];
  GtkWidget *add_class;
  GtkRevealer *add_revealer;
  HfClassForm *form;
  GtkFileChooserNative *chooser; /* while it is open */

  HfWorkspace *workspace;
  HfShownPictures *pictures;
  int focused_class; /* place of its row before a change, -1: none has focus */
};

G_DEFINE_FINAL_TYPE (HfSidebar, hf_sidebar, GTK_TYPE_WIDGET)

static void
show_counts (HfSidebar *self)
{
  for (int v = 0; v < HF_N_VIEWS; v++) {
    guint n = hf_shown_pictures_get_count (self->pictures, (HfPictureView) v);
    g_autofree char *text = hf_wording_dup_number (n);

    gtk_label_set_text (self->counts[v], text);
  }
}

/* The row that stands for the query, and the list that it is in. */
static GtkListBoxRow *
find_row (HfSidebar *self, const HfPictureQuery *query)
{
  GtkListBoxRow *row;

  for (int i = 0;
       query->class_id != 0 &&
       (row = gtk_list_box_get_row_at_index (self->classes, i)) != NULL;
       i++)
    if (hf_class_item_get_id (hf_class_row_get_item (HF_CLASS_ROW (row))) ==
        query->class_id)
      return row;
  for (int i = 0;
       query->source_id != 0 &&
       (row = gtk_list_box_get_row_at_index (self->sources, i)) != NULL;
       i++)
    if (hf_source_item_get_id (hf_source_row_get_item (HF_SOURCE_ROW (row))) ==
        query->source_id)
      return row;
  return gtk_list_box_get_row_at_index (self->views, (int) query->view);
}

static void
show_query (HfSidebar *self)
{
  GtkListBoxRow *row =
      find_row (self, hf_shown_pictures_get_query (self->pictures));
  GtkListBox *const lists[] = {self->views, self->classes, self->sources};

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    gtk_list_box_select_row (
        lists[i], row != NULL && gtk_widget_get_parent (GTK_WIDGET (row)) ==
                                     GTK_WIDGET (lists[i])
                      ? row
                      : NULL);
}

static void
row_cb (HfSidebar *self, GtkListBoxRow *row)
{
  HfPictureQuery query = *hf_shown_pictures_get_query (self->pictures);

  query.view = HF_VIEW_ALL;
  query.class_id = query.source_id = query.missed_id = 0;
  if (HF_IS_CLASS_ROW (row))
    query.class_id =
        hf_class_item_get_id (hf_class_row_get_item (HF_CLASS_ROW (row)));
  else if (HF_IS_SOURCE_ROW (row))
    query.source_id =
        hf_source_item_get_id (hf_source_row_get_item (HF_SOURCE_ROW (row)));
  else
    query.view = (HfPictureView) gtk_list_box_row_get_index (row);
  hf_shown_pictures_set_query (self->pictures, &query);
}

static void
add_class_cb (HfSidebar *self)
{
  if (self->workspace == NULL)
    return;
  gtk_revealer_set_reveal_child (self->add_revealer, TRUE);
  gtk_widget_set_visible (self->add_class, FALSE);
  hf_class_form_begin (self->form, self->workspace, NULL, "name");
}

static void
form_ended_cb (HfSidebar *self)
{
  gtk_revealer_set_reveal_child (self->add_revealer, FALSE);
  gtk_widget_set_visible (self->add_class, TRUE);
  gtk_widget_grab_focus (self->add_class);
}

static void
folder_chosen_cb (HfSidebar *self, int response)
{
  g_autoptr (GFile) file =
      response == GTK_RESPONSE_ACCEPT
          ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser))
          : NULL;
  g_autofree char *folder = file != NULL ? g_file_get_path (file) : NULL;

  g_clear_object (&self->chooser);
  if (folder != NULL && self->workspace != NULL)
    hf_workspace_add_source (self->workspace, folder);
}

void
hf_sidebar_add_folder (HfSidebar *self)
{
  GtkWidget *window =
      gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_WINDOW);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (
      _ ("Add a Folder of Pictures"), GTK_WINDOW (window),
         GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Add"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_swapped (self->chooser, "response",
                            G_CALLBACK (folder_chosen_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* A class that is merged into another one takes its row along, and with it the
 * keyboard's place: that goes to the row which is there then. */
static void
classes_change_cb (HfSidebar *self)
{
  GtkWidget *row = gtk_widget_get_focus_child (GTK_WIDGET (self->classes));

  self->focused_class =
      row != NULL ? gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)) : -1;
}

static void
classes_changed_cb (HfSidebar *self)
{
  int n = (int) g_list_model_get_n_items (
      hf_workspace_get_classes (self->workspace));
  GtkListBoxRow *row;

  if (self->focused_class < 0 || n == 0 ||
      gtk_widget_get_focus_child (GTK_WIDGET (self->classes)) != NULL)
    return;
  row = gtk_list_box_get_row_at_index (self->classes,
                                       MIN (self->focused_class, n - 1));
  gtk_widget_grab_focus (GTK_WIDGET (row));
}

static GtkWidget *
make_class_row (gpointer item, gpointer data)
{
  return hf_class_row_new (HF_SIDEBAR (data)->workspace, item);
}

static GtkWidget *
make_source_row (gpointer item, gpointer data)
{
  return hf_source_row_new (HF_SIDEBAR (data)->workspace, item);
}

static void
hf_sidebar_dispose (GObject *object)
{
  HfSidebar *self = HF_SIDEBAR (object);

  if (self->chooser != NULL)
    g_signal_handlers_disconnect_by_data (self->chooser, self);
  g_clear_object (&self->chooser);
  if (self->views != NULL)
    hf_sidebar_set_workspace (self, NULL);
  hf_sidebar_set_pictures (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), HF_TYPE_SIDEBAR);
  G_OBJECT_CLASS (hf_sidebar_parent_class)->dispose (object);
}

static void
bind_counts (GtkWidgetClass *widget_class)
{
  for (int v = 0; v < HF_N_VIEWS; v++) {
    g_autofree char *name =
        g_strconcat ("n_", hf_picture_view_get_name ((HfPictureView) v), NULL);

    gtk_widget_class_bind_template_child_full (
        widget_class, name, FALSE,
        G_STRUCT_OFFSET (HfSidebar, counts) + v * (gssize) sizeof (GtkLabel *));
  }
}

static void
hf_sidebar_class_init (HfSidebarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_sidebar_dispose;
  g_type_ensure (HF_TYPE_CLASS_FORM);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/label/sidebar/sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, HfSidebar, scroller);
  gtk_widget_class_bind_template_child (widget_class, HfSidebar, name);
  gtk_widget_class_bind_template_child (widget_class, HfSidebar, model);
  gtk_widget_class_bind_template_child (widget_class, HfSidebar, views);
  gtk_widget_class_bind_template_child (widget_class, HfSidebar, classes);
  gtk_widget_class_bind_template_child (widget_class, HfSidebar, sources);
  gtk_widget_class_bind_template_child (widget_class, HfSidebar, add_class);
  gtk_widget_class_bind_template_child (widget_class, HfSidebar, add_revealer);
  gtk_widget_class_bind_template_child (widget_class, HfSidebar, form);
  gtk_widget_class_bind_template_callback (widget_class, row_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_class_cb);
  gtk_widget_class_bind_template_callback (widget_class, form_ended_cb);
  gtk_widget_class_bind_template_callback (widget_class, hf_sidebar_add_folder);
  bind_counts (widget_class);
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_NAVIGATION);
}

static void
hf_sidebar_init (HfSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
model_changed_cb (HfSidebar *self)
{
  g_autofree char *model = NULL;

  g_object_get (self->workspace, "model", &model, NULL);
  gtk_label_set_text (self->model, model != NULL ? model : "");
}

void
hf_sidebar_set_workspace (HfSidebar *self, HfWorkspace *workspace)
{
  if (self->workspace == workspace)
    return;
  if (self->workspace != NULL) {
    g_signal_handlers_disconnect_by_data (
        hf_workspace_get_classes (self->workspace), self);
    g_signal_handlers_disconnect_by_data (self->workspace, self);
  }
  gtk_list_box_bind_model (self->classes, NULL, NULL, NULL, NULL);
  gtk_list_box_bind_model (self->sources, NULL, NULL, NULL, NULL);
  gtk_revealer_set_reveal_child (self->add_revealer, FALSE);
  gtk_widget_set_visible (self->add_class, TRUE);
  g_set_object (&self->workspace, workspace);
  if (workspace == NULL)
    return;
  gtk_label_set_text (self->name, hf_workspace_get_name (workspace));
  g_signal_connect_swapped (workspace, "notify::model",
                            G_CALLBACK (model_changed_cb), self);
  model_changed_cb (self);
  g_signal_connect_swapped (hf_workspace_get_classes (workspace),
                            "items-changed", G_CALLBACK (classes_change_cb),
                            self);
  gtk_list_box_bind_model (self->classes, hf_workspace_get_classes (workspace),
                           make_class_row, self, NULL);
  g_signal_connect_data (hf_workspace_get_classes (workspace), "items-changed",
                         G_CALLBACK (classes_changed_cb), self, NULL,
                         G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  gtk_list_box_bind_model (self->sources, hf_workspace_get_sources (workspace),
                           make_source_row, self, NULL);
  if (self->pictures != NULL)
    show_query (self);
}

void
hf_sidebar_set_pictures (HfSidebar *self, HfShownPictures *pictures)
{
  if (self->pictures != NULL)
    g_signal_handlers_disconnect_by_data (self->pictures, self);
  g_set_object (&self->pictures, pictures);
  if (pictures == NULL)
    return;
  g_signal_connect_swapped (pictures, "counts-changed",
                            G_CALLBACK (show_counts), self);
  g_signal_connect_swapped (pictures, "query-changed", G_CALLBACK (show_query),
                            self);
  show_counts (self);
  show_query (self);
}

void
hf_sidebar_add_class (HfSidebar *self)
{
  add_class_cb (self);
}
