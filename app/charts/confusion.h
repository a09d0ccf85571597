/* app/charts/confusion.h: what was labelled against what was called. */
#pragma once

#include "app/charts/chart.h"
#include "probe/dataset.h"

G_BEGIN_DECLS

/* @classes[n_classes] are names of any bytes, @kinds[n_classes], @counts
 * int[n_classes][n_classes] with rows truth. Cells of defects called good are
 * marked as escapes, of good called anything else as overkill. */
HfChart *
hf_chart_new_confusion (const char *const *classes, const HfClassKind *kinds,
                        int n_classes,
                        const gint64 *counts) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
