/* app/cli/verbs/verb-models-info.h: handful-cli models info. */
#pragma once

#include "app/cli/verbs.h"

G_BEGIN_DECLS

int hf_verb_models_info (const HfVerb *self, int argc, char **argv);

G_END_DECLS
