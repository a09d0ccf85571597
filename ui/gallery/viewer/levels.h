/* ui/gallery/viewer/levels.h: one picture at full size and at a half, a quarter
 * and so on, so that it is drawn small without flicker and at once. Immutable:
 * made in a thread, drawn in the main one. */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

#define HF_LEVELS_MAX 8

typedef struct {
  int width, height; /* of the whole picture; its first level may be less */
  int n;
  GdkTexture *textures[HF_LEVELS_MAX];
  GBytes *pixels[HF_LEVELS_MAX]; /* of the textures: guint32[height][width],
                                    GDK_MEMORY_DEFAULT */
} HfLevels;

/* Any thread. Errors of hf_image_load; G_IO_ERROR_CANCELLED. A picture of more
 * than 64 megapixels is held at less: @width and @height still are its own. */
HfLevels *hf_levels_load (const char *path, GCancellable *cancellable,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same in a thread. @owner is held until @callback, whose source it is. */
void hf_levels_load_async (gpointer owner, const char *path,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer data);
HfLevels *hf_levels_load_finish (GAsyncResult *result,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

HfLevels *hf_levels_ref (HfLevels *self);
void hf_levels_unref (HfLevels *self);

/* The smallest that still has @scale device pixels for each of the whole
 * picture's, or the first. */
int hf_levels_pick (const HfLevels *self, double scale);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfLevels, hf_levels_unref)
G_END_DECLS
