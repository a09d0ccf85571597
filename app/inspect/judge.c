/* judge.c: rows of features to verdicts. The extractor gives what it remembers
 * first; here each picture waits until all before it are ready. */
#include "app/inspect/inspector-private.h"

#include "app/jobs/in-order.h"

/* A picture that is ready; of one that was refused only @refused is set. */
typedef struct {
  char *sha256;
  double *probabilities; /* [n_classes] */
  double *tiles;         /* [n_tiles][n_classes] or NULL */
  double distance;
  gint64 ready_us;
  GError *refused;
} Ready;

static void
ready_free (gpointer data)
{
  Ready *self = data;

  g_free (self->sha256);
  g_free (self->probabilities);
  g_free (self->tiles);
  g_clear_error (&self->refused);
  g_free (self);
}

typedef struct {
  const HfInspector *inspector;
  HfInOrder *order; /* of Ready */
  gint64 last_us;
  HfJudgementFunc func;
  gpointer data;
} Judging;

static gboolean
give_cb (gsize index, gpointer item, gpointer data, GError **error)
{
  const Ready *ready = item;
  Judging *self = data;
  const HfBundleContent *content = hf_inspector_get_content (self->inspector);
  const HfProbe *probe = content->probe;
  int n_classes = hf_probe_get_n_classes (probe);
  double false_alarms = 0;
  HfJudgement judgement = {.sha256 = ready->sha256,
                           .probabilities = ready->probabilities,
                           .tiles = ready->tiles};

  if (ready->refused != NULL)
    return self->func (index, NULL, ready->refused, self->data, error);
  judgement.class_id = hf_verdict_find_class (ready->probabilities, n_classes);
  judgement.verdict = hf_verdict_decide (
      ready->probabilities, content->kinds, n_classes, ready->distance,
      hf_probe_get_unknown_limit (probe, &false_alarms), &content->thresholds);
  judgement.ms = (double) MAX (ready->ready_us - self->last_us, 0) / 1000;
  self->last_us = MAX (self->last_us, ready->ready_us);
  return self->func (index, &judgement, NULL, self->data, error);
}

static Ready *
judge_row (const HfInspector *self, const HfFeatureRow *row)
{
  const HfProbe *probe = hf_inspector_get_content (self)->probe;
  gsize n_classes = (gsize) hf_probe_get_n_classes (probe);
  gsize n_tiles = hf_probe_get_n_tiles (probe);
  Ready *ready = g_new0 (Ready, 1);

  ready->sha256 = g_strdup (row->sha256);
  ready->probabilities = g_new (double, n_classes);
  hf_probe_predict (probe, row->clip, row->classic, 1, ready->probabilities,
                    &ready->distance);
  if (n_tiles > 1) {
    ready->tiles = g_new (double, n_tiles *n_classes);
    hf_probe_predict_tiles (probe, row->clip, row->classic, 1, ready->tiles);
  }
  return ready;
}

static gboolean
row_cb (gsize index, const HfFeatureRow *row, const GError *refused,
        gpointer data, GError **error)
{
  Judging *self = data;
  Ready *ready;

  if (row != NULL) {
    ready = judge_row (self->inspector, row);
  } else {
    ready = g_new0 (Ready, 1);
    ready->refused = g_error_copy (refused);
  }
  ready->ready_us = g_get_monotonic_time ();
  return hf_in_order_put (self->order, index, ready, error);
}

gboolean
hf_inspector_judge (HfInspector *self, const char *const *paths, gsize n,
                    HfJudgementFunc func, gpointer data, HfProgress *progress,
                    GError **error)
{
  Judging judging = {.inspector = self,
                     .last_us = g_get_monotonic_time (),
                     .func = func,
                     .data = data};
  g_autoptr (HfInOrder) order =
      hf_in_order_new (n, ready_free, give_cb, &judging);

  judging.order = order;
  return hf_extractor_run (self->extractor, paths, n, row_cb, &judging,
                           progress, error);
}
