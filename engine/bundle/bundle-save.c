/* bundle-save.c: the members are made in memory (weights and pictures stay
 * where they are), then the manifest with their sums, then the archive. */
#include "base/file.h"
#include "bundle/bundle.h"
#include "bundle/goldens.h"
#include "bundle/layout.h"
#include "bundle/manifest.h"
#include "bundle/zip.h"
#include "model/model-file.h"
#include "model/model-folder.h"
#include "tensor/safetensors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char readme[] =
    "This is a probe of Handful: it judges photographs of parts.\n"
    "\n"
    "Judge pictures with it:    handful-cli predict NAME.probe PICTURE...\n"
    "See that it is whole and\n"
    "gives the same numbers:    handful-cli verify NAME.probe\n"
    "\n"
    "manifest.json              what it is: classes, model, how pictures are\n"
    "                           framed, error rates with intervals, warnings,\n"
    "                           and the SHA-256 of every other member\n"
    "probe.safetensors          the trained numbers\n"
    "golden.safetensors,        small pictures with the features and\n"
    "golden/                    probabilities that they must give\n"
    "background                 the picture that others are compared with\n"
    "training.safetensors       rows and labels it was trained on, for "
    "training\n"
    "                           it further\n"
    "model/                     the weights of the CLIP model\n"
    "\n"
    "The last three are not in every probe. The format, with a page of Python\n"
    "that reads it, is described in Handful's docs/formats.md and\n"
    "docs/how-to/read-a-bundle.md.\n";

static void
member_clear (gpointer data)
{
  HfZipMember *member = data;

  g_free ((char *) member->name);
  g_bytes_unref (member->bytes);
}

/* Takes @bytes; FALSE if there are none, which was an error. */
static gboolean
take_member (GArray *members, const char *name, GBytes *bytes)
{
  HfZipMember member = {.bytes = bytes};

  if (bytes == NULL)
    return FALSE;
  member.name = g_strdup (name);
  g_array_append_val (members, member);
  return TRUE;
}

static GBytes *
dup_probe (const HfProbe *probe, GError **error)
{
  g_autoptr (HfTensorFile) tensors = hf_probe_dup_tensors (probe);

  return hf_safetensors_dup_bytes (tensors, error);
}

static int
compare_goldens (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const HfGolden *const *) a)->name,
                 (*(const HfGolden *const *) b)->name);
}

/* The goldens by name, so that the order in which they were made does not
 * matter (element-type HfGolden, borrowed; caller unrefs). */
static GPtrArray *
dup_sorted (const GPtrArray *goldens)
{
  GPtrArray *sorted = g_ptr_array_new ();

  for (guint i = 0; goldens != NULL && i < goldens->len; i++)
    g_ptr_array_add (sorted, goldens->pdata[i]);
  g_ptr_array_sort (sorted, compare_goldens);
  return sorted;
}

static gboolean
add_goldens (GArray *members, const HfBundleContent *content, GError **error)
{
  g_autoptr (GPtrArray) sorted = dup_sorted (content->goldens);
  const char *last = "";

  if (!take_member (members, hf_part_get_name (HF_PART_GOLDEN),
                    hf_goldens_dup_bytes (content, sorted, error)))
    return FALSE;
  for (guint i = 0; i < sorted->len; i++) {
    const HfGolden *golden = sorted->pdata[i];

    if (!hf_zip_is_name (golden->name) ||
        hf_part_of (golden->name) != HF_PART_PICTURE ||
        g_str_equal (golden->name, last)) {
      g_set_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_FORMAT,
                   _("\"%s\" cannot be the name of a golden picture."),
                      golden->name);
      return FALSE;
    }
    last = golden->name;
    take_member (members, golden->name, g_bytes_ref (golden->bytes));
  }
  return TRUE;
}

static GBytes *
map_bytes (const char *path, GError **error)
{
  g_autoptr (GMappedFile) mapped = hf_file_map (path, error);

  return mapped != NULL ? g_mapped_file_get_bytes (mapped) : NULL;
}

/* Weights that are not those of the probe would be found out only by verify. */
static GPtrArray *
dup_weights_paths (const HfBundleContent *content, HfProgress *progress,
                   GError **error)
{
  g_autoptr (HfModelFile) model =
      hf_model_file_open (content->model_folder, error);
  g_autofree char *identity = NULL;

  if (model == NULL)
    return NULL;
  identity = hf_model_file_dup_identity (model, progress, error);
  if (identity == NULL)
    return NULL;
  if (g_strcmp0 (identity, content->model_identity) == 0)
    return hf_model_file_dup_paths (model);
  g_set_error (
      error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_MISMATCH,
      _("The model %s is not the one that the probe was trained with: its "
        "identity is %s, that of the probe's %s."),
         content->model_folder, identity,
         content->model_identity != NULL ? content->model_identity : "none");
  return NULL;
}

static int
compare_members (gconstpointer a, gconstpointer b)
{
  return strcmp (((const HfZipMember *) a)->name,
                 ((const HfZipMember *) b)->name);
}

/* One weights file may bear a name that no bundle can have, since its ending
 * says what is in it; of several each is known to the others by its name. */
static gboolean
add_weights (GArray *members, GPtrArray *paths, GError **error)
{
  for (guint i = 0; i < paths->len; i++) {
    g_autofree char *base = g_path_get_basename (paths->pdata[i]);
    g_autofree char *name = g_strconcat ("model/", base, NULL);
    const char *ending = strrchr (base, '.');

    if (!hf_zip_is_name (name) && paths->len > 1) {
      g_set_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_FORMAT,
                   _("\"%s\" cannot be the name of a part of a model in a "
                     "bundle."),
                      base);
      return FALSE;
    }
    if (!hf_zip_is_name (name)) {
      g_free (name);
      name = g_strconcat ("model/weights", ending != NULL ? ending : "", NULL);
    }
    if (!take_member (members, name, map_bytes (paths->pdata[i], error)))
      return FALSE;
  }
  return TRUE;
}

/* Adds those of @names (NULL-terminated) that are in @folder. */
static gboolean
add_beside (GArray *members, const char *folder, const char *const *names,
            GError **error)
{
  for (; *names != NULL; names++) {
    g_autofree char *path = g_build_filename (folder, *names, NULL);
    g_autofree char *inside = g_strconcat ("model/", *names, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_REGULAR) &&
        !take_member (members, inside, map_bytes (path, error)))
      return FALSE;
  }
  return TRUE;
}

/* Weights, what says how to compute with them, and their licence; not what the
 * store knows about them, which names places on this machine. */
static gboolean
add_model (GArray *members, const HfBundleContent *content,
           HfProgress *progress, GError **error)
{
  static const char *const papers[] = {"LICENSE", "LICENSE.txt", "CARD.md",
                                       NULL};
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (HfZipMember));
  g_autoptr (GPtrArray) paths = NULL;
  g_autofree char *folder = NULL;

  if (content->model_folder == NULL)
    return TRUE;
  paths = dup_weights_paths (content, progress, error);
  if (paths == NULL)
    return FALSE;
  folder = g_path_get_dirname (paths->pdata[0]);
  if (!add_weights (found, paths, error) ||
      !add_beside (found, folder, hf_model_folder_get_config_names (), error) ||
      !add_beside (found, folder, papers, error))
    return FALSE;
  g_array_sort (found, compare_members);
  g_array_append_vals (members, found->data, found->len);
  return TRUE;
}

/* All members but the manifest. */
static gboolean
add_members (GArray *members, const HfBundleContent *content,
             HfProgress *progress, GError **error)
{
  if (!take_member (members, hf_part_get_name (HF_PART_PROBE),
                    dup_probe (content->probe, error)) ||
      !add_goldens (members, content, error))
    return FALSE;
  if (content->background != NULL)
    take_member (members, hf_part_get_name (HF_PART_BACKGROUND),
                 g_bytes_ref (content->background));
  if (content->training != NULL &&
      !take_member (members, hf_part_get_name (HF_PART_TRAINING),
                    hf_safetensors_dup_bytes (content->training, error)))
    return FALSE;
  if (!add_model (members, content, progress, error))
    return FALSE;
  return take_member (members, hf_part_get_name (HF_PART_README),
                      g_bytes_new_static (readme, sizeof readme - 1));
}

/* What a reader would refuse is not written. */
static gboolean
check_limits (const GArray *members, GError **error)
{
  for (guint i = 0; i < members->len; i++) {
    const HfZipMember *member = &g_array_index (members, HfZipMember, i);
    guint64 limit = hf_part_get_limit (hf_part_of (member->name));

    if (g_bytes_get_size (member->bytes) <= limit)
      continue;
    g_set_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_FORMAT,
                 _("The bundle's member %s would have %zu bytes, where %llu "
                   "are the limit."),
                    member->name, g_bytes_get_size (member->bytes),
                    (unsigned long long) limit);
    return FALSE;
  }
  return TRUE;
}

gboolean
hf_bundle_save (const HfBundleContent *content, const char *path,
                HfProgress *progress, GError **error)
{
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (HfZipMember));
  HfZipMember manifest = {0};

  g_array_set_clear_func (members, member_clear);
  if (!add_members (members, content, progress, error))
    return FALSE;
  manifest.name = g_strdup (HF_MANIFEST_NAME);
  manifest.bytes = hf_manifest_dup_text (
      content, (const HfZipMember *) members->data, members->len);
  g_array_prepend_val (members, manifest);
  return check_limits (members, error) &&
         hf_zip_save ((const HfZipMember *) members->data, members->len, path,
                      progress, error);
}
