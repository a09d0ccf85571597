/* image/framing.h: which part of a picture a model sees, and how it is fitted
 * to the model's square. A small struct, passed by value or const pointer. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  HF_FRAMING_CROP,  /* shorter side to the square's, the centre cut out */
  HF_FRAMING_WHOLE, /* longer side to the square's, the rest padded */
  HF_FRAMING_REGION /* a part of the picture, then fitted as @fit says */
} HfFramingKind;

/* @fit, @x, @y, @width and @height hold for every kind, so that geometry never
 * asks for @kind: CROP and WHOLE fit the whole picture (0, 0, 1, 1). */
typedef struct {
  HfFramingKind kind;
  HfFramingKind fit;          /* CROP or WHOLE */
  double x, y, width, height; /* fractions of the oriented picture */
} HfFraming;

/* What CLIP was trained with. */
#define HF_FRAMING_INIT                          \
  {                                              \
    HF_FRAMING_CROP, HF_FRAMING_CROP, 0, 0, 1, 1 \
  }

/* Reads "crop", "whole", "region:x,y,w,h" or "region:x,y,w,h:whole" (":crop"
 * is the default): fractions of the oriented picture, its upper left corner
 * and its size. A blank may stand for the first colon. G_OPTION_ERROR_BAD_VALUE
 * with the forms that are understood; @out is then untouched. */
gboolean hf_framing_parse (const char *text, HfFraming *out, GError **error);

/* The canonical text, which parses back to an equal framing. */
char *hf_framing_dup_name (const HfFraming *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
