/* probe/train/svm-fit.h: support vector machines as a probe.
 *
 * svm.h states the problem, on the Gram matrix of joined rows. C is of
 * {0.1, 1, 10} with the linear kernel; (C, gamma) of {1, 10, 100} x {0.1, 0.5}
 * with RBF, exp (-gamma |x - y|^2). Linear with C = 1 stands where there is no
 * choice: with few labels RBF was far behind (docs/decisions.md). */
#pragma once

#include "probe/train/training.h"

G_BEGIN_DECLS

/* As hf_gda_fit. */
HfFit *hf_svm_probe_fit (const HfTraining *training, const HfProbeSpec *spec,
                         HfProgress *progress,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
