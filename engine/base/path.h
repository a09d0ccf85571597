/* base/path.h: paths by their bytes, without a look at the disk. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What of @path lies below @folder, borrowed from @path: "lot/1.jpg" of
 * "/in/lot/1.jpg" and "/in" or "/in/". NULL if it does not, or is @folder
 * itself. Both are absolute, or relative to the same folder. */
const char *hf_path_get_below (const char *path, const char *folder);

/* As it is shown: "~/Pictures/bearings", in UTF-8 (caller frees). */
char *hf_path_dup_shown (const char *path) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
