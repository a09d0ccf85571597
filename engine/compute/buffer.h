/* compute/buffer.h: memory of a device, counted. One thread at a time. */
#pragma once

#include "compute/device.h"

G_BEGIN_DECLS

typedef struct _HfBuffer HfBuffer;

/* @size_bytes > 0, contents undefined. HF_DEVICE_ERROR_MEMORY if it does not
 * fit. */
HfBuffer *hf_buffer_new (HfDevice *device, gsize size_bytes,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, filled with a copy of @data. */
HfBuffer *hf_buffer_new_from (HfDevice *device, const void *data,
                              gsize size_bytes,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_buffer_free (HfBuffer *self);

gsize hf_buffer_get_size (const HfBuffer *self);

/* Copies from and to the start of the buffer; both wait until it is done, and
 * so for all that was launched before. */
gboolean hf_buffer_write (HfBuffer *self, const void *data, gsize size_bytes,
                          GError **error);
gboolean hf_buffer_read (HfBuffer *self, void *data, gsize size_bytes,
                         GError **error);

/* The buffer's memory, to be filled by the host (old contents are lost) and
 * given back with hf_buffer_unmap. */
void *hf_buffer_map (HfBuffer *self, GError **error);
gboolean hf_buffer_unmap (HfBuffer *self, void *mapped, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfBuffer, hf_buffer_free)
G_END_DECLS
