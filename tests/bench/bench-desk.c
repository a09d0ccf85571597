/* bench-desk.c: how long a user of the window waits: for the list of an indexed
 * project, and from a key to new numbers; and how much memory it takes.
 *
 *   bench-desk [PICTURES [LABELS]]      10,000 and 200
 *
 * A real project and a real workspace over empty files in memory; rows of
 * features (512 of a model and 147 classic numbers, five classes) are made up
 * where the extractor would compute them (--wrap), and calculated with as
 * always. One line of JSON: "open_ms" until the pictures are listed,
 * "key_to_numbers_ms" the median of some labels given when all is quiet, beside
 * the best and the worst, "suggestions_ms" from there on, "stall_ms" the
 * longest time that the main loop did not turn while all that went on,
 * "rss_mib" at the end and at its highest. Ends with status 1 if the best takes
 * over 200 ms at 10,000 pictures (other programs disturb it least), or the
 * memory is over 600 MiB. */
#include "app/jobs/pictures.h"
#include "app/project/classes.h"
#include "app/project/labels.h"
#include "app/project/sources.h"
#include "base/rng.h"
#include "image/classic/classic.h"
#include "ui/workspace/workspace.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIM 512
#define CLASSIC_DIM HF_CLASSIC_DIM
#define N_CLASSES 5
#define A_FOLDER 1000
#define N_KEYS 9

struct _HfExtractor {
  gboolean unused;
};

HfExtractor *__wrap_hf_extractor_open (const HfExtractorOptions *options,
                                       HfFeatureStore *store,
                                       HfProgress *progress, GError **error);
void __wrap_hf_extractor_free (HfExtractor *self);
gboolean __wrap_hf_extractor_run (HfExtractor *self, const char *const *paths,
                                  gsize n, HfFeatureFunc func, gpointer data,
                                  HfProgress *progress, GError **error);
gboolean __wrap_hf_extractor_encode_texts (HfExtractor *self,
                                           const char *const *texts, gsize n,
                                           float *out, gsize *n_cut,
                                           GError **error);
gsize __wrap_hf_extractor_get_clip_dim (const HfExtractor *self);
gsize __wrap_hf_extractor_get_classic_dim (const HfExtractor *self);
gsize __wrap_hf_extractor_get_n_tiles (const HfExtractor *self);
double __wrap_hf_extractor_get_logit_scale (const HfExtractor *self);

HfExtractor *
__wrap_hf_extractor_open (const HfExtractorOptions *options,
                          HfFeatureStore *store, HfProgress *progress,
                          GError **error)
{
  return g_new0 (HfExtractor, 1);
}

void
__wrap_hf_extractor_free (HfExtractor *self)
{
  g_free (self);
}

/* A direction of the class, and noise of the picture. */
static void
fill (float *row, gsize dim, guint64 class, guint64 seed, gboolean unit)
{
  double square = 0;
  HfRng rng;

  hf_rng_init (&rng, seed);
  for (gsize j = 0; j < dim; j++) {
    row[j] = (float) (hf_rng_next_double (&rng) - .5);
    row[j] += j % 64 == class * 7 % 64 ? .4f : 0;
    square += (double) row[j] * row[j];
  }
  for (gsize j = 0; j < dim && unit; j++)
    row[j] = (float) (row[j] / sqrt (square));
}

gboolean
__wrap_hf_extractor_run (HfExtractor *self, const char *const *paths, gsize n,
                         HfFeatureFunc func, gpointer data,
                         HfProgress *progress, GError **error)
{
  for (gsize i = 0; i < n; i++) {
    float clip[DIM], classic[CLASSIC_DIM];
    guint8 look[HF_LOOK_PX * HF_LOOK_PX];
    g_autofree char *sha256 =
        g_compute_checksum_for_string (G_CHECKSUM_SHA256, paths[i], -1);
    const HfFeatureRow row = {
        .sha256 = sha256, .clip = clip, .classic = classic, .look = look};
    guint64 seed = g_str_hash (paths[i]);
    HfRng rng;

    if (!hf_progress_check (progress, error))
      return FALSE;
    fill (clip, DIM, seed % N_CLASSES, seed, TRUE);
    fill (classic, CLASSIC_DIM, seed % N_CLASSES, seed + 1, FALSE);
    hf_rng_init (&rng, seed);
    for (gsize j = 0; j < sizeof look; j++)
      look[j] = (guint8) hf_rng_next_below (&rng, 256);
    if (!func (i, &row, NULL, data, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
__wrap_hf_extractor_encode_texts (HfExtractor *self, const char *const *texts,
                                  gsize n, float *out, gsize *n_cut,
                                  GError **error)
{
  for (gsize i = 0; i < n; i++)
    fill (out + i * DIM, DIM, g_str_hash (texts[i]) % N_CLASSES,
          g_str_hash (texts[i]), TRUE);
  if (n_cut != NULL)
    *n_cut = 0;
  return TRUE;
}

gsize
__wrap_hf_extractor_get_clip_dim (const HfExtractor *self)
{
  return DIM;
}

gsize
__wrap_hf_extractor_get_classic_dim (const HfExtractor *self)
{
  return CLASSIC_DIM;
}

gsize
__wrap_hf_extractor_get_n_tiles (const HfExtractor *self)
{
  return 1;
}

double
__wrap_hf_extractor_get_logit_scale (const HfExtractor *self)
{
  return 100;
}

typedef struct {
  char *root, *path;
  guint n_pictures, n_labels;
  gint64 classes[N_CLASSES];
  HfWorkspace *workspace;
  gint64 turned_us, stall_us; /* of the main loop */
} Bench;

static char *
dup_folder (const Bench *self, guint i)
{
  return g_strdup_printf ("%s/pictures/folder-%03u", self->root, i / A_FOLDER);
}

static char *
dup_picture (const Bench *self, guint i)
{
  g_autofree char *folder = dup_folder (self, i);

  return g_strdup_printf ("%s/part-%06u.jpg", folder, i);
}

static void
make_files (const Bench *self)
{
  for (guint i = 0; i < self->n_pictures; i++) {
    g_autofree char *folder = dup_folder (self, i);
    g_autofree char *path = dup_picture (self, i);

    if (i % A_FOLDER == 0)
      g_mkdir_with_parents (folder, 0700);
    if (!g_file_set_contents_full (path, "", 0, G_FILE_SET_CONTENTS_NONE, 0600,
                                   NULL))
      g_error ("%s cannot be made.", path);
  }
}

static void
stop_on (GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

/* Every class gets labels by turns, all over the pictures. */
static void
make_project (Bench *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_create (self->path, &error);
  g_autofree char *folder = g_build_filename (self->root, "pictures", NULL);
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_auto (HfScan) scan = {0};
  g_autoptr (HfSamples) samples = NULL;
  g_autofree HfLabelChange *changes = g_new (HfLabelChange, self->n_labels);
  static const char *const names[] = {"good", "rusty", "cracked", "bent",
                                      "dirty"};

  stop_on (error);
  for (int c = 0; c < N_CLASSES; c++)
    self->classes[c] = hf_project_add_class (
        project, names[c], c == 0 ? HF_CLASS_GOOD : HF_CLASS_DEFECT, &error);
  stop_on (error);
  hf_project_add_source (project, folder, NULL, refusals, &scan, NULL, &error);
  stop_on (error);
  samples = hf_project_dup_samples (project, &error);
  stop_on (error);
  for (guint i = 0; i < self->n_labels; i++) {
    const HfSample *sample =
        samples->samples->pdata[(gsize) i * self->n_pictures / self->n_labels];

    changes[i].image_id = sample->image_id;
    changes[i].class_id = self->classes[g_str_hash (sample->path) % N_CLASSES];
  }
  hf_project_set_labels (project, changes, self->n_labels, HF_LABEL_BY_HAND,
                         HF_SHOWN_BROWSE, NULL, &error);
  stop_on (error);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  ((Bench *) data)->workspace = hf_workspace_open_finish (result, &error);
  stop_on (error);
}

/* Turns the main loop once; how long it took counts, but not how long there was
 * nothing to do. */
static void
turn (Bench *self)
{
  gint64 begun_us;

  while (!g_main_context_pending (NULL))
    g_usleep (200);
  begun_us = g_get_monotonic_time ();
  g_main_context_iteration (NULL, FALSE);
  self->stall_us = MAX (self->stall_us, g_get_monotonic_time () - begun_us);
}

static double
since_ms (gint64 begun_us)
{
  return (double) (g_get_monotonic_time () - begun_us) / 1000;
}

static double
open_workspace (Bench *self)
{
  gint64 begun_us = g_get_monotonic_time ();

  hf_workspace_open_async (self->path, NULL, NULL, opened_cb, self);
  while (self->workspace == NULL)
    turn (self);
  if (g_list_model_get_n_items (hf_workspace_get_pictures (self->workspace)) !=
      self->n_pictures)
    g_error ("Not all pictures are listed.");
  return since_ms (begun_us);
}

/* All rows are there, and the numbers are of all of them. */
static void
settle (Bench *self)
{
  for (;;) {
    HfNumbers *numbers = hf_workspace_get_numbers (self->workspace);

    if (numbers != NULL && numbers->n_predictions == self->n_pictures &&
        numbers->next->len > 0 && numbers->base != NULL &&
        !hf_workspace_get_refreshing (self->workspace))
      break;
    turn (self);
  }
  for (gint64 begun_us = g_get_monotonic_time (); since_ms (begun_us) < 1500;)
    turn (self);
}

/* Labels a picture that has none; the times until numbers and suggestions. */
static void
press_key (Bench *self, guint i, double *numbers_ms, double *next_ms)
{
  g_autoptr (GPtrArray) pictures =
      g_ptr_array_new_with_free_func (g_object_unref);
  guint64 serial = hf_workspace_get_numbers (self->workspace)->serial;
  guint at = (guint) (((gsize) 2 * i + 1) * self->n_pictures / 40 + 1);
  HfNumbers *first;
  gint64 begun_us;

  g_ptr_array_add (
      pictures,
      g_list_model_get_item (hf_workspace_get_pictures (self->workspace), at));
  begun_us = g_get_monotonic_time ();
  hf_workspace_label (self->workspace, pictures, self->classes[i % N_CLASSES]);
  while (hf_workspace_get_numbers (self->workspace)->serial == serial)
    turn (self);
  *numbers_ms = since_ms (begun_us);
  first = hf_workspace_get_numbers (self->workspace);
  while (hf_workspace_get_numbers (self->workspace) == first)
    turn (self);
  *next_ms = since_ms (begun_us);
  for (begun_us = g_get_monotonic_time (); since_ms (begun_us) < 300;)
    turn (self);
}

static double
read_status_mib (const char *name)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    return NAN;
  line = strstr (text, name);
  return line != NULL ? g_ascii_strtod (line + strlen (name) + 1, NULL) / 1024
                      : NAN;
}

static int
compare (const void *a, const void *b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

static void
clear (Bench *self)
{
  g_autofree char *pictures = g_build_filename (self->root, "pictures", NULL);

  for (guint i = 0; i < self->n_pictures; i++) {
    g_autofree char *path = dup_picture (self, i);

    g_unlink (path);
  }
  for (guint i = 0; i < self->n_pictures; i += A_FOLDER) {
    g_autofree char *folder = dup_folder (self, i);

    g_rmdir (folder);
  }
  g_rmdir (pictures);
  g_unlink (self->path);
  g_rmdir (self->root);
  g_free (self->path);
  g_free (self->root);
}

static gboolean
measure (Bench *self)
{
  double open_ms, settle_ms, keys_ms[N_KEYS], next_ms[N_KEYS];
  double rss_mib, peak_mib, seconds;
  gint64 begun_us;

  open_ms = open_workspace (self);
  begun_us = g_get_monotonic_time ();
  settle (self);
  settle_ms = since_ms (begun_us);
  for (guint i = 0; i < N_KEYS; i++)
    press_key (self, i, &keys_ms[i], &next_ms[i]);
  seconds = hf_workspace_get_numbers (self->workspace)->seconds;
  rss_mib = read_status_mib ("VmRSS:");
  peak_mib = read_status_mib ("VmHWM:");
  hf_workspace_close (self->workspace);
  g_object_unref (self->workspace);
  qsort (keys_ms, N_KEYS, sizeof (double), compare);
  qsort (next_ms, N_KEYS, sizeof (double), compare);
  printf ("{\"bench\": \"desk\", \"pictures\": %u, \"labels\": %u, "
          "\"open_ms\": %.0f, \"settle_ms\": %.0f, \"key_to_numbers_ms\": "
          "%.1f, \"key_best_ms\": %.1f, \"key_worst_ms\": %.1f, "
          "\"suggestions_ms\": %.1f, "
          "\"calculation_ms\": %.1f, \"stall_ms\": %.1f, \"rss_mib\": %.0f, "
          "\"peak_mib\": %.0f}\n",
          self->n_pictures, self->n_labels, open_ms, settle_ms,
          keys_ms[N_KEYS / 2], keys_ms[0], keys_ms[N_KEYS - 1],
          next_ms[N_KEYS / 2], 1000 * seconds, (double) self->stall_us / 1000,
          rss_mib, peak_mib);
  return (self->n_pictures > 10000 || keys_ms[0] <= 200) && peak_mib <= 600;
}

int
main (int argc, char **argv)
{
  Bench bench = {.n_pictures = 10000, .n_labels = 200};
  gboolean ok;

  if (argc > 1)
    bench.n_pictures = (guint) g_ascii_strtoull (argv[1], NULL, 10);
  if (argc > 2)
    bench.n_labels = (guint) g_ascii_strtoull (argv[2], NULL, 10);
  if (bench.n_pictures < 100 || bench.n_labels < 10 ||
      bench.n_labels > bench.n_pictures / 2) {
    fprintf (stderr, "usage: bench-desk [PICTURES [LABELS]]\n");
    return 2;
  }
  bench.root = g_strdup ("/dev/shm/handful-desk-XXXXXX");
  if (g_mkdtemp (bench.root) == NULL)
    g_error ("%s cannot be made.", bench.root);
  bench.path = g_build_filename (bench.root, "bench.handful", NULL);
  make_files (&bench);
  make_project (&bench);
  ok = measure (&bench);
  clear (&bench);
  return ok ? 0 : 1;
}
