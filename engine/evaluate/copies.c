/* copies.c: see the header.
 *
 * Two hashes at a distance of at most 2 have one of three parts in common, so
 * that it is enough to compare pictures within the buckets of each part. Three
 * more things bound the work:
 * - Pictures of a bucket are sorted by their mean grey. If the mean absolute
 *   difference is at most 1.5, so is the difference of the means, and of 16
 *   parts of the pictures taken together; both are looked at before the 4096
 *   pixels.
 * - Pictures that are known to be in one set already are not compared.
 * - In a bucket of more than FULL_BUCKET pictures (an empty fixture, where
 *   all hashes are alike) each is compared with its nearest neighbours in grey
 *   alone, fewer the larger the bucket, MIN_NEIGHBOURS at the least. The work
 *   then grows with the number of pictures and not with its square, and a pair
 *   that lies further apart in the order may be missed: was_bounded says so. */
#include "evaluate/copies.h"

#include "base/sets.h"

#include <stdlib.h>
#include <string.h>

enum {
  LOOK_PX = 64,
  N_PIXELS = LOOK_PX * LOOK_PX,
  MAX_BITS = 2,                      /* of 64 that may differ */
  MAX_DIFFERENCE = N_PIXELS * 3 / 2, /* sum of absolute ones: 1.5 a pixel */
  N_PARTS = 3,                       /* of the hash */
  N_BLOCKS = 16,                     /* of the picture, 4 x 4 */
  FULL_BUCKET = 2048,
  MIN_NEIGHBOURS = 64,
  CHECK_EVERY = 1024, /* pictures between two looks at the progress */
};

#define MIN_COSINE .995

typedef struct {
  guint32 key; /* a part of the hash */
  gint32 grey;
  gsize picture;
} Entry;

typedef struct {
  const HfCopiesInput *input;
  HfCopies *copies;
  HfCopySketch *sketches; /* [n] */
  Entry *entries;         /* [n] those that are first of their bytes */
  gsize n_entries;
  gsize *parent; /* [n] of base/sets.h */
} Search;

static void
search_clear (Search *self)
{
  g_free (self->sketches);
  g_free (self->entries);
  g_free (self->parent);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

guint64
hf_copies_hash (const guint8 *look)
{
  enum { WIDTH = 9, HEIGHT = 8, ROWS = LOOK_PX / HEIGHT };
  guint64 hash = 0;

  for (int y = 0; y < HEIGHT; y++) {
    /* In ninths of a pixel a cell is 64 wide and a pixel 9. */
    guint32 cells[WIDTH] = {0};

    for (int x = 0; x < LOOK_PX; x++) {
      guint32 sum = 0;
      int cell = x * WIDTH / LOOK_PX;
      int inside = MIN (WIDTH, (cell + 1) * LOOK_PX - x * WIDTH);

      for (int r = 0; r < ROWS; r++)
        sum += look[(y * ROWS + r) * LOOK_PX + x];
      cells[cell] += sum * (guint32) inside;
      if (inside < WIDTH)
        cells[cell + 1] += sum * (guint32) (WIDTH - inside);
    }
    for (int x = 0; x + 1 < WIDTH; x++)
      hash = hash << 1 | (cells[x] > cells[x + 1]);
  }
  return hash;
}

void
hf_copy_sketch_init (HfCopySketch *self, const guint8 *look)
{
  enum { BLOCK_PX = LOOK_PX / 4 };

  memset (self, 0, sizeof *self);
  self->hash = hf_copies_hash (look);
  for (int y = 0; y < LOOK_PX; y++)
    for (int x = 0; x < LOOK_PX; x++)
      self->blocks[y / BLOCK_PX * 4 + x / BLOCK_PX] += look[y * LOOK_PX + x];
  for (int b = 0; b < N_BLOCKS; b++)
    self->grey += self->blocks[b];
}

static const guint8 *
get_look (const Search *self, gsize i)
{
  return self->input->looks + i * N_PIXELS;
}

static gboolean
looks_are_near (const guint8 *a, const guint8 *b)
{
  enum { STRETCH = 512 }; /* pixels between two looks at the sum */
  int sum = 0;

  for (int start = 0; start < N_PIXELS && sum <= MAX_DIFFERENCE;
       start += STRETCH)
    for (int i = start; i < start + STRETCH; i++)
      sum += abs (a[i] - b[i]);
  return sum <= MAX_DIFFERENCE;
}

/* Eight sums side by side, which a compiler can keep in registers. */
static gboolean
rows_are_near (const float *a, const float *b, gsize dim)
{
  enum { LANES = 8 };
  double sums[LANES] = {0}, dot = 0;
  gsize i;

  for (i = 0; i + LANES <= dim; i += LANES)
    for (gsize lane = 0; lane < LANES; lane++)
      sums[lane] += (double) a[i + lane] * (double) b[i + lane];
  for (; i < dim; i++)
    dot += (double) a[i] * (double) b[i];
  for (gsize lane = 0; lane < LANES; lane++)
    dot += sums[lane];
  return dot >= MIN_COSINE;
}

static gboolean
hashes_are_near (guint64 a, guint64 b)
{
  return __builtin_popcountll (a ^ b) <= MAX_BITS;
}

static gboolean
sketches_are_near (const HfCopySketch *a, const HfCopySketch *b)
{
  int difference = 0;

  if (!hashes_are_near (a->hash, b->hash))
    return FALSE;
  for (int k = 0; k < N_BLOCKS; k++)
    difference += abs (a->blocks[k] - b->blocks[k]);
  return difference <= MAX_DIFFERENCE;
}

gboolean
hf_copies_seem_near (const HfCopySketch *a, const HfCopySketch *b,
                     const float *row_a, const float *row_b, gsize dim)
{
  if (a != NULL && !sketches_are_near (a, b))
    return FALSE;
  return row_a == NULL || rows_are_near (row_a, row_b, dim);
}

/* The cheap questions first. */
static gboolean
are_near (const Search *self, gsize i, gsize j)
{
  const HfCopiesInput *input = self->input;

  if (!sketches_are_near (&self->sketches[i], &self->sketches[j]) ||
      !looks_are_near (get_look (self, i), get_look (self, j)))
    return FALSE;
  return input->rows == NULL ||
         rows_are_near (input->rows + i * input->dim,
                        input->rows + j * input->dim, input->dim);
}

static int
compare_entries (const void *a, const void *b)
{
  const Entry *left = a, *right = b;

  if (left->key != right->key)
    return left->key < right->key ? -1 : 1;
  if (left->grey != right->grey)
    return left->grey < right->grey ? -1 : 1;
  return (left->picture > right->picture) - (left->picture < right->picture);
}

static void
sort_by_part (Search *self, int part)
{
  static const int shifts[N_PARTS] = {0, 22, 43};
  static const guint32 masks[N_PARTS] = {0x3fffff, 0x1fffff, 0x1fffff};

  for (gsize e = 0; e < self->n_entries; e++) {
    guint64 hash = self->sketches[self->entries[e].picture].hash;

    self->entries[e].key = (guint32) (hash >> shifts[part]) & masks[part];
  }
  if (self->n_entries > 0)
    qsort (self->entries, self->n_entries, sizeof (Entry), compare_entries);
}

/* Compares entry @e with those behind it, up to @end of its bucket. */
static void
compare_onwards (Search *self, gsize e, gsize end, gsize n_neighbours)
{
  const Entry *entries = self->entries;
  gsize i = entries[e].picture, last = MIN (end, e + 1 + n_neighbours);
  gsize other;

  for (other = e + 1; other < last; other++) {
    gsize j = entries[other].picture;

    if (entries[other].grey - entries[e].grey > MAX_DIFFERENCE)
      return;
    if (hf_sets_find (self->parent, i) != hf_sets_find (self->parent, j) &&
        are_near (self, i, j))
      hf_sets_join (self->parent, i, j);
  }
  if (other < end && entries[other].grey - entries[e].grey <= MAX_DIFFERENCE)
    self->copies->was_bounded = TRUE;
}

static gboolean
search_part (Search *self, int part, HfProgress *progress, GError **error)
{
  sort_by_part (self, part);
  for (gsize start = 0, end; start < self->n_entries; start = end) {
    gsize n_neighbours;

    for (end = start; end < self->n_entries &&
                      self->entries[end].key == self->entries[start].key;)
      end++;
    n_neighbours =
        MAX (MIN_NEIGHBOURS, (gsize) FULL_BUCKET * FULL_BUCKET / (end - start));
    for (gsize e = start; e < end; e++) {
      if (e % CHECK_EVERY == 0 && !hf_progress_check (progress, error))
        return FALSE;
      compare_onwards (self, e, end, n_neighbours);
    }
  }
  return TRUE;
}

/* Finds equal bytes, and labels that contradict each other. */
static void
find_identical (const HfCopiesInput *input, HfCopies *copies)
{
  g_autoptr (GHashTable) first = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < input->n; i++) {
    gpointer known;

    copies->twin[i] = i;
    if (!g_hash_table_lookup_extended (first, input->sha256[i], NULL, &known)) {
      g_hash_table_insert (first, (gpointer) input->sha256[i],
                           GSIZE_TO_POINTER (i));
      continue;
    }
    copies->twin[i] = GPOINTER_TO_SIZE (known);
    copies->n_identical++;
    if (input->label[i] != input->label[copies->twin[i]])
      copies->conflict[copies->twin[i]] = TRUE;
  }
  for (gsize i = 0; i < input->n; i++)
    copies->conflict[i] = copies->conflict[copies->twin[i]];
}

static void
search_init (Search *self)
{
  gsize n = self->input->n;

  self->sketches = g_new (HfCopySketch, n);
  self->entries = g_new (Entry, n);
  self->parent = g_new (gsize, n);
  for (gsize i = 0; i < n; i++) {
    self->parent[i] = self->copies->twin[i];
    hf_copy_sketch_init (&self->sketches[i], get_look (self, i));
    if (self->copies->twin[i] == i)
      self->entries[self->n_entries++] =
          (Entry){.grey = self->sketches[i].grey, .picture = i};
  }
}

/* Numbers the sets in the order of their first pictures. */
static void
number_clusters (Search *self)
{
  gsize n = self->input->n;
  g_autofree gsize *n_different = g_new0 (gsize, n);
  int next = 0;

  for (gsize i = 0; i < n; i++) {
    gsize root = hf_sets_find (self->parent, i);

    n_different[root] += self->copies->twin[i] == i ? 1 : 0;
    self->copies->cluster[i] = root == i ? next++ : self->copies->cluster[root];
  }
  for (gsize i = 0; i < n; i++)
    if (n_different[hf_sets_find (self->parent, i)] > 1)
      self->copies->n_near++;
}

HfCopies *
hf_copies_find (const HfCopiesInput *input, HfProgress *progress,
                GError **error)
{
  g_autoptr (HfCopies) copies = g_new0 (HfCopies, 1);
  g_auto (Search) search = {.input = input, .copies = copies};

  copies->twin = g_new (gsize, input->n);
  copies->conflict = g_new0 (gboolean, input->n);
  copies->cluster = g_new (int, input->n);
  find_identical (input, copies);
  search_init (&search);
  for (int part = 0; part < N_PARTS; part++)
    if (!search_part (&search, part, progress, error))
      return NULL;
  number_clusters (&search);
  return g_steal_pointer (&copies);
}

void
hf_copies_free (HfCopies *self)
{
  if (self == NULL)
    return;
  g_free (self->twin);
  g_free (self->conflict);
  g_free (self->cluster);
  g_free (self);
}
