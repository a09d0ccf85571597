/* app/project/prompts.h: how the classes of a project are described to a model:
 * templates with {class} and placeholders of one's own, whose values may hold
 * for all classes or for one. */
#pragma once

#include "app/project/project.h"
#include "app/prompts/library.h"
#include "app/prompts/prompt-set.h"

G_BEGIN_DECLS

/* (element-type HfPromptTemplate, HfPromptFilling; caller unrefs), in their
 * order. */
GPtrArray *hf_project_dup_all_templates (HfProject *self, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *hf_project_dup_fillings (HfProject *self,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All templates, the disabled ones too, with their prompts for @classes
 * (NULL-terminated), or with NULL for the project's own in their order. Free
 * with hf_prompt_set_free. */
HfPromptSet *
hf_project_dup_prompt_set (HfProject *self, const char *const *classes,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds a template behind the others, enabled. A class must have a place in it,
 * by {class} or a placeholder that has values of its own for a class, and every
 * placeholder must have values. HF_PROJECT_ERROR_NAME if it is there already;
 * HF_PROMPT_ERROR. */
gboolean hf_project_add_template (HfProject *self, const char *text,
                                  GError **error);
/* The same for @template of @group, a group of the library: its placeholders
 * that have no values yet get those of the library. */
gboolean hf_project_add_library_template (HfProject *self,
                                          const HfLibraryGroup *group,
                                          const HfLibraryTemplate *template,
                                          GError **error);
/* HF_PROJECT_ERROR_NAME if there is no such template, for the next three. */
gboolean hf_project_remove_template (HfProject *self, const char *text,
                                     GError **error);
gboolean hf_project_enable_template (HfProject *self, const char *text,
                                     gboolean enabled, GError **error);
/* Gives it another text, at its place; the same rules as for a new one. */
gboolean hf_project_edit_template (HfProject *self, const char *text,
                                   const char *new_text, GError **error);
/* Puts a template that was removed back to place @position, whatever is wrong
 * with it by now. HF_PROJECT_ERROR_NAME if it is there. */
gboolean hf_project_restore_template (HfProject *self, const char *text,
                                      gboolean enabled, guint position,
                                      GError **error);
/* Moves it to place @position of all templates, 0 the first. */
gboolean hf_project_move_template (HfProject *self, const char *text,
                                   guint position, GError **error);

/* Replaces the values of a placeholder, for one class, or with @class_name NULL
 * for all that have none of their own; no values take it away. {class} itself
 * may have values: other words for a class than its name.
 * HF_PROJECT_ERROR_NAME. */
gboolean hf_project_set_filling (HfProject *self, const char *place,
                                 const char *class_name,
                                 const char *const *values, GError **error);

G_END_DECLS
