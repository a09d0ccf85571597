/* Tests of ui/welcome/machine: what is known of this machine is not found out
 * again. The calls that test a device and measure a model are wrapped, and
 * counted. */
#include "ui/welcome/machine.h"

#include "app/models/speed.h"
#include "compute/device-list.h"
#include "compute/self-test.h"

#include <string.h>

gboolean __real_hf_self_test (HfDevice *device, GError **error);
gboolean __wrap_hf_self_test (HfDevice *device, GError **error);
gboolean __real_hf_speed_measure (const char *model_path, const char *wanted,
                                  HfPrecision precision, HfProgress *progress,
                                  double *ms, char **device, GError **error);
gboolean __wrap_hf_speed_measure (const char *model_path, const char *wanted,
                                  HfPrecision precision, HfProgress *progress,
                                  double *ms, char **device, GError **error);

static int n_tested, n_measured;

gboolean
__wrap_hf_self_test (HfDevice *device, GError **error)
{
  g_atomic_int_inc (&n_tested);
  return __real_hf_self_test (device, error);
}

gboolean
__wrap_hf_speed_measure (const char *model_path, const char *wanted,
                         HfPrecision precision, HfProgress *progress,
                         double *ms, char **device, GError **error)
{
  g_atomic_int_inc (&n_measured);
  return __real_hf_speed_measure (model_path, wanted, precision, progress, ms,
                                  device, error);
}

static void
take_line (const char *line, gpointer data)
{
  char **last = data;

  g_free (*last);
  *last = g_strdup (line);
}

/* What is said in the end (caller frees). */
static char *
describe (void)
{
  char *last = NULL;

  hf_machine_describe (NULL, NULL, take_line, &last);
  while (last == NULL || strstr (last, "images/s") == NULL)
    g_main_context_iteration (NULL, TRUE);
  return last;
}

static void
test_second_time (void)
{
  g_autoptr (GPtrArray) devices = hf_device_list (NULL);
  g_autofree char *first = NULL, *second = NULL;

  if (devices == NULL || !((HfDeviceInfo *) devices->pdata[0])->usable) {
    g_test_skip ("there is no device");
    return;
  }
  first = describe ();
  g_atomic_int_set (&n_tested, 0);
  g_atomic_int_set (&n_measured, 0);
  second = describe ();
  g_assert_cmpstr (second, ==, first);
  g_assert_cmpint (g_atomic_int_get (&n_tested), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&n_measured), ==, 0);
}

int
main (int argc, char **argv)
{
  hf_device_prepare_environment (0);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/machine/is-tested-and-measured-once", test_second_time);
  return g_test_run ();
}
