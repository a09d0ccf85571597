/* bench.c: see the header. */
#include "app/jobs/bench.h"

#include <math.h>
#include <stdlib.h>

enum { N_TOKENS = 10, FEWEST_CALLS = 3 };

/* What one call encodes; one of the two inputs is used. */
typedef struct {
  HfBenchWhat what;
  gsize batch;
  guint8 *pixels;  /* [batch][px][px][3] */
  int *ids;        /* [N_TOKENS] */
  const int **all; /* [batch], each @ids */
  gsize *n_ids;    /* [batch] */
  float *rows;     /* [batch][dim] */
} Load;

static void
load_clear (Load *self)
{
  g_free (self->pixels);
  g_free (self->ids);
  g_free (self->all);
  g_free (self->n_ids);
  g_free (self->rows);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Load, load_clear)

static void
load_init (Load *self, const HfClipConfig *config)
{
  gsize square = (gsize) config->image_px * (gsize) config->image_px * 3;
  guint32 noise = 1;

  self->rows = g_new (float, self->batch *(gsize) config->embed_dim);
  if (self->what == HF_BENCH_IMAGES) {
    self->pixels = g_malloc_n (self->batch, square);
    for (gsize i = 0; i < self->batch * square; i++) {
      /* Any picture does; noise of a fixed seed (Numerical Recipes' LCG). */
      noise = noise * 1664525u + 1013904223u;
      self->pixels[i] = (guint8) (noise >> 24);
    }
    return;
  }
  self->ids = g_new (int, N_TOKENS);
  self->all = g_new (const int *, self->batch);
  self->n_ids = g_new (gsize, self->batch);
  for (int i = 0; i < N_TOKENS; i++)
    self->ids[i] = 320 + i;
  self->ids[0] = HF_TOKEN_START;
  self->ids[N_TOKENS - 1] = HF_TOKEN_END;
  for (gsize i = 0; i < self->batch; i++) {
    self->all[i] = self->ids;
    self->n_ids[i] = N_TOKENS;
  }
}

static gboolean
encode (HfSession *session, Load *load, GError **error)
{
  if (load->what == HF_BENCH_IMAGES)
    return hf_session_encode_images (session, load->pixels, load->batch,
                                     load->rows, error);
  return hf_session_encode_texts (session, load->all, load->n_ids, load->batch,
                                  load->rows, error);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

static void
summarize (GArray *rates, HfBenchRate *out)
{
  const double *sorted = (const double *) rates->data;
  guint n = rates->len;

  g_array_sort (rates, compare_doubles);
  out->n_calls = (int) n;
  out->min = sorted[0];
  out->max = sorted[n - 1];
  out->median =
      n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

gboolean
hf_bench_run (HfSession *session, HfBenchWhat what, gsize batch, double seconds,
              HfProgress *progress, HfBenchRate *rate, GError **error)
{
  g_auto (Load) load = {.what = what, .batch = batch};
  g_autoptr (GArray) rates = g_array_new (FALSE, FALSE, sizeof (double));
  gint64 begin_us;

  load_init (&load, hf_model_file_get_config (hf_session_get_model (session)));
  if (!encode (session, &load, error))
    return FALSE;
  begin_us = g_get_monotonic_time ();
  while (rates->len < FEWEST_CALLS ||
         (double) (g_get_monotonic_time () - begin_us) < seconds * 1e6) {
    gint64 start_us = g_get_monotonic_time ();
    double per_second;

    if (!hf_progress_check (progress, error) || !encode (session, &load, error))
      return FALSE;
    per_second = (double) batch * 1e6 /
                 (double) MAX (g_get_monotonic_time () - start_us, 1);
    g_array_append_val (rates, per_second);
  }
  summarize (rates, rate);
  return TRUE;
}

GArray *
hf_bench_profile (HfSession *session, HfBenchWhat what, gsize batch,
                  GError **error)
{
  g_auto (Load) load = {.what = what, .batch = batch};
  HfClip *clip;

  load_init (&load, hf_model_file_get_config (hf_session_get_model (session)));
  if (!encode (session, &load, error))
    return NULL;
  clip = hf_session_get_clip (session, error);
  if (clip == NULL)
    return NULL;
  hf_ops_set_profiling (hf_clip_get_ops (clip), TRUE);
  for (int i = 0; i < FEWEST_CALLS; i++)
    if (!encode (session, &load, error))
      return NULL;
  /* A device may have been left meanwhile. */
  clip = hf_session_get_clip (session, error);
  return clip != NULL ? hf_ops_dup_profile (hf_clip_get_ops (clip)) : NULL;
}
