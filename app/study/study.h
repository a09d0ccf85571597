/* app/study/study.h: samples turned into rows: what train, evaluate, suggest,
 * doubt, bakeoff and report work on. Read-only once made: any number of
 * threads. */
#pragma once

#include "app/study/rows.h"
#include "app/study/samples.h"
#include "evaluate/copies.h"
#include "evaluate/evaluation.h"
#include "features/extractor.h"
#include "probe/probe.h"

G_BEGIN_DECLS

/* Which samples get a row. */
typedef enum {
  HF_STUDY_LABELLED, /* those with a label, but not the sealed ones */
  HF_STUDY_ALL,      /* also those without a label */
  HF_STUDY_SEALED,   /* the acceptance set, and no others */
} HfStudyScope;

typedef struct {
  HfExtractorOptions features; /* blocks: AUTO means both are made */
  const char *cache_path;      /* NULL: no feature cache */
  /* Prompts of every class of the samples, char **[n_classes], each
   * NULL-terminated; NULL: the default template. */
  char *const *const *prompts;
  HfStudyScope scope;
  /* A tuner is opened for the first prompt of each class, which takes a text
   * tower's memory twice: for prompt tuning. */
  gboolean tunes;
} HfStudyOptions;

typedef struct _HfStudy HfStudy;

/* Borrows @samples, which must outlive the result, and @progress (may be NULL),
 * to which the pictures are reported. Pictures that cannot be read become
 * refusals, and if all of them do, there are no rows. Errors of
 * hf_extractor_open and hf_extractor_run; HF_SAMPLES_ERROR_EMPTY if no sample
 * has a label, and labels were wanted. */
HfStudy *hf_study_new (const HfSamples *samples, const HfStudyOptions *options,
                       HfProgress *progress,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_study_free (HfStudy *self);

/* The labelled pictures that count: identical ones once, conflicts out, in the
 * order of the samples. Classes without a picture are not among its classes. */
const HfRows *hf_study_get_rows (const HfStudy *self);
/* The view of these rows that trainers take. */
const HfDataset *hf_study_get_dataset (const HfStudy *self);
/* The sample of such a row. */
const HfSample *hf_study_get_sample (const HfStudy *self, gsize row);
/* Rows that have a near-copy with other bytes. */
gsize hf_study_get_n_near (const HfStudy *self);

/* A labelled picture that does not count. */
typedef struct {
  const HfSample *sample;
  const HfSample *twin; /* the first picture with the same bytes */
  gboolean conflict;    /* these bytes have several labels: none counts, the
                           first picture is listed too */
} HfStudyCopy;

/* (element-type HfStudyCopy), borrowed. */
const GArray *hf_study_get_copies (const HfStudy *self);

/* Scope ALL: every picture that could be read, those with a label first, each
 * part in the order of the samples. */
typedef struct {
  gsize n;
  const gsize *sample;          /* [n] index among the samples */
  const float *clip;            /* as in HfRows */
  const float *classic;         /* as in HfRows */
  const HfCopySketch *sketches; /* [n] */
} HfStudyPictures;

const HfStudyPictures *hf_study_get_pictures (const HfStudy *self);

/* (element-type HfRefusal), borrowed. */
const GPtrArray *hf_study_get_refusals (const HfStudy *self);
HfExtractor *hf_study_get_extractor (const HfStudy *self);

/* The mean of unit text rows, brought to unit length again, for each of
 * @n_classes lists of prompts (Radford et al. 2021, section 3.1.4), float[
 * n_classes][clip_dim] (caller frees). @n_cut (may be NULL) is how many prompts
 * were longer than the model reads. */
float *hf_study_encode_prompts (HfExtractor *extractor,
                                char *const *const *prompts, gsize n_classes,
                                gsize *n_cut,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfStudy, hf_study_free)
G_END_DECLS
