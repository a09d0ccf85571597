/* ui/gallery/thumbnailer.h: small pictures for widgets, made in a few threads
 * of its own and held in a bounded memory. What was asked for last comes first,
 * for that is what the user looks at; what is cancelled is not made.
 *
 * One serves all windows of a display. Main thread only. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A picture ready to be drawn, immutable. */
typedef struct {
  GdkTexture *texture;
  int width, height; /* of the whole picture; 0: not known */
  gint64 size_bytes; /* of its file */
} HfThumb;

HfThumb *hf_thumb_ref (HfThumb *self);
void hf_thumb_unref (HfThumb *self);

#define HF_TYPE_THUMBNAILER (hf_thumbnailer_get_type ())
G_DECLARE_FINAL_TYPE (HfThumbnailer, hf_thumbnailer, HF, THUMBNAILER, GObject)

/* At most @memory_bytes of textures are held besides those in use. */
HfThumbnailer *hf_thumbnailer_new (const char *folder, gsize memory_bytes)
    G_GNUC_WARN_UNUSED_RESULT;

/* That of @widget's display, over the user's thumbnails. Borrowed. */
HfThumbnailer *hf_thumbnailer_get (GtkWidget *widget);

/* Sides of thumbnails come in steps of this: a tile that grows by a pixel needs
 * no other one. */
#define HF_THUMBNAILER_STEP_PX 32

/* The picture of @path with sides of at most @side_px, rounded up to a step, if
 * it is in memory; else NULL (caller unrefs). */
HfThumb *hf_thumbnailer_dup_ready (HfThumbnailer *self, const char *path,
                                   int side_px) G_GNUC_WARN_UNUSED_RESULT;

/* The same, made. Errors of hf_thumbnail_load; G_IO_ERROR_CANCELLED, also when
 * @self goes before. @callback is given no source object. */
void hf_thumbnailer_load_async (HfThumbnailer *self, const char *path,
                                int side_px, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer data);
HfThumb *hf_thumbnailer_load_finish (GAsyncResult *result,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The files @paths, a set, are others now: what is held of them is dropped.
 * Signal "changed" (the set): whoever shows one asks for it again. */
void hf_thumbnailer_forget (HfThumbnailer *self, GHashTable *paths);

/* Bytes of the textures held, for tests. */
gsize hf_thumbnailer_get_held_bytes (HfThumbnailer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfThumb, hf_thumb_unref)
G_END_DECLS
