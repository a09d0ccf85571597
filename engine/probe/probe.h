/* probe/probe.h: a trained probe: rows of features to calibrated probabilities
 * and a distance from everything labelled.
 *
 * Trained once, then read-only: any number of threads may predict.
 * Deterministic to the byte for the same dataset, rows and spec, with any
 * number of threads.
 *
 * What training does, every part of it on the given rows only:
 * standardise and scale the blocks; choose blocks and strengths that the spec
 * leaves open, by held-out groups of these rows; fit; bring the scores to
 * probabilities by a temperature from held-out predictions; set the limit of
 * `unknown`. So a fold of a cross-validation makes every choice again. */
#pragma once

#include "base/progress.h"
#include "probe/dataset.h"
#include "probe/spec.h"
#include "probe/words.h"
#include "tensor/tensor-file.h"

G_BEGIN_DECLS

#define HF_PROBE_ERROR (hf_probe_error_quark ())

typedef enum {
  HF_PROBE_ERROR_EMPTY_CLASS, /* a class has no row to learn from */
  HF_PROBE_ERROR_ONE_CLASS,   /* nothing to tell apart */
  HF_PROBE_ERROR_NO_TEXT,     /* zero-shot, prompt: no text or clip rows */
  HF_PROBE_ERROR_NO_BLOCK,    /* the wanted features are not in the data */
  HF_PROBE_ERROR_FORMAT,      /* stored tensors are not a probe */
  HF_PROBE_ERROR_NOT_FINITE,  /* a row to learn from holds NaN or infinity */
} HfProbeError;

GQuark hf_probe_error_quark (void);

typedef struct _HfProbe HfProbe;

/* Trains on rows @rows[@n_rows] of @data (NULL: all), each at most once. The
 * result keeps nothing of @data. @progress may be NULL. */
HfProbe *hf_probe_train (const HfDataset *data, const gsize *rows, gsize n_rows,
                         const HfProbeSpec *spec, HfProgress *progress,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How much hf_probe_train has to do, at most: 1, or where prompts are tuned
 * the steps that its progress counts. */
gint64 hf_probe_count_steps (const HfDataset *data, const gsize *rows,
                             gsize n_rows, const HfProbeSpec *spec);
/* Whether training may tune prompts, and so take minutes. */
gboolean hf_probe_may_tune (const HfDataset *data, const HfProbeSpec *spec);

HfProbe *hf_probe_ref (HfProbe *self);
void hf_probe_unref (HfProbe *self);

/* Rows to probabilities, double[n][n_classes], each summing to 1, and (where
 * @distances is not NULL) to double[n], how far each lies from the nearest
 * class mean; 0 where the probe knows no distance. @clip is
 * float[n][n_tiles][clip_dim], @classic float[n][n_tiles][classic_dim]; a block
 * that the probe does not use may be NULL. Cannot fail. */
void hf_probe_predict (const HfProbe *self, const float *clip,
                       const float *classic, gsize n, double *probabilities,
                       double *distances);

/* The scores of every tile before they are brought together, as probabilities,
 * double[n][n_tiles][n_classes]: the tile map. */
void hf_probe_predict_tiles (const HfProbe *self, const float *clip,
                             const float *classic, gsize n,
                             double *probabilities);

/* What was trained, with everything chosen filled in: kind never AUTO, blocks
 * never AUTO, strengths that do not apply NAN. */
const HfProbeSpec *hf_probe_get_spec (const HfProbe *self);

int hf_probe_get_n_classes (const HfProbe *self);
gsize hf_probe_get_n_tiles (const HfProbe *self);

/* Numbers a row of each block must have; 0 where the probe does not use it. A
 * stored probe may come from anybody: compare them before it predicts. */
gsize hf_probe_get_clip_dim (const HfProbe *self);
gsize hf_probe_get_classic_dim (const HfProbe *self);

/* Softmax temperature found on held-out predictions, and on how many. */
double hf_probe_get_temperature (const HfProbe *self);
gsize hf_probe_get_n_calibration (const HfProbe *self);

/* Rows whose distance is above the limit are unlike everything labelled.
 * INFINITY: too few labels (under 20) to say. @false_alarms is the rate that
 * the limit was set for, or 1/(n+1) where the labels do not support it. */
double hf_probe_get_unknown_limit (const HfProbe *self, double *false_alarms);

/* The text rows of the classes that training started from, float[n_classes]
 * [*@dim], unit length, borrowed, and the model's logit scale; NULL without
 * texts, and in probes that were stored before they were kept. What they say
 * of a picture is in the weights already: they are there to train further. */
const float *hf_probe_get_text (const HfProbe *self, gsize *dim,
                                double *logit_scale);

/* What prompt tuning learned; NULL for the other kinds. */
const HfWords *hf_probe_get_words (const HfProbe *self);

/* A sentence on how blocks, strengths or the kind were chosen ("linear, of
 * zero-shot, linear, svm and gda, by 38 of 40 held-out labels"); borrowed. */
const char *hf_probe_get_reason (const HfProbe *self);

/* The tensors and string metadata that are the probe, in a fixed order, little
 * endian: equal probes save to equal bytes (caller unrefs). What each tensor
 * means stands in docs/formats.md. */
HfTensorFile *
hf_probe_dup_tensors (const HfProbe *self) G_GNUC_WARN_UNUSED_RESULT;

/* The probe that @tensors hold. HF_PROBE_ERROR_FORMAT names the tensor that is
 * missing, of a wrong shape or not finite. */
HfProbe *hf_probe_new_from_tensors (const HfTensorFile *tensors,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfProbe, hf_probe_unref)
G_END_DECLS
