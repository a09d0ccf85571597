/* app/study/output/export.h: a training as a bundle. */
#pragma once

#include "app/study/study.h"
#include "app/study/training.h"

G_BEGIN_DECLS

/* What a bundle says beside the training itself. */
typedef struct {
  const HfExtractorOptions *features; /* those of the study */
  const char *model_name;             /* as the user wrote it */
  const char *label_log_sha256;
  const HfThresholds *thresholds; /* NULL: the most probable class decides */
  gboolean include_model;         /* put the model inside */
  gboolean leave_out_goldens;     /* nothing to verify it by */
  gboolean leave_out_rows;        /* it cannot be trained further elsewhere */
} HfExportOptions;

/* SHA-256 (hex, caller frees) over the lines "path TAB label TAB group" of the
 * labelled samples, in their order, paths relative to @root where they lie
 * below it: what a bundle names where there is no project. */
char *hf_samples_dup_sha256 (const HfSamples *samples,
                             const char *root) G_GNUC_WARN_UNUSED_RESULT;

/* Adds to @warnings (element-type char *) what there is to say of the model:
 * that it is the starter, or that nobody verified it. */
void hf_export_warn_model (const char *model_name, GPtrArray *warnings);

/* Writes the bundle @path whole, or not at all. A probe that looks at classic
 * features alone gets no model inside; a warning says so. Errors of
 * hf_goldens_new and hf_bundle_save. */
gboolean hf_export_save (HfStudyTraining *training, const HfStudy *study,
                         const HfExportOptions *options, const char *path,
                         HfProgress *progress, GError **error);

G_END_DECLS
