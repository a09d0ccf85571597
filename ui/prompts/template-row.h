/* ui/prompts/template-row.h: one template: whether it is used, its text, to be
 * edited in place, and what it does.
 *
 * Signals: "edited" (typing); "committed" (const char *text: Enter was pressed
 * or the keyboard went on); "toggled" (gboolean enabled); "removed"; "moved"
 * (int by: one up is -1; or HfTemplateRow dropped here, by "dropped"). Main
 * thread only. */
#pragma once

#include "app/study/templates.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_TEMPLATE_ROW (hf_template_row_get_type ())
G_DECLARE_FINAL_TYPE (HfTemplateRow, hf_template_row, HF, TEMPLATE_ROW,
                      GtkListBoxRow)

GtkWidget *hf_template_row_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* What the project says. A text that is being edited stays. */
void hf_template_row_show (HfTemplateRow *self, const char *text,
                           gboolean enabled);

/* As the project has it, and as it stands there. Borrowed. */
const char *hf_template_row_get_stored (HfTemplateRow *self);
const char *hf_template_row_get_text (HfTemplateRow *self);
gboolean hf_template_row_get_enabled (HfTemplateRow *self);

/* Prompts that it makes; -1: not known. */
void hf_template_row_set_count (HfTemplateRow *self, int n_prompts);
/* A sentence, or NULL: nothing is wrong with it. */
void hf_template_row_set_problem (HfTemplateRow *self, const char *problem);
/* NULL: not known. */
void hf_template_row_set_effect (HfTemplateRow *self,
                                 const HfTemplateEffect *effect, double reach);
/* The effect stands below the text. */
void hf_template_row_set_narrow (HfTemplateRow *self, gboolean narrow);

/* Placeholders in @text as they are shown: in the accent's colour. */
PangoAttrList *hf_template_dup_attributes (GtkWidget *widget, const char *text)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
