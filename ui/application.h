/* ui/application.h: the program: one process, one window for each project. */
#pragma once

#include "ui/models/model-shelf.h"
#include "ui/welcome/recents.h"
#include "ui/workspace/workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_APPLICATION_ID "io.github.handful_app.Handful"
#define HF_RESOURCE_PATH "/io/github/handful_app/Handful"

#define HF_TYPE_APPLICATION (hf_application_get_type ())
G_DECLARE_FINAL_TYPE (HfApplication, hf_application, HF, APPLICATION,
                      AdwApplication)

HfApplication *hf_application_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* The projects that were opened last, and the models. Borrowed. */
HfRecents *hf_application_get_recents (HfApplication *self);
HfModelShelf *hf_application_get_shelf (HfApplication *self);

/* Ends the work of a project behind its window, which need not wait; the
 * program does not end before. */
void hf_application_close_workspace (HfApplication *self,
                                     HfWorkspace *workspace);
/* How many projects are at that. */
guint hf_application_get_n_closing (HfApplication *self);

G_END_DECLS
