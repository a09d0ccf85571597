/* misses.c: see misses-private.h. */
#include "app/report/misses-private.h"

#include "app/report/facts-private.h"
#include "base/json.h"
#include "image/image.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* Longer side of a small picture: 2.5 cm at 300 dpi. */
#define SIDE_PX 300

typedef struct {
  gsize at;   /* index of what was tested */
  int weight; /* 0 escape, 1 overkill, 2 wrong */
  double probability;
} Candidate;

void
hf_miss_free (HfMiss *self)
{
  g_free (self->name);
  g_free (self->group);
  g_free (self->truth);
  g_free (self->predicted);
  g_free (self->rgb);
  g_clear_pointer (&self->jpeg, g_bytes_unref);
  g_free (self);
}

static HfClassKind
get_kind (const HfReportInput *input, int c)
{
  return ((const HfSampleClass *) hf_report_get_classes (input)->pdata[c])
      ->kind;
}

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *left = a, *right = b;

  if (left->weight != right->weight)
    return left->weight - right->weight;
  if (left->probability != right->probability)
    return left->probability > right->probability ? -1 : 1;
  return (left->at > right->at) - (left->at < right->at);
}

/* All misses, the worst first. */
static GArray *
find_candidates (const HfReportInput *input)
{
  const HfEvaluation *evaluation = input->evaluation;
  const HfProbeEvaluation *probe = hf_report_get_probe (input);
  GArray *found = g_array_new (FALSE, FALSE, sizeof (Candidate));

  if (probe == NULL)
    return found;
  for (gsize i = 0; i < evaluation->n_tested; i++) {
    int truth = evaluation->truth[i], predicted = probe->predicted[i];
    Candidate one = {.at = i, .weight = 2};

    if (truth == predicted)
      continue;
    if (get_kind (input, truth) == HF_CLASS_DEFECT &&
        get_kind (input, predicted) == HF_CLASS_GOOD)
      one.weight = 0;
    else if (get_kind (input, truth) == HF_CLASS_GOOD &&
             get_kind (input, predicted) != HF_CLASS_GOOD)
      one.weight = 1;
    one.probability = probe->probabilities[i * (gsize) evaluation->n_classes +
                                           (gsize) predicted];
    g_array_append_val (found, one);
  }
  g_array_sort (found, compare_candidates);
  return found;
}

gint64
hf_misses_count (const HfReportInput *input)
{
  g_autoptr (GArray) found = find_candidates (input);

  return found->len;
}

/* Rows without what pads them. */
static guint8 *
dup_rows (const GdkPixbuf *pixbuf)
{
  gsize width = (gsize) gdk_pixbuf_get_width (pixbuf) * 3;
  gsize height = (gsize) gdk_pixbuf_get_height (pixbuf);
  guint8 *rows = g_malloc (width * height);

  for (gsize y = 0; y < height; y++)
    memcpy (rows + y * width,
            gdk_pixbuf_read_pixels (pixbuf) +
                y * (gsize) gdk_pixbuf_get_rowstride (pixbuf),
            width);
  return rows;
}

/* The picture, made small, as a JPEG; a failure leaves the miss without one,
 * for its reason stands among what could not be read. */
static void
take_picture (HfMiss *self, const char *path)
{
  g_autoptr (HfImage) image = hf_image_load (path, NULL);
  g_autoptr (GdkPixbuf) whole = NULL, small = NULL;
  double scale;
  char *bytes;
  gsize size;

  if (image == NULL)
    return;
  scale = MIN (1, (double) SIDE_PX / MAX (image->width, image->height));
  self->width = MAX (1, (int) (image->width * scale + 0.5));
  self->height = MAX (1, (int) (image->height * scale + 0.5));
  whole = gdk_pixbuf_new_from_data (image->rgb, GDK_COLORSPACE_RGB, FALSE, 8,
                                    image->width, image->height,
                                    image->width * 3, NULL, NULL);
  small = gdk_pixbuf_scale_simple (whole, self->width, self->height,
                                   GDK_INTERP_BILINEAR);
  if (small == NULL || !gdk_pixbuf_save_to_buffer (small, &bytes, &size, "jpeg",
                                                   NULL, "quality", "85", NULL))
    return;
  self->jpeg = g_bytes_new_take (bytes, size);
  self->rgb = dup_rows (small);
}

/* What turns the text behind it: the blocks of scripts that are written from
 * the right (Unicode Standard Annex 9), and the controls that mark, embed,
 * override and isolate. */
static gboolean
is_turning (gunichar c)
{
  static const gunichar ranges[][2] = {
      {0x590, 0x8ff},     {0x200e, 0x200f},   {0x202a, 0x202e},
      {0x2066, 0x2069},   {0xfb1d, 0xfdff},   {0xfe70, 0xfeff},
      {0x10800, 0x10fff}, {0x1e800, 0x1efff},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    if (c >= ranges[i][0] && c <= ranges[i][1])
      return TRUE;
  return FALSE;
}

/* A name is written among others and numbers, which it must not turn: one that
 * could is isolated by U+2068 and U+2069. The rest can be searched as it is. */
static char *
dup_name (const char *text)
{
  g_autofree char *name = hf_json_dup_shown (text);

  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    if (is_turning (g_utf8_get_char (at)))
      return g_strdup_printf ("\xe2\x81\xa8%s\xe2\x81\xa9", name);
  return g_steal_pointer (&name);
}

static char *
dup_class (const HfReportInput *input, int c)
{
  return dup_name (
      ((const HfSampleClass *) hf_report_get_classes (input)->pdata[c])->name);
}

static HfMiss *
new_miss (const HfReportInput *input, const Candidate *candidate)
{
  static const char *const faults[] = {N_("escape"), N_("overkill"),
                                                          N_("wrong")};
  const HfEvaluation *evaluation = input->evaluation;
  const HfSample *sample = input->rows[evaluation->tested[candidate->at]];
  g_autofree char *base = g_path_get_basename (sample->path);
  HfMiss *self = g_new0 (HfMiss, 1);

  self->name = dup_name (base);
  self->group = sample->group != NULL ? dup_name (sample->group) : NULL;
  self->truth = dup_class (input, evaluation->truth[candidate->at]);
  self->predicted =
      dup_class (input, hf_report_get_probe (input)->predicted[candidate->at]);
  self->fault = faults[candidate->weight];
  self->probability = candidate->probability;
  take_picture (self, sample->path);
  return self;
}

GPtrArray *
hf_misses_new (const HfReportInput *input, guint n_wanted, HfProgress *progress,
               GError **error)
{
  g_autoptr (GArray) found = find_candidates (input);
  g_autoptr (GPtrArray) misses =
      g_ptr_array_new_with_free_func ((GDestroyNotify) hf_miss_free);

  for (guint i = 0; i < MIN (found->len, n_wanted); i++) {
    if (!hf_progress_check (progress, error))
      return NULL;
    g_ptr_array_add (misses,
                     new_miss (input, &g_array_index (found, Candidate, i)));
    hf_progress_report (progress, i + 1, MIN (found->len, n_wanted));
  }
  return g_steal_pointer (&misses);
}
