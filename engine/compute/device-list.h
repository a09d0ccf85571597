/* compute/device-list.h: what is known of a device before it is opened. */
#pragma once

#include "compute/device.h"

G_BEGIN_DECLS

/* What earlier self-tests found about the device that hf_device_open (@wanted)
 * would take, or NULL if none of those there has passed one yet. Quick: nothing
 * is opened, compiled or tested. */
HfDeviceInfo *hf_device_recall (const char *wanted) G_GNUC_WARN_UNUSED_RESULT;

/* Whether there is a device whose id or name is @wanted, as hf_device_open
 * takes it; NULL and "" ask for none. As quick, so that a wrong name is told
 * also where all that is asked for is remembered. HF_DEVICE_ERROR_NOT_KNOWN. */
gboolean hf_device_find (const char *wanted, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfDeviceInfo, hf_device_info_free)
G_END_DECLS
