/* shown-pictures.c: see the header.
 *
 * I1  shown is sorted by (key, index); both stand in the entries, so that a
 *     picture is found by bisection.
 * I2  Entry.shown says whether an entry is in shown.
 * I3  counts[v] is the number of entries whose views have bit v.
 *
 * A hook on the signal "changed" of all pictures costs nothing for each of
 * them, where 100,000 handlers would. */
#include "ui/label/list/shown-pictures.h"

#include "base/natural.h"
#include "ui/label/list/key-sort.h"

#include <math.h>
#include <string.h>

/* Up to here pictures come and go one by one; from here on the new list is
 * compared with the old one, and told of as one change. */
#define N_SINGLE 32

typedef struct {
  HfPicture *picture; /* owned */
  double key;
  guint8 views;
  guint8 shown;
  guint8 dirty;
} Entry;

struct _HfShownPictures {
  GObject parent_instance;

  GListModel *model;
  GArray *entries;    /* Entry, in the order of the model */
  GHashTable *index;  /* HfPicture * to index + 1 */
  GArray *shown;      /* guint, indices into entries: I1 */
  GArray *dirty;      /* guint, indices of what changed */
  GHashTable *groups; /* name to its place + 1 */
  HfPictureQuery query;
  char *words;
  guint counts[HF_N_VIEWS];
  gulong hook;
  guint idle_id;
};

enum { COUNTS_CHANGED, QUERY_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static GType
hf_shown_pictures_get_item_type (GListModel *list)
{
  return HF_TYPE_PICTURE;
}

static guint
hf_shown_pictures_get_n_items (GListModel *list)
{
  return HF_SHOWN_PICTURES (list)->shown->len;
}

static Entry *
get_entry (GArray *entries, guint index)
{
  return &g_array_index (entries, Entry, index);
}

static HfPicture *
get_picture (GArray *entries, GArray *shown, guint position)
{
  return get_entry (entries, g_array_index (shown, guint, position))->picture;
}

static gpointer
hf_shown_pictures_get_item (GListModel *list, guint position)
{
  HfShownPictures *self = HF_SHOWN_PICTURES (list);

  return position < self->shown->len
             ? g_object_ref (get_picture (self->entries, self->shown, position))
             : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = hf_shown_pictures_get_item_type;
  iface->get_n_items = hf_shown_pictures_get_n_items;
  iface->get_item = hf_shown_pictures_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (HfShownPictures, hf_shown_pictures,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      list_model_init))

/* Gives every group its place in natural order. */
static void
sort_groups (HfShownPictures *self, GArray *pictures)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree gpointer *sorted = NULL;
  guint n;

  for (guint i = 0; i < pictures->len; i++) {
    const char *group =
        hf_picture_get_info (get_entry (pictures, i)->picture)->group;

    if (group != NULL)
      g_hash_table_add (names, (gpointer) group);
  }
  sorted = g_hash_table_get_keys_as_array (names, &n);
  qsort (sorted, n, sizeof *sorted, hf_natural_compare_items);
  g_hash_table_remove_all (self->groups);
  for (guint i = 0; i < n; i++)
    g_hash_table_insert (self->groups, g_strdup (sorted[i]),
                         GUINT_TO_POINTER (i + 1));
}

static double
make_key (HfShownPictures *self, const HfPictureInfo *info)
{
  gpointer place;

  if (self->query.view == HF_VIEW_NEXT || self->query.order != HF_ORDER_GROUP)
    return hf_picture_query_get_key (&self->query, info);
  place = info->group != NULL ? g_hash_table_lookup (self->groups, info->group)
                              : NULL;
  /* Those without a group come last. */
  return place != NULL ? GPOINTER_TO_UINT (place) : INFINITY;
}

static int
compare_places (const Entry *entries, guint a, guint b)
{
  if (entries[a].key != entries[b].key)
    return entries[a].key < entries[b].key ? -1 : 1;
  return (a > b) - (a < b);
}

static gboolean
are_sorted (const GArray *indices, GArray *entries)
{
  for (guint i = 1; i < indices->len; i++)
    if (compare_places ((const Entry *) entries->data,
                        g_array_index (indices, guint, i - 1),
                        g_array_index (indices, guint, i)) > 0)
      return FALSE;
  return TRUE;
}

static void
sort_indices (GArray *indices, GArray *entries)
{
  g_autofree HfKeyed *keyed = NULL;

  if (are_sorted (indices, entries))
    return;
  keyed = g_new (HfKeyed, indices->len);
  for (guint i = 0; i < indices->len; i++) {
    guint index = g_array_index (indices, guint, i);

    keyed[i] =
        (HfKeyed){.key = get_entry (entries, index)->key, .index = index};
  }
  hf_key_sort (keyed, indices->len);
  for (guint i = 0; i < indices->len; i++)
    g_array_index (indices, guint, i) = keyed[i].index;
}

/* The first place in shown that does not come before @index. */
static guint
bisect (HfShownPictures *self, guint index)
{
  const Entry *entries = (const Entry *) self->entries->data;
  guint low = 0, high = self->shown->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    guint there = g_array_index (self->shown, guint, middle);

    if (compare_places (entries, there, index) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Takes both arrays and tells of what differs from the old ones, from the first
 * such place to the last. */
static void
replace (HfShownPictures *self, GArray *entries, GArray *shown)
{
  g_autoptr (GArray) old_entries = self->entries;
  g_autoptr (GArray) old = self->shown;
  guint n = MIN (old->len, shown->len);
  guint front = 0, back = 0;

  while (front < n && get_picture (old_entries, old, front) ==
                          get_picture (entries, shown, front))
    front++;
  while (back < n - front &&
         get_picture (old_entries, old, old->len - 1 - back) ==
             get_picture (entries, shown, shown->len - 1 - back))
    back++;
  self->entries = entries;
  self->shown = shown;
  if (front + back < MAX (old->len, shown->len))
    g_list_model_items_changed (G_LIST_MODEL (self), front,
                                old->len - front - back,
                                shown->len - front - back);
}

/* I3 */
static gboolean
count_views (HfShownPictures *self, Entry *entry)
{
  guint views =
      hf_picture_query_get_views (hf_picture_get_info (entry->picture));
  guint changed = views ^ entry->views;

  for (int v = 0; v < HF_N_VIEWS; v++)
    if ((changed & (1u << v)) != 0)
      self->counts[v] += (views & (1u << v)) != 0 ? 1u : (guint) -1;
  entry->views = (guint8) views;
  return changed != 0;
}

/* Whether the entry belongs to shown, and with which key: the one it has, as
 * long as it is seen. */
static gboolean
look_at (HfShownPictures *self, const Entry *entry, double *key)
{
  const HfPictureInfo *info = hf_picture_get_info (entry->picture);

  *key = entry->key;
  if (!hf_picture_query_match (&self->query, info))
    return FALSE;
  if (!entry->shown || self->query.view == HF_VIEW_NEXT || isinf (entry->key))
    *key = make_key (self, info);
  return TRUE;
}

/* I1, I2: one picture comes, goes or moves. */
static void
update_one (HfShownPictures *self, guint index)
{
  Entry *entry = get_entry (self->entries, index);
  double key;
  gboolean match = look_at (self, entry, &key);

  if (entry->shown && (!match || key != entry->key)) {
    guint position = bisect (self, index);

    entry->shown = FALSE;
    g_array_remove_index (self->shown, position);
    g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  }
  if (match && !entry->shown) {
    guint position;

    entry->key = key;
    position = bisect (self, index);
    entry->shown = TRUE;
    g_array_insert_val (self->shown, position, index);
    g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
  }
}

/* @coming (sorted) among those of @old that are still shown. */
static GArray *
merge (HfShownPictures *self, GArray *old, GArray *coming)
{
  GArray *merged =
      g_array_sized_new (FALSE, FALSE, sizeof (guint), old->len + coming->len);
  const Entry *entries = (const Entry *) self->entries->data;
  guint next = 0;

  for (guint i = 0; i < old->len; i++) {
    guint index = g_array_index (old, guint, i);

    if (!entries[index].shown)
      continue;
    while (next < coming->len &&
           compare_places (entries, g_array_index (coming, guint, next),
                           index) < 0) {
      g_array_append_val (merged, g_array_index (coming, guint, next));
      next++;
    }
    g_array_append_val (merged, index);
  }
  if (next < coming->len)
    g_array_append_vals (merged, &g_array_index (coming, guint, next),
                         coming->len - next);
  return merged;
}

/* Many pictures come and go; what stays where it is, is not sorted again. */
static void
update_many (HfShownPictures *self, GArray *dirty)
{
  g_autoptr (GArray) coming = g_array_new (FALSE, FALSE, sizeof (guint));
  gboolean going = FALSE;
  GArray *merged;

  for (guint i = 0; i < dirty->len; i++) {
    guint index = g_array_index (dirty, guint, i);
    Entry *entry = get_entry (self->entries, index);
    double key;
    gboolean match = look_at (self, entry, &key);
    gboolean moves = entry->shown && match && key != entry->key;

    if (match && (!entry->shown || moves))
      g_array_append_val (coming, index);
    going = going || (entry->shown && (!match || moves));
    if (!match || moves)
      entry->shown = FALSE;
    entry->key = key;
  }
  if (coming->len == 0 && !going)
    return;
  sort_indices (coming, self->entries);
  merged = merge (self, self->shown, coming);
  for (guint i = 0; i < coming->len; i++)
    get_entry (self->entries, g_array_index (coming, guint, i))->shown = TRUE;
  replace (self, g_array_ref (self->entries), merged);
}

/* I1, I2 from nothing, over @entries (taken). */
static void
choose_all (HfShownPictures *self, GArray *entries)
{
  GArray *shown =
      g_array_sized_new (FALSE, FALSE, sizeof (guint), entries->len);

  if (self->query.order == HF_ORDER_GROUP)
    sort_groups (self, entries);
  for (guint i = 0; i < entries->len; i++) {
    Entry *entry = get_entry (entries, i);
    const HfPictureInfo *info = hf_picture_get_info (entry->picture);

    entry->shown = hf_picture_query_match (&self->query, info) != FALSE;
    entry->key = entry->shown ? make_key (self, info) : 0;
    if (entry->shown)
      g_array_append_val (shown, i);
  }
  sort_indices (shown, entries);
  replace (self, entries, shown);
}

/* I3 from nothing: over @entries, which count nothing yet. */
static void
count_all (HfShownPictures *self, GArray *entries)
{
  memset (self->counts, 0, sizeof self->counts);
  for (guint i = 0; i < entries->len; i++)
    count_views (self, get_entry (entries, i));
  g_array_set_size (self->dirty, 0);
}

/* I3, where pictures changed; returns these (element-type guint; caller
 * unrefs). */
static GArray *
count_dirty (HfShownPictures *self, gboolean *counted)
{
  GArray *dirty = self->dirty;

  self->dirty = g_array_new (FALSE, FALSE, sizeof (guint));
  g_clear_handle_id (&self->idle_id, g_source_remove);
  *counted = FALSE;
  for (guint i = 0; i < dirty->len; i++) {
    Entry *entry = get_entry (self->entries, g_array_index (dirty, guint, i));

    entry->dirty = FALSE;
    *counted = count_views (self, entry) || *counted;
  }
  return dirty;
}

static void
entry_clear (gpointer data)
{
  g_object_unref (((Entry *) data)->picture);
}

static void
model_changed_cb (HfShownPictures *self)
{
  guint n = self->model != NULL ? g_list_model_get_n_items (self->model) : 0;
  GArray *entries = g_array_sized_new (FALSE, TRUE, sizeof (Entry), n);

  g_array_set_clear_func (entries, entry_clear);
  g_hash_table_remove_all (self->index);
  for (guint i = 0; i < n; i++) {
    Entry entry = {.picture = g_list_model_get_item (self->model, i)};

    g_array_append_val (entries, entry);
    g_hash_table_insert (self->index, entry.picture, GUINT_TO_POINTER (i + 1));
  }
  count_all (self, entries);
  choose_all (self, entries);
  g_signal_emit (self, signals[COUNTS_CHANGED], 0);
}

static gboolean
idle_cb (gpointer data)
{
  HfShownPictures *self = data;

  self->idle_id = 0;
  hf_shown_pictures_flush (self);
  return G_SOURCE_REMOVE;
}

static gboolean
picture_changed_hook (GSignalInvocationHint *hint, guint n_values,
                      const GValue *values, gpointer data)
{
  HfShownPictures *self = data;
  guint place = GPOINTER_TO_UINT (
      g_hash_table_lookup (self->index, g_value_get_object (&values[0])));
  guint index = place - 1;
  Entry *entry = place > 0 ? get_entry (self->entries, index) : NULL;

  if (entry == NULL || entry->dirty)
    return TRUE;
  entry->dirty = TRUE;
  g_array_append_val (self->dirty, index);
  if (self->idle_id == 0)
    self->idle_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, idle_cb, self, NULL);
  return TRUE;
}

static void
hf_shown_pictures_dispose (GObject *object)
{
  HfShownPictures *self = HF_SHOWN_PICTURES (object);
  guint signal = g_signal_lookup ("changed", HF_TYPE_PICTURE);

  if (self->hook != 0)
    g_signal_remove_emission_hook (signal, self->hook);
  self->hook = 0;
  g_clear_handle_id (&self->idle_id, g_source_remove);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (hf_shown_pictures_parent_class)->dispose (object);
}

static void
hf_shown_pictures_finalize (GObject *object)
{
  HfShownPictures *self = HF_SHOWN_PICTURES (object);

  g_array_unref (self->entries);
  g_array_unref (self->shown);
  g_array_unref (self->dirty);
  g_hash_table_unref (self->index);
  g_hash_table_unref (self->groups);
  g_free (self->words);
  G_OBJECT_CLASS (hf_shown_pictures_parent_class)->finalize (object);
}

static void
hf_shown_pictures_class_init (HfShownPicturesClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->dispose = hf_shown_pictures_dispose;
  object_class->finalize = hf_shown_pictures_finalize;
  signals[COUNTS_CHANGED] =
      g_signal_new ("counts-changed", HF_TYPE_SHOWN_PICTURES, G_SIGNAL_RUN_LAST,
                    0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[QUERY_CHANGED] =
      g_signal_new ("query-changed", HF_TYPE_SHOWN_PICTURES, G_SIGNAL_RUN_LAST,
                    0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  /* There is no signal to be hooked before there is its class. */
  g_type_ensure (HF_TYPE_PICTURE);
  g_type_class_unref (g_type_class_ref (HF_TYPE_PICTURE));
}

static void
hf_shown_pictures_init (HfShownPictures *self)
{
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  self->shown = g_array_new (FALSE, FALSE, sizeof (guint));
  self->dirty = g_array_new (FALSE, FALSE, sizeof (guint));
  self->index = g_hash_table_new (NULL, NULL);
  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->query = (HfPictureQuery){.view = HF_VIEW_ALL, .order = HF_ORDER_NAME};
  self->hook =
      g_signal_add_emission_hook (g_signal_lookup ("changed", HF_TYPE_PICTURE),
                                  0, picture_changed_hook, self, NULL);
}

HfShownPictures *
hf_shown_pictures_new (void)
{
  return g_object_new (HF_TYPE_SHOWN_PICTURES, NULL);
}

void
hf_shown_pictures_set_model (HfShownPictures *self, GListModel *pictures)
{
  if (self->model == pictures)
    return;
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_set_object (&self->model, pictures);
  if (pictures != NULL)
    g_signal_connect_swapped (pictures, "items-changed",
                              G_CALLBACK (model_changed_cb), self);
  model_changed_cb (self);
}

void
hf_shown_pictures_set_query (HfShownPictures *self, const HfPictureQuery *query)
{
  g_autofree char *old = g_steal_pointer (&self->words);
  gboolean counted;
  g_autoptr (GArray) dirty = count_dirty (self, &counted);

  self->words = g_strdup (query->words);
  self->query = *query;
  self->query.words = self->words;
  choose_all (self, g_array_ref (self->entries));
  if (counted)
    g_signal_emit (self, signals[COUNTS_CHANGED], 0);
  g_signal_emit (self, signals[QUERY_CHANGED], 0);
}

const HfPictureQuery *
hf_shown_pictures_get_query (HfShownPictures *self)
{
  return &self->query;
}

void
hf_shown_pictures_flush (HfShownPictures *self)
{
  gboolean counted;
  g_autoptr (GArray) dirty = count_dirty (self, &counted);

  /* Suggestions change places all at once. */
  if (dirty->len > N_SINGLE || self->query.view == HF_VIEW_NEXT)
    update_many (self, dirty);
  else
    for (guint i = 0; i < dirty->len; i++)
      update_one (self, g_array_index (dirty, guint, i));
  if (counted)
    g_signal_emit (self, signals[COUNTS_CHANGED], 0);
}

guint
hf_shown_pictures_get_count (HfShownPictures *self, HfPictureView view)
{
  return self->counts[view];
}

guint
hf_shown_pictures_find (HfShownPictures *self, HfPicture *picture)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, picture));

  if (place == 0 || !get_entry (self->entries, place - 1)->shown)
    return G_MAXUINT;
  return bisect (self, place - 1);
}
