/* model-finder.c: see the header. */
#include "app/inspect/model-finder.h"

#include "app/inspect/inspector.h"
#include "app/models/store.h"
#include "app/places.h"
#include "features/model-facts.h"

#include <glib/gi18n-lib.h>

/* The identity of an installed model: written down when it was added, or else
 * (the starter is never added) remembered by the feature cache. */
static gboolean
is_model (const HfStoredModel *model, const char *identity,
          HfFeatureStore *store, HfProgress *progress)
{
  HfModelFacts facts = {0};
  gboolean same;

  if (model->identity != NULL)
    return g_str_equal (model->identity, identity);
  if (!hf_model_facts_read (model->folder, store, progress, &facts, NULL))
    return FALSE;
  same = g_str_equal (facts.identity, identity);
  hf_model_facts_clear (&facts);
  return same;
}

static char *
dup_installed (const HfBundleContent *content, HfFeatureStore *store,
               char **words, HfProgress *progress)
{
  g_autoptr (GPtrArray) models = hf_store_list ();

  for (guint i = 0; i < models->len; i++) {
    const HfStoredModel *model = models->pdata[i];

    if (!is_model (model, content->model_identity, store, progress))
      continue;
    *words = g_strdup_printf (_("the installed model %s"), model->name);
    return g_strdup (model->folder);
  }
  return NULL;
}

static char *
dup_own (const HfBundle *bundle, char **words, HfProgress *progress,
         GError **error)
{
  g_autofree char *cache = hf_places_dup_cache ();
  g_autofree char *folder = g_build_filename (cache, "bundle-models", NULL);
  char *path = hf_bundle_extract_model (bundle, folder, progress, error);

  if (path != NULL)
    *words = g_strdup (_("the model inside the bundle"));
  return path;
}

static void
set_not_found (const HfBundleContent *content, GError **error)
{
  const char *name = content->model_name != NULL ? content->model_name : "";

  g_set_error (
      error, HF_INSPECTOR_ERROR, HF_INSPECTOR_ERROR_NO_MODEL,
      _("The probe needs the model %s (identity %s), and no such model is "
        "installed%s%s. Add it with: handful-cli models add FILE, or name it "
        "with --model."),
         name, content->model_identity,
         content->model_source != NULL
         ? _("; it came from ") : "",
              content->model_source != NULL ? content->model_source : "");
}

char *
hf_model_finder_dup_path (const HfBundle *bundle, const char *named,
                          HfFeatureStore *store, char **words,
                          HfProgress *progress, GError **error)
{
  const HfBundleContent *content = hf_bundle_get_content (bundle);
  char *path;

  if (named != NULL) {
    path = hf_store_dup_path (named, error);
    if (path != NULL)
      *words = g_strdup_printf (_("the model %s"), named);
    return path;
  }
  if (hf_bundle_has_model (bundle))
    return dup_own (bundle, words, progress, error);
  path = dup_installed (content, store, words, progress);
  if (path == NULL && hf_progress_check (progress, error))
    set_not_found (content, error);
  return path;
}
