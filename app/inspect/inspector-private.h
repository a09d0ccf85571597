/* app/inspect/inspector-private.h: what opening, judging and verifying share.
 */
#pragma once

#include "app/inspect/inspector.h"
#include "base/scratch.h"
#include "features/extractor.h"

G_BEGIN_DECLS

struct _HfInspector {
  char *path;
  HfBundle *bundle;
  HfFeatureStore *store; /* NULL: nothing is remembered */
  HfExtractor *extractor;
  char *model_words;
  HfScratch *scratch;       /* for files that the extractor reads, or NULL */
  GPtrArray *scratch_files; /* char * */
};

/* Writes @bytes as file @name of the scratch folder; borrowed. */
const char *hf_inspector_write_scratch (HfInspector *self, const char *name,
                                        GBytes *bytes, GError **error);

G_END_DECLS
