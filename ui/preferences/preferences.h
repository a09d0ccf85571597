/* ui/preferences/preferences.h: what the user may set for all projects; each
 * row is bound to its key of the settings. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_TYPE_PREFERENCES (hf_preferences_get_type ())
G_DECLARE_FINAL_TYPE (HfPreferences, hf_preferences, HF, PREFERENCES,
                      AdwPreferencesWindow)

GtkWidget *hf_preferences_new (GtkWindow *parent);

G_END_DECLS
