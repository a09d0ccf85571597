/* Numbers of a project that never was, with the files of real pictures, and the
 * classes they are of. Seeded: the same every time. */
#pragma once

#include "app/desk/numbers.h"
#include "made-up.h"

#include <gio/gio.h>

/* @data as made_up_probe; the names of classes are @names. Pictures are the
 * JPEGs of @folder (NULL: none), again and again. */
HfNumbers *made_up_numbers (const MadeUp *data, const char *const *names,
                            const char *folder);

/* Of HfClassItem, as the classes of made_up_numbers. */
GListModel *made_up_classes (int n_classes, const char *const *names);

/* What takes long, for the same data (free with hf_evaluation_free). */
HfEvaluation *made_up_full (const MadeUp *data);
