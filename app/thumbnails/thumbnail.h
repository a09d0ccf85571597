/* app/thumbnails/thumbnail.h: small pictures, made once and kept where all
 * programs of a desktop keep them: the freedesktop Thumbnail Managing Standard
 * 0.9.0. Without a toolkit; any number of threads and of programs.
 *
 * FOLDER/{normal,large,x-large,xx-large}/MD5.png are at most 128, 256, 512 and
 * 1024 px; MD5 is of the picture's URI. Each names the URI and the time of the
 * picture's last change, and counts only while both are right.
 * FOLDER/fail/handful-VERSION/MD5.png: it could not be read, and why. */
#pragma once

#include "image/image.h"

G_BEGIN_DECLS

#define HF_THUMBNAIL_ERROR (hf_thumbnail_error_quark ())

typedef enum {
  HF_THUMBNAIL_ERROR_REFUSED /* it could not be read; the message says why */
} HfThumbnailError;

GQuark hf_thumbnail_error_quark (void);

typedef struct {
  HfImage *image;
  int width, height; /* of the whole picture; 0: whoever made it did not say */
  gint64 size_bytes; /* of its file */
} HfThumbnail;

void hf_thumbnail_free (HfThumbnail *self);

/* $XDG_CACHE_HOME/thumbnails (caller frees). It need not exist. */
char *hf_thumbnail_dup_folder (void) G_GNUC_WARN_UNUSED_RESULT;

/* FOLDER/large/MD5.png for @side_px of up to 256, and so on (caller frees);
 * NULL for more than 1024. @path is absolute. */
char *hf_thumbnail_dup_path (const char *folder, const char *path,
                             int side_px) G_GNUC_WARN_UNUSED_RESULT;

/* The small picture of @path with sides of at most @side_px: the kept one of
 * this size or a larger, else made and kept. What cannot be kept is shown all
 * the same; what is small itself is not kept. Errors as hf_image_load, and
 * HF_THUMBNAIL_ERROR_REFUSED without another try. */
HfThumbnail *hf_thumbnail_load (const char *folder, const char *path,
                                int side_px,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfThumbnail, hf_thumbnail_free)
G_END_DECLS
