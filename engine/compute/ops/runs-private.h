/* compute/ops/runs-private.h: what attention and its gradient share. */
#pragma once

#include "compute/ops/ops-private.h"

G_BEGIN_DECLS

struct _HfRuns {
  HfBuffer *table; /* int[n_runs][5], see the kernel */
  int n_runs;
  int n_queries, n_keys; /* rows in all */
  int causal;
  gboolean pooled;
};

/* Whether all heads lie in their rows. */
gboolean hf_heads_fit (const HfHeads *heads);

G_END_DECLS
