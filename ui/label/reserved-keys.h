/* ui/label/reserved-keys.h: the keys that the Label page uses itself, which no
 * class can have. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the page does with @key, to be put behind it in a sentence: "opens the
 * viewer"; NULL for a key that classes may have. */
const char *hf_reserved_keys_find (gunichar key);

G_END_DECLS
