/* content.c: see content-private.h. The order is the auditor's: what the rates
 * are and what they mean, where the probe errs, what it was trained on and how,
 * and what all that can be traced by. */
#include "app/report/content-private.h"

#include "app/charts/calibration.h"
#include "app/charts/confusion.h"
#include "app/charts/counts.h"
#include "app/charts/curves.h"
#include "app/charts/forest.h"
#include "app/charts/learning.h"
#include "app/charts/wording.h"
#include "app/jobs/pictures.h"
#include "app/report/facts-private.h"
#include "base/json.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define N_MISSES 10
/* More classes than this have their rates as a table, more lines than this of
 * a list are counted only. */
#define N_CLASSES_DRAWN 8
/* More than this want the whole width for what is called what. */
#define N_CLASSES_HALF 5
#define N_LISTED 12

static void
free_piece (gpointer data)
{
  HfPiece *self = data;

  g_free (self->text);
  g_clear_pointer (&self->table, hf_table_free);
  g_clear_pointer (&self->chart, hf_chart_unref);
  g_clear_pointer (&self->second, hf_chart_unref);
  g_clear_pointer (&self->misses, g_ptr_array_unref);
  g_free (self);
}

void
hf_report_content_free (HfReportContent *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->date);
  g_free (self->date_iso);
  g_free (self->generator);
  g_free (self->summary);
  g_ptr_array_unref (self->pieces);
  g_free (self);
}

static HfPiece *
add (HfReportContent *self, HfPieceKind kind)
{
  HfPiece *piece = g_new0 (HfPiece, 1);

  piece->kind = kind;
  g_ptr_array_add (self->pieces, piece);
  return piece;
}

static void
add_text (HfReportContent *self, HfPieceKind kind, const char *text)
{
  add (self, kind)->text = hf_json_dup_shown (text);
}

static void
add_table (HfReportContent *self, HfPieceKind kind, HfTable *table)
{
  if (hf_table_get_n_rows (table) > 0)
    add (self, kind)->table = table;
  else
    hf_table_free (table);
}

/* @second may be NULL. */
static HfPiece *
add_charts (HfReportContent *self, HfChart *chart, HfChart *second)
{
  HfPiece *piece = add (self, HF_PIECE_CHART);

  piece->chart = chart;
  piece->second = second;
  return piece;
}

/* The classes' names and kinds, as the charts want them. */
typedef struct {
  int n;
  const char **names;
  HfClassKind *kinds;
} Classes;

static void
classes_init (Classes *self, const GPtrArray *classes)
{
  self->n = (int) classes->len;
  self->names = g_new0 (const char *, self->n + 1);
  self->kinds = g_new0 (HfClassKind, self->n + 1);
  for (int c = 0; c < self->n; c++) {
    const HfSampleClass *class = classes->pdata[c];

    self->names[c] = class->name;
    self->kinds[c] = class->kind;
  }
}

static void
classes_clear (Classes *self)
{
  g_free (self->names);
  g_free (self->kinds);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Classes, classes_clear)

static HfRate
get_wrong (const HfRate *right)
{
  HfRate wrong = *right;

  wrong.k = right->n - right->k;
  wrong.rate = 1 - right->rate;
  wrong.low = 1 - right->high;
  wrong.high = 1 - right->low;
  wrong.upper = wrong.k > 0      ? NAN
                : right->grouped ? hf_rate_upper (0, right->n_groups)
                                 : hf_rate_upper (0, right->n);
  return wrong;
}

static void
append_rates (GArray *rows, const char *section, gboolean good,
              const HfRate *escapes, const HfRate *overkill,
              const HfRate *right)
{
  HfForestRow row = {.section = section};

  if (good) {
    row.label = _("Escapes");
    row.rate = *escapes;
    g_array_append_val (rows, row);
    row.section = NULL;
    row.label = _("Overkill");
    row.rate = *overkill;
    g_array_append_val (rows, row);
    row.section = NULL;
  }
  row.label = _("Wrong");
  row.rate = get_wrong (right);
  g_array_append_val (rows, row);
}

/* All rates on one scale: of all labels, of the audited ones, of the acceptance
 * set. */
static HfChart *
new_rates (const HfReportInput *input)
{
  const HfProbeEvaluation *probe = hf_report_get_probe (input);
  gboolean good = hf_sample_classes_have_good (input->samples->classes);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (HfForestRow));

  append_rates (rows, _("All labelled, held out"), good, &probe->escape_rate,
                         &probe->overkill, &probe->accuracy);
  if (probe->audited_accuracy.n > 0)
    append_rates (rows, _("Of these, not picked by hand"), good,
                           &probe->audited_escape_rate,
                           &probe->audited_overkill, &probe->audited_accuracy);
  if (input->acceptance != NULL)
    append_rates (rows, _("Acceptance set, the probe itself"), good,
                           &input->acceptance->escape_rate,
                           &input->acceptance->overkill,
                           &input->acceptance->accuracy);
  return hf_chart_new_rates (_("Rates"), (const HfForestRow *) rows->data,
                                rows->len, NAN);
}

static void
add_warnings (HfReportContent *self, const HfReportInput *input)
{
  for (gsize i = 0; input->warnings != NULL && input->warnings[i] != NULL; i++)
    add_text (self, HF_PIECE_WARNING, input->warnings[i]);
}

static void
add_result (HfReportContent *self, const HfReportInput *input)
{
  g_autofree char *estimate = NULL;

  add_text (self, HF_PIECE_HEADING, _("Result"));
  if (hf_report_get_probe (input) == NULL) {
    add_text (self, HF_PIECE_WARNING,
              _("No rate can be given: there are too few labels to hold any "
                "out. Label at least two pictures of two classes."));
    add_warnings (self, input);
    return;
  }
  add_table (self, HF_PIECE_FIGURES, hf_report_new_figures (input));
  estimate = hf_report_dup_estimate (input);
  add_text (self, HF_PIECE_TEXT, estimate);
  add_warnings (self, input);
  add_charts (self, new_rates (input), NULL);
  if (!hf_sample_classes_have_good (input->samples->classes))
    add_text (self, HF_PIECE_TEXT,
              _("No class is set as good, so that there are no escapes and no "
                "overkill to count."));
}

static const HfProbeEvaluation *
find_zero_shot (const HfReportInput *input)
{
  for (guint i = 0; i < input->evaluation->probes->len; i++) {
    const HfProbeEvaluation *probe = input->evaluation->probes->pdata[i];

    if (probe->spec.kind == HF_PROBE_ZERO_SHOT && i != input->probe)
      return probe;
  }
  return NULL;
}

/* A rate as a cell: "39 of 40, 98 % (87-100 %)". */
static void
add_rate_cell (HfTable *table, const HfRate *rate)
{
  g_autofree char *text =
      rate->n > 0 ? hf_wording_dup_sentence (rate) : g_strdup (_("none"));

  hf_table_add_text (table, text);
}

static HfTable *
new_per_class_table (const Classes *classes, const HfProbeEvaluation *probe)
{
  HfTable *table = hf_table_new (
      _("Rates by class"), _("class"), _("recall"), _("precision"), NULL);

  for (int c = 0; c < classes->n; c++) {
    hf_table_add_text (table, classes->names[c]);
    add_rate_cell (table, &probe->recall[c]);
    add_rate_cell (table, &probe->precision[c]);
  }
  return table;
}

/* Takes charts of half a line each, and puts two side by side. */
static void
add_halves (HfReportContent *self, HfChart **halves, guint n)
{
  for (guint i = 0; i < n; i += 2)
    add_charts (self, halves[i], i + 1 < n ? halves[i + 1] : NULL)->caption =
        TRUE;
}

static void
add_errors (HfReportContent *self, const HfReportInput *input,
            const Classes *classes)
{
  const HfProbeEvaluation *probe = hf_report_get_probe (input);
  HfChart *confusion = hf_chart_new_confusion (classes->names, classes->kinds,
                                               classes->n, probe->confusion);
  g_autoptr (HfChart) per_class =
      hf_chart_new_per_class (classes->names, classes->n, probe);
  g_autoptr (HfChart) roc = hf_chart_new_roc (probe);
  gboolean is_large = classes->n > N_CLASSES_HALF;
  HfChart *halves[4];
  guint n = 0;

  add_text (self, HF_PIECE_HEADING, _("Where it errs"));
  if (!is_large)
    halves[n++] = confusion;
  if (hf_chart_get_reason (roc) == NULL)
    halves[n++] = hf_chart_ref (roc);
  halves[n++] = hf_chart_new_calibration (probe);
  halves[n++] = hf_chart_new_learning (probe->name, probe->learning,
                                       find_zero_shot (input));
  add_halves (self, halves, n);
  /* Behind the small ones, which fill what is left of the first page. */
  if (is_large)
    add_charts (self, confusion, NULL);
  if (classes->n <= N_CLASSES_DRAWN)
    add_charts (self, hf_chart_ref (per_class), NULL);
  else
    add_table (self, HF_PIECE_TABLE, new_per_class_table (classes, probe));
}

static void
add_comparison (HfReportContent *self, const HfReportInput *input)
{
  if (input->evaluation->probes->len < 2)
    return;
  add_text (self, HF_PIECE_HEADING, _("Probes compared"));
  add_charts (
      self,
      hf_chart_new_comparison (input->evaluation, (int) input->probe, FALSE),
      NULL)
      ->bare = TRUE;
}

/* What ignoring the lots would have shown. */
static void
add_leak (HfReportContent *self, const HfReportInput *input)
{
  const HfEvaluation *evaluation = input->evaluation;
  g_autofree char *grouped = NULL, *random = NULL, *text = NULL;
  HfForestRow rows[2] = {{.label = _("By lots")}, {.label = _("Random")}};

  if (evaluation->leak_grouped.n == 0 || evaluation->leak_random.n == 0)
    return;
  rows[0].rate = evaluation->leak_grouped;
  rows[1].rate = evaluation->leak_random;
  grouped = hf_wording_dup_rate (&evaluation->leak_grouped);
  random = hf_wording_dup_rate (&evaluation->leak_random);
  text = g_strdup_printf (
      _("A random split would have shown %s right; by lots it is %s. The "
        "difference is what pictures of one lot give away about each other, "
        "and no new lot will give."),
         random, grouped);
  add_text (self, HF_PIECE_HEADING, _("Lots"));
  add_text (self, HF_PIECE_TEXT, text);
  add_charts (
      self,
      hf_chart_new_rates (_("Right Answers"), rows, 2, NAN), NULL)->bare =
          TRUE;
}

static gboolean
add_misses (HfReportContent *self, const HfReportInput *input,
            HfProgress *progress, GError **error)
{
  g_autoptr (GPtrArray) misses =
      hf_misses_new (input, N_MISSES, progress, error);
  g_autofree char *text = NULL;
  gint64 n = hf_misses_count (input);

  if (misses == NULL)
    return FALSE;
  add_text (self, HF_PIECE_HEADING, _("Worst misses"));
  if (n == 0) {
    add_text (self, HF_PIECE_TEXT, _("No tested picture was called wrong."));
    return TRUE;
  }
  text =
      g_strdup_printf (_("Wrong calls shown: %u of %lld. Escapes come first, "
                            "then overkill, the most certain before the less. "
                            "The label may be the one that is wrong: look at "
                            "each."),
                          misses->len, (long long) n);
  add_text (self, HF_PIECE_TEXT, text);
  add (self, HF_PIECE_MISSES)->misses = g_steal_pointer (&misses);
  return TRUE;
}

static int
find_group (GHashTable *known, GPtrArray *names, const char *group)
{
  gpointer at;

  if (group == NULL)
    return 0;
  if (!g_hash_table_lookup_extended (known, group, NULL, &at)) {
    at = GINT_TO_POINTER ((int) names->len);
    g_hash_table_insert (known, (gpointer) group, at);
    g_ptr_array_add (names, (gpointer) group);
  }
  return GPOINTER_TO_INT (at);
}

/* Labels that train, by class and lot; lots in the order of the samples. */
static HfChart *
new_counts (const HfReportInput *input)
{
  const GPtrArray *samples = input->samples->samples;
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree int *group = g_new0 (int, samples->len + 1);
  g_autofree gint64 *counts = NULL;
  g_auto (Classes) all = {0};

  classes_init (&all, input->samples->classes);
  g_ptr_array_add (names, NULL);
  for (guint i = 0; i < samples->len; i++)
    group[i] =
        find_group (known, names, ((HfSample *) samples->pdata[i])->group);
  counts = g_new0 (gint64, (gsize) MAX (all.n, 1) * names->len);
  for (guint i = 0; i < samples->len; i++) {
    const HfSample *sample = samples->pdata[i];

    if (sample->label >= 0 && sample->label < all.n && !sample->sealed)
      counts[(gsize) sample->label * names->len + (gsize) group[i]]++;
  }
  return hf_chart_new_counts (all.names, all.n,
                              (const char *const *) names->pdata,
                              (int) names->len, counts);
}

static void
add_labels (HfReportContent *self, const HfReportInput *input)
{
  add_text (self, HF_PIECE_HEADING, _("Pictures and labels"));
  add_table (self, HF_PIECE_FACTS, hf_report_new_label_facts (input));
  add_charts (self, new_counts (input), NULL)->bare = TRUE;
}

static void
add_acceptance (HfReportContent *self, const HfReportInput *input)
{
  HfReportCounts counts = hf_report_count (input->samples);
  HfTable *table;
  g_autofree char *text = NULL;

  if (counts.n_sealed == 0 && input->n_openings == 0)
    return;
  add_text (self, HF_PIECE_HEADING, _("Acceptance set"));
  text = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "Labelled pictures that are sealed from training and "
                   "suggestion: %lld. The set was opened %zu time; what is "
                   "changed after an opening makes it a little less of a "
                   "test.%s",
                   "Labelled pictures that are sealed from training and "
                   "suggestion: %lld. The set was opened %zu times; what is "
                   "changed after an opening makes it a little less of a "
                   "test.%s",
                   input->n_openings),
      (long long) counts.n_sealed, input->n_openings,
      input->acceptance == NULL
      ? _(" This report was written without opening it.")
      : "");
  add_text (self, HF_PIECE_TEXT, text);
  if (input->acceptance != NULL) {
    table = hf_table_new (_("Rates of the probe itself on the acceptance set"),
                             _("rate"), _("result"), NULL);
    if (hf_sample_classes_have_good (input->samples->classes)) {
      hf_table_add_text (table, _("Escapes"));
      add_rate_cell (table, &input->acceptance->escape_rate);
      hf_table_add_text (table, _("Overkill"));
      add_rate_cell (table, &input->acceptance->overkill);
    }
    hf_table_add_text (table, _("Right"));
    add_rate_cell (table, &input->acceptance->accuracy);
    add_table (self, HF_PIECE_TABLE, table);
    if (input->acceptance_note != NULL)
      add_text (self, HF_PIECE_TEXT, input->acceptance_note);
  }
  table = hf_table_new (_("Openings of the acceptance set"),
                           _("opened"), _("by"), NULL);
  for (gsize i = 0; i < input->n_openings; i++) {
    g_autofree char *time =
        hf_report_dup_time (input->openings[i].time_utc, FALSE);

    hf_table_add_text (table, time);
    hf_table_add_text (table, input->openings[i].text);
  }
  add_table (self, HF_PIECE_TABLE, table);
}

/* One more line of a list; beyond N_LISTED they are only counted. */
static void
add_listed (HfTable *table, guint *n, const char *path, const char *reason)
{
  g_autofree char *base = g_path_get_basename (path);

  if ((*n)++ >= N_LISTED)
    return;
  hf_table_add_text (table, base);
  hf_table_add_text (table, reason);
}

static void
add_refusals (HfTable *table, guint *n, const GPtrArray *refusals)
{
  for (guint i = 0; refusals != NULL && i < refusals->len; i++) {
    const HfRefusal *refusal = refusals->pdata[i];

    add_listed (table, n, refusal->path, refusal->reason);
  }
}

static void
add_left_out (HfReportContent *self, const HfReportInput *input)
{
  HfTable *table = hf_table_new (NULL, _("picture"), _("reason"), NULL);
  g_autofree char *more = NULL;
  guint n = 0;

  for (gsize i = 0; input->conflicts != NULL && input->conflicts[i] != NULL;
       i++)
    add_listed (table, &n, input->conflicts[i],
                _("Its bytes are labelled as several classes."));
  for (guint i = 0;
       input->evaluation != NULL && i < input->evaluation->left_out->len; i++) {
    const HfLeftOut *left = input->evaluation->left_out->pdata[i];

    add_listed (table, &n, input->rows[left->row]->path, left->reason);
  }
  add_refusals (table, &n, input->refusals);
  add_refusals (table, &n, input->acceptance_left_out);
  if (n == 0) {
    hf_table_free (table);
    return;
  }
  add_text (self, HF_PIECE_HEADING, _("Left out of every count"));
  add_table (self, HF_PIECE_TABLE, table);
  if (n <= N_LISTED)
    return;
  more = g_strdup_printf (_("And %u more, which the report in JSON lists."),
                             n - N_LISTED);
  add_text (self, HF_PIECE_TEXT, more);
}

static char *
dup_summary (const HfReportInput *input)
{
  const HfProbeEvaluation *probe = hf_report_get_probe (input);
  g_autofree char *right = NULL, *escapes = NULL, *overkill = NULL;

  if (probe == NULL)
    return g_strdup (_("No rate can be given."));
  right = hf_wording_dup_sentence (&probe->accuracy);
  if (!hf_sample_classes_have_good (input->samples->classes))
    return g_strdup_printf (_("Right: %s."), right);
  escapes = hf_wording_dup_sentence (&probe->escape_rate);
  overkill = hf_wording_dup_sentence (&probe->overkill);
  return g_strdup_printf (_("Escapes: %s. Overkill: %s. Right: %s."), escapes,
                             overkill, right);
}

static HfReportContent *
new_empty (const HfReportInput *input)
{
  HfReportContent *self = g_new0 (HfReportContent, 1);

  self->pieces = g_ptr_array_new_with_free_func (free_piece);
  self->title = hf_json_dup_shown (
      input->project != NULL ? input->project : _("Without a name"));
  self->date = hf_report_dup_time (input->time_utc, FALSE);
  self->date_iso = hf_report_dup_time (input->time_utc, TRUE);
  self->generator = g_strdup_printf (
      _("Handful %s"), input->version != NULL ? input->version : "");
  self->summary = dup_summary (input);
  return self;
}

HfReportContent *
hf_report_content_new (const HfReportInput *input, HfProgress *progress,
                       GError **error)
{
  g_autoptr (HfReportContent) self = new_empty (input);
  g_auto (Classes) classes = {0};
  gboolean rated = hf_report_get_probe (input) != NULL;

  classes_init (&classes, hf_report_get_classes (input));
  add_result (self, input);
  if (rated)
    add_errors (self, input, &classes);
  if (rated && !add_misses (self, input, progress, error))
    return NULL;
  add_labels (self, input);
  add_acceptance (self, input);
  if (rated) {
    add_comparison (self, input);
    add_leak (self, input);
  }
  add_left_out (self, input);
  add_text (self, HF_PIECE_HEADING, _("How a picture becomes numbers"));
  add_table (self, HF_PIECE_FACTS, hf_report_new_method_facts (input));
  add_text (self, HF_PIECE_HEADING, _("What this report can be traced by"));
  add_table (self, HF_PIECE_FACTS, hf_report_new_trace_facts (input));
  return g_steal_pointer (&self);
}
