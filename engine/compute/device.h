/* compute/device.h: OpenCL devices: which there are, which can be trusted, and
 * one of them open for work. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HF_DEVICE_ERROR (hf_device_error_quark ())

typedef enum {
  HF_DEVICE_ERROR_NONE_FOUND,  /* no platform or no device at all */
  HF_DEVICE_ERROR_NONE_USABLE, /* there are some, but each one fails */
  HF_DEVICE_ERROR_NOT_KNOWN,   /* no device, no kernels of the wanted name */
  HF_DEVICE_ERROR_SELF_TEST,   /* it computes wrong numbers */
  HF_DEVICE_ERROR_BUILD,       /* the kernels do not compile or fit */
  HF_DEVICE_ERROR_PRECISION,   /* it has no kernels for this precision */
  HF_DEVICE_ERROR_MEMORY,      /* out of memory */
  HF_DEVICE_ERROR_LOST,        /* any other failure while working */
  HF_DEVICE_ERROR_NOT_FINITE,  /* a result is NaN or infinite */
} HfDeviceError;

GQuark hf_device_error_quark (void);

/* How weights are stored on the device. Sums are f32; with int8 those of
 * products are whole numbers. In bf16 and int8 rows are taken to the same
 * digits (compute/ops.h). */
typedef enum {
  HF_PRECISION_F32,
  HF_PRECISION_F16,
  HF_PRECISION_BF16,
  HF_PRECISION_INT8,
  HF_N_PRECISIONS,
} HfPrecision;

/* "f32", "f16", "bf16", "int8" */
const char *hf_precision_get_name (HfPrecision precision);
gboolean hf_precision_parse (const char *name, HfPrecision *precision);

/* What `devices` says of one device. */
typedef struct {
  char *id;         /* "0:1": platform and device number */
  char *name;       /* as the driver says, tidied */
  char *platform;   /* "Portable Computing Language" */
  char *driver;     /* driver version */
  char *version;    /* "OpenCL 3.0 PoCL 3.1" */
  const char *type; /* "cpu", "gpu", "accelerator" */
  guint64 memory_bytes;
  int compute_units;
  gboolean usable;                    /* passed the self-test */
  gboolean supports[HF_N_PRECISIONS]; /* hf_device_supports, of a usable one */
  gboolean chosen;                    /* the one hf_device_open (NULL) takes */
  double gflops;     /* measured by the self-test; 0 if it failed */
  double tile_ns[3]; /* GPU class: of a sum on one compute unit in the tall, the
                      * middle and the short tile, by the self-test; else 0 */
  char *reason;      /* why not usable, or why (not) chosen; one sentence */
} HfDeviceInfo;

void hf_device_info_free (HfDeviceInfo *info);

/* Looks at every device of every platform and runs the self-test on each:
 * (element-type HfDeviceInfo), fastest usable first. HF_DEVICE_ERROR_NONE_FOUND
 * with the way out if there is none at all. */
GPtrArray *hf_device_list (GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct _HfDevice HfDevice;

/* Opens the device whose id or name (a part of it, any case) is @wanted, or
 * with NULL the one in HANDFUL_DEVICE, else the fastest that passes. @log
 * (may be NULL) receives one sentence for each device that was passed over
 * because it failed.
 *
 * Which kernels run follows from the device's type: those of the CPU class
 * (packed panels, explicit vectors) on processors, those of the GPU class
 * (local-memory tiles) on all others. For tests and diagnosis the environment
 * overrides that, here and in hf_device_list: HANDFUL_KERNELS=cpu or gpu, and
 * HANDFUL_VECTOR_WIDTH=16, 8 or 4 for the floats of a vector of the CPU class.
 * With any other value no device is usable. */
typedef void (*HfDeviceLog) (const char *sentence, gpointer data);
HfDevice *hf_device_open (const char *wanted, HfDeviceLog log,
                          gpointer log_data,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Asserts that no buffer of ours is left. */
void hf_device_close (HfDevice *self);

const HfDeviceInfo *hf_device_get_info (const HfDevice *self);

/* Whether it has kernels for @precision: f32 and f16 always, bf16 only on a
 * processor with AVX-512 BF16, int8 on one with VNNI. HF_DEVICE_ERROR_PRECISION
 * with the way out. */
gboolean hf_device_supports (const HfDevice *self, HfPrecision precision,
                             GError **error);
/* The same of a usable one that is not open. */
gboolean hf_device_info_supports (const HfDeviceInfo *self,
                                  HfPrecision precision, GError **error);

/* Must be called in main before any other thread starts and before the first
 * device is looked at: sets what PoCL reads from the environment once (unless
 * already set), @n_threads 0 for all cores. Returns FALSE when PoCL has to
 * compile its kernels first, which takes some seconds. */
gboolean hf_device_prepare_environment (int n_threads);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfDevice, hf_device_close)
G_END_DECLS
