/* app/study/project-settings.h: what a project says about how its pictures are
 * looked at and learnt from, made sense of. Read-only once made: any number of
 * threads. */
#pragma once

#include "app/project/project.h"
#include "features/extractor.h"
#include "probe/spec.h"
#include "probe/verdict.h"

G_BEGIN_DECLS

typedef struct {
  char *model_name;
  HfPrecision precision;
  HfFraming framing;
  int n_views;
  HfBlocks blocks;
  char *background;        /* NULL: none */
  HfProbeSpec spec;        /* of the probe in use; blocks and seed among it */
  HfThresholds thresholds; /* NAN: the most probable class decides */
  /* Of every class of the project: names, and lists of prompts (char **). */
  GPtrArray *class_names, *prompts;

  char *features_key; /* equal texts: rows of pictures are the same */
  char *key;          /* equal texts: everything is */
} HfProjectSettings;

/* Errors of the readers of values, of hf_project_dup_prompt_set. */
HfProjectSettings *hf_project_settings_new (HfProject *project, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
HfProjectSettings *hf_project_settings_ref (HfProjectSettings *self);
void hf_project_settings_unref (HfProjectSettings *self);

/* The prompts of a class, NULL-terminated, or NULL. Borrowed. */
char *const *hf_project_settings_get_prompts (const HfProjectSettings *self,
                                              const char *class_name);

/* As it is written; G_OPTION_ERROR_BAD_VALUE. */
gboolean hf_settings_parse_seed (const char *text, guint64 *seed,
                                 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfProjectSettings, hf_project_settings_unref)
G_END_DECLS
