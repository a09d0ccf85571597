/* active/suggestion.h: which picture to label next, and which labels to doubt.
 * Math on rows; deterministic for a seed. */
#pragma once

#include "evaluate/copies.h"

G_BEGIN_DECLS

typedef enum {
  HF_SUGGESTED_TYPICAL, /* stands for many that look like it */
  HF_SUGGESTED_MARGIN,  /* the probe hesitates between two classes */
  HF_SUGGESTED_AUDIT,   /* drawn by lot, to know how the line's parts are */
} HfSuggestedWhy;

/* "typical", "margin", "audit". */
const char *hf_suggested_why_get_name (HfSuggestedWhy self);

typedef struct {
  gsize row;
  HfSuggestedWhy why;
  int first, second; /* classes of a margin; -1 otherwise */
  double margin;     /* between their probabilities */
  gsize n_alike;     /* pictures a typical one stands for */
} HfSuggestion;

typedef struct {
  gsize n;
  gsize dim;
  const float *rows;            /* [n][dim] unit rows of all pictures */
  const HfCopySketch *sketches; /* [n], or NULL */
  const gboolean *closed;       /* [n] labelled, sealed or unreadable: not
                                   suggested, but known for diversity */
  const double *probabilities;  /* [n][n_classes], NULL before any probe */
  int n_classes;
  const gsize *due_audits; /* audits shown earlier and not labelled yet come
                              again, in this order */
  gsize n_due_audits;
  guint64 n_shown; /* suggestions shown so far in the project: every fourth is
                      an audit, counted on */
  guint64 seed;
} HfSuggestionInput;

/* Up to @n_wanted suggestions (element-type HfSuggestion; caller unrefs), the
 * best first; never two near-copies in a row. NULL only with
 * G_IO_ERROR_CANCELLED. */
GArray *hf_suggestions_find (const HfSuggestionInput *input, gsize n_wanted,
                             HfProgress *progress,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  gsize index;        /* into the arrays given */
  double probability; /* held out, of the given label */
  int likely;         /* the class that is most probable instead */
} HfDoubt;

/* Whether the label itself is to be doubted, and not only hard to learn: held
 * out, another class has HF_DOUBT_ODDS times its probability. @probabilities is
 * [n_classes]. */
#define HF_DOUBT_ODDS 10
gboolean hf_doubts_has (const double *probabilities, int label, int n_classes);

/* The labels that are to be doubted, the longest odds against them first
 * (element-type HfDoubt; caller unrefs). @probabilities is [n][n_classes]. */
GArray *hf_doubts_find (const double *probabilities, const int *label, gsize n,
                        int n_classes) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
