/* confusion-cell.c: see the header. */
#include "ui/evaluate/confusion-cell.h"

#include "ui/evaluate/thumb-strip.h"

#include <glib/gi18n.h>

static void
clicked_cb (GtkButton *button, gpointer data)
{
  const char *what = g_object_get_data (G_OBJECT (button), "what");

  gtk_widget_activate_action (GTK_WIDGET (button), "win.filter", "s", what);
  gtk_widget_activate_action (GTK_WIDGET (button), "win.show-page", "s",
                              "label");
}

/* What goes wrong if a part of the kind @truth is called @called; NULL: nothing
 * that has a name. */
static const char *
get_fault (HfClassKind truth, HfClassKind called)
{
  if (truth == HF_CLASS_DEFECT && called == HF_CLASS_GOOD)
    return _("escape");
  if (truth == HF_CLASS_GOOD && called != HF_CLASS_GOOD)
    return _("overkill");
  return NULL;
}

static GtkWidget *
new_fault (const char *fault)
{
  GtkWidget *label = gtk_label_new (fault);

  gtk_widget_add_css_class (label, "caption");
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_visible (label, FALSE);
  return label;
}

GtkWidget *
hf_confusion_cell_get_fault (GtkWidget *cell)
{
  return g_object_get_data (G_OBJECT (cell), "fault");
}

void
hf_confusion_cell_fit (GtkWidget *cell, gboolean narrow, guint n_thumbs)
{
  GtkWidget *fault = hf_confusion_cell_get_fault (cell);

  if (fault != NULL)
    gtk_widget_set_visible (fault, !narrow && gtk_widget_get_sensitive (cell));
  hf_thumb_strip_set_max (g_object_get_data (G_OBJECT (cell), "thumbs"),
                          n_thumbs);
}

GtkWidget *
hf_confusion_cell_new (const HfFindings *findings, int r, int c)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *thumbs = hf_thumb_strip_new (), *count = gtk_label_new (NULL);
  const char *fault = get_fault (findings->kinds[r], findings->kinds[c]);

  gtk_widget_add_css_class (count, "count");
  gtk_widget_add_css_class (count, "numeric");
  gtk_box_append (GTK_BOX (words), count);
  if (fault != NULL && findings->n_classes < HF_CONFUSION_MANY) {
    GtkWidget *label = new_fault (fault);

    gtk_box_append (GTK_BOX (words), label);
    g_object_set_data (G_OBJECT (button), "fault", label);
  }
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (thumbs, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), thumbs);
  gtk_box_append (GTK_BOX (box), words);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "cell");
  gtk_widget_add_css_class (button, r == c ? "right" : "wrong");
  g_object_set_data (G_OBJECT (button), "thumbs", thumbs);
  g_object_set_data (G_OBJECT (button), "count", count);
  g_signal_connect (button, "clicked", G_CALLBACK (clicked_cb), NULL);
  return button;
}

/* Files of the pictures of a cell, at most three. */
static GPtrArray *
find_paths (const HfFindings *findings, int r, int c)
{
  GPtrArray *paths = g_ptr_array_new ();
  const HfEvaluation *evaluation = findings->evaluation;

  for (gsize i = 0;
       i < evaluation->n_tested && paths->len < HF_CONFUSION_THUMBS; i++) {
    const char *path;

    if (evaluation->truth[i] != r || findings->probe->predicted[i] != c)
      continue;
    path = hf_findings_get_path (findings, hf_findings_get_image (findings, i));
    if (path != NULL)
      g_ptr_array_add (paths, (gpointer) path);
  }
  return paths;
}

static char *
dup_what (const HfFindings *findings, int r, int c)
{
  const gint64 *ids = findings->numbers->class_ids;

  if (ids == NULL)
    return NULL;
  if (r == c)
    return g_strdup_printf ("class:%" G_GINT64_FORMAT, ids[r]);
  return g_strdup_printf ("missed:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT,
                          ids[r], ids[c]);
}

static void
name_cell (GtkWidget *cell, const HfFindings *findings, int r, int c, gint64 n)
{
  const char *fault = get_fault (findings->kinds[r], findings->kinds[c]);
  g_autofree char *label = g_strdup_printf (
      g_dngettext (NULL,
                   /* Translators: names of classes, a number of pictures. */
                   "Labelled %s, called %s: %d picture",
                   "Labelled %s, called %s: %d pictures", (gulong) n),
      findings->names[r], findings->names[c], (int) n);
  g_autofree char *whole = fault != NULL && n > 0
                               ? g_strdup_printf ("%s, %s", label, fault)
                               : g_strdup (label);

  gtk_widget_set_tooltip_text (cell, whole);
  gtk_accessible_update_property (GTK_ACCESSIBLE (cell),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, whole, -1);
}

void
hf_confusion_cell_show (GtkWidget *cell, const HfFindings *findings, int r,
                        int c)
{
  GtkWidget *thumbs = g_object_get_data (G_OBJECT (cell), "thumbs");
  GtkWidget *count = g_object_get_data (G_OBJECT (cell), "count");
  gint64 n = findings->probe->confusion[r * findings->n_classes + c];
  g_autoptr (GPtrArray) paths =
      r == c ? g_ptr_array_new () : find_paths (findings, r, c);
  g_autofree char *text =
      n > 0 ? g_strdup_printf ("%d", (int) n) : g_strdup ("\xe2\x80\x93");

  gtk_label_set_text (GTK_LABEL (count), text);
  hf_thumb_strip_set_paths (HF_THUMB_STRIP (thumbs), paths);
  gtk_widget_set_visible (thumbs, paths->len > 0 &&
                                      findings->n_classes < HF_CONFUSION_MANY);
  if (n == 0)
    gtk_widget_add_css_class (cell, "none");
  else
    gtk_widget_remove_css_class (cell, "none");
  gtk_widget_set_sensitive (cell, n > 0);
  g_object_set_data_full (G_OBJECT (cell), "what", dup_what (findings, r, c),
                          g_free);
  name_cell (cell, findings, r, c, n);
}
