/* jpegs.h: JPEGs made at run time, for tests and benchmarks. */
#pragma once

#include <glib.h>

typedef struct {
  int width, height; /* as stored, pixels */
  int quality;       /* 1..100; chroma is halved both ways */
  gboolean is_progressive;
} JpegKind;

/* Smooth waves with edges and noise, the same for the same size. */
GBytes *jpeg_make (const JpegKind *kind);

/* The same with an EXIF block that states @orientation. */
GBytes *jpeg_orient (GBytes *jpeg, int orientation);

/* Writes @jpeg to a new temporary file; free the path and remove the file. */
char *jpeg_dup_file (GBytes *jpeg);
