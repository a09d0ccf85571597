/* ui/workspace/job.h: one piece of long work: how far, how fast, how long
 * still; it can be paused and cancelled. Main thread, but its HfProgress is
 * for the working thread. Properties (notified): title, fraction (0..1, -1
 * while unknown), detail ("312 of 1,240 pictures, 88 a second, 11 s left"),
 * paused, can-pause, done. */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

#define HF_TYPE_JOB (hf_job_get_type ())
G_DECLARE_FINAL_TYPE (HfJob, hf_job, HF, JOB, GObject)

typedef enum { HF_JOB_PICTURES, HF_JOB_BYTES, HF_JOB_STEPS } HfJobUnit;

/* Reports reach the main context on their own, ten times a second at most. */
HfJob *hf_job_new (const char *title, HfJobUnit unit, gboolean can_pause);

/* For the working thread; lives as long as the job. */
HfProgress *hf_job_get_progress (HfJob *self);

const char *hf_job_get_title (HfJob *self);
const char *hf_job_get_detail (HfJob *self);
double hf_job_get_fraction (HfJob *self);
gboolean hf_job_get_paused (HfJob *self);
gboolean hf_job_get_can_pause (HfJob *self);
void hf_job_set_paused (HfJob *self, gboolean paused);
void hf_job_cancel (HfJob *self);
gboolean hf_job_get_cancelled (HfJob *self);
/* Nothing more comes: hf_workspace_remove_job does it, too. */
void hf_job_end (HfJob *self);

G_END_DECLS
