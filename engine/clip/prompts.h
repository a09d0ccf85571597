/* clip/prompts.h: prompt templates, "a photo of a {class} part". A name in
 * braces is a placeholder, {{ and }} are literal braces. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HF_PROMPT_MAX_EXPANSIONS 100000

#define HF_PROMPT_ERROR (hf_prompt_error_quark ())

typedef enum {
  HF_PROMPT_ERROR_SYNTAX,  /* a brace without its partner, or no name in it */
  HF_PROMPT_ERROR_UNKNOWN, /* a placeholder that has no values */
  HF_PROMPT_ERROR_TOO_MANY /* over HF_PROMPT_MAX_EXPANSIONS prompts */
} HfPromptError;

GQuark hf_prompt_error_quark (void);

/* All prompts that @template stands for, NULL-terminated; free with
 * g_strfreev. @values maps a name (char *) to its values (char **, at least
 * one), inserted as they are. The prompts come as nested loops give them: the
 * placeholder that appears first is the outermost loop, the last one changes
 * fastest. A placeholder that appears twice has one value in both places. */
char **hf_prompt_expand (const char *template, GHashTable *values,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The names of the placeholders of @template, each once, in the order of their
 * first appearance (NULL-terminated, caller frees). HF_PROMPT_ERROR_SYNTAX. */
char **hf_prompt_dup_places (const char *template,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
