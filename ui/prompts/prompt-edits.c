/* prompt-edits.c: see the header. */
#include "ui/prompts/prompt-edits.h"

#include "ui/prompts/prompts-facts.h"

HfPromptEdit *
hf_prompt_edit_new (HfPromptEditKind kind, const char *text)
{
  HfPromptEdit *self = g_new0 (HfPromptEdit, 1);

  self->kind = kind;
  self->text = g_strdup (text);
  return self;
}

void
hf_prompt_edit_free (HfPromptEdit *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self->new_text);
  g_free (self->group);
  g_free (self->place);
  g_free (self->class_name);
  g_strfreev (self->values);
  g_free (self);
}

static gboolean
add_from_library (const HfPromptEdit *self, HfProject *project, GError **error)
{
  g_autoptr (GPtrArray) groups = hf_library_load (error);
  const HfLibraryGroup *group;

  if (groups == NULL)
    return FALSE;
  group = hf_library_find (groups, self->group);
  for (guint i = 0; group != NULL && i < group->templates->len; i++) {
    const HfLibraryTemplate *template = group->templates->pdata[i];

    if (g_str_equal (template->text, self->text))
      return hf_project_add_library_template (project, group, template, error);
  }
  g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
               "The library has no template \"%s\".", self->text);
  return FALSE;
}

static gboolean
set_values (HfProject *project, const char *place, const char *class_name,
            const char *text, GError **error)
{
  g_auto (GStrv) values = hf_prompts_split_values (text != NULL ? text : "");

  return hf_project_set_filling (project, place, class_name,
                                 (const char *const *) values, error);
}

static gboolean
spread (const HfPromptEdit *self, HfProject *project, GError **error)
{
  g_autoptr (HfPromptsFacts) facts = hf_prompts_facts_new (project, error);
  g_autofree char *text = NULL;

  if (facts == NULL)
    return FALSE;
  text = hf_prompts_facts_dup_values (facts, self->place, NULL);
  for (guint c = 0; text != NULL && c < facts->n_classes; c++)
    if (!set_values (project, self->place, facts->class_names[c], text, error))
      return FALSE;
  return set_values (project, self->place, NULL, NULL, error);
}

static gboolean
gather (const HfPromptEdit *self, HfProject *project, GError **error)
{
  g_autoptr (HfPromptsFacts) facts = hf_prompts_facts_new (project, error);
  g_autofree char *text = NULL;

  if (facts == NULL)
    return FALSE;
  text = hf_prompts_facts_dup_values (facts, self->place, NULL);
  for (guint c = 0; text == NULL && c < facts->n_classes; c++)
    text =
        hf_prompts_facts_dup_values (facts, self->place, facts->class_names[c]);
  for (guint c = 0; c < facts->n_classes; c++)
    if (!set_values (project, self->place, facts->class_names[c], NULL, error))
      return FALSE;
  return set_values (project, self->place, NULL, text, error);
}

gboolean
hf_prompt_edit_apply (const HfPromptEdit *self, HfProject *project,
                      GError **error)
{
  switch (self->kind) {
  case HF_PROMPT_EDIT_ADD:
    return hf_project_add_template (project, self->text, error);
  case HF_PROMPT_EDIT_LIBRARY:
    return add_from_library (self, project, error);
  case HF_PROMPT_EDIT_TEXT:
    return hf_project_edit_template (project, self->text, self->new_text,
                                     error);
  case HF_PROMPT_EDIT_ENABLE:
    return hf_project_enable_template (project, self->text, self->enabled,
                                       error);
  case HF_PROMPT_EDIT_MOVE:
    return hf_project_move_template (project, self->text, self->position,
                                     error);
  case HF_PROMPT_EDIT_REMOVE:
    return hf_project_remove_template (project, self->text, error);
  case HF_PROMPT_EDIT_RESTORE:
    return hf_project_restore_template (project, self->text, self->enabled,
                                        self->position, error);
  case HF_PROMPT_EDIT_VALUES:
    return hf_project_set_filling (project, self->place, self->class_name,
                                   (const char *const *) self->values, error);
  case HF_PROMPT_EDIT_SPREAD:
    return spread (self, project, error);
  case HF_PROMPT_EDIT_GATHER:
    return gather (self, project, error);
  default:
    g_return_val_if_reached (FALSE);
  }
}
