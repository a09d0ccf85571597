/* trial.c: see the header. */
#include "app/desk/trial.h"

#include "app/charts/wording.h"

#include <math.h>
#include <stdlib.h>

#define MAX_DIGITS 6

struct _HfTrial {
  gsize n;
  int n_classes, n_folds;
  int *truth;            /* [n] */
  int *group;            /* [n] */
  double *probabilities; /* [n][n_classes] */
  HfClassKind *kinds;    /* [n_classes] */
  HfTrialDot *dots;      /* [n] */
  char *name;
};

HfTrial *
hf_trial_new (const HfEvaluation *evaluation, const HfProbeEvaluation *probe,
              const int *group, const HfClassKind *kinds)
{
  HfTrial *self = g_new0 (HfTrial, 1);
  gsize n = evaluation->n_tested, n_classes = (gsize) evaluation->n_classes;

  self->n = n;
  self->n_classes = evaluation->n_classes;
  self->n_folds = evaluation->folds->n_folds;
  self->name = g_strdup (probe->name);
  self->truth = g_memdup2 (evaluation->truth, n * sizeof (int));
  self->group = g_new0 (int, n + 1);
  self->probabilities =
      g_memdup2 (probe->probabilities, n * n_classes * sizeof (double));
  self->kinds = g_memdup2 (kinds, n_classes * sizeof (HfClassKind));
  self->dots = g_new0 (HfTrialDot, n + 1);
  for (gsize i = 0; i < n; i++) {
    double good = 0;

    for (gsize c = 0; c < n_classes; c++)
      if (kinds[c] == HF_CLASS_GOOD)
        good += probe->probabilities[i * n_classes + c];
    self->group[i] = group[evaluation->tested[i]];
    self->dots[i].bad = CLAMP (1 - good, 0, 1);
    self->dots[i].kind = kinds[evaluation->truth[i]];
  }
  return self;
}

void
hf_trial_free (HfTrial *self)
{
  if (self == NULL)
    return;
  g_free (self->truth);
  g_free (self->group);
  g_free (self->probabilities);
  g_free (self->kinds);
  g_free (self->dots);
  g_free (self->name);
  g_free (self);
}

HfProbeEvaluation *
hf_trial_evaluate (const HfTrial *self, const HfBand *band)
{
  HfThresholds thresholds = hf_band_to_thresholds (band);

  return hf_probe_evaluation_new (
      self->name, self->truth, self->group, self->probabilities, NULL, INFINITY,
      NULL, self->n, self->kinds, self->n_classes, self->n_folds, &thresholds);
}

const HfTrialDot *
hf_trial_get_dots (const HfTrial *self, gsize *n_dots)
{
  *n_dots = self->n;
  return self->dots;
}

static gsize
count_kind (const HfTrial *self, HfClassKind kind)
{
  gsize n = 0;

  for (gsize i = 0; i < self->n; i++)
    n += self->dots[i].kind == kind;
  return n;
}

gboolean
hf_trial_has_both (const HfTrial *self)
{
  return count_kind (self, HF_CLASS_GOOD) > 0 &&
         count_kind (self, HF_CLASS_DEFECT) > 0;
}

static int
compare_dots (const void *a, const void *b)
{
  double left = ((const HfTrialDot *) a)->bad;
  double right = ((const HfTrialDot *) b)->bad;

  return (left > right) - (left < right);
}

/* The number with the fewest digits between two others, nearest to their
 * middle: it is what a user would have chosen. */
static double
find_round (double above, double below)
{
  double middle = (above + below) / 2;

  for (int digits = 2; digits <= MAX_DIGITS; digits++) {
    double scale = pow (10, digits);
    double rounded = round (middle * scale) / scale;

    if (rounded > above && rounded < below)
      return rounded;
  }
  return middle;
}

/* What happens if everything up to a threshold passes. */
typedef struct {
  double above, below;      /* where the threshold may lie */
  double escapes, overkill; /* 0..1 */
} Cut;

typedef gboolean (*IsBetter) (const Cut *cut, const Cut *best);

static gboolean
has_fewer_escapes (const Cut *cut, const Cut *best)
{
  if (cut->escapes != best->escapes)
    return cut->escapes < best->escapes;
  return cut->overkill < best->overkill;
}

static gboolean
is_more_balanced (const Cut *cut, const Cut *best)
{
  double worse = MAX (cut->escapes, cut->overkill);
  double worst = MAX (best->escapes, best->overkill);

  if (worse != worst)
    return worse < worst;
  return cut->escapes + cut->overkill < best->escapes + best->overkill;
}

/* Tries a threshold below all scores, between each two that differ, and above
 * all; equal scores are never parted. */
static HfBand
find_best (const HfTrial *self, IsBetter is_better)
{
  g_autofree HfTrialDot *sorted =
      g_memdup2 (self->dots, (self->n + 1) * sizeof (HfTrialDot));
  double n_good = MAX (1, (double) count_kind (self, HF_CLASS_GOOD));
  double n_defect = MAX (1, (double) count_kind (self, HF_CLASS_DEFECT));
  gsize n_passed_good = 0, n_passed_defect = 0;
  Cut best = {-INFINITY, 0, INFINITY, INFINITY};
  double middle;

  qsort (sorted, self->n, sizeof (HfTrialDot), compare_dots);
  for (gsize i = 0; i <= self->n; i++) {
    Cut cut = {i > 0 ? sorted[i - 1].bad : 0, i < self->n ? sorted[i].bad : 1,
               (double) n_passed_defect / n_defect,
               1 - (double) n_passed_good / n_good};

    if (cut.above < cut.below && is_better (&cut, &best))
      best = cut;
    if (i < self->n) {
      n_passed_good += sorted[i].kind == HF_CLASS_GOOD;
      n_passed_defect += sorted[i].kind == HF_CLASS_DEFECT;
    }
  }
  middle = isfinite (best.above) ? find_round (best.above, best.below) : 0.5;
  return (HfBand){middle, middle};
}

HfBand
hf_trial_find_fewest_escapes (const HfTrial *self)
{
  return find_best (self, has_fewer_escapes);
}

HfBand
hf_trial_find_balanced (const HfTrial *self)
{
  return find_best (self, is_more_balanced);
}

static double
turn (double share)
{
  double scale = pow (10, MAX_DIGITS);

  return round ((1 - share) * scale) / scale;
}

HfThresholds
hf_band_to_thresholds (const HfBand *self)
{
  return (HfThresholds){turn (self->high), turn (self->low)};
}

HfBand
hf_band_from_thresholds (const HfThresholds *thresholds)
{
  return (HfBand){turn (thresholds->pass), turn (thresholds->reject)};
}

double
hf_band_get_middle (const HfBand *self)
{
  return (self->low + self->high) / 2;
}

char *
hf_band_dup_number (double share)
{
  int digits = 2;

  while (digits < MAX_DIGITS && fabs (share * pow (10, digits) -
                                      round (share * pow (10, digits))) > 1e-6)
    digits++;
  return hf_wording_dup_decimal (share, digits);
}
