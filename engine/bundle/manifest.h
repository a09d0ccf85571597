/* bundle/manifest.h: manifest.json, which says what a bundle is and which
 * members it has; docs/formats.md describes it. Errors are
 * HF_BUNDLE_ERROR_FORMAT or _VERSION: clauses about the bundle that begin with
 * a verb. */
#pragma once

#include "bundle/bundle.h"
#include "bundle/zip.h"

G_BEGIN_DECLS

#define HF_MANIFEST_NAME "manifest.json"
#define HF_MANIFEST_FORMAT "handful-probe"
#define HF_MANIFEST_VERSION 1

/* A member that the manifest names. */
typedef struct {
  char *name;
  guint64 size_bytes;
  char *sha256; /* hex, lower case */
} HfManifestMember;

/* The manifest's text (caller unrefs) for @content with the other members
 * @members[n]. */
GBytes *hf_manifest_dup_text (const HfBundleContent *content,
                              const HfZipMember *members,
                              gsize n) G_GNUC_WARN_UNUSED_RESULT;

/* Fills in what the manifest says of @content, and adds its members
 * (HfManifestMember) to @members, which frees them. */
gboolean hf_manifest_parse (GBytes *text, HfBundleContent *content,
                            GPtrArray *members, GError **error);

/* For the free function of such an array. */
void hf_manifest_member_free (gpointer member);

/* Whether the manifest's words on the probe are those of @content->probe. */
gboolean hf_manifest_check_probe (GBytes *text, const HfBundleContent *content,
                                  GError **error);

G_END_DECLS
