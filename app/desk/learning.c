/* learning.c: see the header. */
#include "app/desk/learning.h"

#include "evaluate/learning.h"

#include <string.h>

/* A band needs two points. */
#define MIN_SIZES 2

GArray *
hf_desk_dup_learning_sizes (const HfNumbers *numbers)
{
  const HfProbeEvaluation *probe = hf_numbers_get_probe (numbers);
  g_autoptr (GArray) sizes = NULL;

  if (probe == NULL || numbers->rows == NULL ||
      probe->spec.kind == HF_PROBE_ZERO_SHOT)
    return NULL;
  sizes =
      hf_learning_dup_sizes (&numbers->rows->data, numbers->evaluation->folds);
  return sizes->len >= MIN_SIZES ? g_steal_pointer (&sizes) : NULL;
}

GArray *
hf_desk_learn (const HfNumbers *numbers, HfProgress *progress, GError **error)
{
  const HfEvaluationOptions how = {
      .seed = numbers->spec.seed,
      .n_threads = (int) MAX (g_get_num_processors () / 2, 1)};

  return hf_learning_find (numbers->evaluation, &numbers->rows->data,
                           &numbers->spec, &how, progress, error);
}

static gboolean
is_equal (gconstpointer one, gconstpointer other, gsize n, gsize size)
{
  if (one == NULL || other == NULL)
    return one == other;
  return n == 0 || memcmp (one, other, n * size) == 0;
}

static gboolean
have_same_shape (const HfRows *one, const HfRows *other)
{
  return one->n == other->n && one->n_tiles == other->n_tiles &&
         one->clip_dim == other->clip_dim &&
         one->classic_dim == other->classic_dim &&
         one->data.n_classes == other->data.n_classes &&
         one->logit_scale == other->logit_scale;
}

static gboolean
have_same_rows (const HfRows *one, const HfRows *other)
{
  gsize n = one->n, n_classes = (gsize) one->data.n_classes;

  return is_equal (one->label, other->label, n, sizeof *one->label) &&
         is_equal (one->group, other->group, n, sizeof *one->group) &&
         is_equal (one->cluster, other->cluster, n, sizeof *one->cluster) &&
         is_equal (one->kinds, other->kinds, n_classes, sizeof *one->kinds) &&
         is_equal (one->text, other->text, n_classes * one->clip_dim,
                   sizeof *one->text) &&
         is_equal (one->clip, other->clip, n * one->n_tiles * one->clip_dim,
                   sizeof *one->clip) &&
         is_equal (one->classic, other->classic,
                   n * one->n_tiles * one->classic_dim, sizeof *one->classic);
}

gboolean
hf_desk_learns_alike (const HfNumbers *one, const HfNumbers *other)
{
  if (one->evaluation == NULL || other->evaluation == NULL)
    return FALSE;
  return memcmp (&one->spec, &other->spec, sizeof one->spec) == 0 &&
         one->evaluation->folds->n_folds == other->evaluation->folds->n_folds &&
         have_same_shape (one->rows, other->rows) &&
         have_same_rows (one->rows, other->rows);
}
