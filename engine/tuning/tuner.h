/* tuning/tuner.h: words that are learned from labelled rows through a frozen
 * text tower (context optimisation; tuning/context.h says which words,
 * tuning/loss.h by what they are judged).
 *
 * All rows are one batch, so that a step costs the same with one label and with
 * a thousand, and there is none too large for the data; Adam (Kingma and Ba
 * 2015) with a constant rate, so that a short run is the beginning of a long
 * one. Deterministic for the same device, data and settings.
 *
 * Any number of threads may fit at once: they take turns, step by step. */
#pragma once

#include "base/progress.h"
#include "compute/device.h"
#include "tuning/loss.h"

G_BEGIN_DECLS

#define HF_TUNER_MAX_VECTORS 16

typedef struct _HfTuner HfTuner;

typedef struct {
  const char *model_path; /* file or folder */
  const char *device;     /* as hf_device_open; NULL: the best */
  HfPrecision precision;
  HfDeviceLog log; /* may be NULL */
  gpointer log_data;
} HfTunerOptions;

/* @prompts[@n_classes], at least two: of each class the prompt whose words
 * learn. Opens model and device for itself. Errors of hf_model_file_open,
 * hf_device_open; G_IO_ERROR_CANCELLED. @progress may be NULL. */
HfTuner *hf_tuner_open (const HfTunerOptions *options,
                        const char *const *prompts, int n_classes,
                        HfProgress *progress,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Of some classes of @whole, which are @classes[@n_classes], at least two; to
 * the bit as if opened with their prompts. Keeps @whole, which is no part
 * itself, and takes turns with it. */
HfTuner *hf_tuner_new_part (HfTuner *whole, const int *classes,
                            int n_classes) G_GNUC_WARN_UNUSED_RESULT;
HfTuner *hf_tuner_ref (HfTuner *self);
void hf_tuner_unref (HfTuner *self);

int hf_tuner_get_width (const HfTuner *self); /* of a vector */
gsize hf_tuner_get_dim (const HfTuner *self); /* of a class's row */

typedef struct {
  int n_vectors; /* 1 .. HF_TUNER_MAX_VECTORS */
  gboolean per_class;
  int n_steps;
  guint64 seed;
} HfTuningSettings;

/* The unit rows of the classes, float[n_classes][dim], after @step steps, from
 * 0 on; borrowed. */
typedef void (*HfTuningStep) (int step, const float *rows, gpointer data);

/* A fit that can be gone on with. Its numbers are small: what a pass keeps
 * belongs to the tuner. */
typedef struct _HfTunerRun HfTunerRun;

/* Keeps @self and borrows @data, whose classes are the tuner's; n_steps of
 * @settings does not matter. HF_MODEL_ERROR_UNSUPPORTED if the model's texts
 * have no room for so many vectors. */
HfTunerRun *hf_tuner_run_new (HfTuner *self, const HfTuningData *data,
                              const HfTuningSettings *settings,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_tuner_run_free (HfTunerRun *self);

/* Goes on until @n_steps are taken since the beginning, to the bit as if it had
 * never stopped, and calls @func (may be NULL) once for each number of steps
 * from 0 on. Errors: HfDeviceError, G_IO_ERROR_CANCELLED. */
gboolean hf_tuner_run_to (HfTunerRun *self, int n_steps, HfTuningStep func,
                          gpointer func_data, HfProgress *progress,
                          GError **error);

/* A run of settings' n_steps that returns what was learned,
 * float[1 or n_classes][n_vectors][width] (caller frees). */
float *hf_tuner_fit (HfTuner *self, const HfTuningData *data,
                     const HfTuningSettings *settings, HfTuningStep func,
                     gpointer func_data, HfProgress *progress,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The token of the vocabulary whose row is nearest to @vector[width], by
 * Euclidean distance as Zhou et al. have it, to be read by people (caller
 * frees): a hint at what the vector means, no more. Empty where the model file
 * was cut short meanwhile. */
char *hf_tuner_dup_nearest (const HfTuner *self,
                            const float *vector) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTuner, hf_tuner_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTunerRun, hf_tuner_run_free)
G_END_DECLS
