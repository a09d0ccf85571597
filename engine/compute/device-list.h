/* compute/device-list.h: what is known of a device before it is opened. */
#pragma once

#include "compute/device.h"

G_BEGIN_DECLS

/* What earlier self-tests found about the device that hf_device_open (@wanted)
 * would take, or NULL if none of those there has passed one yet. Quick: nothing
 * is opened, compiled or tested. */
HfDeviceInfo *hf_device_recall (const char *wanted) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfDeviceInfo, hf_device_info_free)
G_END_DECLS
