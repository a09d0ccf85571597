/* probe/verdict.h: from probabilities to what is done with the part. */
#pragma once

#include "probe/dataset.h"

G_BEGIN_DECLS

typedef enum {
  HF_VERDICT_PASS,
  HF_VERDICT_REJECT,
  HF_VERDICT_CLASS,  /* there is no good class: the class is the answer */
  HF_VERDICT_UNSURE, /* between the thresholds */
  HF_VERDICT_UNKNOWN /* unlike everything labelled */
} HfVerdict;

/* "pass", "reject", "class", "unsure", "unknown". */
const char *hf_verdict_get_name (HfVerdict self);

/* On the summed probability of the good classes: below @reject the part is
 * rejected, from @pass on it passes, between it is unsure. NAN for both: the
 * most probable class decides. */
typedef struct {
  double reject, pass;
} HfThresholds;

/* The most probable class, the first of equals. */
int hf_verdict_find_class (const double *probabilities, int n_classes);

HfVerdict hf_verdict_decide (const double *probabilities,
                             const HfClassKind *kinds, int n_classes,
                             double distance, double unknown_limit,
                             const HfThresholds *thresholds);

G_END_DECLS
