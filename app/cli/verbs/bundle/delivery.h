/* app/cli/verbs/bundle/delivery.h: lines to a reader who may go away: which of
 * them it has taken.
 *
 * What was written into a pipe is not yet read, and is lost if its reader ends.
 * So a line counts as taken when it has left the pipe; in a file, when it is on
 * disk; anywhere else, when it was written. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _HfDelivery HfDelivery;

HfDelivery *hf_delivery_new (int fd) G_GNUC_WARN_UNUSED_RESULT;
void hf_delivery_free (HfDelivery *self);

/* Writes @line whole, under the number @id. G_IO_ERROR_BROKEN_PIPE if nobody
 * reads any more, else another GIOError. SIGPIPE must be ignored. */
gboolean hf_delivery_write (HfDelivery *self, gint64 id, const char *line,
                            GError **error);

/* Appends to @ids (of gint64) the lines that were taken since the last call.
 * G_IO_ERROR_BROKEN_PIPE once the reader is gone; the rest was not taken. */
gboolean hf_delivery_collect (HfDelivery *self, GArray *ids, GError **error);

/* Lines that were written and not yet taken. */
guint hf_delivery_get_n_waiting (const HfDelivery *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfDelivery, hf_delivery_free)
G_END_DECLS
