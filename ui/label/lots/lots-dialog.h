/* ui/label/lots/lots-dialog.h: which pictures are of one lot: by their folder,
 * by their name, or by a table; with the lots that this makes. Writes the
 * project's setting "groups". Main thread only. */
#pragma once

#include "ui/workspace/workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_TYPE_LOTS_DIALOG (hf_lots_dialog_get_type ())
G_DECLARE_FINAL_TYPE (HfLotsDialog, hf_lots_dialog, HF, LOTS_DIALOG, AdwWindow)

/* @parent may be NULL. */
GtkWidget *hf_lots_dialog_new (HfWorkspace *workspace,
                               GtkWindow *parent) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
