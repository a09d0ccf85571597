/* tensor/safetensors.h: the safetensors container, in and out. Format: u64
 * little-endian header length, JSON header, raw little-endian data
 * (huggingface/safetensors, README, "Format"). */
#pragma once

#include "base/file.h"
#include "tensor/tensor-file.h"

G_BEGIN_DECLS

/* Maps @path and returns its tensors. HF_TENSOR_ERROR_FORMAT with the reason
 * and the file's name; a GFileError if it cannot be read. */
HfTensorFile *hf_safetensors_load (const char *path,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same over bytes already in memory (borrowed by the result: it keeps a
 * reference); the messages name no file. */
HfTensorFile *hf_safetensors_parse (GBytes *bytes,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes @path whole: metadata and tensors in the order of @file, data aligned
 * to 8 bytes in all. Equal content gives equal bytes. */
gboolean hf_safetensors_save (const HfTensorFile *file, const char *path,
                              GError **error);

/* The same bytes in memory (caller unrefs). HF_TENSOR_ERROR_LIMIT if there is
 * not enough of it. */
GBytes *hf_safetensors_dup_bytes (const HfTensorFile *file,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
