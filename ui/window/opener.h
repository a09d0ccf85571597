/* ui/window/opener.h: from what the user points at to an open workspace. Asks
 * where there is something to ask: whether subfolders are classes, whether a
 * damaged project shall be recovered. */
#pragma once

#include "ui/workspace/workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @parent is what dialogs belong to. Errors of hf_locate,
 * hf_workspace_open_async; G_IO_ERROR_CANCELLED, also where the user did not
 * want to go on. */
void hf_opener_open_async (GtkWindow *parent, const char *path,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer data);
HfWorkspace *hf_opener_open_finish (GAsyncResult *result,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
