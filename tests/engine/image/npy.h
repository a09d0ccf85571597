/* npy.h: uint8 arrays of numpy's .npy files, for goldens. */
#pragma once

#include <glib.h>

/* Reads the file @name of the golden folder @folder, which must hold exactly
 * @n bytes of type u1 in C order; anything else fails the test. */
guint8 *npy_load (const char *folder, const char *name, gsize n);

/* The path of @name in the golden folder @folder. */
char *golden_dup_path (const char *folder, const char *name);
