/* ui/label/pane/look.h: what the probe says of one picture and which labelled
 * ones are most like it: asked of the desk in the numbers' thread. */
#pragma once

#include "ui/workspace/workspace.h"

G_BEGIN_DECLS

#define HF_LOOK_N_LIKE 5

typedef struct {
  gint64 image_id;
  guint n_classes;         /* 0: nothing is known */
  gint64 *class_ids;       /* [n_classes] of the project */
  double *probabilities;   /* [n_classes] */
  HfThresholds thresholds; /* NAN: none */
  guint n_like;
  gint64 like_ids[HF_LOOK_N_LIKE]; /* the nearest first */
  double distances[HF_LOOK_N_LIKE];
} HfLook;

/* Called in the main thread with a look that is the callee's to read. Not
 * called at all where the desk could not be asked. */
typedef void (*HfLookFunc) (const HfLook *look, gpointer data);

/* @data is freed in the end, called or not. */
void hf_look_at (HfWorkspace *workspace, gint64 image_id, HfLookFunc func,
                 gpointer data, GDestroyNotify free_data);

G_END_DECLS
