/* levels.c: see the header. */
#include "ui/gallery/viewer/levels.h"

#include "image/image.h"
#include "image/small.h"
#include "ui/owned-task.h"

#include <gio/gio.h>
#include <math.h>

#define MAX_PIXELS 64e6
/* Textures and image surfaces go no further on every machine. */
#define MAX_SIDE_PX 16384
/* Smaller ones are drawn well enough from this. */
#define LEAST_SIDE_PX 512

HfLevels *
hf_levels_ref (HfLevels *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_levels (gpointer data)
{
  HfLevels *self = data;

  for (int i = 0; i < self->n; i++) {
    g_object_unref (self->textures[i]);
    g_bytes_unref (self->pixels[i]);
  }
}

void
hf_levels_unref (HfLevels *self)
{
  g_atomic_rc_box_release_full (self, clear_levels);
}

static void
add_level (HfLevels *self, const HfImage *image)
{
  gsize n = (gsize) image->width * image->height;
  guint32 *pixels = g_malloc_n (n, sizeof (guint32));
  const guint8 *rgb = image->rgb;
  GBytes *bytes;

  for (gsize i = 0; i < n; i++, rgb += 3)
    pixels[i] =
        0xff000000u | (guint32) rgb[0] << 16 | (guint32) rgb[1] << 8 | rgb[2];
  bytes = g_bytes_new_take (pixels, n * sizeof (guint32));
  self->pixels[self->n] = bytes;
  self->textures[self->n++] =
      gdk_memory_texture_new (image->width, image->height, GDK_MEMORY_DEFAULT,
                              bytes, (gsize) image->width * sizeof (guint32));
}

/* The side that the first level may have. */
static int
get_limit (const HfImage *image)
{
  double pixels = (double) image->width * image->height;
  int side = MAX (image->width, image->height);

  if (pixels > MAX_PIXELS)
    side = (int) (side * sqrt (MAX_PIXELS / pixels));
  return MIN (side, MAX_SIDE_PX);
}

/* Replaces @image by one with sides of at most @side_px. */
static gboolean
shrink (HfImage **image, int side_px, GError **error)
{
  HfImage *small;

  if (MAX ((*image)->width, (*image)->height) <= side_px)
    return TRUE;
  small = hf_small_from_image (*image, side_px, error);
  if (small == NULL)
    return FALSE;
  hf_image_free (*image);
  *image = small;
  return TRUE;
}

HfLevels *
hf_levels_load (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (HfLevels) self = g_atomic_rc_box_new0 (HfLevels);
  g_autoptr (HfImage) image = NULL;
  int side;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  image = hf_image_load (path, error);
  if (image == NULL)
    return NULL;
  self->width = image->width;
  self->height = image->height;
  side = get_limit (image);
  do {
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !shrink (&image, side, error))
      return NULL;
    add_level (self, image);
    side /= 2;
  } while (self->n < HF_LEVELS_MAX && side >= LEAST_SIDE_PX);
  return g_steal_pointer (&self);
}

static void
load_thread (GTask *task, gpointer source, gpointer data,
             GCancellable *cancellable)
{
  GError *error = NULL;
  HfLevels *levels = hf_levels_load (data, cancellable, &error);

  if (levels != NULL)
    g_task_return_pointer (task, levels, (GDestroyNotify) hf_levels_unref);
  else
    g_task_return_error (task, error);
}

void
hf_levels_load_async (gpointer owner, const char *path,
                      GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer data)
{
  g_autoptr (GTask) task =
      hf_owned_task_new (owner, cancellable, callback, data);

  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, load_thread);
}

HfLevels *
hf_levels_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

int
hf_levels_pick (const HfLevels *self, double scale)
{
  int i = self->n - 1;

  while (i > 0 &&
         gdk_texture_get_width (self->textures[i]) + 1 < self->width * scale)
    i--;
  return i;
}
