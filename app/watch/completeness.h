/* app/watch/completeness.h: whether a file is as its writer wants it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  HF_WRITING,     /* somebody has it open for writing */
  HF_NOT_WRITING, /* nobody has */
  HF_WRITING_UNKNOWN,
} HfWriting;

/* Asks the kernel about the regular file @path. */
HfWriting hf_completeness_ask (const char *path);

/* Whether @folder lies on a file system that other machines write to, of whose
 * files this kernel knows neither writers nor events. */
gboolean hf_completeness_is_network (const char *folder);

/* Size and time of change of the regular, non-empty file @path. */
gboolean hf_completeness_read (const char *path, gint64 *size_bytes,
                               gint64 *changed_ns);

G_END_DECLS
