/* ui/welcome/machine.h: what this machine does with pictures, in one line. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Called in the main thread, at most twice: "Starter model on Portable OpenCL,
 * 2 cores", and with ": about 90 images/s" as soon as that is known. */
typedef void (*HfMachineFunc) (const char *line, gpointer data);

/* @device as hf_device_open. What was measured once is not measured again.
 * After @cancellable was cancelled @func is not called any more. */
void hf_machine_describe (const char *device, GCancellable *cancellable,
                          HfMachineFunc func, gpointer data);

G_END_DECLS
