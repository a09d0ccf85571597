/* app/charts/counts.h: how many labels each class has, and from which lots. */
#pragma once

#include "app/charts/chart.h"

G_BEGIN_DECLS

/* @counts is int[n_classes][n_groups]; @groups[n_groups] are names, of which
 * NULL stands for pictures without a group. Any bytes. */
HfChart *hf_chart_new_counts (const char *const *classes, int n_classes,
                              const char *const *groups, int n_groups,
                              const gint64 *counts) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
