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

  GtkWidget *scroller, *box, *missing_box, *rates, *few, *first_line,
      *right_box, *zero_box, *second_line, *outlook_box;
  GtkLabel *missing, *right_count, *right_percent, *zero_shot, *outlook;
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
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, box);
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
  gtk_widget_class_bind_template_child (widget_class, HfLivePane, learning);
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
}

static void
show_right (HfLivePane *self, const HfLiveRates *rates)
{
  g_autofree char *count = hf_wording_dup_count (rates->right);
  g_autofree char *percent = hf_wording_dup_rate (rates->right);
  g_autofree char *zero = NULL;
  g_autoptr (HfChart) chart = NULL;

  gtk_label_set_text (self->right_count, count);
  gtk_label_set_text (self->right_percent, percent);
  gtk_widget_set_visible (self->zero_box, rates->zero_shot != NULL);
  if (rates->zero_shot != NULL) {
    zero = hf_wording_dup_count (&rates->zero_shot->accuracy);
    gtk_label_set_text (self->zero_shot, zero);
  }
  if (rates->probe->learning != NULL && rates->probe->learning->len > 1)
    chart = hf_chart_new_learning (rates->probe, rates->zero_shot);
  hf_chart_view_set_chart (self->learning, chart);
  gtk_widget_set_visible (GTK_WIDGET (self->learning), chart != NULL);
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
