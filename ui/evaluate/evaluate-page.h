/* ui/evaluate/evaluate-page.h: what the labels are worth, on cards: rates,
 * confusion, threshold, worst misses and probabilities from the workspace's
 * numbers as they come; learning curve, comparison and lots computed when the
 * page is shown; the acceptance set and other models when they are asked for.
 *
 * Properties: "workspace" (HfWorkspace or NULL); "can-report" (read only,
 * notified: there is something to save). Actions: evaluate.save-report,
 * evaluate.open-acceptance, evaluate.compare-models. Main thread only. */
#pragma once

#include "ui/workspace/workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_EVALUATE_PAGE (hf_evaluate_page_get_type ())
G_DECLARE_FINAL_TYPE (HfEvaluatePage, hf_evaluate_page, HF, EVALUATE_PAGE,
                      GtkWidget)

GtkWidget *hf_evaluate_page_new (void);

/* Shows @numbers (NULL: they are on the way) with the badges of @classes (of
 * HfClassItem, or NULL). A workspace sees to it by itself. */
void hf_evaluate_page_show (HfEvaluatePage *self, HfNumbers *numbers,
                            GListModel *classes);

/* The same for what takes long: @full is of @numbers. */
void hf_evaluate_page_show_full (HfEvaluatePage *self, HfNumbers *numbers,
                                 GListModel *classes, const HfEvaluation *full);

/* Writes the report of the project to @path, whose end says the format. */
void hf_evaluate_page_save_report (HfEvaluatePage *self, const char *path);

G_END_DECLS
