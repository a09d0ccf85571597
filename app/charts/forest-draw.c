/* forest-draw.c: where the columns of a forest lie, and its drawing.
 *
 * Wide:   label  count  ----o------  percent  interval  extras
 * Narrow: label  count           percent (interval)
 *         ----o------------------------------------
 */
#include "app/charts/forest-private.h"
#include "app/charts/ticks.h"
#include "app/charts/wording.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct {
  gboolean narrow;
  double label, detail, count, percent, interval,
      extra[HF_FOREST_N_EXTRAS]; /* wide */
  double gap;
  double scale_x, scale_width;
  double row, section, begin, heading, axis; /* heights */
} Columns;

static const HfForestLine *
get_line (const HfForest *self, guint i)
{
  return self->lines->pdata[i];
}

static void
widen (double *column, const HfPen *pen, HfTextStyle style, const char *text)
{
  if (text != NULL && *text != '\0')
    *column = MAX (*column, hf_pen_measure (pen, style, text));
}

static void
measure_columns (const HfForest *self, const HfPen *pen, Columns *columns)
{
  for (guint i = 0; i < self->lines->len; i++) {
    const HfForestLine *line = get_line (self, i);

    widen (&columns->label, pen, HF_TEXT_BOLD, line->label);
    widen (&columns->label, pen, HF_TEXT_QUIET, line->note);
    widen (&columns->detail, pen, HF_TEXT_QUIET, line->detail);
    widen (&columns->count, pen, HF_TEXT_BOLD, line->count);
    widen (&columns->percent, pen, HF_TEXT_PLAIN, line->percent);
    widen (&columns->interval, pen, HF_TEXT_QUIET, line->interval);
    for (int e = 0; e < HF_FOREST_N_EXTRAS; e++)
      if (self->headings[e] != NULL)
        widen (&columns->extra[e], pen, HF_TEXT_PLAIN, line->extras[e]);
  }
  for (int e = 0; e < HF_FOREST_N_EXTRAS; e++)
    widen (&columns->extra[e], pen, HF_TEXT_QUIET, self->headings[e]);
}

static gboolean
has_notes (const HfForest *self)
{
  for (guint i = 0; i < self->lines->len; i++)
    if (get_line (self, i)->note != NULL)
      return TRUE;
  return FALSE;
}

static void
set_heights (const HfForest *self, const HfPen *pen, Columns *columns)
{
  gboolean notes = has_notes (self);

  columns->row = pen->line * (columns->narrow ? 2.3 : notes ? 2.5 : 1.55);
  columns->section = pen->line * 1.7;
  columns->begin = columns->narrow ? 0 : pen->line * 0.4;
  columns->heading =
      self->headings[0] != NULL && !columns->narrow ? pen->line * 1.4 : 0;
  columns->axis = pen->line + hf_pen_px (pen, 6);
}

static void
lay_out (const HfForest *self, const HfPen *pen, double width, Columns *columns)
{
  double rest;

  *columns = (Columns){.gap = hf_pen_px (pen, 10)};
  measure_columns (self, pen, columns);
  columns->label = MIN (columns->label, 0.34 * width);
  if (columns->detail > 0)
    columns->detail += columns->gap;
  rest = width - columns->label - columns->detail - columns->count -
         columns->percent - columns->interval - 4 * columns->gap;
  for (int e = 0; e < HF_FOREST_N_EXTRAS; e++)
    if (columns->extra[e] > 0)
      rest -= columns->extra[e] + columns->gap;
  columns->narrow = rest < hf_pen_px (pen, 90);
  columns->scale_x = columns->narrow ? hf_pen_px (pen, 5)
                                     : columns->label + columns->detail +
                                           columns->count + 2.5 * columns->gap;
  columns->scale_width =
      columns->narrow ? width - hf_pen_px (pen, 10) : rest - columns->gap;
  set_heights (self, pen, columns);
}

static double
get_height (const Columns *self, const HfForestLine *line)
{
  return self->row + (line->section != NULL ? self->section : 0) +
         (line->begins ? self->begin : 0);
}

static double
get_total (const HfForest *self, const Columns *columns)
{
  double total = columns->heading + columns->axis;

  for (guint i = 0; i < self->lines->len; i++)
    total += get_height (columns, get_line (self, i));
  return total;
}

static double
get_x (const HfForest *self, const Columns *columns, double value)
{
  double share = (value - self->low) / (self->high - self->low);

  return columns->scale_x + columns->scale_width * CLAMP (share, 0, 1);
}

/* The hairline over the whole scale, the interval, the point. At none of n the
 * bar is the one-sided bound, as in the words beside it. */
static void
draw_whisker (const HfForest *self, const HfPen *pen, const Columns *columns,
              const HfForestLine *line, double y)
{
  const HfRate *rate = &line->rate;
  double high =
      rate->k == 0 && isfinite (rate->upper) ? rate->upper : rate->high;

  hf_pen_hairline (pen, columns->scale_x, y,
                   columns->scale_x + columns->scale_width, y,
                   pen->theme->grid_alpha);
  if (isfinite (self->goal))
    hf_pen_dashes (pen, get_x (self, columns, self->goal),
                   y - hf_pen_px (pen, 7), get_x (self, columns, self->goal),
                   y + hf_pen_px (pen, 7), 0.7);
  if (rate->n == 0 || !isfinite (rate->rate))
    return;
  if (isfinite (rate->low) && isfinite (high))
    hf_pen_whisker (pen, get_x (self, columns, rate->low), y,
                    get_x (self, columns, high), y);
  hf_pen_mark (pen, line->square ? HF_MARK_SQUARE : HF_MARK_DISC,
               get_x (self, columns, rate->rate), y);
}

static void
draw_label (const HfPen *pen, const HfForestLine *line, double width, double y,
            double row)
{
  HfTextStyle style = line->chosen ? HF_TEXT_BOLD : HF_TEXT_PLAIN;

  if (line->note == NULL || row < 2 * pen->line) {
    hf_pen_text (pen, style, 0, y + (row - pen->line) / 2, width, 0,
                 line->label);
    return;
  }
  y += (row - 2 * pen->line) / 2;
  hf_pen_text (pen, style, 0, y, width, 0, line->label);
  hf_pen_text (pen, HF_TEXT_QUIET, 0, y + pen->line, width, 0, line->note);
}

static void
draw_wide (const HfForest *self, const HfPen *pen, const Columns *columns,
           const HfForestLine *line, double y)
{
  double text = y + (columns->row - pen->line) / 2;
  double x = columns->scale_x + columns->scale_width + 1.5 * columns->gap;

  draw_label (pen, line, columns->label, y, columns->row);
  if (line->detail != NULL)
    hf_pen_text (pen, HF_TEXT_QUIET, columns->label + columns->gap, text,
                 columns->detail, 0, line->detail);
  hf_pen_text (pen, HF_TEXT_BOLD,
               columns->label + columns->detail + columns->gap, text,
               columns->count, 1, line->count);
  draw_whisker (self, pen, columns, line, y + columns->row / 2);
  hf_pen_text (pen, HF_TEXT_PLAIN, x, text, columns->percent, 1, line->percent);
  x += columns->percent + columns->gap;
  hf_pen_text (pen, HF_TEXT_QUIET, x, text, columns->interval, 0,
               line->interval);
  x += columns->interval;
  for (int e = 0; e < HF_FOREST_N_EXTRAS; e++) {
    if (columns->extra[e] == 0)
      continue;
    x += columns->gap;
    hf_pen_text (pen, HF_TEXT_PLAIN, x, text, columns->extra[e], 1,
                 line->extras[e]);
    x += columns->extra[e];
  }
}

static void
draw_narrow (const HfForest *self, const HfPen *pen, const Columns *columns,
             const HfForestLine *line, double width, double y)
{
  double interval = hf_pen_measure (pen, HF_TEXT_QUIET, line->interval);
  double percent = hf_pen_measure (pen, HF_TEXT_PLAIN, line->percent);
  double count = hf_pen_measure (pen, HF_TEXT_BOLD, line->count);
  double gap = hf_pen_px (pen, 6);
  HfTextStyle style = line->chosen ? HF_TEXT_BOLD : HF_TEXT_PLAIN;
  g_autofree char *label = NULL;
  double room;

  y += MAX (0, (columns->row - 2.1 * pen->line) / 2);
  /* What has no room goes: first the percent, then the interval. */
  if (percent + interval + count + 4 * gap > 0.8 * width)
    percent = 0;
  if (interval + count + 3 * gap > 0.8 * width)
    interval = 0;
  hf_pen_text (pen, HF_TEXT_QUIET, width - interval, y, interval, 1,
               line->interval);
  hf_pen_text (pen, HF_TEXT_PLAIN, width - interval - gap - percent, y, percent,
               1, line->percent);
  room = width - interval - percent - 2 * gap - count - gap;
  label = line->detail == NULL ? g_strdup (line->label)
          : *line->label == '\0'
              ? g_strdup (line->detail)
              : g_strdup_printf ("%s, %s", line->label, line->detail);
  hf_pen_text (pen, style, 0, y, room, 0, label);
  hf_pen_text (pen, HF_TEXT_BOLD,
               MIN (room, hf_pen_measure (pen, style, label)) + gap, y, count,
               0, line->count);
  draw_whisker (self, pen, columns, line, y + 1.6 * pen->line);
}

/* The goal's name at its tick; returns where it is, empty without a goal. */
static void
draw_goal (const HfForest *self, const HfPen *pen, const Columns *columns,
           double width, double y, double taken[2])
{
  g_autofree char *percent = NULL, *text = NULL;
  double wide, left;

  taken[0] = taken[1] = -1;
  if (!isfinite (self->goal))
    return;
  percent = hf_wording_dup_short (100 * self->goal, 3);
  text = g_strdup_printf (_("goal %s\xc2\xa0%%"), percent);
  wide = hf_pen_measure (pen, HF_TEXT_QUIET, text);
  left = CLAMP (get_x (self, columns, self->goal) - wide / 2, 0,
                MAX (0, width - wide));
  hf_pen_text (pen, HF_TEXT_QUIET, left, y, wide, 0.5, text);
  taken[0] = left - hf_pen_px (pen, 4);
  taken[1] = left + wide + hf_pen_px (pen, 4);
}

/* The numbers of the scale, under the last row; those that would touch another
 * or the goal are left out. */
static void
draw_scale (const HfForest *self, const HfPen *pen, const Columns *columns,
            double width, double y)
{
  double free_from = 0, taken[2];
  HfTicks ticks;

  draw_goal (self, pen, columns, width, y, taken);
  hf_ticks_init_share (
      &ticks, self->low, self->high,
      CLAMP ((int) (columns->scale_width / hf_pen_px (pen, 56)), 2, 6));
  for (int i = 0; i < ticks.n; i++) {
    double x = get_x (self, columns, ticks.at[i]);
    double wide = hf_pen_measure (pen, HF_TEXT_QUIET, ticks.text[i]);
    double left = CLAMP (x - wide / 2, 0, MAX (0, width - wide));

    if ((i > 0 && left < free_from) ||
        (left < taken[1] && taken[0] < left + wide))
      continue;
    hf_pen_text (pen, HF_TEXT_QUIET, left, y, wide, 0.5, ticks.text[i]);
    free_from = left + wide + hf_pen_px (pen, 4);
  }
}

static void
draw_headings (const HfForest *self, const HfPen *pen, const Columns *columns)
{
  double x = columns->scale_x + columns->scale_width + 2.5 * columns->gap +
             columns->percent + columns->interval;

  hf_pen_text (pen, HF_TEXT_QUIET, columns->label + columns->gap, 0,
               columns->count, 1, _("right"));
  for (int e = 0; e < HF_FOREST_N_EXTRAS; e++) {
    if (columns->extra[e] == 0)
      continue;
    x += columns->gap;
    hf_pen_text (pen, HF_TEXT_QUIET, x - columns->gap, 0, columns->extra[e], 1,
                 self->headings[e]);
    x += columns->extra[e];
  }
}

/* Rows get closer where the height is short of them, and the last ones become
 * a word where that is not enough. Returns how many are drawn. */
static guint
squeeze (const HfForest *self, const HfPen *pen, Columns *columns,
         double height)
{
  double least = pen->line * (columns->narrow ? 2.05 : 1.05);
  guint n_sections = 0, n = self->lines->len;
  double room;

  if (get_total (self, columns) <= height)
    return n;
  for (guint i = 0; i < n; i++)
    n_sections += get_line (self, i)->section != NULL;
  columns->section = pen->line * 1.15;
  columns->begin = 0;
  room =
      height - columns->heading - columns->axis - n_sections * columns->section;
  columns->row = MIN (columns->row, MAX (least, room / n));
  if (get_total (self, columns) <= height + 0.5)
    return n;
  room = height - columns->heading - columns->axis - pen->line;
  for (guint i = 0; i < n; i++) {
    room -= get_height (columns, get_line (self, i));
    if (room < 0)
      return i;
  }
  return n;
}

static void
draw_section (const HfPen *pen, const HfForestLine *line, double width,
              double y)
{
  double wide = hf_pen_measure (pen, HF_TEXT_BOLD, line->section);
  double gap = hf_pen_px (pen, 6);

  hf_pen_text (pen, HF_TEXT_BOLD, 0, y, width, 0, line->section);
  if (line->section_note != NULL)
    hf_pen_text (pen, HF_TEXT_QUIET, wide + gap, y, width - wide - gap, 0,
                 line->section_note);
}

static void
draw_forest (gconstpointer data, const HfPen *pen, double width, double height)
{
  const HfForest *self = data;
  Columns columns;
  guint n_drawn;
  double y;

  lay_out (self, pen, width, &columns);
  n_drawn = squeeze (self, pen, &columns, height);
  y = columns.heading;
  if (columns.heading > 0)
    draw_headings (self, pen, &columns);
  for (guint i = 0; i < n_drawn; i++) {
    const HfForestLine *line = get_line (self, i);

    if (line->section != NULL) {
      draw_section (pen, line, width, y + columns.section - 1.1 * pen->line);
      y += columns.section;
    }
    if (line->begins)
      y += columns.begin;
    if (columns.narrow)
      draw_narrow (self, pen, &columns, line, width, y);
    else
      draw_wide (self, pen, &columns, line, y);
    y += columns.row;
  }
  draw_scale (self, pen, &columns, width, y + hf_pen_px (pen, 2));
  if (n_drawn < self->lines->len) {
    g_autofree char *more =
        g_strdup_printf (_("and %u more"), self->lines->len - n_drawn);

    hf_pen_text (pen, HF_TEXT_QUIET, 0, y + columns.axis, width, 0, more);
  }
}

static double
measure_forest (gconstpointer data, const HfPen *pen, double width)
{
  Columns columns;

  lay_out (data, pen, width, &columns);
  return get_total (data, &columns);
}

const HfChartKind hf_forest_kind = {draw_forest, measure_forest,
                                    hf_forest_free};
