/* image/framing.h: which part of a picture a model sees, and how it is fitted
 * to the model's square. A small struct, passed by value or const pointer. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  HF_FRAMING_CROP,   /* shorter side to the square's, the centre cut out */
  HF_FRAMING_WHOLE,  /* longer side to the square's, the rest padded */
  HF_FRAMING_REGION, /* a part of the picture, then fitted as @fit says */
  HF_FRAMING_TILES   /* a grid of overlapping parts, each a square of its own */
} HfFramingKind;

/* Neighbouring tiles share this part of a tile's side, so that what lies on
 * the edge of one is whole in the next. */
#define HF_FRAMING_OVERLAP 0.2

/* Tiles along one side at most. */
#define HF_FRAMING_MAX_TILES 8

/* @fit, @x, @y, @width and @height hold for every kind, so that geometry never
 * asks for @kind: CROP and WHOLE fit the whole picture (0, 0, 1, 1), and TILES
 * are the whole picture until hf_framing_get_tile cuts them. */
typedef struct {
  HfFramingKind kind;
  HfFramingKind fit;          /* CROP or WHOLE */
  double x, y, width, height; /* fractions of the oriented picture */
  int n_columns, n_rows;      /* of TILES; 0 for the others */
} HfFraming;

/* What CLIP was trained with. */
#define HF_FRAMING_INIT                          \
  {                                              \
    HF_FRAMING_CROP, HF_FRAMING_CROP, 0, 0, 1, 1 \
  }

/* Reads "crop", "whole", "region:x,y,w,h" or "region:x,y,w,h:whole" (":crop"
 * is the default): fractions of the oriented picture, its upper left corner
 * and its size; or "tiles:CxR", C columns and R rows of 1 to 8 tiles. A blank
 * may stand for the first colon. G_OPTION_ERROR_BAD_VALUE
 * with the forms that are understood; @out is then untouched. */
gboolean hf_framing_parse (const char *text, HfFraming *out, GError **error);

/* The canonical text, which parses back to an equal framing. */
char *hf_framing_dup_name (const HfFraming *self) G_GNUC_WARN_UNUSED_RESULT;

/* What of a picture of @width x @height pixels is seen with @self, which has no
 * tiles: @area is x, y, width and height, in pixels. */
void hf_framing_get_area (const HfFraming *self, int width, int height,
                          double area[4]);

/* Squares that a picture becomes: columns times rows of TILES, else 1. */
int hf_framing_get_n_tiles (const HfFraming *self);

/* The framing of tile @i, row by row from the upper left: a region fitted
 * `whole`, so that nothing of the picture is left unseen. Without tiles, tile 0
 * is the framing itself. */
HfFraming hf_framing_get_tile (const HfFraming *self, int i);

G_END_DECLS
