/* compile.c: a kernel is compiled when it is first used, so each is used once,
 * on next to nothing. */
#include "compute/compile.h"

#include "compute/device-private.h"
#include "compute/ops.h"
#include "compute/pocl-cache.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM "handful-cli"
#define MAX_HELPERS 3
#define HELPER_NICE 10

/* Numbers in each of the buffers; enough for the widest row below. */
#define N 4096
#define CHANNELS 16
/* A picture of the convolutions; weights are chosen for a larger one. */
#define SIDE 2
#define USUAL_SIDE 14

typedef struct {
  HfOps *ops;
  HfBuffer *x, *y; /* float[N] of zeros */
} Bench;

static void
write_zeros (gpointer k, int first, int n_rows, float *out)
{
  memset (out, 0, sizeof (float) * (gsize) n_rows * *(const int *) k);
}

static gboolean
use_product (const Bench *b, int n, GError **error)
{
  int k = CHANNELS;
  g_autoptr (HfMatrix) w =
      hf_matrix_new (b->ops, n, k, write_zeros, &k, NULL, NULL, error);

  return w != NULL &&
         hf_ops_gemm (b->ops, w, b->x, b->y, NULL, 1, HF_ACT_NONE, error) &&
         hf_ops_finish (b->ops, error);
}

static gboolean
use_convolution (const Bench *b, int n, GError **error)
{
  int k = 9 * n;
  g_autoptr (HfMatrix) w = hf_matrix_new_conv3x3 (
      b->ops, n, n, USUAL_SIDE, write_zeros, &k, NULL, NULL, error);

  return w != NULL &&
         hf_ops_conv3x3 (b->ops, w, b->x, b->x, b->y, 1, SIDE, SIDE,
                         HF_ACT_RELU, error) &&
         hf_ops_finish (b->ops, error);
}

static gboolean
use_pool (const Bench *b, int size, GError **error)
{
  return hf_ops_average_pool (b->ops, b->x, b->y, 1, size, size, CHANNELS, size,
                              error);
}

static gboolean
use_positions (const Bench *b, int n_rows, GError **error)
{
  return hf_ops_add_positions (b->ops, b->x, NULL, b->x, b->y, 1, n_rows,
                               CHANNELS, error);
}

/* Index 0 is a float 0, too. */
static gboolean
use_gather (const Bench *b, int n_rows, GError **error)
{
  return hf_ops_gather (b->ops, b->x, b->x, b->y, n_rows, CHANNELS, error);
}

static gboolean
use_normalize (const Bench *b, int n_rows, GError **error)
{
  return hf_ops_normalize (b->ops, b->y, n_rows, CHANNELS, error);
}

static gboolean
use_unfold (const Bench *b, int size, GError **error)
{
  const HfUnfold unfold = {
      .side_px = size, .size_px = size, .stride_px = size, .std = {1, 1, 1}};

  return hf_ops_unfold (b->ops, &unfold, b->x, b->y, 1, error);
}

/* What every model wants first, and last what few do. The kernels of the
 * self-test are missing: the start that is helped is at these itself. */
static const struct {
  gboolean (*use) (const Bench *b, int size, GError **error);
  int size;
} uses[] = {
    {use_product, 64},      {use_product, 16},     {use_unfold, 2},
    {use_positions, 1},     {use_gather, 1},       {use_normalize, 1},
    {use_convolution, 32},  {use_convolution, 16}, {use_pool, 2},
    {use_convolution, 256},
};

gboolean
hf_compile_kernels (int part, int n_parts, GError **error)
{
  g_autoptr (HfDevice) device = NULL;
  g_autoptr (HfOps) ops = NULL;
  g_autoptr (HfBuffer) x = NULL;
  g_autoptr (HfBuffer) y = NULL;
  g_autofree float *zeros = g_new0 (float, N);

  g_return_val_if_fail (part >= 0 && n_parts > 0, FALSE);
  device = hf_device_open_pocl ();
  if (device == NULL)
    return TRUE;
  ops = hf_ops_new (device, HF_PRECISION_F16, error);
  if (ops == NULL)
    return FALSE;
  x = hf_buffer_new_from (device, zeros, N * sizeof (float), error);
  y = hf_buffer_new_from (device, zeros, N * sizeof (float), error);
  if (x == NULL || y == NULL)
    return FALSE;
  for (int i = part; i < (int) G_N_ELEMENTS (uses); i += n_parts)
    if (!uses[i].use (&(Bench){ops, x, y}, uses[i].size, error))
      return FALSE;
  return hf_ops_finish (ops, error);
}

struct _HfCompileAhead {
  GMutex lock; /* over pids */
  int n_helpers;
  GPid pids[MAX_HELPERS]; /* 0 once it has ended */
  int stdins[MAX_HELPERS];
  GThread *threads[MAX_HELPERS];
};

typedef struct {
  HfCompileAhead *ahead;
  int number;
} Watch;

/* So that no helper stays as a zombie while its program runs on. */
static gpointer
watch_helper_thread (gpointer data)
{
  g_autofree Watch *watch = data;
  HfCompileAhead *self = watch->ahead;
  const GPid pid = self->pids[watch->number];
  siginfo_t info;

  /* Its number stays taken until it is known here to be void. */
  while (waitid (P_PID, (id_t) pid, &info, WEXITED | WNOWAIT) < 0)
    if (errno != EINTR)
      break;
  g_mutex_lock (&self->lock);
  self->pids[watch->number] = 0;
  waitpid (pid, NULL, 0);
  g_mutex_unlock (&self->lock);
  return NULL;
}

static gpointer
wait_for_end_thread (gpointer unused)
{
  char byte;
  gssize n;

  do
    n = read (STDIN_FILENO, &byte, 1);
  while (n > 0 || (n < 0 && errno == EINTR));
  _exit (EXIT_SUCCESS);
}

/* Whoever began it may have priority, and packs weights on all cores. */
static void
give_way (void)
{
  const struct sched_param none = {0};

  sched_setscheduler (0, SCHED_BATCH, &none);
  setpriority (PRIO_PROCESS, 0, HELPER_NICE);
}

void
hf_compile_become_helper (void)
{
  give_way ();
  g_thread_unref (g_thread_new ("stdin", wait_for_end_thread, NULL));
}

static char *
dup_program (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  char *path;

  if (folder == NULL)
    return NULL;
  path = g_build_filename (folder, PROGRAM, NULL);
  if (!g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
    g_clear_pointer (&path, g_free);
  return path;
}

static gboolean
start_helper (const char *program, int part, int n_parts, GPid *pid,
              int *stdin_fd)
{
  g_autofree char *share = g_strdup_printf ("--part=%d/%d", part, n_parts);
  const char *argv[] = {program, "devices", "--compile", share, NULL};

  return g_spawn_async_with_pipes (
      NULL, (char **) argv, NULL,
      G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
          G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_CLOEXEC_PIPES,
      NULL, NULL, pid, stdin_fd, NULL, NULL, NULL);
}

HfCompileAhead *
hf_compile_ahead_start (void)
{
  g_autofree char *program = dup_program ();
  const int n_parts = MIN ((int) g_get_num_processors () - 1, MAX_HELPERS);
  HfCompileAhead *self;

  if (program == NULL || n_parts < 1)
    return NULL;
  self = g_new0 (HfCompileAhead, 1);
  g_mutex_init (&self->lock);
  for (int i = 0; i < n_parts; i++) {
    Watch *watch;

    if (!start_helper (program, i, n_parts, &self->pids[i], &self->stdins[i]))
      break;
    watch = g_new (Watch, 1);
    *watch = (Watch){self, i};
    self->threads[self->n_helpers++] =
        g_thread_new ("helper", watch_helper_thread, watch);
  }
  return self;
}

void
hf_compile_ahead_stop (HfCompileAhead *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  for (int i = 0; i < self->n_helpers; i++)
    if (self->pids[i] != 0)
      kill (self->pids[i], SIGKILL);
  g_mutex_unlock (&self->lock);
  for (int i = 0; i < self->n_helpers; i++) {
    g_thread_join (self->threads[i]);
    close (self->stdins[i]);
  }
  hf_pocl_cache_seal ();
  g_mutex_clear (&self->lock);
  g_free (self);
}
