/* Samples to rows: what counts, in which order, and what is said of the rest.
 * The features are made up (fake-extractor.h). */
#include "app/study/study.h"

#include "app/jobs/pictures.h"
#include "fake-extractor.h"

static HfSamples *
new_samples (void)
{
  HfSamples *samples = hf_samples_new ();

  hf_samples_add_class (samples, "apple", HF_CLASS_GOOD);
  hf_samples_add_class (samples, "never used", HF_CLASS_OTHER);
  hf_samples_add_class (samples, "bruised", HF_CLASS_DEFECT);
  return samples;
}

static HfStudy *
new_study (const HfSamples *samples, HfStudyScope scope)
{
  const HfStudyOptions options = {
      .features = {.model_path = "made up", .n_views = 1}, .scope = scope};
  g_autoptr (GError) error = NULL;
  HfStudy *study = hf_study_new (samples, &options, NULL, &error);

  g_assert_no_error (error);
  return study;
}

static void
check_row (const HfStudy *study, gsize row, const char *path,
           const char *class_name)
{
  const HfRows *rows = hf_study_get_rows (study);
  const HfSampleClass *class = rows->classes->pdata[rows->label[row]];
  float clip[FAKE_CLIP_DIM];

  g_assert_cmpstr (hf_study_get_sample (study, row)->path, ==, path);
  g_assert_cmpstr (class->name, ==, class_name);
  fake_fill_clip (path, clip);
  g_assert_cmpmem (rows->clip + row * FAKE_CLIP_DIM, sizeof clip, clip,
                   sizeof clip);
}

static void
test_order (void)
{
  g_autoptr (HfSamples) samples = new_samples ();
  g_autoptr (HfStudy) study = NULL;
  const HfRows *rows;

  hf_samples_add (samples, "a/apple-1", 0, "lot1");
  hf_samples_add (samples, "a/bruised-1", 2, "lot1");
  hf_samples_add (samples, "a/unlabelled", -1, NULL);
  hf_samples_add (samples, "b/apple-2", 0, NULL);
  hf_samples_add (samples, "b/bruised-2", 2, NULL);
  study = new_study (samples, HF_STUDY_LABELLED);
  rows = hf_study_get_rows (study);
  g_assert_cmpuint (rows->n, ==, 4);
  check_row (study, 0, "a/apple-1", "apple");
  check_row (study, 1, "a/bruised-1", "bruised");
  check_row (study, 2, "b/apple-2", "apple");
  check_row (study, 3, "b/bruised-2", "bruised");
  /* The unused class is gone, the kinds moved up. */
  g_assert_cmpuint (rows->classes->len, ==, 2);
  g_assert_cmpint (rows->data.kinds[1], ==, HF_CLASS_DEFECT);
  g_assert_cmpint (rows->group[0], ==, rows->group[1]);
  g_assert_cmpint (rows->group[2], !=, rows->group[3]);
  g_assert_true (hf_rows_have_groups (rows));
  g_assert_cmpfloat (rows->data.logit_scale, ==, 10);
  g_assert_nonnull (rows->data.text);
}

static void
test_all_pictures (void)
{
  g_autoptr (HfSamples) samples = new_samples ();
  g_autoptr (HfStudy) study = NULL;
  const HfStudyPictures *pictures;
  float clip[FAKE_CLIP_DIM];

  hf_samples_add (samples, "1-new", -1, NULL);
  hf_samples_add (samples, "apple-1", 0, NULL);
  hf_samples_add (samples, "broken-1", -1, NULL);
  hf_samples_add (samples, "z-new", -1, NULL);
  study = new_study (samples, HF_STUDY_ALL);
  pictures = hf_study_get_pictures (study);
  g_assert_cmpuint (hf_study_get_rows (study)->n, ==, 1);
  g_assert_cmpuint (pictures->n, ==, 3);
  g_assert_cmpuint (pictures->sample[0], ==, 1);
  g_assert_cmpuint (pictures->sample[1], ==, 0);
  g_assert_cmpuint (pictures->sample[2], ==, 3);
  fake_fill_clip ("z-new", clip);
  g_assert_cmpmem (pictures->clip + 2 * FAKE_CLIP_DIM, sizeof clip, clip,
                   sizeof clip);
  g_assert_cmpuint (hf_study_get_refusals (study)->len, ==, 1);
}

static void
test_copies (void)
{
  g_autoptr (HfSamples) samples = new_samples ();
  g_autoptr (HfStudy) study = NULL;
  const GArray *copies;
  gsize n_conflicts = 0;

  hf_samples_add (samples, "a1=same", 0, NULL);
  hf_samples_add (samples, "a2=same", 0, NULL);
  hf_samples_add (samples, "a3=torn", 0, NULL);
  hf_samples_add (samples, "a4", 0, NULL);
  hf_samples_add (samples, "b1=torn", 2, NULL);
  hf_samples_add (samples, "b2", 2, NULL);
  study = new_study (samples, HF_STUDY_LABELLED);
  copies = hf_study_get_copies (study);
  g_assert_cmpuint (hf_study_get_rows (study)->n, ==, 3);
  check_row (study, 0, "a1=same", "apple");
  check_row (study, 1, "a4", "apple");
  check_row (study, 2, "b2", "bruised");
  g_assert_cmpuint (copies->len, ==, 3);
  for (guint i = 0; i < copies->len; i++) {
    const HfStudyCopy *copy = &g_array_index (copies, HfStudyCopy, i);

    n_conflicts += copy->conflict;
    if (!copy->conflict) {
      g_assert_cmpstr (copy->sample->path, ==, "a2=same");
      g_assert_cmpstr (copy->twin->path, ==, "a1=same");
    }
  }
  g_assert_cmpuint (n_conflicts, ==, 2);
}

static void
test_sealed (void)
{
  g_autoptr (HfSamples) samples = new_samples ();
  g_autoptr (HfStudy) open = NULL;
  g_autoptr (HfStudy) sealed = NULL;

  hf_samples_add (samples, "a1", 0, NULL);
  hf_samples_add (samples, "a2", 0, NULL)->sealed = TRUE;
  hf_samples_add (samples, "b1", 2, NULL);
  open = new_study (samples, HF_STUDY_LABELLED);
  sealed = new_study (samples, HF_STUDY_SEALED);
  g_assert_cmpuint (hf_study_get_rows (open)->n, ==, 2);
  g_assert_cmpuint (hf_study_get_rows (sealed)->n, ==, 1);
  check_row (sealed, 0, "a2", "apple");
}

static void
test_refusals (void)
{
  g_autoptr (HfSamples) samples = new_samples ();
  g_autoptr (HfStudy) study = NULL;
  const HfRefusal *refusal;

  hf_refusals_add (samples->refusals, "gone", "gone is not there.");
  hf_samples_add (samples, "broken-1", 0, NULL);
  study = new_study (samples, HF_STUDY_LABELLED);
  g_assert_cmpuint (hf_study_get_rows (study)->n, ==, 0);
  g_assert_cmpuint (hf_study_get_refusals (study)->len, ==, 2);
  refusal = hf_study_get_refusals (study)->pdata[1];
  g_assert_cmpstr (refusal->path, ==, "broken-1");
  g_assert_cmpstr (refusal->reason, ==, "broken-1 is broken.");
}

static void
test_nothing_labelled (void)
{
  g_autoptr (HfSamples) samples = new_samples ();
  const HfStudyOptions options = {
      .features = {.model_path = "made up", .n_views = 1}};
  g_autoptr (GError) error = NULL;

  hf_samples_add (samples, "a1", -1, NULL);
  g_assert_null (hf_study_new (samples, &options, NULL, &error));
  g_assert_error (error, HF_SAMPLES_ERROR, HF_SAMPLES_ERROR_EMPTY);
}

static void
test_cancel (void)
{
  g_autoptr (HfSamples) samples = new_samples ();
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  const HfStudyOptions options = {
      .features = {.model_path = "made up", .n_views = 1}};
  g_autoptr (GError) error = NULL;

  hf_samples_add (samples, "a1", 0, NULL);
  hf_progress_cancel (progress);
  g_assert_null (hf_study_new (samples, &options, progress, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study/rows-are-in-the-order-of-the-samples", test_order);
  g_test_add_func ("/study/all-pictures-close-the-gaps-of-refused-ones",
                   test_all_pictures);
  g_test_add_func ("/study/copies-count-once-and-conflicts-not-at-all",
                   test_copies);
  g_test_add_func ("/study/sealed-samples-stand-apart", test_sealed);
  g_test_add_func ("/study/refused-pictures-are-no-error", test_refusals);
  g_test_add_func ("/study/without-a-label-there-is-nothing-to-learn",
                   test_nothing_labelled);
  g_test_add_func ("/study/a-cancel-ends-the-embedding", test_cancel);
  return g_test_run ();
}
