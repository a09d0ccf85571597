/* The list of the pictures that a query finds, without a project: pictures
 * change as a workspace changes them. */
#include "ui/label/list/shown-pictures.h"
#include "ui/label/lots/lots-preview.h"
#include "ui/workspace/items-private.h"

#include <math.h>

typedef struct {
  GListStore *pictures;
  GStringChunk *names; /* of the pictures */
  HfShownPictures *shown;
  guint n_signals, position, removed, added; /* of the last items-changed */
} Setting;

/* How often the list asked whether a picture belongs to it: the linker puts
 * this in the place of the question (--wrap). */
static guint n_looks;

gboolean __real_hf_picture_query_match (const HfPictureQuery *query,
                                        const HfPictureInfo *info);
gboolean __wrap_hf_picture_query_match (const HfPictureQuery *query,
                                        const HfPictureInfo *info);

gboolean
__wrap_hf_picture_query_match (const HfPictureQuery *query,
                               const HfPictureInfo *info)
{
  n_looks++;
  return __real_hf_picture_query_match (query, info);
}

static void
changed_cb (Setting *self, guint position, guint removed, guint added)
{
  self->n_signals++;
  self->position = position;
  self->removed = removed;
  self->added = added;
}

static void
set_up (Setting *self, gconstpointer n)
{
  g_autoptr (GPtrArray) pictures =
      g_ptr_array_new_with_free_func (g_object_unref);

  self->pictures = g_list_store_new (HF_TYPE_PICTURE);
  self->names = g_string_chunk_new (1 << 16);
  for (guint i = 0; i < GPOINTER_TO_UINT (n); i++) {
    HfPicture *picture = hf_picture_new (i + 1);
    HfPictureInfo *info = hf_picture_edit (picture);
    g_autofree char *name = g_strdup_printf ("Ring_%05u.jpg", i);

    info->path = info->name = g_string_chunk_insert (self->names, name);
    info->state = HF_PICTURE_READY;
    g_ptr_array_add (pictures, picture);
  }
  g_list_store_splice (self->pictures, 0, 0, pictures->pdata, pictures->len);
  self->shown = hf_shown_pictures_new ();
  hf_shown_pictures_set_model (self->shown, G_LIST_MODEL (self->pictures));
  g_signal_connect_swapped (self->shown, "items-changed",
                            G_CALLBACK (changed_cb), self);
}

static void
tear_down (Setting *self, gconstpointer n)
{
  g_assert_finalize_object (self->shown);
  g_assert_finalize_object (self->pictures);
  g_string_chunk_free (self->names);
}

static HfPicture *
get (Setting *self, guint i)
{
  g_autoptr (HfPicture) picture =
      g_list_model_get_item (G_LIST_MODEL (self->pictures), i);

  return picture;
}

static void
query (Setting *self, HfPictureView view, HfPictureOrder order,
       const char *words)
{
  const HfPictureQuery wanted = {.view = view, .order = order, .words = words};

  hf_shown_pictures_set_query (self->shown, &wanted);
  self->n_signals = 0;
}

static void
label (Setting *self, guint i, gint64 class_id)
{
  HfPictureInfo *info = hf_picture_edit (get (self, i));

  info->class_id = class_id;
  info->labelled = class_id != 0 ? i + 1 : 0;
  hf_picture_changed (get (self, i));
}

static void
predict (Setting *self, guint i, double probability)
{
  HfPictureInfo *info = hf_picture_edit (get (self, i));

  info->predicted_id = 1;
  info->probability = (float) probability;
  hf_picture_changed (get (self, i));
}

static guint
count (Setting *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->shown));
}

/* The number of the picture shown at @position. */
static gint64
id_at (Setting *self, guint position)
{
  g_autoptr (HfPicture) picture =
      g_list_model_get_item (G_LIST_MODEL (self->shown), position);

  return hf_picture_get_info (picture)->id;
}

static void
test_alone (Setting *self, gconstpointer n)
{
  query (self, HF_VIEW_UNLABELLED, HF_ORDER_NAME, NULL);
  g_assert_cmpuint (count (self), ==, 100);
  label (self, 40, 7);
  hf_shown_pictures_flush (self->shown);
  g_assert_cmpuint (self->n_signals, ==, 1);
  g_assert_cmpuint (self->position, ==, 40);
  g_assert_cmpuint (self->removed, ==, 1);
  g_assert_cmpuint (self->added, ==, 0);
  g_assert_cmpuint (hf_shown_pictures_find (self->shown, get (self, 40)), ==,
                    G_MAXUINT);
  label (self, 40, 0);
  hf_shown_pictures_flush (self->shown);
  g_assert_cmpuint (self->position, ==, 40);
  g_assert_cmpuint (self->added, ==, 1);
  g_assert_cmpint (id_at (self, 40), ==, 41);
}

static void
test_counts (Setting *self, gconstpointer n)
{
  HfPictureInfo *info = hf_picture_edit (get (self, 3));

  label (self, 1, 7);
  label (self, 2, 8);
  hf_picture_edit (get (self, 2))->missed_id = 7;
  hf_picture_edit (get (self, 2))->doubtful = TRUE;
  info->state = HF_PICTURE_UNREADABLE;
  hf_picture_changed (get (self, 3));
  hf_picture_edit (get (self, 4))->next = 1;
  hf_picture_changed (get (self, 4));
  hf_shown_pictures_flush (self->shown);
  g_assert_cmpuint (hf_shown_pictures_get_count (self->shown, HF_VIEW_ALL), ==,
                    100);
  g_assert_cmpuint (
      hf_shown_pictures_get_count (self->shown, HF_VIEW_UNLABELLED), ==, 97);
  g_assert_cmpuint (hf_shown_pictures_get_count (self->shown, HF_VIEW_LABELLED),
                    ==, 2);
  g_assert_cmpuint (hf_shown_pictures_get_count (self->shown, HF_VIEW_DOUBTFUL),
                    ==, 1);
  g_assert_cmpuint (hf_shown_pictures_get_count (self->shown, HF_VIEW_WRONG),
                    ==, 1);
  g_assert_cmpuint (
      hf_shown_pictures_get_count (self->shown, HF_VIEW_UNREADABLE), ==, 1);
  g_assert_cmpuint (hf_shown_pictures_get_count (self->shown, HF_VIEW_NEXT), ==,
                    1);
}

/* Pictures do not jump away while they are looked at. */
static void
test_order_stands (Setting *self, gconstpointer n)
{
  for (guint i = 0; i < 100; i++)
    predict (self, i, 0.5 + i / 1000.0);
  query (self, HF_VIEW_ALL, HF_ORDER_SUREST, NULL);
  g_assert_cmpint (id_at (self, 0), ==, 100);
  predict (self, 0, 0.99);
  hf_shown_pictures_flush (self->shown);
  g_assert_cmpuint (self->n_signals, ==, 0);
  g_assert_cmpint (id_at (self, 99), ==, 1);
  query (self, HF_VIEW_ALL, HF_ORDER_SUREST, NULL);
  g_assert_cmpint (id_at (self, 0), ==, 1);
}

static void
test_first_prediction (Setting *self, gconstpointer n)
{
  query (self, HF_VIEW_ALL, HF_ORDER_LEAST_SURE, NULL);
  predict (self, 70, 0.4);
  hf_shown_pictures_flush (self->shown);
  g_assert_cmpint (id_at (self, 0), ==, 71);
  predict (self, 60, 0.3);
  hf_shown_pictures_flush (self->shown);
  g_assert_cmpint (id_at (self, 0), ==, 61);
  g_assert_cmpint (id_at (self, 1), ==, 71);
  g_assert_cmpint (id_at (self, 2), ==, 1);
}

/* The list against the definition: what matches, in the order of the keys. */
static void
test_random_changes (Setting *self, gconstpointer n)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);

  query (self, HF_VIEW_UNLABELLED, HF_ORDER_NAME, "ring_0000");
  for (int round = 0; round < 300; round++) {
    int n_changed = round % 3 == 0 ? 50 : g_rand_int_range (rand, 1, 6);
    guint position = 0;

    for (int i = 0; i < n_changed; i++)
      label (self, (guint) g_rand_int_range (rand, 0, 100),
             g_rand_int_range (rand, 0, 2));
    hf_shown_pictures_flush (self->shown);
    for (guint i = 0; i < 10; i++)
      if (hf_picture_get_info (get (self, i))->class_id == 0) {
        g_assert_cmpint (id_at (self, position), ==, i + 1);
        g_assert_cmpuint (hf_shown_pictures_find (self->shown, get (self, i)),
                          ==, position);
        position++;
      }
    g_assert_cmpuint (count (self), ==, position);
  }
}

static void
test_many_at_once (Setting *self, gconstpointer n)
{
  query (self, HF_VIEW_UNLABELLED, HF_ORDER_NAME, NULL);
  for (guint i = 10; i < 90; i++)
    label (self, i, 7);
  hf_shown_pictures_flush (self->shown);
  g_assert_cmpuint (self->n_signals, ==, 1);
  g_assert_cmpuint (self->position, ==, 10);
  g_assert_cmpuint (self->removed, ==, 80);
  g_assert_cmpuint (count (self), ==, 20);
}

static void
test_suggestions (Setting *self, gconstpointer n)
{
  query (self, HF_VIEW_NEXT, HF_ORDER_NAME, NULL);
  for (guint i = 0; i < 5; i++) {
    hf_picture_edit (get (self, 10 + i))->next = (int) (5 - i);
    hf_picture_changed (get (self, 10 + i));
  }
  hf_shown_pictures_flush (self->shown);
  g_assert_cmpuint (count (self), ==, 5);
  g_assert_cmpint (id_at (self, 0), ==, 15);
  /* New numbers: other places, one leaves. */
  for (guint i = 0; i < 5; i++) {
    hf_picture_edit (get (self, 10 + i))->next = (int) i;
    hf_picture_changed (get (self, 10 + i));
  }
  hf_shown_pictures_flush (self->shown);
  g_assert_cmpuint (count (self), ==, 4);
  g_assert_cmpint (id_at (self, 0), ==, 12);
  g_assert_cmpint (id_at (self, 3), ==, 15);
}

static void
test_groups (Setting *self, gconstpointer n)
{
  const char *const groups[] = {"b", NULL, "a"};

  for (guint i = 0; i < 100; i++)
    hf_picture_edit (get (self, i))->group = groups[i % 3];
  query (self, HF_VIEW_ALL, HF_ORDER_GROUP, NULL);
  g_assert_cmpint (id_at (self, 0), ==, 3);
  g_assert_cmpint (id_at (self, 33), ==, 1);
  /* Those that stand alone come last. */
  g_assert_cmpint (id_at (self, 99), ==, 98);
}

static void
test_names (Setting *self, gconstpointer n)
{
  g_autofree char *words = hf_picture_query_fold ("  PRÜF_00007 ");

  hf_picture_edit (get (self, 7))->name = "Prüf_00007.JPG";
  query (self, HF_VIEW_ALL, HF_ORDER_NAME, words);
  g_assert_cmpuint (count (self), ==, 1);
  g_assert_cmpint (id_at (self, 0), ==, 8);
  g_assert_null (hf_picture_query_fold (" \t "));
}

static void
test_pictures_come (Setting *self, gconstpointer n)
{
  HfPicture *picture = hf_picture_new (1000);

  hf_picture_edit (picture)->path = hf_picture_edit (picture)->name = "x.jpg";
  self->n_signals = 0;
  g_list_store_insert (self->pictures, 50, picture);
  g_assert_cmpuint (self->n_signals, ==, 1);
  g_assert_cmpuint (self->position, ==, 50);
  g_assert_cmpuint (self->removed, ==, 0);
  g_assert_cmpuint (self->added, ==, 1);
  g_list_store_remove (self->pictures, 50);
  g_assert_cmpuint (self->removed, ==, 1);
  /* It is nobody's any more: nothing listens to it. */
  hf_picture_changed (picture);
  hf_shown_pictures_flush (self->shown);
  g_object_unref (picture);
}

static void
name_lots (Setting *self, const char *lot, const char *between)
{
  for (guint i = 0; i < 100; i++) {
    g_autofree char *name =
        g_strdup_printf ("/parts/%s%u%s%u.jpg", lot, i % 3, between, i);

    hf_picture_edit (get (self, i))->path =
        g_string_chunk_insert (self->names, name);
  }
}

static void
test_lots (Setting *self, gconstpointer n)
{
  GListModel *pictures = G_LIST_MODEL (self->pictures);
  g_autoptr (GError) error = NULL;
  g_autofree char *named = NULL, *alone = NULL, *wrong = NULL;

  name_lots (self, "LOT", "__");
  hf_picture_edit (get (self, 0))->path = "/parts/other.jpg";
  named = hf_lots_dup_preview ("^(.+?)__", pictures, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (
      named, ==,
      "3 lots: LOT0 (33), LOT1 (33), LOT2 (33). 1 picture stands alone.");
  alone = hf_lots_dup_preview (NULL, pictures, &error);
  g_assert_cmpstr (alone, ==, "No lots: every picture stands alone.");
  wrong = hf_lots_dup_preview ("^(.+", pictures, &error);
  g_assert_null (wrong);
  g_assert_nonnull (error);
}

static void
test_guesses (Setting *self, gconstpointer n)
{
  GListModel *pictures = G_LIST_MODEL (self->pictures);

  name_lots (self, "LOT", "__");
  g_assert_cmpstr (hf_lots_guess_pattern (pictures), ==, "^(.+?)__");
  name_lots (self, "lot", "-");
  g_assert_cmpstr (hf_lots_guess_pattern (pictures), ==,
                   "^([A-Za-z]+[0-9]+)[-_ ]");
  name_lots (self, "2026-10-0", " ");
  g_assert_cmpstr (hf_lots_guess_pattern (pictures), ==,
                   "^([0-9]{4}-[0-9]{2}-[0-9]{2})");
}

/* One label among 100,000 pictures costs no look at the others, and any number
 * of predictions one look at each. */
static void
test_large (Setting *self, gconstpointer n)
{
  n_looks = 0;
  query (self, HF_VIEW_UNLABELLED, HF_ORDER_SUREST, NULL);
  g_assert_cmpuint (n_looks, ==, 100000);
  n_looks = 0;
  for (guint i = 0; i < 100; i++) {
    label (self, 500 * i, 7);
    hf_shown_pictures_flush (self->shown);
    g_assert_cmpuint (self->removed, ==, 1);
    g_assert_cmpuint (self->added, ==, 0);
  }
  g_assert_cmpuint (n_looks, ==, 100);
  g_assert_cmpuint (self->n_signals, ==, 100);
  g_assert_cmpuint (count (self), ==, 99900);
  n_looks = self->n_signals = 0;
  for (guint i = 0; i < 100000; i++)
    predict (self, i, (i * 7919u % 1000) / 1000.0);
  hf_shown_pictures_flush (self->shown);
  g_assert_cmpuint (n_looks, ==, 100000);
  g_assert_cmpuint (self->n_signals, ==, 1);
}

int
main (int argc, char **argv)
{
  const struct {
    const char *name;
    void (*func) (Setting *self, gconstpointer n);
    guint n;
  } tests[] = {
      {"a-picture-that-changes-comes-and-goes-alone", test_alone, 100},
      {"counts-follow", test_counts, 100},
      {"the-order-stands-still", test_order_stands, 100},
      {"a-first-prediction-finds-its-place", test_first_prediction, 100},
      {"random-changes-keep-to-the-definition", test_random_changes, 100},
      {"many-changes-are-one", test_many_at_once, 100},
      {"suggestions-are-ordered-anew", test_suggestions, 100},
      {"groups-in-byte-order-loners-last", test_groups, 100},
      {"names-are-found-in-any-case", test_names, 100},
      {"pictures-come-and-go", test_pictures_come, 100},
      {"lots-are-counted-before-they-are-set", test_lots, 100},
      {"a-usual-pattern-is-guessed", test_guesses, 100},
      {"100000-pictures", test_large, 100000},
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *path = g_strconcat ("/label/list/", tests[i].name, NULL);

    g_test_add (path, Setting, GUINT_TO_POINTER (tests[i].n), set_up,
                tests[i].func, tear_down);
  }
  return g_test_run ();
}
