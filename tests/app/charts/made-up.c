#include "made-up.h"

#include "app/jobs/pictures.h"
#include "base/rng.h"

#include <math.h>
#include <string.h>

const char *const made_up_names[20] = {
    "good",      "rusty",   "cracked",  "dented",  "scratched",
    "oily",      "bent",    "chipped",  "pitted",  "stained",
    "burred",    "worn",    "porous",   "folded",  "overheated",
    "misplaced", "missing", "deformed", "unclean", "other"};

const char *const made_up_nasty_names[20] = {
    "einwandfrei ohne Befund nach Pruefvorschrift 7.4.2",
    "Oberfl\xc3\xa4"
    "chenbesch\xc3\xa4"
    "digungserscheinungen",
    "\xe8\xbd\xb4\xe6\x89\xbf\xe5\xa5\x97\xe5\x9c\x88\xe8\xa1\xa8\xe9\x9d\xa2"
    "\xe4\xb8\xa5\xe9\x87\x8d\xe9\x94\x88\xe8\x9a\x80\xe4\xb8\x8e\xe7\xa0\xb4"
    "\xe6\x8d\x9f",
    "<b>bold & \"quoted\"</b>",
    "bytes \xff\xfe here",
    "\xd8\xb3\xd8\xb7\xd8\xad \xd9\x85\xd8\xaa\xd8\xb5\xd8\xaf\xd8\xb9",
    "a",
    "two\nlines, and a comma",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "\xf0\x9f\x94\xa7 wrench",
    "=1+1",
    " ",
    "c12",
    "c13",
    "c14",
    "c15",
    "c16",
    "c17",
    "c18",
    "c19"};

/* Standard normal by the sum of twelve: good enough for pictures. */
static double
draw_normal (HfRng *rng)
{
  double sum = -6;

  for (int i = 0; i < 12; i++)
    sum += hf_rng_next_double (rng);
  return sum;
}

static void
draw_row (HfRng *rng, int truth, int n_classes, double skill, double *row)
{
  double sum = 0;

  for (int c = 0; c < n_classes; c++) {
    row[c] = exp (draw_normal (rng) + (c == truth ? skill * 1.6 : 0));
    sum += row[c];
  }
  for (int c = 0; c < n_classes; c++)
    row[c] /= sum;
}

HfProbeEvaluation *
made_up_probe (const MadeUp *self, const char *name)
{
  HfRng rng;
  g_autofree int *truth = g_new (int, self->n + 1);
  g_autofree int *group = g_new (int, self->n + 1);
  g_autofree double *rows =
      g_new0 (double, self->n *(gsize) self->n_classes + 1);
  g_autofree HfClassKind *kinds = g_new (HfClassKind, self->n_classes + 1);

  hf_rng_init (&rng, self->seed);
  for (int c = 0; c < self->n_classes; c++)
    kinds[c] = !self->good ? HF_CLASS_OTHER
               : c == 0    ? HF_CLASS_GOOD
                           : HF_CLASS_DEFECT;
  for (gsize i = 0; i < self->n; i++) {
    truth[i] = hf_rng_next_double (&rng) < 0.5
                   ? 0
                   : (int) (hf_rng_next_double (&rng) * self->n_classes);
    group[i] = (int) (i / (gsize) MAX (1, self->lot));
    draw_row (&rng, truth[i], self->n_classes, self->skill,
              rows + i * (gsize) self->n_classes);
  }
  return hf_probe_evaluation_new (name, truth, group, rows, NULL, INFINITY,
                                  NULL, self->n, kinds, self->n_classes, 5,
                                  NULL);
}

void
made_up_learning (HfProbeEvaluation *probe, int n_points)
{
  g_clear_pointer (&probe->learning, g_array_unref);
  probe->learning = g_array_new (FALSE, FALSE, sizeof (HfLearningPoint));
  for (int i = 0; i < n_points; i++) {
    HfLearningPoint point = {.n_labels = 1 << MIN (i, 14), .n_repeats = 5};

    point.accuracy = 0.96 - 0.4 / (1 + i);
    point.accuracy_low = point.accuracy - 0.12 / (1 + i);
    point.accuracy_high = MIN (1, point.accuracy + 0.1 / (1 + i));
    g_array_append_val (probe->learning, point);
  }
}

HfEvaluation *
made_up_evaluation (const MadeUp *self, const char *const *names,
                    guint n_probes)
{
  HfEvaluation *evaluation = g_new0 (HfEvaluation, 1);
  HfRng rng;

  hf_rng_init (&rng, self->seed);
  evaluation->n_classes = self->n_classes;
  evaluation->n_rows = evaluation->n_tested = self->n;
  evaluation->n_groups = (int) (self->n / (gsize) MAX (1, self->lot));
  evaluation->folds = g_new0 (HfFolds, 1);
  evaluation->folds->n_folds = 5;
  evaluation->folds->fold = g_new (int, self->n + 1);
  evaluation->tested = g_new (gsize, self->n + 1);
  evaluation->truth = g_new (int, self->n + 1);
  evaluation->left_out = g_ptr_array_new ();
  evaluation->probes = g_ptr_array_new_with_free_func (
      (GDestroyNotify) hf_probe_evaluation_free);
  for (gsize i = 0; i < self->n; i++) {
    evaluation->folds->fold[i] = (int) (i % 5);
    evaluation->tested[i] = i;
    /* As made_up_probe draws it. */
    evaluation->truth[i] =
        hf_rng_next_double (&rng) < 0.5
            ? 0
            : (int) (hf_rng_next_double (&rng) * self->n_classes);
    for (int c = 0; c < 12 * self->n_classes; c++)
      hf_rng_next_double (&rng);
  }
  for (guint p = 0; p < n_probes; p++) {
    MadeUp weaker = *self;
    HfProbeEvaluation *probe;

    weaker.skill = self->skill * (1 - 0.12 * p);
    probe = made_up_probe (&weaker, names[p]);
    probe->spec.blocks = HF_BLOCKS_BOTH;
    probe->seconds = 0.1 + 1.3 * p;
    g_ptr_array_add (evaluation->probes, probe);
  }
  return evaluation;
}

void
made_up_free (HfEvaluation *evaluation)
{
  hf_folds_free (evaluation->folds);
  g_free (evaluation->tested);
  g_free (evaluation->truth);
  g_ptr_array_unref (evaluation->left_out);
  g_ptr_array_unref (evaluation->probes);
  g_free (evaluation);
}

static const HfReportOpening openings[] = {
    {1795608000, "evaluate --acceptance"},
    {1795694400, "evaluate --acceptance after 12 more labels"},
};

static const char *const warnings[] = {
    "No lot has more than 4 pictures: a lot that differs from the others may "
    "not have been seen.",
    NULL};

static const char *const templates[] = {"a photo of a {class} bearing ring",
                                        "a close-up of a {class} part", NULL};

static const char *const conflicts[] = {"/photos/twice-labelled.jpg", NULL};

static void
add_sample (MadeUpReport *self, const MadeUp *data, gsize i, GPtrArray *files)
{
  g_autofree char *path = files->len > 0
                              ? g_strdup (files->pdata[i % files->len])
                              : g_strdup_printf ("/photos/LOT%d__%04d.jpg",
                                                 (int) (i / 10), (int) i);
  g_autofree char *group =
      data->lot > 1
          ? g_strdup_printf ("LOT%d", (int) (i / (gsize) data->lot) + 1)
          : NULL;
  int label =
      i < data->n ? self->evaluation->truth[i] : (int) i % data->n_classes;
  HfSample *sample = hf_samples_add (self->samples, path, label, group);

  sample->sealed = i >= data->n;
  if (i < data->n)
    self->rows[i] = sample;
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_pictures (const char *folder)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".jpg"))
      g_ptr_array_add (files, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (files, compare_paths);
  return files;
}

static void
fill_input (MadeUpReport *self, const MadeUp *data)
{
  HfReportInput *input = &self->input;

  input->project = "Bearings, line 2";
  input->time_utc = 1795780800;
  input->version = "0.1.0";
  input->model_name = "ViT-B/32 starter";
  input->model_identity =
      "3c1f4a5be0d2a6917f8e5c4b3a29180716253443526170899aabbccddeeff001";
  input->model_source = "comes with Handful";
  input->device = "Portable Computing Language, 2 cores";
  input->precision = HF_PRECISION_F16;
  input->framing = "crop";
  input->n_views = 1;
  input->templates = templates;
  input->samples = self->samples;
  input->groups = data->lot > 1 ? "^(LOT[0-9]+)__" : NULL;
  input->rows = (const HfSample *const *) self->rows;
  input->n_identical = 2;
  input->n_near = 5;
  input->conflicts = conflicts;
  input->refusals = self->refusals;
  input->label_log_sha256 =
      "9b1fa2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f";
  input->evaluation = self->evaluation;
  input->blocks = HF_BLOCKS_AUTO;
  input->openings = openings;
  input->n_openings = G_N_ELEMENTS (openings);
  input->acceptance = self->acceptance;
  input->warnings = warnings;
}

void
made_up_report_init (MadeUpReport *self, const MadeUp *data,
                     const char *const *names, const char *folder)
{
  const char *const probes[] = {"gda", "linear", "svm", "zero-shot"};
  g_autoptr (GPtrArray) files = list_pictures (folder);
  MadeUp sealed = *data;
  HfProbeEvaluation *zero_shot;

  *self = (MadeUpReport){0};
  self->evaluation = made_up_evaluation (data, probes, 4);
  zero_shot = self->evaluation->probes->pdata[3];
  zero_shot->spec.kind = HF_PROBE_ZERO_SHOT;
  made_up_learning (self->evaluation->probes->pdata[0], data->n > 10 ? 6 : 0);
  sealed.n = 40;
  sealed.seed++;
  sealed.lot = 1;
  self->acceptance = made_up_probe (&sealed, "gda");
  self->refusals = hf_refusals_new ();
  hf_refusals_add (self->refusals, "/photos/broken & <cut>.jpg",
                   "The picture ends early.");
  self->samples = hf_samples_new ();
  self->rows = g_new0 (HfSample *, data->n + 1);
  for (int c = 0; c < data->n_classes; c++)
    hf_samples_add_class (self->samples, names[c],
                          !data->good ? HF_CLASS_OTHER
                          : c == 0    ? HF_CLASS_GOOD
                                      : HF_CLASS_DEFECT);
  for (gsize i = 0; i < data->n + 40; i++)
    add_sample (self, data, i, files);
  if (data->lot > 1) {
    HfProbeEvaluation *first = self->evaluation->probes->pdata[0];

    self->evaluation->leak_grouped = first->accuracy;
    self->evaluation->leak_random = zero_shot->accuracy;
  }
  fill_input (self, data);
}

void
made_up_report_clear (MadeUpReport *self)
{
  made_up_free (self->evaluation);
  hf_probe_evaluation_free (self->acceptance);
  g_ptr_array_unref (self->refusals);
  hf_samples_free (self->samples);
  g_free (self->rows);
}
