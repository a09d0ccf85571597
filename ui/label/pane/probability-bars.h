/* ui/label/pane/probability-bars.h: a bar for each class with its probability,
 * the most probable first; a dashed line where the good class begins to pass.
 * Main thread only. */
#pragma once

#include "ui/label/pane/look.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_PROBABILITY_BARS (hf_probability_bars_get_type ())
G_DECLARE_FINAL_TYPE (HfProbabilityBars, hf_probability_bars, HF,
                      PROBABILITY_BARS, GtkWidget)

/* Copies what it needs; NULL clears. */
void hf_probability_bars_set (HfProbabilityBars *self, HfWorkspace *workspace,
                              const HfLook *look);

G_END_DECLS
