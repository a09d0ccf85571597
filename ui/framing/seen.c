/* seen.c: see the header. */
#include "ui/framing/seen.h"

#include "image/pixels.h"
#include "image/views.h"
#include "ui/owned-task.h"

#include <gdk/gdk.h>

typedef struct {
  char *path;
  HfFraming framing;
  int n_views, side_px;
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_free (order->path);
  g_free (order);
}

static gsize
get_square_bytes (const Order *order)
{
  return (gsize) order->side_px * (gsize) order->side_px * 3;
}

/* Takes @pixels. */
static void
add_square (GPtrArray *squares, const Order *order, guint8 *pixels)
{
  g_autoptr (GBytes) bytes =
      g_bytes_new_take (pixels, get_square_bytes (order));

  g_ptr_array_add (squares,
                   gdk_memory_texture_new (order->side_px, order->side_px,
                                           GDK_MEMORY_R8G8B8, bytes,
                                           (gsize) order->side_px * 3));
}

/* The squares as they lie, guint8[n_tiles][side][side][3]; caller frees. As in
 * the extractor, the picture is decoded in full for tiles alone. */
static guint8 *
load_tiles (const Order *order, int n_tiles, GError **error)
{
  const gsize square_bytes = get_square_bytes (order);
  g_autofree guint8 *pixels = g_malloc (square_bytes * (gsize) n_tiles);
  g_autofree HfSquare *squares = g_new (HfSquare, n_tiles);
  g_autofree guint8 *data = NULL;
  gsize size = 0;

  data = hf_image_read_file (order->path, &size, error);
  if (data == NULL)
    return NULL;
  for (int i = 0; i < n_tiles; i++)
    squares[i] = (HfSquare){hf_framing_get_tile (&order->framing, i),
                            order->side_px, pixels + square_bytes * (gsize) i};
  if (!hf_pixels_load_squares (data, size, order->path, squares,
                               (gsize) n_tiles,
                               order->framing.kind == HF_FRAMING_TILES, error))
    return NULL;
  return g_steal_pointer (&pixels);
}

static void
load_thread (GTask *task, gpointer source, gpointer data,
             GCancellable *cancellable)
{
  const Order *order = data;
  const int n_tiles = hf_framing_get_n_tiles (&order->framing);
  const int n_views = n_tiles > 1 ? 1 : order->n_views;
  const gsize square_bytes = get_square_bytes (order);
  g_autoptr (GPtrArray) squares =
      g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree guint8 *pixels = NULL;
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  pixels = load_tiles (order, n_tiles, &error);
  if (pixels == NULL) {
    g_task_return_error (task, error);
    return;
  }
  for (int i = 0; i < n_tiles; i++)
    for (int v = 0; v < n_views; v++) {
      guint8 *view = g_malloc (square_bytes);

      hf_views_apply (pixels + square_bytes * (gsize) i, order->side_px, v,
                      view);
      add_square (squares, order, view);
    }
  g_task_return_pointer (task, g_steal_pointer (&squares),
                         (GDestroyNotify) g_ptr_array_unref);
}

void
hf_seen_load_async (gpointer owner, const char *path, const HfFraming *framing,
                    int n_views, int side_px, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task =
      hf_owned_task_new (owner, cancellable, callback, data);
  Order *order = g_new0 (Order, 1);

  order->path = g_strdup (path);
  order->framing = *framing;
  order->n_views = n_views;
  order->side_px = side_px;
  g_task_set_task_data (task, order, order_free);
  g_task_run_in_thread (task, load_thread);
}

GPtrArray *
hf_seen_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
