/* bench-pixels.c: from a photograph's file to the square of pixels, one core.
 *
 *   bench-pixels [--save] [FILE [SIDE_PX]]
 *
 * Without FILE it makes a JPEG of 12 megapixels (4000 x 3000, 4:2:0, about
 * 2 MB) for itself; with --save it writes that JPEG to FILE and ends. Prints
 * one line of JSON: "ms" is the fastest of the runs, "ms_median" the middle
 * one, "bytes" the file's size, and "per_second" holds photographs per second
 * with one and with two threads. Times include reading the file. */
#include "image/pixels.h"

#include "jpegs.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define N_RUNS 25
#define THREAD_SECONDS 2.0

typedef struct {
  const char *path;
  int side_px;
  gint64 end; /* monotonic microseconds */
} Job;

static double
time_one (const char *path, int side_px)
{
  const HfFraming crop = HF_FRAMING_INIT;
  g_autofree guint8 *pixels = g_malloc ((gsize) side_px * side_px * 3);
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  if (!hf_pixels_load (path, &crop, side_px, pixels, &error))
    g_error ("%s", error->message);
  return (double) (g_get_monotonic_time () - start) / 1000;
}

static int
compare_times (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static gpointer
work_thread (gpointer data)
{
  const Job *job = data;
  gsize n_done = 0;

  while (g_get_monotonic_time () < job->end) {
    time_one (job->path, job->side_px);
    n_done++;
  }
  return GSIZE_TO_POINTER (n_done);
}

/* Photographs per second. */
static double
measure_threads (const char *path, int side_px, int n_threads)
{
  Job job = {path, side_px,
             g_get_monotonic_time () +
                 (gint64) (THREAD_SECONDS * G_USEC_PER_SEC)};
  GThread *threads[2];
  gsize n_done = 0;

  for (int i = 0; i < n_threads; i++)
    threads[i] = g_thread_new ("decode", work_thread, &job);
  for (int i = 0; i < n_threads; i++)
    n_done += GPOINTER_TO_SIZE (g_thread_join (threads[i]));
  return (double) n_done / THREAD_SECONDS;
}

static void
measure (const char *path, int side_px)
{
  double times[N_RUNS];
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  for (int i = 0; i < N_RUNS; i++)
    times[i] = time_one (path, side_px);
  qsort (times, N_RUNS, sizeof (times[0]), compare_times);
  g_print (
      "{\"what\": \"pixels\", \"side_px\": %d, \"bytes\": %" G_GINT64_FORMAT
      ", \"ms\": %.2f, \"ms_median\": %.2f, \"per_second\": "
      "{\"1\": %.1f, \"2\": %.1f}}\n",
      side_px, (gint64) info.st_size, times[0], times[N_RUNS / 2],
      measure_threads (path, side_px, 1), measure_threads (path, side_px, 2));
}

int
main (int argc, char **argv)
{
  gboolean is_saved = argc > 2 && strcmp (argv[1], "--save") == 0;
  int side_px = argc > 2 && !is_saved ? atoi (argv[2]) : 224;
  g_autoptr (GBytes) photo = NULL;
  g_autofree char *path = NULL;

  if (argc > 1 && !is_saved) {
    measure (argv[1], side_px);
    return 0;
  }
  photo = jpeg_make (&(JpegKind){4000, 3000, 90, FALSE});
  if (is_saved)
    return g_file_set_contents (argv[2], g_bytes_get_data (photo, NULL),
                                (gssize) g_bytes_get_size (photo), NULL)
               ? 0
               : 1;
  path = jpeg_dup_file (photo);
  measure (path, side_px);
  g_unlink (path);
  return 0;
}
