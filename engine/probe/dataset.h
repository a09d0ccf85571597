/* probe/dataset.h: labelled rows, as trainers and evaluation see them. A plain
 * struct over borrowed, read-only arrays: any number of threads. */
#pragma once

#include "features/blocks.h"
#include "tuning/tuner.h"

G_BEGIN_DECLS

typedef enum {
  HF_CLASS_GOOD,
  HF_CLASS_DEFECT,
  HF_CLASS_OTHER, /* neither: "no part", or a set without good and bad */
} HfClassKind;

/* "good", "defect", "other"; and back, G_OPTION_ERROR_BAD_VALUE. */
const char *hf_class_kind_get_name (HfClassKind self);
gboolean hf_class_kind_parse (const char *name, HfClassKind *out,
                              GError **error);

typedef struct {
  gsize n_rows; /* pictures */
  int n_classes;
  gsize n_tiles;            /* rows of features a picture has, 1 as a rule */
  gsize clip_dim;           /* 0: there is no such block */
  gsize classic_dim;        /* 0: there is no such block */
  const float *clip;        /* [n_rows][n_tiles][clip_dim], unit rows */
  const float *classic;     /* [n_rows][n_tiles][classic_dim], as described */
  const int *label;         /* [n_rows], in [0, n_classes) */
  const int *group;         /* [n_rows], >= 0; equal numbers belong together */
  const int *cluster;       /* [n_rows] sets of near-copies, which belong
                               together too, or NULL: there are none */
  const HfClassKind *kinds; /* [n_classes] */
  const float *text;        /* [n_classes][clip_dim] unit rows, or NULL */
  double logit_scale;       /* of the model; 1 without one */
  HfTuner *tuner;           /* of the classes' prompts; NULL: they are fixed */
} HfDataset;

G_END_DECLS
