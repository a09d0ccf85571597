/* probe/train/members.h: the rows of each group, as lists. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gsize n_groups;
  gsize *row;   /* [n]: rows by group, ascending within one */
  gsize *first; /* [n_groups + 1]: where each group begins in @row */
} HfMembers;

/* Groups in ascending order of their numbers @group[@n]. */
HfMembers *hf_members_new (const int *group, gsize n) G_GNUC_WARN_UNUSED_RESULT;
void hf_members_free (HfMembers *self);

/* How many groups the class has that has fewest; a group counts for every class
 * it holds. */
gsize hf_members_count_rarest (const HfMembers *self, const int *label,
                               int n_classes);

/* A fold in [0, n_folds) for every row, to int[n]: groups whole, each class
 * spread as evenly as its groups allow; @seed decides among equals. */
void hf_members_assign_folds (const HfMembers *self, const int *label,
                              int n_classes, int n_folds, guint64 seed,
                              int *fold);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfMembers, hf_members_free)
G_END_DECLS
