/* misses-grid.c: see the header. The order is the numbers': the surest miss
 * first. */
#include "ui/evaluate/misses-grid.h"

#include "ui/evaluate/picture-view.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/mark.h"

#include <glib/gi18n.h>

#define MAX_SHOWN 6

struct _HfMissesGrid {
  GtkWidget parent_instance;

  GtkWidget *box;
  char *key; /* of what is shown, so that equal pictures stay */
};

G_DEFINE_FINAL_TYPE (HfMissesGrid, hf_misses_grid, GTK_TYPE_WIDGET)

/* The class of the rows with this number of the project, or -1. */
static int
find_class (const HfFindings *findings, gint64 class_id)
{
  const gint64 *ids = findings->numbers->class_ids;

  for (int c = 0; ids != NULL && c < findings->n_classes; c++)
    if (ids[c] == class_id)
      return c;
  return -1;
}

/* The label of a picture, as a class of the rows, or -1. */
static int
find_truth (const HfFindings *findings, gint64 image_id)
{
  const HfEvaluation *evaluation = findings->evaluation;

  for (gsize i = 0; i < evaluation->n_tested; i++)
    if (hf_findings_get_image (findings, i) == image_id)
      return evaluation->truth[i];
  return -1;
}

typedef struct {
  const HfNumbersMiss *miss;
  int truth, called;
  const char *path;
} Miss;

/* (element-type Miss), those whose classes are known. */
static GArray *
list_misses (const HfFindings *findings)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (Miss));

  for (guint i = 0; i < findings->numbers->misses->len; i++) {
    const HfNumbersMiss *miss = findings->numbers->misses->pdata[i];
    const Miss one = {miss, find_truth (findings, miss->image_id),
                      find_class (findings, miss->class_id),
                      hf_findings_get_path (findings, miss->image_id)};

    if (one.truth >= 0 && one.called >= 0 && one.path != NULL)
      g_array_append_val (list, one);
  }
  return list;
}

static void
clicked_cb (GtkButton *button, gpointer data)
{
  const char *what = g_object_get_data (G_OBJECT (button), "what");

  gtk_widget_activate_action (GTK_WIDGET (button), "win.filter", "s", what);
  gtk_widget_activate_action (GTK_WIDGET (button), "win.show-page", "s",
                              "label");
}

static GtkWidget *
new_line (GtkWidget *sign, const char *text, gboolean quiet)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_valign (sign, GTK_ALIGN_CENTER);
  if (quiet) {
    gtk_widget_add_css_class (label, "caption");
    gtk_widget_add_css_class (label, "quiet");
    gtk_widget_add_css_class (label, "numeric");
  }
  gtk_box_append (GTK_BOX (box), sign);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

static GtkWidget *
new_tile (const HfFindings *findings, const Miss *miss)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *badge = hf_badge_new ();
  g_autofree char *file = g_filename_display_basename (miss->path);
  /* Translators: a class and how sure, as 0.81. */
  g_autofree char *called =
      g_strdup_printf (_("called %s %.2f"), findings->names[miss->called],
                          miss->miss->probability);
  /* Translators: a file, its label, what it was called with how sure. */
  g_autofree char *label = g_strdup_printf (
      _("%s, labelled %s, %s"), file, findings->names[miss->truth], called);

  hf_badge_set_item (HF_BADGE (badge), findings->items[miss->truth]);
  gtk_box_append (GTK_BOX (box), hf_picture_view_new (miss->path));
  gtk_box_append (GTK_BOX (box),
                  new_line (badge, findings->names[miss->truth], FALSE));
  gtk_box_append (GTK_BOX (box),
                  new_line (hf_mark_new (HF_MARK_WRONG), called, TRUE));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "tile");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data_full (
      G_OBJECT (button), "what",
      g_strdup_printf ("missed:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT,
                       findings->numbers->class_ids[miss->truth],
                       findings->numbers->class_ids[miss->called]),
      g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (clicked_cb), NULL);
  return button;
}

static void
remove_tiles (HfMissesGrid *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_flow_box_remove (GTK_FLOW_BOX (self->box), child);
}

static void
hf_misses_grid_dispose (GObject *object)
{
  g_clear_pointer (&HF_MISSES_GRID (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (hf_misses_grid_parent_class)->dispose (object);
}

static void
hf_misses_grid_finalize (GObject *object)
{
  g_free (HF_MISSES_GRID (object)->key);
  G_OBJECT_CLASS (hf_misses_grid_parent_class)->finalize (object);
}

static void
hf_misses_grid_class_init (HfMissesGridClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_misses_grid_dispose;
  G_OBJECT_CLASS (class)->finalize = hf_misses_grid_finalize;
  gtk_widget_class_set_css_name (widget_class, "misses");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
hf_misses_grid_init (HfMissesGrid *self)
{
  self->box = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->box),
                                   GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (self->box), TRUE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->box), 3);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (self->box), 2);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->box), 12);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (self->box), 12);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

static char *
dup_key (const HfFindings *findings, const GArray *misses)
{
  GString *key = g_string_new (NULL);

  for (guint i = 0; i < MIN (misses->len, MAX_SHOWN); i++) {
    const Miss *miss = &g_array_index (misses, Miss, i);

    g_string_append_printf (key, "%" G_GINT64_FORMAT " %s %s %.2f\n",
                            miss->miss->image_id, findings->names[miss->truth],
                            findings->names[miss->called],
                            miss->miss->probability);
  }
  return g_string_free (key, FALSE);
}

guint
hf_misses_grid_show (HfMissesGrid *self, const HfFindings *findings)
{
  g_autoptr (GArray) misses = list_misses (findings);
  g_autofree char *key = dup_key (findings, misses);

  if (g_strcmp0 (key, self->key) == 0)
    return misses->len;
  g_free (self->key);
  self->key = g_steal_pointer (&key);
  remove_tiles (self);
  for (guint i = 0; i < MIN (misses->len, MAX_SHOWN); i++) {
    GtkWidget *child = gtk_flow_box_child_new ();

    gtk_flow_box_child_set_child (
        GTK_FLOW_BOX_CHILD (child),
        new_tile (findings, &g_array_index (misses, Miss, i)));
    /* The tile in it takes the focus. */
    gtk_widget_set_focusable (child, FALSE);
    gtk_flow_box_insert (GTK_FLOW_BOX (self->box), child, -1);
  }
  return misses->len;
}

HfTable *
hf_misses_grid_new_table (const HfFindings *findings)
{
  g_autoptr (GArray) misses = list_misses (findings);
  HfTable *table =
      hf_table_new ("Pictures that were called wrong, the surest "
                    "first",
                    "file", "labelled", "called", "probability", NULL);

  for (guint i = 0; i < misses->len; i++) {
    const Miss *miss = &g_array_index (misses, Miss, i);

    hf_table_add_text (table, miss->path);
    hf_table_add_text (table, findings->names[miss->truth]);
    hf_table_add_text (table, findings->names[miss->called]);
    hf_table_add_number (table, miss->miss->probability);
  }
  return table;
}
