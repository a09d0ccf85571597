/* ui/prompts/effect-bar.h: how many right answers a template wins or loses, as
 * a whisker about a line at zero: blue where it wins, red where it loses, grey
 * where the interval holds zero. Of one list all have the same scale. Main
 * thread only. */
#pragma once

#include "evaluate/paired.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum {
  HF_EFFECT_NONE, /* nothing is known */
  HF_EFFECT_UNCLEAR,
  HF_EFFECT_WINS,
  HF_EFFECT_LOSES
} HfEffectKind;

HfEffectKind hf_effect_kind_get (const HfPairedChange *change);

/* The farthest that @change reaches from zero, in pictures. */
double hf_effect_get_reach (const HfPairedChange *change);

#define HF_TYPE_EFFECT_BAR (hf_effect_bar_get_type ())
G_DECLARE_FINAL_TYPE (HfEffectBar, hf_effect_bar, HF, EFFECT_BAR, GtkWidget)

/* @change is copied; NULL or n = 0: the line alone. The scale goes from -@reach
 * to @reach pictures. */
void hf_effect_bar_set (HfEffectBar *self, const HfPairedChange *change,
                        double reach);

G_END_DECLS
