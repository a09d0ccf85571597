/* ui/charts/chart-view.h: shows an HfChart in the colours and the type of the
 * window, as high as the chart wants to be at its width. To a screen reader it
 * is a picture whose name says what the chart says, and whose description is
 * its table. Main thread only. */
#pragma once

#include "app/charts/chart.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_CHART_VIEW (hf_chart_view_get_type ())
G_DECLARE_FINAL_TYPE (HfChartView, hf_chart_view, HF, CHART_VIEW, GtkWidget)

GtkWidget *hf_chart_view_new (void);

/* Refs @chart; NULL shows nothing. */
void hf_chart_view_set_chart (HfChartView *self, HfChart *chart);
/* Borrowed, or NULL. */
HfChart *hf_chart_view_get_chart (HfChartView *self);

G_END_DECLS
