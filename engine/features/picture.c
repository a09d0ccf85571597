/* picture.c: one file, read once: its hash, what the cache knows of it, and
 * else one decoding for the model's squares, the classic descriptors and the
 * grey look. */
#include "base/sha256.h"
#include "features/extractor-private.h"
#include "image/classic/classic.h"
#include "image/pixels.h"
#include "image/views.h"

#include <string.h>

#define CLASSIC_BYTES ((gsize) HF_CLASSIC_PX * HF_CLASSIC_PX * 3)

/* The squares of one decoding. */
typedef struct {
  guint8 *model;   /* [n_tiles][px][px][3], or NULL */
  guint8 *classic; /* [n_tiles][HF_CLASSIC_PX][HF_CLASSIC_PX][3], or NULL */
  guint8 *whole;   /* [HF_CLASSIC_PX][HF_CLASSIC_PX][3], or NULL */
} Squares;

static void
squares_clear (Squares *self)
{
  g_free (self->model);
  g_free (self->classic);
  g_free (self->whole);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Squares, squares_clear)

void
hf_picture_rows_free (HfPictureRows *self)
{
  if (self == NULL)
    return;
  for (int k = 0; k < HF_N_ROWS; k++)
    g_clear_pointer (&self->rows[k], g_bytes_unref);
  g_clear_error (&self->refused);
  g_free (self->squares);
  g_free (self);
}

void
hf_recipe_look_up (const HfRecipe *recipe, const char *const *sha256, gsize n,
                   GBytes *(*out)[HF_N_ROWS])
{
  g_autofree GBytes **found = g_new0 (GBytes *, n);

  memset (out, 0, n * sizeof *out);
  for (int k = 0; k < HF_N_ROWS && recipe->store != NULL; k++) {
    if (recipe->keys[k] == NULL)
      continue;
    hf_feature_store_get (recipe->store, recipe->keys[k], sha256, n, found);
    for (gsize i = 0; i < n; i++) {
      /* A row of another size is none. */
      if (found[i] != NULL &&
          g_bytes_get_size (found[i]) == recipe->row_bytes[k])
        out[i][k] = found[i];
      else
        g_clear_pointer (&found[i], g_bytes_unref);
    }
  }
}

gboolean
hf_recipe_is_complete (const HfRecipe *recipe, GBytes *const *rows)
{
  for (int k = 0; k < HF_N_ROWS; k++)
    if (recipe->keys[k] != NULL && rows[k] == NULL)
      return FALSE;
  return TRUE;
}

/* Adds @n_tiles squares to @list; returns their memory. */
static guint8 *
add_tiles (GArray *list, const HfFraming *framing, int n_tiles, int side_px)
{
  gsize bytes = (gsize) side_px * (gsize) side_px * 3;
  guint8 *pixels = g_malloc (bytes * (gsize) n_tiles);

  for (int i = 0; i < n_tiles; i++) {
    HfSquare square = {hf_framing_get_tile (framing, i), side_px,
                       pixels + bytes * (gsize) i};

    g_array_append_val (list, square);
  }
  return pixels;
}

static gboolean
wants_look (const HfRecipe *recipe, const HfPictureRows *self)
{
  return recipe->keys[HF_ROW_LOOK] != NULL && self->rows[HF_ROW_LOOK] == NULL;
}

/* A large JPEG is decoded once for each square, at a smaller scale; many
 * squares are cheaper from one decoding in full. */
static gboolean
decode (const HfRecipe *recipe, const HfPictureRows *self, const guint8 *data,
        gsize size, const char *path, Squares *out, GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (HfSquare));
  gboolean is_tiled = recipe->framing.kind == HF_FRAMING_TILES;
  /* The framing of tiles shows the whole picture where it is not cut. */
  HfFraming whole = recipe->framing;

  if (is_tiled)
    whole.kind = HF_FRAMING_WHOLE;
  if (recipe->keys[HF_ROW_CLIP] != NULL && self->rows[HF_ROW_CLIP] == NULL)
    out->model =
        add_tiles (list, &recipe->framing, recipe->n_tiles, recipe->image_px);
  if (recipe->keys[HF_ROW_CLASSIC] != NULL &&
      self->rows[HF_ROW_CLASSIC] == NULL)
    out->classic =
        add_tiles (list, &recipe->framing, recipe->n_tiles, HF_CLASSIC_PX);
  if (wants_look (recipe, self) && (is_tiled || out->classic == NULL))
    out->whole = add_tiles (list, &whole, 1, HF_CLASSIC_PX);
  return hf_pixels_load_squares (data, size, path,
                                 (const HfSquare *) (gpointer) list->data,
                                 list->len, is_tiled, error);
}

/* Descriptors of a square, the mean over its views. */
static void
describe (const HfRecipe *recipe, const guint8 *square, float *out)
{
  g_autofree guint8 *turned = g_malloc (CLASSIC_BYTES);
  double sums[HF_CLASSIC_DIM] = {0};
  float view[HF_CLASSIC_DIM];

  for (int v = 0; v < recipe->n_views; v++) {
    hf_views_apply (square, HF_CLASSIC_PX, v, turned);
    hf_classic_describe (turned, view);
    for (int i = 0; i < HF_CLASSIC_DIM; i++)
      sums[i] += view[i];
  }
  for (int i = 0; i < HF_CLASSIC_DIM; i++)
    out[i] = (float) (sums[i] / recipe->n_views);
}

static GBytes *
make_classic (const HfRecipe *recipe, const guint8 *squares)
{
  float *rows = g_new (float, (gsize) recipe->n_tiles * recipe->classic_dim);
  g_autofree guint8 *difference = g_malloc (CLASSIC_BYTES);

  for (int i = 0; i < recipe->n_tiles; i++) {
    const guint8 *square = squares + CLASSIC_BYTES * (gsize) i;
    float *row = rows + (gsize) i * recipe->classic_dim;

    describe (recipe, square, row);
    if (recipe->background == NULL)
      continue;
    hf_classic_subtract (square, recipe->background + CLASSIC_BYTES * (gsize) i,
                         difference);
    describe (recipe, difference, row + HF_CLASSIC_DIM);
  }
  return g_bytes_new_take (rows, recipe->row_bytes[HF_ROW_CLASSIC]);
}

/* Grey, each pixel the rounded mean of 2 x 2 of the square's. */
static GBytes *
make_look (const guint8 *square)
{
  guint8 *look = g_malloc (HF_LOOK_PX * HF_LOOK_PX);

  for (int i = 0; i < HF_LOOK_PX * HF_LOOK_PX; i++) {
    int x = i % HF_LOOK_PX * 2, y = i / HF_LOOK_PX * 2, sum = 0;

    for (int k = 0; k < 4; k++) {
      const guint8 *rgb =
          square + ((gsize) (y + k / 2) * HF_CLASSIC_PX + x + k % 2) * 3;

      sum += rgb[0] * 299 + rgb[1] * 587 + rgb[2] * 114;
    }
    look[i] = (guint8) ((sum + 2000) / 4000);
  }
  return g_bytes_new_take (look, HF_LOOK_PX * HF_LOOK_PX);
}

G_STATIC_ASSERT (HF_CLASSIC_PX == 2 * HF_LOOK_PX);

/* What needs no device, of the file's bytes. */
static gboolean
compute (const HfRecipe *recipe, HfPictureRows *self, const guint8 *data,
         gsize size, const char *path, GError **error)
{
  g_auto (Squares) squares = {0};

  if (!decode (recipe, self, data, size, path, &squares, error))
    return FALSE;
  if (squares.classic != NULL) {
    self->rows[HF_ROW_CLASSIC] = make_classic (recipe, squares.classic);
    self->fresh[HF_ROW_CLASSIC] = TRUE;
  }
  if (wants_look (recipe, self)) {
    self->rows[HF_ROW_LOOK] =
        make_look (squares.whole != NULL ? squares.whole : squares.classic);
    self->fresh[HF_ROW_LOOK] = TRUE;
  }
  self->squares = g_steal_pointer (&squares.model);
  return TRUE;
}

/* The hash of the bytes that were read: remembered if the file is what it was,
 * else computed. @before is the file's state before it was read. */
static void
find_hash (const HfRecipe *recipe, HfPictureRows *self, const char *path,
           const HfFileStamp *before, const char *known, const guint8 *data,
           gsize size)
{
  HfFileStamp after;
  g_autofree char *computed = NULL;

  if (known != NULL && hf_file_stamp_read (path, &after) &&
      hf_file_stamp_is_equal (before, &after)) {
    g_strlcpy (self->sha256, known, sizeof self->sha256);
    return;
  }
  computed = hf_sha256_dup (data, size);
  g_strlcpy (self->sha256, computed, sizeof self->sha256);
  if (recipe->store != NULL)
    hf_feature_store_remember_sha256 (recipe->store, path, before, computed);
}

static gboolean
read_picture (const HfRecipe *recipe, HfPictureRows *self, const char *path,
              GError **error)
{
  HfFileStamp before = {0};
  g_autofree char *known = NULL;
  g_autofree guint8 *data = NULL;
  const char *sha256[] = {self->sha256};
  gsize size = 0;

  /* A file that is not there is reported by who reads it. */
  if (hf_file_stamp_read (path, &before) && recipe->store != NULL)
    known = hf_feature_store_dup_known_sha256 (recipe->store, path);
  data = hf_image_read_file (path, &size, error);
  if (data == NULL)
    return FALSE;
  find_hash (recipe, self, path, &before, known, data, size);
  hf_recipe_look_up (recipe, sha256, 1, &self->rows);
  return hf_recipe_is_complete (recipe, self->rows) ||
         compute (recipe, self, data, size, path, error);
}

HfPictureRows *
hf_picture_rows_new (const HfRecipe *recipe, const char *path, gsize index)
{
  HfPictureRows *self = g_new0 (HfPictureRows, 1);

  self->index = index;
  read_picture (recipe, self, path, &self->refused);
  return self;
}

guint8 *
hf_recipe_load_background (const HfFraming *framing, const char *path,
                           char **sha256, GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (HfSquare));
  g_autofree guint8 *data = NULL;
  g_autofree guint8 *squares = NULL;
  gsize size = 0;

  data = hf_image_read_file (path, &size, error);
  if (data == NULL)
    return NULL;
  squares = add_tiles (list, framing, hf_framing_get_n_tiles (framing),
                       HF_CLASSIC_PX);
  if (!hf_pixels_load_squares (
          data, size, path, (const HfSquare *) (gpointer) list->data, list->len,
          framing->kind == HF_FRAMING_TILES, error))
    return NULL;
  *sha256 = hf_sha256_dup (data, size);
  return g_steal_pointer (&squares);
}
