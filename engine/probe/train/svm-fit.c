/* svm-fit.c: see the header. */
#include "probe/train/svm-fit.h"

#include <math.h>
#include <string.h>

#include "probe/solve/span.h"
#include "probe/svm.h"
#include "probe/train/contest.h"

/* C rises, as svm.h wants it. */
static const double linear_strengths[] = {0.1, 1, 10};
static const double rbf_strengths[] = {1, 10, 100};
static const double gammas[] = {0.5, 0.1};
#define DEFAULT_LINEAR 1
#define DEFAULT_RBF 10

/* The rows through one choice of blocks. */
typedef struct {
  HfJoint *joint;
  double *x;      /* [n][dim] */
  double *gram;   /* [n][n] */
  double *kernel; /* [n][n] */
  HfSvmData data;
} View;

static void
view_clear (View *self)
{
  hf_joint_free (self->joint);
  g_free (self->x);
  g_free (self->gram);
  g_free (self->kernel);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (View, view_clear)

static void
view_init (View *self, const HfTraining *training, HfBlocks blocks,
           gboolean balanced)
{
  gsize n = training->n;

  self->joint = hf_joint_new (training->data, training->row, n, blocks);
  self->x = hf_joint_dup_rows (self->joint, training->data, training->row, n);
  self->gram = g_new (double, n *n);
  self->kernel = g_new (double, n *n);
  hf_gram (self->x, n, self->joint->dim, self->gram);
  self->data = (HfSvmData){.kernel = self->kernel,
                           .label = training->label,
                           .n = n,
                           .n_classes = training->data->n_classes,
                           .balanced = balanced};
}

static void
view_set_kernel (View *self, HfKernel kernel, double gamma)
{
  gsize n = self->data.n;

  if (kernel == HF_KERNEL_RBF)
    hf_svm_kernel_rbf (self->gram, n, gamma, self->kernel);
  else
    memcpy (self->kernel, self->gram, n * n * sizeof *self->gram);
}

/* Offers all C of one kernel, the default first. */
static gboolean
offer_strengths (HfContest *contest, View *view, const HfProbeSpec *spec,
                 HfKernel kernel, double gamma, HfProgress *progress,
                 GError **error)
{
  const HfTraining *training = contest->training;
  gsize size = training->n * (gsize) training->data->n_classes;
  gboolean is_rbf = kernel == HF_KERNEL_RBF;
  const double usual = is_rbf ? DEFAULT_RBF : DEFAULT_LINEAR;
  const double given = isnan (spec->c) ? usual : spec->c;
  gboolean is_free = isnan (spec->c) && contest->can_choose;
  const double *grid = is_rbf ? rbf_strengths : linear_strengths;
  const double *c = is_free ? grid : &given;
  int n_c = is_free ? G_N_ELEMENTS (rbf_strengths) : 1;
  g_autofree double *score = g_new0 (double, (gsize) n_c *size);
  HfProbeSpec setting = *spec;

  view_set_kernel (view, kernel, gamma);
  if (contest->n_folds > 0 &&
      !hf_svm_score_held_out (&view->data, NULL, training->n, contest->fold,
                              contest->n_folds, c, n_c, HF_SVM_ROUGH, score,
                              progress, error))
    return FALSE;
  setting.kind = HF_PROBE_SVM;
  setting.blocks = view->joint->blocks;
  setting.kernel = kernel;
  setting.gamma = is_rbf ? gamma : NAN;
  hf_contest_offer_strengths (contest, &setting, c, n_c, given, score);
  return TRUE;
}

static gboolean
offer_blocks (HfContest *contest, const HfProbeSpec *spec, HfBlocks blocks,
              HfProgress *progress, GError **error)
{
  g_auto (View) view = {0};
  gboolean has_gamma = !isnan (spec->gamma);
  const double *gamma = has_gamma ? &spec->gamma : gammas;
  guint n_gammas =
      has_gamma || !contest->can_choose ? 1 : G_N_ELEMENTS (gammas);
  gboolean wants_rbf =
      spec->kernel == HF_KERNEL_RBF ||
      (spec->kernel == HF_KERNEL_AUTO && (contest->can_choose || has_gamma));

  view_init (&view, contest->training, blocks, !spec->unbalanced);
  if (spec->kernel == HF_KERNEL_LINEAR ||
      (spec->kernel == HF_KERNEL_AUTO && !has_gamma))
    if (!offer_strengths (contest, &view, spec, HF_KERNEL_LINEAR, NAN, progress,
                          error))
      return FALSE;
  for (guint g = 0; wants_rbf && g < n_gammas; g++)
    if (!offer_strengths (contest, &view, spec, HF_KERNEL_RBF, gamma[g],
                          progress, error))
      return FALSE;
  return TRUE;
}

/* Pairs as rows of weights over joined rows. */
static HfScorer *
make_linear_scorer (const double *model, const View *view)
{
  gsize n = view->data.n, dim = view->joint->dim;
  gsize n_pairs = (gsize) hf_svm_get_n_pairs (view->data.n_classes);
  g_autofree double *weights = g_new0 (double, n_pairs *(dim + 1));

  for (gsize p = 0; p < n_pairs; p++) {
    const double *of = model + p * (n + 1);

    for (gsize i = 0; i < n; i++)
      for (gsize j = 0; of[i] != 0 && j < dim; j++)
        weights[p * (dim + 1) + j] += of[i] * view->x[i * dim + j];
    weights[p * (dim + 1) + dim] = of[n];
  }
  return hf_scorer_new (HF_SCORER_PAIRS, weights, view->data.n_classes, dim);
}

/* Rows that no pair leans on are left out. */
static HfScorer *
make_rbf_scorer (const double *model, const View *view, double gamma)
{
  gsize n = view->data.n, dim = view->joint->dim, n_support = 0;
  gsize n_pairs = (gsize) hf_svm_get_n_pairs (view->data.n_classes);
  g_autofree gsize *kept = g_new (gsize, n);
  g_autofree double *weights = NULL, *support = NULL;

  for (gsize i = 0; i < n; i++) {
    gboolean is_used = FALSE;

    for (gsize p = 0; p < n_pairs; p++)
      is_used = is_used || model[p * (n + 1) + i] != 0;
    if (is_used)
      kept[n_support++] = i;
  }
  weights = g_new (double, n_pairs *(n_support + 1));
  support = g_new (double, MAX (n_support * dim, 1));
  for (gsize s = 0; s < n_support; s++)
    memcpy (support + s * dim, view->x + kept[s] * dim, dim * sizeof *support);
  for (gsize p = 0; p < n_pairs; p++) {
    for (gsize s = 0; s < n_support; s++)
      weights[p * (n_support + 1) + s] = model[p * (n + 1) + kept[s]];
    weights[p * (n_support + 1) + n_support] = model[p * (n + 1) + n];
  }
  return hf_scorer_new_rbf (weights, support, n_support, gamma,
                            view->data.n_classes, dim);
}

static HfScorer *
fit_scorer (const View *view, const gsize *rows, gsize n_rows,
            const HfProbeSpec *setting, double tolerance)
{
  gsize n = view->data.n;
  gsize n_pairs = (gsize) hf_svm_get_n_pairs (view->data.n_classes);
  g_autofree double *some = g_new0 (double, n_pairs *(n_rows + 1));
  g_autofree double *model = g_new0 (double, n_pairs *(n + 1));

  hf_svm_fit (&view->data, rows, n_rows, setting->c, tolerance, some);
  for (gsize p = 0; p < n_pairs; p++) {
    for (gsize i = 0; i < n_rows; i++)
      model[p * (n + 1) + (rows ? rows[i] : i)] = some[p * (n_rows + 1) + i];
    model[p * (n + 1) + n] = some[p * (n_rows + 1) + n_rows];
  }
  return setting->kernel == HF_KERNEL_RBF
             ? make_rbf_scorer (model, view, setting->gamma)
             : make_linear_scorer (model, view);
}

/* As linear-fit.c has it: every tile's score by fits that did not see the
 * picture. */
static void
score_tiles (HfContest *contest, const View *view)
{
  const HfTraining *training = contest->training;
  const HfDataset *data = training->data;
  gsize dim = view->joint->dim, n_tiles = data->n_tiles, n = training->n;
  gsize k = (gsize) data->n_classes;
  g_autofree double *tiles =
      hf_joint_dup_tiles (view->joint, data, training->row, n);
  g_autofree float *z = g_new (float, n_tiles *dim);
  g_autofree double *score = g_new (double, n_tiles *k);
  g_autofree gsize *rows = g_new (gsize, n);

  for (int f = 0; f < contest->n_folds; f++) {
    g_autoptr (HfScorer) scorer = NULL;
    gsize n_rows = 0;

    for (gsize i = 0; i < n; i++)
      if (contest->fold[i] != f)
        rows[n_rows++] = i;
    scorer = fit_scorer (view, rows, n_rows, &contest->best, HF_SVM_ROUGH);
    for (gsize i = 0; i < n; i++) {
      if (contest->fold[i] != f)
        continue;
      for (gsize j = 0; j < n_tiles * dim; j++)
        z[j] = (float) tiles[i * n_tiles * dim + j];
      hf_scorer_score (scorer, z, n_tiles, score);
      hf_calibration_join_tiles (score, 1, n_tiles, data->kinds,
                                 data->n_classes, contest->score + i * k);
    }
  }
}

/* Fine enough for the result, and far from the cost of HF_SVM_EXACT. */
#define TOLERANCE 1e-6

HfFit *
hf_svm_probe_fit (const HfTraining *training, const HfProbeSpec *spec,
                  HfProgress *progress, GError **error)
{
  g_auto (HfContest) contest = {0};
  g_auto (View) view = {0};
  HfBlocks blocks[3];
  guint n_blocks = hf_training_list_blocks (training, spec->blocks, blocks);
  HfScorer *scorer;

  hf_contest_init (&contest, training, spec->seed);
  for (guint b = 0; b < n_blocks; b++)
    if (!offer_blocks (&contest, spec, blocks[b], progress, error))
      return NULL;
  view_init (&view, training, contest.best.blocks, !spec->unbalanced);
  view_set_kernel (&view, contest.best.kernel, contest.best.gamma);
  if (training->data->n_tiles > 1)
    score_tiles (&contest, &view);
  scorer = fit_scorer (&view, NULL, training->n, &contest.best, TOLERANCE);
  return hf_contest_make_fit (&contest, g_steal_pointer (&view.joint), view.x,
                              scorer, progress, error);
}
