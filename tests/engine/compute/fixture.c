#include "fixture.h"

#include "compute/device-private.h"

#include <math.h>
#include <string.h>

typedef struct {
  OpsTest test;
  HfPrecision precision;
} Case;

static void
run_on (HfDevice *device, const Case *c)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfOps) ops = hf_ops_new (device, c->precision, &error);

  g_assert_no_error (error);
  c->test (ops, c->precision);
}

static void
run_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfDevice) device =
      hf_device_open (g_getenv ("HANDFUL_TEST_DEVICE"), NULL, NULL, &error);

  if (g_error_matches (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NONE_FOUND)) {
    g_test_skip (error->message);
    return;
  }
  g_assert_no_error (error);
  if (!hf_device_supports (device, c->precision, &error)) {
    g_test_skip (error->message);
    return;
  }
  run_on (device, c);
  /* Where there is a matrix unit, the kernel that does without is not proven
   * yet. */
  if (device->has_amx && (c->precision == HF_PRECISION_BF16 ||
                          c->precision == HF_PRECISION_INT8)) {
    device->has_amx = FALSE;
    run_on (device, c);
  }
}

static void
add (const char *path, OpsTest test, HfPrecision precision)
{
  g_autofree char *name =
      g_strdup_printf ("%s/%s", path, hf_precision_get_name (precision));
  Case *c = g_new0 (Case, 1);

  c->test = test;
  c->precision = precision;
  g_test_add_data_func_full (name, c, run_case, g_free);
}

void
add_ops_test (const char *path, OpsTest test)
{
  add (path, test, HF_PRECISION_F32);
  add (path, test, HF_PRECISION_F16);
}

void
add_bf16_test (const char *path, OpsTest test)
{
  add (path, test, HF_PRECISION_BF16);
}

void
add_int8_test (const char *path, OpsTest test)
{
  add (path, test, HF_PRECISION_INT8);
}

void
init_tests (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  hf_device_prepare_environment (0);
}

float *
new_numbers (gsize n, guint32 seed)
{
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++) {
    seed = seed * 1664525u + 1013904223u;
    values[i] = (float) ((int) (seed >> 22) - 512) / 512.f;
  }
  return values;
}

float *
new_fractions (gsize n, guint32 seed, int parts)
{
  float *values = new_numbers (n, seed);

  for (gsize i = 0; i < n; i++)
    values[i] = floorf (values[i] * (float) parts) / (float) parts;
  return values;
}

HfBuffer *
upload (HfOps *ops, const void *data, gsize size_bytes)
{
  g_autoptr (GError) error = NULL;
  HfBuffer *buffer =
      hf_buffer_new_from (hf_ops_get_device (ops), data, size_bytes, &error);

  g_assert_no_error (error);
  return buffer;
}

void
assert_close (HfBuffer *buffer, const double *wanted, gsize n, double bound)
{
  g_autofree float *got = g_new (float, n);
  g_autoptr (GError) error = NULL;
  double difference = 0, size = 0;

  hf_buffer_read (buffer, got, n * sizeof (float), &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < n; i++) {
    if (!(fabs (got[i] - wanted[i]) <= bound * MAX (1.0, fabs (wanted[i]))))
      g_error ("element %" G_GSIZE_FORMAT " is %g, wanted %g", i, got[i],
               wanted[i]);
    difference += (got[i] - wanted[i]) * (got[i] - wanted[i]);
    size += wanted[i] * wanted[i];
  }
  g_assert_cmpfloat (difference, <=, bound * bound * MAX (size, 1e-30));
}

double
activate_twin (double x, HfAct act)
{
  switch (act) {
  case HF_ACT_QUICK_GELU:
    return x / (1 + exp (-1.702 * x));
  case HF_ACT_GELU:
    return x * 0.5 * (1 + erf (x * M_SQRT1_2));
  case HF_ACT_RELU:
    return MAX (x, 0);
  case HF_ACT_NONE:
    break;
  }
  return x;
}

void
copy_rows (gpointer data, int first, int n_rows, float *out)
{
  const Rows *rows = data;

  memcpy (out, rows->w + (gsize) first * rows->k,
          (gsize) n_rows * rows->k * sizeof (float));
}

HfMatrix *
pack_matrix (HfOps *ops, const float *w, int n, int k, const float *scale,
             const float *bias)
{
  g_autoptr (GError) error = NULL;
  Rows rows = {w, k};
  HfMatrix *matrix =
      hf_matrix_new (ops, n, k, copy_rows, &rows, scale, bias, &error);

  g_assert_no_error (error);
  return matrix;
}
