/* app/charts/save.h: charts as files of their own: PNG, SVG and PDF. Equal
 * charts give equal bytes. */
#pragma once

#include "app/charts/chart.h"

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  HF_CHART_PNG, /* two pixels a unit, so that it is sharp on paper too */
  HF_CHART_SVG, /* with the title, and the table as its description */
  HF_CHART_PDF,
} HfChartFormat;

/* The chart on its ground with its title above and a margin around, @width
 * units wide; a @height of 0 asks hf_chart_measure. The caller unrefs the
 * result. G_IO_ERROR_FAILED with what Cairo says. */
GBytes *hf_chart_to_bytes (const HfChart *self, HfChartFormat format,
                           double width, double height,
                           const HfChartTheme *theme,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, whole, into @path; the end of the name decides the format. */
gboolean hf_chart_save (const HfChart *self, const char *path, double width,
                        double height, const HfChartTheme *theme,
                        GError **error);

/* The chart alone as an SVG of @width to @height, for a page that has its title
 * already: no ground, no margin. */
GBytes *hf_chart_to_svg (const HfChart *self, double width, double height,
                         const HfChartTheme *theme,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The border to Cairo's status: TRUE if it is none, else G_IO_ERROR_FAILED. */
gboolean hf_cairo_check (int status, const char *what, GError **error);

G_END_DECLS
