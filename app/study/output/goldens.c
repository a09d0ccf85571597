/* goldens.c: see the header. */
#include "app/study/output/goldens.h"

#include "bundle/goldens.h"
#include "image/image.h"

#include <errno.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Two of each class, fewer where there are many classes. The shorter side is
 * that of the largest common model input, so that a model sees as much of the
 * small picture as of the large one. */
#define PER_CLASS 2
#define MOST 24
#define SHORT_PX 224
#define LONG_PX 672
#define QUALITY "90"

/* The small files lie in memory (memfd_create), under paths that only this
 * process has: nothing stays behind, whenever it ends. */
typedef struct {
  GArray *files;    /* int, descriptors */
  GPtrArray *paths; /* char *, of them */
  GPtrArray *goldens;
  const HfStudy *study;
  const HfProbe *probe;
} Maker;

static void
maker_clear (Maker *self)
{
  for (guint i = 0; i < self->files->len; i++)
    close (g_array_index (self->files, int, i));
  g_array_unref (self->files);
  g_ptr_array_unref (self->paths);
  g_clear_pointer (&self->goldens, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Maker, maker_clear)

/* Adds a file of @bytes to the files and paths. */
static gboolean
add_file (Maker *self, GBytes *bytes, GError **error)
{
  gsize left, done = 0;
  const guint8 *data = g_bytes_get_data (bytes, &left);
  int fd = memfd_create ("golden", MFD_CLOEXEC);

  if (fd >= 0)
    g_array_append_val (self->files, fd);
  while (fd >= 0 && left > 0) {
    gssize n = write (fd, data + done, left);

    if (n < 0 && errno != EINTR)
      break;
    done += (gsize) MAX (n, 0);
    left -= (gsize) MAX (n, 0);
  }
  if (fd >= 0 && left == 0) {
    g_ptr_array_add (self->paths, g_strdup_printf ("/proc/self/fd/%d", fd));
    return TRUE;
  }
  g_set_error (
      error, G_FILE_ERROR, g_file_error_from_errno (errno),
      _("There is no room in memory for the bundle's golden pictures: %s."),
         g_strerror (errno));
  return FALSE;
}

/* @image as a small JPEG, or NULL. */
static GBytes *
encode_small (const HfImage *image)
{
  int shorter = MIN (image->width, image->height);
  int longer = MAX (image->width, image->height);
  double scale =
      MIN (1, MIN ((double) SHORT_PX / shorter, (double) LONG_PX / longer));
  g_autoptr (GdkPixbuf) full = gdk_pixbuf_new_from_data (
      image->rgb, GDK_COLORSPACE_RGB, FALSE, 8, image->width, image->height,
      image->width * 3, NULL, NULL);
  g_autoptr (GdkPixbuf) small = gdk_pixbuf_scale_simple (
      full, MAX (1, (int) (image->width * scale + 0.5)),
      MAX (1, (int) (image->height * scale + 0.5)), GDK_INTERP_BILINEAR);
  char *data = NULL;
  gsize size_bytes = 0;

  if (small == NULL ||
      !gdk_pixbuf_save_to_buffer (small, &data, &size_bytes, "jpeg", NULL,
                                  "quality", QUALITY, NULL))
    return NULL;
  return g_bytes_new_take (data, size_bytes);
}

/* "golden/CLASS_003.jpg", the letters of the class that any zip tool takes. */
static char *
dup_name (const char *class_name, guint number)
{
  g_autofree char *safe = g_strndup (class_name, 40);

  g_strcanon (safe,
              "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-",
              '-');
  return g_strdup_printf ("golden/%s_%03u.jpg", safe, number);
}

/* Adds row @row's picture if it can still be read. */
static gboolean
add_picture (Maker *self, gsize row, GError **error)
{
  const HfRows *rows = hf_study_get_rows (self->study);
  const HfSampleClass *class = rows->classes->pdata[rows->label[row]];
  g_autoptr (HfImage) image =
      hf_image_load (hf_study_get_sample (self->study, row)->path, NULL);
  g_autoptr (GBytes) bytes = image != NULL ? encode_small (image) : NULL;
  HfGolden *golden;

  if (bytes == NULL)
    return TRUE;
  if (!add_file (self, bytes, error))
    return FALSE;
  golden = g_new0 (HfGolden, 1);
  golden->name = dup_name (class->name, self->goldens->len);
  golden->bytes = g_steal_pointer (&bytes);
  g_ptr_array_add (self->goldens, golden);
  return TRUE;
}

/* Spread over the rows of each class, so that lots differ. */
static gboolean
add_pictures (Maker *self, GError **error)
{
  const HfRows *rows = hf_study_get_rows (self->study);
  guint n_classes = rows->classes->len;
  guint each = CLAMP (MOST / MAX (n_classes, 1), 1, PER_CLASS);

  for (guint c = 0; c < n_classes && self->goldens->len < MOST; c++) {
    g_autoptr (GArray) of_class = g_array_new (FALSE, FALSE, sizeof (gsize));

    for (gsize i = 0; i < rows->n; i++)
      if (rows->label[i] == (int) c)
        g_array_append_val (of_class, i);
    for (guint k = 0; k < MIN (each, of_class->len); k++)
      if (!add_picture (
              self,
              g_array_index (of_class, gsize, (gsize) k * of_class->len / each),
              error))
        return FALSE;
  }
  return TRUE;
}

static GBytes *
dup_floats (const float *values, gsize n)
{
  return values != NULL && n > 0 ? g_bytes_new (values, n * sizeof (float))
                                 : NULL;
}

static gboolean
read_cb (gsize index, const HfFeatureRow *row, const GError *refused,
         gpointer data, GError **error)
{
  Maker *self = data;
  const HfRows *rows = hf_study_get_rows (self->study);
  HfGolden *golden = self->goldens->pdata[index];
  int n_classes = hf_probe_get_n_classes (self->probe);
  g_autofree double *probabilities = g_new0 (double, n_classes);

  if (row == NULL) {
    g_propagate_error (error, g_error_copy (refused));
    return FALSE;
  }
  hf_probe_predict (self->probe, row->clip, row->classic, 1, probabilities,
                    NULL);
  golden->clip = dup_floats (row->clip, rows->n_tiles * rows->clip_dim);
  golden->classic =
      dup_floats (row->classic, rows->n_tiles * rows->classic_dim);
  golden->probabilities =
      g_bytes_new (probabilities, (gsize) n_classes * sizeof (double));
  return TRUE;
}

GPtrArray *
hf_goldens_new (const HfStudy *study, const HfProbe *probe,
                HfProgress *progress, GError **error)
{
  g_auto (Maker) maker = {.study = study, .probe = probe};

  maker.paths = g_ptr_array_new_with_free_func (g_free);
  maker.goldens = g_ptr_array_new_with_free_func (hf_golden_free);
  maker.files = g_array_new (FALSE, FALSE, sizeof (int));
  if (!add_pictures (&maker, error))
    return NULL;
  if (!hf_extractor_run (hf_study_get_extractor (study),
                         (const char *const *) maker.paths->pdata,
                         maker.paths->len, read_cb, &maker, progress, error))
    return NULL;
  return g_steal_pointer (&maker.goldens);
}
