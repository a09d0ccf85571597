/* bench-cold.c: judging 100,000 pictures whose rows are in the feature cache.
 *
 *   bench-cold [COUNT]
 *
 * Makes a cache of COUNT pictures with made-up numbers, 512 of a model, 147
 * classic ones and a grey look, written in the portions of the extractor, and a
 * probe of 200 labels over both blocks. Then it reads the rows of both blocks
 * and judges them: with the cache's file out of the system's memory
 * (posix_fadvise; the disk's own memory is beyond that), and once more with the
 * file in it. One line of JSON: "cold_s" and "warm_s" are from the opening of
 * the cache to the last probability, "read_s" the part of the first that is
 * reading; the aim is 1.5 s. */
#include "evaluate/predictions.h"
#include "features/store.h"
#include "image/classic/classic.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rng.h"

#define DIM 512
#define LOOK_BYTES 4096
#define N_LABELS 200
#define N_CLASSES 5
#define PORTION 256
#define AIM_S 1.5

static const char *const keys[] = {"clip", "classic", "look"};

/* Numbers about 0; the first block of a picture is a unit row. */
static void
draw_row (HfRng *rng, int label, float *clip, float *classic)
{
  double square = 0;

  for (int j = 0; j < DIM; j++) {
    clip[j] =
        (float) (hf_rng_next_double (rng) - 0.3 + 0.2 * sin (label * 7.0 + j));
    square += (double) clip[j] * clip[j];
  }
  for (int j = 0; j < DIM; j++)
    clip[j] /= (float) sqrt (square);
  for (int j = 0; j < HF_CLASSIC_DIM; j++)
    classic[j] =
        (float) (hf_rng_next_double (rng) + 0.1 * sin (label * 5.0 + j));
}

static char **
dup_names (gsize n)
{
  char **names = g_new0 (char *, n + 1);

  for (gsize i = 0; i < n; i++) {
    g_autofree char *text = g_strdup_printf ("%" G_GSIZE_FORMAT, i);

    names[i] = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  }
  return names;
}

static void
fill (HfFeatureStore *store, char **names, gsize n)
{
  g_autofree float *clip = g_new (float, PORTION *DIM);
  g_autofree float *classic = g_new (float, PORTION *HF_CLASSIC_DIM);
  g_autofree guint8 *looks = g_malloc0 (PORTION * LOOK_BYTES);
  HfRng rng;

  hf_rng_init (&rng, 1);
  for (gsize first = 0; first < n; first += PORTION) {
    gsize m = MIN (PORTION, n - first);
    const char *const *at = (const char *const *) names + first;

    for (gsize i = 0; i < m; i++)
      draw_row (&rng, (int) (i % N_CLASSES), clip + i * DIM,
                classic + i * HF_CLASSIC_DIM);
    hf_feature_store_put (store, keys[0], at, m, clip, DIM * sizeof (float));
    hf_feature_store_put (store, keys[1], at, m, classic,
                          HF_CLASSIC_DIM * sizeof (float));
    hf_feature_store_put (store, keys[2], at, m, looks, LOOK_BYTES);
  }
}

static HfProbe *
train (void)
{
  g_autofree float *clip = g_new (float, N_LABELS *DIM);
  g_autofree float *classic = g_new (float, N_LABELS *HF_CLASSIC_DIM);
  int label[N_LABELS], group[N_LABELS];
  HfClassKind kinds[N_CLASSES] = {0};
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;
  g_autoptr (GError) error = NULL;
  HfDataset data = {.n_rows = N_LABELS,
                    .n_classes = N_CLASSES,
                    .n_tiles = 1,
                    .clip_dim = DIM,
                    .classic_dim = HF_CLASSIC_DIM,
                    .clip = clip,
                    .classic = classic,
                    .label = label,
                    .group = group,
                    .kinds = kinds,
                    .logit_scale = 1};
  HfProbe *probe;
  HfRng rng;

  hf_rng_init (&rng, 2);
  for (int i = 0; i < N_LABELS; i++) {
    label[i] = i % N_CLASSES;
    group[i] = i;
    draw_row (&rng, label[i], clip + i * DIM, classic + i * HF_CLASSIC_DIM);
  }
  spec.blocks = HF_BLOCKS_BOTH;
  probe = hf_probe_train (&data, NULL, N_LABELS, &spec, NULL, &error);
  if (probe == NULL)
    g_error ("%s", error->message);
  return probe;
}

/* Out of the system's memory with the file, log and all. */
static void
drop (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    return;
  fsync (fd);
  posix_fadvise (fd, 0, 0, POSIX_FADV_DONTNEED);
  close (fd);
}

static void
read_block (HfFeatureStore *store, const char *key, char **names, gsize n,
            gsize width, float *out)
{
  GBytes *found[PORTION];

  for (gsize first = 0; first < n; first += PORTION) {
    gsize m = MIN (PORTION, n - first);

    hf_feature_store_get (store, key, (const char *const *) names + first, m,
                          found);
    for (gsize i = 0; i < m; i++) {
      if (found[i] == NULL)
        g_error ("picture %" G_GSIZE_FORMAT " is not in the cache", first + i);
      memcpy (out + (first + i) * width, g_bytes_get_data (found[i], NULL),
              width * sizeof *out);
      g_bytes_unref (found[i]);
    }
  }
}

/* Seconds from a closed cache to probabilities. */
static double
judge (const char *path, const HfProbe *probe, char **names, gsize n,
       double *read_s)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (HfFeatureStore) store =
      hf_feature_store_open (path, (guint64) 8 << 30, NULL);
  g_autofree float *clip = g_new (float, n *DIM);
  g_autofree float *classic = g_new (float, n *HF_CLASSIC_DIM);
  g_autofree double *out = g_new (double, n *N_CLASSES);
  g_autofree double *distances = g_new (double, n);

  read_block (store, keys[0], names, n, DIM, clip);
  read_block (store, keys[1], names, n, HF_CLASSIC_DIM, classic);
  *read_s = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  hf_predictions_make (probe, clip, classic, n, 0, NULL, out, distances, NULL);
  return (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

static void
print_number (const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  printf (", \"%s\": %s", name,
          g_ascii_formatd (text, sizeof text, "%.3g", value));
}

int
main (int argc, char **argv)
{
  gsize n = argc > 1 ? (gsize) atol (argv[1]) : 100000;
  g_autofree char *folder = g_dir_make_tmp ("handful-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "features.db", NULL);
  g_autofree char *lock = g_strconcat (path, ".lock", NULL);
  g_auto (GStrv) names = dup_names (n);
  g_autoptr (HfProbe) probe = train ();
  HfFeatureStore *store = hf_feature_store_open (path, (guint64) 8 << 30, NULL);
  double cold, warm, read_s, warm_read_s;

  fill (store, names, n);
  hf_feature_store_close (store);
  drop (path);
  cold = judge (path, probe, names, n, &read_s);
  warm = judge (path, probe, names, n, &warm_read_s);
  printf ("{\"what\": \"score from the cache\"");
  print_number ("rows", (double) n);
  print_number ("cold_s", cold);
  print_number ("read_s", read_s);
  print_number ("warm_s", warm);
  print_number ("warm_read_s", warm_read_s);
  print_number ("aim_s", AIM_S);
  puts ("}");
  g_unlink (path);
  g_unlink (lock);
  g_rmdir (folder);
  return cold < AIM_S ? 0 : 1;
}
