/* bundle.c: opens a bundle.
 *
 * The order of the checks decides which fault is named: the archive's own
 * records, the manifest and its version, which members there are, their sums,
 * what is in them, and last the form that makes equal content equal bytes. */
#include "bundle/bundle.h"

#include "base/file.h"
#include "base/sha256.h"
#include "bundle/goldens.h"
#include "bundle/layout.h"
#include "bundle/manifest.h"
#include "bundle/model-member.h"
#include "bundle/zip.h"
#include "tensor/safetensors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SUM_CHUNK_BYTES (4u << 20)

struct _HfBundle {
  HfZip *zip;
  GPtrArray *members; /* HfManifestMember */
  HfBundleContent content;
  char *sha256;
};

static gboolean refuse (GError **error, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list list;

  va_start (list, format);
  text = g_strdup_vprintf (format, list);
  va_end (list);
  g_set_error_literal (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_FORMAT, text);
  return FALSE;
}

/* A member by its part (caller unrefs); NULL, with an error only if it cannot
 * be read. */
static GBytes *
read_part (const HfBundle *self, HfPart part, GError **error)
{
  gssize i = hf_zip_find (self->zip, hf_part_get_name (part));

  return i >= 0 ? hf_zip_read (self->zip, (gsize) i, hf_part_get_limit (part),
                               error)
                : NULL;
}

static gboolean
check_needed (const HfBundle *self, GError **error)
{
  for (HfPart part = HF_PART_MANIFEST; part < HF_PART_NONE; part++)
    if (hf_part_is_needed (part) &&
        hf_zip_find (self->zip, hf_part_get_name (part)) < 0)
      return refuse (error, _("lacks the member %s"), hf_part_get_name (part));
  return TRUE;
}

static gboolean
read_manifest (HfBundle *self, GError **error)
{
  g_autoptr (GBytes) text = NULL;

  /* Alone and first: a later version may have other members. */
  if (hf_zip_find (self->zip, HF_MANIFEST_NAME) < 0)
    return refuse (error, _("lacks the member %s"), HF_MANIFEST_NAME);
  text = read_part (self, HF_PART_MANIFEST, error);
  return text != NULL &&
         hf_manifest_parse (text, &self->content, self->members, error);
}

/* Every member that the manifest names is there, once, and of its size. */
static gboolean
check_named (const HfBundle *self, GHashTable *named, GError **error)
{
  for (guint i = 0; i < self->members->len; i++) {
    HfManifestMember *member = self->members->pdata[i];
    gssize at = hf_zip_find (self->zip, member->name);

    if (!hf_zip_is_name (member->name) ||
        hf_part_of (member->name) == HF_PART_NONE ||
        hf_part_of (member->name) == HF_PART_MANIFEST)
      return refuse (error,
                     _("names the member \"%s\" in its manifest, which no "
                       "bundle has"),
                        member->name);
    if (!g_hash_table_insert (named, member->name, member))
      return refuse (error, _("names the member %s twice in its manifest"),
                               member->name);
    if (at < 0)
      return refuse (error, _("lacks the member %s, which its manifest names"),
                               member->name);
    if (hf_zip_get_size (self->zip, (gsize) at) != member->size_bytes)
      return refuse (
          error,
          _("has a member, %s, of %llu bytes, where its manifest says %llu"),
             member->name,
             (unsigned long long) hf_zip_get_size (self->zip, (gsize) at),
             (unsigned long long) member->size_bytes);
  }
  return TRUE;
}

/* SHA-256 (hex, caller frees) of @bytes; NULL if cancelled. */
static char *
dup_sum (GBytes *bytes, HfProgress *progress, GError **error)
{
  g_autoptr (HfSha256) sum = hf_sha256_new ();
  gsize size_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &size_bytes);

  for (gsize at = 0; at < size_bytes; at += SUM_CHUNK_BYTES) {
    if (!hf_progress_check (progress, error))
      return NULL;
    hf_sha256_update (sum, data + at, MIN (size_bytes - at, SUM_CHUNK_BYTES));
  }
  return hf_sha256_finish (sum);
}

static gboolean
check_sum (const HfBundle *self, gsize i, const HfManifestMember *member,
           HfProgress *progress, GError **error)
{
  g_autoptr (GBytes) bytes = hf_zip_read (
      self->zip, i, hf_part_get_limit (hf_part_of (member->name)), error);
  g_autofree char *sum = NULL;

  if (bytes == NULL)
    return FALSE;
  sum = dup_sum (bytes, progress, error);
  if (sum == NULL)
    return FALSE;
  return g_str_equal (sum, member->sha256) ||
         refuse (error,
                 _("has a member, %s, that is not the one its manifest names: "
                   "its SHA-256 differs"),
                    member->name);
}

static gboolean
check_members (const HfBundle *self, HfProgress *progress, GError **error)
{
  g_autoptr (GHashTable) named = g_hash_table_new (g_str_hash, g_str_equal);

  if (!check_needed (self, error) || !check_named (self, named, error))
    return FALSE;
  for (gsize i = 0; i < hf_zip_get_n (self->zip); i++) {
    const char *name = hf_zip_get_name (self->zip, i);

    if (!g_str_equal (name, HF_MANIFEST_NAME) &&
        !g_hash_table_contains (named, name))
      return refuse (error, _("has a member, %s, that its manifest does not "
                              "name"),
                               name);
  }
  for (gsize i = 0; i < hf_zip_get_n (self->zip); i++) {
    const char *name = hf_zip_get_name (self->zip, i);

    if (!g_str_equal (name, HF_MANIFEST_NAME) &&
        !check_sum (self, i, g_hash_table_lookup (named, name), progress,
                    error))
      return FALSE;
  }
  return TRUE;
}

/* The tensors of a member; NULL with an error that names it, or without one if
 * it is not there. */
static HfTensorFile *
read_tensors (const HfBundle *self, HfPart part, GError **error)
{
  g_autoptr (GBytes) bytes = read_part (self, part, error);
  g_autoptr (GError) local = NULL;
  HfTensorFile *file;

  if (bytes == NULL)
    return NULL;
  file = hf_safetensors_parse (bytes, &local);
  if (file == NULL)
    refuse (error, _("has a member, %s, which %s"), hf_part_get_name (part),
                      local->message);
  return file;
}

/* Which class is good decides the verdict in the manifest, and what a tile
 * counts in the probe: the two must be of one mind. */
static gboolean
check_kinds (const HfBundleContent *content, const HfTensorFile *tensors,
             GError **error)
{
  const HfTensor *kinds = hf_tensor_file_get (tensors, "kinds");
  gint64 n = hf_probe_get_n_classes (content->probe);
  g_autofree float *values = NULL;

  if (kinds == NULL || !hf_tensor_has_shape (kinds, 1, &n))
    return TRUE;
  values = g_new (float, (gsize) n);
  hf_tensor_read (kinds, values);
  for (gint64 c = 0; c < n; c++)
    if ((HfClassKind) values[c] != content->kinds[c])
      return refuse (error, _("calls the class %s %s in its manifest, and its "
                              "probe.safetensors does not"),
                               content->classes[c],
                               hf_class_kind_get_name (content->kinds[c]));
  return TRUE;
}

static gboolean
read_probe (HfBundle *self, GError **error)
{
  HfBundleContent *content = &self->content;
  g_autoptr (HfTensorFile) tensors = read_tensors (self, HF_PART_PROBE, error);
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) text = NULL;

  if (tensors == NULL)
    return FALSE;
  content->probe = hf_probe_new_from_tensors (tensors, &local);
  if (content->probe == NULL)
    return refuse (error,
                   _("has a member, probe.safetensors, that is no probe: %s"),
                      local->message);
  if (hf_probe_get_n_classes (content->probe) !=
      (int) g_strv_length (content->classes))
    return refuse (error, _("names %u classes in its manifest, and its "
                            "probe.safetensors has %d"),
                             g_strv_length (content->classes),
                             hf_probe_get_n_classes (content->probe));
  if (hf_probe_get_clip_dim (content->probe) > 0 &&
      content->model_identity == NULL)
    return refuse (error, _("names no model in its manifest, and its "
                            "probe.safetensors needs one"));
  if (!check_kinds (content, tensors, error))
    return FALSE;
  text = read_part (self, HF_PART_MANIFEST, error);
  return text != NULL && hf_manifest_check_probe (text, content, error);
}

/* Each golden picture is a member, and each member of that folder is one. */
static gboolean
read_pictures (HfBundle *self, GError **error)
{
  const GPtrArray *goldens = self->content.goldens;
  gsize n_members = 0;

  for (gsize i = 0; i < hf_zip_get_n (self->zip); i++)
    n_members += hf_part_of (hf_zip_get_name (self->zip, i)) == HF_PART_PICTURE;
  for (guint i = 0; i < goldens->len; i++) {
    HfGolden *golden = goldens->pdata[i];
    gssize at = hf_part_of (golden->name) == HF_PART_PICTURE
                    ? hf_zip_find (self->zip, golden->name)
                    : -1;

    if (at < 0 || (i > 0 && strcmp (((HfGolden *) goldens->pdata[i - 1])->name,
                                    golden->name) >= 0))
      return refuse (error,
                     _("names the picture \"%s\" in golden.safetensors, which "
                       "is missing or out of order"),
                        golden->name);
    golden->bytes = hf_zip_read (self->zip, (gsize) at,
                                 hf_part_get_limit (HF_PART_PICTURE), error);
    if (golden->bytes == NULL)
      return FALSE;
  }
  return n_members == goldens->len ||
         refuse (error, _("has a picture in golden/ that golden.safetensors "
                          "does not name"));
}

static gboolean
read_content (HfBundle *self, GError **error)
{
  HfBundleContent *content = &self->content;
  g_autoptr (GBytes) golden = NULL;
  g_autoptr (GError) local = NULL;

  if (!read_probe (self, error))
    return FALSE;
  content->background = read_part (self, HF_PART_BACKGROUND, &local);
  golden = local == NULL ? read_part (self, HF_PART_GOLDEN, &local) : NULL;
  if (local == NULL)
    content->training = read_tensors (self, HF_PART_TRAINING, &local);
  if (local != NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  return hf_goldens_parse (golden, content, error) &&
         read_pictures (self, error);
}

/* Members stand in the order of their parts, those of a folder by name. */
static gboolean
check_order (const HfBundle *self, GError **error)
{
  for (gsize i = 1; i < hf_zip_get_n (self->zip); i++) {
    const char *before = hf_zip_get_name (self->zip, i - 1);
    const char *name = hf_zip_get_name (self->zip, i);
    HfPart part = hf_part_of (name);

    if (part < hf_part_of (before) ||
        (part == hf_part_of (before) && strcmp (before, name) >= 0))
      return refuse (error, _("has its member %s out of order"), name);
  }
  return TRUE;
}

static gboolean
read_all (HfBundle *self, HfProgress *progress, GError **error)
{
  return read_manifest (self, error) && check_members (self, progress, error) &&
         read_content (self, error) && check_order (self, error) &&
         hf_zip_check_form (self->zip, error);
}

static gpointer
sum_thread (gpointer bytes)
{
  return hf_sha256_dup_for_bytes (bytes);
}

/* The clause becomes a sentence with the file's name and what to do. */
static void
take_error (GError **error, GError *fact, const char *path)
{
  g_autofree char *shown = g_filename_display_name (path);
  gboolean ours = fact->domain == HF_BUNDLE_ERROR;

  if (!ours) {
    g_propagate_error (error, fact);
    return;
  }
  g_set_error (error, HF_BUNDLE_ERROR, fact->code,
               _("The bundle %s is refused: it %s.%s"), shown, fact->message,
                  fact->code == HF_BUNDLE_ERROR_FORMAT
                  ? _(" Copy it anew from where it was made, or export it "
                      "again.")
                  : "");
  g_error_free (fact);
}

HfBundle *
hf_bundle_open (const char *path, HfProgress *progress, GError **error)
{
  g_autoptr (HfBundle) self = g_new0 (HfBundle, 1);
  g_autoptr (GMappedFile) mapped = hf_file_map (path, error);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) fact = NULL;
  GThread *thread;
  gboolean ok;

  self->members = g_ptr_array_new_with_free_func (hf_manifest_member_free);
  if (mapped == NULL)
    return NULL;
  bytes = g_mapped_file_get_bytes (mapped);
  self->zip = hf_zip_parse (bytes, &fact);
  if (self->zip == NULL) {
    take_error (error, g_steal_pointer (&fact), path);
    return NULL;
  }
  /* With a model inside this takes as long as the members' own sums. */
  thread = g_thread_new ("bundle-sum", sum_thread, bytes);
  ok = read_all (self, progress, &fact);
  self->sha256 = g_thread_join (thread);
  if (ok)
    return g_steal_pointer (&self);
  take_error (error, g_steal_pointer (&fact), path);
  return NULL;
}

void
hf_bundle_free (HfBundle *self)
{
  if (self == NULL)
    return;
  hf_bundle_content_clear (&self->content);
  g_ptr_array_unref (self->members);
  g_clear_pointer (&self->zip, hf_zip_free);
  g_free (self->sha256);
  g_free (self);
}

const HfBundleContent *
hf_bundle_get_content (const HfBundle *self)
{
  return &self->content;
}

const char *
hf_bundle_get_sha256 (const HfBundle *self)
{
  return self->sha256;
}

gboolean
hf_bundle_has_model (const HfBundle *self)
{
  return hf_model_member_is_there (self->zip);
}

char *
hf_bundle_extract_model (const HfBundle *self, const char *folder,
                         HfProgress *progress, GError **error)
{
  return hf_model_member_extract (self->zip, self->members, folder, progress,
                                  error);
}
