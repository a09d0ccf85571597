/* ui/prompts/template-list.h: the templates of a project in their order, each
 * to be edited, with one to be added below them.
 *
 * Signals: "edited" (typing); "edit" (HfPromptEdit *, boxed as a pointer that
 * the receiver takes): the user did something. Main thread only. */
#pragma once

#include "ui/prompts/prompt-edits.h"
#include "ui/prompts/prompts-facts.h"
#include "app/study/templates.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_TEMPLATE_LIST (hf_template_list_get_type ())
G_DECLARE_FINAL_TYPE (HfTemplateList, hf_template_list, HF, TEMPLATE_LIST,
                      GtkWidget)

/* @facts NULL: none. */
void hf_template_list_show (HfTemplateList *self, const HfPromptsFacts *facts);

/* As they stand there, being typed or not (HfPromptTemplate; caller unrefs). */
GPtrArray *
hf_template_list_dup_templates (HfTemplateList *self) G_GNUC_WARN_UNUSED_RESULT;
/* What is typed for a new one. Borrowed. */
const char *hf_template_list_get_draft (HfTemplateList *self);

/* Counts and problems, @set made of hf_template_list_dup_templates. */
void hf_template_list_set_prompts (HfTemplateList *self,
                                   const HfPromptSet *set);
/* NULL: not known. */
void hf_template_list_set_effects (HfTemplateList *self,
                                   const HfTemplateEffects *effects);
/* Newer effects are on the way. */
void hf_template_list_set_stale (HfTemplateList *self, gboolean stale);
void hf_template_list_set_narrow (HfTemplateList *self, gboolean narrow);

/* How an edit of kind ADD ended: a sentence, or NULL: it is added. */
void hf_template_list_answer (HfTemplateList *self, const char *problem);
/* Whether a new one was typed that could not be added. */
gboolean hf_template_list_has_problem (HfTemplateList *self);
/* Tries to add what is typed. */
void hf_template_list_add (HfTemplateList *self);

G_END_DECLS
