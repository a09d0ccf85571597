/* export-checks.c: see the header. */
#include "ui/export/export-checks.h"

#include <glib/gi18n.h>

/* Under this many labels a class the interval is wide whatever is seen. */
#define FEW_LABELS 10
/* Neither passed nor failed. */
#define PENDING _("known as soon as the numbers are")
/* A name written from the right leaves the number behind it in its place:
 * U+2068 and U+2069. */
#define ISOLATED "\xe2\x81\xa8%s\xe2\x81\xa9"

void
hf_check_goldens (HfCheckRow *row, gboolean wanted, const HfSavedBundle *saved,
                  const GError *error)
{
  const char *title = _("Golden pictures");

  if (error != NULL)
    hf_check_row_set (row, HF_MARK_WRONG, title, error->message);
  else if (!wanted)
    hf_check_row_set (row, HF_MARK_WARNING, title,
                      _("without them nobody can prove on the line that the "
                        "bundle works as here"));
  else if (saved == NULL || saved->verification.n_pictures == 0)
    hf_check_row_set (row, HF_MARK_NONE, title,
                      _("run through the model when the bundle is saved"));
  else
    hf_check_row_take (
        row, HF_MARK_PASS,
        _("Golden pictures agree"),
           g_strdup_printf (
               ngettext ("%zu picture within %.2g of what it gave "
                         "here",
                         "%zu pictures within %.2g of what they gave "
                         "here",
                         saved->verification.n_pictures),
               saved->verification.n_pictures,
               saved->verification.largest_difference));
}

void
hf_check_model (HfCheckRow *row, const HfExportFacts *facts)
{
  const HfStoredModel *model = facts->model;
  const char *title = _("Model");

  if (facts->settings->blocks == HF_BLOCK_CLASSIC)
    hf_check_row_set (row, HF_MARK_PASS, title, _("none is needed"));
  else if (model == NULL)
    hf_check_row_set (row, HF_MARK_WARNING, title,
                      _("it is not among the installed ones, so nobody "
                        "checked its numbers"));
  else if (model->built_in)
    hf_check_row_set (row, HF_MARK_WARNING, title,
                      _("the starter is a small one to begin with: a larger "
                        "model tells more apart"));
  else if (model->verified_as != NULL)
    hf_check_row_take (row, HF_MARK_PASS,
                       _("Model verified"),
                          /* Translators: %s is a model of OpenAI. */
                          g_strdup_printf (_("its numbers are those of %s"),
                                              model->verified_as));
  else
    hf_check_row_set (row, HF_MARK_WARNING, title,
                      model->not_verified != NULL
                          ? model->not_verified
                          : _("its numbers were compared with no published "
                              "ones"));
}

void
hf_check_labels (HfCheckRow *row, HfWorkspace *workspace)
{
  GListModel *classes = hf_workspace_get_classes (workspace);
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean few = g_list_model_get_n_items (classes) == 0;

  for (guint i = 0; i < g_list_model_get_n_items (classes); i++) {
    g_autoptr (HfClassItem) item = g_list_model_get_item (classes, i);
    guint n = hf_class_item_get_n_labels (item);

    few = few || n < FEW_LABELS;
    g_string_append_printf (text, "%s" ISOLATED " %u", i > 0 ? ", " : "",
                            hf_class_item_get_name (item), n);
  }
  if (text->len == 0)
    g_string_append (text, _("there is no class yet"));
  else if (few)
    /* Translators: follows "good 4, rusty 3". */
    g_string_append (text, _("; few labels: wide intervals"));
  hf_check_row_set (row, few ? HF_MARK_WARNING : HF_MARK_PASS,
                    _("Labels per class"), text->str);
}

void
hf_check_lots (HfCheckRow *row, const HfNumbers *numbers)
{
  gboolean has_lots = numbers != NULL && numbers->rows != NULL &&
                      hf_rows_have_groups (numbers->rows);

  if (numbers == NULL || numbers->rows == NULL || numbers->rows->n == 0)
    hf_check_row_set (row, HF_MARK_NONE, _("Lots"), PENDING);
  else if (!has_lots)
    hf_check_row_set (row, HF_MARK_WARNING,
                      _("No lots set"),
                         _("random folds may flatter the rates"));
  else if (numbers->evaluation != NULL)
    hf_check_row_take (
        row, HF_MARK_PASS,
        _("Lots"),
           g_strdup_printf (ngettext ("the rates keep the pictures of %d lot "
                                      "together",
                                      "the rates keep the pictures of %d lots "
                                      "together",
                                      numbers->evaluation->n_groups),
                            numbers->evaluation->n_groups));
  else
    hf_check_row_set (row, HF_MARK_NONE,
                      _("Lots"),
                         numbers->reason != NULL ? numbers->reason : "");
}

void
hf_check_unknown (HfCheckRow *row, HfWorkspace *workspace,
                  const HfNumbers *numbers)
{
  gsize n = 0, n_unknown = 0;

  for (gsize i = 0; numbers != NULL && i < numbers->n_predictions; i++) {
    const HfPrediction *prediction = &numbers->predictions[i];
    HfPicture *picture =
        hf_workspace_find_picture (workspace, prediction->image_id);

    if (picture == NULL || hf_picture_get_info (picture)->class_id != 0)
      continue;
    n++;
    n_unknown += prediction->verdict == HF_VERDICT_UNKNOWN;
  }
  if (numbers == NULL || numbers->n_predictions == 0) {
    hf_check_row_set (row, HF_MARK_NONE, _("Unknown rate"), PENDING);
    return;
  }
  hf_check_row_take (
      row,
      /* One in twenty would be a person's work again. */
      n > 0 && n_unknown * 20 <= n ? HF_MARK_PASS : HF_MARK_WARNING,
      _("Unknown rate"), n == 0
         ? g_strdup (_("no unlabelled picture was looked at"))
         : g_strdup_printf (_("pictures without a label that look like none "
                                  "of the classes: %zu of %zu"),
                               n_unknown, n));
}

void
hf_check_acceptance (HfCheckRow *row, const HfExportFacts *facts)
{
  gsize n = facts->n_sealed, opened = facts->n_openings;
  g_autofree char *times = g_strdup_printf (
      ngettext ("opened %zu time", "opened %zu times", opened), opened);

  if (n == 0)
    hf_check_row_set (
        row, HF_MARK_NONE,
        _("Acceptance set"),
           _("none is sealed: the rates are those of the folds"));
  else if (facts->n_known_sealed > 0)
    hf_check_row_take (
        row, HF_MARK_WARNING,
        _("Acceptance set"),
           /* Translators: a number of pictures, "opened 2 times", and a number
            * of these pictures. */
           g_strdup_printf (
               ngettext ("%zu picture, %s; of a lot that is trained on: %zu, "
                         "so that its rates flatter",
                         "%zu pictures, %s; of a lot that is trained on: %zu, "
                         "so that their rates flatter",
                         n),
               n, times, facts->n_known_sealed));
  else
    hf_check_row_take (
        row, opened > 1 ? HF_MARK_WARNING : HF_MARK_PASS,
        _("Acceptance set"),
           /* Translators: a number of pictures, and "opened 2 times". */
           g_strdup_printf (ngettext ("%zu picture, %s", "%zu pictures, %s", n),
                            n, times));
}
