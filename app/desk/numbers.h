/* app/desk/numbers.h: everything that a window shows about one state of the
 * labels, computed together so that no two numbers on the screen are of two
 * states.
 *
 * Plain structs, made by hf_desk_compute, then read-only: any number of
 * threads. */
#pragma once

#include "active/suggestion.h"
#include "app/study/rows.h"
#include "app/study/samples.h"
#include "evaluate/evaluation.h"
#include "probe/probe.h"
#include "probe/verdict.h"

G_BEGIN_DECLS

/* What the probe says of one picture. */
typedef struct {
  gint64 image_id;
  gint64 class_id;    /* of the project */
  double probability; /* of that class */
  HfVerdict verdict;
} HfPrediction;

/* A picture to be labelled next. */
typedef struct {
  gint64 image_id;
  HfSuggestedWhy why;
  char *reason; /* "typical of 214 unlabelled", "good 51 / rusty 49" */
} HfNumbersNext;

/* A labelled picture that a probe which did not see it calls another class. */
typedef struct {
  gint64 image_id;
  gint64 class_id;    /* that it is called instead */
  double probability; /* held out, of that class */
  gboolean doubtful;  /* whether the label itself is to be doubted */
  char *reason;       /* a sentence */
} HfNumbersMiss;

typedef struct _HfNumbers {
  guint64 serial;     /* of the state of the labels, as given */
  HfSamples *samples; /* that state */
  HfRows *rows;       /* the labelled pictures that count; NULL: none */
  gint64 *image_ids;  /* [rows->n] of the project */
  gint64 *class_ids;  /* [n_classes] of the project, in the order of rows */
  HfProbeSpec spec;   /* of the probe in use */
  gboolean tunes;     /* the project's is prompt, too slow to follow labels */
  HfThresholds thresholds; /* in use; NAN: the most probable class decides */

  /* The probe in use comes first, then zero-shot where there are texts. NULL
   * where no rate can be given; @reason says why and what to do, also where
   * some numbers are missing ("Label 2 of each class to see the first numbers.
   * Missing: cracked."). */
  HfEvaluation *evaluation;
  char *reason;        /* NULL: nothing is missing */
  HfProbe *probe;      /* trained on all rows; NULL before two classes have a
                          label: then predictions are zero-shot's, if any */
  GPtrArray *warnings; /* char *, sentences: few labels, no good class */

  HfPrediction *predictions; /* by image_id; every embedded picture that is
                                not sealed */
  gsize n_predictions;
  GPtrArray *next;   /* HfNumbersNext *, the best first */
  GPtrArray *misses; /* HfNumbersMiss *, the surest miss first */
  double seconds;    /* that it took */

  struct _HfNumbers *base; /* owner of all but @next, or NULL */
} HfNumbers;

HfNumbers *hf_numbers_ref (HfNumbers *self);
void hf_numbers_unref (HfNumbers *self);

/* @self with the suggestions of @old (may be NULL) that have no label in it:
 * what is shown until new ones are there (caller unrefs). */
HfNumbers *hf_numbers_keep_next (HfNumbers *self, const HfNumbers *old)
    G_GNUC_WARN_UNUSED_RESULT;

/* The probe in use, or zero-shot; NULL where there is none. Borrowed. */
const HfProbeEvaluation *hf_numbers_get_probe (const HfNumbers *self);
const HfProbeEvaluation *hf_numbers_get_zero_shot (const HfNumbers *self);

/* NULL if the picture has none. Borrowed. */
const HfPrediction *hf_numbers_find_prediction (const HfNumbers *self,
                                                gint64 image_id);

/* "53 more good parts without a fault show overkill below 5 %": the nearest
 * step that more labels can reach (caller frees); NULL without rates. */
char *hf_numbers_dup_outlook (const HfNumbers *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfNumbers, hf_numbers_unref)
G_END_DECLS
