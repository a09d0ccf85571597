/* app/study/next.h: which picture to label next, and which labels to doubt, in
 * words. */
#pragma once

#include "active/suggestion.h"
#include "app/study/study.h"

G_BEGIN_DECLS

typedef struct {
  HfProbeSpec spec; /* of the probe that decides what is hard */
  guint64 seed;
  const gint64 *due_ids; /* image ids of audit draws that are still due */
  gsize n_due;
  guint64 n_shown; /* suggestions that the project has shown so far */
} HfNextOptions;

typedef struct {
  const HfSample *sample; /* borrowed */
  HfSuggestion suggestion;
  char *first, *second; /* names of a margin's classes, else NULL */
  char *reason;         /* a sentence */
} HfNext;

/* Up to @n_wanted pictures without a label (element-type HfNext; caller
 * unrefs), the best first. @study has the scope ALL. Before two classes have
 * labels, they are chosen by their looks alone. Errors of hf_probe_train;
 * G_IO_ERROR_CANCELLED. */
GPtrArray *hf_next_find (const HfStudy *study, const HfSamples *samples,
                         const HfNextOptions *options, gsize n_wanted,
                         HfProgress *progress,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  const HfSample *sample; /* borrowed */
  char *label, *likely;   /* names of the classes */
  double probability;     /* held out, of the label */
  char *reason;           /* a sentence */
} HfDoubtful;

/* Labels that a probe which did not see them contradicts (element-type
 * HfDoubtful; caller unrefs), the most doubtful first. Errors of
 * hf_evaluation_new. */
GPtrArray *hf_doubtful_find (const HfStudy *study, const HfProbeSpec *spec,
                             guint64 seed, HfProgress *progress,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
