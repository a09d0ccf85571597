/* ui/window/jobs-button.h: the ring in the header bar, there while work is
 * done; its popover lists the work. Property: jobs (GListModel of HfJob, may be
 * NULL). The widget hides itself while there is none. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_JOBS_BUTTON (hf_jobs_button_get_type ())
G_DECLARE_FINAL_TYPE (HfJobsButton, hf_jobs_button, HF, JOBS_BUTTON, GtkWidget)

void hf_jobs_button_set_jobs (HfJobsButton *self, GListModel *jobs);

/* The mean of the jobs' fractions that are known; -1: none is. */
double hf_jobs_button_get_fraction (HfJobsButton *self);

G_END_DECLS
