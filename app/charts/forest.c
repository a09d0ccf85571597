/* forest.c: see the header. */
#include "app/charts/forest.h"

#include "app/charts/forest-private.h"
#include "app/charts/ticks.h"
#include "app/charts/wording.h"
#include "base/json.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static void
free_line (gpointer data)
{
  HfForestLine *self = data;

  g_free (self->section);
  g_free (self->section_note);
  g_free (self->label);
  g_free (self->note);
  g_free (self->detail);
  g_free (self->count);
  g_free (self->percent);
  g_free (self->interval);
  for (int i = 0; i < HF_FOREST_N_EXTRAS; i++)
    g_free (self->extras[i]);
  g_free (self);
}

void
hf_forest_free (gpointer data)
{
  HfForest *self = data;

  g_ptr_array_unref (self->lines);
  for (int i = 0; i < HF_FOREST_N_EXTRAS; i++)
    g_free (self->headings[i]);
  g_free (self);
}

static HfForest *
new_forest (double goal)
{
  HfForest *self = g_new0 (HfForest, 1);

  self->lines = g_ptr_array_new_with_free_func (free_line);
  self->goal = goal;
  return self;
}

static char *
dup_shown (const char *text)
{
  return text != NULL ? hf_json_dup_shown (text) : NULL;
}

static HfForestLine *
add_line (HfForest *self, const char *section, const char *label,
          const char *note, const HfRate *rate)
{
  HfForestLine *line = g_new0 (HfForestLine, 1);

  line->section = dup_shown (section);
  line->label = hf_json_dup_shown (label);
  line->note = dup_shown (note);
  line->count = hf_wording_dup_count (rate);
  line->percent = hf_wording_dup_rate (rate);
  line->interval = hf_wording_dup_interval (rate);
  line->rate = *rate;
  g_ptr_array_add (self->lines, line);
  return line;
}

/* The narrowest of some spans that holds every interval: from zero up for rates
 * that shall be small, down from one for those that shall be large. */
static void
set_scale (HfForest *self)
{
  double low = 1, high = 0;

  for (guint i = 0; i < self->lines->len; i++) {
    const HfRate *rate = &((HfForestLine *) self->lines->pdata[i])->rate;

    if (rate->n == 0 || !isfinite (rate->rate))
      continue;
    low = MIN (low, isfinite (rate->low) ? rate->low : rate->rate);
    high = MAX (high, isfinite (rate->high) ? rate->high : rate->rate);
  }
  if (isfinite (self->goal)) {
    low = MIN (low, self->goal);
    high = MAX (high, self->goal);
  }
  self->low = 0;
  self->high = hf_ticks_find_top (high);
  if (self->high == 1)
    self->low = hf_ticks_find_bottom (low);
}

static gboolean
has_numbers (const HfForest *self)
{
  for (guint i = 0; i < self->lines->len; i++)
    if (((HfForestLine *) self->lines->pdata[i])->rate.n > 0)
      return TRUE;
  return FALSE;
}

static void
add_rate (HfTable *table, const HfRate *rate)
{
  hf_table_add_int (table, rate->k);
  hf_table_add_int (table, rate->n);
  hf_table_add_number (table, rate->n > 0 ? rate->rate : NAN);
  hf_table_add_number (table, rate->n > 0 ? rate->low : NAN);
  hf_table_add_number (table, rate->n > 0 ? rate->high : NAN);
  hf_table_add_number (table, rate->k == 0 && rate->n > 0 ? rate->upper : NAN);
  hf_table_add_number (table, rate->n > 0 ? rate->n_eff : NAN);
  hf_table_add_int (table, rate->n_groups);
}

#define RATE_HEADINGS \
  "k", "n",           \
      _("rate"), _("low"), _("high"), _("upper"), "n_eff", _("groups")

static HfTable *
new_rates_table (const HfForest *self, const char *title)
{
  HfTable *table =
      hf_table_new (title, _("of"), _("rate of"), RATE_HEADINGS, NULL);
  const char *section = NULL;

  for (guint i = 0; i < self->lines->len; i++) {
    const HfForestLine *line = self->lines->pdata[i];

    section = line->section != NULL ? line->section : section;
    hf_table_add_text (table, section);
    hf_table_add_text (table, line->label);
    add_rate (table, &line->rate);
  }
  return table;
}

/* What each row says, one sentence a row. */
static char *
dup_summary (const HfForest *self)
{
  GString *text = g_string_new (NULL);
  const char *section = NULL, *label = NULL;

  for (guint i = 0; i < self->lines->len; i++) {
    const HfForestLine *line = self->lines->pdata[i];
    g_autofree char *sentence = hf_wording_dup_sentence (&line->rate);

    section = line->section != NULL ? line->section : section;
    label = *line->label != '\0' ? line->label : label;
    g_string_append_printf (text, "%s%s%s%s%s%s: %s.", i > 0 ? " " : "",
                            section != NULL ? section : "",
                            section != NULL ? ", " : "", label,
                            line->detail != NULL ? ", " : "",
                            line->detail != NULL ? line->detail : "", sentence);
  }
  return g_string_free (text, FALSE);
}

static HfChart *
finish (HfForest *self, const char *title, HfTable *table, const char *reason)
{
  set_scale (self);
  return hf_chart_new (&hf_forest_kind, title, self, table,
                       has_numbers (self) ? NULL : g_strdup (reason),
                       dup_summary (self));
}

HfChart *
hf_chart_new_rates (const char *title, const HfForestRow *rows, gsize n_rows,
                    double goal)
{
  HfForest *self = new_forest (goal);

  for (gsize i = 0; i < n_rows; i++)
    add_line (self, rows[i].section, rows[i].label, rows[i].note, &rows[i].rate)
        ->section_note = dup_shown (rows[i].section_note);
  return finish (self, title, new_rates_table (self, title),
                 _("No picture was tested, so there is no rate."));
}

static HfTable *
new_per_class_table (const HfForest *self, const char *title)
{
  HfTable *table =
      hf_table_new (title, _("class"), _("rate of"), RATE_HEADINGS, NULL);

  for (guint i = 0; i < self->lines->len; i++) {
    const HfForestLine *line = self->lines->pdata[i];
    const HfForestLine *named = self->lines->pdata[i - i % 2];

    hf_table_add_text (table, named->label);
    hf_table_add_text (table, line->detail);
    add_rate (table, &line->rate);
  }
  return table;
}

HfChart *
hf_chart_new_per_class (const char *const *classes, int n_classes,
                        const HfProbeEvaluation *probe)
{
  const char *title = _("Precision and Recall by Class");
  HfForest *self = new_forest (NAN);

  for (int c = 0; c < n_classes; c++) {
    HfForestLine *recall =
        add_line (self, NULL, classes[c], NULL, &probe->recall[c]);
    HfForestLine *precision =
        add_line (self, NULL, "", NULL, &probe->precision[c]);

    recall->begins = c > 0;
    recall->detail = g_strdup (_("recall"));
    precision->detail = g_strdup (_("precision"));
    precision->square = TRUE;
  }
  return finish (self, title, new_per_class_table (self, title),
                 _("No picture was tested, so no class has a rate."));
}

static HfTable *
new_comparison_table (const HfEvaluation *evaluation, int chosen,
                      gboolean timed)
{
  HfTable *table = hf_table_new (_("Right answers of every probe, by the same "
                                   "folds"),
      _("probe"), _("features"), _("in use"), RATE_HEADINGS,
                                      _("escapes"),
                                         _("bad parts"),
                                            _("overkill"),
                                               _("good parts"), timed
                                                  ? _("seconds") : NULL, NULL);

  for (guint i = 0; i < evaluation->probes->len; i++) {
    const HfProbeEvaluation *probe = evaluation->probes->pdata[i];

    hf_table_add_text (table, probe->name);
    hf_table_add_text (
        table, hf_blocks_get_name (hf_probe_evaluation_get_blocks (probe)));
    hf_table_add_text (table, (int) i == chosen ? _("yes") : "");
    add_rate (table, &probe->accuracy);
    hf_table_add_int (table, probe->escape_rate.k);
    hf_table_add_int (table, probe->escape_rate.n);
    hf_table_add_int (table, probe->overkill.k);
    hf_table_add_int (table, probe->overkill.n);
    if (timed)
      hf_table_add_number (table, probe->seconds);
  }
  return table;
}

static char *
dup_note (const HfProbeEvaluation *probe, gboolean timed)
{
  g_autofree char *seconds = NULL;

  if (!timed || !(probe->seconds >= 0))
    return g_strdup (
        hf_blocks_get_name (hf_probe_evaluation_get_blocks (probe)));
  seconds = hf_wording_dup_decimal (probe->seconds, 1);
  return g_strdup_printf (
      "%s \xc2\xb7 %s s",
      hf_blocks_get_name (hf_probe_evaluation_get_blocks (probe)), seconds);
}

HfChart *
hf_chart_new_comparison (const HfEvaluation *evaluation, int chosen,
                         gboolean timed)
{
  HfForest *self = new_forest (NAN);
  gboolean good = FALSE;

  for (guint i = 0; i < evaluation->probes->len; i++) {
    const HfProbeEvaluation *probe = evaluation->probes->pdata[i];
    g_autofree char *note = dup_note (probe, timed);
    HfForestLine *line =
        add_line (self, NULL, probe->name, note, &probe->accuracy);

    line->chosen = (int) i == chosen;
    line->extras[0] = hf_wording_dup_count (&probe->escape_rate);
    line->extras[1] = hf_wording_dup_count (&probe->overkill);
    good = good || probe->escape_rate.n > 0 || probe->overkill.n > 0;
  }
  if (good) {
    self->headings[0] = g_strdup (_("escapes"));
    self->headings[1] = g_strdup (_("overkill"));
  }
  return finish (self, _("Probes Compared"),
                          new_comparison_table (evaluation, chosen, timed),
                          _("No probe was tested."));
}
