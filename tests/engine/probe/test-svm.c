/* Support vector machines against scikit-learn, and against their definition:
 * the Karush-Kuhn-Tucker conditions of each pair. */
#include "probe/svm.h"

#include "goldens.h"
#include "probe/solve/span.h"

/* A kernel matrix with what it was made of; gamma 0 is the linear kernel. */
typedef struct {
  Rows rows;
  double *kernel;
  HfSvmData data;
} Problem;

static void
problem_clear (Problem *self)
{
  rows_clear (&self->rows);
  g_free (self->kernel);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Problem, problem_clear)

static void
problem_finish (Problem *self, double gamma, gboolean balanced)
{
  Rows *rows = &self->rows;

  self->kernel = g_new (double, rows->n * rows->n);
  hf_gram (rows->x, rows->n, rows->dim, self->kernel);
  if (gamma > 0)
    hf_svm_kernel_rbf (self->kernel, rows->n, gamma, self->kernel);
  self->data = (HfSvmData){.kernel = self->kernel,
                           .label = rows->label,
                           .n = rows->n,
                           .n_classes = rows->n_classes,
                           .balanced = balanced};
}

static gsize
count_numbers (const HfSvmData *data, gsize n_rows)
{
  return (gsize) hf_svm_get_n_pairs (data->n_classes) * (n_rows + 1);
}

static double *
dup_fit (const HfSvmData *data, double c)
{
  double *model = g_new0 (double, count_numbers (data, data->n));

  hf_svm_fit (data, NULL, 0, c, HF_SVM_EXACT, model);
  return model;
}

static int
find_best (const double *scores, int n_classes)
{
  int best = 0;

  for (int k = 1; k < n_classes; k++)
    if (scores[k] > scores[best])
      best = k;
  return best;
}

static void
compare_golden (HfTensorFile *file, const char *set, double c, double gamma)
{
  g_auto (Problem) problem = {0};
  g_autofree char *name = g_strdup_printf ("svm/%g/%g", c, gamma);
  g_autofree char *name_predicted = g_strconcat (name, "/predicted", NULL);
  const int *predicted =
      (const int *) get_golden (file, set, name_predicted)->data;
  g_autofree double *want = dup_doubles (get_golden (file, set, name));
  g_autofree double *model = NULL, *got = NULL, *scores = NULL;
  gsize n, n_pairs, k;

  rows_load (&problem.rows, file, set);
  problem_finish (&problem, gamma, TRUE);
  n = problem.rows.n;
  /* As LIBSVM, which made the goldens, keeps it. */
  for (gsize i = 0; i < n * n; i++)
    problem.kernel[i] = (float) problem.kernel[i];
  k = (gsize) problem.rows.n_classes;
  n_pairs = (gsize) hf_svm_get_n_pairs ((int) k);
  model = dup_fit (&problem.data, c);
  got = g_new (double, n *n_pairs);
  scores = g_new (double, n *k);
  hf_svm_decide (model, (int) k, n, problem.kernel, n, got);
  hf_svm_score (got, (int) k, n, scores);
  for (gsize i = 0; i < n * n_pairs; i++)
    g_assert_cmpfloat_with_epsilon (got[i], want[i], 1e-6);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpint (find_best (scores + i * k, (int) k), ==, predicted[i]);
}

static void
test_golden (gconstpointer set)
{
  static const double strengths[] = {0.05, 1, 30}, gammas[] = {0, 0.5, 4};
  g_autoptr (HfTensorFile) file = load_goldens ();

  for (gsize s = 0; s < G_N_ELEMENTS (strengths); s++)
    for (gsize g = 0; g < G_N_ELEMENTS (gammas); g++)
      compare_golden (file, set, strengths[s], gammas[g]);
}

/* The definition, for every pair: y beta within its bounds, betas sum to 0, and
 * y decision is 1 at least where beta is 0, 1 at most where it is at its bound,
 * 1 between. */
static void
check_conditions (const HfSvmData *data, double c, const double *model,
                  double tolerance)
{
  gsize n = data->n, n_pairs = (gsize) hf_svm_get_n_pairs (data->n_classes);
  g_autofree double *decisions = g_new (double, n *n_pairs);
  g_autofree double *count = g_new0 (double, data->n_classes);
  gsize p = 0;

  for (gsize i = 0; i < n; i++)
    count[data->label[i]]++;
  hf_svm_decide (model, data->n_classes, n, data->kernel, n, decisions);
  for (int a = 0; a < data->n_classes; a++)
    for (int b = a + 1; b < data->n_classes; b++, p++) {
      double sum = 0;

      for (gsize i = 0; i < n; i++) {
        int label = data->label[i];
        double y = label == a ? 1 : -1, beta = model[p * (n + 1) + i];
        double margin = y * decisions[i * n_pairs + p] - 1;
        double bound =
            c * (data->balanced ? (double) n / (data->n_classes * count[label])
                                : 1);

        if (label != a && label != b) {
          g_assert_cmpfloat (beta, ==, 0);
          continue;
        }
        sum += beta;
        g_assert_cmpfloat (y * beta, >=, 0);
        g_assert_cmpfloat (y * beta, <=, bound * (1 + 1e-15));
        if (y * beta < bound * (1 - 1e-12))
          g_assert_cmpfloat (margin, >=, -tolerance);
        if (y * beta > 0)
          g_assert_cmpfloat (margin, <=, tolerance);
      }
      g_assert_cmpfloat (fabs (sum), <, 1e-12 * c * (double) n);
    }
}

static void
test_conditions (void)
{
  static const struct {
    gsize n, dim;
    int n_classes;
    double spread;
  } cases[] = {{40, 6, 3, 0.2}, {40, 6, 2, 0}, {30, 90, 4, 0.5}, {61, 2, 5, 1}};

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int rbf = 0; rbf < 2; rbf++) {
      g_auto (Problem) problem = {0};

      rows_make (&problem.rows, cases[i].n, cases[i].dim, cases[i].n_classes,
                 cases[i].spread, i);
      problem_finish (&problem, rbf, i % 2 == 0);
      for (double c = 0.01; c < 2e3; c *= 10) {
        g_autofree double *model = dup_fit (&problem.data, c);

        check_conditions (&problem.data, c, model, 1e-8);
      }
    }
}

/* Two points 5 apart: the margin is their middle, beta is 2 / 25 or the bound.
 */
static void
test_two_points (void)
{
  int label[2] = {0, 1};
  double kernel[4] = {0, 0, 0, 25}, model[3] = {0};
  HfSvmData data = {.kernel = kernel, .label = label, .n = 2, .n_classes = 2};

  hf_svm_fit (&data, NULL, 0, 1, HF_SVM_EXACT, model);
  g_assert_cmpfloat_with_epsilon (model[0], 0.08, 1e-12);
  g_assert_cmpfloat_with_epsilon (model[1], -0.08, 1e-12);
  g_assert_cmpfloat_with_epsilon (model[2], 1, 1e-12);
  memset (model, 0, sizeof model);
  hf_svm_fit (&data, NULL, 0, 0.01, HF_SVM_EXACT, model);
  g_assert_cmpfloat (model[0], ==, 0.01);
  g_assert_cmpfloat (model[1], ==, -0.01);
  g_assert_cmpfloat_with_epsilon (model[2], 0.125, 1e-12);
}

/* One and the same row in both classes: no curve, and no way to part them. */
static void
test_constant (void)
{
  g_auto (Problem) problem = {0};
  g_autofree double *model = NULL;

  rows_make (&problem.rows, 8, 3, 2, 1, 1);
  for (gsize j = 0; j < 24; j++)
    problem.rows.x[j] = 2;
  problem_finish (&problem, 0, TRUE);
  model = dup_fit (&problem.data, 3);
  check_conditions (&problem.data, 3, model, 1e-9);
}

static void
test_duplicates (void)
{
  g_auto (Problem) problem = {0};

  rows_make (&problem.rows, 24, 10, 3, 0.3, 2);
  for (gsize i = 12; i < 24; i++)
    memcpy (problem.rows.x + i * 10, problem.rows.x + (i - 12) * 10,
            10 * sizeof (double));
  problem_finish (&problem, 0, TRUE);
  for (double c = 0.1; c < 2e3; c *= 10) {
    g_autofree double *model = dup_fit (&problem.data, c);

    check_conditions (&problem.data, c, model, 1e-8);
  }
}

/* x times 1e6 and c divided by 1e12 leave the decisions alone; and at a
 * strength as for small values the end is reached all the same. */
static void
test_huge (void)
{
  g_auto (Problem) problem = {0};
  g_autofree double *plain = NULL, *large = NULL, *at_once = NULL;
  g_autofree double *want = g_new (double, 33 * 3);
  g_autofree double *got = g_new (double, 33 * 3);

  rows_make (&problem.rows, 33, 12, 3, 0.3, 3);
  problem_finish (&problem, 0, TRUE);
  plain = dup_fit (&problem.data, 2);
  hf_svm_decide (plain, 3, 33, problem.kernel, 33, want);
  for (gsize i = 0; i < 33 * 33; i++)
    problem.kernel[i] *= 1e12;
  large = dup_fit (&problem.data, 2e-12);
  hf_svm_decide (large, 3, 33, problem.kernel, 33, got);
  g_assert_cmpfloat (find_distance (got, want, 33 * 3), <, 1e-8);
  at_once = dup_fit (&problem.data, 2e-9);
  check_conditions (&problem.data, 2e-9, at_once, 1e-6);
}

static void
test_start (void)
{
  g_auto (Problem) problem = {0};
  g_autofree double *cold = NULL, *warm = NULL;

  rows_make (&problem.rows, 50, 80, 3, 0.2, 4);
  problem_finish (&problem, 0.5, TRUE);
  cold = dup_fit (&problem.data, 10);
  warm = dup_fit (&problem.data, 0.3);
  hf_svm_fit (&problem.data, NULL, 0, 10, HF_SVM_EXACT, warm);
  g_assert_cmpfloat (
      find_distance (warm, cold, count_numbers (&problem.data, 50)), <, 1e-7);
}

/* A class without rows has no vote but against others of its kind. */
static void
test_absent_class (void)
{
  g_auto (Problem) problem = {0};
  g_autofree double *model = NULL;
  g_autofree double *decisions = g_new (double, 20 * 10);
  g_autofree double *scores = g_new (double, 20 * 5);

  rows_make (&problem.rows, 20, 4, 2, 0.1, 5);
  problem.rows.n_classes = 5;
  for (gsize i = 0; i < 20; i++)
    problem.rows.label[i] = problem.rows.label[i] == 0 ? 1 : 3;
  problem_finish (&problem, 0, TRUE);
  model = dup_fit (&problem.data, 1);
  hf_svm_decide (model, 5, 20, problem.kernel, 20, decisions);
  hf_svm_score (decisions, 5, 20, scores);
  for (gsize i = 0; i < 20; i++) {
    int best = find_best (scores + i * 5, 5);

    g_assert_true (best == 1 || best == 3);
  }
}

/* Three classes that win one vote each: the sum of the margins decides. */
static void
test_ties (void)
{
  static const double decisions[3] = {0.5, -0.2, 0.4}; /* 01 02 12 */
  double scores[3];

  hf_svm_score (decisions, 3, 1, scores);
  g_assert_cmpfloat_with_epsilon (scores[0], 1 + 0.3 / (3 * 1.3), 1e-15);
  g_assert_cmpfloat_with_epsilon (scores[1], 1 - 0.1 / (3 * 1.1), 1e-15);
  g_assert_cmpfloat_with_epsilon (scores[2], 1 - 0.2 / (3 * 1.2), 1e-15);
  hf_svm_score (decisions, 2, 1, scores);
  g_assert_cmpfloat (scores[0], ==, 0.25);
  g_assert_cmpfloat (scores[1], ==, -0.25);
}

static void
test_kernel (void)
{
  g_auto (Problem) problem = {0};
  const double *x;

  rows_make (&problem.rows, 9, 5, 2, 1, 6);
  problem_finish (&problem, 0.7, TRUE);
  x = problem.rows.x;
  for (gsize i = 0; i < 9; i++)
    for (gsize j = 0; j < 9; j++) {
      double square = 0;

      for (gsize k = 0; k < 5; k++)
        square += (x[i * 5 + k] - x[j * 5 + k]) * (x[i * 5 + k] - x[j * 5 + k]);
      g_assert_cmpfloat_with_epsilon (problem.kernel[i * 9 + j],
                                      exp (-0.7 * square), 1e-14);
    }
}

static void
test_held_out (void)
{
  static const double c[] = {0.1, 2, 30};
  g_auto (Problem) problem = {0};
  g_autofree double *scores = g_new (double, 3 * 30 * 3);
  gsize subset[30];
  int fold[30];

  rows_make (&problem.rows, 40, 60, 3, 0.3, 7);
  problem_finish (&problem, 0.2, TRUE);
  for (gsize i = 0; i < 30; i++) {
    subset[i] = (i * 7) % 40;
    fold[i] = (int) (i / 3 % 4);
  }
  g_assert_true (hf_svm_score_held_out (&problem.data, subset, 30, fold, 4, c,
                                        3, HF_SVM_EXACT, scores, NULL, NULL));
  for (int s = 0; s < 3; s++)
    for (gsize i = 0; i < 30; i++) {
      gsize train[30], n_train = 0;
      double kernel[30], decisions[3], want[3];
      g_autofree double *model = g_new0 (double, 3 * 31);

      for (gsize j = 0; j < 30; j++)
        if (fold[j] != fold[i])
          train[n_train++] = subset[j];
      for (gsize j = 0; j < n_train; j++)
        kernel[j] = problem.kernel[subset[i] * 40 + train[j]];
      hf_svm_fit (&problem.data, train, n_train, c[s], HF_SVM_EXACT, model);
      hf_svm_decide (model, 3, n_train, kernel, 1, decisions);
      hf_svm_score (decisions, 3, 1, want);
      g_assert_cmpfloat (
          find_distance (scores + ((gsize) s * 30 + i) * 3, want, 3), <, 1e-7);
    }
}

static void
test_cancel (void)
{
  g_auto (Problem) problem = {0};
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  double c = 1, scores[12 * 3];
  int fold[12] = {0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1};

  rows_make (&problem.rows, 12, 5, 3, 1, 8);
  problem_finish (&problem, 0, TRUE);
  hf_progress_cancel (progress);
  g_assert_false (hf_svm_score_held_out (&problem.data, NULL, 12, fold, 2, &c,
                                         1, HF_SVM_ROUGH, scores, progress,
                                         &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* From the rows on, at any address, on any thread. */
static gpointer
fit_thread (gpointer shift_pointer)
{
  gsize shift = GPOINTER_TO_SIZE (shift_pointer);
  g_auto (Problem) problem = {0};
  g_autofree double *room = NULL, *own = NULL;

  rows_make (&problem.rows, 121, 530, 4, 0.1, 9);
  room = g_new (double, 121 * 530 + shift);
  memcpy (room + shift, problem.rows.x, 121 * 530 * sizeof (double));
  own = problem.rows.x;
  problem.rows.x = room + shift;
  problem_finish (&problem, 0.01, TRUE);
  problem.rows.x = NULL;
  return dup_fit (&problem.data, 20);
}

static void
test_bytes (void)
{
  g_autofree double *want = fit_thread (NULL);
  GThread *threads[4];

  for (gsize t = 0; t < 4; t++)
    threads[t] = g_thread_new ("fit", fit_thread, GSIZE_TO_POINTER (t));
  for (gsize t = 0; t < 4; t++) {
    g_autofree double *got = g_thread_join (threads[t]);

    g_assert_cmpmem (got, 6 * 122 * sizeof *got, want, 6 * 122 * sizeof *want);
  }
}

int
main (int argc, char **argv)
{
  static const char *sets[] = {"wide", "tall", "two", "two-wide", "drinks"};

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (sets); i++) {
    g_autofree char *path =
        g_strdup_printf ("/probe/svm/equals-scikit-learn/%s", sets[i]);

    g_test_add_data_func (path, sets[i], test_golden);
  }
  g_test_add_func ("/probe/svm/conditions-of-the-optimum", test_conditions);
  g_test_add_func ("/probe/svm/two-points", test_two_points);
  g_test_add_func ("/probe/svm/constant-rows", test_constant);
  g_test_add_func ("/probe/svm/duplicate-rows", test_duplicates);
  g_test_add_func ("/probe/svm/huge-values", test_huge);
  g_test_add_func ("/probe/svm/any-start-ends-at-one-optimum", test_start);
  g_test_add_func ("/probe/svm/absent-class", test_absent_class);
  g_test_add_func ("/probe/svm/ties-by-summed-margin", test_ties);
  g_test_add_func ("/probe/svm/rbf-kernel", test_kernel);
  g_test_add_func ("/probe/svm/held-out", test_held_out);
  g_test_add_func ("/probe/svm/cancel", test_cancel);
  g_test_add_func ("/probe/svm/same-bytes-on-any-thread", test_bytes);
  return g_test_run ();
}
