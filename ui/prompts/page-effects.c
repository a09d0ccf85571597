/* page-effects.c: what each template does on the labelled pictures, measured in
 * the numbers' thread, one run at a time; what is shown stays, dimmed, until
 * the newest is there. */
#include "app/charts/wording.h"
#include "ui/prompts/prompts-page-private.h"

#include <glib/gi18n.h>

typedef struct {
  HfPromptsPage *page; /* touched in the main thread only */
  HfPromptSet *set;
  HfTemplateEffects *effects;
} Measuring;

static void
measuring_free (gpointer data)
{
  Measuring *self = data;

  g_object_unref (self->page);
  hf_prompt_set_free (self->set);
  g_clear_pointer (&self->effects, hf_template_effects_free);
  g_free (self);
}

/* Without labelled pictures there is nothing to measure, which is no error. */
static gboolean
measure (HfDesk *desk, HfNumbers *numbers, gpointer data, HfProgress *progress,
         GError **error)
{
  Measuring *measuring = data;

  if (numbers == NULL || numbers->rows == NULL || numbers->rows->clip == NULL ||
      numbers->rows->n == 0)
    return TRUE;
  /* With one class every answer is right, and says nothing. */
  if (numbers->samples->classes->len < 2)
    return TRUE;
  measuring->effects = hf_desk_measure_templates (desk, numbers, measuring->set,
                                                  progress, error);
  return measuring->effects != NULL;
}

static void
show_rate (HfPromptsPage *self, const HfRate *rate)
{
  g_autofree char *right = NULL;
  g_autofree char *percent = NULL, *interval = NULL, *both = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->right), rate != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->interval), rate != NULL);
  if (rate == NULL)
    return;
  right = g_strdup_printf (
      /* Translators: "Zero-shot alone: right 55 of 78" */
      _("Zero-shot alone: right %d of %d"), (int) rate->k, (int) rate->n);
  percent = hf_wording_dup_rate (rate);
  interval = hf_wording_dup_interval (rate);
  /* At none of n the bound stands alone. */
  both = *percent != '\0' ? g_strdup_printf ("%s (%s)", percent, interval)
                          : g_strdup (interval);
  gtk_label_set_label (self->right, right);
  gtk_label_set_label (self->interval, both);
}

static void
show_effects (HfPromptsPage *self, const HfTemplateEffects *effects)
{
  gsize n = effects != NULL ? (gsize) effects->all.n : 0;
  g_autofree char *hint =
      n > 0
          ? g_strdup_printf (
                ngettext ("The effect is the change in right answers on the "
                          "%zu labelled picture when the template is left "
                          "out. Grey: the interval holds zero.",
                          "The effect is the change in right answers on the "
                          "%zu labelled pictures when the template is left "
                          "out. Grey: the interval holds zero.",
                          n),
                n)
          : g_strdup (_("Label a few pictures of each class to see what each "
                          "template does."));

  hf_template_list_set_effects (self->templates, effects);
  gtk_label_set_label (self->hint, hint);
  show_rate (self, n > 0 ? &effects->all : NULL);
}

static void
measured_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  const Measuring *measuring = data;
  HfPromptsPage *self = measuring->page;

  if (workspace != self->workspace)
    return;
  self->measuring = FALSE;
  if (self->stale) {
    hf_prompts_page_measure (self);
    return;
  }
  hf_template_list_set_stale (self->templates, FALSE);
  if (error == NULL)
    show_effects (self, measuring->effects);
}

void
hf_prompts_page_measure (HfPromptsPage *self)
{
  Measuring *measuring;

  if (self->facts == NULL || self->facts->n_classes == 0 ||
      !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  hf_template_list_set_stale (self->templates, TRUE);
  self->stale = self->measuring;
  if (self->measuring)
    return;
  self->measuring = TRUE;
  measuring = g_new0 (Measuring, 1);
  measuring->page = g_object_ref (self);
  measuring->set = hf_prompts_new_usable_set (
      self->facts, self->facts->templates, self->facts->fillings);
  hf_workspace_run (self->workspace, NULL, measure, measured_cb, measuring,
                    measuring_free);
}
