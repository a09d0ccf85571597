/* bench-tuning.c: what learning words costs.
 *
 *   bench-tuning MODEL f32|f16 CLASSES VECTORS LABELS STEPS
 *
 * With STEPS 0 the whole of a training with every choice left open, as the
 * window makes it: seconds by the clock and by processors, and what was chosen.
 *
 * Else opens a tuner for prompts "a photo of a part NUMBER." and lets it take
 * STEPS steps over made-up pictures. Prints one line of JSON: seconds to open,
 * milliseconds a step by the clock and by processors (user time of all
 * threads), and the memory at most. The clock counts from the second step on:
 * with the first, the driver may compile. */
#include "tuning/tuner.h"

#include "base/rng.h"
#include "probe/probe.h"

#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>

typedef struct {
  gint64 start, clock;
  double user;
} Watch;

static double
get_user_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) usage.ru_utime.tv_sec + (double) usage.ru_utime.tv_usec / 1e6;
}

static void
start_watch (int step, const float *rows, gpointer data)
{
  Watch *watch = data;

  if (step != 1)
    return;
  watch->clock = g_get_monotonic_time ();
  watch->user = get_user_seconds ();
}

static float *
new_unit_rows (HfRng *rng, gsize n, gsize dim)
{
  float *rows = g_new (float, n *dim);

  for (gsize i = 0; i < n; i++) {
    double square = 0;

    for (gsize j = 0; j < dim; j++) {
      double v = hf_rng_next_double (rng) - 0.5;

      rows[i * dim + j] = (float) v;
      square += v * v;
    }
    for (gsize j = 0; j < dim; j++)
      rows[i * dim + j] /= (float) sqrt (square);
  }
  return rows;
}

static HfTuner *
open_tuner (char **argv, int n_classes)
{
  g_autofree const char **prompts = g_new (const char *, n_classes);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  HfTunerOptions options = {.model_path = argv[1]};
  HfTuner *tuner;

  if (!hf_precision_parse (argv[2], &options.precision))
    g_error ("no precision %s: say f32 or f16", argv[2]);
  for (int c = 0; c < n_classes; c++) {
    g_ptr_array_add (texts, g_strdup_printf ("a photo of a part %d.", c));
    prompts[c] = texts->pdata[c];
  }
  tuner = hf_tuner_open (&options, prompts, n_classes, NULL, &error);
  if (tuner == NULL)
    g_error ("%s", error->message);
  return tuner;
}

/* A training with all choices. */
static void
train (const HfTuningData *rows, HfTuner *tuner, int n_vectors)
{
  g_autofree HfClassKind *kinds = g_new0 (HfClassKind, rows->n_classes);
  g_autofree int *group = g_new (int, rows->n);
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;
  HfDataset data = {.n_rows = rows->n,
                    .n_classes = rows->n_classes,
                    .n_tiles = 1,
                    .clip = rows->x,
                    .clip_dim = rows->dim,
                    .text = rows->written,
                    .logit_scale = rows->logit_scale,
                    .label = rows->label,
                    .group = group,
                    .kinds = kinds,
                    .tuner = tuner};
  double user = get_user_seconds ();
  gint64 clock = g_get_monotonic_time ();
  g_autoptr (HfProbe) probe = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < rows->n; i++)
    group[i] = (int) i;
  spec.kind = HF_PROBE_PROMPT;
  spec.n_vectors = n_vectors;
  probe = hf_probe_train (&data, NULL, 0, &spec, NULL, &error);
  if (probe == NULL)
    g_error ("%s", error->message);
  g_print (
      "{\"classes\":%d,\"labels\":%" G_GSIZE_FORMAT
      ",\"seconds\":%.1f,\"user_seconds\":%.1f,\"most_steps\":%" G_GINT64_FORMAT
      ",\"chosen\":\"%s\"}\n",
      rows->n_classes, rows->n,
      (double) (g_get_monotonic_time () - clock) / G_USEC_PER_SEC,
      get_user_seconds () - user, hf_probe_count_steps (&data, NULL, 0, &spec),
      hf_probe_get_reason (probe));
}

int
main (int argc, char **argv)
{
  Watch watch = {.start = g_get_monotonic_time ()};
  HfTuningSettings settings = {.n_vectors = 4};
  g_autoptr (HfTuner) tuner = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree float *x = NULL, *written = NULL, *vectors = NULL;
  g_autofree int *label = NULL;
  g_autofree double *weight = NULL;
  HfTuningData data = {.logit_scale = 100, .pull = 1};
  double opened, clock, user;
  struct rusage usage;
  HfRng rng;

  if (argc != 7)
    g_error ("Usage: bench-tuning MODEL f32|f16 CLASSES VECTORS LABELS STEPS");
  hf_device_prepare_environment (0);
  data.n_classes = MAX (atoi (argv[3]), 2);
  settings.n_vectors = atoi (argv[4]);
  data.n = (gsize) data.n_classes * (gsize) atoi (argv[5]);
  settings.n_steps = atoi (argv[6]) > 0 ? MAX (atoi (argv[6]), 2) : 0;
  tuner = open_tuner (argv, data.n_classes);
  opened = (double) (g_get_monotonic_time () - watch.start) / G_USEC_PER_SEC;
  data.dim = hf_tuner_get_dim (tuner);
  hf_rng_init (&rng, 1);
  data.x = x = new_unit_rows (&rng, data.n, data.dim);
  data.written = written =
      new_unit_rows (&rng, (gsize) data.n_classes, data.dim);
  data.label = label = g_new (int, data.n);
  data.weight = weight = g_new (double, data.n);
  for (gsize i = 0; i < data.n; i++) {
    label[i] = (int) (i % (gsize) data.n_classes);
    weight[i] = 1;
  }
  if (settings.n_steps == 0) {
    train (&data, tuner, settings.n_vectors);
    return 0;
  }
  vectors =
      hf_tuner_fit (tuner, &data, &settings, start_watch, &watch, NULL, &error);
  if (vectors == NULL)
    g_error ("%s", error->message);
  clock = (double) (g_get_monotonic_time () - watch.clock) / 1e3;
  user = (get_user_seconds () - watch.user) * 1e3;
  getrusage (RUSAGE_SELF, &usage);
  g_print ("{\"classes\":%d,\"vectors\":%d,\"labels\":%" G_GSIZE_FORMAT
           ",\"open_seconds\":%.3f,\"step_ms\":%.2f,\"step_user_ms\":%.2f,"
           "\"memory_mb\":%.1f}\n",
           data.n_classes, settings.n_vectors, data.n, opened,
           clock / (settings.n_steps - 1), user / (settings.n_steps - 1),
           (double) usage.ru_maxrss / 1024);
  return 0;
}
