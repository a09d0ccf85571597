/* numbers.c: see the header. */
#include "app/desk/numbers-private.h"

#include "app/charts/wording.h"

#include <glib/gi18n-lib.h>

/* So many labels a class has before anything can be held out. */
#define FIRST_LABELS 2
#define MAX_MISSING 5 /* names in a sentence */

static void
next_free (gpointer data)
{
  HfNumbersNext *next = data;

  g_free (next->reason);
  g_free (next);
}

static void
miss_free (gpointer data)
{
  HfNumbersMiss *miss = data;

  g_free (miss->reason);
  g_free (miss);
}

HfNumbers *
hf_numbers_new (guint64 serial, HfSamples *samples)
{
  HfNumbers *self = g_atomic_rc_box_new0 (HfNumbers);

  self->serial = serial;
  self->samples = samples;
  self->spec = (HfProbeSpec) HF_PROBE_SPEC_INIT;
  self->thresholds = (HfThresholds) HF_THRESHOLDS_NONE;
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->next = hf_numbers_next_list ();
  self->misses = g_ptr_array_new_with_free_func (miss_free);
  return self;
}

GPtrArray *
hf_numbers_next_list (void)
{
  return g_ptr_array_new_with_free_func (next_free);
}

void
hf_numbers_next_add (GPtrArray *list, gint64 image_id, HfSuggestedWhy why,
                     char *reason)
{
  HfNumbersNext *next = g_new0 (HfNumbersNext, 1);

  next->image_id = image_id;
  next->why = why;
  next->reason = reason;
  g_ptr_array_add (list, next);
}

HfNumbers *
hf_numbers_new_with_next (HfNumbers *base, GPtrArray *next)
{
  HfNumbers *owner = base->base != NULL ? base->base : base;
  HfNumbers *self = g_atomic_rc_box_dup (sizeof *owner, owner);

  self->base = hf_numbers_ref (owner);
  self->next = next;
  return self;
}

HfNumbers *
hf_numbers_keep_next (HfNumbers *self, const HfNumbers *old)
{
  g_autoptr (GHashTable) open = g_hash_table_new (g_int64_hash, g_int64_equal);
  GPtrArray *next = hf_numbers_next_list ();

  for (guint i = 0; old != NULL && i < old->next->len; i++)
    g_hash_table_add (open, &((HfNumbersNext *) old->next->pdata[i])->image_id);
  for (guint i = 0;
       i < self->samples->samples->len && g_hash_table_size (open) > 0; i++) {
    const HfSample *sample = self->samples->samples->pdata[i];

    if (sample->label >= 0)
      g_hash_table_remove (open, &sample->image_id);
  }
  for (guint i = 0; old != NULL && i < old->next->len; i++) {
    const HfNumbersNext *one = old->next->pdata[i];

    if (g_hash_table_contains (open, &one->image_id))
      hf_numbers_next_add (next, one->image_id, one->why,
                           g_strdup (one->reason));
  }
  return hf_numbers_new_with_next (self, next);
}

HfNumbers *
hf_numbers_ref (HfNumbers *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_numbers (gpointer data)
{
  HfNumbers *self = data;

  g_ptr_array_unref (self->next);
  if (self->base != NULL) {
    hf_numbers_unref (self->base);
    return;
  }
  g_clear_pointer (&self->evaluation, hf_evaluation_free);
  g_clear_pointer (&self->probe, hf_probe_unref);
  g_clear_pointer (&self->rows, hf_rows_free);
  g_clear_pointer (&self->samples, hf_samples_free);
  g_ptr_array_unref (self->warnings);
  g_ptr_array_unref (self->misses);
  g_free (self->image_ids);
  g_free (self->class_ids);
  g_free (self->predictions);
  g_free (self->reason);
}

void
hf_numbers_unref (HfNumbers *self)
{
  g_atomic_rc_box_release_full (self, clear_numbers);
}

static const HfProbeEvaluation *
find_probe (const HfNumbers *self, gboolean zero_shot)
{
  if (self->evaluation == NULL)
    return NULL;
  for (guint i = 0; i < self->evaluation->probes->len; i++) {
    const HfProbeEvaluation *probe = self->evaluation->probes->pdata[i];

    if (!zero_shot || probe->spec.kind == HF_PROBE_ZERO_SHOT)
      return probe;
  }
  return NULL;
}

const HfProbeEvaluation *
hf_numbers_get_probe (const HfNumbers *self)
{
  return find_probe (self, FALSE);
}

const HfProbeEvaluation *
hf_numbers_get_zero_shot (const HfNumbers *self)
{
  return find_probe (self, TRUE);
}

const HfPrediction *
hf_numbers_find_prediction (const HfNumbers *self, gint64 image_id)
{
  gsize low = 0, high = self->n_predictions;

  while (low < high) {
    gsize middle = low + (high - low) / 2;

    if (self->predictions[middle].image_id == image_id)
      return &self->predictions[middle];
    if (self->predictions[middle].image_id < image_id)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

void
hf_numbers_take_rows (HfNumbers *self, HfRows *rows, gint64 *image_ids)
{
  self->rows = rows;
  self->image_ids = image_ids;
  self->class_ids = g_new0 (gint64, rows->classes->len + 1);
  for (guint c = 0; c < rows->classes->len; c++)
    self->class_ids[c] = ((const HfSampleClass *) rows->classes->pdata[c])->id;
}

static const char *
get_class_name (const HfNumbers *self, int c)
{
  return ((const HfSampleClass *) self->rows->classes->pdata[c])->name;
}

static int
compare_misses (gconstpointer a, gconstpointer b)
{
  const HfNumbersMiss *left = *(HfNumbersMiss *const *) a;
  const HfNumbersMiss *right = *(HfNumbersMiss *const *) b;

  if (left->probability != right->probability)
    return left->probability > right->probability ? -1 : 1;
  return (left->image_id > right->image_id) -
         (left->image_id < right->image_id);
}

static HfNumbersMiss *
new_miss (const HfNumbers *self, const HfProbeEvaluation *probe, gsize i)
{
  const HfEvaluation *evaluation = self->evaluation;
  const double *p = probe->probabilities + i * (gsize) evaluation->n_classes;
  int truth = evaluation->truth[i], called = probe->predicted[i];
  g_autofree char *percent = hf_wording_dup_percent (p[called], 2);
  HfNumbersMiss *miss = g_new0 (HfNumbersMiss, 1);

  miss->image_id = self->image_ids[evaluation->tested[i]];
  miss->class_id = self->class_ids[called];
  miss->probability = p[called];
  miss->doubtful = hf_doubts_has (p, truth, evaluation->n_classes);
  miss->reason = g_strdup_printf (
      _("Labelled \"%s\"; a probe that did not see it says \"%s\" (%s %%)."),
         get_class_name (self, truth), get_class_name (self, called), percent);
  return miss;
}

void
hf_numbers_find_misses (HfNumbers *self)
{
  const HfProbeEvaluation *probe = hf_numbers_get_probe (self);

  if (probe == NULL)
    return;
  for (gsize i = 0; i < self->evaluation->n_tested; i++)
    if (probe->predicted[i] != self->evaluation->truth[i])
      g_ptr_array_add (self->misses, new_miss (self, probe, i));
  g_ptr_array_sort (self->misses, compare_misses);
}

static gsize
count_rows (const HfNumbers *self, const char *class_name)
{
  gsize n = 0;

  for (gsize i = 0; self->rows != NULL && i < self->rows->n; i++)
    n += g_str_equal (get_class_name (self, self->rows->label[i]), class_name);
  return n;
}

/* "cracked, rusty, and 3 more": classes with too few labels (caller frees);
 * NULL: there are none. */
static char *
dup_missing (const HfNumbers *self)
{
  const GPtrArray *classes = self->samples->classes;
  g_autoptr (GString) missing = g_string_new (NULL);
  guint n = 0;

  for (guint c = 0; c < classes->len; c++) {
    const HfSampleClass *class = classes->pdata[c];

    if (count_rows (self, class->name) >= FIRST_LABELS)
      continue;
    if (n < MAX_MISSING)
      g_string_append_printf (missing, "%s%s", n > 0 ? ", " : "", class->name);
    n++;
  }
  if (n == 0)
    return NULL;
  if (n > MAX_MISSING)
    /* Translators: more words; the number of them. */
    g_string_append_printf (missing, _(", and %u more"), n - MAX_MISSING);
  /* A name is any bytes, a sentence is text. */
  return g_utf8_make_valid (missing->str, -1);
}

void
hf_numbers_find_missing (HfNumbers *self)
{
  const GPtrArray *classes = self->samples->classes;
  g_autofree char *missing = NULL;

  if (classes->len < 2 && self->reason == NULL)
    self->reason = g_strdup (_("Two classes or more are told apart. Add the "
                               "classes that there are."));
  if (classes->len < 2)
    return;
  missing = dup_missing (self);
  if (missing == NULL)
    return;
  g_free (self->reason);
  self->reason = g_strdup_printf (
      _("Label %d of each class to see the first numbers. Missing: %s."),
         FIRST_LABELS, missing);
}

/* The next bound of a rate that is not shown yet, and how many more parts
 * without a fault show it; 0: none can be reached. */
static gint64
find_step (const HfRate *rate, double *bound)
{
  static const double bounds[] = {.2, .1, .05, .02, .01};
  gint64 have = rate->grouped ? rate->n_groups : rate->n;

  /* Where faults were found within lots, how many lots had one is not known. */
  if (rate->n == 0 || (rate->grouped && rate->k > 0))
    return 0;
  for (gsize i = 0; i < G_N_ELEMENTS (bounds); i++) {
    gint64 more = hf_rate_proof (bounds[i], rate->k) - have;

    if (more <= 0)
      continue;
    *bound = bounds[i];
    return more;
  }
  return 0;
}

char *
hf_numbers_dup_outlook (const HfNumbers *self)
{
  const HfProbeEvaluation *probe = hf_numbers_get_probe (self);
  double of_good = 0, of_bad = 0;
  gint64 good, bad;
  gboolean use_good;
  const HfRate *rate;
  g_autofree char *number = NULL;
  g_autofree char *percent = NULL;

  if (probe == NULL)
    return NULL;
  good = find_step (&probe->overkill, &of_good);
  bad = find_step (&probe->escape_rate, &of_bad);
  if (good == 0 && bad == 0)
    return NULL;
  use_good = bad == 0 || (good != 0 && good <= bad);
  rate = use_good ? &probe->overkill : &probe->escape_rate;
  number = hf_wording_dup_number (use_good ? good : bad);
  percent = hf_wording_dup_percent (use_good ? of_good : of_bad, 1);
  if (use_good)
    return g_strdup_printf (
        rate->grouped
            ? g_dngettext (
                  GETTEXT_PACKAGE,
                  "%s more lot without a fault shows overkill below %s %%.",
                  "%s more lots without a fault show overkill below %s %%.",
                  (gulong) good)
            : g_dngettext (
                  GETTEXT_PACKAGE,
                  "%s more good part without a fault shows overkill below %s "
                  "%%.",
                  "%s more good parts without a fault show overkill below %s "
                  "%%.",
                  (gulong) good),
        number, percent);
  return g_strdup_printf (
      rate->grouped
          ? g_dngettext (
                GETTEXT_PACKAGE,
                "%s more lot without a fault shows escapes below %s %%.",
                "%s more lots without a fault show escapes below %s %%.",
                (gulong) bad)
          : g_dngettext (
                GETTEXT_PACKAGE,
                "%s more bad part without a fault shows escapes below %s %%.",
                "%s more bad parts without a fault show escapes below %s %%.",
                (gulong) bad),
      number, percent);
}
