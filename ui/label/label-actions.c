/* label-actions.c: what the user does on the page. Pictures are those selected;
 * after a label the next one behind them is selected, if that is wished. */
#include "ui/label/label-page-private.h"

#include "ui/label/lots/lots-dialog.h"
#include "ui/label/menu/picture-files.h"

#include <glib/gi18n.h>

#define ZOOM_STEP 1.25

/* The pictures that a key is for (element-type HfPicture; caller unrefs);
 * *@last is the last one's place. */
static GPtrArray *
dup_selected (HfLabelPage *self, guint *last)
{
  GPtrArray *pictures = hf_gallery_dup_selection (self->gallery);

  *last = pictures->len > 0
              ? hf_shown_pictures_find (self->pictures,
                                        pictures->pdata[pictures->len - 1])
              : 0;
  return pictures;
}

/* What gets the selection when @pictures have their labels: the one behind
 * them, or where there is none, whatever stands at their place then. */
static void
step_on (HfLabelPage *self, HfPicture *next, guint last)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->pictures));
  guint position =
      next != NULL ? hf_shown_pictures_find (self->pictures, next) : G_MAXUINT;

  if (position == G_MAXUINT && n > 0)
    position = MIN (last, n - 1);
  if (position != G_MAXUINT)
    hf_label_page_select (self, position);
}

/* FALSE: there was nothing to be done. */
typedef gboolean (*LabelFunc) (HfLabelPage *self, GPtrArray *pictures,
                               gint64 class_id);

static void
label_selected (HfLabelPage *self, LabelFunc func, gint64 class_id)
{
  guint last;
  g_autoptr (GPtrArray) pictures = dup_selected (self, &last);
  g_autoptr (HfPicture) next =
      g_list_model_get_item (G_LIST_MODEL (self->pictures), last + 1);

  if (pictures->len == 0 || self->workspace == NULL ||
      !func (self, pictures, class_id))
    return;
  /* A view may have lost what was just labelled. */
  hf_shown_pictures_flush (self->pictures);
  if (self->step_on || hf_gallery_count_selected (self->gallery) == 0)
    step_on (self, next, last);
}

static gboolean
set_label (HfLabelPage *self, GPtrArray *pictures, gint64 class_id)
{
  self->confirming = FALSE;
  hf_workspace_label (self->workspace, pictures, class_id);
  return TRUE;
}

static gboolean
confirm (HfLabelPage *self, GPtrArray *pictures, gint64 class_id)
{
  self->confirming = TRUE;
  if (hf_workspace_confirm (self->workspace, pictures) > 0)
    return TRUE;
  hf_label_page_tell (self, _ ("No prediction is shown to confirm"));
  return FALSE;
}

static void
set_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  label_selected (HF_LABEL_PAGE (widget), set_label,
                  g_variant_get_int64 (parameter));
}

static void
clear_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  label_selected (HF_LABEL_PAGE (widget), set_label, 0);
}

static void
confirm_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  label_selected (HF_LABEL_PAGE (widget), confirm, 0);
}

/* Where the best suggestion behind the place @after is, the best of all if
 * there is none behind it; G_MAXUINT without any. */
static guint
find_suggestion (HfLabelPage *self, int after)
{
  GListModel *list = G_LIST_MODEL (self->pictures);
  guint best[2] = {G_MAXUINT, G_MAXUINT};
  int places[2] = {G_MAXINT, G_MAXINT};

  for (guint i = 0; i < g_list_model_get_n_items (list); i++) {
    g_autoptr (HfPicture) picture = g_list_model_get_item (list, i);
    int place = hf_picture_get_info (picture)->next;
    int behind = place > after;

    if (place > 0 && place < places[behind]) {
      places[behind] = place;
      best[behind] = i;
    }
  }
  return best[1] != G_MAXUINT ? best[1] : best[0];
}

static void
next_suggestion_action (GtkWidget *widget, const char *name,
                        GVariant *parameter)
{
  HfLabelPage *self = HF_LABEL_PAGE (widget);
  HfPictureQuery query = *hf_shown_pictures_get_query (self->pictures);
  guint last, position;
  g_autoptr (GPtrArray) pictures = dup_selected (self, &last);
  int after =
      pictures->len > 0
          ? hf_picture_get_info (pictures->pdata[pictures->len - 1])->next
          : 0;

  position = find_suggestion (self, after);
  if (position == G_MAXUINT &&
      hf_shown_pictures_get_count (self->pictures, HF_VIEW_NEXT) > 0) {
    query.view = HF_VIEW_NEXT;
    query.class_id = query.missed_id = query.source_id = 0;
    query.words = NULL;
    hf_shown_pictures_set_query (self->pictures, &query);
    position = find_suggestion (self, after);
  }
  if (position != G_MAXUINT)
    hf_label_page_select (self, position);
  else
    hf_label_page_tell (self, _ ("There is no suggestion yet"));
}

static void
viewer_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfLabelPage *self = HF_LABEL_PAGE (widget);

  hf_label_page_set_viewer_open (self, !self->viewer_open);
}

/* One step back each time: a pane over the pictures, viewer, filter,
 * selection. */
static void
leave_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfLabelPage *self = HF_LABEL_PAGE (widget);

  if (adw_flap_get_folded (self->inner) &&
      adw_flap_get_reveal_flap (self->inner))
    adw_flap_set_reveal_flap (self->inner, FALSE);
  else if (self->viewer_open)
    hf_label_page_set_viewer_open (self, FALSE);
  else if (*gtk_editable_get_text (self->search) != '\0')
    gtk_editable_set_text (self->search, "");
  else {
    g_autoptr (GPtrArray) none = g_ptr_array_new ();

    hf_gallery_select (self->gallery, none);
  }
}

static void
filter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfLabelPage *self = HF_LABEL_PAGE (widget);

  hf_label_page_set_viewer_open (self, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
set_lots_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  gtk_window_present (GTK_WINDOW (
      hf_lots_dialog_new (HF_LABEL_PAGE (widget)->workspace,
                          GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL)));
}

static void
pane_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AdwFlap *flap = HF_LABEL_PAGE (widget)->inner;

  adw_flap_set_reveal_flap (flap, !adw_flap_get_reveal_flap (flap));
}

static void
zoom_in_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfLabelPage *self = HF_LABEL_PAGE (widget);

  if (self->viewer_open)
    gtk_widget_activate_action (GTK_WIDGET (self->viewer), "viewer.zoom-in",
                                NULL);
  else
    gtk_adjustment_set_value (
        self->zoom, gtk_adjustment_get_value (self->zoom) * ZOOM_STEP);
}

static void
zoom_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfLabelPage *self = HF_LABEL_PAGE (widget);

  if (self->viewer_open)
    gtk_widget_activate_action (GTK_WIDGET (self->viewer), "viewer.zoom-out",
                                NULL);
  else
    gtk_adjustment_set_value (
        self->zoom, gtk_adjustment_get_value (self->zoom) / ZOOM_STEP);
}

/* A line for each: the file, a tab, why it cannot be read. */
static void
copy_list_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfLabelPage *self = HF_LABEL_PAGE (widget);
  GListModel *shown = G_LIST_MODEL (self->pictures);
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (shown); i++) {
    g_autoptr (HfPicture) picture = g_list_model_get_item (shown, i);
    const HfPictureInfo *info = hf_picture_get_info (picture);
    g_autofree char *path = g_filename_display_name (info->path);

    g_string_append_printf (list, "%s\t%s\n", path,
                            info->reason != NULL ? info->reason : "");
  }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), list->str);
  hf_label_page_tell (self, _ ("The list was copied"));
}

/* Those that a menu is for: the one in the viewer, in the grid what is selected
 * (element-type HfPicture; caller unrefs). */
static GPtrArray *
dup_pointed (HfLabelPage *self)
{
  HfPicture *viewed = hf_viewer_get_picture (self->viewer);
  GPtrArray *pictures;

  if (viewed == NULL)
    return hf_gallery_dup_selection (self->gallery);
  pictures = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (pictures, g_object_ref (viewed));
  return pictures;
}

static void
copy_path_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GPtrArray) pictures = dup_pointed (HF_LABEL_PAGE (widget));
  g_autofree char *paths = hf_picture_files_dup_paths (pictures);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), paths);
}

/* data: what has not happened, if it has not. */
static void
handed_over_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!hf_picture_files_finish (result, &error))
    gtk_widget_activate_action (GTK_WIDGET (source), "win.complain", "(ss)",
                                data, error->message);
}

static void
open_file_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GPtrArray) pictures = dup_pointed (HF_LABEL_PAGE (widget));

  if (pictures->len > 0)
    hf_picture_files_open_async (widget, pictures->pdata[0], handed_over_cb,
                                 _ ("The picture was not opened"));
}

static void
show_in_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GPtrArray) pictures = dup_pointed (HF_LABEL_PAGE (widget));

  if (pictures->len > 0)
    hf_picture_files_show_async (widget, pictures, handed_over_cb,
                                 _ ("The folder was not opened"));
}

static void
edges_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (GTK_WIDGET (HF_LABEL_PAGE (widget)->viewer),
                              "viewer.edges", NULL);
}

static void
add_class_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfLabelPage *self = HF_LABEL_PAGE (widget);

  adw_flap_set_reveal_flap (self->outer, TRUE);
  hf_sidebar_add_class (self->sidebar);
}

static void
add_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_sidebar_add_folder (HF_LABEL_PAGE (widget)->sidebar);
}

static void
show_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfLabelPage *self = HF_LABEL_PAGE (widget);
  HfPictureQuery query = {.view = HF_VIEW_ALL};

  query.order = hf_shown_pictures_get_query (self->pictures)->order;
  gtk_editable_set_text (self->search, "");
  hf_shown_pictures_set_query (self->pictures, &query);
}

void
hf_label_page_update_actions (HfLabelPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  guint n = hf_gallery_count_selected (self->gallery);
  gboolean any = self->workspace != NULL &&
                 (n > 0 || hf_gallery_get_focused (self->gallery) != NULL);

  gtk_widget_action_set_enabled (widget, "label.set", any);
  gtk_widget_action_set_enabled (widget, "label.clear", any);
  gtk_widget_action_set_enabled (widget, "label.confirm", any);
  gtk_widget_action_set_enabled (widget, "label.next-suggestion",
                                 self->workspace != NULL);
  gtk_widget_action_set_enabled (widget, "label.set-lots",
                                 self->workspace != NULL);
  gtk_widget_action_set_enabled (widget, "label.add-class",
                                 self->workspace != NULL);
  gtk_widget_action_set_enabled (widget, "label.add-folder",
                                 self->workspace != NULL);
  gtk_widget_action_set_enabled (widget, "label.edges", self->viewer_open);
  gtk_widget_action_set_enabled (widget, "label.viewer",
                                 self->viewer_open || any);
  hf_selection_bar_set_n_selected (self->bar, n);
}

void
hf_label_page_install_actions (GtkWidgetClass *widget_class)
{
  const struct {
    const char *name, *parameter;
    GtkWidgetActionActivateFunc func;
  } actions[] = {
      {"label.set", "x", set_action},
      {"label.clear", NULL, clear_action},
      {"label.confirm", NULL, confirm_action},
      {"label.next-suggestion", NULL, next_suggestion_action},
      {"label.viewer", NULL, viewer_action},
      {"label.leave", NULL, leave_action},
      {"label.filter", NULL, filter_action},
      {"label.set-lots", NULL, set_lots_action},
      {"label.pane", NULL, pane_action},
      {"label.zoom-in", NULL, zoom_in_action},
      {"label.zoom-out", NULL, zoom_out_action},
      {"label.edges", NULL, edges_action},
      {"label.copy-list", NULL, copy_list_action},
      {"label.copy-path", NULL, copy_path_action},
      {"label.open-file", NULL, open_file_action},
      {"label.show-in-folder", NULL, show_in_folder_action},
      {"label.add-class", NULL, add_class_action},
      {"label.add-folder", NULL, add_folder_action},
      {"label.show-all", NULL, show_all_action},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name,
                                     actions[i].parameter, actions[i].func);
  gtk_widget_class_install_property_action (widget_class, "label.order",
                                            "order");
}
