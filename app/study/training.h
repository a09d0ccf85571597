/* app/study/training.h: from labelled rows to a probe that can be believed:
 * cross-validated first, then trained on all rows, with what is to be known
 * about both in plain sentences. Made once, then read-only. */
#pragma once

#include "app/study/rows.h"
#include "evaluate/evaluation.h"
#include "probe/probe.h"

G_BEGIN_DECLS

typedef struct {
  HfProbeSpec spec;
  int n_folds; /* 0: the rule of hf_folds_new */
  guint64 seed;
  const HfThresholds *thresholds; /* NULL: none */
  /* Rows of an older probe that the new ones are put behind, or NULL. */
  const HfRows *old;
} HfStudyTrainingOptions;

/* A class of the older probe before and after the new labels: its recall over
 * the old rows, both times held out. */
typedef struct {
  char *name;
  HfRate before, after;
} HfStudyTrainingChange;

typedef struct {
  const HfRows *rows;       /* what was trained on */
  HfRows *joined;           /* the same, where they were put together */
  gsize n_old;              /* how many of them are old; they come first */
  HfEvaluation *evaluation; /* NULL: no rate can be given, a warning says why */
  HfProbe *probe;
  GPtrArray *changes;  /* HfStudyTrainingChange *; empty without old rows */
  GPtrArray *warnings; /* char *, sentences; more may be added */
} HfStudyTraining;

/* Trains on @fresh, which must outlive the result. Errors of hf_probe_train and
 * hf_rows_join; G_IO_ERROR_CANCELLED. @progress may be NULL. */
HfStudyTraining *hf_study_training_new (
    const HfRows *fresh, const HfStudyTrainingOptions *options,
    HfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_study_training_free (HfStudyTraining *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfStudyTraining, hf_study_training_free)
G_END_DECLS
