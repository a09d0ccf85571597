/* app/models/speed.h: what a precision is worth with a model: how long a
 * picture takes on a device of this machine, and how many labelled pictures
 * came out right when models were last compared. Measured once, then
 * remembered. Safe from any thread. */
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

/* Of @n labelled pictures @right were judged rightly by a probe on this model's
 * rows. */
void hf_speed_remember_right (const char *model_path, HfPrecision precision,
                              int right, int n);
/* Before a model is compared anew: counts of different pictures do not stand
 * beside each other. */
void hf_speed_forget_right (const char *model_path);
/* FALSE if that was not counted. */
gboolean hf_speed_recall_right (const char *model_path, HfPrecision precision,
                                int *right, int *n);

G_END_DECLS
