/* ui/settings.h: what the program remembers of the user's wishes:
 * data/desktop/io.github.handful_app.Handful.gschema.xml has the keys. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Any number of them; what one writes, all read. A program that runs from its
 * build folder has the schema from there. */
GSettings *hf_settings_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
