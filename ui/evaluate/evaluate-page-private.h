/* ui/evaluate/evaluate-page-private.h: the page's struct. evaluate-page.c has
 * the cards and the life, evaluate-work.c what is done only when it is asked
 * for: acceptance set, other models, report. */
#pragma once

#include "ui/charts/card.h"
#include "ui/charts/masonry.h"
#include "ui/evaluate/compare-list.h"
#include "ui/evaluate/confusion-grid.h"
#include "ui/evaluate/evaluate-page.h"
#include "ui/evaluate/full-evaluation.h"
#include "ui/evaluate/misses-grid.h"
#include "ui/evaluate/threshold/threshold-pane.h"

#include <adwaita.h>

struct _HfEvaluatePage {
  GtkWidget parent_instance;

  GtkStack *stack;
  AdwStatusPage *empty;
  GtkWidget *label_button, *manage_button;
  GtkSpinner *spinner;
  HfCard *rates_card, *confusion_card, *threshold_card, *compare_card;
  HfCard *learning_card, *probabilities_card, *misses_card, *lots_card;
  HfCard *models_card;
  GtkButton *acceptance_button;
  HfConfusionGrid *confusion;
  HfThresholdPane *threshold;
  HfCompareList *compare;
  HfMissesGrid *misses;
  HfMasonry *masonry;

  HfWorkspace *workspace;
  HfFullEvaluation *full;
  guint quiet_id;       /* until the long work begins, 0: none */
  gboolean is_arranged; /* all cards have had something to show */
  guint narrow_id;      /* the look is about to change, 0: it is not */

  /* Of evaluate-work.c. The jobs are those at work, or NULL. */
  HfJob *acceptance_job, *models_job, *report_job;
  HfProbeEvaluation *acceptance; /* the last result, or NULL */
  char *acceptance_note;         /* hf_acceptance_dup_note of it */
  HfNumbers *acceptance_of; /* those shown when it was asked for, or NULL */
  gint64 n_openings;
  gsize n_sealed;
  GtkFileChooserNative *chooser;
};

void hf_evaluate_work_install (GtkWidgetClass *class);
void hf_evaluate_work_update (HfEvaluatePage *self);
/* Reads what the project says of the acceptance set. */
void hf_evaluate_work_read (HfEvaluatePage *self);
/* Cancels everything; another project begins with nothing. */
void hf_evaluate_work_clear (HfEvaluatePage *self);

/* evaluate-settings.c: changes settings of the project, @pairs of names and
 * values ended by NULL; "" takes one away. With @done, which a toast says, it
 * can be undone. */
void hf_evaluate_page_change_settings (HfEvaluatePage *self,
                                       const char *const *pairs,
                                       const char *done);

/* The rates again, for they have the acceptance set among them. */
void hf_evaluate_page_show_rates (HfEvaluatePage *self);
void hf_evaluate_page_notify_can_report (HfEvaluatePage *self);
