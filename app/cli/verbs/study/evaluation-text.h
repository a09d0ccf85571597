/* evaluation-text.h: an evaluation as people read it, on stdout. */
#pragma once

#include "app/study/acceptance.h"
#include "app/study/study.h"
#include "app/study/templates.h"

G_BEGIN_DECLS

/* A heading and the rates of one probe, a line each. @classes as in HfRows. */
void hf_evaluation_print_rates (const HfProbeEvaluation *probe,
                                const GPtrArray *classes);

/* What was tested and how, all probes, the confusion and classes of the first,
 * the leak, what was left out and why. */
void hf_evaluation_print (const HfEvaluation *evaluation, const HfStudy *study);

void hf_acceptance_print (const HfAcceptance *acceptance,
                          const GPtrArray *classes, HfProbeKind kind,
                          gint64 n_openings);

/* "Note: ..." for each of @warnings (char *), behind an empty line. */
void hf_notes_print (const GPtrArray *warnings);
void hf_template_effects_print (const HfTemplateEffects *effects);

G_END_DECLS
