/* verify.c: the golden pictures through the model that is here. */
#include "app/inspect/inspector-private.h"

#include "app/charts/wording.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define LEAST_COSINE 0.9999
#define LARGEST_DIFFERENCE 0.005

typedef struct {
  const HfInspector *inspector;
  HfVerification *out;
  GPtrArray *faults; /* char *, a clause for each picture that moved, or NULL */
} Verifying;

/* The least cosine over @n rows of @dim numbers; two rows of zeros agree. */
static double
compare_rows (const float *a, const float *b, gsize n, gsize dim)
{
  double least = 1;

  for (gsize r = 0; r < n; r++, a += dim, b += dim) {
    double ab = 0, aa = 0, bb = 0;

    for (gsize i = 0; i < dim; i++) {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    if (aa > 0 || bb > 0)
      least = MIN (least, aa > 0 && bb > 0 ? ab / sqrt (aa * bb) : 0);
  }
  return least;
}

/* @wanted may be missing where a probe does not use the block. */
static char *
compare_block (Verifying *self, const char *name, GBytes *wanted,
               const float *got, gsize dim)
{
  gsize n_tiles = hf_extractor_get_n_tiles (self->inspector->extractor);
  g_autofree char *text = NULL;
  double cosine;

  if (wanted == NULL || got == NULL)
    return NULL;
  if (g_bytes_get_size (wanted) != n_tiles * dim * sizeof (float))
    return g_strdup_printf (_("its %s features have another size"), name);
  cosine = compare_rows (g_bytes_get_data (wanted, NULL), got, n_tiles, dim);
  self->out->least_cosine = MIN (self->out->least_cosine, cosine);
  if (cosine >= LEAST_COSINE)
    return NULL;
  text = hf_wording_dup_decimal (cosine, 6);
  return g_strdup_printf (_("its %s features have a cosine of %s to what they must be"), name, text);
}

static char *
compare_probabilities (Verifying *self, const HfGolden *golden,
                       const HfFeatureRow *row)
{
  const HfBundleContent *content = hf_inspector_get_content (self->inspector);
  int n_classes = hf_probe_get_n_classes (content->probe);
  const double *wanted = g_bytes_get_data (golden->probabilities, NULL);
  g_autofree double *got = g_new (double, n_classes);
  int worst = 0;
  double difference;

  hf_probe_predict (content->probe, row->clip, row->classic, 1, got, NULL);
  for (int c = 1; c < n_classes; c++)
    if (fabs (got[c] - wanted[c]) > fabs (got[worst] - wanted[worst]))
      worst = c;
  difference = fabs (got[worst] - wanted[worst]);
  self->out->largest_difference =
      MAX (self->out->largest_difference, difference);
  if (difference <= LARGEST_DIFFERENCE)
    return NULL;
  return g_strdup_printf (_("%s has a probability of %.4f and must have %.4f"),
                             content->classes[worst], got[worst],
                             wanted[worst]);
}

static gboolean
row_cb (gsize index, const HfFeatureRow *row, const GError *refused,
        gpointer data, GError **error)
{
  Verifying *self = data;
  const HfExtractor *extractor = self->inspector->extractor;
  const HfBundleContent *content = hf_inspector_get_content (self->inspector);
  const HfGolden *golden = content->goldens->pdata[index];
  char *fault;

  if (row == NULL) {
    self->faults->pdata[index] = g_strdup (refused->message);
    return TRUE;
  }
  fault = compare_block (self, "CLIP", golden->clip, row->clip,
                         hf_extractor_get_clip_dim (extractor));
  if (fault == NULL)
    fault = compare_block (self, "classic", golden->classic, row->classic,
                           hf_extractor_get_classic_dim (extractor));
  if (fault == NULL)
    fault = compare_probabilities (self, golden, row);
  self->faults->pdata[index] = fault;
  return TRUE;
}

/* Pictures as files (caller unrefs the list of borrowed paths). */
static GPtrArray *
write_pictures (HfInspector *self, GError **error)
{
  const GPtrArray *goldens = hf_inspector_get_content (self)->goldens;
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  for (guint i = 0; i < goldens->len; i++) {
    const HfGolden *golden = goldens->pdata[i];
    g_autofree char *base = g_path_get_basename (golden->name);
    const char *path =
        hf_inspector_write_scratch (self, base, golden->bytes, error);

    if (path == NULL)
      return NULL;
    g_ptr_array_add (paths, (char *) path);
  }
  return g_steal_pointer (&paths);
}

static gboolean
set_moved (const HfInspector *self, const Verifying *verifying, GError **error)
{
  const GPtrArray *goldens = hf_inspector_get_content (self)->goldens;
  guint n_moved = 0, first = goldens->len;

  for (guint i = goldens->len; i-- > 0;)
    if (verifying->faults->pdata[i] != NULL) {
      n_moved++;
      first = i;
    }
  if (n_moved == 0)
    return TRUE;
  g_set_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_MOVED,
               _("The probe %s gives other numbers here than where it was "
                 "made: %u of %u golden pictures moved, first %s: %s. Do not "
                 "use it with this model on this device."),
                  self->path, n_moved, goldens->len,
                  ((const HfGolden *) goldens->pdata[first])->name,
                  (const char *) verifying->faults->pdata[first]);
  return FALSE;
}

gboolean
hf_inspector_verify (HfInspector *self, HfVerification *out,
                     HfProgress *progress, GError **error)
{
  const GPtrArray *goldens = hf_inspector_get_content (self)->goldens;
  g_autoptr (GPtrArray) paths = NULL;
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  Verifying verifying = {.inspector = self, .out = out, .faults = faults};

  *out = (HfVerification){.n_pictures = goldens->len, .least_cosine = 1};
  if (goldens->len == 0) {
    g_set_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_MOVED,
                 _("The probe %s holds no golden picture, so that nothing "
                   "shows whether it gives the same numbers here. Export it "
                   "again."),
                    self->path);
    return FALSE;
  }
  paths = write_pictures (self, error);
  if (paths == NULL)
    return FALSE;
  g_ptr_array_set_size (faults, (int) goldens->len);
  return hf_extractor_run (self->extractor, (const char *const *) paths->pdata,
                           paths->len, row_cb, &verifying, progress, error) &&
         set_moved (self, &verifying, error);
}
