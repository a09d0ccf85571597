/* clip/text/clean.h: a text as OpenAI's tokenizer wants it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Cleans @text as openai/CLIP does, and returns valid UTF-8 in lower case
 * without doubled or outer white space. Bytes that are not UTF-8 count as a
 * replacement character each. The steps: ftfy's fix_text (Speer 2019) with
 * everything but the repair of wrongly decoded text ("SchweiÃŸ"); HTML
 * references, twice; white space; lower case. Caller frees. Cannot fail. */
char *hf_text_clean (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
