/* ui/prompts/values-table.h: what placeholders stand for, of each class or of
 * all: a table, or where it is narrow or there are many classes a row to be
 * opened for each class. Values are separated by commas.
 *
 * Signals: "edited" (typing); "edit" (HfPromptEdit *, which the receiver
 * takes). Main thread only. */
#pragma once

#include "ui/prompts/prompt-edits.h"
#include "ui/prompts/prompts-facts.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_TYPE_VALUES_TABLE (hf_values_table_get_type ())
G_DECLARE_FINAL_TYPE (HfValuesTable, hf_values_table, HF, VALUES_TABLE, AdwBin)

/* @facts is borrowed until the next call. @classes (of HfClassItem) give
 * badges; @templates (char *, NULL-terminated) are those being typed. What is
 * being typed stays. */
void hf_values_table_show (HfValuesTable *self, const HfPromptsFacts *facts,
                           GListModel *classes, const char *const *templates);

/* As they stand there (HfPromptFilling; caller unrefs). */
GPtrArray *
hf_values_table_dup_fillings (HfValuesTable *self) G_GNUC_WARN_UNUSED_RESULT;

void hf_values_table_set_narrow (HfValuesTable *self, gboolean narrow);

G_END_DECLS
