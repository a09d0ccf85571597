/* test-folds.c: groups whole, classes in every training part, folds alike. */
#include "base/rng.h"
#include "evaluate/folds.h"

#include <string.h>

enum { MAX_ROWS = 400 };

typedef struct {
  HfDataset data;
  int label[MAX_ROWS];
  int group[MAX_ROWS];
} Rows;

static void
rows_add (Rows *self, int label, int group, int count)
{
  for (int i = 0; i < count; i++) {
    self->label[self->data.n_rows] = label;
    self->group[self->data.n_rows++] = group;
  }
  self->data.n_classes = MAX (self->data.n_classes, label + 1);
  self->data.label = self->label;
  self->data.group = self->group;
}

/* Whatever folds are, this must hold of them. */
static void
assert_sound (const Rows *rows, const int *cluster, const HfFolds *folds)
{
  const HfDataset *data = &rows->data;

  for (gsize i = 0; i < data->n_rows; i++) {
    g_assert_cmpint (folds->fold[i], >=, -1);
    g_assert_cmpint (folds->fold[i], <, folds->n_folds);
    if (folds->fold[i] >= 0)
      g_assert_cmpint (folds->held[i], ==, folds->fold[i]);
    for (gsize j = 0; j < i; j++)
      if (data->group[i] == data->group[j] ||
          (cluster != NULL && cluster[i] == cluster[j]))
        g_assert_cmpint (folds->held[i], ==, folds->held[j]);
  }
  for (int f = 0; f < folds->n_folds; f++) {
    int n_tested = 0;

    for (gsize i = 0; i < data->n_rows; i++) {
      gboolean is_left = FALSE;

      if (folds->fold[i] != f)
        continue;
      n_tested++;
      for (gsize j = 0; j < data->n_rows && !is_left; j++)
        is_left = folds->held[j] != f && data->label[j] == data->label[i];
      g_assert_true (is_left);
    }
    g_assert_cmpint (n_tested, >, 0);
  }
}

static HfFolds *
make (const Rows *rows, const int *cluster, int n_wanted)
{
  g_autoptr (GError) error = NULL;
  HfDataset data = rows->data;
  HfFolds *folds;

  data.cluster = cluster;
  folds = hf_folds_new (&data, n_wanted, 1, &error);
  g_assert_no_error (error);
  assert_sound (rows, cluster, folds);
  return folds;
}

/* Rows of class @label (-1: any) in fold @fold. */
static int
count (const Rows *rows, const HfFolds *folds, int fold, int label)
{
  int n = 0;

  for (gsize i = 0; i < rows->data.n_rows; i++)
    n += folds->fold[i] == fold && (label < 0 || rows->label[i] == label);
  return n;
}

static void
test_single_pictures (void)
{
  Rows rows = {0};
  g_autoptr (HfFolds) folds = NULL;
  const int sizes[3] = {23, 41, 6};

  for (int c = 0; c < 3; c++)
    for (int i = 0; i < sizes[c]; i++)
      rows_add (&rows, c, (int) rows.data.n_rows, 1);
  folds = make (&rows, NULL, 0);
  g_assert_cmpint (folds->n_folds, ==, 5);
  g_assert_false (folds->leave_one_group);
  for (int f = 0; f < 5; f++) {
    g_assert_cmpint (count (&rows, folds, f, -1), ==, 14);
    for (int c = 0; c < 3; c++) {
      g_assert_cmpint (count (&rows, folds, f, c), >=, sizes[c] / 5);
      g_assert_cmpint (count (&rows, folds, f, c), <=, sizes[c] / 5 + 1);
    }
  }
}

static void
test_rarest_class_decides (void)
{
  Rows rows = {0};
  g_autoptr (HfFolds) three = NULL;
  g_autoptr (HfFolds) ten = NULL;
  g_autoptr (HfFolds) four = NULL;

  for (int g = 0; g < 30; g++)
    rows_add (&rows, 0, g, 2);
  for (int g = 30; g < 33; g++)
    rows_add (&rows, 1, g, 1);
  three = make (&rows, NULL, 0);
  g_assert_cmpint (three->n_folds, ==, 3);
  ten = make (&rows, NULL, 10);
  g_assert_cmpint (ten->n_folds, ==, 3);
  rows_add (&rows, 1, 40, 1);
  rows_add (&rows, 1, 41, 1);
  rows_add (&rows, 1, 42, 1);
  four = make (&rows, NULL, 4);
  g_assert_cmpint (four->n_folds, ==, 4);
}

static void
test_few_groups (void)
{
  Rows rows = {0};
  g_autoptr (HfFolds) folds = NULL;
  g_autoptr (HfFolds) wanted = NULL;
  g_autoptr (HfFolds) twenty = NULL;

  for (int g = 0; g < 19; g++) {
    rows_add (&rows, 0, g, 2);
    rows_add (&rows, 1, g, 1);
  }
  folds = make (&rows, NULL, 0);
  g_assert_true (folds->leave_one_group);
  g_assert_cmpint (folds->n_folds, ==, 19);
  for (gsize i = 0; i < rows.data.n_rows; i++)
    g_assert_cmpint (folds->fold[i], ==, rows.group[i]);
  wanted = make (&rows, NULL, 5);
  g_assert_false (wanted->leave_one_group);
  g_assert_cmpint (wanted->n_folds, ==, 5);
  rows_add (&rows, 0, 19, 2);
  twenty = make (&rows, NULL, 0);
  g_assert_false (twenty->leave_one_group);
  g_assert_cmpint (twenty->n_folds, ==, 5);
}

static void
test_class_in_one_group (void)
{
  Rows rows = {0};
  g_autoptr (HfFolds) folds = NULL;

  for (int g = 0; g < 4; g++) {
    rows_add (&rows, 0, g, 3);
    rows_add (&rows, 1, g, 3);
  }
  rows_add (&rows, 2, 3, 5);
  folds = make (&rows, NULL, 0);
  g_assert_cmpint (folds->n_folds, ==, 4);
  for (gsize i = 0; i < rows.data.n_rows; i++)
    g_assert_true ((folds->fold[i] < 0) == (rows.label[i] == 2));
}

static void
test_near_copies_join (void)
{
  Rows rows = {0};
  int cluster[12];
  g_autoptr (HfFolds) folds = NULL;

  for (int g = 0; g < 6; g++) {
    rows_add (&rows, 0, g, 1);
    rows_add (&rows, 1, g, 1);
  }
  for (int i = 0; i < 12; i++)
    cluster[i] = i;
  /* Groups 1 and 4 and then 4 and 5 have near-copies in common. */
  cluster[8] = cluster[2];
  cluster[11] = cluster[9];
  folds = make (&rows, cluster, 0);
  g_assert_cmpint (folds->n_folds, ==, 4);
  g_assert_cmpint (folds->fold[2], ==, folds->fold[10]);
}

static void
test_too_few (void)
{
  Rows rows = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (HfFolds) folds = NULL;

  rows_add (&rows, 0, 0, 3);
  rows_add (&rows, 0, 1, 3);
  rows_add (&rows, 1, 1, 3);
  folds = hf_folds_new (&rows.data, 0, 1, &error);
  g_assert_error (error, HF_EVALUATE_ERROR, HF_EVALUATE_ERROR_TOO_FEW);
  g_assert_null (folds);
}

/* Three groups that share three classes in a ring cannot be dealt to two
 * folds, only to three. */
static void
test_ring_of_classes (void)
{
  Rows rows = {0};
  g_autoptr (HfFolds) folds = NULL;

  for (int g = 0; g < 3; g++) {
    rows_add (&rows, g, g, 2);
    rows_add (&rows, (g + 1) % 3, g, 2);
  }
  folds = make (&rows, NULL, 2);
  g_assert_cmpint (folds->n_folds, ==, 3);
}

/* Groups of several classes and sizes, drawn by lot. */
static void
test_any (void)
{
  HfRng rng;

  hf_rng_init (&rng, 17);
  for (int round = 0; round < 400; round++) {
    Rows rows = {0};
    g_autoptr (GError) error = NULL;
    g_autoptr (HfFolds) folds = NULL;
    g_autoptr (HfFolds) again = NULL;
    int n_groups = 2 + (int) hf_rng_next_below (&rng, 60);
    int n_classes = 2 + (int) hf_rng_next_below (&rng, 5);
    int wanted = (int) hf_rng_next_below (&rng, 8);

    for (int g = 0; g < n_groups; g++)
      for (guint64 i = hf_rng_next_below (&rng, 3); i < 3; i++)
        rows_add (&rows, (int) hf_rng_next_below (&rng, (guint64) n_classes), g,
                  1 + (int) hf_rng_next_below (&rng, 2));
    folds = hf_folds_new (&rows.data, wanted, 5, &error);
    if (folds == NULL) {
      g_assert_error (error, HF_EVALUATE_ERROR, HF_EVALUATE_ERROR_TOO_FEW);
      continue;
    }
    assert_sound (&rows, NULL, folds);
    again = hf_folds_new (&rows.data, wanted, 5, &error);
    g_assert_cmpint (folds->n_folds, ==, again->n_folds);
    g_assert_cmpmem (folds->fold, rows.data.n_rows * sizeof (int), again->fold,
                     rows.data.n_rows * sizeof (int));
  }
}

/* Lots of 1 to 12 pictures: no fold may be half again as large as another. */
static void
test_uneven_groups (void)
{
  Rows rows = {0};
  g_autoptr (HfFolds) folds = NULL;

  for (int g = 0; g < 48; g++)
    rows_add (&rows, g % 2, g, 1 + g % 12);
  folds = make (&rows, NULL, 0);
  for (int f = 0; f < 5; f++)
    for (int c = 0; c < 2; c++) {
      int n = count (&rows, folds, f, c), all = c == 0 ? 144 : 168;

      g_assert_cmpint (n, >=, all * 4 / 25);
      g_assert_cmpint (n, <=, all * 6 / 25);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/evaluate/folds/single-pictures-are-stratified",
                   test_single_pictures);
  g_test_add_func ("/evaluate/folds/rarest-class-decides-how-many",
                   test_rarest_class_decides);
  g_test_add_func ("/evaluate/folds/few-groups-are-left-out-one-by-one",
                   test_few_groups);
  g_test_add_func ("/evaluate/folds/class-in-one-group-is-left-out",
                   test_class_in_one_group);
  g_test_add_func ("/evaluate/folds/near-copies-join-groups",
                   test_near_copies_join);
  g_test_add_func ("/evaluate/folds/one-class-is-too-few", test_too_few);
  g_test_add_func ("/evaluate/folds/ring-of-classes-takes-a-fold-more",
                   test_ring_of_classes);
  g_test_add_func ("/evaluate/folds/always-sound-and-the-same-again", test_any);
  g_test_add_func ("/evaluate/folds/uneven-groups-are-balanced",
                   test_uneven_groups);
  return g_test_run ();
}
