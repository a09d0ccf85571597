/* picture-pane.c: see the header. */
#include "ui/label/pane/picture-pane.h"

#include "ui/application.h"
#include "ui/label/pane/like-tile.h"
#include "ui/label/pane/look.h"
#include "ui/label/pane/probability-bars.h"
#include "ui/label/sidebar/class-edits.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/mark.h"

#include <glib/gi18n.h>

struct _HfPicturePane {
  GtkWidget parent_instance;

  GtkWidget *scroller, *like;
  HfMark *mark;
  HfBadge *badge;
  GtkLabel *verdict, *sentence;
  HfProbabilityBars *bars;
  GtkBox *labels, *like_tiles;

  HfWorkspace *workspace;
  HfPicture *picture;
};

G_DEFINE_FINAL_TYPE (HfPicturePane, hf_picture_pane, GTK_TYPE_WIDGET)

static void
empty (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

/* What is said before and after the desk was asked; a sentence each. */
static const char *
get_sentence (const HfPictureInfo *info)
{
  if (info->state == HF_PICTURE_UNREADABLE)
    return info->reason;
  if (info->predicted_id == 0)
    return info->state == HF_PICTURE_WAITING
        ? _ ("The model has not looked at this picture yet.")
        : _ ("Label 2 classes to see what this is taken for.");
  switch (info->verdict) {
  case HF_VERDICT_PASS:
    return _ ("It may go to the customer.");
  case HF_VERDICT_REJECT:
    return _ ("It is sorted out.");
  case HF_VERDICT_UNSURE:
    return _ ("Between two classes: a person decides.");
  case HF_VERDICT_UNKNOWN:
    return _ ("It is unlike everything labelled so far.");
  default:
    return _ ("There is no good class, so that the class is the answer.");
  }
}

static const char *
get_title (const HfPictureInfo *info, HfClassItem *item)
{
  if (info->state == HF_PICTURE_UNREADABLE)
    return _ ("Unreadable");
  if (item == NULL)
    return _ ("Not Known Yet");
  switch (info->verdict) {
  case HF_VERDICT_PASS:
    return _ ("Passes");
  case HF_VERDICT_REJECT:
    return _ ("Rejected");
  case HF_VERDICT_UNSURE:
    return _ ("Unsure");
  case HF_VERDICT_UNKNOWN:
    return _ ("Unknown");
  default:
    return hf_class_item_get_name (item);
  }
}

static void
show_verdict (HfPicturePane *self)
{
  const HfPictureInfo *info = hf_picture_get_info (self->picture);
  HfClassItem *item =
      hf_workspace_find_class (self->workspace, info->predicted_id);
  gboolean known = info->state != HF_PICTURE_UNREADABLE && item != NULL;
  HfMarkKind mark = info->state == HF_PICTURE_UNREADABLE ? HF_MARK_BROKEN
                    : known ? hf_mark_of_verdict (info->verdict)
                            : HF_MARK_UNKNOWN;

  hf_mark_set_kind (self->mark, mark);
  gtk_widget_set_visible (GTK_WIDGET (self->mark), mark != HF_MARK_NONE);
  hf_badge_set_item (self->badge, item);
  gtk_widget_set_visible (GTK_WIDGET (self->badge), mark == HF_MARK_NONE);
  gtk_label_set_text (self->verdict, get_title (info, item));
  gtk_label_set_text (self->sentence, get_sentence (info));
}

static GtkWidget *
new_label_button (HfClassItem *item, gboolean is_set)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *badge = hf_badge_new ();
  GtkWidget *name = gtk_label_new (hf_class_item_get_name (item));
  GtkWidget *kind = gtk_label_new (
      is_set ? _ ("labelled")
             : hf_class_kind_get_title (hf_class_item_get_kind (item)));

  hf_badge_set_item (HF_BADGE (badge), item);
  gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (kind, "caption");
  gtk_widget_add_css_class (kind, "quiet");
  gtk_box_append (GTK_BOX (box), badge);
  gtk_box_append (GTK_BOX (box), name);
  if (is_set)
    gtk_box_append (GTK_BOX (box), hf_mark_new (HF_MARK_PASS));
  gtk_box_append (GTK_BOX (box), kind);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, name,
                                  NULL, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "label.set");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x",
                                    hf_class_item_get_id (item));
  gtk_widget_set_focus_on_click (button, FALSE);
  return button;
}

static void
show_labels (HfPicturePane *self)
{
  gint64 set = hf_picture_get_info (self->picture)->class_id;
  GListModel *classes = hf_workspace_get_classes (self->workspace);

  empty (self->labels);
  for (guint i = 0; i < g_list_model_get_n_items (classes); i++) {
    g_autoptr (HfClassItem) item = g_list_model_get_item (classes, i);

    gtk_box_append (self->labels, new_label_button (item, hf_class_item_get_id (
                                                              item) == set));
  }
}

static void
looked_cb (const HfLook *look, gpointer data)
{
  HfPicturePane *self = data;

  /* The viewer has gone on. */
  if (self->picture == NULL ||
      hf_picture_get_info (self->picture)->id != look->image_id)
    return;
  hf_probability_bars_set (self->bars, self->workspace, look);
  empty (self->like_tiles);
  for (guint i = 0; i < look->n_like; i++) {
    HfPicture *picture =
        hf_workspace_find_picture (self->workspace, look->like_ids[i]);

    if (picture != NULL)
      gtk_box_append (
          self->like_tiles,
          hf_like_tile_new (
              picture,
              hf_workspace_find_class (self->workspace,
                                       hf_picture_get_info (picture)->class_id),
              look->distances[i]));
  }
  gtk_widget_set_visible (self->like, look->n_like > 0);
}

static void
picture_changed_cb (HfPicturePane *self)
{
  show_verdict (self);
  show_labels (self);
}

static void
let_go (HfPicturePane *self)
{
  if (self->picture != NULL)
    g_signal_handlers_disconnect_by_data (self->picture, self);
  g_clear_object (&self->picture);
  g_clear_object (&self->workspace);
}

static void
hf_picture_pane_dispose (GObject *object)
{
  let_go (HF_PICTURE_PANE (object));
  gtk_widget_dispose_template (GTK_WIDGET (object), HF_TYPE_PICTURE_PANE);
  G_OBJECT_CLASS (hf_picture_pane_parent_class)->dispose (object);
}

static void
hf_picture_pane_class_init (HfPicturePaneClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_picture_pane_dispose;
  g_type_ensure (HF_TYPE_MARK);
  g_type_ensure (HF_TYPE_BADGE);
  g_type_ensure (HF_TYPE_PROBABILITY_BARS);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/label/pane/picture-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, HfPicturePane, scroller);
  gtk_widget_class_bind_template_child (widget_class, HfPicturePane, mark);
  gtk_widget_class_bind_template_child (widget_class, HfPicturePane, badge);
  gtk_widget_class_bind_template_child (widget_class, HfPicturePane, verdict);
  gtk_widget_class_bind_template_child (widget_class, HfPicturePane, sentence);
  gtk_widget_class_bind_template_child (widget_class, HfPicturePane, bars);
  gtk_widget_class_bind_template_child (widget_class, HfPicturePane, labels);
  gtk_widget_class_bind_template_child (widget_class, HfPicturePane, like);
  gtk_widget_class_bind_template_child (widget_class, HfPicturePane,
                                        like_tiles);
}

static void
hf_picture_pane_init (HfPicturePane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
hf_picture_pane_show (HfPicturePane *self, HfWorkspace *workspace,
                      HfPicture *picture)
{
  gboolean same = picture != NULL && picture == self->picture;

  if (!same) {
    let_go (self);
    hf_probability_bars_set (self->bars, workspace, NULL);
    gtk_widget_set_visible (self->like, FALSE);
  }
  if (workspace == NULL || picture == NULL)
    return;
  if (!same) {
    self->workspace = g_object_ref (workspace);
    self->picture = g_object_ref (picture);
    g_signal_connect_swapped (picture, "changed",
                              G_CALLBACK (picture_changed_cb), self);
  }
  picture_changed_cb (self);
  hf_look_at (workspace, hf_picture_get_info (picture)->id, looked_cb,
              g_object_ref (self), g_object_unref);
}
