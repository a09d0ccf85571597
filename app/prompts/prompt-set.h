/* app/prompts/prompt-set.h: what every class is called by every template.
 *
 * A template has placeholders in braces. {class} stands for the name of the
 * class, or for the words that were given for it; the others stand for values,
 * of one class or of all that have none of their own. Several values make
 * several prompts. A class without a value for a placeholder that others have
 * one for, or with an empty one, gets the prompt without it: "a {degree}
 * {class} ring" is "a good ring" where a good one has no degree.
 *
 * Read-only once made: any number of threads. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "a photo of a {class}" */
#define HF_PROMPT_DEFAULT "a photo of a {class}"

typedef struct {
  char *text;
  gboolean enabled;
} HfPromptTemplate;

typedef struct {
  char *place;      /* "material", without braces */
  char *class_name; /* NULL: of every class that has none of its own */
  char *text;
} HfPromptFilling;

/* Both copy what they are given; free lists of them with g_ptr_array_unref. */
GPtrArray *hf_prompt_templates_new (void) G_GNUC_WARN_UNUSED_RESULT;
void hf_prompt_templates_add (GPtrArray *self, const char *text,
                              gboolean enabled);
GPtrArray *hf_prompt_fillings_new (void) G_GNUC_WARN_UNUSED_RESULT;
void hf_prompt_fillings_add (GPtrArray *self, const char *place,
                             const char *class_name, const char *text);

typedef struct _HfPromptSet HfPromptSet;

/* All prompts of @classes (NULL-terminated) by @templates (HfPromptTemplate)
 * and @fillings (HfPromptFilling, may be NULL), copied. Where no template is
 * enabled, HF_PROMPT_DEFAULT stands behind them, enabled. Never fails: what is
 * wrong with a template is its problem. */
HfPromptSet *
hf_prompt_set_new (const char *const *classes, const GPtrArray *templates,
                   const GPtrArray *fillings) G_GNUC_WARN_UNUSED_RESULT;
/* The same of templates as texts, all enabled, without fillings; NULL: the
 * default. */
HfPromptSet *hf_prompt_set_new_from_texts (const char *const *classes,
                                           const char *const *templates)
    G_GNUC_WARN_UNUSED_RESULT;
void hf_prompt_set_free (HfPromptSet *self);

guint hf_prompt_set_get_n_classes (const HfPromptSet *self);
const char *hf_prompt_set_get_class (const HfPromptSet *self, guint c);
/* Index of a class, or -1. */
int hf_prompt_set_find_class (const HfPromptSet *self, const char *name);

guint hf_prompt_set_get_n_templates (const HfPromptSet *self);
const char *hf_prompt_set_get_template (const HfPromptSet *self, guint t);
gboolean hf_prompt_set_is_enabled (const HfPromptSet *self, guint t);
/* Why template @t cannot be used (HF_PROMPT_ERROR), or NULL. */
const GError *hf_prompt_set_get_problem (const HfPromptSet *self, guint t);

/* The prompts of one template and class, NULL-terminated, in the order of
 * hf_prompt_expand; at least one, but none where the template has a problem. */
const char *const *hf_prompt_set_get (const HfPromptSet *self, guint t,
                                      guint c);
/* How many prompts the enabled templates make of all classes. */
gsize hf_prompt_set_count (const HfPromptSet *self);

/* The prompts of all enabled templates for class @c, template by template
 * (NULL-terminated, caller frees). NULL with HF_PROMPT_ERROR if one of these
 * templates has a problem. */
char **hf_prompt_set_dup_class (const HfPromptSet *self, guint c,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfPromptSet, hf_prompt_set_free)
G_END_DECLS
