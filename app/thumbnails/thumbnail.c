/* thumbnail.c: see the header. */
#include "app/thumbnails/thumbnail.h"

#include "app/places.h"
#include "app/thumbnails/stored-private.h"
#include "base/path.h"
#include "image/small.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

G_DEFINE_QUARK (hf_thumbnail_error_quark, hf_thumbnail_error)

/* Thumbnails know the second of a change: a file that was written a moment ago
 * may become another one within it. */
#define MOMENT_S 2

static const struct {
  const char *name;
  int side_px;
} sizes[] = {
    {"normal", 128}, {"large", 256}, {"x-large", 512}, {"xx-large", 1024}};

/* One picture and what its thumbnails must say to count. */
typedef struct {
  const char *path;
  char *uri, *name; /* MD5.png */
  gint64 mtime, size_bytes;
  gboolean is_new; /* written a moment ago */
} Original;

static void
original_clear (Original *self)
{
  g_free (self->uri);
  g_free (self->name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Original, original_clear)

void
hf_thumbnail_free (HfThumbnail *self)
{
  if (self == NULL)
    return;
  hf_image_free (self->image);
  g_free (self);
}

char *
hf_thumbnail_dup_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "thumbnails", NULL);
}

/* The index of the first size that is large enough; G_N_ELEMENTS (sizes) if
 * none is. */
static gsize
find_size (int side_px)
{
  gsize i = 0;

  while (i < G_N_ELEMENTS (sizes) && sizes[i].side_px < side_px)
    i++;
  return i;
}

static char *
dup_name (const char *uri)
{
  g_autofree char *sum =
      g_compute_checksum_for_string (G_CHECKSUM_MD5, uri, -1);

  return g_strconcat (sum, ".png", NULL);
}

char *
hf_thumbnail_dup_path (const char *folder, const char *path, int side_px)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autofree char *name = NULL;
  gsize i = find_size (side_px);

  if (uri == NULL || i == G_N_ELEMENTS (sizes))
    return NULL;
  name = dup_name (uri);
  return g_build_filename (folder, sizes[i].name, name, NULL);
}

static gboolean
look_at (Original *self, const char *path, GError **error)
{
  GStatBuf status;

  self->path = path;
  self->uri = g_filename_to_uri (path, NULL, error);
  if (self->uri == NULL)
    return FALSE;
  if (g_stat (path, &status) != 0) {
    int code = errno;
    g_autofree char *shown = g_filename_display_name (path);

    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                 _("%s: %s."), shown, g_strerror (code));
    return FALSE;
  }
  self->name = dup_name (self->uri);
  self->mtime = status.st_mtime;
  self->size_bytes = status.st_size;
  self->is_new =
      ABS (g_get_real_time () / G_USEC_PER_SEC - self->mtime) < MOMENT_S;
  return TRUE;
}

/* Whether the file at @path is a thumbnail of @original as it is now. */
static gboolean
is_of (const char *path, const Original *original, HfStoredFacts *out)
{
  g_auto (HfStoredFacts) facts = {0};

  if (!hf_stored_read_facts (path, &facts) || facts.mtime != original->mtime ||
      !g_str_equal (facts.uri, original->uri))
    return FALSE;
  *out = facts;
  facts.uri = facts.reason = NULL;
  return TRUE;
}

static HfThumbnail *
new_thumbnail (const Original *original, int width, int height)
{
  HfThumbnail *self = g_new0 (HfThumbnail, 1);

  self->width = width;
  self->height = height;
  self->size_bytes = original->size_bytes;
  return self;
}

/* Replaces the image of @self by one that fits @side_px. */
static gboolean
fit (HfThumbnail *self, int side_px, GError **error)
{
  HfImage *small;

  if (MAX (self->image->width, self->image->height) <= side_px)
    return TRUE;
  small = hf_small_from_image (self->image, side_px, error);
  if (small == NULL)
    return FALSE;
  hf_image_free (self->image);
  self->image = small;
  return TRUE;
}

/* A kept one, of the size that is wanted or a larger one; NULL if none. */
static HfThumbnail *
load_kept (const char *folder, const Original *original, int side_px)
{
  for (gsize i = find_size (side_px); i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *path =
        g_build_filename (folder, sizes[i].name, original->name, NULL);
    g_auto (HfStoredFacts) facts = {0};
    g_autoptr (HfThumbnail) self = NULL;

    if (!is_of (path, original, &facts))
      continue;
    self = new_thumbnail (original, facts.full_width, facts.full_height);
    self->image = hf_image_load (path, NULL);
    if (self->image != NULL && fit (self, side_px, NULL))
      return g_steal_pointer (&self);
  }
  return NULL;
}

static char *
dup_failure_path (const char *folder, const Original *original)
{
  g_autofree char *program =
      g_strconcat ("handful-", hf_places_get_version (), NULL);

  return g_build_filename (folder, "fail", program, original->name, NULL);
}

static gboolean
has_failed (const char *folder, const Original *original, GError **error)
{
  g_autofree char *path = dup_failure_path (folder, original);
  g_auto (HfStoredFacts) facts = {0};

  if (!is_of (path, original, &facts) || facts.reason == NULL)
    return FALSE;
  g_set_error_literal (error, HF_THUMBNAIL_ERROR, HF_THUMBNAIL_ERROR_REFUSED,
                       facts.reason);
  return TRUE;
}

/* Only what lies in the file itself is remembered: a disk may come back, and
 * memory become free. */
static void
keep_failure (const char *folder, const Original *original, const GError *why)
{
  g_autofree char *path = NULL;
  HfStoredFacts facts = {0};

  if (why->domain != HF_IMAGE_ERROR || why->code == HF_IMAGE_ERROR_LIMIT ||
      original->is_new)
    return;
  path = dup_failure_path (folder, original);
  facts.uri = original->uri;
  facts.mtime = original->mtime;
  facts.reason = why->message;
  /* A cache that cannot be written is none: nothing is lost. */
  hf_stored_write (path, NULL, &facts, NULL);
}

static void
keep (const char *folder, const Original *original, const HfThumbnail *self,
      gsize size)
{
  g_autofree char *path =
      g_build_filename (folder, sizes[size].name, original->name, NULL);
  HfStoredFacts facts = {0};

  facts.uri = original->uri;
  facts.mtime = original->mtime;
  facts.full_width = self->width;
  facts.full_height = self->height;
  hf_stored_write (path, self->image, &facts, NULL);
}

/* A picture that is no larger than its thumbnail is read as fast itself, and
 * thumbnails of thumbnails would never end. */
static gboolean
is_worth_keeping (const char *folder, const Original *original,
                  const HfThumbnail *self, gsize size)
{
  return size < G_N_ELEMENTS (sizes) && !original->is_new &&
         MAX (self->width, self->height) > sizes[size].side_px &&
         hf_path_get_below (original->path, folder) == NULL;
}

static HfThumbnail *
make (const char *folder, const Original *original, int side_px, GError **error)
{
  g_autoptr (HfThumbnail) self = new_thumbnail (original, 0, 0);
  g_autoptr (GError) why = NULL;
  gsize size = find_size (side_px);
  int made_px = size < G_N_ELEMENTS (sizes) ? sizes[size].side_px : side_px;

  self->image = hf_small_load (original->path, made_px, &self->width,
                               &self->height, &why);
  if (self->image == NULL) {
    keep_failure (folder, original, why);
    g_propagate_error (error, g_steal_pointer (&why));
    return NULL;
  }
  if (is_worth_keeping (folder, original, self, size))
    keep (folder, original, self, size);
  if (!fit (self, side_px, error))
    return NULL;
  return g_steal_pointer (&self);
}

HfThumbnail *
hf_thumbnail_load (const char *folder, const char *path, int side_px,
                   GError **error)
{
  g_auto (Original) original = {0};
  HfThumbnail *kept;

  g_return_val_if_fail (folder != NULL && path != NULL && side_px > 0, NULL);

  if (!look_at (&original, path, error))
    return NULL;
  kept = load_kept (folder, &original, side_px);
  if (kept != NULL)
    return kept;
  if (has_failed (folder, &original, error))
    return NULL;
  return make (folder, &original, side_px, error);
}
