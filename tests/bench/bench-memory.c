/* bench-memory.c: how much memory loading a model takes, beyond what the
 * process had with the device open (its self-test has built a kernel by then).
 *
 *   bench-memory MODEL f32|f16|bf16 [image|text|both] [THREADS]
 *
 * Prints one line of JSON, sizes in MiB: "base" with the device open, "peak"
 * the most that was resident while loading, "after" at its end, "weights" the
 * elements of the loaded towers in the precision, and "ratio", (peak - base) /
 * weights, which is to be at most 1.25. Mapped pages of the model file count.
 * Exit status 1 if it is more. Linux only: the peak is the kernel's own. */
#include "clip/clip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 1.25

/* A field of /proc/self/status in MiB. */
static double
read_status (const char *field)
{
  g_autofree char *status = NULL;
  const char *at;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  at = strstr (status, field);
  return at ? atol (at + strlen (field)) / 1024.0 : 0;
}

/* Makes the resident size of now the peak (proc(5), clear_refs, 5). */
static void
reset_peak (void)
{
  FILE *file = fopen ("/proc/self/clear_refs", "w");

  if (file == NULL)
    return;
  fputs ("5", file);
  fclose (file);
}

static gboolean
is_wanted (const char *name, HfClipTowers towers)
{
  gboolean is_image = strncmp (name, "visual.", strlen ("visual.")) == 0 ||
                      strncmp (name, "vision", strlen ("vision")) == 0;

  return (towers & (is_image ? HF_CLIP_IMAGES : HF_CLIP_TEXTS)) != 0;
}

/* MiB of the weights of @towers when each element has the precision's size. */
static double
count_weights (const char *path, HfClipTowers towers, HfPrecision precision,
               GError **error)
{
  g_autoptr (HfTensorFile) file = hf_model_file_load_tensors (path, error);
  gint64 n_elements = 0;

  if (file == NULL)
    return -1;
  for (guint i = 0; i < hf_tensor_file_get_n_tensors (file); i++) {
    const HfTensor *tensor = hf_tensor_file_get_nth (file, i);

    if (is_wanted (tensor->name, towers))
      n_elements += hf_tensor_get_n_elements (tensor);
  }
  return n_elements * (precision == HF_PRECISION_F32 ? 4.0 : 2.0) / (1 << 20);
}

static gboolean
measure (const char *path, HfPrecision precision, HfClipTowers towers,
         double *ratio, GError **error)
{
  g_autoptr (HfDevice) device = hf_device_open (NULL, NULL, NULL, error);
  g_autoptr (HfModelFile) model = NULL;
  g_autoptr (HfClip) clip = NULL;
  double base, peak, weights;

  if (device == NULL)
    return FALSE;
  reset_peak ();
  base = read_status ("VmRSS:");
  model = hf_model_file_open (path, error);
  if (model == NULL)
    return FALSE;
  clip = hf_clip_new (device, model, precision, towers, NULL, error);
  if (clip == NULL)
    return FALSE;
  peak = read_status ("VmHWM:");
  weights =
      count_weights (hf_model_file_get_path (model), towers, precision, error);
  if (weights < 0)
    return FALSE;
  *ratio = (peak - base) / weights;
  printf ("{\"model\": \"%s\", \"precision\": \"%s\", \"base\": %.1f, "
          "\"peak\": %.1f, \"after\": %.1f, \"weights\": %.1f, "
          "\"ratio\": %.3f}\n",
          path, hf_precision_get_name (precision), base, peak,
          read_status ("VmRSS:"), weights, *ratio);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  const char *which = argc > 3 ? argv[3] : "both";
  HfClipTowers towers = strcmp (which, "image") == 0 ? HF_CLIP_IMAGES
                        : strcmp (which, "text") == 0
                            ? HF_CLIP_TEXTS
                            : HF_CLIP_IMAGES | HF_CLIP_TEXTS;
  HfPrecision precision;
  double ratio = 0;

  if (argc < 3 || !hf_precision_parse (argv[2], &precision)) {
    fprintf (stderr,
             "bench-memory MODEL f32|f16|bf16 [image|text|both] [THREADS]\n");
    return 2;
  }
  hf_device_prepare_environment (argc > 4 ? atoi (argv[4]) : 0);
  if (!measure (argv[1], precision, towers, &ratio, &error)) {
    fprintf (stderr, "bench-memory: %s\n", error->message);
    return 2;
  }
  return ratio <= MOST ? 0 : 1;
}
