/* app/inspect/inspector.h: a bundle at work: its model found, its way of
 * framing pictures set up, pictures judged. One thread at a time. */
#pragma once

#include "bundle/bundle.h"

G_BEGIN_DECLS

#define HF_INSPECTOR_ERROR (hf_inspector_error_quark ())

typedef enum {
  HF_INSPECTOR_ERROR_NO_MODEL, /* neither inside nor installed nor named */
} HfInspectorError;

GQuark hf_inspector_error_quark (void);

typedef struct {
  const char *model;      /* as --model; NULL: the bundle's own, else the
                             installed one of its identity */
  const char *device;     /* as hf_device_open; NULL: the best */
  const char *cache_path; /* the feature cache; NULL: everything is computed */
  HfDeviceLog log;        /* may be NULL; called from any thread */
  gpointer log_data;
} HfInspectorOptions;

typedef struct _HfInspector HfInspector;

/* Opens the bundle @path. @progress may be NULL and must outlive the result.
 * Without a cache that can be opened it works all the same, after a sentence to
 * the log. Errors of hf_bundle_open, hf_extractor_open;
 * HF_INSPECTOR_ERROR_NO_MODEL; HF_BUNDLE_ERROR_MISMATCH if the model is another
 * than the one the probe was trained with. */
HfInspector *hf_inspector_open (const char *path,
                                const HfInspectorOptions *options,
                                HfProgress *progress,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_inspector_free (HfInspector *self);

const HfBundle *hf_inspector_get_bundle (const HfInspector *self);
const HfBundleContent *hf_inspector_get_content (const HfInspector *self);

/* Where the model comes from, in words ("the installed model starter"); NULL
 * where the probe needs none. */
const char *hf_inspector_get_model (const HfInspector *self);

/* What is said of one picture; borrowed until the callback returns. */
typedef struct {
  const char *sha256; /* of its file, hex */
  int class_id;
  const double *probabilities; /* [n_classes] */
  const double *tiles;         /* [n_tiles][n_classes]; NULL without tiles */
  HfVerdict verdict;
  double ms; /* since the picture before was ready, or since the call */
} HfJudgement;

/* @judgement, or NULL with why picture @index is refused. FALSE ends the job;
 * then @error must be set. */
typedef gboolean (*HfJudgementFunc) (gsize index, const HfJudgement *judgement,
                                     const GError *refused, gpointer data,
                                     GError **error);

/* Judges @paths[n]; @func is called once for each, in their order, from the
 * calling thread, as soon as all before it are ready. Errors of
 * hf_extractor_run, or what @func set. */
gboolean hf_inspector_judge (HfInspector *self, const char *const *paths,
                             gsize n, HfJudgementFunc func, gpointer data,
                             HfProgress *progress, GError **error);

/* What the golden pictures gave: how far from what they must give. */
typedef struct {
  gsize n_pictures;
  double least_cosine;
  double largest_difference; /* of a probability */
} HfVerification;

/* Runs the golden pictures through the model. HF_BUNDLE_ERROR_MOVED names the
 * first one whose features are further than a cosine of 0.9999 or whose
 * probabilities are more than 0.005 off; also if there is none. Call it only
 * without a cache. */
gboolean hf_inspector_verify (HfInspector *self, HfVerification *out,
                              HfProgress *progress, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfInspector, hf_inspector_free)
G_END_DECLS
