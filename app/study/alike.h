/* app/study/alike.h: labels that write one class in two ways. */
#pragma once

#include "app/study/samples.h"

G_BEGIN_DECLS

/* Makes one class of those whose names are similar (hf_class_is_similar): it
 * has the first name in byte order, and is good if one of them is. @known
 * (element-type char *; NULL: none) are the names of a project: what bears one
 * of them keeps it, and others become that class. Appends a sentence for each
 * name that was taken for another to @notes (char *; may be NULL). */
void hf_samples_join_alike (HfSamples *self, const GPtrArray *known,
                            GPtrArray *notes);

G_END_DECLS
