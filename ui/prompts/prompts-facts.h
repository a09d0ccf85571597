/* ui/prompts/prompts-facts.h: what a project says of its prompts, as it is on
 * disk, with the classes it says it of. Plain struct, read in a thread, then
 * read-only. */
#pragma once

#include "app/project/prompts.h"

G_BEGIN_DECLS

typedef struct {
  GPtrArray *templates; /* HfPromptTemplate */
  GPtrArray *fillings;  /* HfPromptFilling */
  guint n_classes;
  char **class_names; /* [n_classes], NULL-terminated, any bytes */
  gint64 *class_ids;  /* [n_classes] of the project */
  char *model_path;   /* of the model that reads them; NULL: none does */
} HfPromptsFacts;

HfPromptsFacts *hf_prompts_facts_new (HfProject *project,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_prompts_facts_free (HfPromptsFacts *self);

/* The values of @place for @class_name (NULL: for all), as they are written,
 * "slightly, severely"; NULL where there are none (caller frees). */
char *
hf_prompts_facts_dup_values (const HfPromptsFacts *self, const char *place,
                             const char *class_name) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a class has values of its own for @place. */
gboolean hf_prompts_facts_is_by_class (const HfPromptsFacts *self,
                                       const char *place);

/* "slightly, severely" as values (NULL-terminated, caller frees): blanks
 * around them do not count, nor does what is empty, unless it comes first: ",
 * slightly" is also the prompt without it. */
char **hf_prompts_split_values (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* All placeholders (NULL-terminated, caller frees): {class}, then those of
 * @templates (char *) in their order, then those that have values. */
char **hf_prompts_facts_dup_places (const HfPromptsFacts *self,
                                    const char *const *templates)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfPromptsFacts, hf_prompts_facts_free)
G_END_DECLS
