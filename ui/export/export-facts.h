/* ui/export/export-facts.h: what the Export page says that stands neither in
 * the numbers nor on the pictures: settings, the model, the acceptance set.
 * Plain struct, read in a thread, then read-only. */
#pragma once

#include "app/models/store.h"
#include "app/study/project-settings.h"
#include "probe/verdict.h"

G_BEGIN_DECLS

typedef struct {
  HfProjectSettings *settings;
  HfThresholds thresholds;
  HfStoredModel *model; /* NULL: it is not in the store */
  gsize n_sealed, n_openings;
  gsize n_known_sealed; /* of these, of a lot that is trained on */
} HfExportFacts;

HfExportFacts *hf_export_facts_new (HfProject *project,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_export_facts_free (HfExportFacts *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfExportFacts, hf_export_facts_free)
G_END_DECLS
