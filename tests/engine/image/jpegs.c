#include "jpegs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <jpeglib.h>

/* A whole EXIF segment: little endian, one directory, one entry. */
static const guint8 exif_template[] = {
    0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0,    0,    'I', 'I',
    42,   0,    8, 0,  0,   0,   1,   0,   0x12, 0x01, 3,   0,
    1,    0,    0, 0,  0,   0,   0,   0,   0,    0,    0,   0,
};
#define EXIF_VALUE_AT 28

/* @waves is double[width][3]. */
static void
fill_row (guint8 *rgb, int y, int width, const double *waves, guint32 *noise)
{
  double wave = cos (y * 0.017);

  for (int x = 0; x < width; x++) {
    int edge = (x / 97 + y / 61) % 5 == 0 ? 40 : 0;

    *noise = *noise * 1664525u + 1013904223u;
    for (int c = 0; c < 3; c++) {
      int grain = (int) (*noise >> (8 + 5 * c) & 15) - 8;
      double value = 128 + 40 * (waves[x * 3 + c] + wave) + edge + grain;

      rgb[x * 3 + c] = (guint8) CLAMP (value, 0, 255);
    }
  }
}

GBytes *
jpeg_make (const JpegKind *kind)
{
  struct jpeg_compress_struct encoder;
  struct jpeg_error_mgr errors;
  g_autofree guint8 *row = g_malloc ((gsize) kind->width * 3);
  g_autofree double *waves = g_new (double, kind->width * 3);
  unsigned char *data = NULL;
  unsigned long size = 0;
  guint32 noise = 7;

  for (int i = 0; i < kind->width * 3; i++)
    waves[i] = sin (i / 3 * 0.011 * (i % 3 + 1));
  encoder.err = jpeg_std_error (&errors); /* exits on failure: a test may */
  jpeg_create_compress (&encoder);
  jpeg_mem_dest (&encoder, &data, &size);
  encoder.image_width = (guint) kind->width;
  encoder.image_height = (guint) kind->height;
  encoder.input_components = 3;
  encoder.in_color_space = JCS_RGB;
  jpeg_set_defaults (&encoder);
  jpeg_set_quality (&encoder, kind->quality, TRUE);
  if (kind->is_progressive)
    jpeg_simple_progression (&encoder);
  jpeg_start_compress (&encoder, TRUE);
  for (int y = 0; y < kind->height; y++) {
    fill_row (row, y, kind->width, waves, &noise);
    jpeg_write_scanlines (&encoder, &row, 1);
  }
  jpeg_finish_compress (&encoder);
  jpeg_destroy_compress (&encoder);
  return g_bytes_new_with_free_func (data, size, free, data);
}

GBytes *
jpeg_orient (GBytes *jpeg, int orientation)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (jpeg, &size);
  GByteArray *oriented = g_byte_array_new ();

  /* Behind the marker that starts the picture. */
  g_byte_array_append (oriented, data, 2);
  g_byte_array_append (oriented, exif_template, sizeof (exif_template));
  oriented->data[2 + EXIF_VALUE_AT] = (guint8) orientation;
  g_byte_array_append (oriented, data + 2, (guint) size - 2);
  return g_byte_array_free_to_bytes (oriented);
}

char *
jpeg_dup_file (GBytes *jpeg)
{
  char *path = NULL;
  int fd = g_file_open_tmp ("handful-XXXXXX.jpg", &path, NULL);
  gsize size = 0;
  const char *data = g_bytes_get_data (jpeg, &size);

  g_assert_cmpint (fd, >=, 0);
  close (fd);
  g_assert_true (g_file_set_contents (path, data, (gssize) size, NULL));
  return path;
}
