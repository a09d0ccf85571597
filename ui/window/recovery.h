/* ui/window/recovery.h: offers to read what can be read of a damaged project
 * into a new file. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @fault says what is wrong with project @path. */
void hf_recovery_ask_async (GtkWindow *parent, const char *path,
                            const GError *fault, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data);

/* Path of the new project (caller frees). NULL with G_IO_ERROR_CANCELLED if the
 * user does not want it, else errors of hf_project_recover. */
char *hf_recovery_ask_finish (GAsyncResult *result,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
