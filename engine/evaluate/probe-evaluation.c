/* probe-evaluation.c: everything that predictions say about one probe. */
#include "evaluate/curves-private.h"
#include "evaluate/reliability-private.h"

#include <math.h>
#include <string.h>

enum { MIN_AUDITED = 30 };

/* The predictions, borrowed, and what each of them was worth. */
typedef struct {
  const int *truth;
  const int *group;
  const double *probabilities;
  const gboolean *audited; /* or NULL */
  gsize n;
  const HfClassKind *kinds;
  int n_classes;
  int n_folds;
  gboolean has_good;

  double *good;       /* [n] probability of the good classes together */
  double *confidence; /* [n] of the predicted class */
  gboolean *right;    /* [n] */
  HfVerdict *called;  /* [n] verdict of a probe that knows no unknown */
} Predictions;

static void
predictions_clear (Predictions *self)
{
  g_free (self->good);
  g_free (self->confidence);
  g_free (self->right);
  g_free (self->called);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Predictions, predictions_clear)

static void
predictions_judge (Predictions *self, const HfThresholds *thresholds)
{
  self->good = g_new0 (double, self->n);
  self->confidence = g_new (double, self->n);
  self->right = g_new (gboolean, self->n);
  self->called = g_new (HfVerdict, self->n);
  for (int c = 0; c < self->n_classes; c++)
    if (self->kinds[c] == HF_CLASS_GOOD)
      self->has_good = TRUE;
  for (gsize i = 0; i < self->n; i++) {
    const double *p = self->probabilities + i * (gsize) self->n_classes;
    int predicted = hf_verdict_find_class (p, self->n_classes);

    for (int c = 0; c < self->n_classes; c++)
      if (self->kinds[c] == HF_CLASS_GOOD)
        self->good[i] += p[c];
    self->confidence[i] = p[predicted];
    self->right[i] = predicted == self->truth[i];
    self->called[i] = hf_verdict_decide (p, self->kinds, self->n_classes, 0,
                                         INFINITY, thresholds);
  }
}

typedef gboolean (*Question) (const Predictions *self, gsize i);

static gboolean
is_any (const Predictions *self, gsize i)
{
  return TRUE;
}

static gboolean
is_right (const Predictions *self, gsize i)
{
  return self->right[i];
}

static gboolean
is_defect (const Predictions *self, gsize i)
{
  return self->has_good && self->kinds[self->truth[i]] == HF_CLASS_DEFECT;
}

static gboolean
is_good (const Predictions *self, gsize i)
{
  return self->kinds[self->truth[i]] == HF_CLASS_GOOD;
}

static gboolean
is_passed (const Predictions *self, gsize i)
{
  return self->called[i] == HF_VERDICT_PASS;
}

static gboolean
is_rejected (const Predictions *self, gsize i)
{
  return self->called[i] == HF_VERDICT_REJECT;
}

static gboolean
is_unsure (const Predictions *self, gsize i)
{
  return self->called[i] == HF_VERDICT_UNSURE;
}

/* Of the predictions that are asked about, how many are hits; @only_audited
 * leaves out what somebody picked by hand. */
static HfRate
rate (const Predictions *self, Question is_asked, Question is_hit,
      gboolean only_audited)
{
  g_autofree gboolean *hit = g_new (gboolean, self->n);
  g_autofree int *group = g_new (int, self->n);
  gsize n = 0;

  for (gsize i = 0; i < self->n; i++) {
    if (!is_asked (self, i) || (only_audited && !self->audited[i]))
      continue;
    hit[n] = is_hit (self, i);
    group[n++] = self->group[i];
  }
  return hf_rate_new (hit, group, n, self->n_folds);
}

/* Of the predictions whose @of[i] is class @c, how many are right. */
static HfRate
rate_class (const Predictions *self, const int *of, int c)
{
  g_autofree gboolean *hit = g_new (gboolean, self->n);
  g_autofree int *group = g_new (int, self->n);
  gsize n = 0;

  for (gsize i = 0; i < self->n; i++) {
    if (of[i] != c)
      continue;
    hit[n] = self->right[i];
    group[n++] = self->group[i];
  }
  return hf_rate_new (hit, group, n, self->n_folds);
}

/* False alarms among rows that a limit was there for. */
static HfRate
rate_unknown (const Predictions *self, const double *distances, double limit)
{
  g_autofree gboolean *hit = g_new (gboolean, self->n);
  g_autofree int *group = g_new (int, self->n);
  gsize n = 0;

  for (gsize i = 0; distances != NULL && i < self->n; i++) {
    if (isinf (limit) || isinf (distances[i]))
      continue;
    hit[n] = distances[i] > limit;
    group[n++] = self->group[i];
  }
  return hf_rate_new (hit, group, n, self->n_folds);
}

static void
fill_verdicts (HfProbeEvaluation *out, const Predictions *self,
               const double *distances, double limit)
{
  out->verdicts = g_new (HfVerdict, self->n);
  for (gsize i = 0; i < self->n; i++)
    out->verdicts[i] = distances != NULL && distances[i] > limit
                           ? HF_VERDICT_UNKNOWN
                           : self->called[i];
  out->unknown = rate_unknown (self, distances, limit);
}

static void
fill_classes (HfProbeEvaluation *out, const Predictions *self)
{
  int n_seen = 0;

  out->precision = g_new (HfRate, self->n_classes);
  out->recall = g_new (HfRate, self->n_classes);
  out->confusion =
      g_new0 (gint64, (gsize) self->n_classes * (gsize) self->n_classes);
  for (gsize i = 0; i < self->n; i++)
    out->confusion[self->truth[i] * self->n_classes + out->predicted[i]]++;
  out->balanced_accuracy = 0;
  for (int c = 0; c < self->n_classes; c++) {
    out->precision[c] = rate_class (self, out->predicted, c);
    out->recall[c] = rate_class (self, self->truth, c);
    if (out->recall[c].n == 0)
      continue;
    out->balanced_accuracy += out->recall[c].rate;
    n_seen++;
  }
  out->balanced_accuracy = n_seen > 0 ? out->balanced_accuracy / n_seen : NAN;
}

static void
fill_rates (HfProbeEvaluation *out, const Predictions *self,
            const HfThresholds *thresholds)
{
  gint64 n_audited = 0;

  for (gsize i = 0; self->audited != NULL && i < self->n; i++)
    n_audited += self->audited[i] ? 1 : 0;
  out->accuracy = rate (self, is_any, is_right, FALSE);
  out->escape_rate = rate (self, is_defect, is_passed, FALSE);
  out->overkill = rate (self, is_good, is_rejected, FALSE);
  out->unsure = hf_rate_new (NULL, NULL, 0, 0);
  if (self->has_good && hf_thresholds_are_set (thresholds))
    out->unsure = rate (self, is_any, is_unsure, FALSE);
  out->audited_accuracy = out->audited_escape_rate = out->audited_overkill =
      hf_rate_new (NULL, NULL, 0, 0);
  if (n_audited < MIN_AUDITED)
    return;
  out->audited_accuracy = rate (self, is_any, is_right, TRUE);
  out->audited_escape_rate = rate (self, is_defect, is_passed, TRUE);
  out->audited_overkill = rate (self, is_good, is_rejected, TRUE);
}

/* One class against the rest, in the mean over the classes that have both. */
static void
fill_areas_by_class (HfProbeEvaluation *out, const Predictions *self)
{
  g_autofree double *score = g_new (double, self->n);
  g_autofree gboolean *positive = g_new (gboolean, self->n);
  double auc = 0, average_precision = 0;
  int n_counted = 0;

  for (int c = 0; c < self->n_classes; c++) {
    double area;

    for (gsize i = 0; i < self->n; i++) {
      score[i] = self->probabilities[i * (gsize) self->n_classes + (gsize) c];
      positive[i] = self->truth[i] == c;
    }
    area = hf_curves_auc (score, positive, self->n);
    if (isnan (area))
      continue;
    auc += area;
    average_precision += hf_curves_average_precision (score, positive, self->n);
    n_counted++;
  }
  out->auc = n_counted > 0 ? auc / n_counted : NAN;
  out->average_precision = n_counted > 0 ? average_precision / n_counted : NAN;
}

/* Of good parts and defects, as escape rate and overkill are: a point of the
 * curve is both of them at its threshold. */
static void
fill_curves (HfProbeEvaluation *out, const Predictions *self)
{
  g_autofree gboolean *is_bad = g_new (gboolean, self->n);
  g_autofree double *good = g_new (double, self->n);
  g_autofree double *bad = g_new (double, self->n);
  gsize n = 0;

  for (gsize i = 0; i < self->n; i++) {
    if (!is_defect (self, i) && !(self->has_good && is_good (self, i)))
      continue;
    is_bad[n] = is_defect (self, i);
    good[n] = self->good[i];
    bad[n++] = -self->good[i];
  }
  out->roc = hf_curves_dup_roc (good, is_bad, n);
  out->pr = hf_curves_dup_pr (good, is_bad, n);
  if (self->has_good) {
    out->auc = hf_curves_auc (bad, is_bad, n);
    out->average_precision = hf_curves_average_precision (bad, is_bad, n);
  } else {
    fill_areas_by_class (out, self);
  }
}

static void
fill_reliability (HfProbeEvaluation *out, const Predictions *self)
{
  out->ece = out->ece_expected = NAN;
  if (self->n >= HF_RELIABILITY_MIN) {
    out->ece = hf_reliability_error (self->confidence, self->right, self->n);
    out->ece_expected = hf_reliability_expected (self->confidence, self->n);
  }
  hf_reliability_bins (self->confidence, self->right, self->group, self->n,
                       self->n_folds, out->calibration);
}

HfProbeEvaluation *
hf_probe_evaluation_new (const char *name, const int *truth, const int *group,
                         const double *probabilities, const double *distances,
                         double unknown_limit, const gboolean *audited, gsize n,
                         const HfClassKind *kinds, int n_classes, int n_folds,
                         const HfThresholds *thresholds)
{
  const HfThresholds none = HF_THRESHOLDS_NONE;
  g_auto (Predictions) self = {.truth = truth,
                               .group = group,
                               .probabilities = probabilities,
                               .audited = audited,
                               .n = n,
                               .kinds = kinds,
                               .n_classes = n_classes,
                               .n_folds = n_folds};
  HfProbeEvaluation *out = g_new0 (HfProbeEvaluation, 1);
  gsize n_cells = n * (gsize) n_classes;

  if (thresholds == NULL)
    thresholds = &none;
  predictions_judge (&self, thresholds);
  out->name = g_strdup (name);
  out->probabilities =
      g_memdup2 (probabilities, n_cells * sizeof *probabilities);
  out->predicted = g_new (int, n);
  for (gsize i = 0; i < n; i++)
    out->predicted[i] = hf_verdict_find_class (
        probabilities + i * (gsize) n_classes, n_classes);
  fill_verdicts (out, &self, distances, unknown_limit);
  fill_classes (out, &self);
  fill_rates (out, &self, thresholds);
  fill_curves (out, &self);
  fill_reliability (out, &self);
  out->learning = g_array_new (FALSE, FALSE, sizeof (HfLearningPoint));
  return out;
}

void
hf_probe_evaluation_free (HfProbeEvaluation *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->predicted);
  g_free (self->probabilities);
  g_free (self->verdicts);
  g_free (self->precision);
  g_free (self->recall);
  g_free (self->confusion);
  g_clear_pointer (&self->roc, g_array_unref);
  g_clear_pointer (&self->pr, g_array_unref);
  g_clear_pointer (&self->learning, g_array_unref);
  hf_probe_unref (self->final);
  g_free (self->reason);
  g_free (self);
}

HfBlocks
hf_probe_evaluation_get_blocks (const HfProbeEvaluation *self)
{
  return self->final != NULL ? hf_probe_get_spec (self->final)->blocks
                             : self->spec.blocks;
}
