/* crc32.c: eight bytes a step by eight tables (Kounavis and Berry 2005,
 * "slicing-by-8"): weights of a gigabyte are summed in a second. */
#include "bundle/crc32.h"

#define POLYNOMIAL 0xEDB88320u
#define SLICES 8

/* @tables[k][b] is the remainder of byte b followed by k zero bytes. */
static void
fill_tables (guint32 tables[SLICES][256])
{
  for (guint32 b = 0; b < 256; b++) {
    guint32 value = b;

    for (int bit = 0; bit < 8; bit++)
      value = value >> 1 ^ (value & 1 ? POLYNOMIAL : 0);
    tables[0][b] = value;
  }
  for (int k = 1; k < SLICES; k++)
    for (int b = 0; b < 256; b++)
      tables[k][b] = tables[k - 1][b] >> 8 ^ tables[0][tables[k - 1][b] & 0xff];
}

guint32
hf_crc32 (const void *data, gsize size_bytes)
{
  const guint8 *at = data;
  guint32 tables[SLICES][256];
  guint32 sum = 0xffffffff;

  fill_tables (tables);
  for (; size_bytes >= SLICES; size_bytes -= SLICES, at += SLICES) {
    sum ^= at[0] | (guint32) at[1] << 8 | (guint32) at[2] << 16 |
           (guint32) at[3] << 24;
    sum = tables[7][sum & 0xff] ^ tables[6][sum >> 8 & 0xff] ^
          tables[5][sum >> 16 & 0xff] ^ tables[4][sum >> 24] ^
          tables[3][at[4]] ^ tables[2][at[5]] ^ tables[1][at[6]] ^
          tables[0][at[7]];
  }
  for (; size_bytes > 0; size_bytes--, at++)
    sum = sum >> 8 ^ tables[0][(sum ^ *at) & 0xff];
  return ~sum;
}
