/* check-row.c: see the header. */
#include "ui/export/check-row.h"

struct _HfCheckRow {
  AdwActionRow parent_instance;

  HfMark *mark;
};

G_DEFINE_FINAL_TYPE (HfCheckRow, hf_check_row, ADW_TYPE_ACTION_ROW)

static void
hf_check_row_class_init (HfCheckRowClass *class)
{
}

static void
hf_check_row_init (HfCheckRow *self)
{
  self->mark = HF_MARK (hf_mark_new (HF_MARK_NONE));
  gtk_widget_set_valign (GTK_WIDGET (self->mark), GTK_ALIGN_CENTER);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), GTK_WIDGET (self->mark));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  /* What is to be heeded may stand at the end. */
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
}

void
hf_check_row_set (HfCheckRow *self, HfMarkKind kind, const char *title,
                  const char *sentence)
{
  g_autofree char *spoken = NULL;

  hf_mark_set_kind (self->mark, kind);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), sentence);
  spoken = g_strdup_printf ("%s. %s", title, sentence);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

void
hf_check_row_take (HfCheckRow *self, HfMarkKind kind, const char *title,
                   char *sentence)
{
  hf_check_row_set (self, kind, title, sentence);
  g_free (sentence);
}
