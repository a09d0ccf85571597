/* bench-conv.c: 3x3 convolutions in the shapes of residual networks, direct and
 * as they are packed for them, in turns; a line of JSON for each.
 *
 *   bench-conv f32|f16 [ROUNDS]
 *
 * Where both figures are alike, the direct one is what a tower takes. */
#include "compute/ops.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct {
  const char *network;
  int side, channels, n;
} Shape;

static const Shape shapes[] = {
    {"starter", 80, 12, 12},   {"starter", 80, 12, 24}, {"starter", 40, 24, 24},
    {"starter", 40, 48, 48},   {"starter", 20, 96, 96}, {"starter", 10, 96, 96},
    {"starter", 10, 192, 192}, {"RN50", 112, 32, 32},   {"RN50", 112, 32, 64},
    {"RN50", 56, 64, 64},      {"RN50", 56, 128, 128},  {"RN50", 28, 128, 128},
    {"RN50", 28, 256, 256},    {"RN50", 14, 256, 256},  {"RN50", 14, 512, 512},
    {"RN50", 7, 512, 512},
};
static const int batches[] = {1, 8};

typedef struct {
  HfOps *ops;
  HfMatrix *matrices[2]; /* direct, as towers have it */
  HfBuffer *x, *y, *zeros;
} Layer;

static void
layer_clear (Layer *self)
{
  for (int i = 0; i < 2; i++)
    hf_matrix_free (self->matrices[i]);
  hf_buffer_free (self->x);
  hf_buffer_free (self->y);
  hf_buffer_free (self->zeros);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Layer, layer_clear)

static void
make_rows (gpointer data, int first, int n_rows, float *out)
{
  const gsize k = 9 * (gsize) ((const Shape *) data)->channels;

  for (gsize i = 0; i < n_rows * k; i++)
    out[i] = (float) (((guint32) (first * k + i) * 2654435761u) >> 24) / 4096 -
             0.03f;
}

static gboolean
make_layer (Layer *self, const Shape *shape, int batch, GError **error)
{
  HfDevice *device = hf_ops_get_device (self->ops);
  gsize n_pixels = (gsize) batch * shape->side * shape->side;
  gsize n = n_pixels * shape->channels;
  g_autofree float *values = g_new (float, n);
  g_autofree float *zeros = g_new0 (float, shape->channels);

  for (gsize i = 0; i < n; i++)
    values[i] = (float) (((guint32) i * 2654435761u) >> 24) / 256;
  self->x = hf_buffer_new_from (device, values, n * sizeof (float), error);
  self->y = hf_buffer_new (device, n_pixels * shape->n * sizeof (float), error);
  self->zeros = hf_buffer_new_from (
      device, zeros, (gsize) shape->channels * sizeof (float), error);
  self->matrices[0] =
      hf_matrix_new (self->ops, shape->n, shape->channels * 9, make_rows,
                     (gpointer) shape, NULL, NULL, error);
  self->matrices[1] =
      hf_matrix_new_conv3x3 (self->ops, shape->n, shape->channels, shape->side,
                             make_rows, (gpointer) shape, NULL, NULL, error);
  return self->x != NULL && self->y != NULL && self->zeros != NULL &&
         self->matrices[0] != NULL && self->matrices[1] != NULL;
}

static int
compare_times (const void *a, const void *b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static gboolean
run (const Layer *layer, const HfMatrix *matrix, const Shape *shape, int batch,
     gint64 *time_us, GError **error)
{
  gint64 start = g_get_monotonic_time ();

  if (!hf_ops_conv3x3 (layer->ops, matrix, layer->x, layer->zeros, layer->y,
                       batch, shape->side, shape->side, HF_ACT_RELU, error) ||
      !hf_ops_finish (layer->ops, error))
    return FALSE;
  *time_us = g_get_monotonic_time () - start;
  return TRUE;
}

static gboolean
measure (HfOps *ops, const Shape *shape, int batch, int rounds, GError **error)
{
  g_auto (Layer) layer = {.ops = ops};
  g_autofree gint64 *times = g_new (gint64, 2 * (gsize) rounds);
  double gflop =
      2e-9 * 9 * batch * shape->side * shape->side * shape->channels * shape->n;
  double ms[2];

  if (!make_layer (&layer, shape, batch, error))
    return FALSE;
  /* The first round warms up and is not counted. */
  for (int round = -1; round < rounds; round++)
    for (int i = 0; i < 2; i++)
      if (!run (&layer, layer.matrices[i], shape, batch,
                &times[i * rounds + MAX (round, 0)], error))
        return FALSE;
  for (int i = 0; i < 2; i++) {
    qsort (times + i * rounds, (gsize) rounds, sizeof *times, compare_times);
    ms[i] = (double) times[i * rounds + rounds / 2] / 1e3;
  }
  printf ("{\"network\": \"%s\", \"side\": %d, \"channels\": %d, \"n\": %d, "
          "\"batch\": %d, \"direct_ms\": %.3f, \"tower_ms\": %.3f, "
          "\"ratio\": %.2f, \"gflops\": %.0f}\n",
          shape->network, shape->side, shape->channels, shape->n, batch, ms[0],
          ms[1], ms[0] / ms[1], gflop / ms[1] * 1e3);
  fflush (stdout);
  return TRUE;
}

static gboolean
measure_all (HfPrecision precision, int rounds, GError **error)
{
  g_autoptr (HfDevice) device = hf_device_open (NULL, NULL, NULL, error);
  g_autoptr (HfOps) ops = NULL;

  if (device == NULL)
    return FALSE;
  ops = hf_ops_new (device, precision, error);
  if (ops == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    for (gsize b = 0; b < G_N_ELEMENTS (batches); b++)
      if (!measure (ops, &shapes[i], batches[b], rounds, error))
        return FALSE;
  g_clear_pointer (&ops, hf_ops_free);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  HfPrecision precision;
  int rounds = argc > 2 ? atoi (argv[2]) : 15;

  if (argc < 2 || rounds < 1 || !hf_precision_parse (argv[1], &precision)) {
    fprintf (stderr, "bench-conv f32|f16|int8 [ROUNDS]\n");
    return 2;
  }
  hf_device_prepare_environment (0);
  if (measure_all (precision, rounds, &error))
    return 0;
  fprintf (stderr, "bench-conv: %s\n", error->message);
  return 1;
}
