/* ui/models/models-window.h: Models and Devices. Properties: "workspace"
 * (HfWorkspace or NULL): whose model can be chosen; "device" as that of
 * HfDevicesPage. */
#pragma once

#include "ui/models/model-shelf.h"
#include "ui/workspace/workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_TYPE_MODELS_WINDOW (hf_models_window_get_type ())
G_DECLARE_FINAL_TYPE (HfModelsWindow, hf_models_window, HF, MODELS_WINDOW,
                      AdwWindow)

GtkWidget *hf_models_window_new (HfModelShelf *shelf);

/* @name: "models" or "devices". */
void hf_models_window_show_page (HfModelsWindow *self, const char *name);

G_END_DECLS
