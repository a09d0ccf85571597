/* What numbers say in words, of made-up evaluations. */
#include "app/desk/numbers-private.h"

#include "app/desk/numbers.h"

/* Numbers whose only probe has these rates. */
static HfNumbers *
new_numbers (HfRate escapes, HfRate overkill)
{
  HfNumbers *numbers = hf_numbers_new (1, hf_samples_new ());
  HfProbeEvaluation *probe = g_new0 (HfProbeEvaluation, 1);

  numbers->evaluation = g_new0 (HfEvaluation, 1);
  numbers->evaluation->left_out = g_ptr_array_new ();
  numbers->evaluation->probes = g_ptr_array_new_with_free_func (
      (GDestroyNotify) hf_probe_evaluation_free);
  probe->escape_rate = escapes;
  probe->overkill = overkill;
  g_ptr_array_add (numbers->evaluation->probes, probe);
  return numbers;
}

static void
assert_outlook (HfRate escapes, HfRate overkill, const char *wanted)
{
  g_autoptr (HfNumbers) numbers = new_numbers (escapes, overkill);
  g_autofree char *outlook = hf_numbers_dup_outlook (numbers);

  g_assert_cmpstr (outlook, ==, wanted);
}

/* 59 parts without a fault show a rate below 5 %, 14 below 20 % and 29 below
 * 10 % (hf_rate_proof). */
static void
test_outlook (void)
{
  const HfRate none = {0};

  assert_outlook (none, (HfRate){.k = 0, .n = 40},
                  "19 more good parts without a fault show overkill below "
                  "5 %.");
  assert_outlook ((HfRate){.k = 0, .n = 10}, (HfRate){.k = 0, .n = 40},
                  "4 more bad parts without a fault show escapes below 20 %.");
  /* The one that is nearer. */
  assert_outlook ((HfRate){.k = 0, .n = 30}, (HfRate){.k = 0, .n = 28},
                  "1 more good part without a fault shows overkill below "
                  "10 %.");
  assert_outlook (none,
                  (HfRate){.k = 0, .n = 400, .n_groups = 10, .grouped = TRUE},
                  "4 more lots without a fault show overkill below 20 %.");
  assert_outlook (
      none, (HfRate){.k = 2, .n = 400, .n_groups = 10, .grouped = TRUE}, NULL);
  assert_outlook (none, none, NULL);
}

static void
add_label (HfNumbers *numbers, int class)
{
  hf_samples_add (numbers->samples, "x", class, NULL);
}

static void
test_missing (void)
{
  g_autoptr (HfNumbers) numbers = hf_numbers_new (1, hf_samples_new ());

  hf_samples_add_class (numbers->samples, "good", HF_CLASS_GOOD);
  hf_numbers_find_missing (numbers);
  g_assert_nonnull (strstr (numbers->reason, "Two classes or more"));
  hf_samples_add_class (numbers->samples, "cracked", HF_CLASS_DEFECT);
  hf_numbers_find_missing (numbers);
  g_assert_cmpstr (numbers->reason, ==,
                   "Label 2 of each class to see the first numbers. Missing: "
                   "good, cracked.");
  for (int i = 3; i <= 40; i++) {
    g_autofree char *name = g_strdup_printf ("kind %d", i);

    hf_samples_add_class (numbers->samples, name, HF_CLASS_DEFECT);
  }
  /* Forty names would fill the pane. */
  hf_numbers_find_missing (numbers);
  g_assert_cmpstr (numbers->reason, ==,
                   "Label 2 of each class to see the first numbers. Missing: "
                   "good, cracked, kind 3, kind 4, kind 5, and 35 more.");
}

/* Suggestions stay until they are labelled, and the rest is shared. */
static void
test_keep (void)
{
  g_autoptr (HfNumbers) base = hf_numbers_new (1, hf_samples_new ());
  g_autoptr (HfNumbers) newer = hf_numbers_new (2, hf_samples_new ());
  g_autoptr (HfNumbers) old = NULL;
  g_autoptr (HfNumbers) kept = NULL;
  GPtrArray *next = hf_numbers_next_list ();

  for (gint64 id = 1; id <= 3; id++)
    hf_numbers_next_add (next, id, HF_SUGGESTED_TYPICAL, g_strdup ("why"));
  old = hf_numbers_new_with_next (base, next);
  g_assert_cmpuint (old->serial, ==, 1);
  hf_samples_add_class (newer->samples, "good", HF_CLASS_GOOD);
  add_label (newer, 0);
  ((HfSample *) newer->samples->samples->pdata[0])->image_id = 2;
  kept = hf_numbers_keep_next (newer, old);
  g_clear_pointer (&old, hf_numbers_unref);
  g_clear_pointer (&newer, hf_numbers_unref);
  g_assert_cmpuint (kept->serial, ==, 2);
  g_assert_cmpuint (kept->next->len, ==, 2);
  g_assert_cmpint (((HfNumbersNext *) kept->next->pdata[0])->image_id, ==, 1);
  g_assert_cmpint (((HfNumbersNext *) kept->next->pdata[1])->image_id, ==, 3);
  g_assert_cmpuint (kept->samples->samples->len, ==, 1);
}

static void
test_find (void)
{
  g_autoptr (HfNumbers) numbers = hf_numbers_new (1, hf_samples_new ());

  g_assert_null (hf_numbers_find_prediction (numbers, 1));
  numbers->n_predictions = 3;
  numbers->predictions = g_new0 (HfPrediction, 3);
  for (int i = 0; i < 3; i++)
    numbers->predictions[i].image_id = 10 * (i + 1);
  for (int i = 0; i < 3; i++)
    g_assert_true (hf_numbers_find_prediction (numbers, 10 * (i + 1)) ==
                   &numbers->predictions[i]);
  g_assert_null (hf_numbers_find_prediction (numbers, 5));
  g_assert_null (hf_numbers_find_prediction (numbers, 15));
  g_assert_null (hf_numbers_find_prediction (numbers, 31));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desk/numbers/the-nearest-step-is-named", test_outlook);
  g_test_add_func ("/desk/numbers/classes-without-labels-are-named",
                   test_missing);
  g_test_add_func ("/desk/numbers/suggestions-stay-until-labelled", test_keep);
  g_test_add_func ("/desk/numbers/predictions-are-found", test_find);
  return g_test_run ();
}
