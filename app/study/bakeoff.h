/* app/study/bakeoff.h: several models, each in several precisions, with several
 * blocks of features and numbers of views, on the same labels and folds. */
#pragma once

#include "app/study/study.h"
#include "base/json.h"
#include "evaluate/paired.h"

G_BEGIN_DECLS

/* What is measured. */
typedef struct {
  char *model; /* as it was named; */
  char *path;  /* both NULL where blocks are CLASSIC, which need no model */
  HfPrecision precision;
  HfBlocks blocks;
  int n_views;
} HfBakeoffCandidate;

typedef struct {
  HfBakeoffCandidate candidate; /* owned */
  HfEvaluation *evaluation;     /* of one probe */
  double ms_per_image;          /* the whole way from file to features, many at
                                   a time; NAN if nothing could be timed */
  guint64 size_bytes;           /* of the model's files */
  HfPairedChange change;        /* of right answers, from the first entry that
                                   has this model or none; n = 0: this is it */
} HfBakeoffEntry;

typedef struct _HfBakeoff HfBakeoff;

/* All borrowed, and must outlive the result. What a candidate says comes before
 * @options and @spec; @thresholds may be NULL. */
HfBakeoff *hf_bakeoff_new (const HfSamples *samples,
                           const HfStudyOptions *options,
                           const HfProbeSpec *spec,
                           const HfThresholds *thresholds,
                           guint64 seed) G_GNUC_WARN_UNUSED_RESULT;
void hf_bakeoff_free (HfBakeoff *self);

/* Measures @candidate. Errors of hf_study_new and hf_evaluation_new. */
const HfBakeoffEntry *hf_bakeoff_add (HfBakeoff *self,
                                      const HfBakeoffCandidate *candidate,
                                      HfProgress *progress, GError **error);

/* Pictures that could not be read (element-type HfRefusal), borrowed. */
const GPtrArray *hf_bakeoff_get_refusals (const HfBakeoff *self);

/* {model, precision, features, views}, the former two null without a model;
 * caller owns it, and so below. */
HfJson *hf_bakeoff_candidate_to_json (const HfBakeoffCandidate *self)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same with {accuracy, ..., ms_per_image, bytes}. */
HfJson *
hf_bakeoff_entry_to_json (const HfBakeoffEntry *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfBakeoff, hf_bakeoff_free)
G_END_DECLS
