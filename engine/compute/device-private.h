/* compute/device-private.h: what the files of this room know of a device. */
#pragma once

#include "compute/buffer.h"
#include "compute/compile.h"

#include <CL/cl.h>

G_BEGIN_DECLS

/* Which kernels run on it: packed panels and explicit vectors, or local-memory
 * tiles. */
typedef enum { HF_CLASS_CPU, HF_CLASS_GPU } HfDeviceClass;

struct _HfDevice {
  HfDeviceInfo *info;
  HfDeviceClass device_class;
  int vector_width; /* floats a vector, CPU class: 16, 8 or 4 */
  /* Kernels may use them: compute/processor.h. */
  gboolean has_vnni, has_bf16, has_amx;
  gsize max_group_items;
  gsize local_bytes;      /* local memory of a work-group */
  gboolean shares_memory; /* the host's memory is its own */
  cl_device_id id;
  cl_context context;
  cl_command_queue queue; /* in order */
  gboolean in_flight;     /* the queue may hold work; see below */
  HfCompileAhead *ahead;  /* since it was tested on this start, or NULL */
  int n_buffers;          /* atomic: buffers alive */
  gsize buffer_bytes;     /* of them all; only the working thread changes it */
};

struct _HfBuffer {
  HfDevice *device;
  cl_mem mem;
  gsize size_bytes;
};

/* The border to OpenCL: turns @code into a GError whose sentence says @what
 * could not be done; CL_SUCCESS returns TRUE. */
gboolean hf_device_check (cl_int code, const char *what, GError **error);

/* Work was given to the queue, or the queue is known to be empty: in between
 * the process does not end (compute/driver-use.h). */
void hf_device_mark_busy (HfDevice *self);
void hf_device_mark_idle (HfDevice *self);

/* Opens one device without choosing or testing. Takes @info, also where it
 * fails. HF_DEVICE_ERROR_NOT_KNOWN for a setting that means nothing. */
HfDevice *hf_device_open_id (cl_device_id id, HfDeviceInfo *info,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* PoCL's processor, neither tested nor what settings ask for; NULL where there
 * is none. */
HfDevice *hf_device_open_pocl (void) G_GNUC_WARN_UNUSED_RESULT;

/* The settings of the environment that change which kernels run; what was
 * learned under others is void. Caller frees. */
char *hf_device_dup_kernel_settings (void);

/* Reads what the driver says of a device. */
HfDeviceInfo *hf_device_info_new (cl_device_id id, int platform_number,
                                  int device_number);

/* PoCL keeps its own cache of compiled kernels (compute/pocl-cache.h), and
 * compiles everything again when it is asked for a binary. */
gboolean hf_device_is_pocl (const HfDevice *self);
gboolean hf_device_info_is_pocl (const HfDeviceInfo *info);

/* Folder under the user's cache for @name ("kernels", "pocl"), made if need
 * be; NULL if it cannot be written. */
char *hf_device_dup_cache_folder (const char *name);

G_END_DECLS
