/* app/thumbnails/stored-private.h: one kept thumbnail as a PNG file: what it
 * says of itself, and how it is written. */
#pragma once

#include "image/image.h"

G_BEGIN_DECLS

/* The largest that the standard knows. */
#define HF_STORED_MAX_SIDE 1024

/* What stands before the pixels. Clear with hf_stored_facts_clear. */
typedef struct {
  int width, height; /* of the thumbnail */
  char *uri;
  gint64 mtime;                /* seconds */
  int full_width, full_height; /* 0: not said */
  char *reason;                /* why the picture could not be read, or NULL */
} HfStoredFacts;

void hf_stored_facts_clear (HfStoredFacts *self);

/* Reads what @path says of itself, no pixel. FALSE where it is no PNG, is
 * larger than a thumbnail may be, or says nothing of a URI and a time. */
gboolean hf_stored_read_facts (const char *path, HfStoredFacts *out);

/* Writes @image (NULL: one clear pixel) with @facts: the old file or the new
 * one, whole, for the user alone. Makes the folder. GFileError or GdkPixbuf's
 * errors. */
gboolean hf_stored_write (const char *path, const HfImage *image,
                          const HfStoredFacts *facts, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfStoredFacts, hf_stored_facts_clear)
G_END_DECLS
