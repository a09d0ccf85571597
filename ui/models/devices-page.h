/* ui/models/devices-page.h: the devices of this machine, which one is used, and
 * why others are not. Property "device" (string): the wanted one, "" for the
 * fastest; bind it to the setting. Signal "looked": there is an answer. */
#pragma once

#include "compute/device.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_TYPE_DEVICES_PAGE (hf_devices_page_get_type ())
G_DECLARE_FINAL_TYPE (HfDevicesPage, hf_devices_page, HF, DEVICES_PAGE, AdwBin)

/* The one that is used, borrowed; NULL until the devices were looked at, and
 * where it does not work. */
const HfDeviceInfo *hf_devices_page_get_used (HfDevicesPage *self);

/* Looks at the devices again, in a thread; their self-tests take seconds. */
void hf_devices_page_refresh (HfDevicesPage *self);

G_END_DECLS
