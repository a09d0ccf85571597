/* ui/charts/chart-style.h: a widget's style as charts take it: its colours by
 * name, its font at its size on this screen. Main thread only. */
#pragma once

#include "app/charts/theme.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Fills @out for a chart that @widget draws on a card; the font's family lives
 * as long as the program. */
void hf_chart_style_read (GtkWidget *widget, HfChartTheme *out);

/* @colour as lines are drawn in it: a third of the text's colour in it keeps it
 * visible on light and dark grounds. */
HfColour hf_chart_style_outline (const HfChartTheme *theme,
                                 const HfColour *colour);

G_END_DECLS
