/* base/path.h: paths by their bytes, without a look at the disk. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What of @path lies below @folder, borrowed from @path: "lot/1.jpg" of
 * "/in/lot/1.jpg" and "/in" or "/in/". NULL if it does not, or is @folder
 * itself. Both are absolute, or relative to the same folder. */
const char *hf_path_get_below (const char *path, const char *folder);

G_END_DECLS
