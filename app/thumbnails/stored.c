/* stored.c: see the header. A PNG is a signature and chunks of length, kind,
 * content and sum; the text lies in tEXt chunks ("KEY\0VALUE") before the first
 * IDAT, where libpng and so everybody writes it. Pixels are left to the room
 * that decodes pictures. */
#include "app/thumbnails/stored-private.h"

#include "base/file.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* The texts lie in the first pages; whoever writes more is not believed. */
#define HEAD_BYTES ((gsize) 16 << 10)
#define SIGNATURE "\x89PNG\r\n\x1a\n"
#define SIGNATURE_BYTES 8
#define CHUNK_BYTES 12 /* length, kind and sum */

void
hf_stored_facts_clear (HfStoredFacts *self)
{
  g_clear_pointer (&self->uri, g_free);
  g_clear_pointer (&self->reason, g_free);
}

static guint32
read_u32 (const guint8 *p)
{
  return (guint32) p[0] << 24 | (guint32) p[1] << 16 | (guint32) p[2] << 8 |
         p[3];
}

static int
parse_side (const char *text)
{
  gint64 value = 0;

  if (!g_ascii_string_to_signed (text, 10, 1, G_MAXINT, &value, NULL))
    return 0;
  return (int) value;
}

/* A chunk of @size bytes: the key ends with a zero, the value with the chunk.
 */
static void
take_text (const guint8 *data, gsize size, HfStoredFacts *out)
{
  const guint8 *zero = memchr (data, 0, size);
  const char *key = (const char *) data;
  g_autofree char *value = NULL;

  if (zero == NULL)
    return;
  value = g_strndup ((const char *) zero + 1, size - (zero + 1 - data));
  if (g_str_equal (key, "Thumb::URI")) {
    g_free (out->uri);
    out->uri = g_steal_pointer (&value);
  } else if (g_str_equal (key, "Thumb::MTime")) {
    if (!g_ascii_string_to_signed (value, 10, 0, G_MAXINT64, &out->mtime, NULL))
      out->mtime = -1;
  } else if (g_str_equal (key, "Thumb::Image::Width")) {
    out->full_width = parse_side (value);
  } else if (g_str_equal (key, "Thumb::Image::Height")) {
    out->full_height = parse_side (value);
  } else if (g_str_equal (key, "X-Handful::Reason")) {
    g_free (out->reason);
    out->reason = g_uri_unescape_string (value, NULL);
  }
}

static void
take_chunks (const guint8 *data, gsize size, HfStoredFacts *out)
{
  gsize at = SIGNATURE_BYTES;

  while (size - at >= CHUNK_BYTES) {
    guint32 length = read_u32 (data + at);
    const guint8 *kind = data + at + 4, *content = data + at + 8;

    if (length > size - at - CHUNK_BYTES || memcmp (kind, "IDAT", 4) == 0)
      return;
    if (memcmp (kind, "IHDR", 4) == 0 && length == 13) {
      out->width = (int) MIN (read_u32 (content), G_MAXINT);
      out->height = (int) MIN (read_u32 (content + 4), G_MAXINT);
    } else if (memcmp (kind, "tEXt", 4) == 0) {
      take_text (content, length, out);
    }
    at += CHUNK_BYTES + length;
  }
}

static gboolean
is_side (int side)
{
  return side >= 1 && side <= HF_STORED_MAX_SIDE;
}

gboolean
hf_stored_read_facts (const char *path, HfStoredFacts *out)
{
  g_auto (HfStoredFacts) facts = {.mtime = -1};
  g_autofree guint8 *head = g_malloc (HEAD_BYTES);
  gint64 size_bytes;
  int fd = hf_file_open (path, &size_bytes, NULL);
  gssize n;

  if (fd < 0)
    return FALSE;
  n = read (fd, head, HEAD_BYTES);
  close (fd);
  if (n < SIGNATURE_BYTES || memcmp (head, SIGNATURE, SIGNATURE_BYTES) != 0)
    return FALSE;
  take_chunks (head, (gsize) n, &facts);
  if (!is_side (facts.width) || !is_side (facts.height) || facts.uri == NULL ||
      facts.mtime < 0)
    return FALSE;
  *out = facts;
  facts.uri = facts.reason = NULL;
  return TRUE;
}

static GdkPixbuf *
new_pixbuf (const HfImage *image)
{
  GdkPixbuf *pixel;

  if (image != NULL)
    return gdk_pixbuf_new_from_data (image->rgb, GDK_COLORSPACE_RGB, FALSE, 8,
                                     image->width, image->height,
                                     image->width * 3, NULL, NULL);
  pixel = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, 1, 1);
  gdk_pixbuf_fill (pixel, 0);
  return pixel;
}

static void
add_text (GPtrArray *keys, GPtrArray *values, const char *key, char *value)
{
  g_ptr_array_add (keys, g_strconcat ("tEXt::", key, NULL));
  g_ptr_array_add (values, value);
}

static gboolean
encode (const HfImage *image, const HfStoredFacts *facts, char **data,
        gsize *size, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GdkPixbuf) pixbuf = new_pixbuf (image);

  add_text (keys, values, "Thumb::URI", g_strdup (facts->uri));
  add_text (keys, values, "Thumb::MTime",
            g_strdup_printf ("%" G_GINT64_FORMAT, facts->mtime));
  add_text (keys, values, "Software", g_strdup ("Handful"));
  if (facts->full_width > 0) {
    add_text (keys, values, "Thumb::Image::Width",
              g_strdup_printf ("%d", facts->full_width));
    add_text (keys, values, "Thumb::Image::Height",
              g_strdup_printf ("%d", facts->full_height));
  }
  /* Texts of a PNG are Latin-1; a reason may name any file. */
  if (facts->reason != NULL)
    add_text (keys, values, "X-Handful::Reason",
              g_uri_escape_string (facts->reason, " ", FALSE));
  g_ptr_array_add (keys, g_strdup ("compression"));
  g_ptr_array_add (values, g_strdup ("2"));
  g_ptr_array_add (keys, NULL);
  g_ptr_array_add (values, NULL);
  return gdk_pixbuf_save_to_bufferv (pixbuf, data, size, "png",
                                     (char **) keys->pdata,
                                     (char **) values->pdata, error);
}

gboolean
hf_stored_write (const char *path, const HfImage *image,
                 const HfStoredFacts *facts, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *data = NULL;
  gsize size = 0;

  if (!encode (image, facts, &data, &size, error))
    return FALSE;
  /* What fails here fails again, with a reason, where the file is made. */
  g_mkdir_with_parents (folder, 0700);
  /* Whole, but not flushed: what a power cut takes is made again. */
  return g_file_set_contents_full (path, data, (gssize) size,
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}
