/* notes.c: see the header. */
#include "ui/label/pane/notes.h"

#include "ui/widgets/mark.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* A row that activates @action with @target (floating, or NULL); without an
 * action it is only read. */
static void
add_row (GtkListBox *list, HfMarkKind mark, const char *title,
         const char *subtitle, const char *action, GVariant *target)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title_markup = g_markup_escape_text (title, -1);
  g_autofree char *subtitle_markup =
      g_markup_escape_text (subtitle != NULL ? subtitle : "", -1);
  GtkWidget *icon = hf_mark_new (mark);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title_markup);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle_markup);
  gtk_widget_set_valign (icon, GTK_ALIGN_CENTER);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  if (action != NULL) {
    GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

    adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
    gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (row), action);
    if (target != NULL)
      gtk_actionable_set_action_target_value (GTK_ACTIONABLE (row), target);
  }
  gtk_list_box_append (list, row);
}

static const char *
get_kind_title (HfProbeKind kind, gboolean text)
{
  switch (kind) {
  case HF_PROBE_ZERO_SHOT:
    return _ ("Zero-shot");
  case HF_PROBE_LINEAR:
    return text ? _ ("Logistic regression + text") : _ ("Logistic regression");
  case HF_PROBE_SVM:
    return _ ("Support vector machine");
  case HF_PROBE_GDA:
    return text ? _ ("GDA + text") : _ ("GDA");
  case HF_PROBE_PROMPT:
    return _ ("Tuned prompts");
  default:
    return _ ("Automatic choice");
  }
}

static void
add_probe (GtkListBox *list, const HfNumbers *numbers)
{
  int n = numbers->evaluation->folds->n_folds;
  g_autofree char *subtitle =
      numbers->spec.kind == HF_PROBE_GDA
          /* Translators: the probe that is used unless another is chosen. */
          ? g_strdup_printf (
                ngettext ("the default, %d fold", "the default, %d folds", n),
                n)
          : g_strdup_printf (ngettext ("%d fold", "%d folds", n), n);
  gboolean text = numbers->rows != NULL && numbers->rows->text != NULL;

  add_row (list, HF_MARK_PASS, get_kind_title (numbers->spec.kind, text),
           subtitle, "win.show-page", g_variant_new_string ("evaluate"));
}

static void
add_lots (GtkListBox *list, const HfNumbers *numbers)
{
  int n = numbers->evaluation->n_groups;
  g_autofree char *title = NULL;

  if (!hf_rows_have_groups (numbers->rows)) {
    add_row (list, HF_MARK_WARNING,
             _ ("No lots set"), _ ("random folds may flatter the rates"),
                                   "label.set-lots", NULL);
    return;
  }
  title = g_strdup_printf (ngettext ("%d lot", "%d lots", n), n);
  add_row (list, HF_MARK_PASS, title,
           _ ("each is whole in one fold"), "label.set-lots", NULL);
}

void
hf_notes_show (GtkListBox *list, const HfNumbers *numbers)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);
  if (numbers != NULL && numbers->evaluation != NULL && numbers->rows != NULL) {
    add_probe (list, numbers);
    add_lots (list, numbers);
  }
  for (guint i = 0; numbers != NULL && i < numbers->warnings->len; i++)
    add_row (list, HF_MARK_WARNING, numbers->warnings->pdata[i], NULL, NULL,
             NULL);
  gtk_widget_set_visible (GTK_WIDGET (list), gtk_widget_get_first_child (
                                                 GTK_WIDGET (list)) != NULL);
}
