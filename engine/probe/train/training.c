/* training.c: see the header. */
#include "probe/train/training.h"

#include "probe/units.h"

#include <string.h>

/* What is held out together: groups, joined by near-copies, so that nothing is
 * chosen by a row whose copy was seen. */
static void
join_groups (HfTraining *self)
{
  g_autofree int *cluster = NULL;
  int *joined;

  if (self->data->cluster == NULL)
    return;
  cluster = g_new (int, MAX (self->n, 1));
  for (gsize i = 0; i < self->n; i++)
    cluster[i] = self->data->cluster[self->row[i]];
  joined = hf_units_dup_groups (self->group, cluster, self->n);
  g_free (self->group);
  self->group = joined;
}

HfTraining *
hf_training_new (const HfDataset *data, const gsize *rows, gsize n_rows,
                 gboolean unbalanced)
{
  HfTraining *self = g_new0 (HfTraining, 1);
  g_autofree gsize *count = g_new0 (gsize, data->n_classes);

  self->data = data;
  self->n = rows ? n_rows : data->n_rows;
  self->row = g_new (gsize, MAX (self->n, 1));
  self->label = g_new (int, MAX (self->n, 1));
  self->group = g_new (int, MAX (self->n, 1));
  self->weight = g_new (double, MAX (self->n, 1));
  for (gsize i = 0; i < self->n; i++) {
    self->row[i] = rows ? rows[i] : i;
    self->label[i] = data->label[self->row[i]];
    self->group[i] = data->group[self->row[i]];
    count[self->label[i]]++;
  }
  self->rarest_labels = G_MAXSIZE;
  for (int c = 0; c < data->n_classes; c++)
    self->rarest_labels = MIN (self->rarest_labels, count[c]);
  for (gsize i = 0; i < self->n; i++)
    self->weight[i] =
        unbalanced ? 1
                   : (double) self->n /
                         (data->n_classes * (double) count[self->label[i]]);
  join_groups (self);
  self->members = hf_members_new (self->group, self->n);
  self->rarest_groups =
      hf_members_count_rarest (self->members, self->label, data->n_classes);
  return self;
}

void
hf_training_free (HfTraining *self)
{
  if (self == NULL)
    return;
  g_free (self->row);
  g_free (self->label);
  g_free (self->group);
  g_free (self->weight);
  hf_members_free (self->members);
  g_free (self);
}

gboolean
hf_training_can_choose (const HfTraining *self)
{
  return self->rarest_groups >= HF_TRAINING_MIN_GROUPS;
}

guint
hf_training_list_blocks (const HfTraining *self, HfBlocks wanted, HfBlocks *out)
{
  const HfDataset *data = self->data;
  int has = (data->clip_dim > 0 ? HF_BLOCK_CLIP : 0) |
            (data->classic_dim > 0 ? HF_BLOCK_CLASSIC : 0);

  if (wanted != HF_BLOCKS_AUTO) {
    out[0] = wanted;
    return ((int) wanted & ~has) == 0 ? 1 : 0;
  }
  if (has == 0)
    return 0;
  out[0] = (HfBlocks) has;
  if (has != HF_BLOCKS_BOTH || !hf_training_can_choose (self) ||
      self->rarest_labels < HF_TRAINING_MIN_BLOCK_LABELS)
    return 1;
  out[1] = HF_BLOCK_CLIP;
  out[2] = HF_BLOCK_CLASSIC;
  return 3;
}

void
hf_fit_free (HfFit *self)
{
  if (self == NULL)
    return;
  hf_joint_free (self->joint);
  hf_scorer_free (self->scorer);
  hf_novelty_free (self->novelty);
  hf_words_free (self->words);
  g_free (self->held);
  g_free (self->is_held);
  g_free (self->reason);
  g_free (self);
}

void
hf_fit_find_spread (HfFit *self, const HfTraining *training)
{
  const HfDataset *data = training->data;
  gsize n_tiles = data->n_tiles, n = training->n * n_tiles;
  g_autofree double *tiles =
      hf_joint_dup_tiles (self->joint, data, training->row, training->n);
  g_autofree float *z = g_new (float, n * self->joint->dim);
  g_autofree double *score = g_new (double, n *(gsize) data->n_classes);
  g_autofree double *joined =
      g_new (double, training->n *(gsize) data->n_classes);

  for (gsize i = 0; i < n * self->joint->dim; i++)
    z[i] = (float) tiles[i];
  hf_scorer_score (self->scorer, z, n, score);
  hf_calibration_join_tiles (score, training->n, n_tiles, data->kinds,
                             data->n_classes, joined);
  self->spread =
      hf_calibration_find_spread (joined, training->n, data->n_classes);
}

void
hf_held_init (HfHeld *self, const HfTraining *training, const double *score,
              const gboolean *is_held)
{
  gsize n_classes = (gsize) training->data->n_classes, n = 0;

  self->score = g_new (double, MAX (training->n, 1) * n_classes);
  self->label = g_new (int, MAX (training->n, 1));
  self->weight = g_new (double, MAX (training->n, 1));
  for (gsize i = 0; i < training->n; i++) {
    if (!is_held[i])
      continue;
    memcpy (self->score + n * n_classes, score + i * n_classes,
            n_classes * sizeof *score);
    self->label[n] = training->label[i];
    self->weight[n++] = training->weight[i];
  }
  self->scores = (HfHeldScores){self->score, self->label, self->weight, n,
                                training->data->n_classes};
}

void
hf_held_clear (HfHeld *self)
{
  g_free (self->score);
  g_free (self->label);
  g_free (self->weight);
}
