/* Tests of compute/driver-use: the process ends only when nobody is in a
 * driver. Every case is a process of its own, since each of them ends. */
#include "compute/device.h"
#include "compute/driver-use.h"

#include "clip/text/builtin.h"
#include "compute/program.h"

#include <stdio.h>
#include <stdlib.h>

#define INSIDE "/compute/driver-use/subprocess/inside"
#define LATE "/compute/driver-use/subprocess/late"
#define FIRST_LOOK "/compute/driver-use/subprocess/first-look"
#define LATER_LOOK "/compute/driver-use/subprocess/later-look"
#define LAST "/compute/driver-use/subprocess/last"
#define WORK_MS 200
#define N_TRIES 5

/* Runs @path as a process, which must end by itself with status 0. */
static void
run (const char *path)
{
  g_test_trap_subprocess (path, 0, 0);
  g_test_trap_assert_passed ();
}

static gpointer
work_thread (gpointer entered)
{
  g_autoptr (HfDriverUse) use = hf_driver_use ();

  g_atomic_int_set ((int *) entered, 1);
  g_usleep (WORK_MS * 1000);
  g_print ("done\n");
  fflush (stdout);
  return NULL;
}

static void
wait_until (int *flag)
{
  while (!g_atomic_int_get (flag))
    g_usleep (1000);
}

static void
inside (void)
{
  static int entered;

  hf_driver_use_stay_ahead ();
  g_thread_unref (g_thread_new ("work", work_thread, &entered));
  wait_until (&entered);
  exit (EXIT_SUCCESS);
}

static void
test_waits (void)
{
  run (INSIDE);
  g_test_trap_assert_stdout ("*done*");
}

/* Runs in exit after the door is shut, as a driver's own end would. */
static void
leave_late (void)
{
  static int entered;

  g_thread_unref (g_thread_new ("work", work_thread, &entered));
  g_usleep (WORK_MS * 1000);
  if (g_atomic_int_get (&entered))
    _Exit (EXIT_FAILURE);
}

static void
late (void)
{
  atexit (leave_late);
  hf_driver_use_stay_ahead ();
  exit (EXIT_SUCCESS);
}

static void
test_shuts (void)
{
  run (LATE);
}

static gpointer
look_thread (gpointer started)
{
  g_atomic_int_set ((int *) started, 1);
  return hf_device_list (NULL);
}

/* Leaves a look behind, somewhere in its loading, compiling and testing. */
static void
start_look (void)
{
  static int started;

  g_thread_unref (g_thread_new ("look", look_thread, &started));
  wait_until (&started);
  g_usleep (g_random_int_range (0, 400000));
}

static void
first_look (void)
{
  hf_device_prepare_environment (0);
  start_look ();
  hf_driver_use_shut ();
  exit (EXIT_SUCCESS);
}

static void
test_first_look (void)
{
  for (int i = 0; i < N_TRIES; i++)
    run (FIRST_LOOK);
}

static void
later_look (void)
{
  g_autoptr (GPtrArray) devices = NULL;

  hf_device_prepare_environment (0);
  devices = hf_device_list (NULL);
  start_look ();
  exit (EXIT_SUCCESS);
}

static void
test_later_look (void)
{
  for (int i = 0; i < N_TRIES; i++)
    run (LATER_LOOK);
}

static gboolean look_last;

/* After GLib's own destructors, which have the last number, as a thread might
 * that exit() does not wait for. */
__attribute__ ((destructor (101))) static void
look_into_built_in_files (void)
{
  g_autofree char *kernels = NULL;
  g_autoptr (GBytes) entities = NULL;

  if (!look_last)
    return;
  kernels = hf_program_dup_sources_hash ();
  entities = hf_builtin_dup ("entities.txt", NULL);
  if (entities == NULL)
    _Exit (EXIT_FAILURE);
}

static void
last (void)
{
  GBytes *entities = hf_builtin_dup ("entities.txt", NULL);

  g_assert_nonnull (entities);
  g_bytes_unref (entities);
  g_free (hf_program_dup_sources_hash ());
  look_last = TRUE;
  exit (EXIT_SUCCESS);
}

static void
test_built_in_files (void)
{
  run (LAST);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (INSIDE, inside);
  g_test_add_func (LATE, late);
  g_test_add_func (FIRST_LOOK, first_look);
  g_test_add_func (LATER_LOOK, later_look);
  g_test_add_func (LAST, last);
  g_test_add_func ("/compute/driver-use/exit-waits-for-who-is-inside",
                   test_waits);
  g_test_add_func ("/compute/driver-use/nobody-enters-while-drivers-unload",
                   test_shuts);
  g_test_add_func ("/compute/driver-use/main-may-end-while-drivers-load",
                   test_first_look);
  g_test_add_func ("/compute/driver-use/exit-may-come-while-kernels-compile",
                   test_later_look);
  g_test_add_func ("/compute/driver-use/built-in-files-stay-to-the-end",
                   test_built_in_files);
  return g_test_run ();
}
