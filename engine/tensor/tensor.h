/* tensor/tensor.h: a named, shaped, strided view of numbers that somebody else
 * keeps (as a rule a mapped file). Read-only; any number of threads. */
#pragma once

#include "tensor/dtype.h"

G_BEGIN_DECLS

#define HF_TENSOR_MAX_DIMS 8

#define HF_TENSOR_ERROR (hf_tensor_error_quark ())

typedef enum {
  HF_TENSOR_ERROR_FORMAT, /* the container is damaged or none */
  HF_TENSOR_ERROR_LIMIT,  /* larger than any model: refused unread */
} HfTensorError;

GQuark hf_tensor_error_quark (void);

/* Readers see to it that the sizes other than 0 multiply to no more than a
 * gint64 holds, in any order, and that every element lies within the data; an
 * empty tensor has strides of which no view leaves the data either. */
typedef struct {
  char *name;
  HfDtype dtype;
  int n_dims; /* 0 for a scalar */
  gint64 shape[HF_TENSOR_MAX_DIMS];
  gint64 strides[HF_TENSOR_MAX_DIMS]; /* in elements, >= 0 */
  const guint8 *data;                 /* borrowed, at any alignment */
} HfTensor;

/* Product of the shape; 1 for a scalar. */
gint64 hf_tensor_get_n_elements (const HfTensor *self);

/* Whether the elements lie dense in row-major order. */
gboolean hf_tensor_is_dense (const HfTensor *self);

/* Whether it has exactly these @n_dims sizes. */
gboolean hf_tensor_has_shape (const HfTensor *self, int n_dims,
                              const gint64 *shape);

/* Converts rows [@first, @first + @n_rows) of the tensor, seen as a matrix
 * [shape[0]][everything else], to float, row-major and dense. A scalar or a
 * vector is one column. Cannot fail. */
void hf_tensor_read_rows (const HfTensor *self, gint64 first, gint64 n_rows,
                          float *out);

/* All elements: float[n_elements]. */
void hf_tensor_read (const HfTensor *self, float *out);

/* A view of rows [@first, @first + @n_rows) of the first dimension, or of the
 * first two dimensions exchanged; the view has no name (NULL). */
HfTensor hf_tensor_view_rows (const HfTensor *self, gint64 first,
                              gint64 n_rows);
HfTensor hf_tensor_view_transposed (const HfTensor *self);

G_END_DECLS
