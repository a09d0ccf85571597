/* ui/charts/masonry.h: cards in columns: two side by side from 898 px up (more
 * where a card is wider than 440), one below that. Each child goes under the
 * shortest column when it is first shown and keeps to that column, so that no
 * card jumps when numbers change. Tab goes through the children in their order,
 * wherever they lie.
 *
 * HfMasonryLayout is the layout manager; HfMasonry the container for it, which
 * takes its children from a .ui file. Main thread only. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_MASONRY_LAYOUT (hf_masonry_layout_get_type ())
G_DECLARE_FINAL_TYPE (HfMasonryLayout, hf_masonry_layout, HF, MASONRY_LAYOUT,
                      GtkLayoutManager)

#define HF_TYPE_MASONRY (hf_masonry_get_type ())
G_DECLARE_FINAL_TYPE (HfMasonry, hf_masonry, HF, MASONRY, GtkWidget)

GtkWidget *hf_masonry_new (void);
void hf_masonry_append (HfMasonry *self, GtkWidget *child);

/* Puts every child into a column anew, as for the first time: for when what
 * they show is another thing altogether. */
void hf_masonry_rearrange (HfMasonry *self);

G_END_DECLS
