/* clip.c: the two towers behind one door, batches and unit rows. */
#include "clip/clip.h"

#include "clip/towers/image-tower.h"
#include "clip/towers/text-tower.h"

#include <glib/gi18n-lib.h>
#include <math.h>

struct _HfClip {
  HfOps *ops;
  HfModelFile *model;   /* borrowed */
  HfImageTower *images; /* NULL if not asked for */
  HfTextTower *texts;
  int embed_dim;
  double logit_scale;
};

HfClip *
hf_clip_new (HfDevice *device, HfModelFile *model, HfPrecision precision,
             HfClipTowers towers, HfProgress *progress, GError **error)
{
  g_autoptr (HfClip) self = g_new0 (HfClip, 1);
  const HfClipConfig *config = hf_model_file_get_config (model);
  HfWeights weights = {NULL, model};
  float logit_scale;

  if (!hf_model_file_check_whole (model, error))
    return NULL;
  self->model = model;
  self->embed_dim = config->embed_dim;
  hf_tensor_read (hf_model_file_get (model, "logit_scale"), &logit_scale);
  self->logit_scale = exp (logit_scale);
  weights.ops = self->ops = hf_ops_new (device, precision, error);
  if (self->ops == NULL)
    return NULL;
  if (towers & HF_CLIP_IMAGES) {
    self->images = hf_image_tower_new (&weights, config, 0, progress, error);
    if (self->images == NULL)
      return NULL;
  }
  if (towers & HF_CLIP_TEXTS) {
    self->texts = hf_text_tower_new (&weights, config, progress, error);
    if (self->texts == NULL)
      return NULL;
  }
  hf_model_file_release_pages (model);
  return g_steal_pointer (&self);
}

void
hf_clip_free (HfClip *self)
{
  if (self == NULL)
    return;
  hf_image_tower_free (self->images);
  hf_text_tower_free (self->texts);
  hf_ops_free (self->ops);
  g_free (self);
}

HfOps *
hf_clip_get_ops (HfClip *self)
{
  return self->ops;
}

gsize
hf_clip_get_batch (const HfClip *self)
{
  return self->images != NULL ? (gsize) hf_image_tower_get_batch (self->images)
                              : 0;
}

double
hf_clip_get_logit_scale (const HfClip *self)
{
  return self->logit_scale;
}

/* Scales the rows of @rows to unit length and reads them; @first is the number
 * of the first one in the caller's list. */
static gboolean
read_unit_rows (HfClip *self, HfBuffer *rows, gsize n, const char *what,
                gsize first, float *out, GError **error)
{
  const gsize dim = (gsize) self->embed_dim;

  if (!hf_ops_normalize (self->ops, rows, (int) n, self->embed_dim, error) ||
      !hf_buffer_read (rows, out, n * dim * sizeof (float), error))
    return FALSE;
  hf_ops_settle (self->ops);
  for (gsize i = 0; i < n * dim; i++)
    if (!isfinite (out[i])) {
      g_set_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NOT_FINITE,
                   _("The model gives no finite numbers for %s %zu: its "
                     "weights are damaged%s."),
                      _(what), first + i / dim + 1,
                         hf_ops_get_range_hint (self->ops));
      return FALSE;
    }
  return TRUE;
}

gboolean
hf_clip_encode_images (HfClip *self, const guint8 *pixels, gsize n, float *out,
                       GError **error)
{
  HfBuffer *rows;

  g_return_val_if_fail (self->images != NULL, FALSE);

  rows = hf_image_tower_run (self->images, pixels, (int) n, error);
  return rows != NULL &&
         read_unit_rows (self, rows, n, N_("picture"), 0, out, error);
}

void
hf_clip_set_pixel_scale (HfClip *self, const float mean[3], const float std[3])
{
  g_return_if_fail (self->images != NULL);
  g_return_if_fail (std[0] > 0 && std[1] > 0 && std[2] > 0);

  hf_image_tower_set_pixel_scale (self->images, mean, std);
}

gboolean
hf_clip_encode_texts (HfClip *self, const int *const *ids, const gsize *n_ids,
                      gsize n, float *out, GError **error)
{
  const HfClipConfig *config = hf_model_file_get_config (self->model);
  g_autofree int *lengths = g_new (int, n);

  g_return_val_if_fail (self->texts != NULL, FALSE);
  for (gsize i = 0; i < n; i++)
    g_return_val_if_fail (
        n_ids[i] > 0 && n_ids[i] <= (gsize) config->context_length, FALSE);

  for (gsize i = 0; i < n; i++)
    lengths[i] = hf_text_tower_get_length (self->texts, ids[i], n_ids[i]);
  for (gsize i = 0; i < n;) {
    int many = hf_text_tower_fit (self->texts, lengths + i,
                                  (int) MIN (n - i, G_MAXINT));
    HfBuffer *rows =
        hf_text_tower_run (self->texts, ids + i, lengths + i, many, error);

    if (rows == NULL ||
        !read_unit_rows (self, rows, (gsize) many,
                         N_("text"), i, out + i * (gsize) self->embed_dim,
                             error))
      return FALSE;
    i += (gsize) many;
  }
  return TRUE;
}
