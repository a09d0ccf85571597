/* ui/workspace/picture.h: one picture of the open project, as lists and tiles
 * see it. Main thread only; written by the workspace alone. */
#pragma once

#include "probe/verdict.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  HF_PICTURE_WAITING, /* no row of features yet */
  HF_PICTURE_READY,
  HF_PICTURE_UNREADABLE /* @reason says why */
} HfPictureState;

/* What is known of a picture. Strings are the picture's, or interned. */
typedef struct {
  gint64 id;
  const char *path;  /* of the file, any bytes */
  const char *name;  /* the last part of it, valid UTF-8 */
  const char *group; /* NULL: stands alone */
  gint64 source_id;
  gint64 class_id;  /* of its label; 0: none */
  guint64 labelled; /* counts up with each label given: the newest is largest */
  gboolean sealed;
  HfPictureState state;
  const char *reason; /* why it is unreadable, a sentence; else NULL */
  gboolean gone;      /* unreadable, since its file is not there any more */

  /* By the newest numbers. */
  gint64 predicted_id; /* class; 0: nothing is predicted */
  float probability;   /* of that class */
  HfVerdict verdict;
  gint64 missed_id; /* held out, it was called this class; 0: rightly, or
                       not tested */
  float missed_probability; /* of that class, held out */
  gboolean doubtful;
  int next;        /* place among the suggestions from 1 on; 0: none */
  const char *why; /* it is suggested or doubted; else NULL */
} HfPictureInfo;

#define HF_TYPE_PICTURE (hf_picture_get_type ())
G_DECLARE_FINAL_TYPE (HfPicture, hf_picture, HF, PICTURE, GObject)

/* Borrowed; valid until the main loop runs again. */
const HfPictureInfo *hf_picture_get_info (HfPicture *self);

/* Signal "changed": something of the info is another now. */

G_END_DECLS
