/* ui/models/precision-group.h: the precisions in which the open project can
 * compute, one of them chosen, each with what it costs and what it was worth on
 * the user's labels. Choosing activates "models.precision", whose state says
 * which one is in use; where a time is missing, "models.measure" is offered.
 * Main thread only. */
#pragma once

#include "app/study/project-settings.h"
#include "ui/models/model-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_TYPE_PRECISION_GROUP (hf_precision_group_get_type ())
G_DECLARE_FINAL_TYPE (HfPrecisionGroup, hf_precision_group, HF, PRECISION_GROUP,
                      AdwPreferencesGroup)

typedef struct {
  const HfProjectSettings *settings; /* NULL: there is none to choose for */
  guint n_pictures;
  const HfModelInfo *model;   /* of the project; NULL: nothing is known of it */
  const HfDeviceInfo *device; /* in use; NULL: not known */
} HfPrecisionFacts;

/* Shows those that the device has, and the one in use. FALSE, and nothing is
 * shown, for a project that computes without a model. */
gboolean hf_precision_group_show (HfPrecisionGroup *self,
                                  const HfPrecisionFacts *facts);

G_END_DECLS
