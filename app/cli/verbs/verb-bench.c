/* verb-bench.c: handful-cli bench. */
#include "app/cli/options.h"
#include "app/cli/output.h"
#include "app/cli/task.h"
#include "app/jobs/bench.h"
#include "app/models/store.h"

enum { LARGEST_BATCH = 4096, MOST_THREADS = 1024 };

typedef struct {
  char *model_name, *device, *precision_name;
  char **batch_names;
  int n_threads;
  double seconds;
  gboolean json, profile;

  char *model_path;
  HfPrecision precision;
  GArray *batches; /* gsize */
} Options;

static void
options_clear (Options *self)
{
  g_free (self->model_name);
  g_free (self->device);
  g_free (self->precision_name);
  g_strfreev (self->batch_names);
  g_free (self->model_path);
  g_clear_pointer (&self->batches, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
read_batches (Options *self, const HfVerb *verb)
{
  static const char *const usual[] = {"1", "8", "32", NULL};
  const char *const *at = self->batch_names != NULL
                              ? (const char *const *) self->batch_names
                              : usual;

  self->batches = g_array_new (FALSE, FALSE, sizeof (gsize));
  for (; *at != NULL; at++) {
    guint64 value = 0;
    gsize batch;

    if (!g_ascii_string_to_unsigned (*at, 10, 1, LARGEST_BATCH, &value, NULL)) {
      hf_options_refuse (verb, "\"%s\" is no batch; use 1 to %d.", *at,
                         LARGEST_BATCH);
      return FALSE;
    }
    batch = (gsize) value;
    g_array_append_val (self->batches, batch);
  }
  return TRUE;
}

static gboolean
check_usage (Options *self, const HfVerb *verb)
{
  if (self->n_threads < 0 || self->n_threads > MOST_THREADS)
    hf_options_refuse (verb, "Threads are 1 to %d, or 0 for all cores.",
                       MOST_THREADS);
  else if (!(self->seconds >= 0))
    hf_options_refuse (verb, "Seconds cannot be negative.");
  else
    return hf_options_read_precision (verb, self->precision_name,
                                      &self->precision) &&
           read_batches (self, verb);
  return FALSE;
}

static HfJson *
new_result (HfBenchWhat what, gsize batch, HfPrecision precision,
            const HfBenchRate *rate)
{
  HfJson *json = json_object_new_object ();
  HfJson *per_second = json_object_new_object ();

  json_object_object_add (per_second, "median",
                          hf_output_new_number (rate->median, 5));
  json_object_object_add (per_second, "min",
                          hf_output_new_number (rate->min, 5));
  json_object_object_add (per_second, "max",
                          hf_output_new_number (rate->max, 5));
  json_object_object_add (
      json, "what",
      json_object_new_string (what == HF_BENCH_IMAGES ? "image" : "text"));
  json_object_object_add (json, "batch",
                          json_object_new_int64 ((gint64) batch));
  json_object_object_add (
      json, "precision",
      json_object_new_string (hf_precision_get_name (precision)));
  json_object_object_add (json, "per_second", per_second);
  return json;
}

static void
print_result (HfBenchWhat what, gsize batch, HfPrecision precision,
              const HfBenchRate *rate)
{
  g_autofree char *line = g_strdup_printf (
      "%-6s  batch %3d  %s  %9.1f/s  (%.1f to %.1f over %d calls)\n",
      what == HF_BENCH_IMAGES ? "images" : "texts", (int) batch,
      hf_precision_get_name (precision), rate->median, rate->min, rate->max,
      rate->n_calls);

  hf_output_line (line);
}

/* The kernels of one kind of call: into @result as "profile", or a table. */
static gboolean
profile (const Options *options, HfSession *session, HfBenchWhat what,
         gsize batch, HfJson *result, GError **error)
{
  g_autoptr (GArray) kernels = hf_bench_profile (session, what, batch, error);
  HfJson *list = json_object_new_array ();
  double all = 0;

  json_object_object_add (result, "profile", list);
  if (kernels == NULL)
    return FALSE;
  for (guint i = 0; i < kernels->len; i++)
    all += g_array_index (kernels, HfOpsProfile, i).seconds;
  for (guint i = 0; i < kernels->len; i++) {
    const HfOpsProfile *kernel = &g_array_index (kernels, HfOpsProfile, i);
    HfJson *json = json_object_new_object ();

    json_object_object_add (json, "kernel",
                            json_object_new_string (kernel->name));
    json_object_object_add (json, "launches",
                            json_object_new_int (kernel->n_launches));
    json_object_object_add (json, "seconds",
                            hf_output_new_number (kernel->seconds, 4));
    json_object_array_add (list, json);
    if (!options->json)
      hf_output_printf ("  %-24s %6d launches  %9.2f ms  %5.1f %%\n",
                        kernel->name, kernel->n_launches, kernel->seconds * 1e3,
                        100 * kernel->seconds / all);
  }
  return TRUE;
}

/* Measures every batch of one tower; results go to @results or the terminal. */
static gboolean
measure (const Options *options, HfSession *session, HfBenchWhat what,
         HfJson *results, HfProgress *progress, GError **error)
{
  for (guint i = 0; i < options->batches->len; i++) {
    gsize batch = g_array_index (options->batches, gsize, i);
    HfBenchRate rate;
    HfJson *result;

    if (!hf_bench_run (session, what, batch, options->seconds, progress, &rate,
                       error))
      return FALSE;
    result = new_result (what, batch, options->precision, &rate);
    json_object_array_add (results, result);
    if (!options->json)
      print_result (what, batch, options->precision, &rate);
    if (options->profile &&
        !profile (options, session, what, batch, result, error))
      return FALSE;
  }
  return TRUE;
}

static int
bench (const Options *options, HfTask *task)
{
  HfProgress *progress = hf_task_get_progress (task);
  HfSessionOptions session_options = {
      .model_path = options->model_path,
      .device = options->device,
      .precision = options->precision,
      .towers = HF_CLIP_IMAGES | HF_CLIP_TEXTS,
      .log = hf_task_log,
  };
  int n_threads = options->n_threads > 0 ? options->n_threads
                                         : (int) g_get_num_processors ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HfSession) session =
      hf_session_open (&session_options, progress, &error);
  g_autoptr (HfJson) json = json_object_new_object ();
  HfJson *results = json_object_new_array ();
  const HfDeviceInfo *info;

  json_object_object_add (json, "results", results);
  if (session == NULL || hf_session_get_clip (session, &error) == NULL)
    return hf_task_fail (task, error);
  info = hf_device_get_info (hf_session_get_device (session));
  json_object_object_add (json, "device", hf_output_new_string (info->name));
  json_object_object_add (json, "threads", json_object_new_int (n_threads));
  if (!options->json)
    hf_output_printf (
        "%s, %d %s\n", info->name, n_threads,
        hf_output_get_noun ((guint64) n_threads, "thread", "threads"));
  if (!measure (options, session, HF_BENCH_IMAGES, results, progress, &error) ||
      !measure (options, session, HF_BENCH_TEXTS, results, progress, &error))
    return hf_task_fail (task, error);
  if (options->json)
    hf_output_json (json);
  return HF_EXIT_DONE;
}

int
hf_verb_bench (const HfVerb *verb, int argc, char **argv)
{
  g_auto (Options) options = {.seconds = 3};
  const GOptionEntry entries[] = {
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &options.model_name,
       "An installed model, a model file or its folder (default: starter)",
       "M"},
      {"device", 'd', 0, G_OPTION_ARG_FILENAME, &options.device,
       "Device by its number or a part of its name (default: the fastest)",
       "D"},
      {"precision", 'p', 0, G_OPTION_ARG_FILENAME, &options.precision_name,
       HF_OPTIONS_PRECISION_HELP, "P"},
      {"batch", 'b', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.batch_names,
       "Pictures or texts in a call; may be repeated (default: 1, 8, 32)", "N"},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.n_threads,
       "Threads of a CPU device (default: all cores)", "N"},
      {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &options.seconds,
       "Length of each measurement (default: 3)", "S"},
      {"profile", 0, 0, G_OPTION_ARG_NONE, &options.profile,
       "Also the time of each kernel, over 3 calls", NULL},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one JSON object",
       NULL},
      {NULL},
  };
  const char *model;
  g_autoptr (HfTask) task = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  if (!check_usage (&options, verb))
    return HF_EXIT_USAGE;
  task = hf_task_start (options.n_threads);
  if (!hf_options_check_device (verb, options.device))
    return HF_EXIT_USAGE;
  model = options.model_name != NULL ? options.model_name : HF_STORE_STARTER;
  options.model_path = hf_store_dup_path (model, &error);
  if (options.model_path == NULL)
    return hf_task_fail (task, error);
  return bench (&options, task);
}
