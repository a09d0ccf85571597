/* app/report/facts-private.h: the tables and sentences of a report that are
 * taken from its input as they are. */
#pragma once

#include "app/charts/table.h"
#include "app/report/report.h"

/* How many samples are labelled, sealed, neither. */
typedef struct {
  gint64 n_labelled, n_sealed, n_unlabelled;
} HfReportCounts;

HfReportCounts hf_report_count (const HfSamples *samples);

/* The probe that is reported in full, or NULL. */
const HfProbeEvaluation *hf_report_get_probe (const HfReportInput *input);
/* The vocabulary's words nearest to those that prompt tuning learned (caller
 * frees); NULL where none were. @probe may be NULL. */
char *
hf_report_dup_words (const HfProbeEvaluation *probe) G_GNUC_WARN_UNUSED_RESULT;

/* HfSampleClass * by the numbers of the evaluation. */
const GPtrArray *hf_report_get_classes (const HfReportInput *input);

/* "2026-11-25 12:00 UTC", and with @iso "2026-11-25T12:00:00Z". */
char *hf_report_dup_time (gint64 time_utc,
                          gboolean iso) G_GNUC_WARN_UNUSED_RESULT;

/* Two columns, name and value: the first page's, how a picture becomes
 * numbers, and what the report can be traced by. */
HfTable *hf_report_new_method_facts (const HfReportInput *input)
    G_GNUC_WARN_UNUSED_RESULT;
HfTable *hf_report_new_label_facts (const HfReportInput *input)
    G_GNUC_WARN_UNUSED_RESULT;
HfTable *hf_report_new_trace_facts (const HfReportInput *input)
    G_GNUC_WARN_UNUSED_RESULT;

/* Escapes, overkill and right answers: name, gloss, count, interval. */
HfTable *
hf_report_new_figures (const HfReportInput *input) G_GNUC_WARN_UNUSED_RESULT;

/* What the rates estimate, and by which folds. */
char *
hf_report_dup_estimate (const HfReportInput *input) G_GNUC_WARN_UNUSED_RESULT;
