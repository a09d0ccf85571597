/* ui/models/model-shelf.h: all models, installed or to be had, and what can be
 * done with them. One for the program: work goes on when the window that asked
 * for it is closed. Main thread only; disk, network and device are in threads
 * of its own.
 *
 * Signals: "failed" (const char *title, const GError *error); "added" (const
 * char *name): a model is in the store now; "refreshed". */
#pragma once

#include "compute/device.h"
#include "ui/models/model-item.h"

G_BEGIN_DECLS

#define HF_TYPE_MODEL_SHELF (hf_model_shelf_get_type ())
G_DECLARE_FINAL_TYPE (HfModelShelf, hf_model_shelf, HF, MODEL_SHELF, GObject)

HfModelShelf *hf_model_shelf_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Of HfModelItem: installed ones first, the starter before all, then those of
 * the catalogue. Of HfJob: what is coming. Borrowed. */
GListModel *hf_model_shelf_get_models (HfModelShelf *self);
GListModel *hf_model_shelf_get_jobs (HfModelShelf *self);

/* Reads the store and the catalogue again, and what is remembered of the
 * device's speed. */
void hf_model_shelf_refresh (HfModelShelf *self);

/* The device (as hf_device_open) that times of models to be had are estimated
 * for; refreshes if it is another. */
void hf_model_shelf_set_device (HfModelShelf *self, const char *device);

/* The one to begin with on that device; NULL if it is installed, or if the
 * device was never tested. Borrowed. */
HfModelItem *hf_model_shelf_get_advised (HfModelShelf *self);

/* Downloads a model of the catalogue, or goes on with what broke off. */
void hf_model_shelf_fetch (HfModelShelf *self, HfModelItem *item);

/* Copies the file or folder @path into the store. */
void hf_model_shelf_import (HfModelShelf *self, const char *path);

/* Deletes an installed model. */
void hf_model_shelf_remove (HfModelShelf *self, HfModelItem *item);

/* Measures one installed model on @device (as hf_device_open), in every
 * precision that it has. */
void hf_model_shelf_measure (HfModelShelf *self, HfModelItem *item,
                             const char *device);

/* The bytes of all installed models that can be removed. */
guint64 hf_model_shelf_get_disk_use (HfModelShelf *self);

G_END_DECLS
