/* app/desk/shelf.h: rows of features of all pictures, by the number of the
 * picture. One thread adds and forgets, any number read what has been added: a
 * row is never moved nor changed, and that of a forgotten picture stays as one
 * of no picture.
 *
 * Everything comes in blocks of CHUNK pictures, so that growing copies nothing.
 * Sketches lie in memory. Rows are pages of a file without a name, which the
 * system takes back where memory is short, and which are given back wherever
 * somebody is done with all of them: they take a fifth of a millisecond a block
 * to come again. The grey looks, of which only those of labelled pictures are
 * read again, lie in another such file. */
#pragma once

#include "evaluate/copies.h"
#include "features/extractor.h"

G_BEGIN_DECLS

typedef struct _HfShelf HfShelf;

/* @folder is where the files are made; without them (NULL, a full disk) all
 * stays in memory. */
HfShelf *hf_shelf_new (gsize n_tiles, gsize clip_dim, gsize classic_dim,
                       const char *folder) G_GNUC_WARN_UNUSED_RESULT;
void hf_shelf_free (HfShelf *self);

/* Puts a copy of @row there, unless the picture has one. HF_ROWS_ERROR_MEMORY.
 */
gboolean hf_shelf_add (HfShelf *self, gint64 image_id, const HfFeatureRow *row,
                       GError **error);

/* The picture's file is another one now, or gone: it has no row any more. */
void hf_shelf_forget (HfShelf *self, gint64 image_id);

gsize hf_shelf_get_n_tiles (const HfShelf *self);
gsize hf_shelf_get_clip_dim (const HfShelf *self);
gsize hf_shelf_get_classic_dim (const HfShelf *self);

/* How many rows there are; places are below that, in the order in which they
 * were added. */
gsize hf_shelf_get_n (HfShelf *self);
/* The place of a picture, -1: it has no row. */
gssize hf_shelf_find (HfShelf *self, gint64 image_id);
/* The picture of a row, or 0: it was forgotten. */
gint64 hf_shelf_get_id (HfShelf *self, gsize place);

/* Rows from @place on, borrowed: *@n (in: how many are wanted at the most) lie
 * one behind the other. NULL where there is no such block. */
const float *hf_shelf_get_clip (HfShelf *self, gsize place, gsize *n);
const float *hf_shelf_get_classic (HfShelf *self, gsize place, gsize *n);
/* Nobody needs the rows of @n pictures from @place on for now. What was
 * borrowed stays valid. */
void hf_shelf_relax (HfShelf *self, gsize place, gsize n);

/* SHA-256 in hex (caller frees). */
char *hf_shelf_dup_sha256 (HfShelf *self,
                           gsize place) G_GNUC_WARN_UNUSED_RESULT;
/* What of its look is in memory; borrowed. */
const HfCopySketch *hf_shelf_get_sketch (HfShelf *self, gsize place);
/* Grey [HF_LOOK_PX][HF_LOOK_PX] into @out; zero where it cannot be read. */
void hf_shelf_read_look (HfShelf *self, gsize place, guint8 *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfShelf, hf_shelf_free)
G_END_DECLS
