/* bench-coverage.c: do the intervals hold what they say?
 *
 *     bench-coverage [--quick] [N_PROJECTS]
 *
 * Projects are drawn from Gaussian classes, whose true rates can be measured:
 * each fold's probe, and the probe of all labels, is tried on thousands of
 * further pictures from as many new lots. One line of JSON a design says how
 * often the interval of the cross-validation covered the mean true rate of the
 * fold probes, which is what it estimates; how often it covered the true rate
 * of the final probe, which is what many will take it for; and how often the
 * interval of an acceptance set of as many pictures covered the final probe's.
 * The last line has the means; exit status 1 if a promise is broken
 * (docs/evaluation.md). The same seeds every time. */
#include "base/rng.h"
#include "evaluate/evaluation.h"
#include "evaluate/fits-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIM = 10, MAX_CLASSES = 4 };

typedef struct {
  const char *name;
  int n_classes;
  int n_lots;
  int per_lot;        /* pictures of a lot, in the mean */
  gboolean uneven;    /* lots of 1 to 2 per_lot - 1 */
  gboolean pure;      /* a lot has pictures of one class */
  double share_good;  /* of the first class; the others share the rest */
  double separation;  /* between class means, in deviations of a number */
  double lot_shift;   /* deviation of a lot's own shift */
  double class_shift; /* the same, of each class in a lot */
  gboolean chosen;    /* strengths by held-out folds */
} Design;

static const Design designs[] = {
    {"single-24-hard", 2, 24, 1, FALSE, FALSE, .5, 1.6, 0, 0, FALSE},
    {"single-40", 2, 40, 1, FALSE, FALSE, .5, 2.2, 0, 0, TRUE},
    {"single-60-few-defects", 2, 60, 1, FALSE, FALSE, .8, 2.4, 0, 0, TRUE},
    {"single-100-easy", 3, 100, 1, FALSE, FALSE, .34, 3.5, 0, 0, FALSE},
    {"single-200", 4, 200, 1, FALSE, FALSE, .4, 2.2, 0, 0, TRUE},
    {"lots-6x5", 2, 6, 5, FALSE, FALSE, .5, 2.2, .5, .3, FALSE},
    {"lots-12x6", 3, 12, 6, FALSE, FALSE, .4, 2.5, .5, .3, TRUE},
    {"lots-16x4-one-class-each", 2, 16, 4, FALSE, TRUE, .5, 2.4, .7, 0, FALSE},
    {"lots-8x10-one-class-each", 2, 8, 10, FALSE, TRUE, .5, 2.4, 1, 0, TRUE},
    {"lots-12x10-one-class-uneven", 2, 12, 10, TRUE, TRUE, .5, 2.4, .8, 0,
     FALSE},
    {"lots-25x4-uneven", 2, 25, 4, TRUE, FALSE, .6, 2.4, .7, .4, TRUE},
    {"lots-30x6-strong", 3, 30, 6, TRUE, FALSE, .4, 3.2, 1, .7, TRUE},
};

enum { ACCURACY, ESCAPE_RATE, OVERKILL, N_RATES };

static const char *const rate_names[N_RATES] = {"accuracy", "escape_rate",
                                                "overkill"};

/* Rows: the labelled ones, an acceptance set, and those for the truth. */
typedef struct {
  const Design *design;
  HfRng rng;
  HfDataset data; /* of all rows; n_rows counts them */
  gsize n_labelled, n_accepted, n_true;
  GArray *clip, *label, *group;
  int n_lots;
} Project;

static void
project_clear (Project *self)
{
  g_clear_pointer (&self->clip, g_array_unref);
  g_clear_pointer (&self->label, g_array_unref);
  g_clear_pointer (&self->group, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Project, project_clear)

/* Box and Muller 1958. */
static double
draw_normal (HfRng *rng)
{
  double radius = sqrt (-2 * log (1 - hf_rng_next_double (rng)));

  return radius * cos (2 * G_PI * hf_rng_next_double (rng));
}

static int
draw_class (Project *self)
{
  const Design *design = self->design;

  if (hf_rng_next_double (&self->rng) < design->share_good)
    return 0;
  return 1 +
         (int) hf_rng_next_below (&self->rng, (guint64) design->n_classes - 1);
}

static void
add_row (Project *self, int label, const double *shift)
{
  float row[DIM];
  double square = 0;

  for (int k = 0; k < DIM; k++) {
    row[k] = (float) (shift[k] + draw_normal (&self->rng) +
                      (k == label ? self->design->separation : 0));
    square += (double) row[k] * (double) row[k];
  }
  for (int k = 0; k < DIM; k++)
    row[k] /= (float) sqrt (square);
  g_array_append_vals (self->clip, row, DIM);
  g_array_append_val (self->label, label);
  g_array_append_val (self->group, self->n_lots);
}

/* A lot of @n pictures. */
static void
add_lot (Project *self, int n)
{
  const Design *design = self->design;
  double shifts[MAX_CLASSES][DIM];
  int lot_class = draw_class (self);

  for (int k = 0; k < DIM; k++) {
    double shared = design->lot_shift * draw_normal (&self->rng);

    for (int c = 0; c < design->n_classes; c++)
      shifts[c][k] = shared + design->class_shift * draw_normal (&self->rng);
  }
  for (int i = 0; i < n; i++) {
    int label = design->pure ? lot_class : draw_class (self);

    add_row (self, label, shifts[label]);
  }
  self->n_lots++;
}

/* As many lots as the design wants. Returns how many rows they have. */
static gsize
add_lots (Project *self)
{
  const Design *design = self->design;
  gsize before = self->label->len;

  for (int lot = 0; lot < design->n_lots; lot++)
    add_lot (self, design->uneven
                       ? 1 + (int) hf_rng_next_below (
                                 &self->rng, 2 * (guint64) design->per_lot - 1)
                       : design->per_lot);
  return self->label->len - before;
}

static void
project_init (Project *self, const Design *design, gsize n_true, guint64 seed)
{
  static const HfClassKind kinds[MAX_CLASSES] = {
      HF_CLASS_GOOD, HF_CLASS_DEFECT, HF_CLASS_DEFECT, HF_CLASS_DEFECT};

  *self = (Project){.design = design, .n_true = n_true};
  hf_rng_init (&self->rng, seed);
  self->clip = g_array_new (FALSE, FALSE, sizeof (float));
  self->label = g_array_new (FALSE, FALSE, sizeof (int));
  self->group = g_array_new (FALSE, FALSE, sizeof (int));
  self->n_labelled = add_lots (self);
  self->n_accepted = add_lots (self);
  for (gsize i = 0; i < n_true; i++)
    add_lot (self, 1);
  self->data = (HfDataset){.n_rows = self->label->len,
                           .n_classes = design->n_classes,
                           .n_tiles = 1,
                           .clip_dim = DIM,
                           .clip = (const float *) self->clip->data,
                           .label = (const int *) self->label->data,
                           .group = (const int *) self->group->data,
                           .kinds = kinds,
                           .logit_scale = 1};
}

/* Whether all classes are there and can be tested; another draw is taken if
 * not, as somebody would label more. */
static HfFolds *
make_folds (const Project *self)
{
  HfDataset labelled = self->data;
  HfFolds *folds;

  labelled.n_rows = self->n_labelled;
  folds = hf_folds_new (&labelled, 0, 0, NULL);
  for (gsize i = 0; folds != NULL && i < self->n_labelled; i++)
    if (folds->fold[i] < 0)
      g_clear_pointer (&folds, hf_folds_free);
  for (int c = 0; folds != NULL && c < self->data.n_classes; c++) {
    gboolean is_there = FALSE;

    for (gsize i = 0; i < self->n_labelled; i++)
      is_there |= self->data.label[i] == c;
    if (!is_there)
      g_clear_pointer (&folds, hf_folds_free);
  }
  return folds;
}

static void
append_range (GArray *rows, gsize start, gsize end)
{
  for (gsize i = start; i < end; i++)
    g_array_append_val (rows, i);
}

/* Rows that a rate asks about, and whether one counts. */
static gboolean
is_asked (int rate, int truth)
{
  return rate == ACCURACY || (rate == OVERKILL) == (truth == 0);
}

static gboolean
is_hit (int rate, int truth, int predicted)
{
  if (rate == ACCURACY)
    return predicted == truth;
  return (rate == OVERKILL) == (predicted != 0);
}

/* True rates of the probe of one fit, from its last predictions. */
static void
find_true_rates (const Project *self, const HfFit *fit, double *rates)
{
  gsize n_classes = (gsize) self->data.n_classes;
  gsize first = self->n_labelled + self->n_accepted;
  const double *p =
      fit->probabilities + (fit->test->len - self->n_true) * n_classes;
  double n[N_RATES] = {0}, k[N_RATES] = {0};

  for (gsize i = 0; i < self->n_true; i++) {
    int truth = self->data.label[first + i];
    int predicted = hf_verdict_find_class (p + i * n_classes, (int) n_classes);

    for (int r = 0; r < N_RATES; r++) {
      if (!is_asked (r, truth))
        continue;
      n[r]++;
      k[r] += is_hit (r, truth, predicted);
    }
  }
  for (int r = 0; r < N_RATES; r++)
    rates[r] = k[r] / n[r];
}

/* How a design did: sums over projects. */
typedef struct {
  int n[N_RATES];
  int covers_folds[N_RATES], covers_final[N_RATES];
  int n_accepted[N_RATES], covers_accepted[N_RATES];
  double rate[N_RATES], folds_rate[N_RATES], final_rate[N_RATES];
  double width[N_RATES];
  int above[N_RATES]; /* the true rate of the folds lay above the interval */
} Tally;

static gboolean
covers (const HfRate *rate, double truth)
{
  return truth >= rate->low && truth <= rate->high;
}

static const HfRate *
pick (const HfProbeEvaluation *probe, int rate)
{
  return rate == ACCURACY      ? &probe->accuracy
         : rate == ESCAPE_RATE ? &probe->escape_rate
                               : &probe->overkill;
}

static void
add_to_tally (Tally *tally, const HfProbeEvaluation *folds,
              const HfProbeEvaluation *accepted, const double *folds_rates,
              const double *final_rates)
{
  for (int r = 0; r < N_RATES; r++) {
    const HfRate *rate = pick (folds, r);
    const HfRate *sealed = pick (accepted, r);

    if (!isnan (sealed->low)) {
      tally->n_accepted[r]++;
      tally->covers_accepted[r] += covers (sealed, final_rates[r]);
    }
    if (isnan (rate->low))
      continue;
    tally->n[r]++;
    tally->covers_folds[r] += covers (rate, folds_rates[r]);
    tally->above[r] += folds_rates[r] > rate->high;
    tally->covers_final[r] += covers (rate, final_rates[r]);
    tally->rate[r] += rate->rate;
    tally->folds_rate[r] += folds_rates[r];
    tally->final_rate[r] += final_rates[r];
    tally->width[r] += rate->high - rate->low;
  }
}

/* The mean of the fold probes' true rates, each weighing as much as it tests:
 * that is the mean of what the cross-validation counts. */
static void
mix_true_rates (const Project *self, const HfFit *fits, int n_folds,
                double *mixed)
{
  double weights[N_RATES] = {0};

  memset (mixed, 0, N_RATES * sizeof *mixed);
  for (int f = 0; f < n_folds; f++) {
    double rates[N_RATES];

    find_true_rates (self, &fits[f], rates);
    for (gsize i = 0; i < fits[f].test->len - self->n_true; i++) {
      int truth = self->data.label[g_array_index (fits[f].test, gsize, i)];

      for (int r = 0; r < N_RATES; r++) {
        if (!is_asked (r, truth))
          continue;
        weights[r]++;
        mixed[r] += rates[r];
      }
    }
  }
  for (int r = 0; r < N_RATES; r++)
    mixed[r] /= weights[r];
}

/* What is said about predictions for rows @start to @end. */
static HfProbeEvaluation *
look_at (const Project *self, const double *probabilities, gsize start,
         gsize end, int n_folds)
{
  return hf_probe_evaluation_new ("", self->data.label + start,
                                  self->data.group + start, probabilities, NULL,
                                  0, NULL, end - start, self->data.kinds,
                                  self->data.n_classes, n_folds, NULL);
}

static HfProbeEvaluation *
look_at_folds (const Project *self, const HfFit *fits, int n_folds)
{
  gsize n_classes = (gsize) self->data.n_classes;
  g_autofree double *probabilities =
      g_new (double, self->n_labelled *n_classes);

  for (int f = 0; f < n_folds; f++)
    for (gsize i = 0; i < fits[f].test->len - self->n_true; i++)
      memcpy (probabilities +
                  g_array_index (fits[f].test, gsize, i) * n_classes,
              fits[f].probabilities + i * n_classes,
              n_classes * sizeof *probabilities);
  return look_at (self, probabilities, 0, self->n_labelled, n_folds);
}

static void
run_project (Project *self, const HfFolds *folds, Tally *tally)
{
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;
  HfWorkers workers = {.n_threads = 1};
  gsize n_before_truth = self->n_labelled + self->n_accepted;
  int n_folds = folds->n_folds;
  g_autofree HfFit *fits = g_new0 (HfFit, n_folds + 1);
  g_autoptr (GPtrArray) lists =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autoptr (HfProbeEvaluation) by_folds = NULL;
  g_autoptr (HfProbeEvaluation) accepted = NULL;
  g_autoptr (GError) error = NULL;
  double folds_rates[N_RATES], final_rates[N_RATES];

  spec.blocks = HF_BLOCK_CLIP;
  if (!self->design->chosen)
    spec.lambda = spec.alpha = 1;
  for (int f = 0; f <= n_folds; f++) {
    GArray *train = hf_fits_select (folds, self->n_labelled, f, FALSE);
    GArray *test = hf_fits_select (folds, self->n_labelled, f, TRUE);

    /* One behind the last fold trains on all and tests what is sealed. */
    if (f == n_folds)
      append_range (test, self->n_labelled, n_before_truth);
    append_range (test, n_before_truth, self->data.n_rows);
    g_ptr_array_add (lists, train);
    g_ptr_array_add (lists, test);
    fits[f] = (HfFit){.spec = &spec, .train = train, .test = test};
  }
  if (!hf_fits_run (&self->data, fits, (gsize) n_folds + 1, &workers, &error))
    g_error ("%s", error->message);
  by_folds = look_at_folds (self, fits, n_folds);
  accepted = look_at (self, fits[n_folds].probabilities, self->n_labelled,
                      n_before_truth, 0);
  mix_true_rates (self, fits, n_folds, folds_rates);
  find_true_rates (self, &fits[n_folds], final_rates);
  add_to_tally (tally, by_folds, accepted, folds_rates, final_rates);
  for (int f = 0; f <= n_folds; f++)
    hf_fit_clear (&fits[f]);
}

static void
run_design (const Design *design, int n_projects, gsize n_true, Tally *tally)
{
  guint64 seed = g_str_hash (design->name);

  for (int i = 0; i < n_projects;) {
    g_auto (Project) project = {0};
    g_autoptr (HfFolds) folds = NULL;

    project_init (&project, design, n_true, seed++);
    folds = make_folds (&project);
    if (folds == NULL)
      continue;
    run_project (&project, folds, tally);
    i++;
  }
}

static void
print_design (const Design *design, const Tally *tally)
{
  g_print ("{\"design\": \"%s\", \"chosen\": %s", design->name,
           design->chosen ? "true" : "false");
  for (int r = 0; r < N_RATES; r++) {
    double n = tally->n[r];

    g_print (", \"%s\": {\"projects\": %d, \"shown\": %.4f, \"folds\": %.4f, "
             "\"final\": %.4f, \"width\": %.3f, \"covers_folds\": %.4f, "
             "\"above\": %.4f, \"covers_final\": %.4f, "
             "\"acceptance_covers_final\": %.4f}",
             rate_names[r], tally->n[r], tally->rate[r] / n,
             tally->folds_rate[r] / n, tally->final_rate[r] / n,
             tally->width[r] / n, tally->covers_folds[r] / n,
             tally->above[r] / n, tally->covers_final[r] / n,
             tally->covers_accepted[r] / (double) tally->n_accepted[r]);
  }
  g_print ("}\n");
}

/* What is promised: in each design, and in the mean over designs. */
typedef struct {
  double each, mean_low, mean_high, accepted_low, accepted_high;
} Promise;

static gboolean
judge (const Tally *tallies, const Promise *promise)
{
  gboolean kept = TRUE;

  for (int r = 0; r < N_RATES; r++) {
    double mean = 0, final = 0, accepted = 0, least = 1;
    double n_designs = G_N_ELEMENTS (designs);

    for (guint d = 0; d < G_N_ELEMENTS (designs); d++) {
      const Tally *tally = &tallies[d];
      double n = tally->n[r];

      least = MIN (least, tally->covers_folds[r] / n);
      mean += tally->covers_folds[r] / n / n_designs;
      final += tally->covers_final[r] / n / n_designs;
      accepted +=
          tally->covers_accepted[r] / (double) tally->n_accepted[r] / n_designs;
    }
    g_print ("{\"rate\": \"%s\", \"least\": %.4f, \"mean\": %.4f, "
             "\"final\": %.4f, \"acceptance\": %.4f}\n",
             rate_names[r], least, mean, final, accepted);
    if (least < promise->each || mean < promise->mean_low ||
        mean > promise->mean_high || accepted < promise->accepted_low ||
        accepted > promise->accepted_high)
      kept = FALSE;
  }
  return kept;
}

int
main (int argc, char **argv)
{
  /* 25 projects a design tell 95 % from 76 %, 300 in all from 92 %: enough to
   * notice an interval that knows nothing of lots. */
  static const Promise promises[2] = {{.92, .94, .98, .93, .97},
                                      {.76, .92, 1, .92, 1}};
  gboolean quick = argc > 1 && g_str_equal (argv[1], "--quick");
  int n_projects = quick ? 25 : 2000;
  gsize n_true = quick ? 800 : 3000;
  Tally tallies[G_N_ELEMENTS (designs)] = {0};

  if (argc > 1 + quick)
    n_projects = atoi (argv[1 + quick]);
  for (guint d = 0; d < G_N_ELEMENTS (designs); d++) {
    run_design (&designs[d], n_projects, n_true, &tallies[d]);
    print_design (&designs[d], &tallies[d]);
  }
  return judge (tallies, &promises[quick]) ? 0 : 1;
}
