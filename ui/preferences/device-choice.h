/* ui/preferences/device-choice.h: the devices that work, to choose from. Looks
 * for them in a thread. Signal "found": once, when they are known. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define HF_TYPE_DEVICE_CHOICE (hf_device_choice_get_type ())
G_DECLARE_FINAL_TYPE (HfDeviceChoice, hf_device_choice, HF, DEVICE_CHOICE,
                      GObject)

HfDeviceChoice *hf_device_choice_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Names (GtkStringObject), "the fastest" first. Borrowed. */
GListModel *hf_device_choice_get_names (HfDeviceChoice *self);

/* What the setting "device" is for place @i, "" for the first; NULL if there is
 * no such place. And the place of a setting; the first if it is not there. */
const char *hf_device_choice_get_id (HfDeviceChoice *self, guint i);
guint hf_device_choice_find (HfDeviceChoice *self, const char *id);

G_END_DECLS
