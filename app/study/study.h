/* app/study/study.h: samples turned into rows: what train, evaluate, suggest,
 * doubt, bakeoff and report work on. Read-only once made: any number of
 * threads. */
#pragma once

#include "app/study/samples.h"
#include "evaluate/copies.h"
#include "evaluate/evaluation.h"
#include "features/extractor.h"
#include "probe/probe.h"

G_BEGIN_DECLS

typedef struct {
  HfExtractorOptions features; /* blocks: AUTO means both are made */
  const char *cache_path;      /* NULL: no feature cache */
  /* Prompts of every class, char ***[n_classes], each NULL-terminated; NULL:
   * the default template. */
  char *const *const *prompts;
  gboolean with_unlabelled; /* rows of pictures without a label too */
} HfStudyOptions;

typedef struct _HfStudy HfStudy;

/* Borrows @samples, which must outlive the result. Sealed samples get no row.
 * Pictures that cannot be read become refusals. Errors of hf_extractor_open and
 * hf_extractor_run; HF_SAMPLES_ERROR_EMPTY. */
HfStudy *hf_study_new (const HfSamples *samples, const HfStudyOptions *options,
                       HfProgress *progress,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_study_free (HfStudy *self);

/* The labelled pictures that count: identical ones once, conflicts out. */
const HfDataset *hf_study_get_dataset (const HfStudy *self);
/* The sample of a row of that dataset. */
const HfSample *hf_study_get_sample (const HfStudy *self, gsize row);
/* Near-copies over the rows of that dataset: int[n_rows]. */
const int *hf_study_get_clusters (const HfStudy *self);
/* Over all labelled pictures that could be read. */
const HfCopies *hf_study_get_copies (const HfStudy *self);
/* (element-type HfRefusal), borrowed. */
const GPtrArray *hf_study_get_refusals (const HfStudy *self);
const HfExtractor *hf_study_get_extractor (const HfStudy *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfStudy, hf_study_free)
G_END_DECLS
