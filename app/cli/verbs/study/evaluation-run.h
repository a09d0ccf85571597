/* evaluation-run.h: the work that `evaluate` prints and `report` writes down:
 * probes over the same folds, and the acceptance set where it is opened. */
#pragma once

#include "app/cli/study-options.h"
#include "app/study/acceptance.h"

G_BEGIN_DECLS

typedef struct {
  int n_folds; /* 0: the rule of hf_folds_new */
  gboolean learning;
  gboolean with_final;  /* also the probes of all labels */
  gboolean may_be_none; /* too few labels to hold any out are no error */
} HfEvaluationRunOptions;

/* Parts that were not asked for stay NULL; so does the evaluation where there
 * were too few labels, and @why says it then. */
typedef struct {
  HfStudy *study;
  HfEvaluation *evaluation;
  char *why;
  HfStudy *sealed;
  HfAcceptance *acceptance;
  gint64 n_openings;
} HfEvaluationRun;

void hf_evaluation_run_clear (HfEvaluationRun *self);

/* The kinds that were asked for, each once; else all that are trained on
 * labels, the default first, and zero-shot beside them where there is something
 * for prompts to be compared with (element-type HfProbeKind; caller unrefs).
 * NULL after a sentence. */
GArray *
hf_evaluation_run_dup_kinds (HfStudyArguments *arguments,
                             const HfVerb *verb) G_GNUC_WARN_UNUSED_RESULT;

/* The one of @kinds, as made by the last function, that stands for the project:
 * what its setting says where no --probe was named, else the first. It may be
 * none of @kinds. FALSE after a sentence. */
gboolean hf_evaluation_run_find_kind (HfStudyArguments *arguments,
                                      const HfVerb *verb, const GArray *kinds,
                                      HfProbeKind *kind);

/* Embeds the labelled pictures and evaluates. FALSE after a sentence, with
 * *@status. */
gboolean hf_evaluation_run_start (HfEvaluationRun *self,
                                  const HfStudyArguments *arguments,
                                  const HfEvaluationRunOptions *options,
                                  const GArray *kinds, HfTask *task,
                                  int *status);

/* A probe of @kind, trained on all labels, on the sealed pictures. That they
 * were looked at is written down before anything is shown. FALSE after a
 * sentence, with *@status. */
gboolean hf_evaluation_run_open (HfEvaluationRun *self,
                                 const HfStudyArguments *arguments,
                                 HfProbeKind kind, HfTask *task, int *status);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfEvaluationRun, hf_evaluation_run_clear)
G_END_DECLS
