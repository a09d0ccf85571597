/* app/jobs/bench.h: how fast the towers are. Pixels and tokens are ready
 * before the clock starts. */
#pragma once

#include "features/session.h"

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

/* Where the time of such calls goes, kernel by kernel (element-type
 * HfOpsProfile), most seconds first, over 3 calls; caller frees. Every launch
 * is waited for, so the sum is more than a call takes otherwise. */
GArray *hf_bench_profile (HfSession *session, HfBenchWhat what, gsize batch,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
