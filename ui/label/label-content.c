/* label-content.c: what the page shows when. */
#include "ui/label/label-page-private.h"

#include "app/charts/wording.h"
#include "ui/label/empty-words.h"

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
  if (n > 0) {
    g_autofree char *number = hf_wording_dup_number (n);
    g_autofree char *summary =
        g_strdup_printf (ngettext ("%s picture that would teach the most",
                                   "%s pictures that would teach the most", n),
                         number);

    gtk_label_set_text (self->summary, summary);
    gtk_stack_set_visible_child_name (self->content,
                                      self->viewer_open ? "viewer" : "grid");
    return;
  }
  hf_empty_words_init (&words, self->workspace, self->pictures);
  adw_status_page_set_title (self->empty, words.title);
  adw_status_page_set_description (self->empty, words.reason);
  gtk_widget_set_visible (self->empty_button, words.button != NULL);
  if (words.button != NULL)
    gtk_button_set_label (GTK_BUTTON (self->empty_button), words.button);
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

void
hf_label_page_show_numbers (HfLabelPage *self)
{
  const HfGoals goals = {
      g_settings_get_double (self->settings, "goal-escapes") / 100,
      g_settings_get_double (self->settings, "goal-overkill") / 100};
  const HfNumbers *numbers = self->workspace != NULL
                                 ? hf_workspace_get_numbers (self->workspace)
                                 : NULL;

  hf_live_pane_show (self->live_pane, numbers, &goals);
  hf_live_strip_show (self->live_strip, numbers, &goals);
  if (self->viewer_open)
    hf_label_page_show_picture (self);
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
