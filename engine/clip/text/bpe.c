/* clip/text/bpe.c: merges the pair of lowest rank, from left to right, until no
 * pair is left that merges.
 *
 * The pieces of a word are a linked list in an array; possible merges wait in a
 * heap, by rank and then by place. OpenAI's code instead joins all places of
 * the lowest pair before it looks for the next. That is the same: a pair that a
 * merge creates has that merge's symbol for a half, so it stands further down
 * in the vocabulary (see add_merge in vocabulary.c) and its turn comes later.
 * A place in the heap may be out of date; it counts only while the piece still
 * has the merge that it was queued for. */
#include "clip/text/bpe.h"

typedef struct {
  int id;
  int previous; /* index of the neighbours, -1 at the ends */
  int next;
  int merge; /* symbol of this piece and the next, or -1; -1 once joined */
} Piece;

struct _HfBpe {
  const HfVocabulary *vocabulary; /* borrowed */
  GArray *pieces;                 /* Piece[] */
  GArray *heap; /* guint64[], merge << 32 | piece; the least is first */
};

HfBpe *
hf_bpe_new (const HfVocabulary *vocabulary)
{
  HfBpe *self = g_new0 (HfBpe, 1);

  self->vocabulary = vocabulary;
  self->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  self->heap = g_array_new (FALSE, FALSE, sizeof (guint64));
  return self;
}

void
hf_bpe_free (HfBpe *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->pieces);
  g_array_unref (self->heap);
  g_free (self);
}

static void
heap_push (GArray *heap, guint64 entry)
{
  guint64 *data;
  gsize i = heap->len;

  g_array_append_val (heap, entry);
  data = (guint64 *) (void *) heap->data;
  for (; i > 0 && data[(i - 1) / 2] > entry; i = (i - 1) / 2)
    data[i] = data[(i - 1) / 2];
  data[i] = entry;
}

static guint64
heap_pop (GArray *heap)
{
  guint64 *data = (guint64 *) (void *) heap->data;
  gsize n = heap->len - 1;
  guint64 least = data[0], last = data[n];
  gsize i = 0;

  for (gsize child = 1; child < n; child = 2 * i + 1) {
    if (child + 1 < n && data[child + 1] < data[child])
      child++;
    if (data[child] >= last)
      break;
    data[i] = data[child];
    i = child;
  }
  data[i] = last;
  g_array_set_size (heap, (guint) n);
  return least;
}

/* Looks up and queues the merge of piece @i with the next. */
static void
offer (HfBpe *self, Piece *pieces, int i)
{
  int next = pieces[i].next;

  pieces[i].merge = -1;
  if (next < 0)
    return;
  pieces[i].merge =
      hf_vocabulary_get_merge (self->vocabulary, pieces[i].id, pieces[next].id);
  if (pieces[i].merge >= 0)
    heap_push (self->heap, (guint64) pieces[i].merge << 32 | (guint64) i);
}

static void
join (HfBpe *self, Piece *pieces, int i)
{
  int gone = pieces[i].next;
  int next = pieces[gone].next;

  pieces[i].id = pieces[i].merge;
  pieces[i].next = next;
  pieces[gone].merge = -1;
  if (next >= 0)
    pieces[next].previous = i;
  offer (self, pieces, i);
  if (pieces[i].previous >= 0)
    offer (self, pieces, pieces[i].previous);
}

void
hf_bpe_encode (HfBpe *self, const char *word, gsize size_bytes, GArray *ids)
{
  Piece *pieces;
  int n = (int) size_bytes;

  g_return_if_fail (size_bytes > 0 && size_bytes <= G_MAXINT);

  g_array_set_size (self->pieces, (guint) n);
  pieces = (Piece *) (void *) self->pieces->data;
  for (int i = 0; i < n; i++) {
    pieces[i].id =
        hf_vocabulary_get_byte (self->vocabulary, (guint8) word[i], i == n - 1);
    pieces[i].previous = i - 1;
    pieces[i].next = i < n - 1 ? i + 1 : -1;
  }
  for (int i = 0; i < n; i++)
    offer (self, pieces, i);
  while (self->heap->len > 0) {
    guint64 entry = heap_pop (self->heap);
    int i = (int) (entry & G_MAXUINT32);

    if (pieces[i].merge == (int) (entry >> 32))
      join (self, pieces, i);
  }
  for (int i = 0; i >= 0; i = pieces[i].next)
    g_array_append_val (ids, pieces[i].id);
}
