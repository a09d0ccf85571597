/* ui/gallery/words.h: what is said about a picture, below it, over it and to a
 * screen reader. Main thread only. */
#pragma once

#include "ui/widgets/mark.h"
#include "ui/workspace/class-item.h"
#include "ui/workspace/picture.h"

G_BEGIN_DECLS

/* What stands below a tile, from the left: a badge or a mark, a name, and at
 * the right a figure or what it was called instead. */
typedef struct {
  HfClassItem *item;  /* of the badge; NULL: none. Borrowed */
  gboolean hollow;    /* the badge is a ring: predicted */
  HfMarkKind mark;    /* where there is no badge */
  const char *name;   /* NULL: nothing is known. Borrowed */
  gboolean is_quiet;  /* nobody has confirmed it */
  char *figure;       /* "97": of the name, or of @missed; or NULL */
  const char *missed; /* "good": called that by a probe that did not see its
                         label; or NULL. Borrowed */
} HfCaption;

/* Fills @out; clear with hf_caption_clear. @classes is of HfClassItem. */
void hf_caption_init (HfCaption *out, const HfPictureInfo *info,
                      GListModel *classes);
void hf_caption_clear (HfCaption *self);

/* The class @id of @classes, or NULL. Borrowed. */
HfClassItem *hf_words_find_class (GListModel *classes, gint64 id);

/* A probability as two figures; never 100. */
char *hf_words_dup_percent (double probability) G_GNUC_WARN_UNUSED_RESULT;

/* "img_0412.jpg, predicted good, 97 percent" (caller frees). */
char *hf_words_dup_label (const HfPictureInfo *info,
                          GListModel *classes) G_GNUC_WARN_UNUSED_RESULT;

/* Lines: the file, its size, its lot, what is predicted and why. @width and
 * @height 0 and @size_bytes -1: not known. */
char *hf_words_dup_tooltip (const HfPictureInfo *info, GListModel *classes,
                            int width, int height,
                            gint64 size_bytes) G_GNUC_WARN_UNUSED_RESULT;

/* "448 × 448 · 41 kB" or less of it, "" for nothing (caller frees). */
char *hf_words_dup_size (int width, int height,
                         gint64 size_bytes) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfCaption, hf_caption_clear)
G_END_DECLS
