/* verdict.c: see the header. */
#include "probe/verdict.h"

#include <math.h>

static const char *const names[] = {"pass", "reject", "class", "unsure",
                                    "unknown"};

const char *
hf_verdict_get_name (HfVerdict self)
{
  return names[self];
}

int
hf_verdict_find_class (const double *probabilities, int n_classes)
{
  int best = 0;

  for (int c = 1; c < n_classes; c++)
    if (probabilities[c] > probabilities[best])
      best = c;
  return best;
}

HfVerdict
hf_verdict_decide (const double *probabilities, const HfClassKind *kinds,
                   int n_classes, double distance, double unknown_limit,
                   const HfThresholds *thresholds)
{
  gboolean has_good = FALSE;
  double good = 0;

  if (distance > unknown_limit)
    return HF_VERDICT_UNKNOWN;
  for (int c = 0; c < n_classes; c++)
    if (kinds[c] == HF_CLASS_GOOD) {
      has_good = TRUE;
      good += probabilities[c];
    }
  if (!has_good)
    return HF_VERDICT_CLASS;
  if (isnan (thresholds->reject) || isnan (thresholds->pass))
    return kinds[hf_verdict_find_class (probabilities, n_classes)] ==
                   HF_CLASS_GOOD
               ? HF_VERDICT_PASS
               : HF_VERDICT_REJECT;
  return good < thresholds->reject ? HF_VERDICT_REJECT
         : good < thresholds->pass ? HF_VERDICT_UNSURE
                                   : HF_VERDICT_PASS;
}
