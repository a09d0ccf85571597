/* bench-plots.c: draws what benchmarks measured, with the program's own charts.
 *
 *   bench-plots FOLDER FILE...
 *
 * Each FILE has a line of JSON for a measurement, as bench-peers.py and
 * bench-rows.py append them with --json; of several with the same names the
 * last counts. FOLDER gets two SVGs for each tower: NAME.svg and NAME-dark.svg.
 * Bars are milliseconds a row, medians; a line spans the middle half of the
 * calls. Of a peer's two graphs the faster one is drawn. */
#include "app/charts/chart-private.h"
#include "app/charts/save.h"
#include "base/json.h"

#include <stdio.h>
#include <string.h>

#define WIDTH 720

typedef struct {
  int batch;
  char *engine;         /* "ours-f32" */
  double ms, low, high; /* of a row */
} Bar;

/* A tower with all that was measured of it. */
typedef struct {
  char *name, *title;
  GArray *bars; /* Bar, sorted by batch */
} Plot;

typedef struct {
  const char *engine, *label;
} Label;

static const Label labels[] = {
    {"ours-f32", "Handful f32"},
    {"ours-f16", "Handful f16"},
    {"ours-bf16", "Handful bf16"},
    {"ours-int8", "Handful int8"},
    {"ort", "ONNX Runtime f32"},
    {"ort-int8", "ONNX Runtime int8"},
    {"openvino", "OpenVINO f32"},
    {"openvino-bf16", "OpenVINO bf16"},
    {"torch", "PyTorch f32"},
    {"torch-bf16", "PyTorch bf16"},
    {"Pillow + ort", "Pillow and ONNX Runtime f32"},
};

static void
bar_clear (gpointer data)
{
  g_free (((Bar *) data)->engine);
}

static void
plot_free (gpointer data)
{
  Plot *plot = data;

  g_free (plot->name);
  g_free (plot->title);
  g_array_unref (plot->bars);
  g_free (plot);
}

/* Where the engine stands in each group, and -1 if nobody knows it. */
static int
find_label (const char *engine)
{
  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_str_equal (labels[i].engine, engine))
      return (int) i;
  return -1;
}

static int
compare_bars (gconstpointer a, gconstpointer b)
{
  const Bar *x = a, *y = b;

  if (x->batch != y->batch)
    return x->batch - y->batch;
  return find_label (x->engine) - find_label (y->engine);
}

static gboolean
is_ours (const Bar *bar)
{
  return g_str_has_prefix (bar->engine, "ours");
}

/* --- The chart ---------------------------------------------------------- */

static double
get_row_height (const HfPen *pen)
{
  return pen->line * 1.5;
}

static gboolean
begins_group (const GArray *bars, guint i)
{
  return i == 0 || g_array_index (bars, Bar, i).batch !=
                       g_array_index (bars, Bar, i - 1).batch;
}

static double
measure_bars (gconstpointer data, const HfPen *pen, double width)
{
  const GArray *bars = ((const Plot *) data)->bars;
  double height = 0;

  for (guint i = 0; i < bars->len; i++)
    height += get_row_height (pen) * (begins_group (bars, i) ? 2.2 : 1);
  return height;
}

typedef struct {
  double label, number; /* widths of the columns */
  double scale;         /* units a millisecond */
} Columns;

static Columns
measure_columns (const GArray *bars, const HfPen *pen, double width)
{
  Columns columns = {0, hf_pen_measure (pen, HF_TEXT_BOLD, "8888.8 ms"), 0};
  double most = 0;

  for (guint i = 0; i < bars->len; i++) {
    const Bar *bar = &g_array_index (bars, Bar, i);

    columns.label = MAX (
        columns.label, hf_pen_measure (pen, HF_TEXT_PLAIN,
                                       labels[find_label (bar->engine)].label));
    most = MAX (most, MAX (bar->ms, bar->high));
  }
  columns.scale =
      (width - columns.label - columns.number - hf_pen_px (pen, 24)) / most;
  return columns;
}

static void
draw_bar (const Bar *bar, const Columns *columns, const HfPen *pen, double y,
          double width)
{
  const HfColour *colour =
      is_ours (bar) ? &pen->theme->accent : &pen->theme->quiet;
  const double row = get_row_height (pen), text = y + (row - pen->line) / 2;
  const double x = columns->label + hf_pen_px (pen, 12);
  g_autofree char *number =
      g_strdup_printf (bar->ms < 100 ? "%.1f ms" : "%.0f ms", bar->ms);

  hf_pen_text (pen, HF_TEXT_PLAIN, 0, text, columns->label, 0,
               labels[find_label (bar->engine)].label);
  hf_pen_box (pen, x, y + row * 0.16, bar->ms * columns->scale, row * 0.68,
              colour, is_ours (bar) ? 0.75 : 0.35);
  if (bar->high > bar->low)
    hf_pen_hairline (pen, x + bar->low * columns->scale, y + row / 2,
                     x + bar->high * columns->scale, y + row / 2, 0.8);
  hf_pen_text (pen, is_ours (bar) ? HF_TEXT_BOLD : HF_TEXT_PLAIN,
               width - columns->number, text, columns->number, 1, number);
}

static void
draw_bars (gconstpointer data, const HfPen *pen, double width, double height)
{
  const GArray *bars = ((const Plot *) data)->bars;
  const Columns columns = measure_columns (bars, pen, width);
  const double row = get_row_height (pen);
  double y = 0;

  for (guint i = 0; i < bars->len; i++, y += row) {
    const Bar *bar = &g_array_index (bars, Bar, i);

    if (begins_group (bars, i)) {
      g_autofree char *heading =
          g_strdup_printf (bar->batch > 1 ? "%d in a call, milliseconds each"
                                          : "%d in a call, milliseconds",
                           bar->batch);

      hf_pen_text (pen, HF_TEXT_QUIET, 0, y + row * 0.4, width, 0, heading);
      y += row * 1.2;
    }
    draw_bar (bar, &columns, pen, y, width);
  }
}

static const HfChartKind bars_kind = {draw_bars, measure_bars, plot_free};

static HfTable *
new_table (const Plot *plot)
{
  HfTable *table = hf_table_new (plot->title, "in a call", "engine",
                                 "milliseconds each", NULL);

  for (guint i = 0; i < plot->bars->len; i++) {
    const Bar *bar = &g_array_index (plot->bars, Bar, i);
    g_autofree char *ms = g_strdup_printf ("%.2f", bar->ms);

    hf_table_add_int (table, bar->batch);
    hf_table_add_text (table, labels[find_label (bar->engine)].label);
    hf_table_add_text (table, ms);
  }
  return table;
}

/* --- From lines to files ------------------------------------------------- */

static Plot *
find_plot (GPtrArray *plots, const char *model, const char *tower)
{
  g_autofree char *name = g_strdup_printf ("%s-%s", model, tower);
  Plot *plot;

  for (guint i = 0; i < plots->len; i++)
    if (g_str_equal (((Plot *) plots->pdata[i])->name, name))
      return plots->pdata[i];
  plot = g_new0 (Plot, 1);
  plot->title = g_str_equal (tower, "row")
                    ? g_strdup ("From a photograph of 12 megapixels to a row")
                    : g_strdup_printf ("%s, %ss", model, tower);
  plot->name = g_steal_pointer (&name);
  plot->bars = g_array_new (FALSE, FALSE, sizeof (Bar));
  g_array_set_clear_func (plot->bars, bar_clear);
  g_ptr_array_add (plots, plot);
  return plot;
}

/* An engine's two graphs are one; which of them is faster is seen when both are
 * there, so that a second measurement of one replaces the first. */
static void
add_bar (Plot *plot, Bar *bar)
{
  for (guint i = 0; i < plot->bars->len; i++) {
    Bar *old = &g_array_index (plot->bars, Bar, i);

    if (old->batch == bar->batch && g_str_equal (old->engine, bar->engine)) {
      g_array_remove_index (plot->bars, i);
      break;
    }
  }
  g_array_append_val (plot->bars, *bar);
}

static double
get_number (HfJson *json, const char *name)
{
  return json_object_get_double (hf_json_get (json, name));
}

static void
add_line (GPtrArray *plots, HfJson *json)
{
  const char *bench = json_object_get_string (hf_json_get (json, "bench"));
  const gboolean is_row = g_strcmp0 (bench, "rows") == 0;
  const char *model =
      is_row ? "photograph"
             : json_object_get_string (hf_json_get (json, "model"));
  const char *tower =
      is_row ? "row" : json_object_get_string (hf_json_get (json, "tower"));
  const char *engine = json_object_get_string (hf_json_get (json, "engine"));
  const int n = is_row ? 1 : json_object_get_int (hf_json_get (json, "batch"));
  Bar bar = {n, NULL, get_number (json, "ms") / MAX (n, 1),
             get_number (json, "low_ms") / MAX (n, 1),
             get_number (json, "high_ms") / MAX (n, 1)};

  if (model == NULL || tower == NULL || engine == NULL || n < 1 || bar.ms <= 0)
    return;
  bar.engine = g_strdup (engine);
  add_bar (find_plot (plots, model, tower), &bar);
}

/* Leaves the faster of "ort" and "ort-fused" under the name of the first, and
 * what nobody knows the name of away. */
static void
tidy (GArray *bars)
{
  for (guint i = 0; i < bars->len; i++) {
    Bar *fused = &g_array_index (bars, Bar, i);

    if (!g_str_has_suffix (fused->engine, "-fused"))
      continue;
    fused->engine[strlen (fused->engine) - strlen ("-fused")] = '\0';
    for (guint j = 0; j < bars->len; j++) {
      Bar *plain = &g_array_index (bars, Bar, j);

      if (j == i || plain->batch != fused->batch ||
          !g_str_equal (plain->engine, fused->engine))
        continue;
      if (fused->ms < plain->ms) {
        plain->ms = fused->ms;
        plain->low = fused->low;
        plain->high = fused->high;
      }
      *fused->engine = '\0';
      break;
    }
  }
  for (guint i = bars->len; i > 0; i--)
    if (find_label (g_array_index (bars, Bar, i - 1).engine) < 0)
      g_array_remove_index (bars, i - 1);
  g_array_sort (bars, compare_bars);
}

static gboolean
read_file (GPtrArray *plots, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    g_autoptr (HfJson) json = NULL;

    if (**line == '\0')
      continue;
    json = hf_json_parse (*line, strlen (*line), error);
    if (json == NULL)
      return FALSE;
    add_line (plots, json);
  }
  return TRUE;
}

static gboolean
save_plot (HfChart *chart, const char *folder, const char *name, GError **error)
{
  const HfChartLook looks[] = {HF_CHART_LIGHT, HF_CHART_DARK};
  const char *const ends[] = {".svg", "-dark.svg"};

  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++) {
    g_autofree char *file = g_strconcat (name, ends[i], NULL);
    g_autofree char *path = g_build_filename (folder, file, NULL);
    HfChartTheme theme;

    hf_chart_theme_init (&theme, looks[i]);
    if (!hf_chart_save (chart, path, WIDTH, 0, &theme, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
save_plots (GPtrArray *plots, const char *folder, GError **error)
{
  for (guint i = 0; i < plots->len; i++) {
    Plot *plot = plots->pdata[i];
    g_autofree char *name = g_ascii_strdown (plot->name, -1);
    g_autoptr (HfChart) chart = NULL;

    tidy (plot->bars);
    plots->pdata[i] = NULL;
    chart = hf_chart_new (
        &bars_kind, plot->title, plot, new_table (plot),
        plot->bars->len == 0 ? g_strdup ("Nothing was measured.") : NULL,
        g_strdup_printf ("Milliseconds of %u cases, ours beside others'.",
                         plot->bars->len));
    if (!save_plot (chart, folder, name, error))
      return FALSE;
  }
  return TRUE;
}

static void
free_if_any (gpointer plot)
{
  if (plot != NULL)
    plot_free (plot);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) plots = g_ptr_array_new_with_free_func (free_if_any);
  g_autoptr (GError) error = NULL;
  gboolean done = TRUE;

  if (argc < 3) {
    fprintf (stderr, "bench-plots FOLDER FILE...\n");
    return 2;
  }
  for (int i = 2; i < argc && done; i++)
    done = read_file (plots, argv[i], &error);
  done = done && save_plots (plots, argv[1], &error);
  if (!done)
    fprintf (stderr, "bench-plots: %s\n", error->message);
  return done ? 0 : 1;
}
