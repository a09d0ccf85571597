/* evaluate/evaluation.h: probes by cross-validation, with everything that is
 * shown about them. What is estimated: the rate, on new parts of lots like
 * these, of probes trained on the other folds.
 *
 * Plain structs, made once and then read-only: any number of threads. */
#pragma once

#include "base/progress.h"
#include "evaluate/folds.h"
#include "evaluate/rate.h"
#include "probe/dataset.h"
#include "probe/probe.h"
#include "probe/verdict.h"

G_BEGIN_DECLS

typedef struct {
  double x, y, threshold;
} HfCurvePoint;

/* Ten equal bins of the predicted class's probability. */
typedef struct {
  gint64 n;
  double mean_probability;
  HfRate right; /* of these n */
} HfCalibrationBin;

#define HF_CALIBRATION_BINS 10

/* Probes trained on nested subsets of @n_labels a class, tested on the rows of
 * the folds that were held out; mean over repeats, with the spread of them. */
typedef struct {
  int n_labels;
  int n_repeats;
  double accuracy, accuracy_low, accuracy_high; /* balanced over classes */
} HfLearningPoint;

/* One probe. Arrays [n_tested] are in the order of HfEvaluation.tested. */
typedef struct {
  char *name; /* "gda", or as the caller named it */
  HfProbeSpec spec;

  int *predicted;        /* [n_tested] class */
  double *probabilities; /* [n_tested][n_classes] */
  HfVerdict *verdicts;   /* [n_tested] */

  HfRate accuracy;
  double balanced_accuracy; /* mean of the classes' recalls */
  HfRate escape_rate; /* defects called good; n = 0 without a good class */
  HfRate overkill;    /* good called anything else */
  HfRate unknown;     /* tested rows called unknown: false alarms */
  HfRate unsure;
  HfRate *precision; /* [n_classes] */
  HfRate *recall;    /* [n_classes] */
  gint64 *confusion; /* [n_classes][n_classes], rows truth */

  double auc; /* good against defects, else mean one-against-rest */
  double average_precision; /* the same way; a defect is positive */
  GArray *roc;              /* HfCurvePoint: x overkill, y detected defects */
  GArray *pr;               /* HfCurvePoint: x recall, y precision */

  double ece;          /* 15 equal bins; NAN under 200 predictions */
  double ece_expected; /* of a perfectly calibrated probe at this n */
  HfCalibrationBin calibration[HF_CALIBRATION_BINS];

  GArray *learning; /* HfLearningPoint, may be empty */

  HfRate audited_accuracy, audited_escape_rate, audited_overkill; /* n = 0
                               under 30 audited labels */
  HfProbe *final; /* of all rows, where that was wanted, else NULL */
  char *reason;   /* how its strengths were chosen, or NULL */
  double seconds; /* for all folds */
} HfProbeEvaluation;

typedef struct {
  gsize row;
  char *reason; /* a sentence */
} HfLeftOut;

typedef struct {
  int n_classes;
  gsize n_rows;
  int n_groups; /* of the tested rows */
  HfFolds *folds;
  gsize *tested; /* [n_tested] rows of the dataset, ascending */
  gsize n_tested;
  int *truth;          /* [n_tested] */
  GPtrArray *left_out; /* HfLeftOut * */
  GPtrArray *probes;   /* HfProbeEvaluation *, in the order of the specs */
  /* Accuracy of the first probe by these folds, and by folds that ignore the
   * groups; n = 0 where no group holds several rows. */
  HfRate leak_grouped, leak_random;
} HfEvaluation;

typedef struct {
  int n_folds; /* 0: the rule of hf_folds_new */
  guint64 seed;
  const gboolean *audited;        /* [n_rows], or NULL */
  const HfThresholds *thresholds; /* NULL: none */
  /* Also the learning curves, which cost more; none where prompts are tuned. */
  gboolean with_learning;
  gboolean with_leak;
  gboolean with_final; /* also the probes of all rows, beside the folds */
  int n_threads;       /* 0: one for each core; no effect on the result */
} HfEvaluationOptions;

/* Evaluates @n_specs probes over the same folds. @names[i] (or NULL: the
 * kind's name) becomes the name. A probe that cannot be trained in some fold
 * (zero-shot without texts) is an error. Errors: HfProbeError,
 * HfEvaluateError, G_IO_ERROR_CANCELLED. */
HfEvaluation *hf_evaluation_new (const HfDataset *data,
                                 const HfProbeSpec *specs,
                                 const char *const *names, gsize n_specs,
                                 const HfEvaluationOptions *options,
                                 HfProgress *progress,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_evaluation_free (HfEvaluation *self);

/* All numbers of HfProbeEvaluation but the learning curve, of given
 * predictions: what hf_evaluation_new fills in, for an acceptance set (@n_folds
 * 0) and for thresholds that the user moves. Arrays are [n], @distances and
 * @audited may be NULL. */
HfProbeEvaluation *hf_probe_evaluation_new (
    const char *name, const int *truth, const int *group,
    const double *probabilities, const double *distances, double unknown_limit,
    const gboolean *audited, gsize n, const HfClassKind *kinds, int n_classes,
    int n_folds, const HfThresholds *thresholds) G_GNUC_WARN_UNUSED_RESULT;
void hf_probe_evaluation_free (HfProbeEvaluation *self);

/* The blocks of features that its probe of all rows chose, where there is one,
 * else those that were asked for. */
HfBlocks hf_probe_evaluation_get_blocks (const HfProbeEvaluation *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfEvaluation, hf_evaluation_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfProbeEvaluation, hf_probe_evaluation_free)
G_END_DECLS
