/* probe/verdict.h: from probabilities to what is done with the part. */
#pragma once

#include "probe/dataset.h"

#include <math.h>

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

#define HF_THRESHOLDS_NONE \
  {                        \
    NAN, NAN               \
  }

/* Whether there are both. */
gboolean hf_thresholds_are_set (const HfThresholds *self);

/* "0.48,0.64" for reject and pass, "0.5" for both, "" for none (caller frees);
 * and back, to the last digit. Two numbers from 0 to 1, the second not below
 * the first; G_OPTION_ERROR_BAD_VALUE. */
char *
hf_thresholds_dup_name (const HfThresholds *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean hf_thresholds_parse (const char *text, HfThresholds *out,
                              GError **error);

/* The most probable class, the first of equals. */
int hf_verdict_find_class (const double *probabilities, int n_classes);

HfVerdict hf_verdict_decide (const double *probabilities,
                             const HfClassKind *kinds, int n_classes,
                             double distance, double unknown_limit,
                             const HfThresholds *thresholds);

G_END_DECLS
