/* import.c: see the header. A model is filled in a scratch folder (I3 of
 * store.h) and gets its name by one rename. */
#include "app/models/import.h"

#include "app/models/catalogue.h"
#include "app/models/files.h"
#include "app/models/published.h"
#include "app/places.h"
#include "base/file.h"
#include "base/json.h"
#include "base/scratch.h"
#include "base/sha256.h"
#include "model/model-folder.h"
#include "model/shards.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* One model on its way into the store. */
typedef struct {
  char *name;
  HfScratch *scratch;
  const char *folder; /* that of @scratch */
  char *source;
  char *sha256; /* of the weights, or of the sums of several files */
  char *identity;
  const HfCatalogueEntry *entry; /* what it seems to be, or NULL */
  gboolean sum_is_published;
  gboolean is_guessed; /* hf_model_file_is_guessed */
  HfPublishedCheck check;
  char *check_note; /* why the numbers could not be compared, or NULL */
} Import;

static void
import_clear (Import *self)
{
  hf_scratch_free (self->scratch);
  g_free (self->name);
  g_free (self->source);
  g_free (self->sha256);
  g_free (self->identity);
  g_free (self->check_note);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Import, import_clear)

char *
hf_import_prepare_store (GError **error)
{
  g_autofree char *store = hf_places_dup_models ();

  if (g_mkdir_with_parents (store, 0777) < 0) {
    hf_files_set_error (error, errno, _("Cannot create the folder %s"), store);
    return NULL;
  }
  hf_scratch_sweep (store, HF_STORE_SCRATCH);
  return g_steal_pointer (&store);
}

gboolean
hf_import_check_name (const char *name, GError **error)
{
  g_autoptr (HfStoredModel) other = NULL;

  if (!hf_store_check_name (name, error))
    return FALSE;
  other = hf_store_find (name, NULL);
  if (other == NULL && !hf_model_names_equal (name, HF_STORE_STARTER))
    return TRUE;
  g_set_error (error, HF_STORE_ERROR, HF_STORE_ERROR_EXISTS,
               _("There is a model %s already; choose another name with "
                 "--name, or remove it first with: handful-cli models remove "
                 "%s"),
                  name, name);
  return FALSE;
}

/* "ViT-B-32.pt" gives ViT-B-32; a file with a name that all models have takes
 * its folder's. */
static char *
dup_name_for (const char *weights)
{
  static const char *const common[] = {"model", "pytorch_model",
                                       "open_clip_model",
                                       "open_clip_pytorch_model", NULL};
  g_autofree char *base = g_path_get_basename (weights);
  g_autofree char *absolute = g_canonicalize_filename (weights, NULL);
  g_autofree char *folder = g_path_get_dirname (absolute);
  char *dot, *name;

  if (hf_shards_is_index (base))
    base[strlen (base) - strlen (HF_SHARDS_ENDING)] = '\0';
  dot = strrchr (base, '.');
  if (dot != NULL && dot != base)
    *dot = '\0';
  name = g_strv_contains (common, base) ? g_path_get_basename (folder)
                                        : g_strdup (base);
  for (char *at = name; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && strchr ("._+-", *at) == NULL)
      *at = '-';
  if (name[0] == '.')
    name[0] = '-';
  if (strlen (name) > 100)
    name[100] = '\0';
  return name;
}

static gboolean
create_folder (Import *self, GError **error)
{
  g_autofree char *store = hf_import_prepare_store (error);

  if (store == NULL)
    return FALSE;
  self->scratch = hf_scratch_new (store, HF_STORE_SCRATCH, 0777, error);
  if (self->scratch == NULL)
    return FALSE;
  self->folder = hf_scratch_get_path (self->scratch);
  return TRUE;
}

/* Copies @from into the folder; returns its SHA-256. */
static char *
copy_in (Import *self, const char *from, HfProgress *progress, GError **error)
{
  g_autofree char *base = g_path_get_basename (from);
  g_autofree char *to = g_build_filename (self->folder, base, NULL);

  return hf_files_copy (from, to, progress, error);
}

static gint64
get_size (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 ? (gint64) info.st_size : 0;
}

/* Several files are known by the sum of their sums. */
static gboolean
copy_weights (Import *self, GPtrArray *paths, HfProgress *progress,
              GError **error)
{
  g_autoptr (HfSha256) sums = hf_sha256_new ();
  gint64 done = 0, total = 0;

  for (guint i = 0; i < paths->len; i++)
    total += get_size (paths->pdata[i]);
  for (guint i = 0; i < paths->len; i++) {
    gint64 size_bytes = get_size (paths->pdata[i]);
    g_autoptr (HfProgress) part =
        hf_progress_new_stretch (progress, done, size_bytes, total);

    g_free (self->sha256);
    self->sha256 = copy_in (self, paths->pdata[i], part, error);
    if (self->sha256 == NULL)
      return FALSE;
    hf_sha256_update (sums, self->sha256, strlen (self->sha256));
    done += size_bytes;
  }
  if (paths->len > 1) {
    g_free (self->sha256);
    self->sha256 = hf_sha256_finish (sums);
  }
  return TRUE;
}

static gboolean
copy_configs (Import *self, const char *weights, GError **error)
{
  const char *const *names = hf_model_folder_get_config_names ();
  g_autofree char *beside = g_path_get_dirname (weights);

  for (; *names != NULL; names++) {
    g_autofree char *from = g_build_filename (beside, *names, NULL);
    g_autofree char *sum = NULL;

    if (!g_file_test (from, G_FILE_TEST_IS_REGULAR))
      continue;
    sum = copy_in (self, from, NULL, error);
    if (sum == NULL)
      return FALSE;
  }
  return TRUE;
}

/* Compares with the published numbers; whatever goes wrong with the device
 * becomes a note. FALSE only if cancelled. */
static gboolean
check_published (Import *self, const char *device, HfProgress *progress,
                 GError **error)
{
  HfSessionOptions options = {.model_path = self->folder,
                              .device = device,
                              .precision = HF_PRECISION_F32,
                              .towers = HF_CLIP_IMAGES | HF_CLIP_TEXTS};
  g_autoptr (GError) local = NULL;
  g_autoptr (HfSession) session = hf_session_open (&options, progress, &local);

  if (session == NULL || !hf_published_check (session, self->entry->name, NULL,
                                              &self->check, &local))
    self->check_note = g_strdup (local->message);
  return hf_progress_check (progress, error);
}

/* Reads what lies in the folder as a model and finds out what it is. */
static gboolean
examine (Import *self, HfCatalogue *catalogue, const char *device,
         HfProgress *progress, GError **error)
{
  g_autoptr (HfModelFile) model = hf_model_file_open (self->folder, error);

  if (model == NULL)
    return FALSE;
  self->identity = hf_model_file_dup_identity (model, progress, error);
  if (self->identity == NULL)
    return FALSE;
  self->is_guessed = hf_model_file_is_guessed (model);
  self->entry = hf_catalogue_find_sha256 (catalogue, self->sha256);
  self->sum_is_published = self->entry != NULL;
  if (self->entry == NULL)
    self->entry =
        hf_catalogue_find_shape (catalogue, hf_model_file_get_config (model));
  g_clear_pointer (&model, hf_model_file_free);
  return self->entry == NULL || check_published (self, device, progress, error);
}

/* What handful.json says under "verified", or NULL if nothing was shown. */
static HfJson *
new_verified (const Import *self)
{
  const HfPublishedCheck *check = &self->check;
  g_autofree char *how = NULL;
  HfJson *json;

  if (self->entry == NULL || (check->n_values > 0 && !check->agrees) ||
      (check->n_values == 0 && !self->sum_is_published))
    return NULL;
  if (check->n_values == 0)
    how = g_strdup ("the checksum of the file");
  else
    how = g_strdup_printf (
        "%s%d published values",
        self->sum_is_published ? "the checksum of the file and " : "",
        check->n_values);
  json = json_object_new_object ();
  json_object_object_add (json, "as",
                          json_object_new_string (self->entry->name));
  json_object_object_add (json, "how", json_object_new_string (how));
  json_object_object_add (json, "values",
                          json_object_new_int (check->n_values));
  if (check->n_values > 0)
    json_object_object_add (json, "largest_difference",
                            json_object_new_double (check->largest_difference));
  return json;
}

/* Why what it computes may not be what it was trained for, or NULL: it looks
 * like one of OpenAI's and its numbers are others, or nothing says what it
 * is. */
static char *
dup_not_verified (const Import *self)
{
  const gboolean differs =
      self->entry != NULL && self->check.n_values > 0 && !self->check.agrees;
  g_autofree char *difference = NULL;
  const char *guess =
      _("No configuration lies beside the weights, so that they are taken as "
        "OpenAI's, with quick_gelu. If they are another's, add them again "
        "together with the configuration they came with.");

  if (differs)
    difference = g_strdup_printf (_("Not verified as OpenAI's %s: of %d "
                                    "published values the worst differs by "
                                    "%.1e."),
                                     self->entry->name, self->check.n_values,
                                     self->check.largest_difference);
  if (!self->is_guessed || self->sum_is_published ||
      (self->check.n_values > 0 && !differs))
    return g_steal_pointer (&difference);
  return differs ? g_strdup_printf ("%s %s", difference, guess)
                 : g_strdup (guess);
}

static gboolean
write_notes (const Import *self, GError **error)
{
  const int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE;
  g_autoptr (HfJson) json = json_object_new_object ();
  g_autofree char *path = g_build_filename (self->folder, "handful.json", NULL);
  g_autofree char *source = g_utf8_make_valid (self->source, -1);
  g_autofree char *not_verified = dup_not_verified (self);
  const char *text;

  json_object_object_add (json, "source", json_object_new_string (source));
  json_object_object_add (json, "sha256",
                          json_object_new_string (self->sha256));
  json_object_object_add (json, "identity",
                          json_object_new_string (self->identity));
  json_object_object_add (json, "verified", new_verified (self));
  if (not_verified != NULL)
    json_object_object_add (json, "not_verified",
                            json_object_new_string (not_verified));
  if (self->check_note != NULL)
    json_object_object_add (json, "not_checked",
                            json_object_new_string (self->check_note));
  text = json_object_to_json_string_ext (json, flags);
  return hf_file_write_whole (path, text, strlen (text), error);
}

/* I2: the one rename that makes it visible. */
static HfStoredModel *
publish (Import *self, GError **error)
{
  g_autofree char *store = hf_places_dup_models ();
  g_autofree char *folder = g_build_filename (store, self->name, NULL);
  g_autoptr (GError) local = NULL;

  if (!write_notes (self, error) || !hf_import_check_name (self->name, error))
    return NULL;
  hf_files_sync_folder (self->folder);
  if (!hf_scratch_move (self->scratch, folder, &local)) {
    /* Another one of that name may have come since it was looked for. */
    if (hf_import_check_name (self->name, error))
      g_propagate_error (error, g_steal_pointer (&local));
    return NULL;
  }
  hf_files_sync_folder (store);
  return hf_store_find (self->name, error);
}

HfStoredModel *
hf_import_path (const char *path, const char *name, const char *device,
                HfProgress *progress, GError **error)
{
  g_auto (Import) self = {0};
  g_autoptr (HfCatalogue) catalogue = hf_catalogue_load (error);
  g_autoptr (HfModelFile) model = NULL;
  g_autoptr (GPtrArray) paths = NULL;
  const char *weights;

  if (catalogue == NULL)
    return NULL;
  model = hf_model_file_open (path, error);
  if (model == NULL)
    return NULL;
  paths = hf_model_file_dup_paths (model);
  weights = paths->pdata[0];
  g_clear_pointer (&model, hf_model_file_free);
  self.name = name != NULL ? g_strdup (name) : dup_name_for (weights);
  self.source = g_canonicalize_filename (weights, NULL);
  if (!hf_import_check_name (self.name, error) || !create_folder (&self, error))
    return NULL;
  if (!copy_weights (&self, paths, progress, error) ||
      !copy_configs (&self, weights, error) ||
      !examine (&self, catalogue, device, progress, error))
    return NULL;
  return publish (&self, error);
}

/* A second name for the file, so that nothing is lost of it when this process
 * is killed; where the file system knows no such names, it is moved. */
static gboolean
take_part (const char *part, const char *file, GError **error)
{
  if (link (part, file) == 0 || g_rename (part, file) == 0)
    return TRUE;
  hf_files_set_error (error, errno, _("Cannot move %s"), part);
  return FALSE;
}

HfStoredModel *
hf_import_download (const char *part, const char *file, const char *name,
                    const char *source, const char *device,
                    HfProgress *progress, GError **error)
{
  g_auto (Import) self = {0};
  g_autoptr (HfCatalogue) catalogue = hf_catalogue_load (error);
  g_autofree char *inside = NULL;
  HfStoredModel *model = NULL;

  if (catalogue == NULL)
    return NULL;
  self.name = g_strdup (name);
  self.source = g_strdup (source);
  self.sha256 = hf_files_dup_sha256 (part, progress, error);
  if (self.sha256 == NULL || !hf_import_check_name (name, error) ||
      !create_folder (&self, error))
    return NULL;
  inside = g_build_filename (self.folder, file, NULL);
  if (!take_part (part, inside, error))
    return NULL;
  if (examine (&self, catalogue, device, progress, error))
    model = publish (&self, error);
  /* Nothing happens where both names are there. */
  if (model == NULL)
    g_rename (inside, part);
  return model;
}
