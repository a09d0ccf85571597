/* app/project/suggestions.h: which pictures the project has shown as the next
 * to label, and the acceptance set: pictures sealed from training and from
 * suggestion, and how often they were looked at. */
#pragma once

#include "active/suggestion.h"
#include "app/project/project.h"

G_BEGIN_DECLS

typedef struct {
  gint64 image_id;
  HfSuggestedWhy why;
} HfShownSuggestion;

/* Remembers that these were shown (element-type HfShownSuggestion), in this
 * order. */
gboolean hf_project_log_suggestions (HfProject *self, const GArray *shown,
                                     GError **error);

/* The pictures that were drawn for audit and have no label yet, in the order
 * they were first shown (element-type gint64; caller unrefs); *@n_shown (may be
 * NULL) is how many suggestions were shown so far, repeated ones too. */
GArray *hf_project_dup_due_audits (HfProject *self, guint64 *n_shown,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Seals pictures, or takes that back, which is logged as an opening.
 * *@n_changed (may be NULL) is how many were not so before. */
gboolean hf_project_seal (HfProject *self, const gint64 *image_ids, gsize n,
                          gboolean sealed, gsize *n_changed, GError **error);

/* How many pictures are sealed. */
gboolean hf_project_count_sealed (HfProject *self, gsize *n, GError **error);

/* How many of these are of a group that also has labelled pictures which are
 * not sealed, so that a probe may know them. */
gboolean hf_project_count_known_sealed (HfProject *self, gsize *n,
                                        GError **error);

/* Writes down that the acceptance set was looked at, and what for; *@n (may be
 * NULL) is how often by now. */
gboolean hf_project_log_opening (HfProject *self, const char *what, gint64 *n,
                                 GError **error);

typedef struct {
  gint64 time_us; /* since 1970, UTC */
  char *what;
} HfOpening;

/* (element-type HfOpening; caller unrefs), the oldest first. */
GPtrArray *hf_project_dup_openings (HfProject *self,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
