/* next.c: see the header. */
#include "app/study/next.h"

#include <glib/gi18n-lib.h>

static void
next_free (gpointer data)
{
  HfNext *next = data;

  g_free (next->first);
  g_free (next->second);
  g_free (next->reason);
  g_free (next);
}

static void
doubtful_free (gpointer data)
{
  HfDoubtful *doubtful = data;

  g_free (doubtful->label);
  g_free (doubtful->likely);
  g_free (doubtful->reason);
  g_free (doubtful);
}

static const char *
get_name (const HfStudy *study, int c)
{
  const HfRows *rows = hf_study_get_rows (study);

  return ((const HfSampleClass *) rows->classes->pdata[c])->name;
}

/* double[n_pictures][n_classes] by a probe trained on the labels (caller
 * frees); NULL without an error while there are no two classes. */
static double *
dup_probabilities (const HfStudy *study, const HfNextOptions *options,
                   HfProgress *progress, GError **error)
{
  const HfDataset *data = hf_study_get_dataset (study);
  const HfStudyPictures *pictures = hf_study_get_pictures (study);
  g_autoptr (HfProbe) probe = NULL;
  double *probabilities;

  if (data->n_classes < 2)
    return NULL;
  probe = hf_probe_train (data, NULL, data->n_rows, &options->spec, progress,
                          error);
  if (probe == NULL)
    return NULL;
  probabilities = g_new0 (double, pictures->n *(gsize) data->n_classes + 1);
  hf_probe_predict (probe, pictures->clip, pictures->classic, pictures->n,
                    probabilities, NULL);
  return probabilities;
}

/* Pictures that need no label. */
static gboolean *
dup_closed (const HfStudy *study, const HfSamples *samples)
{
  const HfStudyPictures *pictures = hf_study_get_pictures (study);
  gboolean *closed = g_new0 (gboolean, pictures->n + 1);

  for (gsize i = 0; i < pictures->n; i++)
    closed[i] =
        ((HfSample *) samples->samples->pdata[pictures->sample[i]])->label >= 0;
  return closed;
}

/* The rows of the pictures that are due, in the order in which they were drawn
 * (element-type gsize; caller unrefs). */
static GArray *
dup_due (const HfStudy *study, const HfSamples *samples,
         const HfNextOptions *options)
{
  const HfStudyPictures *pictures = hf_study_get_pictures (study);
  GArray *due = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GHashTable) rows = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (gsize i = 0; i < pictures->n; i++) {
    HfSample *sample = samples->samples->pdata[pictures->sample[i]];

    g_hash_table_insert (rows, &sample->image_id, GSIZE_TO_POINTER (i + 1));
  }
  for (gsize d = 0; d < options->n_due; d++) {
    gsize row =
        GPOINTER_TO_SIZE (g_hash_table_lookup (rows, &options->due_ids[d]));

    if (row-- > 0)
      g_array_append_val (due, row);
  }
  return due;
}

static char *
dup_reason (const HfNext *next, const double *probabilities, int n_classes)
{
  const HfSuggestion *s = &next->suggestion;
  char first[G_ASCII_DTOSTR_BUF_SIZE], second[G_ASCII_DTOSTR_BUF_SIZE];

  if (s->why == HF_SUGGESTED_AUDIT)
    return g_strdup (_("Drawn by lot, to know how the line's parts are."));
  if (s->why == HF_SUGGESTED_TYPICAL)
    return g_strdup_printf (s->n_alike > 1
                            ? _("Stands for %zu pictures that look like it.")
                            : _("Looks like no other picture."), s->n_alike);
  g_ascii_formatd (first, sizeof first, "%.2f",
                   probabilities[s->row * (gsize) n_classes + s->first]);
  g_ascii_formatd (second, sizeof second, "%.2f",
                   probabilities[s->row * (gsize) n_classes + s->second]);
  return g_strdup_printf (
      _("The probe hesitates between \"%s\" (%s) and \"%s\" (%s)."),
         next->first, first, next->second, second);
}

static GPtrArray *
put_in_words (const HfStudy *study, const HfSamples *samples,
              const GArray *found, const double *probabilities)
{
  const HfStudyPictures *pictures = hf_study_get_pictures (study);
  GPtrArray *list = g_ptr_array_new_with_free_func (next_free);

  for (guint i = 0; i < found->len; i++) {
    HfNext *next = g_new0 (HfNext, 1);

    next->suggestion = g_array_index (found, HfSuggestion, i);
    next->sample =
        samples->samples->pdata[pictures->sample[next->suggestion.row]];
    if (next->suggestion.first >= 0)
      next->first = g_strdup (get_name (study, next->suggestion.first));
    if (next->suggestion.second >= 0)
      next->second = g_strdup (get_name (study, next->suggestion.second));
    next->reason = dup_reason (next, probabilities,
                               hf_study_get_dataset (study)->n_classes);
    g_ptr_array_add (list, next);
  }
  return list;
}

/* Unit rows of the pictures: of the model, or else of the classic features.
 * NULL where those of the pictures are already such: of many pictures a second
 * copy would be most of the memory. */
static float *
dup_unit_rows (const HfStudy *study, gsize *dim)
{
  const HfStudyPictures *pictures = hf_study_get_pictures (study);
  const HfRows *rows = hf_study_get_rows (study);
  gboolean clip = pictures->clip != NULL;

  *dim = clip ? rows->clip_dim : rows->classic_dim;
  if (clip && rows->n_tiles == 1)
    return NULL;
  return hf_rows_dup_unit (clip ? pictures->clip : pictures->classic,
                           pictures->n, rows->n_tiles, *dim);
}

GPtrArray *
hf_next_find (const HfStudy *study, const HfSamples *samples,
              const HfNextOptions *options, gsize n_wanted,
              HfProgress *progress, GError **error)
{
  const HfStudyPictures *pictures = hf_study_get_pictures (study);
  g_autoptr (GError) local = NULL;
  gsize dim;
  g_autofree float *unit = dup_unit_rows (study, &dim);
  g_autofree gboolean *closed = dup_closed (study, samples);
  g_autoptr (GArray) due = dup_due (study, samples, options);
  g_autofree double *probabilities =
      dup_probabilities (study, options, progress, &local);
  HfSuggestionInput input = {
      .n = pictures->n,
      .dim = dim,
      .rows = unit != NULL ? unit : pictures->clip,
      .sketches = pictures->sketches,
      .closed = closed,
      .probabilities = probabilities,
      .n_classes = hf_study_get_dataset (study)->n_classes,
      .due_audits = (const gsize *) (void *) due->data,
      .n_due_audits = due->len,
      .n_shown = options->n_shown,
      .seed = options->seed,
  };
  g_autoptr (GArray) found = NULL;

  if (local != NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return NULL;
  }
  if (pictures->n == 0)
    return g_ptr_array_new_with_free_func (next_free);
  found = hf_suggestions_find (&input, n_wanted, progress, error);
  return found != NULL ? put_in_words (study, samples, found, probabilities)
                       : NULL;
}

/* The tested rows of @evaluation's first probe that are doubted. */
static GPtrArray *
list_doubts (const HfStudy *study, const HfEvaluation *evaluation)
{
  const HfProbeEvaluation *probe = evaluation->probes->pdata[0];
  g_autoptr (GArray) doubts =
      hf_doubts_find (probe->probabilities, evaluation->truth,
                      evaluation->n_tested, evaluation->n_classes);
  GPtrArray *list = g_ptr_array_new_with_free_func (doubtful_free);

  for (guint i = 0; i < doubts->len; i++) {
    const HfDoubt *doubt = &g_array_index (doubts, HfDoubt, i);
    HfDoubtful *item = g_new0 (HfDoubtful, 1);
    char probability[G_ASCII_DTOSTR_BUF_SIZE];

    item->sample =
        hf_study_get_sample (study, evaluation->tested[doubt->index]);
    item->label = g_strdup (get_name (study, evaluation->truth[doubt->index]));
    item->likely = g_strdup (get_name (study, doubt->likely));
    item->probability = doubt->probability;
    g_ascii_formatd (probability, sizeof probability, "%.3f",
                     doubt->probability);
    item->reason = g_strdup_printf (
        _("Labelled \"%s\"; a probe that did not see it says \"%s\" and gives "
          "\"%s\" a probability of %s."),
           item->label, item->likely, item->label, probability);
    g_ptr_array_add (list, item);
  }
  return list;
}

GPtrArray *
hf_doubtful_find (const HfStudy *study, const HfProbeSpec *spec, guint64 seed,
                  HfProgress *progress, GError **error)
{
  const HfRows *rows = hf_study_get_rows (study);
  const HfEvaluationOptions how = {.seed = seed};
  g_autoptr (HfEvaluation) evaluation =
      hf_evaluation_new (&rows->data, spec, NULL, 1, &how, progress, error);

  return evaluation != NULL ? list_doubts (study, evaluation) : NULL;
}
