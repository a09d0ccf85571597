/* estimate.c: see the header.
 *
 * A device's self-test multiplies 400 rows by a matrix of 768 x 768 (gflops, at
 * two operations a multiply-add). What towers reach of that is one number for
 * each kind, from docs/performance.md, "Beside other engines", f16: there
 * products of 400 rows run at 88 to 94 % of two cores' 234 GFLOP/s, 213 in the
 * middle, and
 *
 *     ViT-B/32, 8      41.5 ms   2 x  4.41e9   213 GFLOP/s
 *     ViT-B/16, 8       165 ms   2 x 17.56e9   213
 *     ViT-L/14, 8       778 ms   2 x 81.01e9   208
 *     RN50, 8          39.5 ms   2 x  6.11e9   309
 *     RN50x4, 8         147 ms   2 x 21.28e9   290
 *
 * Residual networks are above 1 because Winograd's convolutions, which the
 * kernels for processors have, do with fewer products. On the processor with a
 * matrix unit, the next table, RN50 is 1.4 times ViT-B/32's too. No GPU has
 * been measured. */
#include "app/models/estimate.h"

#include "app/models/speed.h"
#include "app/models/store.h"
#include "compute/device-list.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define OF_PRODUCTS 1.0
#define OF_WINOGRAD 1.4

/* What a pass works in at most: MODEST_BYTES of clip/towers/image-tower.c. */
#define WORK_BYTES (384u << 20)

#define F16_BYTES 2

/* Patches as one product; in each block queries, keys, values and what comes
 * out (4 squares), the hidden layer of four times the width there and back (8),
 * and each token with each twice; the projection of one token. */
static double
count_vit (const HfCatalogueEntry *entry)
{
  const double side = entry->input_px / entry->patch_px;
  const double width = entry->vision_width, tokens = side * side + 1;
  const double patch = 3.0 * entry->patch_px * entry->patch_px;
  const double block =
      12 * tokens * width * width + 2 * tokens * tokens * width;

  return side * side * patch * width + entry->vision_layers[0] * block +
         width * entry->embed_dim;
}

/* Three 3x3 convolutions at half the side; a bottleneck is 1x1 to its planes,
 * 3x3, and 1x1 to four times as many, a layer's first one with a 1x1 shortcut.
 * The average pool of a layer's first block stands behind its 3x3. */
static double
count_resnet (const HfCatalogueEntry *entry)
{
  const double half = entry->vision_width / 2.0;
  double side = entry->input_px / 2, channels = entry->vision_width;
  double sum = side * side * half * (27 + 9 * half + 9 * channels);
  double tokens;

  side /= 2;
  for (int layer = 0; layer < 4; layer++) {
    const double planes = (double) entry->vision_width * (1 << layer);

    for (int i = 0; i < entry->vision_layers[layer]; i++) {
      sum += side * side * (channels * planes + 9 * planes * planes);
      if (layer > 0 && i == 0)
        side /= 2;
      sum += side * side * 4 * planes * (planes + (i == 0 ? channels : 0));
      channels = 4 * planes;
    }
  }
  /* The attention pool. */
  tokens = side * side + 1;
  return sum + 3 * tokens * channels * channels +
         2 * tokens * tokens * channels + tokens * channels * entry->embed_dim;
}

double
hf_estimate_count (const HfCatalogueEntry *entry)
{
  if (!entry->is_vit)
    return count_resnet (entry);
  return entry->patch_px > 0 ? count_vit (entry) : 0;
}

/* The entry of @like's kind that was measured and is nearest in multiply-adds,
 * by their ratio; -1 if there is none. */
static int
find_measured (const HfCatalogue *catalogue, const HfCatalogueEntry *like,
               const double *measured)
{
  const double wanted = log (hf_estimate_count (like));
  double least = INFINITY;
  int nearest = -1;

  for (guint i = 0; i < hf_catalogue_get_n (catalogue); i++) {
    const HfCatalogueEntry *entry = hf_catalogue_get (catalogue, i);
    double distance = fabs (log (hf_estimate_count (entry)) - wanted);

    if (measured[i] <= 0 || entry->is_vit != like->is_vit || distance >= least)
      continue;
    least = distance;
    nearest = (int) i;
  }
  return nearest;
}

static double
reckon_ms (const HfCatalogueEntry *entry, const HfDeviceInfo *device)
{
  const gboolean has_winograd = g_str_equal (device->type, "cpu");
  const double share =
      !entry->is_vit && has_winograd ? OF_WINOGRAD : OF_PRODUCTS;

  return 2e-6 * hf_estimate_count (entry) / (share * device->gflops);
}

HfEstimate *
hf_estimate_all (const HfCatalogue *catalogue, const HfDeviceInfo *device,
                 const double *measured)
{
  const guint n = hf_catalogue_get_n (catalogue);
  HfEstimate *all = g_new0 (HfEstimate, n);

  for (guint i = 0; i < n; i++) {
    const HfCatalogueEntry *entry = hf_catalogue_get (catalogue, i);
    const int like = find_measured (catalogue, entry, measured);

    all[i].ms = like < 0 ? reckon_ms (entry, device)
                         : measured[like] * hf_estimate_count (entry) /
                               hf_estimate_count (
                                   hf_catalogue_get (catalogue, (guint) like));
    all[i].needs_bytes = (guint64) entry->n_parameters * F16_BYTES + WORK_BYTES;
    all[i].fits = all[i].needs_bytes <= device->memory_bytes;
  }
  return all;
}

/* Of a model that is in the catalogue. Others have shapes of their own: what
 * the starter's few channels cost says nothing about 64. */
static void
recall_measured (const HfCatalogue *catalogue, const HfStoredModel *model,
                 const char *device, double *measured)
{
  for (guint i = 0; i < hf_catalogue_get_n (catalogue); i++)
    if (hf_model_names_equal (hf_catalogue_get (catalogue, i)->name,
                              model->name))
      measured[i] = hf_speed_recall (model->folder, device, HF_PRECISION_F16);
}

HfEstimate *
hf_estimate_here (const HfCatalogue *catalogue, const GPtrArray *models,
                  const char *wanted)
{
  g_autoptr (HfDeviceInfo) device = hf_device_recall (wanted);
  g_autofree double *measured = g_new0 (double, hf_catalogue_get_n (catalogue));

  if (device == NULL)
    return NULL;
  for (guint i = 0; i < models->len; i++)
    recall_measured (catalogue, models->pdata[i], device->name, measured);
  return hf_estimate_all (catalogue, device, measured);
}

/* Among quick ones accuracy counts, among the others time. */
static gboolean
is_better (const HfCatalogueEntry *entry, const HfEstimate *estimate,
           const HfCatalogueEntry *than, const HfEstimate *of_that)
{
  const gboolean quick = estimate->ms < HF_ESTIMATE_QUICK_MS;

  if (quick != (of_that->ms < HF_ESTIMATE_QUICK_MS))
    return quick;
  return quick ? entry->zero_shot_percent > than->zero_shot_percent
               : estimate->ms < of_that->ms;
}

const HfCatalogueEntry *
hf_estimate_choose (const HfCatalogue *catalogue, const HfEstimate *estimates)
{
  const HfCatalogueEntry *best = NULL;
  const HfEstimate *of_best = NULL;

  for (guint i = 0; i < hf_catalogue_get_n (catalogue); i++) {
    const HfCatalogueEntry *entry = hf_catalogue_get (catalogue, i);
    const HfEstimate *estimate = &estimates[i];

    if (!estimate->fits || estimate->ms <= 0 ||
        (best != NULL && !is_better (entry, estimate, best, of_best)))
      continue;
    best = entry;
    of_best = estimate;
  }
  return best;
}

static double
round_digits (double value, int n_digits)
{
  const double unit = pow (10, floor (log10 (value)) + 1 - n_digits);

  return round (value / unit) * unit;
}

char *
hf_estimate_dup_time (double ms, int n_digits)
{
  double rounded;

  g_return_val_if_fail (ms > 0 && n_digits > 0, NULL);
  rounded = round_digits (ms, n_digits);
  return rounded < 1000
      /* Translators: milliseconds. */
      ? g_strdup_printf (_("%.4g ms"), rounded)
      /* Translators: seconds. */
      : g_strdup_printf (_("%.4g s"), rounded / 1000);
}

char *
hf_estimate_dup_duration (double seconds)
{
  const gboolean is_short = seconds < 90;
  const int n =
      is_short ? (int) MAX (seconds + .5, 1) : (int) (seconds / 60 + .5);

  return g_strdup_printf (is_short
                              ? g_dngettext (GETTEXT_PACKAGE, "about %d second",
                                             "about %d seconds", (gulong) n)
                              : g_dngettext (GETTEXT_PACKAGE, "about %d minute",
                                             "about %d minutes", (gulong) n),
                          n);
}
