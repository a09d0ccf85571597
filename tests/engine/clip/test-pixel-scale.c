/* What a pixel means can be set: the same normalised picture gives the same
 * row, however its bytes and its scale say it. The starter model is a residual
 * network; a vision transformer is compared with PyTorch's rows of constant
 * inputs by tests/app/test-cli-models.py. */
#include "clip/clip.h"

#include <string.h>

/* Rows of unit length; two scales of one picture differ by the rounding of its
 * pixels to f32. */
#define EPSILON 1e-5

typedef struct {
  HfDevice *device;
  HfModelFile *model;
  HfClip *clip;
  const HfClipConfig *config;
  gsize n_bytes, dim;
  guint8 *pixels; /* of one picture, none over 200 */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_getenv ("HANDFUL_SOURCE_ROOT"),
                                            "data", "models", "starter", NULL);
  g_autoptr (GError) error = NULL;

  self->device =
      hf_device_open (g_getenv ("HANDFUL_TEST_DEVICE"), NULL, NULL, &error);
  g_assert_no_error (error);
  self->model = hf_model_file_open (path, &error);
  g_assert_no_error (error);
  self->clip = hf_clip_new (self->device, self->model, HF_PRECISION_F32,
                            HF_CLIP_IMAGES, NULL, &error);
  g_assert_no_error (error);
  self->config = hf_model_file_get_config (self->model);
  self->dim = (gsize) self->config->embed_dim;
  self->n_bytes =
      (gsize) self->config->image_px * (gsize) self->config->image_px * 3;
  self->pixels = g_malloc (self->n_bytes);
  for (gsize i = 0; i < self->n_bytes; i++)
    self->pixels[i] = (guint8) ((((guint32) i * 2654435761u) >> 24) % 201);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_free (self->pixels);
  hf_clip_free (self->clip);
  hf_model_file_free (self->model);
  hf_device_close (self->device);
}

/* The row (caller frees) of a picture of which every byte is @add more than
 * that of @pixels, or @add alone where @pixels is NULL. */
static float *
encode (Fixture *self, const guint8 *pixels, int add)
{
  g_autofree guint8 *bytes = g_malloc (self->n_bytes);
  float *row = g_new0 (float, self->dim);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < self->n_bytes; i++)
    bytes[i] = (guint8) ((pixels != NULL ? pixels[i] : 0) + add);
  hf_clip_encode_images (self->clip, bytes, 1, row, &error);
  g_assert_no_error (error);
  return row;
}

static double
get_difference (const Fixture *self, const float *a, const float *b)
{
  double worst = 0;

  for (gsize i = 0; i < self->dim; i++)
    worst = MAX (worst, ABS ((double) a[i] - b[i]));
  return worst;
}

static void
test_own_scale (Fixture *self, gconstpointer data)
{
  g_autofree float *wanted = encode (self, self->pixels, 0);
  g_autofree float *got = NULL;

  hf_clip_set_pixel_scale (self->clip, self->config->mean, self->config->std);
  got = encode (self, self->pixels, 0);
  g_assert_cmpmem (got, self->dim * sizeof (float), wanted,
                   self->dim * sizeof (float));
}

/* 50 more in every byte, and 50 / 255 more in every mean; without the second
 * the picture is another one. */
static void
test_shifted_bytes (Fixture *self, gconstpointer data)
{
  g_autofree float *wanted = encode (self, self->pixels, 0);
  g_autofree float *brighter = encode (self, self->pixels, 50);
  g_autofree float *got = NULL;
  float mean[3];

  for (int c = 0; c < 3; c++)
    mean[c] = self->config->mean[c] + 50 / 255.0f;
  hf_clip_set_pixel_scale (self->clip, mean, self->config->std);
  got = encode (self, self->pixels, 50);
  g_assert_cmpfloat (get_difference (self, got, wanted), <, EPSILON);
  g_assert_cmpfloat (get_difference (self, brighter, wanted), >, 1e-3);
}

/* 0.5 everywhere, said in four ways. */
static void
test_constants (Fixture *self, gconstpointer data)
{
  const struct {
    int byte;
    float mean, std;
  } ways[] = {{0, -0.5f, 1}, {255, 0.5f, 1}, {51, -0.3f, 1}, {0, -1, 2}};
  const float quarter[3] = {-0.25f, -0.25f, -0.25f}, one[3] = {1, 1, 1};
  g_autofree float *wanted = NULL;
  g_autofree float *other = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
    const float mean[3] = {ways[i].mean, ways[i].mean, ways[i].mean};
    const float std[3] = {ways[i].std, ways[i].std, ways[i].std};
    g_autofree float *row = NULL;

    hf_clip_set_pixel_scale (self->clip, mean, std);
    row = encode (self, NULL, ways[i].byte);
    if (wanted == NULL)
      wanted = g_memdup2 (row, self->dim * sizeof (float));
    g_assert_cmpfloat (get_difference (self, row, wanted), <, EPSILON);
  }
  hf_clip_set_pixel_scale (self->clip, quarter, one);
  other = encode (self, NULL, 0);
  g_assert_cmpfloat (get_difference (self, other, wanted), >, 1e-3);
}

/* Red alone is moved: the channels are not mixed up. */
static void
test_channels (Fixture *self, gconstpointer data)
{
  g_autofree float *wanted = encode (self, self->pixels, 0);
  g_autofree float *got = NULL;
  float mean[3];

  memcpy (mean, self->config->mean, sizeof mean);
  mean[0] += 50 / 255.0f;
  for (gsize i = 0; i < self->n_bytes; i += 3)
    self->pixels[i] = (guint8) (self->pixels[i] + 50);
  hf_clip_set_pixel_scale (self->clip, mean, self->config->std);
  got = encode (self, self->pixels, 0);
  g_assert_cmpfloat (get_difference (self, got, wanted), <, EPSILON);
}

static void
add (const char *path, void (*test) (Fixture *self, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  hf_device_prepare_environment (0);
  g_test_init (&argc, &argv, NULL);
  add ("/clip/pixel-scale/the-models-own-changes-nothing", test_own_scale);
  add ("/clip/pixel-scale/shifted-bytes-and-mean-are-the-same-picture",
       test_shifted_bytes);
  add ("/clip/pixel-scale/a-constant-is-the-same-however-it-is-said",
       test_constants);
  add ("/clip/pixel-scale/each-channel-has-its-own", test_channels);
  return g_test_run ();
}
