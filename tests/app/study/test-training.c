/* Trainings on made-up rows: what is warned of, and what an update shows. */
#include "app/study/acceptance.h"
#include "app/study/output/evaluation-json.h"
#include "app/study/next.h"
#include "app/study/templates.h"
#include "app/study/training.h"
#include "app/study/warnings.h"
#include "fake-extractor.h"

#include <string.h>

/* @n pictures of each class, "PREFIX/class-PREFIXi", in @n_lots lots (0: none).
 */
static void
add_samples (HfSamples *samples, const char *prefix, int n, int n_lots)
{
  for (guint c = 0; c < samples->classes->len; c++)
    for (int i = 0; i < n; i++) {
      const HfSampleClass *class = samples->classes->pdata[c];
      g_autofree char *path =
          g_strdup_printf ("%s/%s-%s%02d", prefix, class->name, prefix, i);
      g_autofree char *lot =
          n_lots > 0 ? g_strdup_printf ("%s%d", prefix, i % n_lots) : NULL;

      hf_samples_add (samples, path, (int) c, lot);
    }
}

static HfSamples *
new_samples (gboolean with_good)
{
  HfSamples *samples = hf_samples_new ();

  hf_samples_add_class (samples, "apple",
                        with_good ? HF_CLASS_GOOD : HF_CLASS_OTHER);
  hf_samples_add_class (samples, "bruised",
                        with_good ? HF_CLASS_DEFECT : HF_CLASS_OTHER);
  return samples;
}

static HfStudy *
new_study (const HfSamples *samples, HfStudyScope scope)
{
  const HfStudyOptions options = {.features = {.model_path = "made up",
                                               .n_views = 1,
                                               .blocks = HF_BLOCK_CLIP},
                                  .scope = scope};
  g_autoptr (GError) error = NULL;
  HfStudy *study = hf_study_new (samples, &options, NULL, &error);

  g_assert_no_error (error);
  return study;
}

static HfStudyTraining *
train_by (const HfProbeSpec *spec, const HfRows *rows, const HfRows *old)
{
  const HfStudyTrainingOptions options = {.spec = *spec, .old = old};
  g_autoptr (GError) error = NULL;
  HfStudyTraining *training;

  training = hf_study_training_new (rows, &options, NULL, &error);
  g_assert_no_error (error);
  return training;
}

static HfStudyTraining *
train (const HfRows *rows, const HfRows *old)
{
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;

  spec.blocks = HF_BLOCK_CLIP;
  return train_by (&spec, rows, old);
}

static gboolean
warns (const HfStudyTraining *training, const char *word)
{
  for (guint i = 0; i < training->warnings->len; i++)
    if (strstr (training->warnings->pdata[i], word) != NULL)
      return TRUE;
  return FALSE;
}

static void
test_sound (void)
{
  g_autoptr (HfSamples) samples = new_samples (TRUE);
  g_autoptr (HfStudy) study = NULL;
  g_autoptr (HfStudyTraining) training = NULL;
  const HfProbeEvaluation *probe;

  add_samples (samples, "a", 12, 6);
  study = new_study (samples, HF_STUDY_LABELLED);
  training = train (hf_study_get_rows (study), NULL);
  g_assert_cmpuint (training->warnings->len, ==, 0);
  g_assert_nonnull (training->evaluation);
  probe = training->evaluation->probes->pdata[0];
  g_assert_cmpint (probe->accuracy.n, ==, 24);
  g_assert_cmpint (probe->accuracy.k, ==, 24);
}

static void
test_warnings (void)
{
  g_autoptr (HfSamples) samples = new_samples (FALSE);
  g_autoptr (HfStudy) study = NULL;
  g_autoptr (HfStudyTraining) training = NULL;

  add_samples (samples, "a", 4, 0);
  study = new_study (samples, HF_STUDY_LABELLED);
  training = train (hf_study_get_rows (study), NULL);
  g_assert_true (warns (training, "has few labels (4)"));
  g_assert_true (warns (training, "--groups"));
  g_assert_true (warns (training, "--good"));
}

static void
test_alike (void)
{
  g_autoptr (HfSamples) samples = new_samples (TRUE);
  g_autoptr (HfStudy) study = NULL;
  g_autoptr (HfStudyTraining) training = NULL;

  add_samples (samples, "a", 8, 2);
  hf_samples_add_class (samples, "BRUISED", HF_CLASS_DEFECT);
  hf_samples_add (samples, "a/bruised-capital", 2, NULL);
  study = new_study (samples, HF_STUDY_LABELLED);
  training = train (hf_study_get_rows (study), NULL);
  g_assert_true (warns (training, "\"bruised\" and \"BRUISED\""));
}

/* So many that not every two are compared. */
static void
test_many_alike (void)
{
  g_autoptr (HfSamples) samples = new_samples (TRUE);
  g_autoptr (HfStudy) study = NULL;
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; i < 2100; i++) {
    g_autofree char *path = g_strdup_printf ("alike=%d", i);
    g_autofree char *lot = g_strdup_printf ("%d", i % 7);

    hf_samples_add (samples, path, i % 2, lot);
  }
  study = new_study (samples, HF_STUDY_LABELLED);
  g_assert_cmpuint (hf_study_get_n_near (study), ==, 2100);
  hf_rows_add_warnings (hf_study_get_rows (study), HF_WARN_PLAINLY, warnings);
  g_assert_cmpuint (warnings->len, ==, 1);
  g_assert_nonnull (strstr (warnings->pdata[0], "may have been missed"));
}

/* The window has a row for the lots, in every language. */
static void
test_beside_lots (void)
{
  g_autoptr (HfSamples) samples = new_samples (TRUE);
  g_autoptr (HfStudy) study = NULL;
  g_autoptr (GPtrArray) plain = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) beside = g_ptr_array_new_with_free_func (g_free);

  add_samples (samples, "a", 12, 0);
  study = new_study (samples, HF_STUDY_LABELLED);
  hf_rows_add_warnings (hf_study_get_rows (study), HF_WARN_PLAINLY, plain);
  hf_rows_add_warnings (hf_study_get_rows (study), HF_WARN_BESIDE_LOTS, beside);
  g_assert_cmpuint (plain->len, ==, 1);
  g_assert_cmpuint (beside->len, ==, 0);
}

static void
test_one_lot (void)
{
  g_autoptr (HfSamples) samples = new_samples (TRUE);
  g_autoptr (HfStudy) study = NULL;
  g_autoptr (HfStudyTraining) training = NULL;

  add_samples (samples, "a", 8, 1);
  study = new_study (samples, HF_STUDY_LABELLED);
  training = train (hf_study_get_rows (study), NULL);
  g_assert_null (training->evaluation);
  g_assert_nonnull (training->probe);
  g_assert_true (warns (training, "could not be measured"));
  g_assert_true (warns (training, "from one lot"));
}

static void
test_one_class (void)
{
  g_autoptr (HfSamples) samples = hf_samples_new ();
  g_autoptr (HfStudy) study = NULL;
  const HfStudyTrainingOptions options = {.spec = HF_PROBE_SPEC_INIT};
  g_autoptr (GError) error = NULL;

  hf_samples_add_class (samples, "apple", HF_CLASS_GOOD);
  add_samples (samples, "a", 8, 2);
  study = new_study (samples, HF_STUDY_LABELLED);
  g_assert_null (hf_study_training_new (hf_study_get_rows (study), &options,
                                        NULL, &error));
  g_assert_error (error, HF_PROBE_ERROR, HF_PROBE_ERROR_ONE_CLASS);
}

static void
test_update (void)
{
  g_autoptr (HfSamples) first = new_samples (TRUE);
  g_autoptr (HfSamples) second = new_samples (TRUE);
  g_autoptr (HfStudy) old = NULL;
  g_autoptr (HfStudy) fresh = NULL;
  g_autoptr (HfStudyTraining) training = NULL;

  add_samples (first, "a", 8, 4);
  hf_samples_add_class (second, "cracked", HF_CLASS_DEFECT);
  add_samples (second, "b", 8, 4);
  old = new_study (first, HF_STUDY_LABELLED);
  fresh = new_study (second, HF_STUDY_LABELLED);
  training = train (hf_study_get_rows (fresh), hf_study_get_rows (old));
  g_assert_cmpuint (training->n_old, ==, 16);
  g_assert_cmpuint (training->rows->n, ==, 40);
  g_assert_cmpint (hf_probe_get_n_classes (training->probe), ==, 3);
  /* The class that is new has no old pictures. */
  g_assert_cmpuint (training->changes->len, ==, 2);
  for (guint i = 0; i < 2; i++) {
    const HfStudyTrainingChange *change = training->changes->pdata[i];

    g_assert_cmpint (change->before.n, ==, 8);
    g_assert_cmpint (change->after.n, ==, 8);
  }
}

/* A class that is called otherwise since: said, but not where its old pictures
 * have their new labels, nor where a class is only added. */
static void
test_update_that_renames (void)
{
  g_autoptr (HfSamples) first = new_samples (TRUE);
  g_autoptr (HfSamples) elsewhere = hf_samples_new ();
  g_autoptr (HfSamples) same = hf_samples_new ();
  g_autoptr (HfSamples) added = new_samples (TRUE);
  g_autoptr (HfStudy) old = NULL, renamed = NULL, again = NULL, more = NULL;
  g_autoptr (HfStudyTraining) told = NULL, untold = NULL, larger = NULL;

  add_samples (first, "a", 8, 4);
  hf_samples_add_class (elsewhere, "apple", HF_CLASS_GOOD);
  hf_samples_add_class (elsewhere, "blemished", HF_CLASS_DEFECT);
  add_samples (elsewhere, "b", 8, 4);
  hf_samples_add_class (same, "apple", HF_CLASS_GOOD);
  hf_samples_add_class (same, "blemished", HF_CLASS_DEFECT);
  for (guint i = 0; i < first->samples->len; i++) {
    const HfSample *sample = first->samples->pdata[i];

    hf_samples_add (same, sample->path, sample->label, sample->group);
  }
  hf_samples_add_class (added, "cracked", HF_CLASS_DEFECT);
  add_samples (added, "b", 8, 4);
  old = new_study (first, HF_STUDY_LABELLED);
  renamed = new_study (elsewhere, HF_STUDY_LABELLED);
  again = new_study (same, HF_STUDY_LABELLED);
  more = new_study (added, HF_STUDY_LABELLED);
  told = train (hf_study_get_rows (renamed), hf_study_get_rows (old));
  g_assert_cmpint (hf_probe_get_n_classes (told->probe), ==, 3);
  g_assert_true (warns (told, "without a new label: \"bruised\"; new ones: "
                              "\"blemished\""));
  untold = train (hf_study_get_rows (again), hf_study_get_rows (old));
  g_assert_cmpint (hf_probe_get_n_classes (untold->probe), ==, 2);
  g_assert_false (warns (untold, "new label"));
  larger = train (hf_study_get_rows (more), hf_study_get_rows (old));
  g_assert_false (warns (larger, "new label"));
}

/* What broke: of a class that was merged into another one of the old probe
 * nothing was said, and its old pictures stayed one by themselves. */
static void
test_update_that_merges (void)
{
  g_autoptr (HfSamples) first = new_samples (TRUE);
  g_autoptr (HfSamples) merged = hf_samples_new ();
  g_autoptr (HfStudy) old = NULL, fresh = NULL;
  g_autoptr (HfStudyTraining) told = NULL, untold = NULL;

  hf_samples_add_class (first, "cracked", HF_CLASS_DEFECT);
  add_samples (first, "a", 8, 4);
  hf_samples_add_class (merged, "apple", HF_CLASS_GOOD);
  hf_samples_add_class (merged, "bruised", HF_CLASS_DEFECT);
  add_samples (merged, "b", 8, 4);
  old = new_study (first, HF_STUDY_LABELLED);
  fresh = new_study (merged, HF_STUDY_LABELLED);
  told = train (hf_study_get_rows (fresh), hf_study_get_rows (old));
  g_assert_cmpint (hf_probe_get_n_classes (told->probe), ==, 3);
  g_assert_true (warns (told, "older probe's class \"cracked\", which is"));
  g_assert_true (warns (told, "merged into another class"));
  untold = train (hf_study_get_rows (old), hf_study_get_rows (old));
  g_assert_false (warns (untold, "new label"));
}

/* New labels that call bruised pictures apples spoil the class: it is said. */
static void
test_update_that_harms (void)
{
  g_autoptr (HfSamples) first = new_samples (TRUE);
  g_autoptr (HfSamples) second = new_samples (TRUE);
  g_autoptr (HfStudy) old = NULL;
  g_autoptr (HfStudy) fresh = NULL;
  g_autoptr (HfStudyTraining) training = NULL;
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;

  /* A probe that believes the labels: no prompts, as many as there are. */
  spec.kind = HF_PROBE_LINEAR;
  spec.blocks = HF_BLOCK_CLIP;
  spec.c = 1;
  spec.text_pull = 0;
  spec.unbalanced = TRUE;
  add_samples (first, "a", 8, 4);
  add_samples (second, "b", 2, 2);
  for (int i = 0; i < 60; i++) {
    g_autofree char *path = g_strdup_printf ("c/bruised-x%02d", i);
    g_autofree char *lot = g_strdup_printf ("c%d", i % 6);

    hf_samples_add (second, path, 0, lot);
  }
  old = new_study (first, HF_STUDY_LABELLED);
  fresh = new_study (second, HF_STUDY_LABELLED);
  training =
      train_by (&spec, hf_study_get_rows (fresh), hf_study_get_rows (old));
  g_assert_true (warns (training, "\"bruised\" is recognised less well"));
}

static void
test_json (void)
{
  g_autoptr (HfSamples) samples = new_samples (FALSE);
  g_autoptr (HfStudy) study = NULL;
  g_autoptr (HfStudyTraining) training = NULL;
  g_autoptr (HfJson) json = NULL;
  HfJson *probe, *predictions;

  add_samples (samples, "a", 6, 0);
  hf_samples_add (samples, "z/apple=twin", 0, NULL);
  hf_samples_add (samples, "z/apple2=twin", 0, NULL);
  study = new_study (samples, HF_STUDY_LABELLED);
  training = train (hf_study_get_rows (study), NULL);
  json = hf_evaluation_to_json (training->evaluation, study);
  g_assert_cmpint (json_object_get_int (hf_json_get (json, "images")), ==, 14);
  g_assert_cmpint (json_object_get_int (hf_json_get (json, "duplicates")), ==,
                   1);
  g_assert_cmpint (json_object_get_int (hf_json_get (json, "groups")), ==, 0);
  g_assert_null (hf_json_get (json, "leak"));
  probe = hf_json_get (hf_json_get (json, "probes"), "gda");
  g_assert_null (hf_json_get (probe, "escape_rate"));
  predictions = hf_json_get (probe, "predictions");
  g_assert_cmpint (
      (int) json_object_array_length (predictions), ==,
      json_object_get_int (hf_json_get (hf_json_get (probe, "accuracy"), "n")));
}

static void
test_acceptance (void)
{
  g_autoptr (HfSamples) samples = new_samples (TRUE);
  g_autoptr (HfStudy) study = NULL;
  g_autoptr (HfStudy) sealed = NULL;
  g_autoptr (HfStudyTraining) training = NULL;
  g_autoptr (HfAcceptance) acceptance = NULL;

  hf_samples_add_class (samples, "cracked", HF_CLASS_DEFECT);
  hf_samples_add (samples, "a/apple-x=1", 0, NULL);
  for (int i = 0; i < 8; i++) {
    g_autofree char *apple = g_strdup_printf ("a/apple-%d", i);
    g_autofree char *bruised = g_strdup_printf ("a/bruised-%d", i);

    hf_samples_add (samples, apple, 0, NULL);
    hf_samples_add (samples, bruised, 1, NULL);
  }
  hf_samples_add (samples, "s/apple-s", 0, NULL)->sealed = TRUE;
  hf_samples_add (samples, "s/apple-y=1", 0, NULL)->sealed = TRUE;
  hf_samples_add (samples, "s/bruised-s", 1, NULL)->sealed = TRUE;
  hf_samples_add (samples, "s/cracked-s", 2, NULL)->sealed = TRUE;
  study = new_study (samples, HF_STUDY_LABELLED);
  sealed = new_study (samples, HF_STUDY_SEALED);
  training = train (hf_study_get_rows (study), NULL);
  acceptance =
      hf_acceptance_new (sealed, training->probe, training->rows, NULL);
  g_assert_cmpuint (acceptance->n, ==, 2);
  g_assert_cmpuint (acceptance->left_out->len, ==, 2);
  g_assert_cmpint (acceptance->evaluation->accuracy.k, ==, 2);
  /* f = 1: nothing is taken off for shared training rows. */
  g_assert_cmpfloat (acceptance->evaluation->accuracy.n_eff, ==, 2);
}

static void
test_templates (void)
{
  static const char *const classes[] = {"apple", "bruised", NULL};
  g_autoptr (HfSamples) samples = new_samples (TRUE);
  g_autoptr (GPtrArray) templates = hf_prompt_templates_new ();
  g_autoptr (HfPromptSet) set = NULL;
  g_autoptr (HfStudy) study = NULL;
  g_autoptr (HfTemplateEffects) effects = NULL;
  g_autoptr (GError) error = NULL;
  const HfTemplateEffect *good, *useless, *off;

  hf_prompt_templates_add (templates, "a photo of an {class}", TRUE);
  hf_prompt_templates_add (templates, "{class} blurred", TRUE);
  hf_prompt_templates_add (templates, "one {class}", FALSE);
  hf_prompt_templates_add (templates, "one {klass}", FALSE);
  set = hf_prompt_set_new (classes, templates, NULL);
  add_samples (samples, "a", 6, 0);
  study = new_study (samples, HF_STUDY_LABELLED);
  effects = hf_template_effects_new (hf_study_get_rows (study),
                                     hf_study_get_extractor (study), set, NULL,
                                     &error);
  g_assert_no_error (error);
  /* The last one cannot be used. */
  g_assert_cmpuint (effects->items->len, ==, 3);
  good = effects->items->pdata[0];
  useless = effects->items->pdata[1];
  off = effects->items->pdata[2];
  /* The made-up text tower reads the last word, which the second has not. */
  g_assert_cmpint (good->alone.k, ==, 12);
  g_assert_cmpint (useless->alone.k, ==, 6);
  g_assert_cmpint (good->without.k, ==, useless->alone.k);
  g_assert_cmpint (effects->all.k - good->without.k, ==,
                   good->change.gained - good->change.lost);
  g_assert_cmpint (good->with.k, ==, effects->all.k);
  g_assert_cmpfloat (good->change.low, <, .5);
  g_assert_cmpfloat (good->change.high, >, .5);
  /* What is off is measured as if it were on. */
  g_assert_false (off->enabled);
  g_assert_cmpint (off->without.k, ==, effects->all.k);
}

/* Effects are those of the same prompts that a probe gets: of two values for
 * one class, the mean. */
static void
test_filled_templates (void)
{
  static const char *const classes[] = {"apple", "bruised", NULL};
  g_autoptr (HfSamples) samples = new_samples (TRUE);
  g_autoptr (GPtrArray) templates = hf_prompt_templates_new ();
  g_autoptr (GPtrArray) fillings = hf_prompt_fillings_new ();
  g_autoptr (HfPromptSet) set = NULL;
  g_autoptr (HfStudy) study = NULL;
  g_autoptr (HfTemplateEffects) effects = NULL;
  g_autoptr (GError) error = NULL;

  hf_prompt_templates_add (templates, "a {degree} {fruit}", TRUE);
  hf_prompt_fillings_add (fillings, "fruit", "apple", "bruised");
  hf_prompt_fillings_add (fillings, "fruit", "bruised", "apple");
  hf_prompt_fillings_add (fillings, "degree", "bruised", "slightly");
  hf_prompt_fillings_add (fillings, "degree", "bruised", "severely");
  set = hf_prompt_set_new (classes, templates, fillings);
  add_samples (samples, "a", 6, 0);
  study = new_study (samples, HF_STUDY_LABELLED);
  effects = hf_template_effects_new (hf_study_get_rows (study),
                                     hf_study_get_extractor (study), set, NULL,
                                     &error);
  g_assert_no_error (error);
  /* Words the wrong way round make every answer wrong. */
  g_assert_cmpint (effects->all.k, ==, 0);
  g_assert_cmpint (effects->all.n, ==, 12);
}

static void
test_doubt (void)
{
  g_autoptr (HfSamples) samples = new_samples (TRUE);
  g_autoptr (HfStudy) study = NULL;
  g_autoptr (GPtrArray) doubts = NULL;
  const HfProbeSpec spec = HF_PROBE_SPEC_INIT;
  const HfDoubtful *doubtful;
  g_autoptr (GError) error = NULL;

  add_samples (samples, "a", 10, 0);
  hf_samples_add (samples, "z/bruised-wrong", 0, NULL);
  study = new_study (samples, HF_STUDY_LABELLED);
  doubts = hf_doubtful_find (study, &spec, 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (doubts->len, ==, 1);
  doubtful = doubts->pdata[0];
  g_assert_cmpstr (doubtful->sample->path, ==, "z/bruised-wrong");
  g_assert_cmpstr (doubtful->likely, ==, "bruised");
  g_assert_cmpfloat (doubtful->probability, <, 0.5);
}

static void
test_next (void)
{
  g_autoptr (HfSamples) samples = new_samples (TRUE);
  g_autoptr (HfStudy) study = NULL;
  g_autoptr (GPtrArray) list = NULL;
  const gint64 due = 77;
  const HfNextOptions options = {
      .spec = HF_PROBE_SPEC_INIT, .due_ids = &due, .n_due = 1, .n_shown = 3};
  g_autoptr (GError) error = NULL;
  gboolean was_due = FALSE;

  add_samples (samples, "a", 10, 0);
  for (int i = 0; i < 12; i++) {
    g_autofree char *path = g_strdup_printf ("u/bruised-u%02d", i);

    hf_samples_add (samples, path, -1, NULL)->image_id = 70 + i;
  }
  study = new_study (samples, HF_STUDY_ALL);
  list = hf_next_find (study, samples, &options, 6, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 6);
  for (guint i = 0; i < list->len; i++) {
    const HfNext *next = list->pdata[i];

    g_assert_cmpint (next->sample->label, ==, -1);
    g_assert_cmpuint (strlen (next->reason), >, 10);
    was_due = was_due || (next->sample->image_id == due &&
                          next->suggestion.why == HF_SUGGESTED_AUDIT);
  }
  g_assert_true (was_due);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/sound-labels-give-no-warning", test_sound);
  g_test_add_func ("/training/few-labels-no-lots-and-no-good-class-are-said",
                   test_warnings);
  g_test_add_func ("/training/classes-that-differ-by-capitals-are-said",
                   test_alike);
  g_test_add_func ("/training/near-copies-that-may-be-missed-are-said",
                   test_many_alike);
  g_test_add_func ("/training/no-lots-are-not-said-beside-the-lots",
                   test_beside_lots);
  g_test_add_func ("/training/one-lot-is-trained-but-not-measured",
                   test_one_lot);
  g_test_add_func ("/training/one-class-is-none", test_one_class);
  g_test_add_func ("/training/an-update-shows-old-classes-before-and-after",
                   test_update);
  g_test_add_func ("/training/an-update-that-harms-a-class-says-so",
                   test_update_that_harms);
  g_test_add_func ("/training/json-counts-add-up", test_json);
  g_test_add_func ("/training/an-update-tells-of-renamed-classes",
                   test_update_that_renames);
  g_test_add_func ("/training/an-update-tells-of-merged-classes",
                   test_update_that_merges);
  g_test_add_func ("/training/an-acceptance-set-holds-no-trained-picture",
                   test_acceptance);
  g_test_add_func ("/training/templates-are-measured-one-by-one",
                   test_templates);
  g_test_add_func ("/training/templates-with-values-of-classes-are-measured",
                   test_filled_templates);
  g_test_add_func ("/training/a-wrong-label-is-doubted", test_doubt);
  g_test_add_func ("/training/a-due-audit-is-suggested-again", test_next);
  return g_test_run ();
}
