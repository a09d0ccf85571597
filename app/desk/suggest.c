/* suggest.c: which pictures to label next, of those that have rows. The order
 * of pictures is that of a study, so that the command line suggests the same.
 */
#include "app/desk/desk-private.h"

#include "app/charts/wording.h"
#include "base/rng.h"
#include "evaluate/predictions.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Of more, clusters cost too much time and their rows too much memory. */
#define MOST_PICTURES 10240

/* What is chosen from. */
typedef struct {
  gsize n;
  gsize *places;         /* [n] */
  const HfSample **from; /* [n] */
  gboolean *closed;      /* [n] */
  double share;          /* of the pictures without a label that are here */
} Pool;

static void
pool_clear (Pool *self)
{
  g_free (self->places);
  g_free (self->from);
  g_free (self->closed);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pool, pool_clear)

static void
pool_add (Pool *self, gsize place, const HfSample *sample)
{
  self->places[self->n] = place;
  self->from[self->n] = sample;
  self->closed[self->n++] = sample->label >= 0;
}

/* Samples with a row, without a label or with one (element-type gsize, pairs of
 * sample and place; caller unrefs). */
static GArray *
list_open (HfDesk *self, const HfSamples *samples, gboolean labelled)
{
  GArray *list = g_array_new (FALSE, FALSE, 2 * sizeof (gsize));

  for (guint i = 0; i < samples->samples->len; i++) {
    const HfSample *sample = samples->samples->pdata[i];
    gssize place = sample->sealed || (sample->label >= 0) != labelled
                       ? -1
                       : hf_shelf_find (self->shelf, sample->image_id);
    const gsize pair[2] = {i, (gsize) place};

    if (place >= 0)
      g_array_append_val (list, pair);
  }
  return list;
}

/* Which of @list stay, if more than @n_most do not: drawn, but in their order;
 * audits that are due stay. Nothing is taken off where all may stay. */
static void
thin_out (GArray *list, const HfSamples *samples, guint n_most,
          const gint64 *due_ids, gsize n_due, guint64 seed)
{
  typedef gsize Pair[2];
  g_autofree guint *order = NULL;
  g_autofree gboolean *stays = NULL;
  guint n = list->len, n_kept = 0;
  HfRng rng;

  if (n <= n_most)
    return;
  order = g_new (guint, n);
  stays = g_new0 (gboolean, n);
  hf_rng_init (&rng, seed);
  for (guint i = 0; i < n; i++) {
    guint j = (guint) hf_rng_next_below (&rng, i + 1);

    order[i] = order[j];
    order[j] = i;
  }
  for (guint i = 0; i < n_most; i++)
    stays[order[i]] = TRUE;
  for (guint i = 0; i < n; i++) {
    gsize *pair = g_array_index (list, Pair, i);
    const HfSample *sample = samples->samples->pdata[pair[0]];

    for (gsize d = 0; d < n_due && !stays[i]; d++)
      stays[i] = due_ids[d] == sample->image_id;
    if (!stays[i])
      continue;
    g_array_index (list, Pair, n_kept)[0] = pair[0];
    g_array_index (list, Pair, n_kept++)[1] = pair[1];
  }
  g_array_set_size (list, n_kept);
}

static void
fill_pool (Pool *self, const HfSamples *samples, const GArray *labelled,
           const GArray *open, gsize n_open)
{
  typedef gsize Pair[2];
  gsize most = labelled->len + open->len + 1;

  self->places = g_new (gsize, most);
  self->from = g_new (const HfSample *, most);
  self->closed = g_new (gboolean, most);
  for (guint i = 0; i < labelled->len; i++) {
    const gsize *pair = g_array_index (labelled, Pair, i);

    pool_add (self, pair[1], samples->samples->pdata[pair[0]]);
  }
  for (guint i = 0; i < open->len; i++) {
    const gsize *pair = g_array_index (open, Pair, i);

    pool_add (self, pair[1], samples->samples->pdata[pair[0]]);
  }
  self->share = n_open > 0 ? (double) open->len / (double) n_open : 1;
}

/* The places in the pool of pictures that are due (element-type gsize; caller
 * unrefs), in their order. */
static GArray *
dup_due (const Pool *pool, const gint64 *due_ids, gsize n_due)
{
  GArray *due = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize d = 0; d < n_due; d++)
    for (gsize i = 0; i < pool->n; i++)
      if (pool->from[i]->image_id == due_ids[d]) {
        g_array_append_val (due, i);
        break;
      }
  return due;
}

static const char *
get_class_name (const HfNumbers *numbers, int c)
{
  const HfSampleClass *class = numbers->rows->classes->pdata[c];

  return class->name;
}

/* As it stands on a tile: the tile itself shows the picture. */
static char *
dup_reason (const HfNumbers *numbers, const Pool *pool, const HfSuggestion *s,
            const double *p)
{
  g_autofree char *number = NULL;

  switch (s->why) {
  case HF_SUGGESTED_AUDIT:
    return g_strdup (_("random check"));
  case HF_SUGGESTED_TYPICAL:
    if (s->n_alike <= 1)
      return g_strdup (_("like no other"));
    number = hf_wording_dup_number (
        (gint64) round ((double) s->n_alike / pool->share));
    return g_strdup_printf (_("typical of %s unlabelled"), number);
  case HF_SUGGESTED_MARGIN:
    break;
  }
  return g_strdup_printf ("%s %.0f / %s %.0f",
                          get_class_name (numbers, s->first), 100 * p[s->first],
                          get_class_name (numbers, s->second),
                          100 * p[s->second]);
}

static GPtrArray *
put_in_words (const HfNumbers *numbers, const Pool *pool, const GArray *found,
              const double *probabilities)
{
  GPtrArray *list = hf_numbers_next_list ();
  gsize n_classes =
      probabilities != NULL ? (gsize) numbers->rows->data.n_classes : 0;

  for (guint i = 0; i < found->len; i++) {
    const HfSuggestion *s = &g_array_index (found, HfSuggestion, i);
    const double *p =
        probabilities != NULL ? probabilities + s->row * n_classes : NULL;

    hf_numbers_next_add (list, pool->from[s->row]->image_id, s->why,
                         dup_reason (numbers, pool, s, p));
  }
  return list;
}

/* What the probe says of the pool, NULL without an error before there is
 * one. */
static double *
dup_probabilities (const HfNumbers *numbers, const HfRows *rows,
                   HfProgress *progress, GError **error)
{
  g_autofree double *p = NULL;

  if (numbers->probe == NULL)
    return NULL;
  p = g_new (double, rows->n *(gsize) numbers->rows->data.n_classes + 1);
  if (!hf_predictions_make (numbers->probe, rows->clip, rows->classic, rows->n,
                            0, progress, p, NULL, error))
    return NULL;
  return g_steal_pointer (&p);
}

static GPtrArray *
choose (HfDesk *self, const HfNumbers *numbers, const Pool *pool,
        const GArray *due, guint64 n_shown, gsize n_next, HfProgress *progress,
        GError **error)
{
  g_autoptr (HfRows) rows =
      hf_desk_dup_rows (self, pool->places, pool->n, FALSE, error);
  g_autoptr (GError) local = NULL;
  g_autofree double *probabilities = NULL;
  g_autofree float *unit = NULL;
  g_autofree HfCopySketch *sketches = g_new (HfCopySketch, pool->n + 1);
  g_autoptr (GArray) found = NULL;
  HfSuggestionInput input;

  if (rows == NULL)
    return NULL;
  for (gsize i = 0; i < pool->n; i++)
    sketches[i] = *hf_shelf_get_sketch (self->shelf, pool->places[i]);
  probabilities = dup_probabilities (numbers, rows, progress, &local);
  if (local != NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return NULL;
  }
  input = (HfSuggestionInput){
      .n = rows->n,
      .dim = rows->clip != NULL ? rows->clip_dim : rows->classic_dim,
      .sketches = sketches,
      .closed = pool->closed,
      .probabilities = probabilities,
      .n_classes = probabilities != NULL ? numbers->rows->data.n_classes : 0,
      .due_audits = (const gsize *) (void *) due->data,
      .n_due_audits = due->len,
      .n_shown = n_shown,
      .seed = numbers->spec.seed};
  /* Rows of the model are unit rows already. */
  if (rows->clip == NULL || rows->n_tiles > 1)
    unit = hf_rows_dup_unit (rows->clip != NULL ? rows->clip : rows->classic,
                             rows->n, rows->n_tiles, input.dim);
  input.rows = unit != NULL ? unit : rows->clip;
  found = hf_suggestions_find (&input, n_next, progress, error);
  return found != NULL ? put_in_words (numbers, pool, found, probabilities)
                       : NULL;
}

HfNumbers *
hf_desk_suggest (HfDesk *self, HfNumbers *numbers, const gint64 *due_ids,
                 gsize n_due, guint64 n_shown, gsize n_next,
                 HfProgress *progress, GError **error)
{
  const HfSamples *samples = numbers->samples;
  g_autoptr (GArray) labelled = list_open (self, samples, TRUE);
  g_autoptr (GArray) open = list_open (self, samples, FALSE);
  g_autoptr (GArray) due = NULL;
  g_auto (Pool) pool = {0};
  gsize n_open = open->len;
  GPtrArray *next;

  if (n_open == 0 || n_next == 0)
    return hf_numbers_new_with_next (numbers, hf_numbers_next_list ());
  /* Labelled ones are known for what is typical; many of them say it, too. */
  thin_out (labelled, samples, MOST_PICTURES / 2, NULL, 0, numbers->spec.seed);
  thin_out (open, samples, MOST_PICTURES - labelled->len, due_ids, n_due,
            numbers->spec.seed + n_shown);
  fill_pool (&pool, samples, labelled, open, n_open);
  due = dup_due (&pool, due_ids, n_due);
  next = choose (self, numbers, &pool, due, n_shown, n_next, progress, error);
  return next != NULL ? hf_numbers_new_with_next (numbers, next) : NULL;
}
