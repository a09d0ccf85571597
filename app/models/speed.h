/* app/models/speed.h: how long a model takes for a picture on a device of this
 * machine: measured once, then remembered. Safe from any thread. */
#pragma once

#include "base/progress.h"
#include "compute/device.h"

G_BEGIN_DECLS

/* Milliseconds a picture in batches, as measured before; 0 if it never was.
 * @device is hf_device_get_info's name; NULL: whichever device was measured
 * last with this model. */
double hf_speed_recall (const char *model_path, const char *device,
                        HfPrecision precision);

/* Measures for about a second after opening the model (*@ms), and remembers
 * it. @wanted as hf_device_open; *@device (may be NULL, caller frees) is the
 * name of the one that did it. Errors of hf_session_open, hf_device_open,
 * hf_bench_run. */
gboolean hf_speed_measure (const char *model_path, const char *wanted,
                           HfPrecision precision, HfProgress *progress,
                           double *ms, char **device, GError **error);

G_END_DECLS
