/* app/desk/save-report.h: a project to a report, as `report --project` writes
 * it: probes over the same folds, the one in use in full. Any thread; opens the
 * project by itself. */
#pragma once

#include "base/progress.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *project_path;
  const char *device;     /* as hf_device_open; NULL: the best */
  const char *cache_path; /* of the feature cache, or NULL */
  const char *output;     /* its end says the format: .pdf, .html, .json */
  gint64 time_utc;        /* seconds since 1970 */
} HfSaveReportOptions;

/* Writes the report whole, or not at all. Errors of hf_project_open,
 * hf_study_new, hf_evaluation_new but for too few labels, which the report
 * says itself, hf_report_save; G_IO_ERROR_CANCELLED. */
gboolean hf_save_report (const HfSaveReportOptions *options,
                         HfProgress *progress, GError **error);

G_END_DECLS
