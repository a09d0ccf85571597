/* base/natural.h: names in the order in which people count: 1, 2, 10. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Less than, equal to or greater than 0 as @a comes before, is or comes after
 * @b. Runs of ASCII digits compare as numbers of any length, all else as bytes,
 * so the order is the same in every language; names that count alike ("7",
 * "07") keep byte order. Names without digits are in byte order. */
int hf_natural_compare (const char *a, const char *b);

/* For g_ptr_array_sort and qsort over char *. */
int hf_natural_compare_items (gconstpointer a, gconstpointer b);

G_END_DECLS
