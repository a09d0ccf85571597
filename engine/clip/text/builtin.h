/* clip/text/builtin.h: the files of data/vocabulary, built into the program. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The file @name, valid until the process ends; caller unrefs. NULL with a
 * GResourceError if there is none. Any thread. */
GBytes *hf_builtin_dup (const char *name,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
