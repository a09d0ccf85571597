/* selection.c: see the header. The places are a bitset, so that order and
 * number are cheap; the pictures a set beside it, so that places can be found
 * again after a change. Both always say the same. */
#include "ui/gallery/selection.h"

struct _HfSelection {
  GObject parent_instance;

  GListModel *model;
  GtkBitset *places;
  GHashTable *pictures; /* set of HfPicture, referenced */
};

static GType
hf_selection_get_item_type (GListModel *list)
{
  return HF_TYPE_PICTURE;
}

static guint
hf_selection_get_n_items (GListModel *list)
{
  HfSelection *self = HF_SELECTION (list);

  return self->model != NULL ? g_list_model_get_n_items (self->model) : 0;
}

static gpointer
hf_selection_get_item (GListModel *list, guint position)
{
  HfSelection *self = HF_SELECTION (list);

  return self->model != NULL ? g_list_model_get_item (self->model, position)
                             : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = hf_selection_get_item_type;
  interface->get_n_items = hf_selection_get_n_items;
  interface->get_item = hf_selection_get_item;
}

static gboolean
hf_selection_is_selected (GtkSelectionModel *model, guint position)
{
  return gtk_bitset_contains (HF_SELECTION (model)->places, position);
}

static GtkBitset *
hf_selection_get_selection_in_range (GtkSelectionModel *model, guint position,
                                     guint n_items)
{
  return gtk_bitset_ref (HF_SELECTION (model)->places);
}

/* The set again, from the places. */
static void
collect_pictures (HfSelection *self)
{
  GtkBitsetIter iter;
  guint place;

  g_hash_table_remove_all (self->pictures);
  for (gboolean more = gtk_bitset_iter_init_first (&iter, self->places, &place);
       more; more = gtk_bitset_iter_next (&iter, &place))
    g_hash_table_add (self->pictures,
                      g_list_model_get_item (self->model, place));
}

static gboolean
hf_selection_set_selection (GtkSelectionModel *model, GtkBitset *selected,
                            GtkBitset *mask)
{
  HfSelection *self = HF_SELECTION (model);
  guint n_items = hf_selection_get_n_items (G_LIST_MODEL (model));
  g_autoptr (GtkBitset) changes = gtk_bitset_copy (self->places);

  /* (places xor selected) within the mask is what changes. */
  gtk_bitset_difference (changes, selected);
  gtk_bitset_intersect (changes, mask);
  if (n_items < G_MAXUINT)
    gtk_bitset_remove_range_closed (changes, n_items, G_MAXUINT);
  if (gtk_bitset_is_empty (changes))
    return TRUE;
  gtk_bitset_difference (self->places, changes);
  collect_pictures (self);
  gtk_selection_model_selection_changed (
      model, gtk_bitset_get_minimum (changes),
      gtk_bitset_get_maximum (changes) - gtk_bitset_get_minimum (changes) + 1);
  return TRUE;
}

static void
selection_model_init (GtkSelectionModelInterface *interface)
{
  interface->is_selected = hf_selection_is_selected;
  interface->get_selection_in_range = hf_selection_get_selection_in_range;
  interface->set_selection = hf_selection_set_selection;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (
    HfSelection, hf_selection, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
        G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, selection_model_init))

/* Finds the selected ones among those that have come to [@position, +@added);
 * stops with the last. */
static void
find_again (HfSelection *self, guint position, guint added)
{
  guint n_missing = g_hash_table_size (self->pictures) -
                    (guint) gtk_bitset_get_size (self->places);

  for (guint i = position; i < position + added && n_missing > 0; i++) {
    g_autoptr (HfPicture) picture = g_list_model_get_item (self->model, i);

    if (g_hash_table_contains (self->pictures, picture)) {
      gtk_bitset_add (self->places, i);
      n_missing--;
    }
  }
}

static void
items_changed_cb (HfSelection *self, guint position, guint removed, guint added)
{
  gtk_bitset_splice (self->places, position, removed, added);
  find_again (self, position, added);
  if (gtk_bitset_get_size (self->places) != g_hash_table_size (self->pictures))
    collect_pictures (self);
  /* A list that shows this one reads the selection of what was added. */
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
hf_selection_dispose (GObject *object)
{
  HfSelection *self = HF_SELECTION (object);

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  g_hash_table_remove_all (self->pictures);
  G_OBJECT_CLASS (hf_selection_parent_class)->dispose (object);
}

static void
hf_selection_finalize (GObject *object)
{
  HfSelection *self = HF_SELECTION (object);

  gtk_bitset_unref (self->places);
  g_hash_table_unref (self->pictures);
  G_OBJECT_CLASS (hf_selection_parent_class)->finalize (object);
}

static void
hf_selection_class_init (HfSelectionClass *class)
{
  G_OBJECT_CLASS (class)->dispose = hf_selection_dispose;
  G_OBJECT_CLASS (class)->finalize = hf_selection_finalize;
}

static void
hf_selection_init (HfSelection *self)
{
  self->places = gtk_bitset_new_empty ();
  self->pictures = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

HfSelection *
hf_selection_new (GListModel *model)
{
  HfSelection *self = g_object_new (HF_TYPE_SELECTION, NULL);

  if (model == NULL)
    return self;
  self->model = g_object_ref (model);
  g_signal_connect_swapped (model, "items-changed",
                            G_CALLBACK (items_changed_cb), self);
  return self;
}

GPtrArray *
hf_selection_dup_pictures (HfSelection *self)
{
  GPtrArray *pictures = g_ptr_array_new_with_free_func (g_object_unref);
  GtkBitsetIter iter;
  guint place;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, self->places, &place);
       more; more = gtk_bitset_iter_next (&iter, &place))
    g_ptr_array_add (pictures, g_list_model_get_item (self->model, place));
  return pictures;
}

guint
hf_selection_count (HfSelection *self)
{
  return (guint) gtk_bitset_get_size (self->places);
}

void
hf_selection_set_pictures (HfSelection *self, GPtrArray *pictures)
{
  g_autoptr (GtkBitset) selected = gtk_bitset_new_empty ();
  g_autoptr (GtkBitset) all = NULL;
  g_autoptr (GHashTable) wanted = g_hash_table_new (NULL, NULL);
  guint n_items = hf_selection_get_n_items (G_LIST_MODEL (self));

  for (guint i = 0; i < pictures->len; i++)
    g_hash_table_add (wanted, pictures->pdata[i]);
  for (guint i = 0;
       i < n_items && gtk_bitset_get_size (selected) < pictures->len; i++) {
    g_autoptr (HfPicture) picture = g_list_model_get_item (self->model, i);

    if (g_hash_table_contains (wanted, picture))
      gtk_bitset_add (selected, i);
  }
  all = gtk_bitset_new_range (0, n_items);
  gtk_selection_model_set_selection (GTK_SELECTION_MODEL (self), selected, all);
}

GListModel *
hf_selection_get_model (HfSelection *self)
{
  return self->model;
}

gboolean
hf_selection_find (HfSelection *self, HfPicture *picture, guint *place)
{
  guint n_items = hf_selection_get_n_items (G_LIST_MODEL (self));

  for (guint i = 0; i < n_items; i++) {
    g_autoptr (HfPicture) other = g_list_model_get_item (self->model, i);

    if (other != picture)
      continue;
    *place = i;
    return TRUE;
  }
  return FALSE;
}
