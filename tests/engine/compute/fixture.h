/* fixture.h: a device, its operators and numbers to compare. */
#pragma once

#include "compute/ops.h"

/* Runs @test once for each precision on the device under test
 * (HANDFUL_TEST_DEVICE, else the fastest), with /f32 and /f16 behind @path. */
typedef void (*OpsTest) (HfOps *ops, HfPrecision precision);
void add_ops_test (const char *path, OpsTest test);

/* The same for bf16 or int8 alone; skipped where the device has no kernels for
 * it. */
void add_bf16_test (const char *path, OpsTest test);
void add_int8_test (const char *path, OpsTest test);

/* g_test_init, the device's environment, a cache folder of its own. */
void init_tests (int *argc, char ***argv);

/* float[n] in [-1, 1), all of them halves, so that f16 weights are exact and
 * both precisions have one twin. */
float *new_numbers (gsize n, guint32 seed);

/* The same, rounded down to multiples of 1 / @parts. */
float *new_fractions (gsize n, guint32 seed, int parts);

HfBuffer *upload (HfOps *ops, const void *data, gsize size_bytes);

/* Elements within @bound * max (1, |wanted|) and the relative squared error
 * below @bound * @bound. */
void assert_close (HfBuffer *buffer, const double *wanted, gsize n,
                   double bound);

/* The definition of @act. */
double activate_twin (double x, HfAct act);

/* Rows of W, float[n][k], for HfMatrixRows. */
typedef struct {
  const float *w;
  int k;
} Rows;
void copy_rows (gpointer rows, int first, int n_rows, float *out);

/* Packs W, float[n][k]. */
HfMatrix *pack_matrix (HfOps *ops, const float *w, int n, int k,
                       const float *scale, const float *bias);
