/* model/model-file.h: one CLIP model of any format, as canonical tensors.
 *
 * Canonical names are OpenAI's, with two differences that let every format be
 * a view of its mapped file without a copy: the packed query-key-value matrix
 * is three tensors, and every matrix is [out][in]:
 *
 *   visual.class_embedding [w]          visual.positional_embedding [1+g*g][w]
 *   visual.conv1.weight [w][3][p][p]    (visual.conv1.bias [w])
 *   (visual.ln_pre.weight|bias)         visual.ln_post.weight|bias
 *   visual.transformer.resblocks.N.{ln_1,ln_2}.weight|bias
 *   visual.transformer.resblocks.N.attn.{q_proj,k_proj,v_proj,out_proj}.weight|bias
 *   visual.transformer.resblocks.N.mlp.{c_fc,c_proj}.weight|bias
 *   (visual.transformer.resblocks.N.{ls_1,ls_2}.gamma [w])
 *   visual.proj [embed][w]
 *   ResNet: visual.{conv1,bn1,conv2,bn2,conv3,bn3}, visual.layerL.B.{conv1,bn1,
 *   conv2,bn2,conv3,bn3,downsample.0,downsample.1}, visual.attnpool.
 *   {positional_embedding, q_proj, k_proj, v_proj, c_proj}; a bnN has weight,
 *   bias, running_mean, running_var
 *   token_embedding.weight [vocab][tw]  positional_embedding [context][tw]
 *   transformer.resblocks.N....         ln_final.weight|bias
 *   text_projection [embed][tw]         logit_scale (a scalar, natural log;
 *                                       its exponential is finite)
 *
 * All of them are there, with the shapes the configuration says, once the file
 * is open. Read-only; any number of threads. */
#pragma once

#include "base/progress.h"
#include "model/clip-config.h"

G_BEGIN_DECLS

typedef struct _HfModelFile HfModelFile;

/* @path is a weights file, the index of several or one of these (shards.h), or
 * a folder with one (and its config.json or open_clip_config.json). Errors:
 * HfModelError, HfTensorError, GFileError. */
HfModelFile *hf_model_file_open (const char *path,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_model_file_free (HfModelFile *self);

const HfClipConfig *hf_model_file_get_config (const HfModelFile *self);

/* Whether nothing says what it computes but that it has the shape of a model of
 * OpenAI's: a state dict without a configuration beside it. If it is another's,
 * the activation may be another, and rows that look right are wrong. */
gboolean hf_model_file_is_guessed (const HfModelFile *self);

/* The weights file that was read, or the index of several. */
const char *hf_model_file_get_path (const HfModelFile *self);

/* That file, and behind an index those that it names; (element-type filename),
 * caller frees. */
GPtrArray *
hf_model_file_dup_paths (const HfModelFile *self) G_GNUC_WARN_UNUSED_RESULT;

/* Borrowed; @name must be one of the canonical names of this configuration
 * (asserted). */
const HfTensor *hf_model_file_get (const HfModelFile *self, const char *name);

/* The same for a name that not every model has: NULL then. */
const HfTensor *hf_model_file_find (const HfModelFile *self, const char *name);

/* Whether the file, which is read while the model is at work, still has all of
 * them. HF_MODEL_ERROR_MISMATCH where another program cut it short meanwhile:
 * whoever reads a tensor then would be ended by the kernel. Asked right before
 * reading; a file that is replaced by another stays whole for us. */
gboolean hf_model_file_check_whole (const HfModelFile *self, GError **error);

/* Format of the container in words ("OpenAI TorchScript", "safetensors"). */
const char *hf_model_file_get_format (const HfModelFile *self);

/* Drops the pages of the mapped file from memory that were read so far; they
 * are read again when needed. */
void hf_model_file_release_pages (HfModelFile *self);

/* SHA-256 (hex, caller frees) over canonical names, shapes and values as f32,
 * names in byte order: the same weights in another container or another
 * lossless dtype are the same model. NULL if cancelled, or as
 * hf_model_file_check_whole. */
char *hf_model_file_dup_identity (const HfModelFile *self, HfProgress *progress,
                                  GError **error);

/* Opens any container that may hold tensors and returns them under their own
 * names, for `models info`; no CLIP is required. */
HfTensorFile *hf_model_file_load_tensors (const char *path, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfModelFile, hf_model_file_free)
G_END_DECLS
