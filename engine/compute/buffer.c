/* buffer.c: cl_mem with its size. Buffers come from the host's memory where the
 * device shares it (CL_MEM_ALLOC_HOST_PTR), so mapping copies nothing; where it
 * does not, they must lie in the device's own, or some drivers let the kernels
 * reach across the bus for every value. */
#include "compute/buffer.h"

#include "compute/device-private.h"
#include "compute/driver-use.h"

#include <glib/gi18n-lib.h>
#include <sys/mman.h>
#include <unistd.h>

/* A large page of most processors: smaller buffers cannot hold one. */
#define LARGE_BYTES ((gsize) 2 << 20)

/* Large pages for memory that is not touched yet: the walk through tables of 4
 * kB pages shows where weights are streamed (one picture of ViT-B/32: 1.03
 * times as fast); rows between kernels gain little. Advice only, so a kernel
 * that knows better may refuse it. */
static void
advise_large_pages (HfBuffer *self)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  guintptr mapped, first, end;

  if (!self->device->shares_memory || self->size_bytes < LARGE_BYTES)
    return;
  mapped = (guintptr) hf_buffer_map (self, NULL);
  if (mapped == 0)
    return;
  first = (mapped + page - 1) / page * page;
  end = (mapped + self->size_bytes) / page * page;
  (void) madvise ((void *) first, end - first, MADV_HUGEPAGE);
  hf_buffer_unmap (self, (void *) mapped, NULL);
}

HfBuffer *
hf_buffer_new (HfDevice *device, gsize size_bytes, GError **error)
{
  g_autofree HfBuffer *self = g_new0 (HfBuffer, 1);
  g_autoptr (HfDriverUse) use = hf_driver_use ();
  cl_mem_flags flags = CL_MEM_READ_WRITE;
  cl_int code = CL_SUCCESS;

  g_return_val_if_fail (size_bytes > 0, NULL);

  self->device = device;
  self->size_bytes = size_bytes;
  if (device->shares_memory)
    flags |= CL_MEM_ALLOC_HOST_PTR;
  self->mem = clCreateBuffer (device->context, flags, size_bytes, NULL, &code);
  if (code != CL_SUCCESS) {
    g_autofree char *size = g_format_size (size_bytes);
    g_autofree char *what = g_strdup_printf (_("take %s of its memory"), size);

    hf_device_check (code, what, error);
    return NULL;
  }
  g_atomic_int_inc (&device->n_buffers);
  device->buffer_bytes += size_bytes;
  advise_large_pages (self);
  return g_steal_pointer (&self);
}

HfBuffer *
hf_buffer_new_from (HfDevice *device, const void *data, gsize size_bytes,
                    GError **error)
{
  g_autoptr (HfBuffer) self = hf_buffer_new (device, size_bytes, error);

  if (self == NULL || !hf_buffer_write (self, data, size_bytes, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
hf_buffer_free (HfBuffer *self)
{
  g_autoptr (HfDriverUse) use = hf_driver_use ();

  if (self == NULL)
    return;
  clReleaseMemObject (self->mem);
  g_atomic_int_add (&self->device->n_buffers, -1);
  self->device->buffer_bytes -= self->size_bytes;
  g_free (self);
}

gsize
hf_buffer_get_size (const HfBuffer *self)
{
  return self->size_bytes;
}

gboolean
hf_buffer_write (HfBuffer *self, const void *data, gsize size_bytes,
                 GError **error)
{
  cl_int code;

  g_return_val_if_fail (size_bytes <= self->size_bytes, FALSE);

  hf_device_mark_busy (self->device);
  code = clEnqueueWriteBuffer (self->device->queue, self->mem, CL_TRUE, 0,
                               size_bytes, data, 0, NULL, NULL);
  hf_device_mark_idle (self->device);
  return hf_device_check (code, N_("take data"), error);
}

gboolean
hf_buffer_read (HfBuffer *self, void *data, gsize size_bytes, GError **error)
{
  cl_int code;

  g_return_val_if_fail (size_bytes <= self->size_bytes, FALSE);

  hf_device_mark_busy (self->device);
  code = clEnqueueReadBuffer (self->device->queue, self->mem, CL_TRUE, 0,
                              size_bytes, data, 0, NULL, NULL);
  hf_device_mark_idle (self->device);
  return hf_device_check (code, N_("give back a result"), error);
}

void *
hf_buffer_map (HfBuffer *self, GError **error)
{
  cl_int code = CL_SUCCESS;
  void *mapped = clEnqueueMapBuffer (self->device->queue, self->mem, CL_TRUE,
                                     CL_MAP_WRITE_INVALIDATE_REGION, 0,
                                     self->size_bytes, 0, NULL, NULL, &code);

  if (!hf_device_check (code, N_("map its memory"), error))
    return NULL;
  return mapped;
}

gboolean
hf_buffer_unmap (HfBuffer *self, void *mapped, GError **error)
{
  return hf_device_check (clEnqueueUnmapMemObject (self->device->queue,
                                                   self->mem, mapped, 0, NULL,
                                                   NULL),
                          N_("take data"), error);
}
