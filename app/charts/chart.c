/* chart.c: see the headers. */
#include "app/charts/chart-private.h"

#include <math.h>

struct _HfChart {
  gatomicrefcount n_refs;
  const HfChartKind *kind;
  gpointer data;
  char *title, *reason, *summary;
  HfTable *table;
};

HfChart *
hf_chart_new (const HfChartKind *kind, const char *title, gpointer data,
              HfTable *table, char *reason, char *summary)
{
  HfChart *self = g_new0 (HfChart, 1);

  g_atomic_ref_count_init (&self->n_refs);
  self->kind = kind;
  self->title = g_strdup (title);
  self->data = data;
  self->table = table;
  self->reason = reason;
  self->summary = summary;
  return self;
}

gconstpointer
hf_chart_get_data (const HfChart *self, const HfChartKind *kind)
{
  return self->kind == kind ? self->data : NULL;
}

HfChart *
hf_chart_ref (HfChart *self)
{
  g_atomic_ref_count_inc (&self->n_refs);
  return self;
}

void
hf_chart_unref (HfChart *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->n_refs))
    return;
  self->kind->free_data (self->data);
  hf_table_free (self->table);
  g_free (self->title);
  g_free (self->reason);
  g_free (self->summary);
  g_free (self);
}

/* The reason in the middle. */
static void
draw_reason (const HfPen *pen, const char *reason, double width, double height)
{
  double pad = hf_pen_px (pen, 6);
  double wide = MIN (width - 2 * pad, hf_pen_px (pen, 380));
  double high = hf_pen_paragraph (pen, HF_TEXT_QUIET, 0, 0, wide, height, 0.5,
                                  reason, FALSE);

  hf_pen_paragraph (pen, HF_TEXT_QUIET, (width - wide) / 2,
                    MAX (0, (height - high) / 2), wide, height, 0.5, reason,
                    TRUE);
}

void
hf_chart_draw (const HfChart *self, cairo_t *cr, double width, double height,
               const HfChartTheme *theme)
{
  HfPen pen;

  if (!(width >= 1 && height >= 1))
    return;
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_clip (cr);
  hf_pen_init (&pen, cr, theme);
  if (self->reason != NULL)
    draw_reason (&pen, self->reason, width, height);
  else
    self->kind->draw (self->data, &pen, width, height);
  hf_pen_clear (&pen);
  cairo_restore (cr);
}

double
hf_chart_measure (const HfChart *self, double width, const HfChartTheme *theme)
{
  cairo_surface_t *surface =
      cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (surface);
  double height;
  HfPen pen;

  hf_pen_init (&pen, cr, theme);
  height = self->reason != NULL
               ? 3 * pen.line + hf_pen_paragraph (
                                    &pen, HF_TEXT_QUIET, 0, 0,
                                    MIN (width, hf_pen_px (&pen, 380)),
                                    1000 * pen.line, 0.5, self->reason, FALSE)
               : self->kind->measure (self->data, &pen, width);
  hf_pen_clear (&pen);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return ceil (height);
}

const char *
hf_chart_get_title (const HfChart *self)
{
  return self->title;
}

const char *
hf_chart_get_reason (const HfChart *self)
{
  return self->reason;
}

const char *
hf_chart_get_summary (const HfChart *self)
{
  return self->summary;
}

const HfTable *
hf_chart_get_table (const HfChart *self)
{
  return self->table;
}

char *
hf_chart_dup_text (const HfChart *self)
{
  return hf_table_dup_text (self->table);
}
