/* live-pane.c: see the header. */
#include "ui/label/pane/live-pane.h"

#include "app/charts/learning.h"
#include "app/charts/wording.h"
#include "ui/application.h"
#include "ui/charts/chart-view.h"
#include "ui/label/pane/notes.h"
#include "ui/widgets/rate-row.h"

#include <glib/gi18n.h>

/* Below, intervals are so wide that it is said. */
#define FEW_LABELS 10

struct _HfLivePane {
  GtkWidget parent_instance;

  GtkWidget *scroller, *missing_box, *rates, *few, *first_line, *right_box,
      *zero_box, *learning_box, *second_line, *outlook_box;
  GtkLabel *missing, *right_count, *right_percent, *zero_shot, *learning_words,
      *outlook;
  HfRateRow *escapes, *overkill;
  HfChartView *learning;
  GtkListBox *notes;
};

G_DEFINE_FINAL_TYPE (HfLivePane, hf_live_pane, GTK_TYPE_WIDGET)

static void
hf_live_pane_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), HF_TYPE_LIVE_PANE);
  G_OBJECT_CLASS (hf_live_pane_parent_class)->dispose (object);
}

static void
hf_live_pane_class_init (HfLivePaneClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_live_pane_dispose;
  g_type_ensure (HF_TYPE_RATE_ROW);
  g_type_ensure (HF_TYPE_CHART_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/label/pane/live-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, scroller);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, missing_box);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, missing);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, rates);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, escapes);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, overkill);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, few);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, first_line);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, right_box);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, right_count);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane,
                                        right_percent);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, zero_box);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, zero_shot);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, learning_box);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, learning);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane,
                                        learning_words);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, second_line);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, outlook_box);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, outlook);
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, notes);
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_REGION);
}

static void
hf_live_pane_init (HfLivePane *self)
{
  const HfGoals goals = {0.05, 0.05};

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What the Labels Are Worth So Far"), -1);
  hf_live_pane_show (self, NULL, NULL, &goals);
  hf_live_pane_show_learning (self, NULL, NULL, NULL);
}

static void
show_right (HfLivePane *self, const HfLiveRates *rates)
{
  g_autofree char *count = hf_wording_dup_count (rates->right);
  g_autofree char *percent = hf_wording_dup_rate (rates->right);
  g_autofree char *zero = NULL;

  gtk_label_set_text (self->right_count, count);
  gtk_label_set_text (self->right_percent, percent);
  gtk_widget_set_visible (self->zero_box, rates->zero_shot != NULL);
  if (rates->zero_shot != NULL) {
    zero = hf_wording_dup_count (&rates->zero_shot->accuracy);
    gtk_label_set_text (self->zero_shot, zero);
  }
}

/* "1, 2, 4, 7" (caller frees). */
static char *
dup_sizes (const GArray *sizes)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < sizes->len; i++)
    g_string_append_printf (text, "%s%d", i > 0 ? ", " : "",
                            g_array_index (sizes, int, i));
  return g_string_free (text, FALSE);
}

static char *
dup_learning_words (const GArray *points, const GArray *sizes)
{
  g_autofree char *list = NULL;

  if (sizes == NULL)
    return g_strdup_printf (
        /* Translators: so many times the labels were drawn. */
        _("Right answers of probes that learned from so many labels of each "
          "class; the band is the spread over %d draws."),
           g_array_index (points, HfLearningPoint, 0).n_repeats);
  list = dup_sizes (sizes);
  /* Translators: numbers of labels, as "1, 2, 4, 7". */
  return g_strdup_printf (_("The learning curve is being counted: probes that "
                            "learn from %s labels of each class."),
                             list);
}

void
hf_live_pane_show_learning (HfLivePane *self, const HfNumbers *numbers,
                            const GArray *points, const GArray *sizes)
{
  gboolean any = numbers != NULL && hf_numbers_get_probe (numbers) != NULL &&
                 (points != NULL || sizes != NULL);
  g_autoptr (HfChart) chart = NULL;
  g_autofree char *words = NULL;

  if (any && points != NULL)
    chart = hf_chart_new_learning (hf_numbers_get_probe (numbers)->name, points,
                                   hf_numbers_get_zero_shot (numbers));
  if (any)
    words = dup_learning_words (points, sizes);
  hf_chart_view_set_chart (self->learning, chart);
  gtk_widget_set_visible (GTK_WIDGET (self->learning), chart != NULL);
  gtk_label_set_text (self->learning_words, any ? words : "");
  gtk_widget_set_visible (self->learning_box, any);
  if (sizes != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->learning), "stale");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->learning), "stale");
}

void
hf_live_pane_show (HfLivePane *self, const HfNumbers *numbers,
                   const char *reason, const HfGoals *goals)
{
  g_autofree char *outlook =
      numbers != NULL ? hf_numbers_dup_outlook (numbers) : NULL;
  gboolean any, has_good;
  HfLiveRates rates;

  hf_live_rates_init (&rates, numbers, goals);
  any = rates.probe != NULL;
  /* Without a good class there are neither escapes nor overkill. */
  has_good = !any || rates.escapes->n > 0 || rates.overkill->n > 0;
  hf_rate_row_set_rate (self->escapes, rates.escapes, goals->escapes,
                        rates.top);
  hf_rate_row_set_rate (self->overkill, rates.overkill, goals->overkill,
                        rates.top);
  gtk_widget_set_visible (self->rates, has_good);
  gtk_widget_set_visible (self->first_line, any && has_good);
  gtk_widget_set_visible (self->few, any && rates.n_rarest < FEW_LABELS);
  gtk_widget_set_visible (self->right_box, any);
  gtk_widget_set_visible (self->second_line, any);
  if (any)
    show_right (self, &rates);
  gtk_widget_set_visible (self->missing_box, reason != NULL);
  if (reason != NULL)
    gtk_label_set_text (self->missing, reason);
  gtk_widget_set_visible (self->outlook_box, outlook != NULL);
  if (outlook != NULL)
    gtk_label_set_text (self->outlook, outlook);
  hf_notes_show (self->notes, numbers);
}
