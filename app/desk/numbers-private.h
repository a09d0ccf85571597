/* app/desk/numbers-private.h: how numbers are made. */
#pragma once

#include "app/desk/numbers.h"

G_BEGIN_DECLS

/* Takes @samples; all else is empty. */
HfNumbers *hf_numbers_new (guint64 serial,
                           HfSamples *samples) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
