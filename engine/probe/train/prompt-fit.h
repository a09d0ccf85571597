/* probe/train/prompt-fit.h: prompt tuning as a probe (tuning/tuner.h).
 *
 * Pull and number of steps are chosen together by folds that hold groups out: a
 * run of the longest is judged on its way at each shorter one, so that an early
 * stop is made by the folds and never by what is tested on. The pull is of {0,
 * 0.01, 0.05}, steps of {10, 20, 40}. Then the runs of the best pull go on to
 * 80 and 160, whatever 80 shows: held-out losses of few labels go up and down
 * on the way (docs/decisions.md). 0.01 and 40 stand where there is no choice.
 * The clip block alone is used.
 *
 * Progress counts steps of all runs, whose number is known ahead but for those
 * of the final fit, which count as done where it is shorter than it might be.
 */
#pragma once

#include "probe/train/training.h"

G_BEGIN_DECLS

/* As hf_linear_probe_fit. HF_PROBE_ERROR_NO_TEXT if the data has no tuner, no
 * text or clip rows; errors of hf_tuner_fit. */
HfFit *hf_prompt_fit (const HfTraining *training, const HfProbeSpec *spec,
                      HfProgress *progress,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The steps that it takes at most, as its progress counts them. */
gint64 hf_prompt_count_steps (const HfTraining *training,
                              const HfProbeSpec *spec);

G_END_DECLS
