/* model/torch/zip-directory.h: whether the directory of a zip archive says one
 * thing only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* libarchive reads what it finds and forgives what does not agree: a count of
 * members that is not theirs, or a method that differs between directory and
 * member. Two readers could then see two archives; such a file is refused.
 * Sets @n_members. HF_MODEL_ERROR_FORMAT; the message continues "it". */
gboolean hf_torch_zip_check_directory (const guint8 *bytes, gsize size_bytes,
                                       guint64 *n_members, GError **error);

G_END_DECLS
