/* goldens.h: what scikit-learn made of a few sets (tests/golden/probe), and
 * made-up rows, for the tests of the trainers. */
#pragma once

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "tensor/safetensors.h"

typedef struct {
  gsize n, dim;
  int n_classes;
  double *x;  /* [n][dim] */
  int *label; /* [n] */
} Rows;

static inline void
rows_clear (Rows *self)
{
  g_free (self->x);
  g_free (self->label);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rows, rows_clear)

static inline HfTensorFile *
load_goldens (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (
      g_getenv ("HANDFUL_TEST_DATA"), "probe", "trainers.safetensors", NULL);
  HfTensorFile *file = hf_safetensors_load (path, &error);

  g_assert_no_error (error);
  return file;
}

static inline const HfTensor *
get_golden (HfTensorFile *file, const char *set, const char *what)
{
  g_autofree char *name = g_strdup_printf ("%s/%s", set, what);
  const HfTensor *tensor = hf_tensor_file_get (file, name);

  if (tensor == NULL)
    g_error ("no golden %s", name);
  return tensor;
}

static inline double *
dup_doubles (const HfTensor *tensor)
{
  gsize n = (gsize) hf_tensor_get_n_elements (tensor);
  g_autofree float *narrow = g_new (float, n);
  double *out = g_new (double, n);

  if (tensor->dtype == HF_DTYPE_F64) {
    memcpy (out, tensor->data, n * sizeof *out);
    return out;
  }
  hf_tensor_read (tensor, narrow);
  for (gsize i = 0; i < n; i++)
    out[i] = narrow[i];
  return out;
}

static inline void
scale_to_unit (double *x, gsize n, gsize dim)
{
  for (gsize i = 0; i < n; i++) {
    double square = 0;

    for (gsize j = 0; j < dim; j++)
      square += x[i * dim + j] * x[i * dim + j];
    for (gsize j = 0; j < dim; j++)
      x[i * dim + j] /= sqrt (square);
  }
}

static inline void
rows_load (Rows *self, HfTensorFile *file, const char *set)
{
  const HfTensor *x = get_golden (file, set, "x");
  const HfTensor *label = get_golden (file, set, "label");

  self->n = (gsize) x->shape[0];
  self->dim = (gsize) x->shape[1];
  self->x = dup_doubles (x);
  self->label = g_new (int, self->n);
  memcpy (self->label, label->data, self->n * sizeof (int));
  for (gsize i = 0; i < self->n; i++)
    self->n_classes = MAX (self->n_classes, self->label[i] + 1);
  if (strcmp (set, "drinks") == 0)
    scale_to_unit (self->x, self->n, self->dim);
}

/* Rows about class means, @spread apart; classes in turn. */
static inline void
rows_make (Rows *self, gsize n, gsize dim, int n_classes, double spread,
           guint64 seed)
{
  g_autofree double *mean = g_new (double, (gsize) n_classes *dim);
  HfRng rng;

  hf_rng_init (&rng, seed);
  for (gsize j = 0; j < (gsize) n_classes * dim; j++)
    mean[j] = spread * (hf_rng_next_double (&rng) - 0.5);
  *self = (Rows){n, dim, n_classes, g_new (double, n *dim), g_new (int, n)};
  for (gsize i = 0; i < n; i++) {
    self->label[i] = (int) (i % (gsize) n_classes);
    for (gsize j = 0; j < dim; j++)
      self->x[i * dim + j] = mean[(gsize) self->label[i] * dim + j] +
                             hf_rng_next_double (&rng) - 0.5;
  }
}

/* The largest |a - b| beside the largest |b|. */
static inline double
find_distance (const double *a, const double *b, gsize n)
{
  double apart = 0, largest = 0;

  for (gsize i = 0; i < n; i++) {
    g_assert_true (isfinite (a[i]));
    apart = MAX (apart, fabs (a[i] - b[i]));
    largest = MAX (largest, fabs (b[i]));
  }
  return largest > 0 ? apart / largest : apart;
}
