/* app/jobs/pictures.h: from what the user names (files, folders) to a list of
 * picture files in a fixed order. */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

typedef struct _HfPictures HfPictures;

/* A picture input that gave nothing. */
typedef struct {
  char *path;
  char *reason; /* one sentence that names it */
} HfRefusal;

/* An empty list of them (element-type HfRefusal; caller unrefs), and one more
 * behind its end; both strings are copied. */
GPtrArray *hf_refusals_new (void) G_GNUC_WARN_UNUSED_RESULT;
void hf_refusals_add (GPtrArray *refusals, const char *path,
                      const char *reason);

HfPictures *hf_pictures_new (void) G_GNUC_WARN_UNUSED_RESULT;
void hf_pictures_free (HfPictures *self);

/* Whether a file of this name is taken for a picture, by its extension. */
gboolean hf_pictures_is_picture_name (const char *name);

/* Adds @path: a folder with everything below it, names in byte order, hidden
 * ones and files that are no pictures by their extension left out, links to
 * folders listed and not followed; anything else as it is, to be tried later.
 * A folder that cannot be read or holds no picture becomes a refusal. FALSE
 * only if cancelled. */
gboolean hf_pictures_add (HfPictures *self, const char *path,
                          HfProgress *progress, GError **error);

/* Adds what a list names, one path a line; empty lines mean nothing. */
gboolean hf_pictures_add_list (HfPictures *self, const char *lines,
                               HfProgress *progress, GError **error);

/* Adds a refusal; both strings are copied. */
void hf_pictures_refuse (HfPictures *self, const char *path,
                         const char *reason);

gsize hf_pictures_get_n (const HfPictures *self);
const char *hf_pictures_get (const HfPictures *self, gsize i);
const char *const *hf_pictures_get_paths (const HfPictures *self);

/* Links to folders that were passed over (element-type char *), borrowed. */
const GPtrArray *hf_pictures_get_links (const HfPictures *self);

/* (element-type HfRefusal), borrowed. */
const GPtrArray *hf_pictures_get_refusals (const HfPictures *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfPictures, hf_pictures_free)
G_END_DECLS
