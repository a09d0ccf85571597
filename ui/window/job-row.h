/* ui/window/job-row.h: one HfJob in the popover of the header bar. */
#pragma once

#include "ui/workspace/job.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_JOB_ROW (hf_job_row_get_type ())
G_DECLARE_FINAL_TYPE (HfJobRow, hf_job_row, HF, JOB_ROW, GtkListBoxRow)

GtkWidget *hf_job_row_new (HfJob *job);

G_END_DECLS
