/* probe/units.h: what must stay together, by number: groups, joined where
 * near-copies lie in several of them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers 0, 1, ... in the order of first appearance, for @n rows: groups
 * joined by the sets in @cluster (may be NULL). int[n], caller frees. */
int *hf_units_dup (const int *group, const int *cluster, gsize n,
                   int *n_units) G_GNUC_WARN_UNUSED_RESULT;

/* The same, each by the least number of its groups: they keep their order, and
 * those that are not joined their numbers. int[n], caller frees. */
int *hf_units_dup_groups (const int *group, const int *cluster,
                          gsize n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
