/* bundle-save.c: the members are made in memory (weights and pictures stay
 * where they are), then the manifest with their sums, then the archive. */
#include "base/file.h"
#include "bundle/bundle.h"
#include "bundle/goldens.h"
#include "bundle/layout.h"
#include "bundle/manifest.h"
#include "bundle/zip.h"
#include "model/model-file.h"
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
static char *
dup_weights_path (const HfBundleContent *content, HfProgress *progress,
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
    return g_strdup (hf_model_file_get_path (model));
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

/* Weights, what says how to compute with them, and their licence; not what the
 * store knows about them, which names places on this machine. */
static gboolean
add_model (GArray *members, const HfBundleContent *content,
           HfProgress *progress, GError **error)
{
  static const char *const others[] = {"open_clip_config.json",
                                       "config.json",
                                       "preprocessor_config.json",
                                       "LICENSE",
                                       "LICENSE.txt",
                                       "CARD.md"};
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (HfZipMember));
  g_autofree char *weights = NULL, *folder = NULL, *base = NULL, *name = NULL;

  if (content->model_folder == NULL)
    return TRUE;
  weights = dup_weights_path (content, progress, error);
  if (weights == NULL)
    return FALSE;
  folder = g_path_get_dirname (weights);
  base = g_path_get_basename (weights);
  name = g_strconcat ("model/", base, NULL);
  /* A name that no bundle can have; the ending says what is in it. */
  if (!hf_zip_is_name (name)) {
    const char *ending = strrchr (base, '.');

    g_free (name);
    name = g_strconcat ("model/weights", ending != NULL ? ending : "", NULL);
  }
  if (!take_member (found, name, map_bytes (weights, error)))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autofree char *path = g_build_filename (folder, others[i], NULL);
    g_autofree char *inside = g_strconcat ("model/", others[i], NULL);

    if (g_file_test (path, G_FILE_TEST_IS_REGULAR) &&
        !take_member (found, inside, map_bytes (path, error)))
      return FALSE;
  }
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
