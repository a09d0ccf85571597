/* A device that fails while working is left for the next one. There is one
 * real device; a second one is made of it by wrapping the calls that list and
 * open devices, and it is told to fail by wrapping those that work. */
#include "features/session.h"

HfClip *__real_hf_clip_new (HfDevice *device, HfModelFile *model,
                            HfPrecision precision, HfClipTowers towers,
                            HfProgress *progress, GError **error);
HfClip *__wrap_hf_clip_new (HfDevice *device, HfModelFile *model,
                            HfPrecision precision, HfClipTowers towers,
                            HfProgress *progress, GError **error);
gboolean __real_hf_clip_encode_images (HfClip *self, const guint8 *pixels,
                                       gsize n, float *out, GError **error);
gboolean __wrap_hf_clip_encode_images (HfClip *self, const guint8 *pixels,
                                       gsize n, float *out, GError **error);
GPtrArray *__real_hf_device_list (GError **error);
GPtrArray *__wrap_hf_device_list (GError **error);
HfDevice *__real_hf_device_open (const char *wanted, HfDeviceLog log,
                                 gpointer log_data, GError **error);
HfDevice *__wrap_hf_device_open (const char *wanted, HfDeviceLog log,
                                 gpointer log_data, GError **error);

/* What is to go wrong; set by each test. */
static struct {
  int n_failing_new, n_failing_encode;
  int fail_after; /* calls of encode that work before */
  int n_devices;  /* that hf_device_list gives */
  HfDeviceError code;
  int n_opened, n_said;
} plan;

HfClip *
__wrap_hf_clip_new (HfDevice *device, HfModelFile *model, HfPrecision precision,
                    HfClipTowers towers, HfProgress *progress, GError **error)
{
  if (plan.n_failing_new-- > 0) {
    g_set_error_literal (error, HF_DEVICE_ERROR, (int) plan.code,
                         "The weights do not fit.");
    return NULL;
  }
  return __real_hf_clip_new (device, model, precision, towers, progress, error);
}

gboolean
__wrap_hf_clip_encode_images (HfClip *self, const guint8 *pixels, gsize n,
                              float *out, GError **error)
{
  if (plan.fail_after-- <= 0 && plan.n_failing_encode-- > 0) {
    g_set_error_literal (error, HF_DEVICE_ERROR, (int) plan.code,
                         "The device is lost.");
    return FALSE;
  }
  return __real_hf_clip_encode_images (self, pixels, n, out, error);
}

/* The real devices, and copies of the first under ids of their own. */
GPtrArray *
__wrap_hf_device_list (GError **error)
{
  GPtrArray *devices = __real_hf_device_list (error);
  const HfDeviceInfo *first;

  if (devices == NULL)
    return NULL;
  first = devices->pdata[0];
  for (int i = (int) devices->len; i < plan.n_devices; i++) {
    HfDeviceInfo *copy = g_new0 (HfDeviceInfo, 1);

    copy->id = g_strdup_printf ("copy:%d", i);
    copy->name = g_strdup (first->name);
    copy->usable = TRUE;
    g_ptr_array_add (devices, copy);
  }
  return devices;
}

HfDevice *
__wrap_hf_device_open (const char *wanted, HfDeviceLog log, gpointer log_data,
                       GError **error)
{
  gboolean is_copy = wanted != NULL && g_str_has_prefix (wanted, "copy:");

  plan.n_opened++;
  return __real_hf_device_open (is_copy ? NULL : wanted, log, log_data, error);
}

static void
count_cb (const char *sentence, gpointer data)
{
  plan.n_said++;
}

enum { N = 20 };

/* Encodes N grey squares and returns whether that succeeded; all rows must be
 * equal and of unit length then. */
static gboolean
encode (GError **error)
{
  g_autofree char *path = g_build_filename (g_getenv ("HANDFUL_SOURCE_ROOT"),
                                            "data", "models", "starter", NULL);
  HfSessionOptions options = {.model_path = path,
                              .precision = HF_PRECISION_F32,
                              .towers = HF_CLIP_IMAGES,
                              .log = count_cb};
  g_autoptr (HfSession) session = hf_session_open (&options, NULL, error);
  const HfClipConfig *config;
  g_autofree guint8 *pixels = NULL;
  g_autofree float *rows = NULL;
  gsize square, dim;

  g_assert_nonnull (session);
  config = hf_model_file_get_config (hf_session_get_model (session));
  square = (gsize) config->image_px * (gsize) config->image_px * 3;
  dim = (gsize) config->embed_dim;
  pixels = g_malloc (N * square);
  memset (pixels, 100, N * square);
  rows = g_new0 (float, N *dim);
  if (!hf_session_encode_images (session, pixels, N, rows, error))
    return FALSE;
  for (gsize i = 0; i < N; i++) {
    double length = 0;

    for (gsize j = 0; j < dim; j++) {
      length += (double) rows[i * dim + j] * rows[i * dim + j];
      g_assert_cmpfloat_with_epsilon (rows[i * dim + j], rows[j], 1e-5);
    }
    g_assert_cmpfloat_with_epsilon (length, 1, 1e-4);
  }
  return TRUE;
}

static void
check_moves (int n_failing_new, int n_failing_encode, int fail_after)
{
  g_autoptr (GError) error = NULL;

  memset (&plan, 0, sizeof plan);
  plan.n_devices = 3;
  plan.code = HF_DEVICE_ERROR_MEMORY;
  plan.n_failing_new = n_failing_new;
  plan.n_failing_encode = n_failing_encode;
  plan.fail_after = fail_after;
  g_assert_true (encode (&error));
  g_assert_no_error (error);
  g_assert_cmpint (plan.n_opened, ==, 1 + n_failing_new + n_failing_encode);
  g_assert_cmpint (plan.n_said, ==, n_failing_new + n_failing_encode);
}

static void
test_moves_on (void)
{
  check_moves (0, 0, 0);
  check_moves (1, 0, 0);
  check_moves (0, 1, 0);
  check_moves (0, 1, 1);
  check_moves (1, 1, 1);
}

static void
test_last_one_fails (void)
{
  g_autoptr (GError) error = NULL;

  memset (&plan, 0, sizeof plan);
  plan.n_devices = 2;
  plan.code = HF_DEVICE_ERROR_LOST;
  plan.n_failing_encode = 100;
  g_assert_false (encode (&error));
  g_assert_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_LOST);
  g_assert_cmpint (plan.n_opened, ==, 2);
}

static void
test_other_errors_stay (void)
{
  g_autoptr (GError) error = NULL;

  memset (&plan, 0, sizeof plan);
  plan.n_devices = 2;
  plan.code = HF_DEVICE_ERROR_NOT_FINITE;
  plan.n_failing_encode = 1;
  g_assert_false (encode (&error));
  g_assert_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NOT_FINITE);
  g_assert_cmpint (plan.n_opened, ==, 1);
  g_assert_cmpint (plan.n_said, ==, 0);
}

int
main (int argc, char **argv)
{
  hf_device_prepare_environment (0);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/a-failing-device-is-left", test_moves_on);
  g_test_add_func ("/session/the-last-device-fails", test_last_one_fails);
  g_test_add_func ("/session/a-bad-result-is-no-reason-to-move",
                   test_other_errors_stay);
  return g_test_run ();
}
