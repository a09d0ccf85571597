/* linear-fit.c: see the header. */
#include "probe/train/linear-fit.h"

#include <math.h>
#include <string.h>

#include "probe/linear.h"
#include "probe/train/contest.h"
#include "probe/train/text-scores.h"

/* C rises, as linear.h wants it. */
static const double strengths[] = {0.1, 1, 10, 100};
#define DEFAULT_STRENGTH 10
static const double pulls[] = {0.5, 0, 1};

/* The rows through one choice of blocks, ready for hf_linear_fit. */
typedef struct {
  HfJoint *joint;
  double *x;
  double *anchor; /* [n_weights][dim], or NULL */
  HfLinearData data;
} View;

static void
view_clear (View *self)
{
  hf_joint_free (self->joint);
  g_free (self->x);
  g_free (self->anchor);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (View, view_clear)

static void
view_init (View *self, const HfTraining *training, HfBlocks blocks,
           gboolean balanced)
{
  self->joint =
      hf_joint_new (training->data, training->row, training->n, blocks);
  self->x = hf_joint_dup_rows (self->joint, training->data, training->row,
                               training->n);
  self->data = (HfLinearData){.x = self->x,
                              .label = training->label,
                              .n = training->n,
                              .dim = self->joint->dim,
                              .n_classes = training->data->n_classes,
                              .balanced = balanced};
}

/* @pull times the text rows; with two classes, what parts the second from the
 * first. */
static void
view_set_anchor (View *self, const HfTraining *training, double pull)
{
  gsize dim = self->joint->dim, k = (gsize) training->data->n_classes;
  gsize n_weights = (gsize) hf_linear_get_n_weights ((int) k);
  g_autofree double *text = NULL;

  g_clear_pointer (&self->anchor, g_free);
  self->data.anchor = NULL;
  if (!(pull > 0) || self->joint->clip_dim == 0)
    return;
  text = g_new0 (double, k *(dim + 1));
  hf_text_add_weights (training->data, self->joint, FALSE, text);
  self->anchor = g_new (double, n_weights *dim);
  for (gsize w = 0; w < n_weights; w++)
    for (gsize j = 0; j < dim; j++)
      self->anchor[w * dim + j] =
          pull * (n_weights == 1 ? text[dim + 1 + j] - text[j]
                                 : text[w * (dim + 1) + j]);
  self->data.anchor = self->anchor;
}

/* Offers all C at one pull; the default first, if it is not the only one. */
static gboolean
offer_strengths (HfContest *contest, View *view, const HfProbeSpec *spec,
                 double pull, HfProgress *progress, GError **error)
{
  const HfTraining *training = contest->training;
  gsize size = training->n * (gsize) training->data->n_classes;
  const double given = isnan (spec->c) ? DEFAULT_STRENGTH : spec->c;
  gboolean is_free = isnan (spec->c) && contest->can_choose;
  const double *c = is_free ? strengths : &given;
  int n_c = is_free ? G_N_ELEMENTS (strengths) : 1;
  g_autofree double *score = g_new0 (double, (gsize) n_c *size);
  HfProbeSpec setting = *spec;

  view_set_anchor (view, training, pull);
  if (contest->n_folds > 0 &&
      !hf_linear_score_held_out (&view->data, NULL, training->n, contest->fold,
                                 contest->n_folds, c, n_c, HF_LINEAR_ROUGH,
                                 score, progress, error))
    return FALSE;
  setting.kind = HF_PROBE_LINEAR;
  setting.blocks = view->joint->blocks;
  setting.text_pull = pull;
  hf_contest_offer_strengths (contest, &setting, c, n_c, given, score);
  return TRUE;
}

static gboolean
offer_blocks (HfContest *contest, const HfProbeSpec *spec, HfBlocks blocks,
              HfProgress *progress, GError **error)
{
  g_auto (View) view = {0};
  gboolean has_text = hf_text_is_there (contest->training->data) &&
                      (blocks & HF_BLOCK_CLIP) != 0;
  double none = 0;
  const double *pull = has_text ? pulls : &none;
  guint n_pulls = has_text && contest->can_choose ? G_N_ELEMENTS (pulls) : 1;

  if (has_text && !isnan (spec->text_pull)) {
    pull = &spec->text_pull;
    n_pulls = 1;
  }
  view_init (&view, contest->training, blocks, !spec->unbalanced);
  for (guint p = 0; p < n_pulls; p++)
    if (!offer_strengths (contest, &view, spec, pull[p], progress, error))
      return FALSE;
  return TRUE;
}

/* Weights of one row for all as one row for each class. */
static HfScorer *
make_scorer (const double *weights, int n_classes, gsize dim)
{
  g_autofree double *both = NULL;

  if (n_classes > 2)
    return hf_scorer_new (HF_SCORER_CLASSES, weights, n_classes, dim);
  both = g_new0 (double, 2 * (dim + 1));
  memcpy (both + dim + 1, weights, (dim + 1) * sizeof *both);
  return hf_scorer_new (HF_SCORER_CLASSES, both, 2, dim);
}

/* With tiles the settings were compared by the means of the tiles; what
 * calibrates is every tile's score by fits that did not see the picture. */
static void
score_tiles (HfContest *contest, const View *view, double c)
{
  const HfTraining *training = contest->training;
  const HfDataset *data = training->data;
  gsize dim = view->joint->dim, n_tiles = data->n_tiles, n = training->n;
  gsize n_weights = (gsize) hf_linear_get_n_weights (data->n_classes);
  g_autofree double *weights = g_new (double, n_weights *(dim + 1));
  g_autofree double *tiles =
      hf_joint_dup_tiles (view->joint, data, training->row, n);
  g_autofree double *score = g_new0 (double, n_tiles *(gsize) data->n_classes);
  g_autofree gsize *rows = g_new (gsize, n);

  for (int f = 0; f < contest->n_folds; f++) {
    gsize n_rows = 0;

    for (gsize i = 0; i < n; i++)
      if (contest->fold[i] != f)
        rows[n_rows++] = i;
    memset (weights, 0, n_weights * (dim + 1) * sizeof *weights);
    hf_linear_fit (&view->data, rows, n_rows, c, HF_LINEAR_ROUGH, weights);
    for (gsize i = 0; i < n; i++) {
      if (contest->fold[i] != f)
        continue;
      hf_linear_score (weights, data->n_classes, dim, tiles + i * n_tiles * dim,
                       n_tiles, score);
      hf_calibration_join_tiles (score, 1, n_tiles, data->kinds,
                                 data->n_classes,
                                 contest->score + i * (gsize) data->n_classes);
    }
  }
}

HfFit *
hf_linear_probe_fit (const HfTraining *training, const HfProbeSpec *spec,
                     HfProgress *progress, GError **error)
{
  g_auto (HfContest) contest = {0};
  g_auto (View) view = {0};
  g_autofree double *weights = NULL;
  HfBlocks blocks[3];
  guint n_blocks = hf_training_list_blocks (training, spec->blocks, blocks);
  int n_classes = training->data->n_classes;
  HfScorer *scorer;

  hf_contest_init (&contest, training, spec->seed);
  for (guint b = 0; b < n_blocks; b++)
    if (!offer_blocks (&contest, spec, blocks[b], progress, error))
      return NULL;
  view_init (&view, training, contest.best.blocks, !spec->unbalanced);
  view_set_anchor (&view, training, contest.best.text_pull);
  weights = g_new0 (double, (gsize) hf_linear_get_n_weights (n_classes) *
                                (view.joint->dim + 1));
  hf_linear_fit (&view.data, NULL, training->n, contest.best.c, HF_LINEAR_EXACT,
                 weights);
  if (training->data->n_tiles > 1)
    score_tiles (&contest, &view, contest.best.c);
  scorer = make_scorer (weights, n_classes, view.joint->dim);
  return hf_contest_make_fit (&contest, g_steal_pointer (&view.joint), view.x,
                              scorer, progress, error);
}
