/* exif.c: one number out of an EXIF block, and no other look at it. Only the
 * first directory is read, each entry once, so that loops and offsets into
 * nowhere cannot hold us. */
#include "image/decode/decoder-private.h"

#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT 3
#define TYPE_LONG 4
#define ENTRY_BYTES 12

static guint32
read_number (const guint8 *at, int n_bytes, gboolean big_endian)
{
  guint32 value = 0;

  for (int i = 0; i < n_bytes; i++)
    value = value << 8 | at[big_endian ? i : n_bytes - 1 - i];
  return value;
}

/* The value of the entry at @at if it states an orientation, else 0. */
static guint32
read_entry (const guint8 *at, gboolean big_endian)
{
  guint32 type = read_number (at + 2, 2, big_endian);
  guint32 count = read_number (at + 4, 4, big_endian);

  if (read_number (at, 2, big_endian) != TAG_ORIENTATION || count != 1)
    return 0;
  if (type == TYPE_SHORT)
    return read_number (at + 8, 2, big_endian);
  return type == TYPE_LONG ? read_number (at + 8, 4, big_endian) : 0;
}

int
hf_exif_get_orientation (const guint8 *data, gsize size)
{
  gboolean big_endian;
  guint32 n_entries;
  gsize at;

  if (size < 8 || data[0] != data[1] || (data[0] != 'I' && data[0] != 'M'))
    return 1;
  big_endian = data[0] == 'M';
  at = read_number (data + 4, 4, big_endian);
  if (at > size - 2)
    return 1;
  n_entries = read_number (data + at, 2, big_endian);
  at += 2;
  for (guint32 i = 0; i < n_entries && size - at >= ENTRY_BYTES; i++) {
    guint32 value = read_entry (data + at, big_endian);

    if (value >= 1 && value <= 8)
      return (int) value;
    at += ENTRY_BYTES;
  }
  return 1;
}
