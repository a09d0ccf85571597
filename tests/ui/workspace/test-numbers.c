/* The numbers of an open project, by the starter model over the sample's rings:
 * what a window shows is what the command line says. */
#include "patience.h"

#include "app/desk/learning.h"
#include "app/project/classes.h"
#include "app/project/labels.h"
#include "app/project/sources.h"
#include "app/jobs/pictures.h"
#include "app/study/output/evaluation-json.h"
#include "base/json.h"
#include "ui/workspace/workspace.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define N_LABELS 6 /* a class */

GArray *__real_hf_desk_learn (const HfNumbers *numbers, HfProgress *progress,
                              GError **error);
GArray *__wrap_hf_desk_learn (const HfNumbers *numbers, HfProgress *progress,
                              GError **error);

/* Curves of N_LABELS a class that were begun, on any thread; while others are
 * held, those of other labels come to no end before they are cancelled. */
static int n_learned, others_are_held;

GArray *
__wrap_hf_desk_learn (const HfNumbers *numbers, HfProgress *progress,
                      GError **error)
{
  if (numbers->rows->n == 4 * N_LABELS)
    g_atomic_int_inc (&n_learned);
  else
    while (g_atomic_int_get (&others_are_held) &&
           hf_progress_check (progress, NULL))
      g_usleep (1000);
  return __real_hf_desk_learn (numbers, progress, error);
}

static const char *const class_names[] = {"good", "rusty", "cracked",
                                          "scratched"};

typedef struct {
  char *root, *path;
  HfWorkspace *workspace;
  gint64 classes[4];
  guint n_all;      /* pictures that there will be */
  HfNumbers *last;  /* that were shown */
  gboolean has_own; /* suggestions, over all pictures */
} Setting;

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfWorkspace **out = data;
  g_autoptr (GError) error = NULL;

  *out = hf_workspace_open_finish (result, &error);
  g_assert_no_error (error);
}

static void
make_project (Setting *self, const char *blocks)
{
  g_autofree char *rings = g_build_filename (
      g_getenv ("HANDFUL_SOURCE_ROOT"), "tests", "pictures", "rings", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_create (self->path, &error);
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_auto (HfScan) scan = {0};

  g_assert_no_error (error);
  hf_project_set_setting (project, "blocks", blocks, &error);
  g_assert_no_error (error);
  for (int c = 0; c < 4; c++)
    self->classes[c] =
        hf_project_add_class (project, class_names[c],
                              c == 0 ? HF_CLASS_GOOD : HF_CLASS_DEFECT, &error);
  g_assert_no_error (error);
  hf_project_add_source (project, rings, NULL, refusals, &scan, NULL, &error);
  g_assert_no_error (error);
}

static void
open_workspace (Setting *self)
{
  hf_workspace_open_async (self->path, NULL, NULL, opened_cb, &self->workspace);
  patience_until (self->workspace != NULL);
}

static void
set_up (Setting *self, gconstpointer blocks)
{
  g_autoptr (GError) error = NULL;

  self->root = g_dir_make_tmp ("handful-numbers-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->root, "rings.handful", NULL);
  make_project (self, blocks);
  open_workspace (self);
}

static void
tear_down (Setting *self, gconstpointer blocks)
{
  g_autoptr (HfPicture) picture = NULL;

  picture =
      g_list_model_get_item (hf_workspace_get_pictures (self->workspace), 0);
  hf_workspace_close (self->workspace);
  g_assert_finalize_object (g_steal_pointer (&self->workspace));
  g_assert_finalize_object (g_steal_pointer (&picture));
  g_unlink (self->path);
  g_rmdir (self->root);
  g_clear_pointer (&self->last, hf_numbers_unref);
  g_free (self->path);
  g_free (self->root);
}

static guint
get_uint (Setting *self, const char *property)
{
  guint n;

  g_object_get (self->workspace, property, &n, NULL);
  return n;
}

static gboolean
is_embedded (Setting *self)
{
  return get_uint (self, "n-ready") == get_uint (self, "n-pictures");
}

/* Every picture is judged, and what to label next is known. */
static gboolean
is_settled (Setting *self)
{
  HfNumbers *numbers = hf_workspace_get_numbers (self->workspace);

  return is_embedded (self) && numbers != NULL &&
         !hf_workspace_get_refreshing (self->workspace) &&
         numbers->n_predictions == get_uint (self, "n-pictures") &&
         numbers->next->len > 0;
}

static GPtrArray *
dup_of_class (Setting *self, const char *name, guint n)
{
  GListModel *all = hf_workspace_get_pictures (self->workspace);
  GPtrArray *pictures = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *part = g_strdup_printf ("/%s/", name);

  for (guint i = 0; i < g_list_model_get_n_items (all) && pictures->len < n;
       i++) {
    g_autoptr (HfPicture) picture = g_list_model_get_item (all, i);

    if (strstr (hf_picture_get_info (picture)->path, part) != NULL)
      g_ptr_array_add (pictures, g_steal_pointer (&picture));
  }
  return pictures;
}

static void
label_each (Setting *self, guint n)
{
  for (int c = 0; c < 4; c++) {
    g_autoptr (GPtrArray) pictures = dup_of_class (self, class_names[c], n);

    hf_workspace_label (self->workspace, pictures, self->classes[c]);
  }
}

static gboolean
has_evaluation (Setting *self)
{
  HfNumbers *numbers = hf_workspace_get_numbers (self->workspace);

  return is_settled (self) && numbers->evaluation != NULL &&
         numbers->rows->n == 4 * N_LABELS;
}

/* What handful-cli prints (caller frees). */
static char *
dup_of_cli (const char *const *arguments)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *errors = NULL;
  g_autoptr (GError) error = NULL;
  char *out = NULL;
  int status;

  g_ptr_array_add (argv, (char *) g_getenv ("HANDFUL_CLI"));
  for (; *arguments != NULL; arguments++)
    g_ptr_array_add (argv, (char *) *arguments);
  g_ptr_array_add (argv, NULL);
  g_spawn_sync (NULL, (char **) argv->pdata, NULL, 0, NULL, NULL, &out, &errors,
                &status, &error);
  g_assert_no_error (error);
  if (status != 0)
    g_error ("%s", errors);
  return out;
}

static HfJson *
get (HfJson *json, const char *key)
{
  HfJson *value = NULL;

  if (!json_object_object_get_ex (json, key, &value))
    g_error ("There is no \"%s\" in %s", key,
             json_object_to_json_string (json));
  return value;
}

/* To the digit, but for the time it took. */
static void
assert_probe (HfJson *wanted, const HfNumbers *numbers,
              const HfProbeEvaluation *probe)
{
  HfJson *json = hf_probe_evaluation_to_json (probe, numbers->rows->classes);

  json_object_object_del (json, "seconds");
  /* The probe of all rows is not part of an evaluation there. */
  json_object_object_del (json, "reason");
  json_object_object_foreach (json, key, value)
  {
    g_assert_cmpstr (json_object_to_json_string (value), ==,
                     json_object_to_json_string (get (wanted, key)));
  }
  json_object_put (json);
}

static void
expect_same_as_cli (Setting *self, gconstpointer blocks)
{
  gboolean has_clip = !g_str_equal (blocks, "classic");
  const char *const with_text[] = {"evaluate", "--json",    "--project",
                                   self->path, "--probe",   "gda",
                                   "--probe",  "zero-shot", NULL};
  const char *const without[] = {"evaluate", "--json", "--project", self->path,
                                 "--probe",  "gda",    NULL};
  g_autofree char *text = NULL;
  HfNumbers *numbers;
  HfJson *json, *probes;

  numbers = hf_workspace_get_numbers (self->workspace);
  text = dup_of_cli (has_clip ? with_text : without);
  json = json_tokener_parse (text);
  probes = get (json, "probes");
  assert_probe (get (probes, "gda"), numbers, hf_numbers_get_probe (numbers));
  g_assert_true (has_clip == (hf_numbers_get_zero_shot (numbers) != NULL));
  if (has_clip)
    assert_probe (get (probes, "zero-shot"), numbers,
                  hf_numbers_get_zero_shot (numbers));
  json_object_put (json);
}

static void
test_same_as_cli (Setting *self, gconstpointer blocks)
{
  patience_until (is_embedded (self));
  label_each (self, N_LABELS);
  patience_until (has_evaluation (self));
  expect_same_as_cli (self, blocks);
}

static gboolean
has_learned (Setting *self)
{
  return has_evaluation (self) &&
         hf_workspace_get_learning_sizes (self->workspace) == NULL &&
         hf_workspace_get_learning (self->workspace) != NULL;
}

static gboolean
is_learning (Setting *self)
{
  return hf_workspace_get_learning_sizes (self->workspace) != NULL;
}

/* Labels that are as they were have the curve that they had, whether or not
 * another was begun meanwhile. */
static void
expect_no_new_curve (Setting *self, GPtrArray *pictures, gboolean waits)
{
  const guint64 serial = hf_workspace_get_numbers (self->workspace)->serial;
  const GArray *points = hf_workspace_get_learning (self->workspace);
  const int n_before = g_atomic_int_get (&n_learned);

  g_atomic_int_set (&others_are_held, TRUE);
  hf_workspace_label (self->workspace, pictures, self->classes[0]);
  if (waits) {
    patience_until (is_learning (self));
    g_assert_true (hf_workspace_get_learning (self->workspace) == points);
  }
  hf_workspace_undo (self->workspace);
  patience_until (has_learned (self) &&
                  hf_workspace_get_numbers (self->workspace)->serial != serial);
  g_atomic_int_set (&others_are_held, FALSE);
  g_assert_cmpint (g_atomic_int_get (&n_learned), ==, n_before);
  g_assert_true (hf_workspace_get_learning (self->workspace) == points);
}

/* The curve comes after the numbers, is the command line's, and stays where a
 * label is taken back. */
static void
test_learning (Setting *self, gconstpointer blocks)
{
  const char *const ask[] = {"evaluate", "--json",  "--learning", "--project",
                             self->path, "--probe", "gda",        NULL};
  g_autoptr (GPtrArray) more = NULL;
  g_autofree char *text = NULL;
  const GArray *points;
  HfJson *json, *wanted;

  patience_until (is_embedded (self));
  g_assert_null (hf_workspace_get_learning (self->workspace));
  g_assert_null (hf_workspace_get_learning_sizes (self->workspace));
  label_each (self, N_LABELS);
  patience_until (is_learning (self));
  g_assert_nonnull (hf_workspace_get_numbers (self->workspace)->evaluation);
  patience_until (has_learned (self));
  points = hf_workspace_get_learning (self->workspace);
  text = dup_of_cli (ask);
  json = json_tokener_parse (text);
  wanted = get (get (get (json, "probes"), "gda"), "learning");
  g_assert_cmpuint (points->len, ==, json_object_array_length (wanted));
  for (guint i = 0; i < points->len; i++) {
    const HfLearningPoint *point = &g_array_index (points, HfLearningPoint, i);
    HfJson *one = json_object_array_get_idx (wanted, i);

    g_assert_cmpint (point->n_labels, ==,
                     json_object_get_int (get (one, "labels")));
    /* JSON has nine digits. */
    g_assert_cmpfloat_with_epsilon (
        point->accuracy,
        json_object_get_double (get (one, "balanced_accuracy")), 1e-9);
  }
  json_object_put (json);
  /* Another label: the old curve stays while a new one is counted. */
  more = dup_of_class (self, "good", N_LABELS + 1);
  g_ptr_array_remove_range (more, 0, N_LABELS);
  expect_no_new_curve (self, more, FALSE);
  expect_no_new_curve (self, more, TRUE);
}

static void
make_copy (const char *from, const char *to)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (from, &bytes, &size, &error);
  g_assert_no_error (error);
  g_file_set_contents (to, bytes, (gssize) size, &error);
  g_assert_no_error (error);
}

/* Without a window. */
static void
label_unseen (Setting *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_open (self->path, &error);
  g_autoptr (HfSamples) samples = NULL;
  int n[4] = {0};

  g_assert_no_error (error);
  samples = hf_project_dup_samples (project, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < samples->samples->len; i++) {
    const HfSample *sample = samples->samples->pdata[i];

    for (int c = 0; c < 4; c++) {
      g_autofree char *part = g_strdup_printf ("/%s/", class_names[c]);
      const HfLabelChange change = {.image_id = sample->image_id,
                                    .class_id = self->classes[c]};

      if (strstr (sample->path, part) != NULL && n[c]++ < N_LABELS)
        hf_project_set_labels (project, &change, 1, HF_LABEL_BY_HAND,
                               HF_SHOWN_BROWSE, NULL, &error);
      g_assert_no_error (error);
    }
  }
}

/* Numbers are shown twice, with the suggestions so far and with their own. */
static void
shown_cb (HfWorkspace *workspace, GParamSpec *pspec, Setting *self)
{
  HfNumbers *numbers = hf_workspace_get_numbers (workspace);

  self->has_own = self->last != NULL && numbers->base == self->last->base &&
                  numbers->rows != NULL && numbers->rows->n == 4 * N_LABELS &&
                  numbers->n_predictions == get_uint (self, "n-pictures");
  g_clear_pointer (&self->last, hf_numbers_unref);
  self->last = hf_numbers_ref (numbers);
}

static gboolean
has_suggestions (Setting *self)
{
  return self->has_own;
}

/* Those of the command line, in their order. A copy is asked: in the project it
 * is written down by then which ones were drawn for audit. */
static void
test_suggestions (Setting *self, gconstpointer blocks)
{
  g_autofree char *copy = g_build_filename (self->root, "copy.handful", NULL);
  const char *const ask[] = {"suggest", "--json", "--project", copy,
                             "-n",      "20",     NULL};
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  HfNumbers *numbers;

  hf_workspace_close (self->workspace);
  g_clear_object (&self->workspace);
  g_unlink (self->path);
  make_project (self, blocks);
  label_unseen (self);
  make_copy (self->path, copy);
  open_workspace (self);
  g_signal_connect (self->workspace, "notify::numbers", G_CALLBACK (shown_cb),
                    self);
  patience_until (has_suggestions (self));
  text = dup_of_cli (ask);
  lines = g_strsplit (text, "\n", -1);
  numbers = hf_workspace_get_numbers (self->workspace);
  g_assert_cmpuint (numbers->next->len, ==, 20);
  for (guint i = 0; i < numbers->next->len; i++) {
    const HfNumbersNext *next = numbers->next->pdata[i];
    HfPicture *picture =
        hf_workspace_find_picture (self->workspace, next->image_id);
    const HfPictureInfo *info = hf_picture_get_info (picture);
    HfJson *line = json_tokener_parse (lines[i]);

    g_assert_cmpstr (json_object_get_string (get (line, "path")), ==,
                     info->path);
    g_assert_cmpstr (json_object_get_string (get (line, "why")), ==,
                     hf_suggested_why_get_name (next->why));
    g_assert_cmpint (info->class_id, ==, 0);
    g_assert_cmpint (info->next, ==, (int) i + 1);
    g_assert_cmpstr (info->why, ==, next->reason);
    json_object_put (line);
  }
  g_unlink (copy);
}

static void
newer_cb (HfWorkspace *workspace, GParamSpec *pspec, guint64 *serial)
{
  HfNumbers *numbers = hf_workspace_get_numbers (workspace);

  g_assert_cmpuint (numbers->serial, >=, *serial);
  *serial = numbers->serial;
}

/* Labels come faster than numbers: those that are shown never go back, and the
 * last are of the last labels. */
static void
test_stale (Setting *self, gconstpointer blocks)
{
  guint64 serial = 0;

  patience_until (is_embedded (self));
  g_signal_connect (self->workspace, "notify::numbers", G_CALLBACK (newer_cb),
                    &serial);
  for (guint n = 1; n <= N_LABELS; n++) {
    label_each (self, n);
    for (int i = 0; i < 20; i++) {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  }
  patience_until (has_evaluation (self));
  g_assert_cmpuint (hf_workspace_get_numbers (self->workspace)->rows->n, ==,
                    4 * N_LABELS);
}

/* What is at work when it is closed ends soon, and nobody hears of it. */
static void
test_close_early (Setting *self, gconstpointer blocks)
{
  label_each (self, 1);
  for (int i = 0; i < 3; i++)
    g_main_context_iteration (NULL, TRUE);
}

typedef struct {
  GPtrArray *pictures;
  gboolean asked;
  gboolean are_ready; /* when so many rows had come */
} Wanted;

static void
first_rows_cb (GObject *workspace, GParamSpec *spec, gpointer data)
{
  Wanted *wanted = data;
  guint n_ready;

  g_object_get (workspace, "n-ready", &n_ready, NULL);
  if (wanted->asked || n_ready < wanted->pictures->len)
    return;
  wanted->asked = wanted->are_ready = TRUE;
  for (guint i = 0; i < wanted->pictures->len; i++)
    if (hf_picture_get_info (wanted->pictures->pdata[i])->state !=
        HF_PICTURE_READY)
      wanted->are_ready = FALSE;
}

/* Wanted ones come first, though they are the last by path. */
static void
test_want (Setting *self, gconstpointer blocks)
{
  GListModel *all = hf_workspace_get_pictures (self->workspace);
  guint n = g_list_model_get_n_items (all);
  g_autoptr (GPtrArray) pictures =
      g_ptr_array_new_with_free_func (g_object_unref);
  Wanted wanted = {pictures, FALSE, FALSE};
  gulong id = g_signal_connect (self->workspace, "notify::n-ready",
                                G_CALLBACK (first_rows_cb), &wanted);

  for (guint i = n - 5; i < n; i++)
    g_ptr_array_add (pictures, g_list_model_get_item (all, i));
  hf_workspace_want (self->workspace, pictures);
  patience_until (is_embedded (self));
  g_assert_true (wanted.asked && wanted.are_ready);
  g_signal_handler_disconnect (self->workspace, id);
}

typedef struct {
  HfPrediction wanted;
  gint64 image_id;
  gboolean done;
} Asked;

static gboolean
ask_desk (HfDesk *desk, HfNumbers *numbers, gpointer data, HfProgress *progress,
          GError **error)
{
  Asked *question = data;
  const HfPrediction *one =
      hf_numbers_find_prediction (numbers, question->image_id);
  char *prompts[4][2] = {{(char *) "good"},
                         {(char *) "rusty"},
                         {(char *) "cracked"},
                         {(char *) "bad"}};
  char *const *const lists[4] = {prompts[0], prompts[1], prompts[2],
                                 prompts[3]};
  const gint64 ids[2] = {question->image_id, -1};
  g_autofree double *tried =
      hf_desk_try_prompts (desk, lists, 4, ids, 2, error);
  gint64 near[3];
  double cosines[3], p[4];
  gsize n = hf_desk_find_neighbours (desk, numbers, question->image_id, near,
                                     cosines, 3);

  g_assert_nonnull (tried);
  g_assert_cmpfloat_with_epsilon (tried[0] + tried[1] + tried[2] + tried[3], 1,
                                  1e-9);
  g_assert_true (isnan (tried[4]));
  g_assert_cmpuint (n, ==, 3);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpint (near[i], !=, question->image_id);
  g_assert_cmpfloat (cosines[0], >=, cosines[1]);
  g_assert_cmpfloat (cosines[1], >=, cosines[2]);
  g_assert_cmpfloat (cosines[0], <, 1.0001);
  g_assert_true (hf_desk_judge (desk, numbers, question->image_id, p));
  g_assert_cmpfloat_with_epsilon (p[hf_verdict_find_class (p, 4)],
                                  one->probability, 1e-6);
  g_assert_false (hf_desk_judge (desk, numbers, -1, p));
  return TRUE;
}

static void
asked_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  g_assert_no_error (error);
  ((Asked *) data)->done = TRUE;
}

static void
test_run (Setting *self, gconstpointer blocks)
{
  g_autoptr (HfJob) job = hf_job_new ("Asking", HF_JOB_STEPS, FALSE);
  Asked question = {0};
  gboolean done;

  label_each (self, N_LABELS);
  patience_until (has_evaluation (self));
  question.image_id =
      hf_workspace_get_numbers (self->workspace)->predictions[7].image_id;
  hf_workspace_run (self->workspace, job, ask_desk, asked_cb, &question, NULL);
  g_assert_cmpuint (
      g_list_model_get_n_items (hf_workspace_get_jobs (self->workspace)), >, 0);
  patience_until (question.done);
  g_object_get (job, "done", &done, NULL);
  g_assert_true (done);
}

static gboolean
set_model (HfProject *project, gpointer data, GError **error)
{
  return hf_project_set_setting (project, "model", data, error);
}

static gboolean
set_probe (HfProject *project, gpointer data, GError **error)
{
  return hf_project_set_setting (project, "probe", data, error);
}

static void
lasting_cb (HfWorkspace *workspace, const char *text, char **last)
{
  g_free (*last);
  *last = g_strdup (text);
}

static gboolean
is_linear (Setting *self)
{
  HfNumbers *numbers = hf_workspace_get_numbers (self->workspace);

  return has_evaluation (self) && numbers->spec.kind == HF_PROBE_LINEAR;
}

static void
test_settings (Setting *self, gconstpointer blocks)
{
  g_autofree char *last = NULL;

  g_signal_connect (self->workspace, "lasting", G_CALLBACK (lasting_cb), &last);
  label_each (self, N_LABELS);
  patience_until (has_evaluation (self));
  hf_workspace_edit (self->workspace, "no", set_probe, NULL,
                     (gpointer) "linear", NULL);
  patience_until (is_linear (self));
  g_assert_null (last);
  hf_workspace_edit (self->workspace, "no", set_model, NULL,
                     (gpointer) "nonesuch", NULL);
  patience_until (last != NULL);
  g_assert_nonnull (strstr (last, "nonesuch"));
  g_assert_cmpstr (hf_probe_kind_get_name (
                       hf_workspace_get_numbers (self->workspace)->spec.kind),
                   ==, "linear");
  hf_workspace_edit (self->workspace, "no", set_model, NULL,
                     (gpointer) "starter", NULL);
  patience_until (last == NULL);
  patience_until (is_linear (self));
}

static gboolean
set_precision (HfProject *project, gpointer data, GError **error)
{
  return hf_project_set_setting (project, "precision", data, error);
}

/* The starter's weights are halves, so that f32 gives the same rows as f16: one
 * that rounds, where the device has it. */
static HfPrecision
find_other (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfDevice) device = hf_device_open (NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  if (hf_device_supports (device, HF_PRECISION_INT8, NULL))
    return HF_PRECISION_INT8;
  return hf_device_supports (device, HF_PRECISION_BF16, NULL)
             ? HF_PRECISION_BF16
             : HF_PRECISION_F32;
}

/* Until all is computed in it. */
static void
wait_precision (Setting *self, HfPrecision precision)
{
  g_autofree char *wanted =
      g_strconcat ("starter · ", hf_precision_get_name (precision), NULL);
  g_autofree char *shown = NULL;

  patience_until (hf_workspace_get_settings (self->workspace)->precision ==
                      precision &&
                  has_evaluation (self));
  g_object_get (self->workspace, "model", &shown, NULL);
  g_assert_cmpstr (shown, ==, wanted);
}

static gboolean
predicts_the_same (const HfNumbers *a, const HfNumbers *b)
{
  g_assert_cmpuint (a->n_predictions, ==, b->n_predictions);
  for (gsize i = 0; i < a->n_predictions; i++) {
    g_assert_cmpint (a->predictions[i].image_id, ==,
                     b->predictions[i].image_id);
    if (a->predictions[i].probability != b->predictions[i].probability)
      return FALSE;
  }
  return TRUE;
}

/* Another program chooses it, and a bundle keeps the one that it was made in.
 * Back again all is as it was, to the last digit. */
static void
test_precision (Setting *self, gconstpointer blocks)
{
  const HfPrecision other = find_other ();
  const char *name = hf_precision_get_name (other);
  g_autofree char *bundle = g_build_filename (self->root, "p.probe", NULL);
  g_autofree char *wanted = g_strdup_printf ("precision  %s\n", name);
  const char *const choose[] = {"project",   "set", self->path,
                                "precision", name,  NULL};
  const char *const train[] = {"train", "-P", self->path, "-o", bundle, NULL};
  const char *const verify[] = {"verify", bundle, NULL};
  g_autofree char *chosen = NULL, *trained = NULL, *verified = NULL;
  g_autoptr (HfNumbers) half = NULL;

  label_each (self, N_LABELS);
  patience_until (has_evaluation (self));
  half = hf_numbers_ref (hf_workspace_get_numbers (self->workspace));
  chosen = dup_of_cli (choose);
  wait_precision (self, other);
  g_assert_true (
      predicts_the_same (half, hf_workspace_get_numbers (self->workspace)) ==
      (other == HF_PRECISION_F32));
  expect_same_as_cli (self, blocks);
  trained = dup_of_cli (train);
  hf_workspace_edit (self->workspace, "no", set_precision, NULL,
                     (gpointer) "f16", NULL);
  wait_precision (self, HF_PRECISION_F16);
  g_assert_true (
      predicts_the_same (half, hf_workspace_get_numbers (self->workspace)));
  verified = dup_of_cli (verify);
  g_assert_nonnull (strstr (verified, wanted));
  g_unlink (bundle);
}

static const char *
get_path (Setting *self, guint i)
{
  g_autoptr (HfPicture) picture =
      g_list_model_get_item (hf_workspace_get_pictures (self->workspace), i);

  return hf_picture_get_info (picture)->path;
}

static gboolean
is_looked_at (Setting *self)
{
  gboolean scanning;

  g_object_get (self->workspace, "scanning", &scanning, NULL);
  return !scanning && get_uint (self, "n-pictures") == self->n_all &&
         get_uint (self, "n-ready") + get_uint (self, "n-unreadable") ==
             self->n_all;
}

static const HfPictureInfo *
find_info (Setting *self, const char *path)
{
  GListModel *all = hf_workspace_get_pictures (self->workspace);

  for (guint i = 0; i < g_list_model_get_n_items (all); i++) {
    g_autoptr (HfPicture) picture = g_list_model_get_item (all, i);

    if (g_str_equal (hf_picture_get_info (picture)->path, path))
      return hf_picture_get_info (picture);
  }
  g_error ("%s is not listed.", path);
}

/* One that is none, and one that goes away. */
static void
test_unreadable (Setting *self, gconstpointer blocks)
{
  g_autofree char *folder = g_build_filename (self->root, "more", NULL);
  g_autofree char *broken = g_build_filename (folder, "broken.jpg", NULL);
  g_autofree char *here = g_build_filename (folder, "here.jpg", NULL);
  const HfPictureInfo *info;
  g_autoptr (GError) error = NULL;

  g_mkdir (folder, 0700);
  g_file_set_contents (broken, "no picture", -1, &error);
  g_assert_no_error (error);
  make_copy (get_path (self, 0), here);
  patience_until (is_embedded (self));
  self->n_all = get_uint (self, "n-pictures") + 2;
  hf_workspace_add_source (self->workspace, folder);
  patience_until (is_looked_at (self));
  g_assert_cmpuint (get_uint (self, "n-unreadable"), ==, 1);
  info = find_info (self, broken);
  g_assert_cmpint (info->state, ==, HF_PICTURE_UNREADABLE);
  g_assert_nonnull (strstr (info->reason, "broken.jpg"));
  g_assert_cmpint (find_info (self, here)->state, ==, HF_PICTURE_READY);
  g_unlink (here);
  hf_workspace_reload (self->workspace);
  patience_until (get_uint (self, "n-unreadable") >= 2);
  info = find_info (self, here);
  g_assert_cmpint (info->state, ==, HF_PICTURE_UNREADABLE);
  g_assert_nonnull (strstr (info->reason, "here.jpg"));
  patience_until (is_looked_at (self));
  g_unlink (broken);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, blocks, test) \
  g_test_add (path, Setting, blocks, set_up, test, tear_down)
  ADD ("/ui/numbers/as-the-command-line-says/both", "auto", test_same_as_cli);
  ADD ("/ui/numbers/as-the-command-line-says/classic", "classic",
       test_same_as_cli);
  ADD ("/ui/numbers/suggestions-are-the-command-lines", "auto",
       test_suggestions);
  ADD ("/ui/numbers/the-learning-curve-comes-last", "classic", test_learning);
  ADD ("/ui/numbers/stale-ones-are-dropped", "classic", test_stale);
  ADD ("/ui/numbers/unreadable-pictures-say-why", "classic", test_unreadable);
  ADD ("/ui/numbers/closing-while-pictures-come", "auto", test_close_early);
  ADD ("/ui/numbers/wanted-pictures-come-first", "classic", test_want);
  ADD ("/ui/numbers/somebody-asks-the-desk", "auto", test_run);
  ADD ("/ui/numbers/other-settings-are-followed", "auto", test_settings);
  ADD ("/ui/numbers/another-precision-is-followed", "clip", test_precision);
#undef ADD
  return g_test_run ();
}
