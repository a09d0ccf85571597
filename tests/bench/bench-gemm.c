/* bench-gemm.c: the products of CLIP's towers beside OpenBLAS's, in turns; a
 * line of JSON for each.
 *
 *   bench-gemm [ROUNDS]
 *
 * Both have f32, no bias, and their own threads for all cores. Weights are of
 * twenty-four matrices that take turns, as in a tower, so that they come from
 * memory and not from a cache. Set OPENBLAS_NUM_THREADS to the number of cores.
 */
#include "fixture.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>

#define N_MATRICES 24

typedef struct {
  const char *tower;
  int rows, n, k;
} Shape;

static const Shape shapes[] = {
    {"B/32, 1", 50, 2304, 768},    {"B/32, 1", 50, 768, 768},
    {"B/32, 1", 50, 3072, 768},    {"B/32, 1", 50, 768, 3072},
    {"B/32, 8", 400, 2304, 768},   {"B/32, 8", 400, 768, 768},
    {"B/32, 8", 400, 3072, 768},   {"B/32, 8", 400, 768, 3072},
    {"B/16, 1", 197, 3072, 768},   {"B/16, 8", 1576, 3072, 768},
    {"L/14, 1", 257, 4096, 1024},  {"L/14, 1", 257, 1024, 4096},
    {"L/14, 8", 2056, 4096, 1024}, {"L/14@336, 1", 577, 4096, 1024},
    {"text, 10", 10, 2048, 512},   {"text, 320", 320, 2048, 512},
    {"text, 320", 320, 512, 2048}, {"RN50 pool", 8, 2048, 2048},
};

typedef struct {
  HfOps *ops;
  HfMatrix *matrices[N_MATRICES];
  float *weights; /* [N_MATRICES][n][k] */
  float *a, *c;
  HfBuffer *x, *y;
} Layer;

static void
layer_clear (Layer *self)
{
  for (int i = 0; i < N_MATRICES; i++)
    hf_matrix_free (self->matrices[i]);
  hf_buffer_free (self->x);
  hf_buffer_free (self->y);
  g_free (self->weights);
  g_free (self->a);
  g_free (self->c);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Layer, layer_clear)

static gboolean
make_layer (Layer *self, const Shape *s, GError **error)
{
  HfDevice *device = hf_ops_get_device (self->ops);
  const gsize n_weights = (gsize) s->n * s->k, n_a = (gsize) s->rows * s->k;
  const gsize n_c = (gsize) s->rows * s->n;

  self->weights = new_numbers (N_MATRICES * n_weights, 1);
  self->a = new_numbers (n_a, 2);
  self->c = g_new0 (float, n_c);
  for (int i = 0; i < N_MATRICES; i++) {
    Rows rows = {self->weights + (gsize) i * n_weights, s->k};

    self->matrices[i] = hf_matrix_new (self->ops, s->n, s->k, copy_rows, &rows,
                                       NULL, NULL, error);
    if (self->matrices[i] == NULL)
      return FALSE;
  }
  self->x = hf_buffer_new_from (device, self->a, n_a * sizeof (float), error);
  self->y = hf_buffer_new (device, n_c * sizeof (float), error);
  return self->x != NULL && self->y != NULL;
}

static gboolean
run_ours (const Layer *layer, const Shape *s, GError **error)
{
  for (int i = 0; i < N_MATRICES; i++)
    if (!hf_ops_gemm (layer->ops, layer->matrices[i], layer->x, layer->y, NULL,
                      s->rows, HF_ACT_NONE, error))
      return FALSE;
  return hf_ops_finish (layer->ops, error);
}

static void
run_theirs (const Layer *layer, const Shape *s)
{
  for (int i = 0; i < N_MATRICES; i++)
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, s->rows, s->n, s->k,
                 1, layer->a, s->k, layer->weights + (gsize) i * s->n * s->k,
                 s->k, 0, layer->c, s->n);
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static gboolean
measure (HfOps *ops, const Shape *s, int rounds, GError **error)
{
  g_auto (Layer) layer = {.ops = ops};
  g_autofree double *ours = g_new (double, rounds);
  g_autofree double *theirs = g_new (double, rounds);
  const double flop = 2.0 * N_MATRICES * s->rows * s->n * s->k;

  if (!make_layer (&layer, s, error))
    return FALSE;
  /* The first round warms up and is not counted. */
  for (int round = -1; round < rounds; round++) {
    gint64 start = g_get_monotonic_time (), middle;

    if (!run_ours (&layer, s, error))
      return FALSE;
    middle = g_get_monotonic_time ();
    run_theirs (&layer, s);
    ours[MAX (round, 0)] = flop / (double) (middle - start) / 1e3;
    theirs[MAX (round, 0)] =
        flop / (double) (g_get_monotonic_time () - middle) / 1e3;
  }
  qsort (ours, (gsize) rounds, sizeof *ours, compare_doubles);
  qsort (theirs, (gsize) rounds, sizeof *theirs, compare_doubles);
  printf ("{\"bench\": \"gemm\", \"tower\": \"%s\", \"rows\": %d, \"n\": %d, "
          "\"k\": %d, \"gflops\": %.0f, \"openblas_gflops\": %.0f, "
          "\"ratio\": %.2f}\n",
          s->tower, s->rows, s->n, s->k, ours[rounds / 2], theirs[rounds / 2],
          ours[rounds / 2] / theirs[rounds / 2]);
  fflush (stdout);
  return TRUE;
}

static gboolean
measure_all (int rounds, GError **error)
{
  g_autoptr (HfDevice) device = hf_device_open (NULL, NULL, NULL, error);
  g_autoptr (HfOps) ops = NULL;

  if (device == NULL)
    return FALSE;
  ops = hf_ops_new (device, HF_PRECISION_F32, error);
  if (ops == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    if (!measure (ops, &shapes[i], rounds, error))
      return FALSE;
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int rounds = argc > 1 ? atoi (argv[1]) : 7;

  if (rounds < 1) {
    fprintf (stderr, "bench-gemm [ROUNDS]\n");
    return 2;
  }
  hf_device_prepare_environment (0);
  if (measure_all (rounds, &error))
    return 0;
  fprintf (stderr, "bench-gemm: %s\n", error->message);
  return 1;
}
