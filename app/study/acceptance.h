/* app/study/acceptance.h: a probe on the sealed acceptance set, which neither
 * training nor suggestions have seen: the rates of this very probe. */
#pragma once

#include "app/project/project.h"
#include "app/study/study.h"
#include "base/json.h"

G_BEGIN_DECLS

typedef struct {
  HfProbeEvaluation *evaluation; /* rates with f = 1 */
  gsize n;
  const HfSample **samples; /* [n], borrowed */
  int *truth;               /* [n] class of the probe */
  GPtrArray *left_out;      /* HfRefusal *: pictures that were trained on, or of
                               classes that the probe does not know */
  gsize n_near, n_of_lots;  /* of @n: near-copies of pictures that were trained
                               on, and pictures of lots that were */
} HfAcceptance;

/* @probe was trained on @trained; both studies must outlive the result.
 * @thresholds may be NULL. Cannot fail. */
HfAcceptance *
hf_acceptance_new (const HfStudy *sealed, const HfProbe *probe,
                   const HfRows *trained,
                   const HfThresholds *thresholds) G_GNUC_WARN_UNUSED_RESULT;
/* A probe of @spec, trained on all of @study, on @sealed. That the set was
 * looked at, and with which probe, is written down in @project before anything
 * is known; *@n_openings is how often by now. Errors of hf_probe_train and of
 * hf_project_log_opening. */
HfAcceptance *hf_acceptance_open (HfProject *project, const HfStudy *study,
                                  const HfStudy *sealed,
                                  const HfProbeSpec *spec,
                                  const HfThresholds *thresholds,
                                  gint64 *n_openings, HfProgress *progress,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_acceptance_free (HfAcceptance *self);

/* Whether the rates flatter because the probe was trained on such pictures or
 * lots, in a sentence (caller frees), or NULL. */
char *
hf_acceptance_dup_note (const HfAcceptance *self) G_GNUC_WARN_UNUSED_RESULT;

/* The rates, predictions and what was left out; caller owns it. */
HfJson *
hf_acceptance_to_json (const HfAcceptance *self,
                       const GPtrArray *classes) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfAcceptance, hf_acceptance_free)
G_END_DECLS
