/* app/desk/save-bundle.h: a project to a bundle, as the window exports it: what
 * `train --project` does, then the written file is opened again and its golden
 * pictures run through the model. Any thread; opens the project by itself. */
#pragma once

#include "app/inspect/inspector.h"
#include "base/progress.h"
#include "compute/device.h"

G_BEGIN_DECLS

typedef struct {
  const char *project_path;
  const char *device;     /* as hf_device_open; NULL: the best */
  const char *cache_path; /* of the feature cache, or NULL */
  const char *output;     /* NAME.probe */
  gboolean include_model, include_goldens, include_rows;
} HfSaveBundleOptions;

typedef struct {
  gsize n_rows; /* labelled pictures that count */
  guint64 size_bytes;
  GPtrArray *warnings; /* char *, sentences; owned */
  /* Of the golden pictures, n_pictures 0: there are none inside. */
  HfVerification verification;
} HfSavedBundle;

void hf_saved_bundle_clear (HfSavedBundle *self);

/* Writes the bundle whole, or not at all. HF_BUNDLE_ERROR_MOVED: it was
 * written, but a golden picture gives other numbers. Other errors: those of
 * hf_project_open, hf_study_new, hf_study_training_new, hf_export_save;
 * G_IO_ERROR_CANCELLED. */
gboolean hf_save_bundle (const HfSaveBundleOptions *options, HfSavedBundle *out,
                         HfProgress *progress, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfSavedBundle, hf_saved_bundle_clear)
G_END_DECLS
