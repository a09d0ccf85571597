/* ui/label/pane/live-strip.h: the live pane when there is no room for it: both
 * counts with their whiskers in one row, which is pressed to see the pane.
 * Activates label.pane. Main thread only. */
#pragma once

#include "ui/label/pane/live-rates.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_LIVE_STRIP (hf_live_strip_get_type ())
G_DECLARE_FINAL_TYPE (HfLiveStrip, hf_live_strip, HF, LIVE_STRIP, GtkWidget)

/* As hf_live_pane_show. */
void hf_live_strip_show (HfLiveStrip *self, const HfNumbers *numbers,
                         const char *reason, const HfGoals *goals);

G_END_DECLS
