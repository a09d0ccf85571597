/* app/study/rows.h: labelled rows of features that own what they hold: what a
 * study makes of its samples, and what a bundle carries so that its probe can
 * be trained further where the pictures are not.
 *
 * Plain struct, filled by one of the makers, then read-only. */
#pragma once

#include "app/study/samples.h"
#include "base/progress.h"
#include "tensor/tensor-file.h"

G_BEGIN_DECLS

#define HF_ROWS_ERROR (hf_rows_error_quark ())

typedef enum {
  HF_ROWS_ERROR_FORMAT,   /* stored tensors are no rows */
  HF_ROWS_ERROR_MISMATCH, /* rows of two kinds of features */
  HF_ROWS_ERROR_MEMORY,   /* more rows than memory */
} HfRowsError;

GQuark hf_rows_error_quark (void);

typedef struct {
  gsize n;
  gsize n_tiles, clip_dim, classic_dim;
  GPtrArray *classes; /* HfSampleClass *, each with at least one row */
  float *clip;        /* [n][n_tiles][clip_dim], or NULL */
  float *classic;     /* [n][n_tiles][classic_dim], or NULL */
  guint8 *looks;      /* [n][HF_LOOK_PX][HF_LOOK_PX] */
  char **sha256;      /* [n] */
  int *label;         /* [n] */
  char **group_name;  /* [n], NULL where a picture stands alone */
  int *group;         /* [n], from the names */
  int *cluster;       /* [n], sets of near-copies */
  gboolean bounded;   /* some may have been missed: HfCopies.was_bounded */
  gboolean *audited;  /* [n] */
  HfClassKind *kinds; /* [n_classes] */
  float *text;        /* [n_classes][clip_dim], or NULL */
  double logit_scale;
  HfTuner *tuner; /* of the prompts of these classes, or NULL; not stored */
  HfDataset data; /* a view of all that */
} HfRows;

/* Room for @n rows, all of it zero, none a near-copy of another.
 * HF_ROWS_ERROR_MEMORY. */
HfRows *hf_rows_new (gsize n, gsize n_tiles, gsize clip_dim, gsize classic_dim,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, but only the first @n_seen rows have a look; the others must not be
 * copied. */
HfRows *hf_rows_new_partly_seen (gsize n, gsize n_seen, gsize n_tiles,
                                 gsize clip_dim, gsize classic_dim,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_rows_free (HfRows *self);

/* Call when all else is filled in: numbers the groups, takes the kinds from
 * the classes and makes the view. */
void hf_rows_finish (HfRows *self);

/* Copies row @from of @source, of the same sizes, to row @to; not its label. */
void hf_rows_copy (HfRows *self, gsize to, const HfRows *source, gsize from);

/* Fills in the clusters. FALSE only with G_IO_ERROR_CANCELLED. */
gboolean hf_rows_find_near_copies (HfRows *self, HfProgress *progress,
                                   GError **error);

/* Unit rows for comparing pictures, float[n][clip_dim] (caller frees): the mean
 * over the tiles; NULL without clip rows. */
float *hf_rows_dup_unit (const float *clip, gsize n, gsize n_tiles,
                         gsize clip_dim) G_GNUC_WARN_UNUSED_RESULT;

/* Whether some group holds several pictures. */
gboolean hf_rows_have_groups (const HfRows *self);

/* Whether both have classes of the same names in the same order. */
gboolean hf_rows_are_alike (const HfRows *self, const HfRows *other);

/* @old with the rows of @fresh behind it. A picture that is in both counts with
 * its fresh label. Classes are matched by name, those of @old first, and take
 * the fresh kind; the tuner is kept if the classes are the fresh ones.
 * Near-copies are looked for again over all. *@n_old is how
 * many of the result are old rows; they come first. HF_ROWS_ERROR_MISMATCH if
 * the sizes differ; G_IO_ERROR_CANCELLED. */
HfRows *hf_rows_join (const HfRows *old, const HfRows *fresh, gsize *n_old,
                      HfProgress *progress,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As tensors, and back; docs/formats.md describes them. The tensors view
 * @self, which must outlive them. HF_ROWS_ERROR_FORMAT names what is wrong. */
HfTensorFile *
hf_rows_dup_tensors (const HfRows *self) G_GNUC_WARN_UNUSED_RESULT;
HfRows *hf_rows_new_from_tensors (const HfTensorFile *tensors,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfRows, hf_rows_free)
G_END_DECLS
