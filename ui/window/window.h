/* ui/window/window.h: one window: the welcome page, or the pages of one open
 * project under a common header bar.
 *
 * A page is a child of the view stack with a property "workspace" (HfWorkspace,
 * may be NULL). Where it has a boolean property "show-sidebar" the header bar
 * shows a toggle for it. "tile-size" (int) and "step-on" (boolean) of a page
 * are remembered by the program, "filter" and "order" (strings) by project.
 *
 * Pages speak to each other only by actions and by the workspace:
 *   win.show-page (s: "label", "prompts", "evaluate", "export")
 *   win.filter (s): which pictures the Label page shows, as hf_label_page_show
 *   win.show-labelled (ax): these pictures, on the Label page
 *   win.undo, win.redo, win.save-report
 *   win.toast (s): says that something was done
 *   win.complain ((ss): title, text): says that something went wrong
 *   win.open-folder, win.open-project, win.open-sample, win.close-project
 *   win.open-path (ay): a folder or project
 *
 * Properties: workspace (read only, notified), narrow (read only, notified: too
 * little width for all of the header bar). */
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

/* Whether it is on the welcome page, and nothing is being opened. */
gboolean hf_window_is_free (HfWindow *self);

/* Whether the window shows the project @path or is about to open it. */
gboolean hf_window_is_at (HfWindow *self, const char *path);

G_END_DECLS
