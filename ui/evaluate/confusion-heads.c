/* confusion-heads.c: see the header. */
#include "ui/evaluate/confusion-heads.h"

#include "ui/widgets/badge.h"
#include "ui/widgets/upright.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* A column of many has room for a name that is read upwards. */
#define UPRIGHT_CHARS 14

static GtkWidget *
new_badge (HfClassItem *item)
{
  GtkWidget *badge = hf_badge_new ();

  hf_badge_set_item (HF_BADGE (badge), item);
  gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
  return badge;
}

static GtkWidget *
new_name (const char *name, int width_chars)
{
  GtkWidget *label = gtk_label_new (name);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (label), width_chars);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "caption-heading");
  return label;
}

GtkWidget *
hf_row_head_new (const HfFindings *findings, int c)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  int n_chars = (int) g_utf8_strlen (findings->names[c], -1);

  gtk_box_append (GTK_BOX (box), new_badge (findings->items[c]));
  gtk_box_append (GTK_BOX (box),
                  new_name (findings->names[c], MIN (n_chars, 6)));
  gtk_widget_set_tooltip_text (box, findings->names[c]);
  return box;
}

GtkWidget *
hf_upright_head_new (const HfFindings *findings, int c)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *name = hf_upright_new (findings->names[c], UPRIGHT_CHARS);

  gtk_widget_add_css_class (name, "caption-heading");
  gtk_widget_set_valign (name, GTK_ALIGN_END);
  gtk_widget_set_vexpand (name, TRUE);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), new_badge (findings->items[c]));
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (box, findings->names[c]);
  return box;
}

GtkWidget *
hf_column_head_new (const HfFindings *findings, int c)
{
  GtkWidget *squeezer = adw_squeezer_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  int n_chars = (int) g_utf8_strlen (findings->names[c], -1);

  gtk_box_append (GTK_BOX (box), new_badge (findings->items[c]));
  gtk_box_append (GTK_BOX (box),
                  new_name (findings->names[c], MIN (n_chars, 8)));
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  adw_squeezer_add (ADW_SQUEEZER (squeezer), box);
  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_box_append (GTK_BOX (box), new_badge (findings->items[c]));
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  adw_squeezer_add (ADW_SQUEEZER (squeezer), box);
  adw_squeezer_set_homogeneous (ADW_SQUEEZER (squeezer), FALSE);
  gtk_widget_set_tooltip_text (squeezer, findings->names[c]);
  return squeezer;
}

/* The part of a column's head that has its name. */
static AdwSqueezerPage *
get_named_part (GtkWidget *head)
{
  g_autoptr (GtkSelectionModel) parts =
      adw_squeezer_get_pages (ADW_SQUEEZER (head));
  g_autoptr (AdwSqueezerPage) part =
      g_list_model_get_item (G_LIST_MODEL (parts), 0);

  /* The head holds it, too. */
  return part;
}

int
hf_column_head_get_width (GtkWidget *head)
{
  GtkWidget *named = adw_squeezer_page_get_child (get_named_part (head));
  int width;

  gtk_widget_measure (named, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL,
                      NULL);
  return width;
}

void
hf_column_head_set_named (GtkWidget *head, gboolean named)
{
  adw_squeezer_page_set_enabled (get_named_part (head), named);
}

GtkWidget *
hf_corner_head_new (void)
{
  /* Translators: heads a table: rows are labels, columns what was called. */
  const char *const texts[] = {_("labelled \xe2\x86\x93 called \xe2\x86\x92"),
                                  _("called \xe2\x86\x92")};
  GtkWidget *squeezer = adw_squeezer_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    GtkWidget *label = gtk_label_new (texts[i]);

    gtk_label_set_xalign (GTK_LABEL (label), 0);
    gtk_widget_add_css_class (label, "caption");
    gtk_widget_add_css_class (label, "quiet");
    adw_squeezer_add (ADW_SQUEEZER (squeezer), label);
  }
  adw_squeezer_set_homogeneous (ADW_SQUEEZER (squeezer), FALSE);
  adw_squeezer_set_allow_none (ADW_SQUEEZER (squeezer), TRUE);
  return squeezer;
}
