/* ui/evaluate/compare-list.h: probes by the same folds, a row each: right
 * answers with their interval on one scale, escapes, overkill, seconds; the one
 * in use is marked, the others have a button "Use". Below a prompt probe stand
 * the words nearest to those that it learned.
 *
 * Signal "use" (int kind, int blocks): HfProbeKind and HfBlocks that the user
 * wants. Main thread only. */
#pragma once

#include "app/charts/chart.h"
#include "evaluate/evaluation.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_COMPARE_LIST (hf_compare_list_get_type ())
G_DECLARE_FINAL_TYPE (HfCompareList, hf_compare_list, HF, COMPARE_LIST,
                      GtkWidget)

/* The first probe of @evaluation is the one in use. */
void hf_compare_list_show (HfCompareList *self, const HfEvaluation *evaluation);

/* Whether another one is clearly better than the first, in a sentence (caller
 * frees). @group is int[n_rows] of the evaluation. NULL where there is no
 * other. */
char *hf_compare_list_dup_sentence (const HfEvaluation *evaluation,
                                    const int *group) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
