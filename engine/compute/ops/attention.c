/* attention.c: attention over packed sequences; kernel attention.cl. */
#include "compute/ops/grid.h"
#include "compute/ops/runs-private.h"
#include "compute/self-test.h"

#include <math.h>

#define RUN_INTS 5

/* Of cpu/bf16-attention.cl and cpu/bf16.cl. */
#define MOST_KEYS 640
#define BLOCK_ROWS 32
#define STEP_BYTES ((gsize) HF_BF16_STEP * 2)

static HfRuns *
take_table (HfOps *ops, GArray *table, int n_queries, int n_keys, int causal,
            GError **error)
{
  g_autoptr (HfRuns) self = g_new0 (HfRuns, 1);

  self->n_runs = (int) table->len / RUN_INTS;
  self->n_queries = n_queries;
  self->n_keys = n_keys;
  self->causal = causal;
  self->table = hf_buffer_new_from (ops->device, table->data,
                                    table->len * sizeof (int), error);
  return self->table == NULL ? NULL : g_steal_pointer (&self);
}

HfRuns *
hf_runs_new (HfOps *ops, const int *lengths, int n, gboolean causal,
             GError **error)
{
  g_autoptr (GArray) table = g_array_new (FALSE, FALSE, sizeof (int));
  const int most = hf_grid_get_max_queries (ops, FALSE);
  int row = 0;

  g_return_val_if_fail (n > 0, NULL);

  for (int i = 0; i < n; i++) {
    int n_cuts = (lengths[i] + most - 1) / most, cut;

    g_return_val_if_fail (n_cuts > 0, NULL);
    /* Equal cuts, so that no core gets the short rest alone. */
    cut = (lengths[i] + n_cuts - 1) / n_cuts;
    for (int first = 0; first < lengths[i]; first += cut) {
      int run[RUN_INTS] = {row + first, MIN (cut, lengths[i] - first), row,
                           lengths[i], causal ? first + 1 : lengths[i]};

      g_array_append_vals (table, run, RUN_INTS);
    }
    row += lengths[i];
  }
  return take_table (ops, table, row, row, causal, error);
}

HfRuns *
hf_runs_new_pooled (HfOps *ops, const int *lengths, int n, int n_queries,
                    GError **error)
{
  g_autoptr (GArray) table = g_array_new (FALSE, FALSE, sizeof (int));
  const int cut = hf_grid_get_max_queries (ops, TRUE);
  HfRuns *self;
  int row = 0;

  g_return_val_if_fail (n > 0 && n_queries > 0, NULL);

  for (int i = 0; i < n; i++) {
    for (int first = 0; first < n_queries; first += cut) {
      int run[RUN_INTS] = {i * n_queries + first, MIN (cut, n_queries - first),
                           row, lengths[i], lengths[i]};

      g_array_append_vals (table, run, RUN_INTS);
    }
    row += lengths[i];
  }
  self = take_table (ops, table, n * n_queries, row, FALSE, error);
  if (self != NULL)
    self->pooled = TRUE;
  return self;
}

void
hf_runs_free (HfRuns *self)
{
  if (self == NULL)
    return;
  hf_buffer_free (self->table);
  g_free (self);
}

/* Whether all heads, from column @offset on, lie within a row of @stride. */
static gboolean
columns_fit (const HfHeads *heads, int offset, int stride)
{
  return offset >= 0 &&
         offset + (gint64) heads->n_heads * heads->head_dim <= stride;
}

gboolean
hf_heads_fit (const HfHeads *heads)
{
  return heads->head_dim > 0 &&
         columns_fit (heads, heads->q_offset, heads->q_stride) &&
         columns_fit (heads, heads->k_offset, heads->kv_stride) &&
         columns_fit (heads, heads->v_offset, heads->kv_stride);
}

/* Whether scores and sums of values are products in bfloat16. A pooled query is
 * not worth its panels. */
static gboolean
is_narrow (const HfOps *self, const HfRuns *runs)
{
  return !runs->pooled && hf_ops_uses_bf16 (self);
}

/* Its own test asks for what is tested. */
static gboolean
prove_narrow (HfOps *self, GError **error)
{
  if (self->proved_attention)
    return TRUE;
  self->proved_attention = TRUE;
  self->proved_attention = hf_self_test_narrow_attention (self, error);
  return self->proved_attention;
}

static gboolean
attend_narrow (HfOps *self, const HfHeads *heads, const HfRuns *runs,
               HfBuffer *out, float scale, GError **error)
{
  const int steps = hf_bf16_get_steps (heads->head_dim);
  const gsize panels = 2 * (gsize) MOST_KEYS * (gsize) steps * STEP_BYTES;
  const gsize rows =
      BLOCK_ROWS * ((gsize) steps * STEP_BYTES + MOST_KEYS * 2 + STEP_BYTES);
  const int n_pairs = heads->n_heads * runs->n_runs;
  HfGrid grid;
  int pairs_per_item;

  grid = hf_grid_pairs (self, n_pairs, &pairs_per_item);
  return prove_narrow (self, error) &&
         hf_ops_ensure_scratch (self, &self->narrow,
                                grid.global[0] * (panels + rows), error) &&
         hf_ops_launch (self,
                        self->device->has_amx ? HF_KERNEL_ATTENTION_AMX
                                              : HF_KERNEL_ATTENTION_BF16,
                        &grid, error, HF_MEM (heads->q), HF_MEM (heads->kv),
                        HF_MEM (heads->kv), HF_MEM (out), HF_MEM (runs->table),
                        HF_ARG (heads->q_offset), HF_ARG (heads->k_offset),
                        HF_ARG (heads->v_offset), HF_ARG (heads->q_stride),
                        HF_ARG (heads->kv_stride), HF_ARG (heads->n_heads),
                        HF_ARG (heads->head_dim), HF_ARG (runs->causal),
                        HF_ARG (scale), HF_MEM (self->narrow), HF_ARG (n_pairs),
                        HF_ARG (pairs_per_item));
}

gboolean
hf_ops_attention (HfOps *self, const HfHeads *heads, const HfRuns *runs,
                  HfBuffer *out, GError **error)
{
  HfGrid grid = hf_grid_attention (self, heads->n_heads, runs->n_runs);
  float scale = (float) (1.0 / sqrt (heads->head_dim));

  g_return_val_if_fail (hf_heads_fit (heads), FALSE);
  g_return_val_if_fail (
      hf_buffer_holds (heads->q, runs->n_queries, heads->q_stride) &&
          hf_buffer_holds (heads->kv, runs->n_keys, heads->kv_stride),
      FALSE);
  g_return_val_if_fail (
      hf_buffer_holds (out, runs->n_queries,
                       (gint64) heads->n_heads * heads->head_dim),
      FALSE);

  if (is_narrow (self, runs))
    return attend_narrow (self, heads, runs, out, scale, error);
  return hf_ops_launch (
      self, HF_KERNEL_ATTENTION, &grid, error, HF_MEM (heads->q),
      HF_MEM (heads->kv), HF_MEM (heads->kv), HF_MEM (out),
      HF_MEM (runs->table), HF_ARG (heads->q_offset), HF_ARG (heads->k_offset),
      HF_ARG (heads->v_offset), HF_ARG (heads->q_stride),
      HF_ARG (heads->kv_stride), HF_ARG (heads->n_heads),
      HF_ARG (heads->head_dim), HF_ARG (runs->causal), HF_ARG (scale));
}
