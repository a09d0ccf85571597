/* app/cli/verbs/bundle/bundle-options.h: what the verbs that work with a bundle
 * have in common: the bundle, its model and the device. */
#pragma once

#include "app/cli/options.h"
#include "app/cli/task.h"
#include "app/inspect/inspector.h"

G_BEGIN_DECLS

typedef struct {
  char *model, *device; /* as written; NULL where nothing was said */
  char **arguments;     /* the bundle, and what follows it */
} HfBundleOptions;

/* @own and the common entries together (caller frees the array only). */
GOptionEntry *hf_bundle_options_dup_entries (
    HfBundleOptions *self, const GOptionEntry *own) G_GNUC_WARN_UNUSED_RESULT;
void hf_bundle_options_clear (HfBundleOptions *self);

/* How many arguments there are. */
guint hf_bundle_options_get_n (const HfBundleOptions *self);

/* Opens the first argument. Without @cached every picture is computed. */
HfInspector *hf_bundle_options_open (const HfBundleOptions *self,
                                     gboolean cached, HfProgress *progress,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfBundleOptions, hf_bundle_options_clear)
G_END_DECLS
