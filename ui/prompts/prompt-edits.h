/* ui/prompts/prompt-edits.h: what the Prompts page does to a project, one thing
 * each, for hf_workspace_edit. Copies of all they need. */
#pragma once

#include "app/project/prompts.h"

G_BEGIN_DECLS

typedef enum {
  HF_PROMPT_EDIT_ADD,
  HF_PROMPT_EDIT_LIBRARY, /* @text is in @group */
  HF_PROMPT_EDIT_TEXT,    /* to @new_text */
  HF_PROMPT_EDIT_ENABLE,
  HF_PROMPT_EDIT_MOVE,
  HF_PROMPT_EDIT_REMOVE,
  HF_PROMPT_EDIT_RESTORE, /* one that was removed, as it was */
  HF_PROMPT_EDIT_VALUES,
  HF_PROMPT_EDIT_SPREAD, /* values for all become each class's own */
  HF_PROMPT_EDIT_GATHER  /* the first class's values become those of all */
} HfPromptEditKind;

typedef struct {
  HfPromptEditKind kind;
  char *text, *new_text;
  gboolean enabled;
  guint position;
  char *group;              /* of the library */
  char *place, *class_name; /* @class_name NULL: for all classes */
  char **values;
} HfPromptEdit;

HfPromptEdit *hf_prompt_edit_new (HfPromptEditKind kind,
                                  const char *text) G_GNUC_WARN_UNUSED_RESULT;
void hf_prompt_edit_free (HfPromptEdit *self);

/* In the thread of @project. */
gboolean hf_prompt_edit_apply (const HfPromptEdit *self, HfProject *project,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfPromptEdit, hf_prompt_edit_free)
G_END_DECLS
