/* label-content.c: what the page shows when. */
#include "ui/label/label-page-private.h"

#include "app/charts/wording.h"
#include "ui/label/empty-words.h"
#include "ui/label/label-keys.h"

#include <glib/gi18n.h>

static const char *
get_order_title (const HfPictureQuery *query)
{
  if (query->view == HF_VIEW_NEXT)
    return _ ("Most Useful First");
  switch (query->order) {
  case HF_ORDER_NEWEST:
    return _ ("Newest First");
  case HF_ORDER_SUREST:
    return _ ("Surest First");
  case HF_ORDER_LEAST_SURE:
    return _ ("Least Sure First");
  case HF_ORDER_GROUP:
    return _ ("Group");
  default:
    return _ ("Name");
  }
}

void
hf_label_page_show_content (HfLabelPage *self)
{
  const HfPictureQuery *query = hf_shown_pictures_get_query (self->pictures);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->pictures));
  HfEmptyWords words;

  gtk_widget_set_visible (GTK_WIDGET (self->summary),
                          query->view == HF_VIEW_NEXT && n > 0 &&
                              !self->viewer_open);
  gtk_widget_set_visible (self->copy_list, query->view == HF_VIEW_UNREADABLE &&
                                               n > 0 && !self->viewer_open);
  if (n > 0) {
    /* Somebody who types goes on doing so. */
    gboolean was_empty =
        g_strcmp0 (gtk_stack_get_visible_child_name (self->content), "empty") ==
            0 &&
        !hf_label_keys_is_typing (GTK_WIDGET (self));
    g_autofree char *number = hf_wording_dup_number (n);
    g_autofree char *summary =
        g_strdup_printf (ngettext ("%s picture that would teach the most",
                                   "%s pictures that would teach the most", n),
                         number);

    gtk_label_set_text (self->summary, summary);
    gtk_stack_set_visible_child_name (self->content,
                                      self->viewer_open ? "viewer" : "grid");
    if (was_empty)
      hf_label_page_focus_pictures (self);
    return;
  }
  hf_empty_words_init (&words, self->workspace, self->pictures);
  adw_status_page_set_title (self->empty, words.title);
  adw_status_page_set_description (self->empty, words.reason);
  gtk_widget_set_visible (self->empty_button, words.button != NULL);
  if (words.button != NULL) {
    gtk_button_set_label (GTK_BUTTON (self->empty_button), words.button);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (self->empty_button),
                                    words.action);
  }
  gtk_stack_set_visible_child_name (self->content, "empty");
}

void
hf_label_page_query_changed_cb (HfLabelPage *self)
{
  const HfPictureQuery *query = hf_shown_pictures_get_query (self->pictures);

  gtk_menu_button_set_label (self->order_button, get_order_title (query));
  gtk_widget_set_sensitive (GTK_WIDGET (self->order_button),
                            query->view != HF_VIEW_NEXT);
  hf_gallery_set_shows_why (self->gallery, query->view == HF_VIEW_NEXT);
  hf_label_page_show_content (self);
}

/* Whether there are two classes, and each has two labels. */
static gboolean
labels_suffice (HfLabelPage *self)
{
  GListModel *classes = hf_workspace_get_classes (self->workspace);
  guint n = g_list_model_get_n_items (classes);

  for (guint i = 0; i < n; i++) {
    g_autoptr (HfClassItem) item = g_list_model_get_item (classes, i);

    if (hf_class_item_get_n_labels (item) < 2)
      return FALSE;
  }
  return n > 1;
}

/* Why numbers are missing, NULL where none are. A label counts once its picture
 * has been looked at, which the numbers' own reason cannot know. */
static const char *
get_reason (HfLabelPage *self, const HfNumbers *numbers)
{
  gboolean any = numbers != NULL && hf_numbers_get_probe (numbers) != NULL;
  const GError *trouble = self->workspace != NULL
                              ? hf_workspace_get_desk_trouble (self->workspace)
                              : NULL;

  /* Nothing follows by itself then. */
  if (!any && trouble != NULL)
    return trouble->message;
  if (!any && self->workspace != NULL && labels_suffice (self))
    return _ ("The labelled pictures are being looked at. The numbers follow.");
  return numbers != NULL
             ? numbers->reason
             : _ ("Label 2 of each class to see the first numbers.");
}

void
hf_label_page_show_numbers (HfLabelPage *self)
{
  const HfGoals goals = {
      g_settings_get_double (self->settings, "goal-escapes") / 100,
      g_settings_get_double (self->settings, "goal-overkill") / 100};
  const HfNumbers *numbers = self->workspace != NULL
                                 ? hf_workspace_get_numbers (self->workspace)
                                 : NULL;
  const char *reason = get_reason (self, numbers);

  hf_live_pane_show (self->live_pane, numbers, reason, &goals);
  hf_live_strip_show (self->live_strip, numbers, reason, &goals);
  hf_label_page_show_learning (self);
  if (self->viewer_open)
    hf_label_page_show_picture (self);
}

void
hf_label_page_show_learning (HfLabelPage *self)
{
  HfWorkspace *workspace = self->workspace;

  if (workspace == NULL)
    hf_live_pane_show_learning (self->live_pane, NULL, NULL, NULL);
  else
    hf_live_pane_show_learning (self->live_pane,
                                hf_workspace_get_numbers (workspace),
                                hf_workspace_get_learning (workspace),
                                hf_workspace_get_learning_sizes (workspace));
}

void
hf_label_page_show_refreshing (HfLabelPage *self)
{
  GtkWidget *const widgets[] = {GTK_WIDGET (self->live_pane),
                                GTK_WIDGET (self->live_strip)};
  gboolean refreshing =
      self->workspace != NULL && hf_workspace_get_refreshing (self->workspace);

  for (gsize i = 0; i < G_N_ELEMENTS (widgets); i++)
    if (refreshing)
      gtk_widget_add_css_class (widgets[i], "refreshing");
    else
      gtk_widget_remove_css_class (widgets[i], "refreshing");
}

void
hf_label_page_show_picture (HfLabelPage *self)
{
  HfPicture *picture =
      self->viewer_open ? hf_viewer_get_picture (self->viewer) : NULL;

  hf_picture_pane_show (self->picture_pane, self->workspace, picture);
  gtk_stack_set_visible_child_name (self->pane,
                                    picture != NULL ? "picture" : "live");
}
