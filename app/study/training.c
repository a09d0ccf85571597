/* training.c: see the header. */
#include "app/study/training.h"

#include "app/study/warnings.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
change_free (gpointer data)
{
  HfStudyTrainingChange *change = data;

  g_free (change->name);
  g_free (change);
}

static void G_GNUC_PRINTF (2, 3)
    warn (HfStudyTraining *self, const char *format, ...)
{
  va_list list;

  va_start (list, format);
  g_ptr_array_add (self->warnings, g_strdup_vprintf (format, list));
  va_end (list);
}

/* What --probe and --seed decide for every evaluation of this training. The
 * rows of an older probe have no tuner: that of @self serves them too, if it
 * knows their classes. */
static HfEvaluation *
evaluate (const HfStudyTraining *self, const HfRows *rows,
          const HfStudyTrainingOptions *options, HfProgress *progress,
          GError **error)
{
  HfDataset data = rows->data;
  const HfEvaluationOptions how = {
      .n_folds = options->n_folds,
      .seed = options->seed,
      .audited = rows->audited,
      .thresholds = options->thresholds,
      .with_leak = hf_rows_have_groups (rows),
      .with_final = rows == self->rows,
  };

  if (data.tuner == NULL && hf_rows_are_alike (self->rows, rows))
    data.tuner = self->rows->tuner;
  return hf_evaluation_new (&data, &options->spec, NULL, 1, &how, progress,
                            error);
}

/* With the final probe of the rows that are trained on. Too few pictures for a
 * rate are no reason not to train: *@ok is FALSE for other errors. */
static HfEvaluation *
try_evaluate (HfStudyTraining *self, const HfRows *rows,
              const HfStudyTrainingOptions *options, HfProgress *progress,
              GError **error, gboolean *ok)
{
  g_autoptr (GError) local = NULL;
  HfEvaluation *evaluation = evaluate (self, rows, options, progress, &local);

  *ok = evaluation != NULL ||
        g_error_matches (local, HF_EVALUATE_ERROR, HF_EVALUATE_ERROR_TOO_FEW);
  if (!*ok)
    g_propagate_error (error, g_steal_pointer (&local));
  else if (evaluation == NULL)
    warn (self, rows == self->rows
          ? _("How good the probe is could not be measured: %s")
          : _("How good the older probe was could not be measured: %s"),
               local->message);
  return evaluation;
}

/* Whether the rows @tested[@n] of the first probe were held out right: int[
 * n_rows], -1 where a row was not tested (caller frees). */
static int *
dup_right (const HfEvaluation *evaluation, gsize n_rows)
{
  const HfProbeEvaluation *probe = evaluation->probes->pdata[0];
  int *right = g_new (int, n_rows + 1);

  for (gsize i = 0; i < n_rows; i++)
    right[i] = -1;
  for (gsize i = 0; i < evaluation->n_tested; i++)
    right[evaluation->tested[i]] = probe->predicted[i] == evaluation->truth[i];
  return right;
}

/* Recall of class @c of the joined rows by @right[n_old], over rows that both
 * evaluations tested. */
static HfRate
count_recall (const HfRows *rows, gsize n_old, int c, const int *right,
              const int *other, int n_folds)
{
  g_autofree gboolean *hit = g_new0 (gboolean, n_old + 1);
  g_autofree int *group = g_new0 (int, n_old + 1);
  gsize n = 0;

  for (gsize i = 0; i < n_old; i++) {
    if (rows->label[i] != c || right[i] < 0 || other[i] < 0)
      continue;
    hit[n] = right[i];
    group[n++] = rows->group[i];
  }
  return hf_rate_new (hit, group, n, n_folds);
}

/* Brings @right of all old rows to those that are among the joined ones, which
 * kept their order. */
static void
drop_replaced (int *right, const HfRows *old, const HfRows *joined, gsize n_old)
{
  gsize to = 0;

  for (gsize i = 0; i < old->n && to < n_old; i++)
    if (g_str_equal (old->sha256[i], joined->sha256[to]))
      right[to++] = right[i];
}

static void
compare (HfStudyTraining *self, const HfStudyTrainingOptions *options,
         const HfEvaluation *before)
{
  const HfRows *rows = self->rows;
  g_autofree int *was = dup_right (before, options->old->n);
  g_autofree int *is = dup_right (self->evaluation, rows->n);

  drop_replaced (was, options->old, rows, self->n_old);
  for (guint c = 0; c < rows->classes->len; c++) {
    const HfSampleClass *class = rows->classes->pdata[c];
    HfStudyTrainingChange *change = g_new0 (HfStudyTrainingChange, 1);

    change->name = g_strdup (class->name);
    change->before = count_recall (rows, self->n_old, (int) c, was, is,
                                   before->folds->n_folds);
    change->after = count_recall (rows, self->n_old, (int) c, is, was,
                                  self->evaluation->folds->n_folds);
    if (change->before.n == 0) {
      change_free (change);
      continue;
    }
    g_ptr_array_add (self->changes, change);
    if (change->after.k < change->before.k)
      warn (self,
            _("The class \"%s\" is recognised less well since the new labels: "
              "%lld of %lld of its old pictures, before %lld."),
               class->name, (long long) change->after.k,
               (long long) change->after.n, (long long) change->before.k);
  }
}

static gboolean
measure_update (HfStudyTraining *self, const HfStudyTrainingOptions *options,
                HfProgress *progress, GError **error)
{
  g_autoptr (HfEvaluation) before = NULL;
  gboolean ok;

  if (self->evaluation == NULL)
    return TRUE;
  if (options->spec.kind == HF_PROBE_PROMPT &&
      !hf_rows_are_alike (self->rows, options->old)) {
    warn (self,
          _("How good the older probe was is not measured: prompts are tuned "
            "for the classes of the new one."));
    return TRUE;
  }
  before = try_evaluate (self, options->old, options, progress, error, &ok);
  if (before != NULL)
    compare (self, options, before);
  return ok;
}

/* The probe of all rows is trained beside the folds, and by itself where there
 * are none. */
static gboolean
train_and_measure (HfStudyTraining *self, const HfStudyTrainingOptions *options,
                   HfProgress *progress, GError **error)
{
  gboolean ok;

  self->evaluation =
      try_evaluate (self, self->rows, options, progress, error, &ok);
  if (!ok)
    return FALSE;
  if (self->evaluation != NULL) {
    const HfProbeEvaluation *first = self->evaluation->probes->pdata[0];

    self->probe = hf_probe_ref (first->final);
    return TRUE;
  }
  self->probe = hf_probe_train (&self->rows->data, NULL, self->rows->n,
                                &options->spec, progress, error);
  return self->probe != NULL;
}

static gboolean
has_class (const HfRows *rows, const char *name)
{
  for (guint c = 0; c < rows->classes->len; c++)
    if (g_str_equal (((HfSampleClass *) rows->classes->pdata[c])->name, name))
      return TRUE;
  return FALSE;
}

/* The classes of @rows that @others lack, as "a", "b" (caller frees), and how
 * many they are; NULL if there is none. */
static char *
dup_missing (const HfRows *rows, const HfRows *others, guint *n)
{
  g_autoptr (GString) names = g_string_new (NULL);

  *n = 0;
  for (guint c = 0; c < rows->classes->len; c++) {
    const HfSampleClass *class = rows->classes->pdata[c];

    if (has_class (others, class->name))
      continue;
    g_string_append_printf (names, "%s\"%s\"", names->len > 0 ? ", " : "",
                            class->name);
    ++*n;
  }
  return *n > 0 ? g_string_free (g_steal_pointer (&names), FALSE) : NULL;
}

/* Classes are known by their names alone, so that one which was renamed, or
 * merged into another, is learned as two. Old rows that were labelled anew are
 * gone from @rows, and with them the classes that nothing else has. */
static void
warn_renamed (HfStudyTraining *self, const HfRows *fresh, const HfRows *old)
{
  guint n_gone, n_added;
  g_autofree char *gone = dup_missing (self->rows, fresh, &n_gone);
  g_autofree char *added = dup_missing (fresh, old, &n_added);

  if (gone != NULL && added != NULL)
    warn (
        self,
        _("Classes of the older probe without a new label: %s; new ones: %s. "
          "If a class was renamed or merged since, one is learned as two: "
          "give the new labels the old name, or train anew from all labels."),
           gone, added);
  else if (gone != NULL)
    warn (self,
          g_dngettext (
              GETTEXT_PACKAGE,
              "No new label is of the older probe's class %s, which is learned "
              "from its old pictures alone. If it was merged into another "
              "class since, train anew from all labels.",
              "No new label is of the older probe's classes %s, which are "
              "learned from their old pictures alone. If one of them was "
              "merged into another class since, train anew from all labels.",
              n_gone),
          gone);
}

/* The words of a class can be tuned only with its prompt, which came with the
 * new labels. */
static gboolean
check_tuner (HfStudyTraining *self, const HfRows *fresh,
             const HfProbeSpec *spec, GError **error)
{
  g_autofree char *gone = NULL;
  guint n;

  if (fresh->tuner == NULL || self->rows->tuner != NULL)
    return TRUE;
  gone = dup_missing (self->rows, fresh, &n);
  if (spec->kind != HF_PROBE_PROMPT) {
    warn (self,
          g_dngettext (GETTEXT_PACKAGE,
                       "Tuned prompts were not tried: no new label is of the "
                       "older probe's class %s.",
                       "Tuned prompts were not tried: no new label is of the "
                       "older probe's classes %s.",
                       n),
          gone);
    return TRUE;
  }
  g_set_error (
      error, HF_PROBE_ERROR, HF_PROBE_ERROR_NO_TEXT,
      g_dngettext (
          GETTEXT_PACKAGE,
          "No new label is of the older probe's class %s, so that its prompt "
          "cannot be tuned. Add a picture of it, use another probe, or train "
          "anew from all labels.",
          "No new label is of the older probe's classes %s, so that their "
          "prompts cannot be tuned. Add a picture of each, use another probe, "
          "or train anew from all labels.",
          n),
      gone);
  return FALSE;
}

HfStudyTraining *
hf_study_training_new (const HfRows *fresh,
                       const HfStudyTrainingOptions *options,
                       HfProgress *progress, GError **error)
{
  g_autoptr (HfStudyTraining) self = g_new0 (HfStudyTraining, 1);

  self->changes = g_ptr_array_new_with_free_func (change_free);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->rows = fresh;
  if (options->old != NULL) {
    self->joined =
        hf_rows_join (options->old, fresh, &self->n_old, progress, error);
    if (self->joined == NULL)
      return NULL;
    self->rows = self->joined;
    if (!check_tuner (self, fresh, &options->spec, error))
      return NULL;
  }
  if (!train_and_measure (self, options, progress, error))
    return NULL;
  if (options->old != NULL && !measure_update (self, options, progress, error))
    return NULL;
  if (options->old != NULL)
    warn_renamed (self, fresh, options->old);
  hf_rows_add_warnings (self->rows, HF_WARN_ON_COMMAND_LINE, self->warnings);
  hf_thresholds_add_warning (options->thresholds, self->rows->classes,
                             self->warnings);
  return g_steal_pointer (&self);
}

void
hf_study_training_free (HfStudyTraining *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->evaluation, hf_evaluation_free);
  g_clear_pointer (&self->probe, hf_probe_unref);
  g_clear_pointer (&self->joined, hf_rows_free);
  g_ptr_array_unref (self->changes);
  g_ptr_array_unref (self->warnings);
  g_free (self);
}
