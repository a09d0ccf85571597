/* ui/window/window.h: one window: the welcome page, or the pages of one open
 * project under a common header bar.
 *
 * Actions: win.undo, win.redo, win.open-folder, win.show-page (s: "label",
 * "prompts", "evaluate", "export"). Pages speak to each other only by these
 * and by the workspace. */
#pragma once

#include "ui/application.h"
#include "ui/workspace/workspace.h"

G_BEGIN_DECLS

#define HF_TYPE_WINDOW (hf_window_get_type ())
G_DECLARE_FINAL_TYPE (HfWindow, hf_window, HF, WINDOW, AdwApplicationWindow)

HfWindow *hf_window_new (HfApplication *application);

/* Opens a project, or the project of a folder, which is made if there is none.
 * What goes wrong is shown in the window. */
void hf_window_open_file (HfWindow *self, GFile *file);

/* NULL on the welcome page. Borrowed. */
HfWorkspace *hf_window_get_workspace (HfWindow *self);

G_END_DECLS
