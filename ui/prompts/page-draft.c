/* page-draft.c: what follows from templates and values as they stand there,
 * typed or not: counts, problems, how the model reads the prompts, and what
 * they say of the pictures. */
#include "ui/prompts/prompts-page-private.h"

#include <glib/gi18n.h>

#define MAX_WORDS 8

HfPromptSet *
hf_prompts_new_usable_set (const HfPromptsFacts *facts,
                           const GPtrArray *templates,
                           const GPtrArray *fillings)
{
  const char *const *classes = (const char *const *) facts->class_names;
  g_autoptr (HfPromptSet) all =
      hf_prompt_set_new (classes, templates, fillings);
  g_autoptr (GPtrArray) usable = hf_prompt_templates_new ();

  for (guint t = 0; t < templates->len; t++) {
    const HfPromptTemplate *template = templates->pdata[t];
    gboolean ok = hf_prompt_set_get_problem (all, t) == NULL;

    hf_prompt_templates_add (usable, template->text, template->enabled && ok);
  }
  return hf_prompt_set_new (classes, usable, fillings);
}

/* How the model reads them. */

/* “spalling”, “oxidised” (caller frees). */
static char *
dup_words (const GPtrArray *words)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < words->len && i < MAX_WORDS; i++)
    g_string_append_printf (text, "%s“%s”", i > 0 ? ", " : "",
                            (const char *) words->pdata[i]);
  if (words->len > MAX_WORDS)
    /* Translators: more words; the number of them. */
    g_string_append_printf (text, _(", and %u more"), words->len - MAX_WORDS);
  return g_strdup (text->str);
}

static char *
dup_summary (const HfPromptReadings *readings)
{
  g_autofree char *count = g_strdup_printf (
      ngettext ("%u prompt", "%u prompts", readings->n_prompts),
      readings->n_prompts);

  if (readings->n_prompts == 0)
    return g_strdup (_("No prompts yet: add classes on the Label page."));
  if (readings->limit == 0)
    return g_steal_pointer (&count);
  if (readings->n_long > 0)
    return g_strdup_printf (
        /* Translators: "12 prompts; 2 are longer than the 77 tokens ..." */
        ngettext ("%s; %u is longer than the %u tokens the model reads, and is "
                  "cut",
                  "%s; %u are longer than the %u tokens the model reads, and "
                  "are cut",
                  readings->n_long),
        count, readings->n_long, (guint) readings->limit);
  /* Translators: "12 prompts; the longest has 14 of 77 tokens" */
  return g_strdup_printf (_("%s; the longest has %u of %u tokens"), count,
                             (guint) readings->longest,
                             (guint) readings->limit);
}

static void
show_lines (HfPromptsPage *self, const HfPromptReadings *readings)
{
  g_autofree const char **lines =
      g_new0 (const char *, readings->lines->len + 1);
  guint n_old = g_list_model_get_n_items (G_LIST_MODEL (self->lines));
  g_autofree char *title = g_strdup_printf (
      ngettext ("Show %u Prompt", "Show All %u Prompts", readings->n_prompts),
      readings->n_prompts);

  for (guint i = 0; i < readings->lines->len; i++)
    lines[i] = readings->lines->pdata[i];
  gtk_string_list_splice (self->lines, 0, n_old, lines);
  gtk_expander_set_label (self->expander, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->expander),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->expander), readings->n_prompts > 0);
}

static void
show_readings (HfPromptsPage *self, const HfPromptReadings *readings)
{
  g_autofree char *summary = dup_summary (readings);
  g_autofree char *words = dup_words (readings->unknown);
  /* Translators: a list of quoted words. */
  g_autofree char *unknown =
      g_strdup_printf (_("Words the model does not know: %s"), words);

  gtk_label_set_label (self->summary, summary);
  hf_mark_set_kind (self->summary_mark, readings->n_prompts == 0 ? HF_MARK_NONE
                                        : readings->n_long > 0 ? HF_MARK_WARNING
                                                               : HF_MARK_PASS);
  gtk_label_set_label (self->unknown, unknown);
  gtk_widget_set_visible (self->unknown_row, readings->unknown->len > 0);
  show_lines (self, readings);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer unused)
{
  HfPromptsPage *self = HF_PROMPTS_PAGE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfPromptReadings) readings =
      hf_prompt_readings_new_finish (result, &error);

  if (readings == NULL)
    return;
  g_clear_object (&self->reading);
  show_readings (self, readings);
}

/* All prompts of all classes, taken by the reader. */
static void
read_prompts (HfPromptsPage *self, char ***by_class)
{
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();

  for (guint c = 0; by_class[c] != NULL; c++)
    g_strv_builder_addv (all, (const char **) by_class[c]);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  hf_prompt_readings_new_async (self->spectacles, self, self->facts->model_path,
                                g_strv_builder_end (all), self->reading,
                                read_cb, NULL);
}

/* What stands there. */

/* Texts of @templates and of the one being added (borrowed strings). */
static const char **
dup_texts (HfPromptsPage *self, const GPtrArray *templates)
{
  const char **texts = g_new0 (const char *, templates->len + 2);

  for (guint t = 0; t < templates->len; t++)
    texts[t] = ((const HfPromptTemplate *) templates->pdata[t])->text;
  texts[templates->len] = hf_template_list_get_draft (self->templates);
  return texts;
}

static char ***
dup_prompts (const HfPromptSet *set)
{
  guint n = hf_prompt_set_get_n_classes (set);
  char ***prompts = g_new0 (char **, n + 1);

  for (guint c = 0; c < n; c++)
    prompts[c] = hf_prompt_set_dup_class (set, c, NULL);
  return prompts;
}

void
hf_prompts_page_show_draft (HfPromptsPage *self)
{
  g_autoptr (GPtrArray) templates = NULL;
  g_autoptr (GPtrArray) fillings = NULL;
  g_autofree const char **texts = NULL;
  g_autoptr (HfPromptSet) set = NULL;
  g_autoptr (HfPromptSet) usable = NULL;
  char ***prompts;

  if (self->facts == NULL)
    return;
  templates = hf_template_list_dup_templates (self->templates);
  texts = dup_texts (self, templates);
  hf_values_table_show (self->values, self->facts,
                        hf_workspace_get_classes (self->workspace), texts);
  fillings = hf_values_table_dup_fillings (self->values);
  set = hf_prompt_set_new ((const char *const *) self->facts->class_names,
                           templates, fillings);
  hf_template_list_set_prompts (self->templates, set);
  usable = hf_prompts_new_usable_set (self->facts, templates, fillings);
  prompts = dup_prompts (usable);
  read_prompts (self, prompts);
  hf_preview_ask (self->preview, prompts);
}
