/* Logistic regression against scikit-learn, and against its definition: the
 * gradient is zero at the minimum, of which there is one. */
#include "probe/linear.h"

#include "goldens.h"

/* f32 goldens whose gradient is below 1e-7 of the largest weight. */
#define GOLDEN_TOLERANCE 1e-5

static HfLinearData
make_data (const Rows *rows, gboolean balanced)
{
  return (HfLinearData){.x = rows->x,
                        .label = rows->label,
                        .n = rows->n,
                        .dim = rows->dim,
                        .n_classes = rows->n_classes,
                        .balanced = balanced};
}

static gsize
count_numbers (const HfLinearData *data)
{
  return (gsize) hf_linear_get_n_weights (data->n_classes) * (data->dim + 1);
}

static double *
dup_fit (const HfLinearData *data, const gsize *rows, gsize n_rows, double c)
{
  double *weights = g_new0 (double, count_numbers (data));

  hf_linear_fit (data, rows, n_rows, c, HF_LINEAR_EXACT, weights);
  return weights;
}

static double
find_row_weight (const HfLinearData *data, gsize i)
{
  double weight = data->row_weight ? data->row_weight[i] : 1;
  gsize count = 0;

  for (gsize j = 0; j < data->n; j++)
    count += data->label[j] == data->label[i];
  return data->balanced
             ? weight * (double) data->n / (data->n_classes * (double) count)
             : weight;
}

/* The definition: the largest element of the objective's gradient at @weights,
 * beside the largest weight. */
static double
find_gradient (const HfLinearData *data, double c, const double *weights)
{
  gsize k = (gsize) hf_linear_get_n_weights (data->n_classes), dim = data->dim;
  g_autofree double *gradient = g_new0 (double, k *(dim + 1));
  g_autofree double *score = g_new (double, data->n_classes);
  double steepest = 0, largest = 0;

  for (gsize i = 0; i < data->n; i++) {
    double sum = 0, most = -INFINITY, weight = find_row_weight (data, i);

    for (int q = 0; q < data->n_classes; q++) {
      int row = q - (data->n_classes - (int) k);
      const double *w = weights + (gsize) MAX (row, 0) * (dim + 1);

      score[q] = row < 0 ? 0 : w[dim];
      for (gsize j = 0; row >= 0 && j < dim; j++)
        score[q] += w[j] * data->x[i * dim + j];
      most = MAX (most, score[q]);
    }
    for (int q = 0; q < data->n_classes; q++)
      sum += exp (score[q] - most);
    for (gsize r = 0; r < k; r++) {
      int q = (int) r + data->n_classes - (int) k;
      double rest = exp (score[q] - most) / sum - (data->label[i] == q);

      for (gsize j = 0; j <= dim; j++)
        gradient[r * (dim + 1) + j] +=
            c * weight * rest * (j < dim ? data->x[i * dim + j] : 1);
    }
  }
  for (gsize j = 0; j < k * (dim + 1); j++) {
    gsize r = j / (dim + 1), p = j % (dim + 1);

    if (p < dim)
      gradient[j] +=
          weights[j] - (data->anchor ? data->anchor[r * dim + p] : 0);
    steepest = MAX (steepest, fabs (gradient[j]));
    largest = MAX (largest, fabs (weights[j]));
  }
  return largest > 0 ? steepest / largest : steepest;
}

static void
compare_set (HfTensorFile *file, const char *set, const char *weighing)
{
  static const double strengths[] = {0.05, 1, 30};
  g_auto (Rows) rows = {0};
  HfLinearData data;

  rows_load (&rows, file, set);
  data = make_data (&rows, strcmp (weighing, "balanced") == 0);
  for (gsize s = 0; s < G_N_ELEMENTS (strengths); s++) {
    g_autofree char *name =
        g_strdup_printf ("linear/%g/%s", strengths[s], weighing);
    g_autofree double *want = dup_doubles (get_golden (file, set, name));
    g_autofree double *got = dup_fit (&data, NULL, 0, strengths[s]);

    g_assert_cmpfloat (find_distance (got, want, count_numbers (&data)), <,
                       GOLDEN_TOLERANCE);
    g_assert_cmpfloat (find_gradient (&data, strengths[s], got), <, 1e-9);
  }
}

static void
test_golden (gconstpointer set)
{
  g_autoptr (HfTensorFile) file = load_goldens ();

  compare_set (file, set, "balanced");
  if (strcmp (set, "drinks") != 0)
    compare_set (file, set, "plain");
}

/* An anchor, weights of rows, few and many rows, weak to strong. */
static void
test_gradient (void)
{
  static const struct {
    gsize n, dim;
    int n_classes;
  } cases[] = {{30, 7, 3}, {12, 90, 4}, {31, 33, 2}, {9, 65, 2}, {65, 65, 5}};

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Rows) rows = {0}, anchor = {0};
    g_autofree double *row_weight = g_new (double, cases[i].n);
    HfLinearData data;

    rows_make (&rows, cases[i].n, cases[i].dim, cases[i].n_classes, 0.4, i);
    rows_make (&anchor, (gsize) cases[i].n_classes, cases[i].dim, 2, 2, 77);
    for (gsize r = 0; r < cases[i].n; r++)
      row_weight[r] = (double) (r % 3);
    data = make_data (&rows, i % 2 == 0);
    data.anchor = anchor.x;
    data.row_weight = row_weight;
    for (double c = 1e-3; c < 1e5; c *= 10) {
      g_autofree double *weights = dup_fit (&data, NULL, 0, c);

      g_assert_cmpfloat (find_gradient (&data, c, weights), <, 1e-8);
    }
  }
}

/* The minimum is one, so neither start nor order of strengths shows in it. */
static void
test_start (void)
{
  g_auto (Rows) rows = {0};
  g_autofree double *cold = NULL, *warm = NULL;
  HfLinearData data;
  int n_cold, n_warm;

  rows_make (&rows, 40, 60, 3, 0.5, 3);
  data = make_data (&rows, TRUE);
  cold = g_new0 (double, count_numbers (&data));
  n_cold = hf_linear_fit (&data, NULL, 0, 50, HF_LINEAR_EXACT, cold);
  warm = dup_fit (&data, NULL, 0, 20);
  n_warm = hf_linear_fit (&data, NULL, 0, 50, HF_LINEAR_EXACT, warm);
  g_assert_cmpfloat (find_distance (warm, cold, count_numbers (&data)), <,
                     1e-9);
  g_assert_cmpint (n_warm, <=, n_cold);
  g_assert_cmpint (hf_linear_fit (&data, NULL, 0, 50, 1e-8, warm), ==, 0);
}

static void
test_rough (void)
{
  g_auto (Rows) rows = {0};
  g_autofree double *exact = NULL, *rough = NULL;
  HfLinearData data;

  rows_make (&rows, 50, 30, 4, 0.3, 4);
  data = make_data (&rows, TRUE);
  exact = dup_fit (&data, NULL, 0, 10);
  rough = g_new0 (double, count_numbers (&data));
  hf_linear_fit (&data, NULL, 0, 10, HF_LINEAR_ROUGH, rough);
  g_assert_cmpfloat (find_distance (rough, exact, count_numbers (&data)), <,
                     10 * HF_LINEAR_ROUGH);
}

/* x times 1e6 and c divided by 1e12 divide the weights by 1e6. */
static void
test_units (void)
{
  g_auto (Rows) rows = {0};
  g_autofree double *plain = NULL, *large = NULL;
  HfLinearData data;

  rows_make (&rows, 33, 21, 3, 0.5, 5);
  data = make_data (&rows, TRUE);
  plain = dup_fit (&data, NULL, 0, 5);
  for (gsize j = 0; j < rows.n * rows.dim; j++)
    rows.x[j] *= 1e6;
  large = dup_fit (&data, NULL, 0, 5e-12);
  for (gsize j = 0; j < count_numbers (&data); j++)
    large[j] *= j % (rows.dim + 1) < rows.dim ? 1e6 : 1;
  g_assert_cmpfloat (find_distance (large, plain, count_numbers (&data)), <,
                     1e-8);
}

/* Huge values at a strength as for small ones: separated at once, yet finite
 * and at the minimum. */
static void
test_huge (void)
{
  g_auto (Rows) rows = {0};
  g_autofree double *weights = NULL, *scores = NULL;
  HfLinearData data;

  rows_make (&rows, 20, 50, 3, 1, 6);
  for (gsize j = 0; j < rows.n * rows.dim; j++)
    rows.x[j] *= 1e6;
  data = make_data (&rows, TRUE);
  weights = dup_fit (&data, NULL, 0, 1);
  scores = g_new (double, rows.n * 3);
  hf_linear_score (weights, 3, rows.dim, rows.x, rows.n, scores);
  for (gsize i = 0; i < rows.n; i++)
    for (int q = 0; q < 3; q++) {
      g_assert_true (isfinite (scores[i * 3 + (gsize) q]));
      g_assert_cmpfloat (scores[i * 3 + (gsize) q], <=,
                         scores[i * 3 + (gsize) rows.label[i]]);
    }
}

/* A row that occurs twice counts as one of weight 2. */
static void
test_duplicates (void)
{
  g_auto (Rows) rows = {0};
  gsize twice[40];
  double weight[30];
  g_autofree double *a = NULL, *b = NULL;
  HfLinearData data;

  rows_make (&rows, 30, 45, 3, 0.5, 7);
  for (gsize i = 0; i < 40; i++)
    twice[i] = i % 30;
  for (gsize i = 0; i < 30; i++)
    weight[i] = i < 10 ? 2 : 1;
  data = make_data (&rows, FALSE);
  a = dup_fit (&data, twice, 40, 3);
  data.row_weight = weight;
  b = dup_fit (&data, NULL, 0, 3);
  g_assert_cmpfloat (find_distance (a, b, count_numbers (&data)), <, 1e-9);
}

/* Equal rows cannot be told apart: no weights, intercepts by how often. */
static void
test_constant (void)
{
  double x[6 * 4] = {0};
  int label[6] = {0, 0, 0, 1, 1, 2};
  HfLinearData data = {
      .x = x, .label = label, .n = 6, .dim = 4, .n_classes = 3};
  g_autofree double *weights = dup_fit (&data, NULL, 0, 10);
  double mean = (log (3) + log (2)) / 3;

  for (int q = 0; q < 3; q++)
    g_assert_cmpfloat_with_epsilon (weights[q * 5 + 4], log (3 - q) - mean,
                                    1e-9);
  for (gsize j = 0; j < 24; j++)
    x[j] = 1;
  g_free (weights);
  weights = dup_fit (&data, NULL, 0, 10);
  g_assert_cmpfloat (find_gradient (&data, 10, weights), <, 1e-9);
}

static void
test_one_row_a_class (void)
{
  g_auto (Rows) rows = {0};
  HfLinearData data;

  rows_make (&rows, 6, 50, 6, 1, 8);
  data = make_data (&rows, TRUE);
  for (double c = 0.01; c < 1e7; c *= 100) {
    g_autofree double *weights = dup_fit (&data, NULL, 0, c);

    g_assert_cmpfloat (find_gradient (&data, c, weights), <, 1e-8);
  }
}

/* A class without rows is never the answer, and changes nothing of the rest. */
static void
test_absent_class (void)
{
  g_auto (Rows) rows = {0};
  double only[3 * 21], scores[4];
  g_autofree double *three = NULL, *four = NULL;
  HfLinearData data;

  rows_make (&rows, 30, 20, 3, 0.5, 9);
  data = make_data (&rows, TRUE);
  three = dup_fit (&data, NULL, 0, 2);
  for (gsize i = 0; i < rows.n; i++)
    rows.label[i] += rows.label[i] > 0;
  data.n_classes = 4;
  four = dup_fit (&data, NULL, 0, 2);
  memcpy (only, four, 21 * sizeof (double));
  memcpy (only + 21, four + 42, 42 * sizeof (double));
  g_assert_cmpfloat (find_distance (only, three, 63), <, 1e-9);
  g_assert_cmpfloat (four[21 + 20], ==, HF_LINEAR_ABSENT);
  hf_linear_score (four, 4, 20, rows.x, 1, scores);
  g_assert_cmpfloat (scores[1], <, -1e5);
}

static void
test_single_class (void)
{
  double x[4] = {1, 2, 3, 4}, scores[2];
  int label[2] = {1, 1};
  HfLinearData data = {
      .x = x, .label = label, .n = 2, .dim = 2, .n_classes = 2};
  g_autofree double *weights = dup_fit (&data, NULL, 0, 1);

  hf_linear_score (weights, 2, 2, x, 1, scores);
  g_assert_cmpfloat (scores[1], >, scores[0] + 1e5);
  label[0] = label[1] = 0;
  g_free (weights);
  weights = dup_fit (&data, NULL, 0, 1);
  hf_linear_score (weights, 2, 2, x, 1, scores);
  g_assert_cmpfloat (scores[0], >, scores[1] + 1e5);
}

/* Held-out scores are those of fits made one by one, without the row. */
static void
test_held_out (gconstpointer which)
{
  gsize n = 40, dim = GPOINTER_TO_SIZE (which), subset[30];
  static const double c[] = {0.1, 3, 40};
  g_auto (Rows) rows = {0}, anchor = {0};
  g_autofree double *scores = g_new (double, 3 * 30 * 3);
  int fold[30];
  HfLinearData data;

  rows_make (&rows, n, dim, 3, 0.4, 10);
  rows_make (&anchor, 3, dim, 3, 2, 11);
  data = make_data (&rows, TRUE);
  data.anchor = anchor.x;
  for (gsize i = 0; i < 30; i++) {
    subset[i] = (i * 7) % n;
    fold[i] = (int) (i / 3 % 4);
  }
  g_assert_true (hf_linear_score_held_out (
      &data, subset, 30, fold, 4, c, 3, HF_LINEAR_EXACT, scores, NULL, NULL));
  for (int s = 0; s < 3; s++)
    for (int f = 0; f < 4; f++) {
      gsize train[30], n_train = 0;
      g_autofree double *weights = NULL;

      for (gsize i = 0; i < 30; i++)
        if (fold[i] != f)
          train[n_train++] = subset[i];
      weights = dup_fit (&data, train, n_train, c[s]);
      for (gsize i = 0; i < 30; i++) {
        double want[3];

        if (fold[i] != f)
          continue;
        hf_linear_score (weights, 3, dim, rows.x + subset[i] * dim, 1, want);
        g_assert_cmpfloat (
            find_distance (scores + ((gsize) s * 30 + i) * 3, want, 3), <,
            1e-8);
      }
    }
}

static void
test_cancel (void)
{
  g_auto (Rows) rows = {0};
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  double c = 1, scores[12 * 3];
  int fold[12] = {0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1};
  HfLinearData data;

  rows_make (&rows, 12, 5, 3, 1, 12);
  data = make_data (&rows, TRUE);
  hf_progress_cancel (progress);
  g_assert_false (hf_linear_score_held_out (&data, NULL, 12, fold, 2, &c, 1,
                                            HF_LINEAR_ROUGH, scores, progress,
                                            &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

typedef struct {
  const HfLinearData *data;
  gsize shift;
} Job;

/* A fit of rows that begin anywhere in memory. */
static gpointer
fit_thread (gpointer job_pointer)
{
  const Job *job = job_pointer;
  HfLinearData data = *job->data;
  g_autofree double *copy = g_new (double, data.n *data.dim + job->shift);

  memcpy (copy + job->shift, data.x, data.n * data.dim * sizeof (double));
  data.x = copy + job->shift;
  return dup_fit (&data, NULL, 0, 7);
}

static void
test_bytes (void)
{
  static const gsize dims[] = {67, 530};

  for (gsize d = 0; d < G_N_ELEMENTS (dims); d++) {
    g_auto (Rows) rows = {0};
    GThread *threads[4];
    Job jobs[4];
    HfLinearData data;
    g_autofree double *want = NULL;

    rows_make (&rows, 203, dims[d], 5, 0.3, 13);
    data = make_data (&rows, TRUE);
    want = dup_fit (&data, NULL, 0, 7);
    for (gsize t = 0; t < 4; t++) {
      jobs[t] = (Job){&data, t};
      threads[t] = g_thread_new ("fit", fit_thread, &jobs[t]);
    }
    for (gsize t = 0; t < 4; t++) {
      g_autofree double *got = g_thread_join (threads[t]);

      g_assert_cmpmem (got, count_numbers (&data) * sizeof *got, want,
                       count_numbers (&data) * sizeof *want);
    }
  }
}

int
main (int argc, char **argv)
{
  static const char *sets[] = {"wide", "tall", "two", "two-wide", "drinks"};

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (sets); i++) {
    g_autofree char *path =
        g_strdup_printf ("/probe/linear/equals-scikit-learn/%s", sets[i]);

    g_test_add_data_func (path, sets[i], test_golden);
  }
  g_test_add_func ("/probe/linear/gradient-is-zero", test_gradient);
  g_test_add_func ("/probe/linear/any-start-ends-at-one-minimum", test_start);
  g_test_add_func ("/probe/linear/rough-is-near", test_rough);
  g_test_add_func ("/probe/linear/units-do-not-matter", test_units);
  g_test_add_func ("/probe/linear/huge-values", test_huge);
  g_test_add_func ("/probe/linear/duplicates-count-as-weight", test_duplicates);
  g_test_add_func ("/probe/linear/constant-rows", test_constant);
  g_test_add_func ("/probe/linear/one-row-a-class", test_one_row_a_class);
  g_test_add_func ("/probe/linear/absent-class", test_absent_class);
  g_test_add_func ("/probe/linear/single-class", test_single_class);
  g_test_add_data_func ("/probe/linear/held-out/tall", GSIZE_TO_POINTER (9),
                        test_held_out);
  g_test_add_data_func ("/probe/linear/held-out/wide", GSIZE_TO_POINTER (80),
                        test_held_out);
  g_test_add_func ("/probe/linear/cancel", test_cancel);
  g_test_add_func ("/probe/linear/same-bytes-on-any-thread", test_bytes);
  return g_test_run ();
}
