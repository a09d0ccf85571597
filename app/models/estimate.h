/* app/models/estimate.h: what a model of the catalogue would be like on this
 * machine before it is fetched: how long a picture takes and what memory it
 * needs, reckoned from its shape; and which one to begin with. */
#pragma once

#include "app/models/catalogue.h"
#include "compute/device.h"

G_BEGIN_DECLS

/* Ten pictures a second come sooner than anyone looks at them. */
#define HF_ESTIMATE_QUICK_MS 100

typedef struct {
  double ms;           /* a picture in batches, weights in f16; 0: not known */
  guint64 needs_bytes; /* weights, and what is kept while they are used */
  gboolean fits;       /* into the device's memory */
} HfEstimate;

/* Multiply-adds of one picture through an entry's image tower, as they are
 * usually published: of products and convolutions, all tokens through all of
 * the last layer. 0 if the catalogue has no shape. */
double hf_estimate_count (const HfCatalogueEntry *entry);

/* HfEstimate[hf_catalogue_get_n] for @device (caller frees). @measured is
 * double[hf_catalogue_get_n], milliseconds a picture as measured on it in f16,
 * or 0: these stand as they are, and of those of its kind the nearest in
 * multiply-adds is what another entry's time is scaled from. */
HfEstimate *hf_estimate_all (const HfCatalogue *catalogue,
                             const HfDeviceInfo *device,
                             const double *measured) G_GNUC_WARN_UNUSED_RESULT;

/* hf_estimate_all for the device that hf_device_open (@wanted) would take, with
 * what is remembered of it and of @models, which hf_store_list has found. NULL
 * if no device was ever tested: this one never waits for a test. */
HfEstimate *hf_estimate_here (const HfCatalogue *catalogue,
                              const GPtrArray *models,
                              const char *wanted) G_GNUC_WARN_UNUSED_RESULT;

/* The entry to begin with: of those that fit, the most accurate that takes less
 * than HF_ESTIMATE_QUICK_MS, else the quickest. NULL if none fits. */
const HfCatalogueEntry *hf_estimate_choose (const HfCatalogue *catalogue,
                                            const HfEstimate *estimates);

/* "about 20 seconds", "about 3 minutes" (caller frees). */
char *hf_estimate_dup_duration (double seconds);

/* "41.5 ms", "1.9 s": @n_digits of it count (caller frees). */
char *hf_estimate_dup_time (double ms, int n_digits);

G_END_DECLS
