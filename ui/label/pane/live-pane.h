/* ui/label/pane/live-pane.h: what the labels are worth so far: escapes,
 * overkill, right answers, what more labels bring, and what is to be known
 * before any of it is believed. Main thread only. Activates label.set-lots and
 * win.show-page. */
#pragma once

#include "ui/label/pane/live-rates.h"
#include "ui/workspace/workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_LIVE_PANE (hf_live_pane_get_type ())
G_DECLARE_FINAL_TYPE (HfLivePane, hf_live_pane, HF, LIVE_PANE, GtkWidget)

/* @numbers may be NULL, before the first; @reason says why some or all are
 * missing, NULL: none are. */
void hf_live_pane_show (HfLivePane *self, const HfNumbers *numbers,
                        const char *reason, const HfGoals *goals);

/* The learning curve @points (HfLearningPoint, or NULL) of the probe of
 * @numbers; with @sizes (int, or NULL) a newer one is being counted at so many
 * labels a class, which is said. */
void hf_live_pane_show_learning (HfLivePane *self, const HfNumbers *numbers,
                                 const GArray *points, const GArray *sizes);

G_END_DECLS
