/* evaluate/curves-private.h: how well a score tells two kinds of rows apart,
 * over all thresholds. Equal scores are never parted. */
#pragma once

#include "evaluate/evaluation.h"

G_BEGIN_DECLS

/* Area under the ROC curve: how often a positive row has the higher score, a
 * tie counting half (Mann and Whitney 1947). NAN without both kinds. */
double hf_curves_auc (const double *score, const gboolean *positive, gsize n);

/* Average precision: sum of precision times gain in recall, down the scores,
 * not interpolated. NAN without positive rows. */
double hf_curves_average_precision (const double *score,
                                    const gboolean *positive, gsize n);

/* HfCurvePoint (caller unrefs), one more than there are different values in
 * @good, which is the probability that each of @n parts is good; @is_bad is the
 * truth. A point is what happens if parts below its threshold are rejected; the
 * first rejects none, the last all. ROC: x share of good parts rejected, y
 * share of bad parts rejected. PR, without the first: x share of bad parts
 * rejected, y share of bad parts among the rejected. Empty without both kinds.
 */
GArray *hf_curves_dup_roc (const double *good, const gboolean *is_bad,
                           gsize n) G_GNUC_WARN_UNUSED_RESULT;
GArray *hf_curves_dup_pr (const double *good, const gboolean *is_bad,
                          gsize n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
