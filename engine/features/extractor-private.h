/* features/extractor-private.h: the stages of the extractor.
 *
 *   picture.c    a file to what is known of it and to squares, on any thread
 *   batch.c      squares to unit rows, on the device
 *   writes.c     rows to the cache, many at a time
 *   extractor.c  puts them together */
#pragma once

#include "features/extractor.h"
#include "features/model-facts.h"
#include "features/session.h"

G_BEGIN_DECLS

/* The kinds of rows of a picture. */
typedef enum { HF_ROW_CLIP, HF_ROW_CLASSIC, HF_ROW_LOOK, HF_N_ROWS } HfRowKind;

/* What decides every row; read-only, shared by all threads. */
typedef struct {
  HfFeatureStore *store; /* or NULL */
  HfFraming framing;
  int n_tiles, n_views, image_px;
  gsize clip_dim, classic_dim;
  char *keys[HF_N_ROWS];      /* of the cache; NULL: not wanted */
  gsize row_bytes[HF_N_ROWS]; /* of all tiles together */
  guint8 *background;         /* [n_tiles][HF_CLASSIC_PX][HF_CLASSIC_PX][3],
                                 or NULL */
} HfRecipe;

/* A picture on its way. */
typedef struct {
  gsize index;
  char sha256[65];
  GBytes *rows[HF_N_ROWS];   /* found or computed */
  gboolean fresh[HF_N_ROWS]; /* computed, not yet in the cache */
  guint8 *squares;           /* [n_tiles][px][px][3] where the row of the model
                                is missing */
  GError *refused;
} HfPictureRows;

/* Reads the file @path and does all that needs no device. Never NULL. */
HfPictureRows *hf_picture_rows_new (const HfRecipe *recipe, const char *path,
                                    gsize index) G_GNUC_WARN_UNUSED_RESULT;
void hf_picture_rows_free (HfPictureRows *self);

/* Looks up @n pictures by @sha256 (hex or NULL): @out[i][HF_N_ROWS]. */
void hf_recipe_look_up (const HfRecipe *recipe, const char *const *sha256,
                        gsize n, GBytes *(*out)[HF_N_ROWS]);

/* Whether all rows that are wanted are there. */
gboolean hf_recipe_is_complete (const HfRecipe *recipe, GBytes *const *rows);

/* The squares of the background @path, framed as the pictures are; sets
 * @sha256 (caller frees). */
guint8 *hf_recipe_load_background (const HfFraming *framing, const char *path,
                                   char **sha256,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the row of the model of each of @pictures[n], which have squares. */
gboolean hf_batch_encode (const HfRecipe *recipe, HfSession *session,
                          HfPictureRows *const *pictures, gsize n,
                          GError **error);

/* Rows that wait to be written to the cache. */
typedef struct {
  GPtrArray *sha256[HF_N_ROWS]; /* char * */
  GByteArray *rows[HF_N_ROWS];
  gint64 since_us; /* when the first of them came */
} HfWrites;

void hf_writes_init (HfWrites *self);
/* Writes nothing. */
void hf_writes_clear (HfWrites *self);
void hf_writes_add (HfWrites *self, const HfRecipe *recipe,
                    const HfPictureRows *picture);
void hf_writes_flush (HfWrites *self, const HfRecipe *recipe);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfPictureRows, hf_picture_rows_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfWrites, hf_writes_clear)
G_END_DECLS
