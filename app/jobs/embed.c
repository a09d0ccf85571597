/* embed.c: see the header. */
#include "app/jobs/embed.h"

#include "app/jobs/in-order.h"

typedef struct {
  float *row; /* or NULL */
  GError *refused;
} Item;

typedef struct {
  HfInOrder *order;
  gsize dim;
  HfRowFunc func;
  gpointer data;
} Job;

static void
item_free (gpointer data)
{
  Item *item = data;

  g_free (item->row);
  g_clear_error (&item->refused);
  g_free (item);
}

static gboolean
hand_on_cb (gsize index, gpointer data, gpointer user_data, GError **error)
{
  const Item *item = data;
  const Job *job = user_data;

  return job->func (index, item->row, item->refused, job->data, error);
}

static gboolean
row_cb (gsize index, const HfFeatureRow *row, const GError *refused,
        gpointer data, GError **error)
{
  const Job *job = data;
  Item *item = g_new0 (Item, 1);

  if (row != NULL)
    item->row = g_memdup2 (row->clip, job->dim * sizeof (float));
  else
    item->refused = g_error_copy (refused);
  return hf_in_order_put (job->order, index, item, error);
}

gboolean
hf_embed_pictures (HfExtractor *extractor, const char *const *paths, gsize n,
                   HfRowFunc func, gpointer data, HfProgress *progress,
                   GError **error)
{
  Job job = {
      .dim = hf_extractor_get_clip_dim (extractor), .func = func, .data = data};
  g_autoptr (HfInOrder) order =
      hf_in_order_new (n, item_free, hand_on_cb, &job);

  g_return_val_if_fail (hf_extractor_get_n_tiles (extractor) == 1, FALSE);
  job.order = order;
  return hf_extractor_run (extractor, paths, n, row_cb, &job, progress, error);
}
