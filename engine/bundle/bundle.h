/* bundle/bundle.h: a probe with all that is needed to judge pictures and to
 * prove it: NAME.probe, a zip. docs/formats.md describes the members.
 *
 * Read-only once open; any number of threads. */
#pragma once

#include "base/json.h"
#include "base/progress.h"
#include "compute/device.h"
#include "image/framing.h"
#include "probe/probe.h"
#include "probe/verdict.h"

G_BEGIN_DECLS

#define HF_BUNDLE_ERROR (hf_bundle_error_quark ())

typedef enum {
  HF_BUNDLE_ERROR_FORMAT,   /* no bundle, or a member is damaged or missing */
  HF_BUNDLE_ERROR_VERSION,  /* newer than this program */
  HF_BUNDLE_ERROR_MISMATCH, /* model, framing, precision or views differ */
  HF_BUNDLE_ERROR_MOVED,    /* a golden picture gives other numbers */
} HfBundleError;

GQuark hf_bundle_error_quark (void);

/* A small picture with what it must give. */
typedef struct {
  char *name;            /* "golden/good_000.jpg" inside the bundle */
  GBytes *bytes;         /* of the picture's file */
  GBytes *clip;          /* float[n_tiles][clip_dim] or NULL */
  GBytes *classic;       /* float[n_tiles][classic_dim] or NULL */
  GBytes *probabilities; /* double[n_classes] */
} HfGolden;

/* Everything a bundle says. Strings and arrays are owned. */
typedef struct {
  char **classes; /* NULL-terminated */
  HfClassKind *kinds;
  char *model_identity; /* hex; NULL where only classic features are used */
  char *model_name;
  char *model_source; /* where to get it, or NULL */
  HfPrecision precision;
  HfFraming framing;
  int n_views;
  GBytes *background; /* the reference picture's file, or NULL */
  HfThresholds thresholds;
  char *label_log_sha256;
  HfJson *evaluation; /* an object, or NULL */
  HfJson *counts;     /* labels by class and group, an object */
  char **warnings;    /* NULL-terminated */
  HfProbe *probe;
  GPtrArray *goldens;     /* HfGolden * */
  HfTensorFile *training; /* rows, labels, groups; or NULL */
  char *model_folder; /* saving: weights to put inside, or NULL; opening: NULL,
                         see hf_bundle_extract_model */
} HfBundleContent;

void hf_bundle_content_clear (HfBundleContent *self);

/* Writes @path whole; equal content gives equal bytes. */
gboolean hf_bundle_save (const HfBundleContent *content, const char *path,
                         HfProgress *progress, GError **error);

typedef struct _HfBundle HfBundle;

/* Opens and checks every member: names, sizes, sums. Nothing is unpacked to
 * disk. HF_BUNDLE_ERROR_FORMAT and _VERSION name the member and the reason. */
HfBundle *hf_bundle_open (const char *path, HfProgress *progress,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_bundle_free (HfBundle *self);

const HfBundleContent *hf_bundle_get_content (const HfBundle *self);

/* SHA-256 (hex) of the bundle's file; borrowed. */
const char *hf_bundle_get_sha256 (const HfBundle *self);
gboolean hf_bundle_has_model (const HfBundle *self);

/* Writes the bundle's model below @folder/SHA256 unless it is there, whole, and
 * returns that path (caller frees). */
char *hf_bundle_extract_model (const HfBundle *self, const char *folder,
                               HfProgress *progress,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfBundle, hf_bundle_free)
G_END_DECLS
