/* weights.c: reads tensors in blocks of rows, so that beside the packed copy
 * only a panel is in memory. */
#include "clip/towers/weights.h"

#include <math.h>
#include <string.h>

#define MAX_PARTS 3
/* With fewer numbers in them, taking rows to 8 bits costs what the product
 * gains. */
#define MIN_NARROW 128

static const HfTensor *
get (const HfWeights *self, const char *prefix, const char *leaf)
{
  g_autofree char *name = g_strconcat (prefix, leaf, NULL);

  return hf_model_file_get (self->model, name);
}

static float *
dup_floats (const HfTensor *tensor)
{
  float *values = g_new (float, hf_tensor_get_n_elements (tensor));

  hf_tensor_read (tensor, values);
  return values;
}

float *
hf_weights_dup (const HfWeights *self, const char *name, gsize *n)
{
  const HfTensor *tensor = hf_model_file_get (self->model, name);

  if (n != NULL)
    *n = (gsize) hf_tensor_get_n_elements (tensor);
  return dup_floats (tensor);
}

HfBuffer *
hf_weights_vector (const HfWeights *self, const char *name, GError **error)
{
  const HfTensor *tensor = hf_model_file_get (self->model, name);
  g_autofree float *values = dup_floats (tensor);

  return hf_buffer_new_from (
      hf_ops_get_device (self->ops), values,
      (gsize) hf_tensor_get_n_elements (tensor) * sizeof (float), error);
}

/* Matrices below each other; @data of the callback. */
typedef struct {
  const HfTensor *parts[MAX_PARTS];
  int n_parts;
  gsize k;
} Stack;

static void
read_stack (gpointer data, int first, int n_rows, float *out)
{
  const Stack *stack = data;

  for (int i = 0; i < stack->n_parts && n_rows > 0; i++) {
    const HfTensor *part = stack->parts[i];
    int n = MIN (n_rows, (int) part->shape[0] - first);

    if (n > 0) {
      hf_tensor_read_rows (part, first, n, out);
      out += (gsize) n * stack->k;
      n_rows -= n;
      first = 0;
    } else {
      first -= (int) part->shape[0];
    }
  }
}

static HfMatrix *
pack_stack (const HfWeights *self, Stack *stack, const float *scale,
            const float *bias, const HfSpread *spread, GError **error)
{
  int n = 0;

  stack->k = (gsize) stack->parts[0]->shape[1];
  for (int i = 0; i < stack->n_parts; i++)
    n += (int) stack->parts[i]->shape[0];
  if (spread == NULL)
    return hf_matrix_new (self->ops, n, (int) stack->k, read_stack, stack,
                          scale, bias, error);
  return hf_matrix_new_narrow (self->ops, n, (int) stack->k, read_stack, stack,
                               spread->in, spread->out, scale, bias, error);
}

HfMatrix *
hf_weights_matrix (const HfWeights *self, const char *name, GError **error)
{
  Stack stack = {{hf_model_file_get (self->model, name)}, 1, 0};

  return pack_stack (self, &stack, NULL, NULL, NULL, error);
}

/* What a block's branch adds, y = gamma (x W' + b) column by column, where the
 * model has a LayerScale (Touvron et al. 2021, CaiT): float[n] for the layer
 * @prefix that ends a branch, else NULL. */
static float *
dup_gamma (const HfWeights *self, const char *prefix)
{
  static const struct {
    const char *layer, *gamma;
  } ends[] = {{"attn.out_proj", "ls_1.gamma"}, {"mlp.c_proj", "ls_2.gamma"}};

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (g_str_has_suffix (prefix, ends[i].layer)) {
      g_autofree char *block =
          g_strndup (prefix, strlen (prefix) - strlen (ends[i].layer));
      g_autofree char *name = g_strconcat (block, ends[i].gamma, NULL);
      const HfTensor *gamma = hf_model_file_find (self->model, name);

      return gamma != NULL ? dup_floats (gamma) : NULL;
    }
  return NULL;
}

HfMatrix *
hf_weights_linear (const HfWeights *self, const char *prefix, gboolean has_bias,
                   const HfSpread *spread, GError **error)
{
  Stack stack = {{get (self, prefix, ".weight")}, 1, 0};
  g_autofree float *bias =
      has_bias ? dup_floats (get (self, prefix, ".bias")) : NULL;
  g_autofree float *gamma = dup_gamma (self, prefix);

  for (int i = 0; bias != NULL && gamma != NULL && i < stack.parts[0]->shape[0];
       i++)
    bias[i] *= gamma[i];
  return pack_stack (self, &stack, gamma, bias, spread, error);
}

HfMatrix *
hf_weights_stacked (const HfWeights *self, const char *prefix,
                    const char *const *parts, const HfSpread *spread,
                    GError **error)
{
  Stack stack = {{NULL}, 0, 0};
  g_autoptr (GArray) bias = g_array_new (FALSE, FALSE, sizeof (float));

  for (; parts[stack.n_parts] != NULL; stack.n_parts++) {
    g_autofree char *part = g_strconcat (prefix, parts[stack.n_parts], NULL);
    const HfTensor *tensor = get (self, part, ".bias");
    g_autofree float *values = dup_floats (tensor);

    g_assert (stack.n_parts < MAX_PARTS);
    stack.parts[stack.n_parts] = get (self, part, ".weight");
    g_array_append_vals (bias, values,
                         (guint) hf_tensor_get_n_elements (tensor));
  }
  return pack_stack (self, &stack, NULL, (const float *) bias->data, spread,
                     error);
}

/* A stack in floats, [n][k], whose columns are the rows that are wanted. */
typedef struct {
  float *values;
  int n, k;
} Columns;

static void
read_columns (gpointer data, int first, int n_rows, float *out)
{
  const Columns *columns = data;

  for (int r = 0; r < n_rows; r++)
    for (int i = 0; i < columns->n; i++)
      *out++ = columns->values[(gsize) i * columns->k + first + r];
}

/* No layer that ends a branch shares a stack with another. */
static void
scale_rows (const HfWeights *self, const char *prefix, const char *const *parts,
            Columns *columns)
{
  g_autofree char *layer =
      g_strconcat (prefix, parts != NULL ? parts[0] : "", NULL);
  g_autofree float *gamma = dup_gamma (self, layer);

  for (int r = 0; gamma != NULL && r < columns->n; r++)
    for (int i = 0; i < columns->k; i++)
      columns->values[(gsize) r * columns->k + i] *= gamma[r];
}

HfMatrix *
hf_weights_transposed (const HfWeights *self, const char *prefix,
                       const char *const *parts, GError **error)
{
  Stack stack = {{NULL}, 0, 0};
  Columns columns = {NULL, 0, 0};
  g_autofree float *values = NULL;

  if (parts == NULL)
    stack.parts[stack.n_parts++] = hf_model_file_get (self->model, prefix);
  for (; parts != NULL && parts[stack.n_parts] != NULL; stack.n_parts++) {
    g_autofree char *part = g_strconcat (prefix, parts[stack.n_parts], NULL);

    g_assert (stack.n_parts < MAX_PARTS);
    stack.parts[stack.n_parts] = get (self, part, ".weight");
  }
  for (int i = 0; i < stack.n_parts; i++)
    columns.n += (int) stack.parts[i]->shape[0];
  stack.k = (gsize) stack.parts[0]->shape[1];
  columns.k = (int) stack.k;
  columns.values = values = g_new (float, (gsize) columns.n *stack.k);
  read_stack (&stack, 0, columns.n, values);
  scale_rows (self, prefix, parts, &columns);
  return hf_matrix_new (self->ops, columns.k, columns.n, read_columns, &columns,
                        NULL, NULL, error);
}

HfMatrix *
hf_weights_heads (const HfWeights *self, const char *prefix, int n_heads,
                  GError **error)
{
  Stack stack = {{get (self, prefix, ".weight")}, 1, 0};
  g_autofree float *bias = dup_floats (get (self, prefix, ".bias"));

  stack.k = (gsize) stack.parts[0]->shape[1];
  return hf_matrix_new_grouped (self->ops, (int) stack.parts[0]->shape[0],
                                (int) stack.k, n_heads, read_stack, &stack,
                                NULL, bias, error);
}

/* Heads of a matrix, float[n_heads][n][k], whose columns are the rows that are
 * wanted. */
typedef struct {
  float *values;
  int n, k;
} Heads;

static void
read_heads (gpointer data, int first, int n_rows, float *out)
{
  const Heads *heads = data;

  for (int r = first; r < first + n_rows; r++) {
    const float *head =
        heads->values + (gsize) (r / heads->k) * heads->n * heads->k;

    for (int i = 0; i < heads->n; i++)
      *out++ = head[(gsize) i * heads->k + r % heads->k];
  }
}

HfMatrix *
hf_weights_heads_transposed (const HfWeights *self, const char *prefix,
                             int n_heads, float scale, GError **error)
{
  const HfTensor *weight = get (self, prefix, ".weight");
  g_autofree float *values = dup_floats (weight);
  Heads heads = {values, (int) weight->shape[0] / n_heads,
                 (int) weight->shape[1]};
  const int n = n_heads * heads.k;
  g_autofree float *scales = g_new (float, n);

  for (int i = 0; i < n; i++)
    scales[i] = scale;
  return hf_matrix_new_grouped (self->ops, n, heads.n, n_heads, read_heads,
                                &heads, scales, NULL, error);
}

typedef struct {
  const HfTensor *weight; /* [n][channels][pixels] */
  int channels, pixels;
} Conv;

static void
read_conv (gpointer data, int first, int n_rows, float *out)
{
  const Conv *conv = data;
  const int c_end = conv->channels, p_end = conv->pixels;
  gsize k = (gsize) c_end * p_end;
  g_autofree float *row = g_new (float, k);

  for (int r = 0; r < n_rows; r++, out += k) {
    hf_tensor_read_rows (conv->weight, first + r, 1, row);
    for (int p = 0; p < p_end; p++)
      for (int c = 0; c < c_end; c++)
        out[(gsize) p * c_end + c] = row[(gsize) c * p_end + p];
  }
}

/* y = (x - mean) / sqrt (var + eps) * gain + shift = x scale + bias. */
static void
fold_norm (const HfWeights *self, const char *norm, int n, float *scale,
           float *bias)
{
  g_autofree float *gain = dup_floats (get (self, norm, ".weight"));
  g_autofree float *shift = dup_floats (get (self, norm, ".bias"));
  g_autofree float *mean = dup_floats (get (self, norm, ".running_mean"));
  g_autofree float *var = dup_floats (get (self, norm, ".running_var"));

  for (int i = 0; i < n; i++) {
    double factor = gain[i] / sqrt (var[i] + 1e-5);

    scale[i] = (float) factor;
    bias[i] = (float) (shift[i] - mean[i] * factor);
  }
}

HfMatrix *
hf_weights_conv (const HfWeights *self, const char *prefix, const char *norm,
                 gboolean has_bias, gboolean narrow, GError **error)
{
  const HfTensor *weight = get (self, prefix, ".weight");
  const int n = (int) weight->shape[0];
  g_autofree float *scale = norm != NULL ? g_new (float, n) : NULL;
  g_autofree float *bias = NULL;
  Conv conv = {weight, (int) weight->shape[1],
               (int) (weight->shape[2] * weight->shape[3])};

  if (norm != NULL) {
    bias = g_new (float, n);
    fold_norm (self, norm, n, scale, bias);
  } else if (has_bias) {
    bias = dup_floats (get (self, prefix, ".bias"));
  }
  if (narrow && conv.channels * conv.pixels >= MIN_NARROW)
    return hf_matrix_new_narrow (self->ops, n, conv.channels * conv.pixels,
                                 read_conv, &conv, NULL, NULL, scale, bias,
                                 error);
  return hf_matrix_new (self->ops, n, conv.channels * conv.pixels, read_conv,
                        &conv, scale, bias, error);
}

HfMatrix *
hf_weights_conv3x3 (const HfWeights *self, const char *prefix, const char *norm,
                    int side, GError **error)
{
  const HfTensor *weight = get (self, prefix, ".weight");
  const int n = (int) weight->shape[0];
  g_autofree float *scale = g_new (float, n);
  g_autofree float *bias = g_new (float, n);
  Conv conv = {weight, (int) weight->shape[1], 9};

  fold_norm (self, norm, n, scale, bias);
  return hf_matrix_new_conv3x3 (self->ops, n, conv.channels, side, read_conv,
                                &conv, scale, bias, error);
}
