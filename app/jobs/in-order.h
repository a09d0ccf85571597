/* app/jobs/in-order.h: results that come in any order, handed on in their own:
 * each waits until all before it are there. One thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _HfInOrder HfInOrder;

/* Result @index, borrowed. FALSE ends the job; then @error must be set. */
typedef gboolean (*HfInOrderFunc) (gsize index, gpointer item, gpointer data,
                                   GError **error);

/* For @n results, each freed with @free_item after @func saw it. */
HfInOrder *hf_in_order_new (gsize n, GDestroyNotify free_item,
                            HfInOrderFunc func,
                            gpointer data) G_GNUC_WARN_UNUSED_RESULT;
/* What was put and not handed on is freed too. */
void hf_in_order_free (HfInOrder *self);

/* Takes @item (not NULL) as result @index, which was not put before, and hands
 * on all that can be. FALSE with what @func set. */
gboolean hf_in_order_put (HfInOrder *self, gsize index, gpointer item,
                          GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfInOrder, hf_in_order_free)
G_END_DECLS
