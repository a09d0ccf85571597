/* image/image.h: a picture in memory, decoded from any format that Handful
 * reads: JPEG, PNG, WebP, TIFF, BMP and GIF (the first frame or page). The
 * content decides the format, never the name.
 *
 * Limits: 512 MiB of file, 100 megapixels, 768 MiB of memory for one picture
 * and 1.5 GiB for all that are decoded at a time, for which others wait; sizes
 * are checked in the header, before pixels are made. A picture that is
 * damaged or cut short is refused: what is missing cannot be judged. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HF_IMAGE_ERROR (hf_image_error_quark ())

typedef enum {
  HF_IMAGE_ERROR_FORMAT,      /* no picture, or none of the formats read */
  HF_IMAGE_ERROR_UNSUPPORTED, /* a known format in a form that is not read */
  HF_IMAGE_ERROR_DAMAGED,     /* broken or cut short */
  HF_IMAGE_ERROR_LIMIT        /* too large in file, pixels, memory or work */
} HfImageError;

GQuark hf_image_error_quark (void);

/* Turned as its EXIF orientation says, transparent parts over white, 8-bit
 * sRGB (embedded profiles are not applied). */
typedef struct {
  int width, height; /* pixels */
  guint8 *rgb;       /* [height][width][3], owned */
} HfImage;

/* Decodes the regular file @path; free with hf_image_free. NULL with an error
 * of HF_IMAGE_ERROR or G_FILE_ERROR whose message names the file. Any number
 * of threads may load at the same time. */
HfImage *hf_image_load (const char *path,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_image_free (HfImage *self);

/* Reads the regular file @path into memory (caller frees), for what takes a
 * picture as bytes. Errors as hf_image_load, as far as they are the file's. */
guint8 *hf_image_read_file (const char *path, gsize *size,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfImage, hf_image_free)
G_END_DECLS
