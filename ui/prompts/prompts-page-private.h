/* Between the files of the page. */
#pragma once

#include "ui/prompts/preview.h"
#include "ui/prompts/prompt-readings.h"
#include "ui/prompts/prompts-facts.h"
#include "ui/prompts/prompts-page.h"
#include "ui/prompts/template-list.h"
#include "ui/prompts/values-table.h"
#include "ui/widgets/mark.h"

G_BEGIN_DECLS

struct _HfPromptsPage {
  AdwBin parent_instance;

  GtkWidget *unknown_row, *effects_hint;
  HfTemplateList *templates;
  HfValuesTable *values;
  HfPreview *preview;
  GtkLabel *preview_title;
  GtkLabel *summary, *unknown, *hint, *right, *interval;
  HfMark *summary_mark;
  GtkExpander *expander;
  GtkScrolledWindow *lines_area; /* in it */
  GtkStringList *lines;

  HfWorkspace *workspace;
  HfPromptsFacts *facts; /* NULL until they are read */
  HfPromptSpectacles *spectacles;
  GCancellable *reading;     /* of what stands there, or NULL */
  guint draft_id;            /* until the typing ends */
  guint narrow_id;           /* until the size is settled */
  guint n_edits;             /* on their way to the disk, and back */
  gboolean measuring, stale; /* effects are; and newer ones are wanted */
  gboolean is_narrow;
};

/* prompts-page.c: reads the project again. */
void hf_prompts_page_read_again (HfPromptsPage *self);

/* page-edits.c: does @edit, taken, and shows how it ended. */
void hf_prompts_page_edit (HfPromptsPage *self, HfPromptEdit *edit);

/* page-draft.c: shows what follows from what stands there, typed or not. */
void hf_prompts_page_show_draft (HfPromptsPage *self);

/* page-effects.c: measures the templates, or once more after the run at
 * work. */
void hf_prompts_page_measure (HfPromptsPage *self);

/* page-draft.c: @templates and @fillings without those that cannot be used
 * (caller frees). */
HfPromptSet *
hf_prompts_new_usable_set (const HfPromptsFacts *facts,
                           const GPtrArray *templates,
                           const GPtrArray *fillings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
