/* ui/label/pane/live-rates.h: the rates that pane and strip show, on one
 * scale. */
#pragma once

#include "app/desk/numbers.h"

G_BEGIN_DECLS

/* Shares to be reached at most. */
typedef struct {
  double escapes, overkill;
} HfGoals;

typedef struct {
  const HfProbeEvaluation *probe;           /* NULL: no rate can be given yet */
  const HfProbeEvaluation *zero_shot;       /* NULL: there are no texts */
  const HfRate *escapes, *overkill, *right; /* of probe, else NULL */
  double top;                               /* of the scale of the first two */
  guint n_rarest; /* labels of the rarest class that counts */
} HfLiveRates;

/* Borrows from @numbers, which may be NULL. */
void hf_live_rates_init (HfLiveRates *self, const HfNumbers *numbers,
                         const HfGoals *goals);

G_END_DECLS
