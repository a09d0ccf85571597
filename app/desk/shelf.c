/* shelf.c: see the header. The lock guards the index, the numbers of pictures,
 * the table of chunks and the count; rows below the count are read without
 * it. */
#include "app/desk/shelf.h"

#include "app/study/rows.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CHUNK 1024
#define LOOK_BYTES ((gsize) HF_LOOK_PX * HF_LOOK_PX)

typedef struct {
  float *rows;       /* both below, one behind the other */
  gsize n_row_bytes; /* of them in the file; 0: they are in memory */
  float *clip;       /* [CHUNK][n_tiles][clip_dim], or NULL */
  float *classic;    /* [CHUNK][n_tiles][classic_dim], or NULL */
  guint8 (*sha256)[32];
  gint64 *ids;
  HfCopySketch *sketches;
  guint8 **looks; /* [CHUNK] those that found no place in the file */
} Chunk;

struct _HfShelf {
  gsize n_tiles, clip_dim, classic_dim;
  int rows, looks; /* the files, or -1 */
  GMutex lock;
  GPtrArray *chunks;
  GHashTable *places; /* gint64 of a chunk to its place + 1 */
  gsize n;
};

static void
chunk_free (gpointer data)
{
  Chunk *chunk = data;

  for (gsize i = 0; i < CHUNK; i++)
    g_free (chunk->looks[i]);
  g_free (chunk->looks);
  if (chunk->n_row_bytes > 0)
    munmap (chunk->rows, chunk->n_row_bytes);
  else
    g_free (chunk->rows);
  g_free (chunk->sha256);
  g_free (chunk->ids);
  g_free (chunk->sketches);
  g_free (chunk);
}

/* A file that is gone with the program, however it ends. */
static int
open_hidden (const char *folder)
{
  int fd;

  if (folder == NULL)
    return -1;
  fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) {
    g_autofree char *path = g_build_filename (folder, ".rows-XXXXXX", NULL);

    fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
      unlink (path);
  }
  return fd;
}

HfShelf *
hf_shelf_new (gsize n_tiles, gsize clip_dim, gsize classic_dim,
              const char *folder)
{
  HfShelf *self = g_new0 (HfShelf, 1);

  self->n_tiles = n_tiles;
  self->clip_dim = clip_dim;
  self->classic_dim = classic_dim;
  self->rows = open_hidden (folder);
  self->looks = open_hidden (folder);
  self->chunks = g_ptr_array_new_with_free_func (chunk_free);
  self->places = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_mutex_init (&self->lock);
  return self;
}

void
hf_shelf_free (HfShelf *self)
{
  if (self == NULL)
    return;
  if (self->rows >= 0)
    close (self->rows);
  if (self->looks >= 0)
    close (self->looks);
  g_hash_table_unref (self->places);
  g_ptr_array_unref (self->chunks);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Room comes first: the first write to a page that a full disk has no room for
 * would end the program. A file system that cannot promise room says so, where
 * posix_fallocate would write zeros in its stead. */
static gboolean
map_rows (const HfShelf *self, Chunk *chunk, gsize n_bytes)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  gsize n_whole = (n_bytes + page - 1) / page * page;
  off_t begin = (off_t) (self->chunks->len * n_whole);
  void *rows;

  if (self->rows < 0 || fallocate (self->rows, 0, begin, (off_t) n_whole) != 0)
    return FALSE;
  rows = mmap (NULL, n_whole, PROT_READ | PROT_WRITE, MAP_SHARED, self->rows,
               begin);
  if (rows == MAP_FAILED)
    return FALSE;
  chunk->rows = rows;
  chunk->n_row_bytes = n_whole;
  return TRUE;
}

static gboolean
make_rows (const HfShelf *self, Chunk *chunk)
{
  gsize n = self->clip_dim + self->classic_dim;

  if (!g_size_checked_mul (&n, n, self->n_tiles) ||
      !g_size_checked_mul (&n, n, CHUNK * sizeof (float)) || n > G_MAXSSIZE / 2)
    return FALSE;
  if (!map_rows (self, chunk, n))
    chunk->rows = g_try_malloc (n);
  if (self->clip_dim > 0)
    chunk->clip = chunk->rows;
  if (self->classic_dim > 0)
    chunk->classic = chunk->rows + self->clip_dim * self->n_tiles * CHUNK;
  return chunk->rows != NULL;
}

static Chunk *
new_chunk (const HfShelf *self, GError **error)
{
  Chunk *chunk = g_new0 (Chunk, 1);
  gboolean ok = make_rows (self, chunk);

  chunk->sha256 = g_malloc_n (CHUNK, sizeof *chunk->sha256);
  chunk->ids = g_new (gint64, CHUNK);
  chunk->sketches = g_new (HfCopySketch, CHUNK);
  chunk->looks = g_new0 (guint8 *, CHUNK);
  if (ok)
    return chunk;
  chunk_free (chunk);
  g_set_error (
      error, HF_ROWS_ERROR, HF_ROWS_ERROR_MEMORY,
      _("There is not enough memory for the features of %zu pictures. Use "
        "fewer pictures, or fewer tiles."),
         self->n + CHUNK);
  return NULL;
}

static Chunk *
get_chunk (HfShelf *self, gsize place)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->chunks->pdata[place / CHUNK];
}

/* The digits were written by the extractor. */
static void
pack_sha256 (const char *hex, guint8 *out)
{
  for (int i = 0; i < 32; i++)
    out[i] = (guint8) (g_ascii_xdigit_value (hex[2 * i]) << 4 |
                       g_ascii_xdigit_value (hex[2 * i + 1]));
}

static void
put_look (HfShelf *self, Chunk *chunk, gsize place, const guint8 *look)
{
  if (self->looks >= 0 &&
      pwrite (self->looks, look, LOOK_BYTES, (off_t) (place * LOOK_BYTES)) ==
          (ssize_t) LOOK_BYTES)
    return;
  chunk->looks[place % CHUNK] = g_memdup2 (look, LOOK_BYTES);
}

static void
put_floats (float *to, gsize place, const float *from, gsize n)
{
  if (to != NULL)
    memcpy (to + place % CHUNK * n, from, n * sizeof (float));
}

gboolean
hf_shelf_add (HfShelf *self, gint64 image_id, const HfFeatureRow *row,
              GError **error)
{
  gsize place = self->n;
  Chunk *chunk;

  if (hf_shelf_find (self, image_id) >= 0)
    return TRUE;
  if (place % CHUNK == 0) {
    chunk = new_chunk (self, error);
    if (chunk == NULL)
      return FALSE;
    g_mutex_lock (&self->lock);
    g_ptr_array_set_size (self->chunks, (int) (place / CHUNK));
    g_ptr_array_add (self->chunks, chunk);
    g_mutex_unlock (&self->lock);
  }
  chunk = get_chunk (self, place);
  put_floats (chunk->clip, place, row->clip, self->n_tiles * self->clip_dim);
  put_floats (chunk->classic, place, row->classic,
              self->n_tiles * self->classic_dim);
  pack_sha256 (row->sha256, chunk->sha256[place % CHUNK]);
  hf_copy_sketch_init (&chunk->sketches[place % CHUNK], row->look);
  put_look (self, chunk, place, row->look);
  g_mutex_lock (&self->lock);
  chunk->ids[place % CHUNK] = image_id;
  g_hash_table_insert (self->places, &chunk->ids[place % CHUNK],
                       GSIZE_TO_POINTER (place + 1));
  self->n++;
  g_mutex_unlock (&self->lock);
  if (self->n % CHUNK == 0)
    hf_shelf_relax (self, place, 1);
  return TRUE;
}

void
hf_shelf_forget (HfShelf *self, gint64 image_id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gsize place =
      GPOINTER_TO_SIZE (g_hash_table_lookup (self->places, &image_id));
  const Chunk *chunk;

  if (place == 0)
    return;
  place--;
  chunk = self->chunks->pdata[place / CHUNK];
  /* The key is the number that is cleared. */
  g_hash_table_remove (self->places, &image_id);
  chunk->ids[place % CHUNK] = 0;
}

gsize
hf_shelf_get_n_tiles (const HfShelf *self)
{
  return self->n_tiles;
}

gsize
hf_shelf_get_clip_dim (const HfShelf *self)
{
  return self->clip_dim;
}

gsize
hf_shelf_get_classic_dim (const HfShelf *self)
{
  return self->classic_dim;
}

gsize
hf_shelf_get_n (HfShelf *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->n;
}

gssize
hf_shelf_find (HfShelf *self, gint64 image_id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return (gssize) GPOINTER_TO_SIZE (
             g_hash_table_lookup (self->places, &image_id)) -
         1;
}

gint64
hf_shelf_get_id (HfShelf *self, gsize place)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const Chunk *chunk = self->chunks->pdata[place / CHUNK];

  return chunk->ids[place % CHUNK];
}

static const float *
get_rows (const float *rows, gsize place, gsize size, gsize *n)
{
  *n = MIN (*n, CHUNK - place % CHUNK);
  return rows != NULL ? rows + place % CHUNK * size : NULL;
}

const float *
hf_shelf_get_clip (HfShelf *self, gsize place, gsize *n)
{
  return get_rows (get_chunk (self, place)->clip, place,
                   self->n_tiles * self->clip_dim, n);
}

const float *
hf_shelf_get_classic (HfShelf *self, gsize place, gsize *n)
{
  return get_rows (get_chunk (self, place)->classic, place,
                   self->n_tiles * self->classic_dim, n);
}

void
hf_shelf_relax (HfShelf *self, gsize place, gsize n)
{
  for (gsize i = place / CHUNK; n > 0 && i <= (place + n - 1) / CHUNK; i++) {
    const Chunk *chunk = get_chunk (self, i * CHUNK);

    if (chunk->n_row_bytes > 0)
      madvise (chunk->rows, chunk->n_row_bytes, MADV_DONTNEED);
  }
}

char *
hf_shelf_dup_sha256 (HfShelf *self, gsize place)
{
  const guint8 *bytes = get_chunk (self, place)->sha256[place % CHUNK];
  char *hex = g_malloc (65);

  for (int i = 0; i < 32; i++)
    g_snprintf (hex + 2 * i, 3, "%02x", bytes[i]);
  return hex;
}

const HfCopySketch *
hf_shelf_get_sketch (HfShelf *self, gsize place)
{
  return &get_chunk (self, place)->sketches[place % CHUNK];
}

void
hf_shelf_read_look (HfShelf *self, gsize place, guint8 *out)
{
  const Chunk *chunk = get_chunk (self, place);
  const guint8 *kept = chunk->looks[place % CHUNK];

  if (kept != NULL)
    memcpy (out, kept, LOOK_BYTES);
  else if (self->looks < 0 ||
           pread (self->looks, out, LOOK_BYTES, (off_t) (place * LOOK_BYTES)) !=
               (ssize_t) LOOK_BYTES)
    memset (out, 0, LOOK_BYTES);
}
