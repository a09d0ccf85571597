/* app/report/draft.h: a report's input, put together from a study and what was
 * made of it: what `report` and the window have in common. */
#pragma once

#include "app/project/project.h"
#include "app/prompts/prompt-set.h"
#include "app/report/report.h"
#include "app/study/acceptance.h"
#include "app/study/study.h"

G_BEGIN_DECLS

/* Everything is borrowed and must outlive the draft. */
typedef struct {
  HfProject *project; /* NULL: labels of a folder or list */
  const char *labels; /* that folder or list; NULL with a project */
  const HfSamples *samples;
  const HfStudy *study; /* of the labelled ones */
  const HfExtractorOptions *features;
  const char *model_name;
  const char *groups; /* as they were asked for; NULL: the project's */
  const HfPromptSet *prompts;
  const HfProbeSpec *spec;        /* its seed and blocks */
  HfProbeKind kind;               /* of the probe that is reported in full */
  const HfEvaluation *evaluation; /* NULL, and @why says why */
  const char *why;
  const HfThresholds *thresholds; /* NULL: none */
  const HfAcceptance *acceptance; /* NULL: the set was not opened */
  gint64 time_utc;                /* seconds since 1970 */
} HfReportSources;

typedef struct _HfReportDraft HfReportDraft;

/* Errors of the project's readers. */
HfReportDraft *hf_report_draft_new (const HfReportSources *sources,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_report_draft_free (HfReportDraft *self);

/* Borrowed. */
const HfReportInput *hf_report_draft_get_input (const HfReportDraft *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfReportDraft, hf_report_draft_free)
G_END_DECLS
