/* bench-tower.c: a tower that runs on command, so that another program can
 * time it call by call beside its own engine, without our start-up.
 *
 *   bench-tower MODEL f32|f16|bf16|int8 image|text [THREADS]
 *
 * Says "ready" and the device once the tower is loaded, then answers each line
 * of stdin with one line:
 *
 *   image N       encodes N made-up pictures         -> milliseconds
 *   prompt ID...  keeps a prompt of these token ids  -> prompts kept
 *   text N        encodes the first N prompts        -> milliseconds
 *   row I         row I of the last call             -> its numbers
 *   memory        resident now and at most           -> two numbers, KiB
 *
 * Byte i of the made-up pictures, counted over all of them, is the highest
 * byte of the 32-bit product of i and 2654435761 (Knuth's multiplicative
 * hash), so that a peer can make the same ones. */
#include "clip/clip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_IMAGES 32
#define MAX_PROMPTS 256

typedef struct {
  HfDevice *device;
  HfModelFile *model;
  HfClip *clip;
  int dim;           /* of a row */
  gsize image_bytes; /* px * px * 3 */
  guint8 *pixels;    /* [MAX_IMAGES][px][px][3] */
  GPtrArray *ids;    /* a prompt each: int[n_ids] */
  GArray *n_ids;     /* gsize */
  float *rows;       /* [n_rows][dim] of the last call */
  gsize n_rows;
} Bench;

static gboolean
open_bench (Bench *self, char **argv, GError **error)
{
  HfClipTowers towers =
      strcmp (argv[3], "text") == 0 ? HF_CLIP_TEXTS : HF_CLIP_IMAGES;
  HfPrecision precision;

  if (!hf_precision_parse (argv[2], &precision)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "no precision %s: say f32, f16, bf16 or int8", argv[2]);
    return FALSE;
  }
  self->device = hf_device_open (NULL, NULL, NULL, error);
  if (self->device == NULL)
    return FALSE;
  self->model = hf_model_file_open (argv[1], error);
  if (self->model == NULL)
    return FALSE;
  self->clip =
      hf_clip_new (self->device, self->model, precision, towers, NULL, error);
  return self->clip != NULL;
}

static void
make_inputs (Bench *self)
{
  const HfClipConfig *config = hf_model_file_get_config (self->model);
  gsize n_bytes;

  self->dim = config->embed_dim;
  self->image_bytes = (gsize) config->image_px * config->image_px * 3;
  n_bytes = MAX_IMAGES * self->image_bytes;
  self->pixels = g_malloc (n_bytes);
  for (gsize i = 0; i < n_bytes; i++)
    self->pixels[i] = ((guint32) i * 2654435761u) >> 24;
  self->rows =
      g_new0 (float, (gsize) MAX (MAX_IMAGES, MAX_PROMPTS) * self->dim);
  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->n_ids = g_array_new (FALSE, FALSE, sizeof (gsize));
}

static void
close_bench (Bench *self)
{
  g_clear_pointer (&self->n_ids, g_array_unref);
  g_clear_pointer (&self->ids, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_free);
  g_clear_pointer (&self->pixels, g_free);
  g_clear_pointer (&self->clip, hf_clip_free);
  g_clear_pointer (&self->model, hf_model_file_free);
  g_clear_pointer (&self->device, hf_device_close);
}

/* More pictures than a batch holds are several calls, as in the program. */
static gboolean
encode_images (Bench *self, gsize n, GError **error)
{
  gsize batch = hf_clip_get_batch (self->clip);

  for (gsize first = 0; first < n; first += batch)
    if (!hf_clip_encode_images (
            self->clip, self->pixels + first * self->image_bytes,
            MIN (batch, n - first), self->rows + first * self->dim, error))
      return FALSE;
  return TRUE;
}

static gboolean
encode_texts (Bench *self, gsize n, GError **error)
{
  return hf_clip_encode_texts (
      self->clip, (const int *const *) self->ids->pdata,
      (const gsize *) (gconstpointer) self->n_ids->data, n, self->rows, error);
}

static gboolean
run_timed (Bench *self, gboolean is_text, gsize n, GError **error)
{
  gint64 start_us = g_get_monotonic_time ();

  if (is_text ? !encode_texts (self, n, error)
              : !encode_images (self, n, error))
    return FALSE;
  self->n_rows = n;
  printf ("%.3f\n", (g_get_monotonic_time () - start_us) / 1e3);
  return TRUE;
}

static void
keep_prompt (Bench *self, char *numbers)
{
  g_auto (GStrv) words = g_strsplit (g_strstrip (numbers), " ", -1);
  gsize n = g_strv_length (words);
  int *ids = g_new0 (int, n);

  for (gsize i = 0; i < n; i++)
    ids[i] = atoi (words[i]);
  g_ptr_array_add (self->ids, ids);
  g_array_append_val (self->n_ids, n);
  printf ("%u\n", self->ids->len);
}

static void
print_row (const Bench *self, gsize row)
{
  for (int i = 0; i < self->dim && row < self->n_rows; i++)
    printf ("%.9g ", self->rows[row * self->dim + i]);
  printf ("\n");
}

static void
print_memory (void)
{
  g_autofree char *status = NULL;
  const char *now = NULL, *peak = NULL;

  if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL)) {
    now = strstr (status, "VmRSS:");
    peak = strstr (status, "VmHWM:");
  }
  printf ("%ld %ld\n", now ? atol (now + 6) : 0, peak ? atol (peak + 6) : 0);
}

static gboolean
answer (Bench *self, char *line, GError **error)
{
  gsize n = 0;

  if (sscanf (line, "image %zu", &n) == 1 && n > 0 && n <= MAX_IMAGES)
    return run_timed (self, FALSE, n, error);
  if (sscanf (line, "text %zu", &n) == 1 && n > 0 && n <= self->ids->len)
    return run_timed (self, TRUE, n, error);
  if (sscanf (line, "row %zu", &n) == 1) {
    print_row (self, n);
    return TRUE;
  }
  if (g_str_has_prefix (line, "prompt ") && self->ids->len < MAX_PROMPTS) {
    keep_prompt (self, line + strlen ("prompt "));
    return TRUE;
  }
  if (g_str_has_prefix (line, "memory")) {
    print_memory ();
    return TRUE;
  }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "cannot answer: %s", line);
  return FALSE;
}

static gboolean
serve (Bench *self, GError **error)
{
  gboolean done = TRUE;
  char *line = NULL;
  size_t room = 0;

  printf ("ready %s\n", hf_device_get_info (self->device)->name);
  fflush (stdout);
  while (done && getline (&line, &room, stdin) > 0) {
    done = answer (self, line, error);
    fflush (stdout);
  }
  free (line);
  return done;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  Bench bench = {0};
  gboolean done;

  if (argc < 4) {
    fprintf (stderr, "bench-tower MODEL f32|f16|bf16|int8 image|text "
                     "[THREADS]\n");
    return 2;
  }
  hf_device_prepare_environment (argc > 4 ? atoi (argv[4]) : 0);
  done = open_bench (&bench, argv, &error);
  if (done) {
    make_inputs (&bench);
    done = serve (&bench, &error);
  }
  close_bench (&bench);
  if (!done)
    fprintf (stderr, "bench-tower: %s\n", error->message);
  return done ? 0 : 1;
}
