/* app/report/report.h: what an auditor wants on two or three pages: PDF, a
 * single HTML page, or JSON.
 *
 * All that is said comes from one plain struct, the time included, so that
 * equal content gives equal bytes. Nothing is read but the pictures of the
 * worst misses. One thread at a time for one input. */
#pragma once

#include "app/study/samples.h"
#include "base/progress.h"
#include "compute/device.h"
#include "evaluate/evaluation.h"

G_BEGIN_DECLS

typedef enum {
  HF_REPORT_PDF,
  HF_REPORT_HTML,
  HF_REPORT_JSON,
} HfReportFormat;

/* An opening of the acceptance set, as it was logged. */
typedef struct {
  gint64 time_utc;  /* seconds since 1970 */
  const char *text; /* what was done: "evaluate --acceptance" */
} HfReportOpening;

/* Everything is borrowed and read-only. A NULL string or list is left out of
 * the report, or said to be missing where an auditor would ask. */
typedef struct {
  const char *project; /* its name, "Bearings" */
  gint64 time_utc;     /* seconds since 1970; the report never asks a clock */
  const char *version; /* of Handful */

  /* How a picture becomes numbers. */
  const char *model_name;
  const char *model_identity; /* hex; NULL where only classic features count */
  const char *model_source;   /* where to get it */
  const char *device;         /* which computed, "pthread-..." */
  HfPrecision precision;
  const char *framing; /* as hf_framing_dup_name */
  int n_views;
  const char *background;       /* name or SHA-256 of the reference picture */
  const char *const *templates; /* NULL-terminated */

  /* The pictures. */
  const HfSamples *samples;     /* all of them, for the counts; required */
  const char *groups;           /* the rule they are grouped by */
  const HfSample *const *rows;  /* [evaluation->n_rows]; NULL without one */
  gsize n_identical;            /* that are not the first of their bytes */
  gsize n_near;                 /* that have a near-copy with other bytes */
  const char *const *conflicts; /* paths with the same bytes and several labels;
                                   NULL-terminated */
  const GPtrArray *refusals;    /* HfRefusal *: pictures that gave nothing */
  const char *label_log_sha256; /* hex */

  /* The numbers. */
  const HfEvaluation *evaluation; /* NULL: no rate can be given */
  const GPtrArray *classes; /* HfSampleClass *: what its class numbers mean;
                               NULL where they are those of the samples */
  const HfThresholds *thresholds; /* of all rates, or NULL */
  guint probe;     /* index in evaluation->probes of the one reported in full */
  guint64 seed;    /* of the folds */
  HfBlocks blocks; /* as they were asked for */

  /* The acceptance set: the sealed samples. */
  const HfReportOpening *openings; /* [n_openings], oldest first */
  gsize n_openings;
  const HfProbeEvaluation *acceptance;  /* its last result, or NULL */
  const GPtrArray *acceptance_left_out; /* HfRefusal * */
  const char *acceptance_note;          /* hf_acceptance_dup_note, or NULL */

  const char *const *warnings; /* sentences, NULL-terminated */
} HfReportInput;

/* The format by the end of @path: .pdf, .html or .htm, .json.
 * G_OPTION_ERROR_BAD_VALUE with the endings that are understood. */
gboolean hf_report_format_parse (const char *path, HfReportFormat *out,
                                 GError **error);

/* The report as bytes (caller unrefs). A picture of a miss that cannot be read
 * leaves a sentence in its place. Errors: G_IO_ERROR_CANCELLED; G_IO_ERROR
 * with what Cairo said. @progress may be NULL. */
GBytes *hf_report_new (const HfReportInput *input, HfReportFormat format,
                       HfProgress *progress,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same into @path, whole, in the format of its end. */
gboolean hf_report_save (const HfReportInput *input, const char *path,
                         HfProgress *progress, GError **error);

G_END_DECLS
