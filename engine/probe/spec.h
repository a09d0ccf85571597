/* probe/spec.h: which probe is wanted, and how strong. A small struct, copied
 * by value. */
#pragma once

#include "features/blocks.h"

#include <math.h>

G_BEGIN_DECLS

/* The order is the one in which the command line names them. */
typedef enum {
  HF_PROBE_ZERO_SHOT,
  HF_PROBE_LINEAR,
  HF_PROBE_SVM,
  HF_PROBE_GDA,
  HF_PROBE_PROMPT,
  HF_PROBE_AUTO,
} HfProbeKind;

typedef enum { HF_KERNEL_AUTO, HF_KERNEL_LINEAR, HF_KERNEL_RBF } HfKernel;

/* A NAN means: chosen by held-out folds, or the written default where there
 * are too few labels to choose. */
typedef struct {
  HfProbeKind kind;
  HfBlocks blocks;
  double c;            /* linear, svm */
  double gamma;        /* svm with RBF */
  HfKernel kernel;     /* svm */
  double text_pull;    /* linear: 0 starts from zero; prompt */
  double lambda;       /* gda */
  double alpha;        /* gda */
  int n_vectors;       /* prompt: learned words, 0: 4 */
  int n_steps;         /* prompt; 0: chosen */
  gboolean per_class;  /* prompt: each class has words of its own */
  gboolean unbalanced; /* as many as there are, instead of classes alike */
  guint64 seed;
} HfProbeSpec;

#define HF_PROBE_SPEC_INIT                                          \
  {                                                                 \
    .kind = HF_PROBE_GDA, .c = NAN, .gamma = NAN, .text_pull = NAN, \
    .lambda = NAN, .alpha = NAN                                     \
  }

/* "zero-shot", "linear", "svm", "gda", "prompt", "auto"; and back,
 * G_OPTION_ERROR_BAD_VALUE. */
const char *hf_probe_kind_get_name (HfProbeKind self);
gboolean hf_probe_kind_parse (const char *name, HfProbeKind *out,
                              GError **error);

G_END_DECLS
