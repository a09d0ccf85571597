/* app/charts/chart-private.h: what a kind of chart has to say of itself. */
#pragma once

#include "app/charts/chart.h"
#include "app/charts/pen.h"

G_BEGIN_DECLS

typedef struct {
  void (*draw) (gconstpointer data, const HfPen *pen, double width,
                double height);
  double (*measure) (gconstpointer data, const HfPen *pen, double width);
  GDestroyNotify free_data;
} HfChartKind;

/* Takes @data, @table, @reason (NULL: there is something to draw) and
 * @summary. */
HfChart *hf_chart_new (const HfChartKind *kind, const char *title,
                       gpointer data, HfTable *table, char *reason,
                       char *summary) G_GNUC_WARN_UNUSED_RESULT;

/* The data of a chart of @kind; NULL where it is of another. Borrowed. */
gconstpointer hf_chart_get_data (const HfChart *self, const HfChartKind *kind);

G_END_DECLS
