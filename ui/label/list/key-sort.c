/* key-sort.c: see the header. Each pass keeps the order of those that are alike
 * in its byte, so that the last pass is the one that counts most. A byte in
 * which all are alike takes none. */
#include "ui/label/list/key-sort.h"

#include <string.h>

enum { KEY_BYTES = 8, INDEX_BYTES = 4, N_BYTES = INDEX_BYTES + KEY_BYTES };

typedef struct {
  guint64 key; /* in the order of the numbers */
  guint32 index;
} Item;

/* The bits of positive numbers are in the order of the numbers, those of
 * negative ones the other way round. */
static guint64
to_bits (double key)
{
  double plain = key + 0.0; /* of both zeros, the positive */
  guint64 bits;

  memcpy (&bits, &plain, sizeof bits);
  return (bits >> 63) != 0 ? ~bits : bits | (guint64) 1 << 63;
}

static double
from_bits (guint64 bits)
{
  double key;

  bits = (bits >> 63) != 0 ? bits & ~((guint64) 1 << 63) : ~bits;
  memcpy (&key, &bits, sizeof key);
  return key;
}

/* The last byte of the index is 0. */
static guint8
get_byte (const Item *item, int byte)
{
  return byte < INDEX_BYTES ? (guint8) (item->index >> 8 * byte)
                            : (guint8) (item->key >> 8 * (byte - INDEX_BYTES));
}

/* From @from to @to, both [@n]; FALSE, and nothing done, if all are alike. */
static gboolean
sort_by (int byte, const Item *from, Item *to, gsize n)
{
  gsize begin[257] = {0};

  for (gsize i = 0; i < n; i++)
    begin[get_byte (&from[i], byte) + 1]++;
  if (begin[get_byte (&from[0], byte) + 1] == n)
    return FALSE;
  for (int value = 0; value < 256; value++)
    begin[value + 1] += begin[value];
  for (gsize i = 0; i < n; i++)
    to[begin[get_byte (&from[i], byte)]++] = from[i];
  return TRUE;
}

void
hf_key_sort (HfKeyed *keyed, gsize n)
{
  g_autofree Item *items = g_new (Item, n + 1);
  g_autofree Item *spare = g_new (Item, n + 1);

  for (gsize i = 0; i < n; i++)
    items[i] = (Item){.key = to_bits (keyed[i].key), .index = keyed[i].index};
  for (int byte = 0; byte < N_BYTES && n > 0; byte++)
    if (sort_by (byte, items, spare, n)) {
      Item *sorted = spare;

      spare = items;
      items = sorted;
    }
  for (gsize i = 0; i < n; i++)
    keyed[i] =
        (HfKeyed){.key = from_bits (items[i].key), .index = items[i].index};
}
