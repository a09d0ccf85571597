/* probe/given.h: what of a trained probe was asked for, and not chosen: who
 * trains further asks for it again. */
#pragma once

#include "probe/probe.h"

G_BEGIN_DECLS

/* The text pull, which stands in the probe's spec. */
gboolean hf_probe_has_given_pull (const HfProbe *self);

G_END_DECLS
