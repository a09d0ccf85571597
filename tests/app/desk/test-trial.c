#include "app/desk/trial.h"
#include "made-up.h"

#include <string.h>

static const HfClassKind kinds[3] = {HF_CLASS_GOOD, HF_CLASS_DEFECT,
                                     HF_CLASS_DEFECT};

typedef struct {
  HfEvaluation *evaluation;
  int *group;
  HfTrial *trial;
} Setting;

static void
set_up (Setting *self, gconstpointer skill)
{
  const char *const names[] = {"gda"};
  const MadeUp data = {200, 3, 1, TRUE, *(const double *) skill, 3};

  self->evaluation = made_up_evaluation (&data, names, 1);
  self->group = g_new (int, data.n);
  for (gsize i = 0; i < data.n; i++)
    self->group[i] = (int) i;
  self->trial = hf_trial_new (
      self->evaluation, self->evaluation->probes->pdata[0], self->group, kinds);
}

static void
tear_down (Setting *self, gconstpointer skill)
{
  hf_trial_free (self->trial);
  made_up_free (self->evaluation);
  g_free (self->group);
}

/* The definition: each picture by itself. */
static void
test_counts_are_those_of_the_dots (Setting *self, gconstpointer skill)
{
  gsize n;
  const HfTrialDot *dots = hf_trial_get_dots (self->trial, &n);

  g_assert_cmpuint (n, ==, 200);
  for (double low = 0; low <= 1; low += 0.05) {
    const HfBand band = {low, MIN (1, low + 0.17)};
    HfProbeEvaluation *tried = hf_trial_evaluate (self->trial, &band);
    gint64 escapes = 0, overkill = 0, unsure = 0;

    for (gsize i = 0; i < n; i++) {
      escapes += dots[i].kind == HF_CLASS_DEFECT && dots[i].bad <= band.low;
      overkill += dots[i].kind == HF_CLASS_GOOD && dots[i].bad > band.high;
      unsure += dots[i].bad > band.low && dots[i].bad <= band.high;
    }
    g_assert_cmpint (tried->escape_rate.k, ==, escapes);
    g_assert_cmpint (tried->overkill.k, ==, overkill);
    g_assert_cmpint (tried->unsure.k, ==, unsure);
    hf_probe_evaluation_free (tried);
  }
}

/* No threshold of a fine grid is better. */
static void
test_choices_are_the_best (Setting *self, gconstpointer skill)
{
  HfBand fewest = hf_trial_find_fewest_escapes (self->trial);
  HfBand balanced = hf_trial_find_balanced (self->trial);
  HfProbeEvaluation *least = hf_trial_evaluate (self->trial, &fewest);
  HfProbeEvaluation *even = hf_trial_evaluate (self->trial, &balanced);

  for (double at = 0; at <= 1; at += 0.0025) {
    const HfBand band = {at, at};
    HfProbeEvaluation *tried = hf_trial_evaluate (self->trial, &band);

    g_assert_true (tried->escape_rate.k > least->escape_rate.k ||
                   (tried->escape_rate.k == least->escape_rate.k &&
                    tried->overkill.k >= least->overkill.k));
    g_assert_cmpfloat (MAX (tried->escape_rate.rate, tried->overkill.rate), >=,
                       MAX (even->escape_rate.rate, even->overkill.rate) -
                           1e-12);
    hf_probe_evaluation_free (tried);
  }
  g_assert_cmpfloat (fewest.low, ==, fewest.high);
  hf_probe_evaluation_free (least);
  hf_probe_evaluation_free (even);
}

static void
test_bands_are_thresholds (void)
{
  for (int i = 0; i <= 100; i++) {
    const HfBand band = {i / 100.0, MIN (100, i + 7) / 100.0};
    HfThresholds thresholds = hf_band_to_thresholds (&band);
    HfBand again = hf_band_from_thresholds (&thresholds);
    g_autofree char *name = hf_thresholds_dup_name (&thresholds);

    g_assert_cmpfloat (again.low, ==, band.low);
    g_assert_cmpfloat (again.high, ==, band.high);
    /* Two digits stay two digits. */
    g_assert_cmpuint (strlen (name), <=, strlen ("0.48,0.64"));
  }
}

static void
test_numbers_are_short (void)
{
  static const struct {
    double share;
    const char *text;
  } known[] = {{0.44, "0.44"},   {0, "0.00"},          {1, "1.00"},
               {0.5, "0.50"},    {0.005, "0.005"},     {0.0012, "0.0012"},
               {0.999, "0.999"}, {1 / 3.0, "0.333333"}};

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++) {
    g_autofree char *text = hf_band_dup_number (known[i].share);

    g_assert_cmpstr (text, ==, known[i].text);
  }
}

int
main (int argc, char **argv)
{
  static const double guesses = 0.1, fair = 1.5, perfect = 9;
  const double *const skills[] = {&guesses, &fair, &perfect};

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (skills); i++) {
    g_autofree char *counts = g_strdup_printf (
        "/desk/trial/counts-are-those-of-the-dots/%g", *skills[i]);
    g_autofree char *choices = g_strdup_printf (
        "/desk/trial/no-threshold-is-better-than-the-chosen/%g", *skills[i]);

    g_test_add (counts, Setting, skills[i], set_up,
                test_counts_are_those_of_the_dots, tear_down);
    g_test_add (choices, Setting, skills[i], set_up, test_choices_are_the_best,
                tear_down);
  }
  g_test_add_func ("/desk/trial/bands-are-thresholds-there-and-back",
                   test_bands_are_thresholds);
  g_test_add_func ("/desk/trial/numbers-have-no-more-digits-than-they-need",
                   test_numbers_are_short);
  return g_test_run ();
}
