/* ui/prompts/prompts-page.h: what the classes are called when the model is
 * asked: templates, the values of their placeholders, the prompts they make,
 * and what these alone say of a few pictures, as they are typed. Property
 * "workspace" (HfWorkspace or NULL). Main thread only. */
#pragma once

#include "ui/workspace/workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_TYPE_PROMPTS_PAGE (hf_prompts_page_get_type ())
G_DECLARE_FINAL_TYPE (HfPromptsPage, hf_prompts_page, HF, PROMPTS_PAGE, AdwBin)

/* Whether nothing is on its way: what is shown is of what stands there. */
gboolean hf_prompts_page_is_fresh (HfPromptsPage *self);

G_END_DECLS
