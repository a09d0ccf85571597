/* evaluate/copies.h: pictures that are the same, and pictures that nearly are.
 *
 * Byte-identical pictures count once; with different labels they are a
 * conflict and none counts. Near-copies (dHash distance <= 2, cosine >= 0.995
 * and mean absolute difference of the 64 x 64 grey pictures <= 1.5 of 255) keep
 * to one fold and are reported, never dropped: in a fixture different parts
 * can look alike. */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

typedef struct {
  gsize n;
  const char *const *sha256; /* [n] hex */
  const guint8 *looks;       /* [n][64][64] grey */
  const float *rows;         /* [n][dim] unit rows, or NULL: not compared */
  gsize dim;
  const int *label; /* [n] */
} HfCopiesInput;

typedef struct {
  gsize *twin;        /* [n] the first picture with the same bytes (itself) */
  gboolean *conflict; /* [n] the same bytes have several labels */
  int *cluster;      /* [n] number of its set of near-copies; its own if none */
  gsize n_identical; /* pictures that are not the first of their bytes */
  gsize n_near;      /* pictures that have a near-copy with other bytes */
  gboolean was_bounded; /* so many look alike that not all pairs were compared:
                           there may be more near-copies */
} HfCopies;

/* NULL only with G_IO_ERROR_CANCELLED. Any number of pictures: pairs are found
 * by parts of the hash, not by trying all. */
HfCopies *hf_copies_find (const HfCopiesInput *input, HfProgress *progress,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_copies_free (HfCopies *self);

/* What is compared before the pixels are, for where these are not kept: a
 * picture is 4096 bytes, this is 76. */
typedef struct {
  guint64 hash;
  gint32 blocks[16]; /* sums of grey, 4 x 4 */
  gint32 grey;       /* sum of all */
} HfCopySketch;

/* Of a 64 x 64 grey picture. */
void hf_copy_sketch_init (HfCopySketch *self, const guint8 *look);

/* Whether two pictures are near-copies by the same rule, but for the pixels,
 * of which 16 parts are compared instead: near-copies all are, and few others.
 * @row_a and @row_b are float[dim]. Either pair may be NULL: then the other
 * decides. */
gboolean hf_copies_seem_near (const HfCopySketch *a, const HfCopySketch *b,
                              const float *row_a, const float *row_b,
                              gsize dim);

/* 64-bit difference hash of a 64 x 64 grey picture, brought to 9 x 8. */
guint64 hf_copies_hash (const guint8 *look);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfCopies, hf_copies_free)
G_END_DECLS
