/* app/study/bakeoff.h: several models, and each in several precisions, on the
 * same labels and the same folds. */
#pragma once

#include "app/study/study.h"
#include "base/json.h"
#include "evaluate/paired.h"

G_BEGIN_DECLS

typedef struct {
  char *model; /* as it was named */
  HfPrecision precision;
  HfEvaluation *evaluation; /* of one probe */
  double ms_per_image;      /* the whole way from file to features, many at a
                               time; NAN if nothing could be timed */
  guint64 size_bytes;       /* of the model's files */
  HfPairedChange change;    /* of right answers, from the first precision that
                               this model was measured in; n = 0: this is it */
  char *path;               /* of the model */
} HfBakeoffEntry;

typedef struct _HfBakeoff HfBakeoff;

/* All borrowed, and must outlive the result. The model of @options is replaced
 * by that of each entry; @spec says which probe and which features;
 * @thresholds may be NULL. */
HfBakeoff *hf_bakeoff_new (const HfSamples *samples,
                           const HfStudyOptions *options,
                           const HfProbeSpec *spec,
                           const HfThresholds *thresholds,
                           guint64 seed) G_GNUC_WARN_UNUSED_RESULT;
void hf_bakeoff_free (HfBakeoff *self);

/* Measures the model @path, called @name, in @precision. Errors of hf_study_new
 * and hf_evaluation_new. */
const HfBakeoffEntry *hf_bakeoff_add (HfBakeoff *self, const char *name,
                                      const char *path, HfPrecision precision,
                                      HfProgress *progress, GError **error);

/* Pictures that could not be read (element-type HfRefusal), borrowed. */
const GPtrArray *hf_bakeoff_get_refusals (const HfBakeoff *self);

/* {model, precision, accuracy, ..., ms_per_image, bytes}; caller owns it. */
HfJson *
hf_bakeoff_entry_to_json (const HfBakeoffEntry *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfBakeoff, hf_bakeoff_free)
G_END_DECLS
