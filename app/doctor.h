/* app/doctor.h: does Handful work on this machine, and if not, what to do? */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

typedef struct {
  gboolean good;
  char *what;   /* one line: what was looked at and found */
  char *advice; /* what to do, or NULL where all is well */
} HfFinding;

/* Looks at data, devices, cache, models and picture formats, and last does the
 * main job once: the starter model on the best device. (element-type
 * HfFinding). *@works says whether that succeeded. */
GPtrArray *hf_doctor_examine (gboolean *works) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
