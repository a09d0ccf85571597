/* ui/framing/framing-form.h: a setup in controls: what of a picture is looked
 * at, the numbers of a region and of tiles, views, a background; among them the
 * squares that come of it. Main thread only.
 *
 * Signal "changed": by the user; hf_framing_form_get_setup says to what.
 * Actions: framing-form.choose-background, framing-form.clear-background. */
#pragma once

#include "ui/framing/seen-view.h"

G_BEGIN_DECLS

#define HF_TYPE_FRAMING_FORM (hf_framing_form_get_type ())
G_DECLARE_FINAL_TYPE (HfFramingForm, hf_framing_form, HF, FRAMING_FORM, GtkBox)

/* Copied. NULL: there is none yet, and the controls do nothing. */
void hf_framing_form_set_setup (HfFramingForm *self, const HfSetup *setup);

/* As the controls say it; NULL without one. Borrowed. */
const HfSetup *hf_framing_form_get_setup (HfFramingForm *self);

/* Only the rectangle of @region is used. Emits "changed". */
void hf_framing_form_set_region (HfFramingForm *self, const HfFraming *region);

/* Borrowed. */
HfSeenView *hf_framing_form_get_seen_view (HfFramingForm *self);

G_END_DECLS
