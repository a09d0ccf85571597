/* live-strip.c: see the header. */
#include "ui/label/pane/live-strip.h"

#include "ui/application.h"
#include "ui/widgets/rate-row.h"

struct _HfLiveStrip {
  GtkWidget parent_instance;
  GtkWidget *button, *rates;
  GtkLabel *missing;
  HfRateRow *escapes, *overkill;
};

G_DEFINE_FINAL_TYPE (HfLiveStrip, hf_live_strip, GTK_TYPE_WIDGET)

static void
hf_live_strip_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), HF_TYPE_LIVE_STRIP);
  G_OBJECT_CLASS (hf_live_strip_parent_class)->dispose (object);
}

static void
hf_live_strip_class_init (HfLiveStripClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_live_strip_dispose;
  g_type_ensure (HF_TYPE_RATE_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/label/pane/live-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, HfLiveStrip, button);
  gtk_widget_class_bind_template_child (widget_class, HfLiveStrip, rates);
  gtk_widget_class_bind_template_child (widget_class, HfLiveStrip, missing);
  gtk_widget_class_bind_template_child (widget_class, HfLiveStrip, escapes);
  gtk_widget_class_bind_template_child (widget_class, HfLiveStrip, overkill);
}

static void
hf_live_strip_init (HfLiveStrip *self)
{
  const HfGoals goals = {0.05, 0.05};

  gtk_widget_init_template (GTK_WIDGET (self));
  hf_live_strip_show (self, NULL, NULL, &goals);
}

void
hf_live_strip_show (HfLiveStrip *self, const HfNumbers *numbers,
                    const char *reason, const HfGoals *goals)
{
  HfLiveRates rates;

  hf_live_rates_init (&rates, numbers, goals);
  hf_rate_row_set_rate (self->escapes, rates.escapes, goals->escapes,
                        rates.top);
  hf_rate_row_set_rate (self->overkill, rates.overkill, goals->overkill,
                        rates.top);
  gtk_widget_set_visible (self->rates, rates.probe != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->missing), rates.probe == NULL);
  if (reason != NULL)
    gtk_label_set_text (self->missing, reason);
}
