/* gda.c: see the header. */
#include "probe/train/gda.h"

#include <math.h>
#include <string.h>

#include "probe/train/choice.h"
#include "probe/probe.h"
#include "probe/train/text-scores.h"

/* The default first, in both grids. */
static const double lambdas[] = {0.3, 1, 3, 10};
static const double nats[] = {5, 1, 2, 3, 8, 12, 20};

/* Where there is no choice: what stands if the text proved itself. */
#define NATS_BESIDE_GOOD_TEXT 2

/* The discriminants of rows that helped to find the means are larger than those
 * of others; with one or two labels a class by so much (median over 7 sets). */
#define IN_SAMPLE 1.45

/* The rows seen through one choice of blocks. */
typedef struct {
  HfBlocks blocks;
  gboolean has_text;
  HfScatter *scatter;
  gsize n_lambdas;
  double lambda[G_N_ELEMENTS (lambdas)];
  HfHoldOut *held;
} View;

static void
view_free (View *self)
{
  if (self == NULL)
    return;
  hf_scatter_free (self->scatter);
  hf_hold_out_free (self->held);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (View, view_free)

/* The best so far. */
typedef struct {
  const HfTraining *training;
  const HfProbeSpec *spec;
  double *text; /* [n][n_tiles][n_classes], or NULL */
  gboolean is_text_good;
  /* Of the first choice of blocks, which holds all others. */
  HfJoint *joint;
  double *x; /* [n][joint->dim] */
  HfProducts *products;
  HfChoice choice;
  gboolean has_first;
  View *view;
  gsize which; /* of the view's lambdas */
  double alpha;
  guint n_settings;
} Search;

static void
search_clear (Search *self)
{
  g_free (self->text);
  hf_choice_clear (&self->choice);
  view_free (self->view);
  hf_products_free (self->products);
  hf_joint_free (self->joint);
  g_free (self->x);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

/* Joins the rows of @blocks, whose parts the views are then of. */
static void
join_rows (Search *self, HfBlocks blocks)
{
  const HfTraining *training = self->training;
  const HfDataset *data = training->data;
  gsize dim;

  self->joint = hf_joint_new (data, training->row, training->n, blocks);
  self->x = hf_joint_dup_rows (self->joint, data, training->row, training->n);
  dim = self->joint->dim;
  self->products = hf_products_new (
      self->x, training->label, training->n, dim,
      self->joint->clip_dim > 0 ? self->joint->clip_dim : dim, data->n_classes);
}

static View *
view_new (const Search *search, HfBlocks blocks, HfProgress *progress,
          GError **error)
{
  const HfTraining *training = search->training;
  const HfDataset *data = training->data;
  g_autoptr (View) self = g_new0 (View, 1);
  g_autoptr (HfJoint) joint = hf_joint_new_part (search->joint, blocks);
  g_autofree double *tiles = NULL;

  self->blocks = blocks;
  self->has_text = search->text != NULL && (blocks & HF_BLOCK_CLIP);
  self->scatter = hf_scatter_new_part (
      search->products, blocks & HF_BLOCK_CLIP ? 0 : search->joint->clip_dim,
      joint->dim);
  if (data->n_tiles > 1)
    tiles = hf_joint_dup_tiles (joint, data, training->row, training->n);
  memcpy (self->lambda, lambdas, sizeof lambdas);
  self->n_lambdas =
      hf_training_can_choose (training) ? G_N_ELEMENTS (lambdas) : 1;
  if (!isnan (search->spec->lambda)) {
    self->lambda[0] = search->spec->lambda;
    self->n_lambdas = 1;
  }
  self->held = hf_hold_out_new (self->scatter, training->group, tiles,
                                data->n_tiles, self->lambda, self->n_lambdas,
                                search->spec->unbalanced, progress, error);
  return self->held ? g_steal_pointer (&self) : NULL;
}

/* Weights of the discriminants, double[n_classes][dim + 1]. */
static double *
dup_weights (const Search *search, const View *view, double lambda)
{
  const HfScatter *scatter = view->scatter;
  gsize dim = scatter->dim, k = (gsize) scatter->n_classes;
  double *weights = g_new (double, k *(dim + 1)), ridge;
  g_autofree double *solved = g_new (double, k *dim);
  gboolean is_flat =
      hf_scatter_find_ridge (scatter->trace, scatter->n, dim, lambda, &ridge);

  hf_scatter_solve_means (scatter, ridge, is_flat, solved);
  for (gsize c = 0; c < k; c++) {
    double *w = weights + c * (dim + 1), square = 0;
    double prior = (double) scatter->count[c] / (double) scatter->n;

    for (gsize j = 0; j < dim; j++) {
      w[j] = (double) dim * solved[c * dim + j];
      square += w[j] * scatter->mean[c * dim + j];
    }
    w[dim] = (search->spec->unbalanced ? log (prior) : 0) - square / 2;
  }
  return weights;
}

/* Spread of the discriminants of the training rows themselves. */
static double
find_own_spread (const Search *search, const View *view, gsize which)
{
  const HfScatter *scatter = view->scatter;
  gsize n = scatter->n, dim = scatter->dim, k = (gsize) scatter->n_classes;
  g_autofree double *weights = dup_weights (search, view, view->lambda[which]);
  g_autofree double *score = g_new0 (double, n *k);

  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < k; c++) {
      const double *w = weights + c * (dim + 1);

      for (gsize j = 0; j < dim; j++)
        score[i * k + c] += w[j] * scatter->x[i * scatter->stride + j];
      score[i * k + c] += w[dim];
    }
  return hf_calibration_find_spread (score, n, (int) k);
}

/* Spread of the discriminants of rows that were not seen: with too few labels
 * for a choice, those that are held out say less than a measured ratio. */
static double
find_discriminant_spread (const Search *search, const View *view, gsize which)
{
  const HfHoldOut *held = view->held;
  gsize size = held->n_tiles * (gsize) held->n_classes, n = 0;
  const double *score = held->score + which * held->n * size;
  g_autofree double *packed = NULL;

  if (!hf_training_can_choose (search->training))
    return find_own_spread (search, view, which) / IN_SAMPLE;
  packed = g_new (double, held->n *size);
  for (gsize i = 0; i < held->n; i++)
    if (held->is_scored[i])
      memcpy (packed + size * n++, score + i * size, size * sizeof *packed);
  return hf_calibration_find_spread (packed, n * held->n_tiles,
                                     held->n_classes);
}

/* With too few labels for a choice alpha cannot answer to text rows that lean
 * to one class whatever the picture shows, so the lean is taken off: x.T_c
 * less its mean over the training rows, as an anchor of the linear probe has
 * it. Seven sets: 51.7 -> 54.8 % at one label a class, 59.7 -> 61.7 % at two.
 */
static gboolean
is_text_centred (const HfTraining *training)
{
  return !hf_training_can_choose (training);
}

/* Whether the text rows alone name the labels, none of which they ever saw,
 * better than chance by more than one standard error. */
static gboolean
is_text_good (const HfTraining *training, const double *text)
{
  const HfDataset *data = training->data;
  gsize k = (gsize) data->n_classes;
  g_autofree double *score = g_new (double, training->n *k);
  g_autofree double *loss = g_new (double, training->n);
  g_autofree double *chance = g_new (double, training->n);
  g_autofree gboolean *is_held = g_new (gboolean, training->n);
  HfHeldScores held = {score, training->label, training->weight, training->n,
                       data->n_classes};
  g_auto (HfChoice) choice = {0};

  hf_calibration_join_tiles (text, training->n, data->n_tiles, data->kinds,
                             data->n_classes, score);
  hf_calibration_judge (&held, loss);
  for (gsize i = 0; i < training->n; i++) {
    chance[i] = log ((double) k);
    is_held[i] = TRUE;
  }
  hf_choice_init (&choice, training, is_held, chance);
  return hf_choice_offer (&choice, loss);
}

/* The held-out scores of pictures: double[n][n_classes]. */
static double *
dup_blend (const Search *search, const View *view, gsize which, double alpha)
{
  const HfDataset *data = search->training->data;
  const HfHoldOut *held = view->held;
  gsize size = held->n * held->n_tiles * (gsize) held->n_classes;
  const double *score = held->score + which * size;
  g_autofree double *sum = g_new (double, size);
  double *out = g_new (double, held->n *(gsize) held->n_classes);

  for (gsize i = 0; i < size; i++)
    sum[i] = alpha * score[i] + (view->has_text ? search->text[i] : 0);
  hf_calibration_join_tiles (sum, held->n, held->n_tiles, data->kinds,
                             held->n_classes, out);
  return out;
}

/* Takes the setting if it is the first or better; TRUE if so. */
static gboolean
try_setting (Search *search, const View *view, gsize which, double alpha)
{
  g_autofree double *score = NULL, *loss = NULL;
  g_auto (HfHeld) held = {0};

  search->n_settings++;
  if (view->held->n_scored > 0) {
    score = dup_blend (search, view, which, alpha);
    hf_held_init (&held, search->training, score, view->held->is_scored);
    loss = g_new (double, held.scores.n);
    hf_calibration_judge (&held.scores, loss);
  }
  if (search->has_first && !hf_choice_offer (&search->choice, loss))
    return FALSE;
  if (!search->has_first)
    hf_choice_init (&search->choice, search->training, view->held->is_scored,
                    loss);
  search->has_first = TRUE;
  search->which = which;
  search->alpha = alpha;
  return TRUE;
}

/* Every lambda and alpha of a view; the search takes it if it has the best. */
static void
try_view (Search *search, View *view)
{
  gsize n_alphas =
      hf_training_can_choose (search->training) ? G_N_ELEMENTS (nats) : 1;
  gboolean is_taken = FALSE;

  if (!view->has_text || !isnan (search->spec->alpha))
    n_alphas = 1;
  for (gsize l = 0; l < view->n_lambdas; l++) {
    double spread =
        view->has_text ? find_discriminant_spread (search, view, l) : 1;

    for (gsize a = 0; a < n_alphas; a++) {
      double alpha = 1;

      if (!isnan (search->spec->alpha))
        alpha = search->spec->alpha;
      else if (view->has_text && spread > 0)
        alpha =
            (search->is_text_good ? NATS_BESIDE_GOOD_TEXT : nats[a]) / spread;
      is_taken = try_setting (search, view, l, alpha) || is_taken;
    }
  }
  if (is_taken) {
    view_free (search->view);
    search->view = view;
  } else {
    view_free (view);
  }
}

static char *
dup_reason (const Search *search, gboolean is_default)
{
  g_autoptr (GString) text = g_string_new ("gda on ");
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, hf_blocks_get_name (search->view->blocks));
  g_ascii_formatd (number, sizeof number, "%.3g",
                   search->view->lambda[search->which]);
  g_string_append_printf (text, ", lambda %s", number);
  if (search->view->has_text) {
    g_ascii_formatd (number, sizeof number, "%.3g", search->alpha);
    g_string_append_printf (text, ", alpha %s", number);
  }
  if (search->n_settings == 1)
    g_string_append (text, hf_training_can_choose (search->training)
                               ? ", as given"
                               : ", without a choice: under 3 labels (groups) "
                                 "of a class");
  else
    g_string_append_printf (
        text, ", of %u settings by %" G_GSIZE_FORMAT " held-out labels%s",
        search->n_settings, search->view->held->n_scored,
        is_default ? ", none of which was clearly better than the default"
                   : "");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static HfFit *
make_fit (Search *search)
{
  const HfTraining *training = search->training;
  View *view = search->view;
  HfFit *fit = g_new0 (HfFit, 1);
  double lambda = view->lambda[search->which];
  g_autofree double *weights = dup_weights (search, view, lambda);
  gsize dim = view->scatter->dim;
  int n_classes = training->data->n_classes;

  fit->joint = hf_joint_new_part (search->joint, view->blocks);
  for (gsize i = 0; i < (gsize) n_classes * (dim + 1); i++)
    weights[i] *= search->alpha;
  if (view->has_text)
    hf_text_add_weights (training->data, fit->joint, is_text_centred (training),
                         weights);
  fit->spec = *search->spec;
  fit->spec.kind = HF_PROBE_GDA;
  fit->spec.blocks = view->blocks;
  fit->spec.lambda = lambda;
  fit->spec.alpha = search->alpha;
  fit->scorer = hf_scorer_new (HF_SCORER_CLASSES, weights, n_classes, dim);
  fit->novelty = hf_novelty_new (
      &(HfNoveltySource){.scatter = view->scatter,
                         .held = view->held,
                         .group = training->group,
                         .which = search->which,
                         .lambda = lambda,
                         .first_standardised = fit->joint->clip_dim});
  fit->held = dup_blend (search, view, search->which, search->alpha);
  fit->is_held =
      g_memdup2 (view->held->is_scored, training->n * sizeof *fit->is_held);
  fit->prior = 1;
  fit->reason = dup_reason (search, search->choice.best == 0);
  hf_fit_find_spread (fit, training);
  return fit;
}

HfFit *
hf_gda_fit (const HfTraining *training, const HfProbeSpec *spec,
            HfProgress *progress, GError **error)
{
  g_auto (Search) search = {.training = training, .spec = spec};
  HfBlocks blocks[3];
  guint n_blocks = hf_training_list_blocks (training, spec->blocks, blocks);

  if (hf_text_is_there (training->data))
    search.text = hf_text_dup_scores (training);
  if (search.text && is_text_centred (training)) {
    hf_text_centre (training, search.text);
    search.is_text_good = is_text_good (training, search.text);
  }
  join_rows (&search, blocks[0]);
  for (guint b = 0; b < n_blocks; b++) {
    View *view = view_new (&search, blocks[b], progress, error);

    if (view == NULL)
      return NULL;
    try_view (&search, view);
  }
  return make_fit (&search);
}
