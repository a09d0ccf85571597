/* tensor/safetensors-header-private.h: the JSON header of a safetensors file
 * as plain entries, nothing checked yet against the file. */
#pragma once

#include "tensor/tensor-file.h"

G_BEGIN_DECLS

typedef struct {
  HfTensor tensor; /* owns its name; data is NULL, strides are not set */
  guint64 begin;   /* bytes from the start of the data */
  guint64 end;
} HfSafetensorsEntry;

/* Reads @text, which need not end in NUL, into @entries (of
 * HfSafetensorsEntry, cleared by hf_safetensors_entry_clear) and the metadata
 * into @file. Messages are clauses without a full stop: "has ...". */
gboolean hf_safetensors_header_parse (const char *text, gsize size_bytes,
                                      HfTensorFile *file, GArray *entries,
                                      GError **error);

void hf_safetensors_entry_clear (gpointer entry);

G_END_DECLS
