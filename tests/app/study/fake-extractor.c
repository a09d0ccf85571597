/* fake-extractor.c: see the header. Pictures come in the wrong order, as they
 * do when some are cached. */
#include "fake-extractor.h"

#include "base/rng.h"

#include <math.h>
#include <string.h>

struct _HfExtractor {
  HfBlocks blocks;
};

HfExtractor *__wrap_hf_extractor_open (const HfExtractorOptions *options,
                                       HfFeatureStore *store,
                                       HfProgress *progress, GError **error);
void __wrap_hf_extractor_free (HfExtractor *self);
gboolean __wrap_hf_extractor_run (HfExtractor *self, const char *const *paths,
                                  gsize n, HfFeatureFunc func, gpointer data,
                                  HfProgress *progress, GError **error);
gboolean __wrap_hf_extractor_encode_texts (HfExtractor *self,
                                           const char *const *texts, gsize n,
                                           float *out, gsize *n_cut,
                                           GError **error);
gsize __wrap_hf_extractor_get_clip_dim (const HfExtractor *self);
gsize __wrap_hf_extractor_get_classic_dim (const HfExtractor *self);
gsize __wrap_hf_extractor_get_n_tiles (const HfExtractor *self);
double __wrap_hf_extractor_get_logit_scale (const HfExtractor *self);
const char *__wrap_hf_extractor_get_identity (const HfExtractor *self);

HfExtractor *
__wrap_hf_extractor_open (const HfExtractorOptions *options,
                          HfFeatureStore *store, HfProgress *progress,
                          GError **error)
{
  HfExtractor *self = g_new0 (HfExtractor, 1);

  self->blocks = options->blocks;
  return self;
}

void
__wrap_hf_extractor_free (HfExtractor *self)
{
  g_free (self);
}

static gboolean
is_alike (const char *name)
{
  return g_str_has_prefix (name, "alike");
}

/* A unit row: the class's own direction, by the first letter, and noise. */
void
fake_fill_clip (const char *path, float *clip)
{
  const char *name =
      strrchr (path, '/') != NULL ? strrchr (path, '/') + 1 : path;
  HfRng rng;
  double square = 0;

  hf_rng_init (&rng, is_alike (name) ? 0 : g_str_hash (name));
  for (int j = 0; j < FAKE_CLIP_DIM; j++) {
    clip[j] = (float) (0.3 * (hf_rng_next_double (&rng) - 0.5));
    if (j == name[0] % FAKE_CLIP_DIM)
      clip[j] += 1;
    square += (double) clip[j] * clip[j];
  }
  for (int j = 0; j < FAKE_CLIP_DIM; j++)
    clip[j] = (float) (clip[j] / sqrt (square));
}

static gboolean
give (HfExtractor *self, const char *path, gsize index, HfFeatureFunc func,
      gpointer data, GError **error)
{
  const char *name =
      strrchr (path, '/') != NULL ? strrchr (path, '/') + 1 : path;
  const char *content =
      strrchr (name, '=') != NULL ? strrchr (name, '=') : name;
  g_autofree char *sha256 =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, content, -1);
  float clip[FAKE_CLIP_DIM], classic[FAKE_CLASSIC_DIM] = {1, 2, 3};
  guint8 look[HF_LOOK_PX * HF_LOOK_PX];
  HfFeatureRow row = {.sha256 = sha256, .look = look};
  HfRng rng;

  if (g_str_has_prefix (name, "broken")) {
    g_autoptr (GError) refused =
        g_error_new (G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s is broken.", path);

    return func (index, NULL, refused, data, error);
  }
  fake_fill_clip (path, clip);
  hf_rng_init (&rng, is_alike (name) ? 0 : g_str_hash (content));
  for (gsize i = 0; i < sizeof look; i++)
    look[i] = (guint8) hf_rng_next_below (&rng, 256);
  classic[0] = clip[0];
  classic[1] = look[0] / 255.f;
  row.clip = self->blocks & HF_BLOCK_CLIP ? clip : NULL;
  row.classic = self->blocks & HF_BLOCK_CLASSIC ? classic : NULL;
  return func (index, &row, NULL, data, error);
}

gboolean
__wrap_hf_extractor_run (HfExtractor *self, const char *const *paths, gsize n,
                         HfFeatureFunc func, gpointer data,
                         HfProgress *progress, GError **error)
{
  for (gsize i = n; i-- > 0;)
    if (!hf_progress_check (progress, error) ||
        !give (self, paths[i], i, func, data, error))
      return FALSE;
  return TRUE;
}

/* The direction of the class whose name is the last word. */
gboolean
__wrap_hf_extractor_encode_texts (HfExtractor *self, const char *const *texts,
                                  gsize n, float *out, gsize *n_cut,
                                  GError **error)
{
  for (gsize i = 0; i < n; i++) {
    const char *word = strrchr (texts[i], ' ');

    fake_fill_clip (word != NULL ? word + 1 : texts[i],
                    out + i * FAKE_CLIP_DIM);
  }
  if (n_cut != NULL)
    *n_cut = 0;
  return TRUE;
}

gsize
__wrap_hf_extractor_get_clip_dim (const HfExtractor *self)
{
  return self->blocks & HF_BLOCK_CLIP ? FAKE_CLIP_DIM : 0;
}

gsize
__wrap_hf_extractor_get_classic_dim (const HfExtractor *self)
{
  return self->blocks & HF_BLOCK_CLASSIC ? FAKE_CLASSIC_DIM : 0;
}

gsize
__wrap_hf_extractor_get_n_tiles (const HfExtractor *self)
{
  return 1;
}

double
__wrap_hf_extractor_get_logit_scale (const HfExtractor *self)
{
  return 10;
}

const char *
__wrap_hf_extractor_get_identity (const HfExtractor *self)
{
  return "made up";
}
