/* ui/export/export-checks.h: what is to be known before a bundle goes to the
 * line, each as a row with a mark and a sentence. Main thread only. */
#pragma once

#include "app/desk/save-bundle.h"
#include "ui/export/check-row.h"
#include "ui/export/export-facts.h"
#include "ui/workspace/workspace.h"

G_BEGIN_DECLS

/* @wanted: golden pictures go in. @saved: what saving found, or NULL before;
 * @error: why they do not agree, or NULL. */
void hf_check_goldens (HfCheckRow *row, gboolean wanted,
                       const HfSavedBundle *saved, const GError *error);
void hf_check_model (HfCheckRow *row, const HfExportFacts *facts);
void hf_check_labels (HfCheckRow *row, HfWorkspace *workspace);
void hf_check_lots (HfCheckRow *row, const HfNumbers *numbers);
void hf_check_unknown (HfCheckRow *row, HfWorkspace *workspace,
                       const HfNumbers *numbers);
void hf_check_acceptance (HfCheckRow *row, const HfExportFacts *facts);

G_END_DECLS
