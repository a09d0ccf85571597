/* suggestion.c: see the header.
 *
 * Every fourth place in the order of all suggestions ever shown is an audit.
 * Audits are drawn first, uniformly from what is open, so that nothing else
 * decides about them; audits that are due take the places before new ones.
 * The other places are filled from a queue: typical pictures, the middle of
 * each cluster in which nothing is closed yet; then, with a probe, the smallest
 * margins (Settles 2009, section 3.1), and without one the clusters again,
 * those first that have the fewest closed pictures. What would stand beside a
 * near-copy waits for the next place. */
#include "active/suggestion.h"

#include "active/clusters-private.h"
#include "base/rng.h"

#include <stdlib.h>

/* With a probe there are few clusters: margins tell more from there on
 * (Hacohen et al. 2022, ICML: typical ones first, uncertain ones later). */
enum { AUDIT_EVERY = 4, N_CLUSTERS = 16, MAX_CLUSTERS = 64 };

typedef struct {
  const HfSuggestionInput *input;
  gboolean *taken;   /* [n] closed, due, drawn or already in the list */
  GArray *audits;    /* gsize, in order: due ones, then drawn ones */
  GArray *queue;     /* HfSuggestion */
  guint queue_start; /* what is before it has been used */
  GArray *list;      /* HfSuggestion, the result */
} Search;

static void
search_clear (Search *self)
{
  g_free (self->taken);
  g_clear_pointer (&self->audits, g_array_unref);
  g_clear_pointer (&self->queue, g_array_unref);
  g_clear_pointer (&self->list, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

const char *
hf_suggested_why_get_name (HfSuggestedWhy self)
{
  static const char *const names[] = {"typical", "margin", "audit"};

  return names[self];
}

static gboolean
is_audit_place (const HfSuggestionInput *input, gsize i)
{
  return (input->n_shown + i) % AUDIT_EVERY == AUDIT_EVERY - 1;
}

/* Due audits, then as many draws as there are places for audits. */
static void
draw_audits (Search *self, gsize n_wanted)
{
  const HfSuggestionInput *input = self->input;
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (gsize));
  gsize n_places = 0;
  HfRng rng;

  self->audits = g_array_new (FALSE, FALSE, sizeof (gsize));
  for (gsize i = 0; i < input->n_due_audits; i++) {
    gsize row = input->due_audits[i];

    if (row >= input->n || self->taken[row])
      continue;
    self->taken[row] = TRUE;
    g_array_append_val (self->audits, row);
  }
  for (gsize i = 0; i < n_wanted; i++)
    n_places += is_audit_place (input, i) ? 1 : 0;
  for (gsize row = 0; row < input->n; row++)
    if (!self->taken[row])
      g_array_append_val (open, row);
  hf_rng_init (&rng, input->seed + input->n_shown);
  while (self->audits->len < n_places && open->len > 0) {
    guint drawn = (guint) hf_rng_next_below (&rng, open->len);
    gsize row = g_array_index (open, gsize, drawn);

    self->taken[row] = TRUE;
    g_array_append_val (self->audits, row);
    g_array_remove_index_fast (open, drawn);
  }
}

/* A picture that is open, and how soon it is typical. */
typedef struct {
  gsize row;
  int cluster;
  float nearness;
  gsize turn;   /* closed pictures of the cluster and open ones nearer to its
                   middle */
  gsize n_open; /* of the cluster */
} Candidate;

static int
compare_by_cluster (const void *a, const void *b)
{
  const Candidate *left = a, *right = b;

  if (left->cluster != right->cluster)
    return left->cluster - right->cluster;
  if (left->nearness != right->nearness)
    return left->nearness > right->nearness ? -1 : 1;
  return (left->row > right->row) - (left->row < right->row);
}

static int
compare_by_turn (const void *a, const void *b)
{
  const Candidate *left = a, *right = b;

  if (left->turn != right->turn)
    return left->turn < right->turn ? -1 : 1;
  if (left->n_open != right->n_open)
    return left->n_open > right->n_open ? -1 : 1;
  return left->cluster - right->cluster;
}

/* Candidates (caller unrefs) by turn. */
static GArray *
dup_candidates (const Search *self, const HfClusters *clusters)
{
  GArray *candidates = g_array_new (FALSE, TRUE, sizeof (Candidate));
  g_autofree gsize *n_closed = g_new0 (gsize, clusters->n_clusters);
  g_autofree gsize *n_open = g_new0 (gsize, clusters->n_clusters);
  g_autofree gsize *n_before = g_new0 (gsize, clusters->n_clusters);

  for (gsize i = 0; i < self->input->n; i++) {
    Candidate candidate = {i, clusters->cluster[i], clusters->nearness[i]};

    if (self->input->closed[i])
      n_closed[clusters->cluster[i]]++;
    else
      n_open[clusters->cluster[i]]++;
    if (!self->taken[i])
      g_array_append_val (candidates, candidate);
  }
  g_array_sort (candidates, compare_by_cluster);
  for (guint i = 0; i < candidates->len; i++) {
    Candidate *candidate = &g_array_index (candidates, Candidate, i);

    candidate->turn =
        n_closed[candidate->cluster] + n_before[candidate->cluster]++;
    candidate->n_open = n_open[candidate->cluster];
  }
  g_array_sort (candidates, compare_by_turn);
  return candidates;
}

/* Queues typical pictures: those of clusters where nothing is closed, and
 * without a probe all others behind them. */
static gboolean
queue_typical (Search *self, gsize n_wanted, HfProgress *progress,
               GError **error)
{
  const HfSuggestionInput *input = self->input;
  int n_clusters = input->probabilities != NULL
                       ? N_CLUSTERS
                       : (int) CLAMP (n_wanted - n_wanted / AUDIT_EVERY,
                                      N_CLUSTERS, MAX_CLUSTERS);
  g_autoptr (HfClusters) clusters =
      hf_clusters_new (input->rows, input->n, input->dim, n_clusters,
                       input->seed, progress, error);
  g_autoptr (GArray) candidates = NULL;

  if (clusters == NULL)
    return FALSE;
  candidates = dup_candidates (self, clusters);
  for (guint i = 0; i < candidates->len; i++) {
    const Candidate *candidate = &g_array_index (candidates, Candidate, i);
    HfSuggestion suggestion = {.row = candidate->row,
                               .why = HF_SUGGESTED_TYPICAL,
                               .first = -1,
                               .second = -1,
                               .n_alike = candidate->n_open};

    if (input->probabilities != NULL && candidate->turn > 0)
      break;
    g_array_append_val (self->queue, suggestion);
  }
  return TRUE;
}

/* The two most probable classes, the first of equals first. */
static HfSuggestion
find_margin (const HfSuggestionInput *input, gsize row)
{
  const double *p = input->probabilities + row * (gsize) input->n_classes;
  HfSuggestion self = {
      .row = row, .why = HF_SUGGESTED_MARGIN, .first = 0, .second = -1};

  for (int c = 1; c < input->n_classes; c++) {
    if (p[c] > p[self.first]) {
      self.second = self.first;
      self.first = c;
    } else if (self.second < 0 || p[c] > p[self.second]) {
      self.second = c;
    }
  }
  self.margin = p[self.first] - p[self.second];
  return self;
}

static int
compare_margins (const void *a, const void *b)
{
  const HfSuggestion *left = a, *right = b;

  if (left->margin != right->margin)
    return left->margin < right->margin ? -1 : 1;
  return (left->row > right->row) - (left->row < right->row);
}

/* Queues all other open pictures, the smallest margin first. */
static void
queue_margins (Search *self)
{
  g_autoptr (GArray) margins =
      g_array_new (FALSE, FALSE, sizeof (HfSuggestion));
  g_autofree gboolean *queued = g_new0 (gboolean, self->input->n);

  for (guint i = 0; i < self->queue->len; i++)
    queued[g_array_index (self->queue, HfSuggestion, i).row] = TRUE;
  for (gsize row = 0; row < self->input->n; row++) {
    HfSuggestion suggestion;

    if (self->taken[row] || queued[row])
      continue;
    suggestion = find_margin (self->input, row);
    g_array_append_val (margins, suggestion);
  }
  g_array_sort (margins, compare_margins);
  g_array_append_vals (self->queue, margins->data, margins->len);
}

static gboolean
are_near (const HfSuggestionInput *input, gsize i, gsize j)
{
  const HfCopySketch *sketches = input->sketches;

  return hf_copies_seem_near (sketches != NULL ? &sketches[i] : NULL,
                              sketches != NULL ? &sketches[j] : NULL,
                              input->rows + i * input->dim,
                              input->rows + j * input->dim, input->dim);
}

/* Whether @row may follow what is in the list and, if @next is not NULL,
 * precede the audit that is drawn already. */
static gboolean
fits (const Search *self, gsize row, const gsize *next)
{
  guint n = self->list->len;

  if (n > 0 && are_near (self->input, row,
                         g_array_index (self->list, HfSuggestion, n - 1).row))
    return FALSE;
  return next == NULL || !are_near (self->input, row, *next);
}

/* Takes the first of the queue that fits. */
static gboolean
take_queued (Search *self, const gsize *next)
{
  GArray *queue = self->queue;

  while (
      self->queue_start < queue->len &&
      self->taken[g_array_index (queue, HfSuggestion, self->queue_start).row])
    self->queue_start++;
  for (guint i = self->queue_start; i < queue->len; i++) {
    HfSuggestion suggestion = g_array_index (queue, HfSuggestion, i);

    if (self->taken[suggestion.row] || !fits (self, suggestion.row, next))
      continue;
    self->taken[suggestion.row] = TRUE;
    g_array_append_val (self->list, suggestion);
    return TRUE;
  }
  return FALSE;
}

/* Takes the next audit. Only where two audits would meet, because nothing else
 * was left, it may have to wait. */
static gboolean
take_audit (Search *self)
{
  HfSuggestion suggestion = {
      .why = HF_SUGGESTED_AUDIT, .first = -1, .second = -1};

  if (self->audits->len == 0)
    return FALSE;
  suggestion.row = g_array_index (self->audits, gsize, 0);
  if (!fits (self, suggestion.row, NULL))
    return FALSE;
  g_array_append_val (self->list, suggestion);
  g_array_remove_index (self->audits, 0);
  return TRUE;
}

/* Fills the list place by place; it ends early where nothing fits. */
static void
fill_list (Search *self, gsize n_wanted)
{
  for (gsize i = 0; i < n_wanted; i++) {
    const gsize *next = NULL;

    if (is_audit_place (self->input, i) && take_audit (self))
      continue;
    if (is_audit_place (self->input, i + 1) && i + 1 < n_wanted &&
        self->audits->len > 0)
      next = &g_array_index (self->audits, gsize, 0);
    if (!take_queued (self, next) && !take_audit (self))
      return;
  }
}

GArray *
hf_suggestions_find (const HfSuggestionInput *input, gsize n_wanted,
                     HfProgress *progress, GError **error)
{
  g_auto (Search) search = {.input = input};

  g_return_val_if_fail (input->probabilities == NULL || input->n_classes > 1,
                        NULL);
  search.list = g_array_new (FALSE, FALSE, sizeof (HfSuggestion));
  search.queue = g_array_new (FALSE, FALSE, sizeof (HfSuggestion));
  search.taken = g_memdup2 (input->closed, input->n * sizeof (gboolean));
  if (input->n == 0)
    return g_steal_pointer (&search.list);
  draw_audits (&search, n_wanted);
  if (!queue_typical (&search, n_wanted, progress, error))
    return NULL;
  if (input->probabilities != NULL)
    queue_margins (&search);
  fill_list (&search, n_wanted);
  return g_steal_pointer (&search.list);
}
