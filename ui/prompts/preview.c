/* preview.c: see the header. */
#include "ui/prompts/preview.h"

#include "ui/prompts/preview-tile.h"
#include "ui/widgets/mark.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_PICTURES 12
#define FEW 6

struct _HfPreview {
  AdwBin parent_instance;

  GtkFlowBox *box;
  GtkLabel *empty;
  GtkWidget *trouble_row;
  GtkLabel *trouble; /* in it */
  HfWorkspace *workspace;
  GPtrArray *chosen;   /* HfPicture, or NULL */
  GPtrArray *tiles;    /* HfPreviewTile, borrowed */
  char ***prompts;     /* asked last; NULL: nothing was */
  guint serial, shown; /* of what was asked, and of what is shown */
  gboolean is_asking;
};

G_DEFINE_FINAL_TYPE (HfPreview, hf_preview, ADW_TYPE_BIN)

static void
free_prompts (char ***prompts)
{
  for (gsize c = 0; prompts != NULL && prompts[c] != NULL; c++)
    g_strfreev (prompts[c]);
  g_free (prompts);
}

static gsize
count_prompts (char ***prompts)
{
  gsize n = 0;

  while (prompts[n] != NULL)
    n++;
  return n;
}

static char ***
dup_prompts (char ***prompts)
{
  gsize n = count_prompts (prompts);
  char ***copy = g_new0 (char **, n + 1);

  for (gsize c = 0; c < n; c++)
    copy[c] = g_strdupv (prompts[c]);
  return copy;
}

/* Asking. */

typedef struct {
  HfPreview *preview;
  guint serial;
  char ***prompts;
  gint64 *ids; /* [n] */
  gsize n, n_classes;
  double *out; /* [n][n_classes] */
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_object_unref (self->preview);
  free_prompts (self->prompts);
  g_free (self->ids);
  g_free (self->out);
  g_free (self);
}

static gboolean
ask_desk (HfDesk *desk, HfNumbers *numbers, gpointer data, HfProgress *progress,
          GError **error)
{
  Question *question = data;

  question->out = hf_desk_try_prompts (
      desk, (char *const *const *) question->prompts, question->n_classes,
      question->ids, question->n, error);
  return question->out != NULL;
}

static void ask (HfPreview *self);

static void
show_answer (HfPreview *self, const Question *question)
{
  for (gsize i = 0; i < question->n && i < self->tiles->len; i++) {
    HfPreviewTile *tile = self->tiles->pdata[i];
    const HfPictureInfo *info =
        hf_picture_get_info (hf_preview_tile_get_picture (tile));

    if (info->id == question->ids[i])
      hf_preview_tile_set (tile, question->out + i * question->n_classes,
                           question->n_classes);
  }
  self->shown = question->serial;
  gtk_widget_remove_css_class (GTK_WIDGET (self), "stale");
}

static void
answered_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  const Question *question = data;
  HfPreview *self = question->preview;

  if (workspace != self->workspace)
    return;
  self->is_asking = FALSE;
  if (question->serial != self->serial)
    ask (self);
  else if (error == NULL)
    show_answer (self, question);
}

static void
ask (HfPreview *self)
{
  Question *question;

  if (self->is_asking || self->workspace == NULL || self->prompts == NULL ||
      self->tiles->len == 0)
    return;
  question = g_new0 (Question, 1);
  question->preview = g_object_ref (self);
  question->serial = self->serial;
  question->prompts = dup_prompts (self->prompts);
  question->n_classes = count_prompts (self->prompts);
  question->n = self->tiles->len;
  question->ids = g_new (gint64, question->n);
  for (gsize i = 0; i < question->n; i++)
    question->ids[i] = hf_picture_get_info (
                           hf_preview_tile_get_picture (self->tiles->pdata[i]))
                           ->id;
  self->is_asking = TRUE;
  hf_workspace_run (self->workspace, NULL, ask_desk, answered_cb, question,
                    question_free);
}

static void
ask_anew (HfPreview *self)
{
  self->serial++;
  if (self->tiles->len == 0) {
    /* Nothing is asked, so there is no answer to wait for. */
    self->shown = self->serial;
    gtk_widget_remove_css_class (GTK_WIDGET (self), "stale");
    return;
  }
  gtk_widget_add_css_class (GTK_WIDGET (self), "stale");
  ask (self);
}

void
hf_preview_ask (HfPreview *self, char ***prompts)
{
  if (prompts == NULL)
    return;
  free_prompts (self->prompts);
  self->prompts = prompts;
  ask_anew (self);
}

/* Pictures. */

static gboolean
can_be_seen (HfPicture *picture)
{
  return hf_picture_get_info (picture)->state != HF_PICTURE_UNREADABLE;
}

/* The @nth labelled picture of a class (caller unrefs), or NULL. */
static HfPicture *
dup_labelled (HfPreview *self, gint64 class_id, guint nth)
{
  GListModel *all = hf_workspace_get_pictures (self->workspace);
  guint n = g_list_model_get_n_items (all);

  for (guint i = 0; i < n; i++) {
    g_autoptr (HfPicture) picture = g_list_model_get_item (all, i);

    if (hf_picture_get_info (picture)->class_id == class_id &&
        can_be_seen (picture) && nth-- == 0)
      return g_steal_pointer (&picture);
  }
  return NULL;
}

/* One of each class, in their order, and again while there is room. */
static void
add_labelled (HfPreview *self, GPtrArray *found)
{
  GListModel *classes = hf_workspace_get_classes (self->workspace);
  guint n_classes = g_list_model_get_n_items (classes);
  guint n = CLAMP (n_classes, FEW, MAX_PICTURES);

  for (guint k = 0; k < n * n_classes && found->len < n; k++) {
    g_autoptr (HfClassItem) item =
        g_list_model_get_item (classes, k % n_classes);
    guint nth = k / n_classes;
    HfPicture *picture =
        nth < hf_class_item_get_n_labels (item)
            ? dup_labelled (self, hf_class_item_get_id (item), nth)
            : NULL;

    if (picture != NULL)
      g_ptr_array_add (found, picture);
  }
}

/* The first ones, where none is chosen or labelled. */
static void
add_first (HfPreview *self, GPtrArray *found)
{
  GListModel *all = hf_workspace_get_pictures (self->workspace);
  guint n = g_list_model_get_n_items (all);

  for (guint i = 0; i < n && found->len < FEW; i++) {
    g_autoptr (HfPicture) picture = g_list_model_get_item (all, i);

    if (can_be_seen (picture))
      g_ptr_array_add (found, g_steal_pointer (&picture));
  }
}

static GPtrArray *
dup_pictures (HfPreview *self)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

  if (self->workspace == NULL)
    return found;
  for (guint i = 0; self->chosen != NULL && i < self->chosen->len &&
                    found->len < MAX_PICTURES;
       i++)
    if (can_be_seen (self->chosen->pdata[i]))
      g_ptr_array_add (found, g_object_ref (self->chosen->pdata[i]));
  if (found->len == 0)
    add_labelled (self, found);
  if (found->len == 0)
    add_first (self, found);
  return found;
}

static gboolean
shows (HfPreview *self, GPtrArray *pictures)
{
  if (self->tiles->len != pictures->len)
    return FALSE;
  for (guint i = 0; i < pictures->len; i++)
    if (hf_preview_tile_get_picture (self->tiles->pdata[i]) !=
        pictures->pdata[i])
      return FALSE;
  return TRUE;
}

static void
clear_tiles (HfPreview *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_flow_box_remove (self->box, child);
  g_ptr_array_set_size (self->tiles, 0);
}

/* Why there will be no answer, and what to do; pictures are shown all the same.
 */
static void
show_trouble (HfPreview *self)
{
  const GError *trouble = self->workspace != NULL
                              ? hf_workspace_get_desk_trouble (self->workspace)
                              : NULL;

  gtk_label_set_label (self->trouble, trouble != NULL ? trouble->message : "");
  gtk_widget_set_visible (self->trouble_row, trouble != NULL);
}

void
hf_preview_refresh (HfPreview *self)
{
  g_autoptr (GPtrArray) pictures = dup_pictures (self);

  if (!shows (self, pictures)) {
    clear_tiles (self);
    for (guint i = 0; i < pictures->len; i++) {
      GtkWidget *tile = hf_preview_tile_new (
          pictures->pdata[i], hf_workspace_get_classes (self->workspace));

      gtk_flow_box_append (self->box, tile);
      g_ptr_array_add (self->tiles, tile);
    }
  }
  gtk_widget_set_visible (GTK_WIDGET (self->box), pictures->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->empty), pictures->len == 0);
  show_trouble (self);
  if (self->prompts != NULL)
    ask_anew (self);
}

void
hf_preview_set_pictures (HfPreview *self, GPtrArray *pictures)
{
  g_clear_pointer (&self->chosen, g_ptr_array_unref);
  if (pictures != NULL && pictures->len > 0)
    self->chosen = g_ptr_array_ref (pictures);
  hf_preview_refresh (self);
}

void
hf_preview_set_workspace (HfPreview *self, HfWorkspace *workspace)
{
  if (!g_set_object (&self->workspace, workspace))
    return;
  self->is_asking = FALSE;
  g_clear_pointer (&self->prompts, free_prompts);
  g_clear_pointer (&self->chosen, g_ptr_array_unref);
  clear_tiles (self);
}

/* The object. */

static void
hf_preview_dispose (GObject *object)
{
  HfPreview *self = HF_PREVIEW (object);

  g_clear_object (&self->workspace);
  g_clear_pointer (&self->prompts, free_prompts);
  g_clear_pointer (&self->chosen, g_ptr_array_unref);
  G_OBJECT_CLASS (hf_preview_parent_class)->dispose (object);
}

static void
hf_preview_finalize (GObject *object)
{
  g_ptr_array_unref (HF_PREVIEW (object)->tiles);
  G_OBJECT_CLASS (hf_preview_parent_class)->finalize (object);
}

static void
hf_preview_class_init (HfPreviewClass *class)
{
  G_OBJECT_CLASS (class)->dispose = hf_preview_dispose;
  G_OBJECT_CLASS (class)->finalize = hf_preview_finalize;
}

static void
make_trouble_row (HfPreview *self)
{
  GtkWidget *mark = hf_mark_new (HF_MARK_WARNING);

  self->trouble = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_set_name (GTK_WIDGET (self->trouble), "trouble");
  gtk_label_set_wrap (self->trouble, TRUE);
  gtk_label_set_wrap_mode (self->trouble, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (self->trouble, 0);
  gtk_widget_set_hexpand (GTK_WIDGET (self->trouble), TRUE);
  gtk_widget_set_valign (mark, GTK_ALIGN_START);
  self->trouble_row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  gtk_widget_set_margin_bottom (self->trouble_row, 12);
  gtk_widget_set_visible (self->trouble_row, FALSE);
  gtk_box_append (GTK_BOX (self->trouble_row), mark);
  gtk_box_append (GTK_BOX (self->trouble_row), GTK_WIDGET (self->trouble));
}

static void
hf_preview_init (HfPreview *self)
{
  GtkWidget *both = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  make_trouble_row (self);
  self->tiles = g_ptr_array_new ();
  self->box = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_flow_box_set_selection_mode (self->box, GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (self->box, TRUE);
  gtk_flow_box_set_min_children_per_line (self->box, 2);
  gtk_flow_box_set_max_children_per_line (self->box, FEW);
  gtk_flow_box_set_column_spacing (self->box, 6);
  gtk_flow_box_set_row_spacing (self->box, 12);
  /* There is nothing to press in it, and a flow box keeps Tab to itself. */
  gtk_widget_set_can_focus (GTK_WIDGET (self->box), FALSE);
  self->empty = GTK_LABEL (gtk_label_new (
      _("There are no pictures to show: add a folder on the Label page.")));
  gtk_label_set_wrap (self->empty, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->empty), "quiet");
  gtk_box_append (GTK_BOX (both), self->trouble_row);
  gtk_box_append (GTK_BOX (both), GTK_WIDGET (self->box));
  gtk_box_append (GTK_BOX (both), GTK_WIDGET (self->empty));
  adw_bin_set_child (ADW_BIN (self), both);
  gtk_widget_add_css_class (GTK_WIDGET (self), "preview");
}

gboolean
hf_preview_is_fresh (HfPreview *self)
{
  return self->shown == self->serial;
}

int
hf_preview_get_best (HfPreview *self, guint i)
{
  return hf_preview_tile_get_best (self->tiles->pdata[i]);
}

guint
hf_preview_get_n (HfPreview *self)
{
  return self->tiles->len;
}
