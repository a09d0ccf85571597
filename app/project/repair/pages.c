/* pages.c: see the header. The layout is that of sqlite.org/fileformat2.html,
 * sections 1.3 (header), 1.6 (B-tree pages), 2.1 (records).
 *
 *   page: type (13: a leaf of a table, 10 and 2: a leaf and a node of an index)
 *         | 7 bytes with the number of cells | 4 more in a node
 *         | offsets of cells, 2 bytes each | ... | cells
 *   cell: 4 bytes in a node | varint n, the payload's size
 *         | varint row, in a table only | payload
 *         | number of an overflow page, if the payload goes on there
 *   overflow page: number of the next one, 4 bytes | payload
 *   payload: varint size of header | varint type for each column | values */
#include "app/project/repair/pages.h"

#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
  FILE_HEADER_BYTES = 100,
  PAGE_HEADER_BYTES = 8,
  NODE_BYTES = 4, /* of its header, and of its cells */
  LEAF_OF_TABLE = 13,
  LEAF_OF_INDEX = 10,
  NODE_OF_INDEX = 2,
  DEFAULT_PAGE_BYTES = 4096,
  LONGEST_PAYLOAD_BYTES = 1 << 22,
};

struct _HfPages {
  int fd;
  gint64 size_bytes;
  gsize page_bytes;
  gsize usable_bytes; /* of a page, without what is reserved */
  guint8 *page;       /* [page_bytes], the one that is looked at */
  guint8 *overflow;   /* [page_bytes] */
  GByteArray *payload;
};

/* Reads page @number, from 1. */
static gboolean
read_page (const HfPages *self, guint64 number, guint8 *page)
{
  gint64 offset;
  gsize n_read = 0;

  if (number < 1 || number > (guint64) self->size_bytes / self->page_bytes + 1)
    return FALSE;
  offset = (gint64) ((number - 1) * self->page_bytes);
  /* What is missing of the last page of a file that was cut is zero. */
  memset (page, 0, self->page_bytes);
  while (n_read < self->page_bytes) {
    gssize n = pread (self->fd, page + n_read, self->page_bytes - n_read,
                      offset + (gint64) n_read);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return FALSE;
    if (n == 0)
      break;
    n_read += (gsize) n;
  }
  return n_read > 0;
}

/* The size of pages: what the file says if it can be, else ours. */
static void
read_sizes (HfPages *self)
{
  guint8 header[FILE_HEADER_BYTES] = {0};
  gsize size = 0;

  self->page_bytes = DEFAULT_PAGE_BYTES;
  self->usable_bytes = DEFAULT_PAGE_BYTES;
  if (pread (self->fd, header, sizeof header, 0) != (gssize) sizeof header)
    return;
  size = (gsize) header[16] << 8 | header[17];
  if (size == 1)
    size = 65536;
  if (size < 512 || (size & (size - 1)) != 0 ||
      memcmp (header, "SQLite format 3", 16) != 0)
    return;
  self->page_bytes = size;
  self->usable_bytes = size - MIN (header[20], size - 480);
}

HfPages *
hf_pages_open (const char *path, GError **error)
{
  g_autoptr (HfPages) self = g_new0 (HfPages, 1);

  self->fd = hf_file_open (path, &self->size_bytes, error);
  if (self->fd < 0)
    return NULL;
  read_sizes (self);
  self->page = g_malloc (self->page_bytes);
  self->overflow = g_malloc (self->page_bytes);
  self->payload = g_byte_array_new ();
  return g_steal_pointer (&self);
}

void
hf_pages_close (HfPages *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->page);
  g_free (self->overflow);
  g_clear_pointer (&self->payload, g_byte_array_unref);
  g_free (self);
}

/* Reads a varint at *@at and steps over it; FALSE if it does not end before
 * @end. */
static gboolean
read_varint (const guint8 **at, const guint8 *end, guint64 *value)
{
  *value = 0;
  for (int i = 0; i < 9; i++) {
    guint8 byte;

    if (*at >= end)
      return FALSE;
    byte = *(*at)++;
    if (i == 8) {
      *value = *value << 8 | byte;
      return TRUE;
    }
    *value = *value << 7 | (byte & 0x7f);
    if ((byte & 0x80) == 0)
      return TRUE;
  }
  return FALSE;
}

/* How much of a payload lies in the cell itself. */
static gsize
get_local (const HfPages *self, int type, gsize payload_bytes)
{
  gsize most = type == LEAF_OF_TABLE
                   ? self->usable_bytes - 35
                   : (self->usable_bytes - 12) * 64 / 255 - 23;
  gsize least = (self->usable_bytes - 12) * 32 / 255 - 23;
  gsize n;

  if (payload_bytes <= most)
    return payload_bytes;
  n = least + (payload_bytes - least) % (self->usable_bytes - 4);
  return n <= most ? n : least;
}

static guint32
read_u32 (const guint8 *at)
{
  return (guint32) at[0] << 24 | (guint32) at[1] << 16 | (guint32) at[2] << 8 |
         at[3];
}

/* Follows the overflow pages until @n_wanted bytes are together. Every page
 * brings some, so that a ring ends. */
static gboolean
read_overflow (HfPages *self, guint32 number, gsize n_wanted)
{
  while (self->payload->len < n_wanted) {
    gsize n = MIN (self->usable_bytes - 4, n_wanted - self->payload->len);

    if (number == 0 || !read_page (self, number, self->overflow))
      return FALSE;
    g_byte_array_append (self->payload, self->overflow + 4, (guint) n);
    number = read_u32 (self->overflow);
  }
  return TRUE;
}

/* Puts the payload of the cell at @offset together. */
static gboolean
read_cell (HfPages *self, int type, gsize offset, gint64 *row)
{
  const guint8 *end = self->page + self->usable_bytes;
  const guint8 *at =
      self->page + offset + (type == NODE_OF_INDEX ? NODE_BYTES : 0);
  guint64 n_payload, number = 0;
  gsize n_local;

  if (!read_varint (&at, end, &n_payload) ||
      (type == LEAF_OF_TABLE && !read_varint (&at, end, &number)) ||
      n_payload == 0 || n_payload > LONGEST_PAYLOAD_BYTES ||
      n_payload > (guint64) self->size_bytes)
    return FALSE;
  *row = (gint64) number;
  n_local = get_local (self, type, n_payload);
  if (n_local > (gsize) (end - at))
    return FALSE;
  g_byte_array_set_size (self->payload, 0);
  g_byte_array_append (self->payload, at, (guint) n_local);
  if (n_local == n_payload)
    return TRUE;
  at += n_local;
  return end - at >= 4 && read_overflow (self, read_u32 (at), n_payload);
}

static gint64
read_number (const guint8 *at, gsize n)
{
  guint64 value = at[0] & 0x80 ? G_MAXUINT64 : 0;

  for (gsize i = 0; i < n; i++)
    value = value << 8 | at[i];
  return (gint64) value;
}

/* Reads a value of the kind @type at *@at. */
static gboolean
read_value (guint64 type, const guint8 **at, const guint8 *end,
            HfPageValue *value)
{
  static const guint8 sizes[] = {0, 1, 2, 3, 4, 6, 8};
  gsize left = (gsize) (end - *at);

  *value = (HfPageValue){.type = type == 0 ? '0' : 'i'};
  if (type >= 12) {
    if ((type - 12) / 2 > left)
      return FALSE;
    value->type = type % 2 == 0 ? 'b' : 't';
    value->bytes = *at;
    value->n_bytes = (gsize) (type - 12) / 2;
    *at += value->n_bytes;
    return TRUE;
  }
  if (type == 8 || type == 9) {
    value->number = (gint64) type - 8;
    return TRUE;
  }
  /* No column of a project is a fraction. */
  if (type >= G_N_ELEMENTS (sizes) || sizes[type] > left)
    return FALSE;
  if (type > 0)
    value->number = read_number (*at, sizes[type]);
  *at += sizes[type];
  return TRUE;
}

static gboolean
read_record (const HfPages *self, HfPageValue *values, guint *n_values)
{
  const guint8 *types = self->payload->data;
  const guint8 *end = types + self->payload->len;
  const guint8 *at;
  guint64 n_header;

  if (!read_varint (&types, end, &n_header) || n_header > self->payload->len)
    return FALSE;
  at = self->payload->data + n_header;
  for (*n_values = 0; types < self->payload->data + n_header; ++*n_values) {
    guint64 type;

    if (*n_values == HF_PAGES_MAX_COLUMNS ||
        !read_varint (&types, self->payload->data + n_header, &type) ||
        !read_value (type, &at, end, &values[*n_values]))
      return FALSE;
  }
  return at == end;
}

static gboolean
read_cells (HfPages *self, gsize start, HfPageRowFunc func, gpointer data,
            HfPagesCount *count, GError **error)
{
  const guint8 *header = self->page + start;
  guint n_cells = (guint) header[3] << 8 | header[4];
  int type = header[0];
  gsize n_header = PAGE_HEADER_BYTES + (type == NODE_OF_INDEX ? NODE_BYTES : 0);

  for (guint i = 0; i < n_cells; i++) {
    gsize at = start + n_header + 2 * i;
    HfPageValue values[HF_PAGES_MAX_COLUMNS];
    guint n_values;
    gsize offset;
    gint64 row;

    if (at + 2 > self->usable_bytes)
      break;
    offset = (gsize) self->page[at] << 8 | self->page[at + 1];
    if (offset < start + n_header || offset >= self->usable_bytes ||
        !read_cell (self, type, offset, &row) ||
        !read_record (self, values, &n_values)) {
      count->n_broken++;
      continue;
    }
    count->n_rows++;
    if (!func (row, values, n_values, data, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
has_rows (int type)
{
  return type == LEAF_OF_TABLE || type == LEAF_OF_INDEX ||
         type == NODE_OF_INDEX;
}

gboolean
hf_pages_read (HfPages *self, HfPageRowFunc func, gpointer data,
               HfPagesCount *count, GError **error)
{
  guint64 n_pages =
      ((guint64) self->size_bytes + self->page_bytes - 1) / self->page_bytes;

  *count = (HfPagesCount){.n_pages = n_pages};
  for (guint64 i = 1; i <= n_pages; i++) {
    gsize start = i == 1 ? FILE_HEADER_BYTES : 0;

    if (!read_page (self, i, self->page))
      count->n_unreadable++;
    else if (has_rows (self->page[start]) &&
             !read_cells (self, start, func, data, count, error))
      return FALSE;
  }
  return TRUE;
}
