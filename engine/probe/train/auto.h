/* probe/train/auto.h: the kind of probe that held-out folds speak for.
 *
 * Every kind is trained on the rows outside each fold, with all of its own
 * choices and its calibration made there; the log-losses of its probabilities
 * on the fold are what is compared, as choice.h has it, with gda as the one
 * that stands. With under 3 groups of a class it is gda. Prompt tuning costs
 * most, and takes part only where the data has a tuner. */
#pragma once

#include "probe/train/training.h"

G_BEGIN_DECLS

/* The steps of prompt tuning that choosing takes, at most; 0: none, the other
 * kinds take none. */
gint64 hf_auto_count_steps (const HfTraining *training,
                            const HfProbeSpec *spec);

/* Sets @kind, and @reason (caller frees). FALSE if cancelled. */
gboolean hf_auto_choose (const HfTraining *training, const HfProbeSpec *spec,
                         HfProgress *progress, HfProbeKind *kind, char **reason,
                         GError **error);

G_END_DECLS
