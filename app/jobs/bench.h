/* app/jobs/bench.h: how fast the towers are. Pixels and tokens are ready
 * before the clock starts. */
#pragma once

#include "app/jobs/session.h"

G_BEGIN_DECLS

typedef enum { HF_BENCH_IMAGES, HF_BENCH_TEXTS } HfBenchWhat;

/* Per second, over the calls of one measurement. */
typedef struct {
  double median, min, max;
  int n_calls;
} HfBenchRate;

/* Encodes batches of @batch for about @seconds (at least 3 calls, after one
 * that does not count). Texts are prompts of 10 tokens. Errors of the encode
 * calls; G_IO_ERROR_CANCELLED. */
gboolean hf_bench_run (HfSession *session, HfBenchWhat what, gsize batch,
                       double seconds, HfProgress *progress, HfBenchRate *rate,
                       GError **error);

G_END_DECLS
