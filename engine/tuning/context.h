/* tuning/context.h: prompts whose shared words are replaced by vectors that
 * learn.
 *
 * The words before the first one in which two classes differ are the
 * template's ("a photo of a"). The last n_vectors of them become vectors, which
 * begin as what is written; where there are fewer words, more vectors are put
 * in front of them, which begin near zero, at random. What is before and behind
 * stays as it is written:
 *
 *   start a photo of a | rusty ring . end
 *   start [1] [2] [3] [4] rusty ring . end                      4 vectors
 *   start [1] [2] [3] [4] [5] [6] rusty ring . end              6
 *
 * Vectors are shared by the classes, or each class has its own. A plain struct;
 * read-only once made. */
#pragma once

#include "tuning/text-tape.h"

G_BEGIN_DECLS

typedef struct {
  int n_classes, n_vectors, n_sets; /* sets: 1, or n_classes */
  int width;
  int first;      /* place of the first vector in every prompt */
  int n_shared;   /* rows that all prompts begin with */
  int *lengths;   /* [n_classes], rows of each prompt */
  int n_rows;     /* their sum */
  float *rows;    /* [n_rows][width]: token rows; those of vectors as begun */
  float *vectors; /* [n_sets][n_vectors][width]: what they begin as */
} HfContext;

/* Tokens of class c are @ids[c][@n_ids[c]], from start to end token; at least
 * two classes. They are cut where the vectors leave no room in
 * @context_length. */
HfContext *hf_context_new (const HfTextTape *tape, const int *const *ids,
                           const gsize *n_ids, int n_classes,
                           int context_length, int n_vectors,
                           gboolean per_class,
                           guint64 seed) G_GNUC_WARN_UNUSED_RESULT;
void hf_context_free (HfContext *self);

gsize hf_context_get_n_numbers (const HfContext *self); /* of all vectors */

/* Puts @vectors, [n_sets][n_vectors][width], into @rows, a copy of the
 * context's. */
void hf_context_put (const HfContext *self, const float *vectors, float *rows);

/* Adds up what the gradient of the rows, [n_rows][width], says of the vectors,
 * to double[n_sets][n_vectors][width]. */
void hf_context_gather (const HfContext *self, const float *d_rows,
                        double *d_vectors);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfContext, hf_context_free)
G_END_DECLS
