/* facts.c: see facts-private.h. */
#include "app/report/facts-private.h"

#include "app/charts/wording.h"

#include <glib/gi18n-lib.h>
#include <string.h>

HfReportCounts
hf_report_count (const HfSamples *samples)
{
  HfReportCounts counts = {0};

  for (guint i = 0; i < samples->samples->len; i++) {
    const HfSample *sample = samples->samples->pdata[i];

    if (sample->label < 0)
      counts.n_unlabelled++;
    else if (sample->sealed)
      counts.n_sealed++;
    else
      counts.n_labelled++;
  }
  return counts;
}

const HfProbeEvaluation *
hf_report_get_probe (const HfReportInput *input)
{
  if (input->evaluation == NULL ||
      input->probe >= input->evaluation->probes->len)
    return NULL;
  return input->evaluation->probes->pdata[input->probe];
}

const GPtrArray *
hf_report_get_classes (const HfReportInput *input)
{
  return input->classes != NULL ? input->classes : input->samples->classes;
}

char *
hf_report_dup_time (gint64 time_utc, gboolean iso)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time_utc);

  if (date == NULL)
    return g_strdup (_("unknown"));
  return g_date_time_format (date,
                             iso ? "%Y-%m-%dT%H:%M:%SZ" : "%Y-%m-%d %H:%M UTC");
}

static void
add (HfTable *table, const char *name, const char *value)
{
  hf_table_add_text (table, name);
  hf_table_add_text (table, value);
}

static void
add_known (HfTable *table, const char *name, const char *value)
{
  if (value != NULL && *value != '\0')
    add (table, name, value);
}

static void G_GNUC_PRINTF (3, 4)
    add_printf (HfTable *table, const char *name, const char *format, ...)
{
  g_autofree char *value = NULL;
  va_list args;

  va_start (args, format);
  value = g_strdup_vprintf (format, args);
  va_end (args);
  add (table, name, value);
}

static HfTable *
new_facts (const char *caption)
{
  return hf_table_new (caption, _("what"), _("value"), NULL);
}

/* What was used, and that nobody named it. */
static void
add_features (HfTable *table, const HfReportInput *input,
              const HfProbeEvaluation *probe)
{
  HfBlocks blocks =
      probe != NULL ? hf_probe_evaluation_get_blocks (probe) : input->blocks;
  gboolean chosen = input->blocks == HF_BLOCKS_AUTO && blocks != HF_BLOCKS_AUTO;

  add_printf (table, _("Features"), "%s%s", hf_blocks_get_name (blocks),
                        chosen ? " (auto)" : "");
}

char *
hf_report_dup_words (const HfProbeEvaluation *probe)
{
  const HfWords *words = probe != NULL && probe->final != NULL
                             ? hf_probe_get_words (probe->final)
                             : NULL;

  return words != NULL ? hf_words_dup_hint (words) : NULL;
}

static void
add_words (HfTable *table, const HfProbeEvaluation *probe)
{
  g_autofree char *hint = hf_report_dup_words (probe);

  if (hint != NULL)
    add_printf (table, _("Learned words"),
                          _("nearest to: %s (a hint, no more)"), hint);
}

HfTable *
hf_report_new_method_facts (const HfReportInput *input)
{
  HfTable *table = new_facts (_("How a picture becomes numbers"));
  const HfProbeEvaluation *probe = hf_report_get_probe (input);

  if (probe != NULL)
    add (table, _("Probe"), probe->name);
  if (probe != NULL)
    add_known (table, _("Chosen"), probe->reason);
  add_words (table, probe);
  add_features (table, input, probe);
  add (table, _("Model"),
                 input->model_name != NULL ? input->model_name : _("none"));
  add_known (table, _("Model source"), input->model_source);
  add (table, _("Precision"), hf_precision_get_name (input->precision));
  add_printf (table, _("Framing"),
                        g_dngettext (GETTEXT_PACKAGE, "%s, %d view",
                                     "%s, %d views", (gulong) input->n_views),
                        input->framing != NULL ? input->framing : "crop",
                        input->n_views);
  add_known (table, _("Background"), input->background);
  if (input->templates != NULL && input->templates[0] != NULL) {
    g_autofree char *joined =
        g_strjoinv ("; ", (char **) (gpointer) input->templates);

    add (table, _("Templates"), joined);
  }
  return table;
}

static void
add_groups (HfTable *table, const char *groups)
{
  if (groups == NULL)
    add (table, _("Lots"), _("not set: every picture alone"));
  else if (g_str_equal (groups, "folder"))
    add (table, _("Lots"), _("by the folder of a picture"));
  else if (g_str_equal (groups, "csv"))
    add (table, _("Lots"), _("as the list of labels says"));
  else
    add_printf (table, _("Lots"), _("by the name of the file, %s"), groups);
}

HfTable *
hf_report_new_label_facts (const HfReportInput *input)
{
  HfTable *table = new_facts (_("Pictures and labels"));
  HfReportCounts counts = hf_report_count (input->samples);
  guint n_left_out =
      input->evaluation != NULL ? input->evaluation->left_out->len : 0;
  guint n_conflicts =
      input->conflicts != NULL
          ? g_strv_length ((char **) (gpointer) input->conflicts)
          : 0;

  add_printf (table, _("Labelled"), _("%lld, of which %zu were tested"),
                                        (long long) counts.n_labelled,
                                        input->evaluation != NULL
                                            ? input->evaluation->n_tested
                                            : 0);
  if (counts.n_sealed > 0)
    add_printf (table, _("In the acceptance set"),
                          _("%lld, sealed from training and suggestion"),
                             (long long) counts.n_sealed);
  if (counts.n_unlabelled > 0)
    add_printf (table, _("Not labelled"), "%" G_GINT64_FORMAT,
                          counts.n_unlabelled);
  add_groups (table, input->groups);
  if (input->n_identical > 0)
    add_printf (table, _("Identical copies"),
                          _("%zu, each content counted once"),
                             input->n_identical);
  if (input->n_near > 0)
    add_printf (table, _("Near-copies"),
                          _("%zu, kept to one fold and counted"),
                             input->n_near);
  if (n_conflicts > 0)
    add_printf (
        table,
        _("Conflicts"),
           g_dngettext (
               GETTEXT_PACKAGE,
               "%u picture with the same bytes and several labels, in no count",
               "%u pictures with the same bytes and several labels, in no "
               "count",
               n_conflicts),
           n_conflicts);
  if (n_left_out > 0)
    add_printf (table, _("Left out"),
                          g_dngettext (GETTEXT_PACKAGE,
                                       "%u picture that cannot be tested",
                                       "%u pictures that cannot be tested",
                                       n_left_out),
                          n_left_out);
  if (input->refusals != NULL && input->refusals->len > 0)
    add_printf (table, _("Unreadable"),
                          g_dngettext (GETTEXT_PACKAGE, "%u picture",
                                       "%u pictures", input->refusals->len),
                          input->refusals->len);
  return table;
}

HfTable *
hf_report_new_trace_facts (const HfReportInput *input)
{
  HfTable *table = new_facts (_("What this report can be traced by"));
  g_autofree char *time = hf_report_dup_time (input->time_utc, TRUE);

  add (table, _("Report of"), time);
  add_known (table, _("Handful"), input->version);
  add_known (table, _("Model identity (SHA-256)"), input->model_identity);
  add_known (table, _("Label log (SHA-256)"), input->label_log_sha256);
  add_known (table, _("Device"), input->device);
  add_printf (table, _("Seed of the folds"), "%" G_GUINT64_FORMAT,
                        input->seed);
  if (input->evaluation != NULL)
    add_printf (table, _("Folds"), input->evaluation->folds->leave_one_group
                          ? _("%d, each of them one lot") : "%d",
                               input->evaluation->folds->n_folds);
  return table;
}

static void
add_figure (HfTable *table, const char *name, const char *gloss,
            const HfRate *rate)
{
  g_autofree char *count = hf_wording_dup_count (rate);
  g_autofree char *percent = hf_wording_dup_rate (rate);
  g_autofree char *interval = hf_wording_dup_interval (rate);
  g_autofree char *both =
      *percent == '\0' ? g_strdup (interval)
                       : g_strdup_printf (_("%s (%s)"), percent, interval);

  hf_table_add_text (table, name);
  hf_table_add_text (table, gloss);
  hf_table_add_text (table, count);
  hf_table_add_text (table, both);
}

HfTable *
hf_report_new_figures (const HfReportInput *input)
{
  const HfProbeEvaluation *probe = hf_report_get_probe (input);
  HfTable *table = hf_table_new (
      /* xgettext:no-c-format */
      _("Rates, each with its 95 % interval"),
         _("rate"), _("meaning"), _("count"), _("interval"), NULL);

  if (hf_sample_classes_have_good (input->samples->classes)) {
    add_figure (table, _("Escapes"), _("bad parts called good"),
                                         &probe->escape_rate);
    add_figure (table, _("Overkill"), _("good parts called bad"),
                                          &probe->overkill);
  }
  add_figure (table, _("Right"), _("called what they are labelled"),
                                     &probe->accuracy);
  return table;
}

char *
hf_report_dup_estimate (const HfReportInput *input)
{
  const HfEvaluation *evaluation = input->evaluation;
  const HfProbeEvaluation *probe = hf_report_get_probe (input);
  g_autofree char *lots = probe->accuracy.grouped
      ? g_strdup_printf (_("No lot was in training and in test at once; %d "
                           "lots were tested, and the intervals allow for "
                           "pictures of a lot being alike. "),
                            evaluation->n_groups)
      : g_strdup (
            _("Every picture counts as a lot of its own: if several pictures "
              "show one part or one lot, these rates flatter. "));

  return g_strdup_printf (_("These rates estimate how often probes trained "
                            "like this one err on new parts of lots like "
                            "these. Each of the %zu pictures was judged by a "
                            "probe that had not seen it (cross-validation in "
                            "%d folds); every choice of strengths was made "
                            "again without it. %sIntervals hold 95 %% and "
                            "allow for folds that share training pictures."),
                             evaluation->n_tested, evaluation->folds->n_folds,
                             lots);
}
