/* ui/export/export-page.h: what goes into the bundle, what is to be known about
 * it, saving it, and trying the saved file. Property "workspace"
 * (HfWorkspace or NULL). Action page.save-bundle. Main thread only. */
#pragma once

#include "ui/workspace/workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_TYPE_EXPORT_PAGE (hf_export_page_get_type ())
G_DECLARE_FINAL_TYPE (HfExportPage, hf_export_page, HF, EXPORT_PAGE, AdwBin)

/* Writes the bundle @path as the switches say, as a job of the workspace. */
void hf_export_page_save (HfExportPage *self, const char *path);

G_END_DECLS
