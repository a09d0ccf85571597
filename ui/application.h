/* ui/application.h: the program: one process, one window for each project. */
#pragma once

#include "ui/welcome/recents.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_APPLICATION_ID "io.github.handful_app.Handful"
#define HF_RESOURCE_PATH "/io/github/handful_app/Handful"

#define HF_TYPE_APPLICATION (hf_application_get_type ())
G_DECLARE_FINAL_TYPE (HfApplication, hf_application, HF, APPLICATION,
                      AdwApplication)

HfApplication *hf_application_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* The projects that were opened last. Borrowed. */
HfRecents *hf_application_get_recents (HfApplication *self);

G_END_DECLS
