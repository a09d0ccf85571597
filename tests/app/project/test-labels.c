/* The label log: appended to, undone, done again, by several programs. */
#include "app/project/classes.h"
#include "app/project/labels.h"
#include "app/project/suggestions.h"
#include "fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  static const char *const names[] = {"in/a.jpg", "in/b.jpg", "in/c.jpg"};

  fixture_set_up (fixture, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    fixture_put (fixture, names[i], names[i]);
  g_assert_cmpuint (fixture_add (fixture, "in"), ==, 3);
}

static void
expect (Fixture *fixture, const char *labels)
{
  g_autofree char *here = fixture_dup_labels (fixture);
  g_autofree char *there = fixture_dup_labels_again (fixture);

  g_assert_cmpstr (here, ==, labels);
  g_assert_cmpstr (there, ==, labels);
}

static void
undo (Fixture *fixture, gsize n)
{
  g_autoptr (GError) error = NULL;
  gsize n_changed = 0;

  hf_project_undo (fixture->project, &n_changed, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_changed, ==, n);
}

static void
redo (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  hf_project_redo (fixture->project, NULL, &error);
  g_assert_no_error (error);
}

static void
expect_steps (Fixture *fixture, gsize n_undo, gsize n_redo)
{
  gsize back = 99, forth = 99;

  g_assert_true (
      hf_project_count_steps (fixture->project, &back, &forth, NULL));
  g_assert_cmpuint (back, ==, n_undo);
  g_assert_cmpuint (forth, ==, n_redo);
}

static void
test_newest_counts (Fixture *fixture, gconstpointer unused)
{
  fixture_label (fixture, "in/a.jpg", "good");
  fixture_label (fixture, "in/b.jpg", "bad");
  fixture_label (fixture, "in/a.jpg", "bad");
  fixture_label (fixture, "in/b.jpg", NULL);
  expect (fixture, "a.jpg=bad b.jpg=- c.jpg=-");
}

static void
test_undo_redo (Fixture *fixture, gconstpointer unused)
{
  fixture_label (fixture, "in/a.jpg", "good");
  fixture_label (fixture, "in/a.jpg", "bad");
  fixture_label (fixture, "in/b.jpg", "bad");
  undo (fixture, 1);
  undo (fixture, 1);
  expect (fixture, "a.jpg=good b.jpg=- c.jpg=-");
  expect_steps (fixture, 1, 2);
  redo (fixture);
  expect (fixture, "a.jpg=bad b.jpg=- c.jpg=-");
  undo (fixture, 1);
  undo (fixture, 1);
  expect (fixture, "a.jpg=- b.jpg=- c.jpg=-");
  redo (fixture);
  redo (fixture);
  redo (fixture);
  expect (fixture, "a.jpg=bad b.jpg=bad c.jpg=-");
  expect_steps (fixture, 3, 0);
}

static void
test_nothing_left (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (hf_project_undo (fixture->project, NULL, &error));
  g_assert_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_EMPTY);
  g_clear_error (&error);
  g_assert_false (hf_project_redo (fixture->project, NULL, &error));
  g_assert_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_EMPTY);
}

static void
test_redo_is_cut (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  fixture_label (fixture, "in/a.jpg", "good");
  undo (fixture, 1);
  expect_steps (fixture, 0, 1);
  fixture_label (fixture, "in/b.jpg", "good");
  expect_steps (fixture, 1, 0);
  g_assert_false (hf_project_redo (fixture->project, NULL, &error));
  g_assert_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_EMPTY);
  undo (fixture, 1);
  expect (fixture, "a.jpg=- b.jpg=- c.jpg=-");
}

static void
test_many_at_once (Fixture *fixture, gconstpointer unused)
{
  gint64 good =
      hf_project_add_class (fixture->project, "good", HF_CLASS_GOOD, NULL);
  HfLabelChange changes[] = {{fixture_find (fixture, "in/a.jpg"), good},
                             {fixture_find (fixture, "in/b.jpg"), good},
                             {fixture_find (fixture, "in/a.jpg"), good},
                             {fixture_find (fixture, "in/c.jpg"), 0}};
  gsize n_changed = 0;

  g_assert_true (hf_project_set_labels (fixture->project, changes, 4,
                                        HF_LABEL_BY_IMPORT, HF_SHOWN_BROWSE,
                                        &n_changed, NULL));
  g_assert_cmpuint (n_changed, ==, 2);
  expect (fixture, "a.jpg=good b.jpg=good c.jpg=-");
  undo (fixture, 2);
  expect (fixture, "a.jpg=- b.jpg=- c.jpg=-");
}

/* A class and its first labels are one step: both or none. */
static void
test_class_with_labels (Fixture *fixture, gconstpointer unused)
{
  const gint64 good[] = {fixture_find (fixture, "in/a.jpg"),
                         fixture_find (fixture, "in/b.jpg")};
  const gint64 bad[] = {good[0], 999999};
  g_autoptr (GError) error = NULL;
  gboolean is_new = FALSE;
  gsize n = 77;

  g_assert_false (hf_project_set_class (fixture->project, bad, 2, "new",
                                        HF_LABEL_BY_HAND, HF_SHOWN_BROWSE,
                                        &is_new, &n, &error));
  g_assert_nonnull (error);
  g_assert_false (is_new);
  g_assert_cmpuint (n, ==, 77);
  g_assert_cmpint (hf_project_find_class (fixture->project, "new", NULL), ==,
                   0);
  expect (fixture, "a.jpg=- b.jpg=- c.jpg=-");
  for (int i = 0; i < 2; i++) {
    g_assert_true (hf_project_set_class (fixture->project, good, 2, "new",
                                         HF_LABEL_BY_HAND, HF_SHOWN_BROWSE,
                                         &is_new, &n, NULL));
    g_assert_cmpint (is_new, ==, i == 0);
    g_assert_cmpuint (n, ==, i == 0 ? 2 : 0);
  }
  expect (fixture, "a.jpg=new b.jpg=new c.jpg=-");
  undo (fixture, 2);
  expect (fixture, "a.jpg=- b.jpg=- c.jpg=-");
}

/* A picture twice in one step, with two labels: the last one counts, and undo
 * knows what was there before the step. */
static void
test_twice_in_a_step (Fixture *fixture, gconstpointer unused)
{
  gint64 one =
      hf_project_add_class (fixture->project, "one", HF_CLASS_OTHER, NULL);
  gint64 two =
      hf_project_add_class (fixture->project, "two", HF_CLASS_OTHER, NULL);
  gint64 a = fixture_find (fixture, "in/a.jpg");
  HfLabelChange changes[] = {{a, one}, {a, two}};

  g_assert_true (hf_project_set_labels (fixture->project, changes, 2,
                                        HF_LABEL_BY_HAND, HF_SHOWN_BROWSE, NULL,
                                        NULL));
  expect (fixture, "a.jpg=two b.jpg=- c.jpg=-");
  undo (fixture, 1);
  expect (fixture, "a.jpg=- b.jpg=- c.jpg=-");
  redo (fixture);
  expect (fixture, "a.jpg=two b.jpg=- c.jpg=-");
}

/* What there was when it was opened is everybody's. */
static void
test_other_program (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfProject) other = NULL;

  fixture_label (fixture, "in/a.jpg", "good");
  other = hf_project_open (fixture->path, NULL);
  g_assert_true (hf_project_undo (other, NULL, NULL));
  expect (fixture, "a.jpg=- b.jpg=- c.jpg=-");
  redo (fixture);
  expect (fixture, "a.jpg=good b.jpg=- c.jpg=-");
}

static void
label_by (HfProject *project, Fixture *fixture, const char *name,
          const char *class_name)
{
  HfLabelChange change = {fixture_find (fixture, name),
                          hf_project_find_class (project, class_name, NULL)};

  g_assert_true (hf_project_set_labels (project, &change, 1, HF_LABEL_BY_HAND,
                                        HF_SHOWN_BROWSE, NULL, NULL));
}

/* Two programs, each with a step the other saw come. */
static void
test_own_steps (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfProject) other = NULL;
  g_autoptr (GError) error = NULL;

  fixture_label (fixture, "in/c.jpg", "bad");
  undo (fixture, 1);
  fixture_label (fixture, "in/c.jpg", "good");
  other = hf_project_open (fixture->path, NULL);
  fixture_label (fixture, "in/a.jpg", "good");
  label_by (other, fixture, "in/b.jpg", "bad");
  expect_steps (fixture, 2, 0);
  undo (fixture, 1);
  expect (fixture, "a.jpg=- b.jpg=bad c.jpg=good");
  g_assert_true (hf_project_undo (other, NULL, NULL));
  expect (fixture, "a.jpg=- b.jpg=- c.jpg=good");
  /* What the other did is no reason to forget what can be done again. */
  redo (fixture);
  expect (fixture, "a.jpg=good b.jpg=- c.jpg=good");
  undo (fixture, 1);
  undo (fixture, 1);
  expect (fixture, "a.jpg=- b.jpg=- c.jpg=-");
  g_assert_false (hf_project_undo (fixture->project, NULL, &error));
  g_assert_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_EMPTY);
}

/* The other's label came later, on a picture of our step. */
static void
test_over_each_other (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfProject) other = NULL;
  HfLabelChange both[2];

  fixture_label (fixture, "in/c.jpg", "good");
  fixture_label (fixture, "in/c.jpg", "bad");
  other = hf_project_open (fixture->path, NULL);
  for (int i = 0; i < 2; i++)
    both[i] = (HfLabelChange){
        fixture_find (fixture, i == 0 ? "in/a.jpg" : "in/b.jpg"),
        hf_project_find_class (fixture->project, "good", NULL)};
  g_assert_true (hf_project_set_labels (fixture->project, both, 2,
                                        HF_LABEL_BY_HAND, HF_SHOWN_BROWSE, NULL,
                                        NULL));
  label_by (other, fixture, "in/b.jpg", "bad");
  undo (fixture, 1);
  expect (fixture, "a.jpg=- b.jpg=bad c.jpg=bad");
  redo (fixture);
  expect (fixture, "a.jpg=good b.jpg=bad c.jpg=bad");
  undo (fixture, 1);
  /* The step is behind us, though not all of it could be taken back. */
  undo (fixture, 1);
  expect (fixture, "a.jpg=- b.jpg=bad c.jpg=good");
}

/* A step that did not reach the disk leaves its number to the next, which may
 * be another program's. */
static void
test_failed_step (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfProject) other = NULL;
  HfLabelChange change;
  struct rlimit was, none;

  fixture_label (fixture, "in/c.jpg", "good");
  fixture_label (fixture, "in/c.jpg", "bad");
  other = hf_project_open (fixture->path, NULL);
  change =
      (HfLabelChange){fixture_find (fixture, "in/a.jpg"),
                      hf_project_find_class (fixture->project, "good", NULL)};
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &was), ==, 0);
  none = (struct rlimit){.rlim_cur = 0, .rlim_max = was.rlim_max};
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &none), ==, 0);
  g_assert_false (hf_project_set_labels (fixture->project, &change, 1,
                                         HF_LABEL_BY_HAND, HF_SHOWN_BROWSE,
                                         NULL, NULL));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &was), ==, 0);
  label_by (other, fixture, "in/b.jpg", "good");
  undo (fixture, 1);
  expect (fixture, "a.jpg=- b.jpg=good c.jpg=good");
}

/* Steps at random, against a model that keeps every state. */
static void
test_against_a_model (Fixture *fixture, gconstpointer unused)
{
  static const char *const names[] = {"in/a.jpg", "in/b.jpg", "in/c.jpg"};
  static const char *const classes[] = {"x", "y", NULL};
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  g_autoptr (GPtrArray) states = g_ptr_array_new_with_free_func (g_free);
  guint now = 0;

  g_ptr_array_add (states, fixture_dup_labels (fixture));
  for (int i = 0; i < 300; i++) {
    int what = g_rand_int_range (rand, 0, 3);
    g_autofree char *after = NULL;

    if (what == 0 && now > 0) {
      g_assert_true (hf_project_undo (fixture->project, NULL, NULL));
      now--;
    } else if (what == 1 && now + 1 < states->len) {
      g_assert_true (hf_project_redo (fixture->project, NULL, NULL));
      now++;
    } else {
      fixture_label (fixture, names[g_rand_int_range (rand, 0, 3)],
                     classes[g_rand_int_range (rand, 0, 3)]);
      after = fixture_dup_labels (fixture);
      /* A label that was there already is no step. */
      if (g_strcmp0 (after, states->pdata[now]) != 0) {
        g_ptr_array_set_size (states, (int) ++now);
        g_ptr_array_add (states, g_strdup (after));
      }
    }
    g_free (after);
    after = fixture_dup_labels (fixture);
    g_assert_cmpstr (after, ==, states->pdata[now]);
    expect_steps (fixture, now, states->len - 1 - now);
  }
}

static void
test_relabel (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  gboolean merged = TRUE;
  gsize n = 9;

  fixture_label (fixture, "in/a.jpg", "rusty");
  fixture_label (fixture, "in/b.jpg", "good");
  g_assert_true (hf_project_relabel (fixture->project, "rusty", "rust", &merged,
                                     &n, NULL));
  g_assert_false (merged);
  expect (fixture, "a.jpg=rust b.jpg=good c.jpg=-");
  g_assert_true (
      hf_project_relabel (fixture->project, "rust", "good", &merged, &n, NULL));
  g_assert_true (merged);
  g_assert_cmpuint (n, ==, 1);
  expect (fixture, "a.jpg=good b.jpg=good c.jpg=-");
  g_assert_cmpint (hf_project_find_class (fixture->project, "rust", &error), ==,
                   0);
  g_assert_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME);
  undo (fixture, 1);
  expect (fixture, "a.jpg=rust b.jpg=good c.jpg=-");
  g_assert_cmpint (hf_project_find_class (fixture->project, "rust", NULL), >,
                   0);
}

static const char *
get_key (GPtrArray *classes, gint64 id)
{
  for (guint i = 0; i < classes->len; i++) {
    const HfProjectClass *class = classes->pdata[i];

    if (class->id == id)
      return class->key;
  }
  return "none such";
}

static void
expect_key (Fixture *fixture, gint64 id, const char *key)
{
  g_autoptr (GPtrArray) classes =
      hf_project_dup_classes (fixture->project, NULL);

  g_assert_cmpstr (get_key (classes, id), ==, key);
}

static void
remove_class (Fixture *fixture, gint64 id, gsize n_labels)
{
  g_autoptr (GError) error = NULL;
  gsize n;

  hf_project_remove_class (fixture->project, id, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, n_labels);
  expect_key (fixture, id, "none such");
}

/* Its key goes with it and comes back, unless another has that by then. */
static void
test_remove_class (Fixture *fixture, gconstpointer unused)
{
  gint64 rusty, empty;

  fixture_label (fixture, "in/a.jpg", "good");
  fixture_label (fixture, "in/b.jpg", "rusty");
  fixture_label (fixture, "in/c.jpg", "rusty");
  rusty = hf_project_find_class (fixture->project, "rusty", NULL);
  expect_key (fixture, rusty, "2");
  remove_class (fixture, rusty, 2);
  expect (fixture, "a.jpg=good b.jpg=- c.jpg=-");
  undo (fixture, 2);
  expect (fixture, "a.jpg=good b.jpg=rusty c.jpg=rusty");
  expect_key (fixture, rusty, "2");
  remove_class (fixture, rusty, 2);
  empty =
      hf_project_add_class (fixture->project, "dented", HF_CLASS_DEFECT, NULL);
  expect_key (fixture, empty, "2");
  undo (fixture, 2);
  expect_key (fixture, rusty, NULL);
  /* Without labels there is no step. */
  remove_class (fixture, empty, 0);
  expect (fixture, "a.jpg=good b.jpg=rusty c.jpg=rusty");
  g_assert_true (hf_project_restore_class (fixture->project, empty, NULL));
  expect_key (fixture, empty, "2");
}

static gboolean
is_listed (Fixture *fixture, const char *name)
{
  return hf_project_find_class (fixture->project, name, NULL) != 0;
}

/* The class was left, empty. */
static void
test_remove_again (Fixture *fixture, gconstpointer unused)
{
  gboolean merged;

  fixture_label (fixture, "in/a.jpg", "good");
  fixture_label (fixture, "in/b.jpg", "rusty");
  remove_class (fixture,
                hf_project_find_class (fixture->project, "rusty", NULL), 1);
  for (int i = 0; i < 2; i++) {
    undo (fixture, 1);
    g_assert_true (is_listed (fixture, "rusty"));
    redo (fixture);
    g_assert_false (is_listed (fixture, "rusty"));
    expect (fixture, "a.jpg=good b.jpg=- c.jpg=-");
  }
  undo (fixture, 1);
  g_assert_true (hf_project_relabel (fixture->project, "rusty", "good", &merged,
                                     NULL, NULL));
  undo (fixture, 1);
  redo (fixture);
  g_assert_false (is_listed (fixture, "rusty"));
  expect (fixture, "a.jpg=good b.jpg=good c.jpg=-");
  /* One whose pictures were labelled anew was not removed with them. */
  undo (fixture, 1);
  fixture_label (fixture, "in/b.jpg", "good");
  undo (fixture, 1);
  redo (fixture);
  g_assert_true (is_listed (fixture, "rusty"));
}

/* Somebody gave the class a picture meanwhile. */
static void
test_remove_again_in_use (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfProject) other = hf_project_open (fixture->path, NULL);
  gint64 picture, rusty;
  HfLabelChange change;

  fixture_label (fixture, "in/a.jpg", "rusty");
  rusty = hf_project_find_class (fixture->project, "rusty", NULL);
  picture = fixture_find (fixture, "in/c.jpg");
  remove_class (fixture, rusty, 1);
  undo (fixture, 1);
  change = (HfLabelChange){picture, rusty};
  g_assert_true (hf_project_set_labels (other, &change, 1, HF_LABEL_BY_HAND,
                                        HF_SHOWN_BROWSE, NULL, NULL));
  redo (fixture);
  g_assert_true (is_listed (fixture, "rusty"));
  expect (fixture, "a.jpg=- b.jpg=- c.jpg=rusty");
}

static void
test_keys_of_many (Fixture *fixture, gconstpointer unused)
{
  const char *const keys = "123456789abcdghijklmnopqrstuvwxyz";

  for (gsize i = 0; i <= strlen (keys); i++) {
    g_autofree char *name = g_strdup_printf ("class %zu", i);
    const char key[2] = {keys[i], '\0'};
    gint64 id =
        hf_project_add_class (fixture->project, name, HF_CLASS_OTHER, NULL);

    expect_key (fixture, id, keys[i] != '\0' ? key : NULL);
  }
}

/* A name must be seen for what it is; a class of before may have any. */
static void
test_class_names (Fixture *fixture, gconstpointer unused)
{
  static const char *const bad[] = {"",     "two\nlines", "a\tb",
                                    "\x7f", "\xc2\x85",   "caf\xe9\r"};
  static const char *const fine[] = {"caf\xe9", " ", "锈", "a\xc2\xa0z"};
  const gint64 one = fixture_find (fixture, "in/a.jpg");

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) added = NULL, labelled = NULL, renamed = NULL;
    gboolean flag;
    gsize n;

    g_assert_cmpint (
        hf_project_add_class (fixture->project, bad[i], HF_CLASS_OTHER, &added),
        ==, 0);
    g_assert_error (added, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME);
    g_assert_false (hf_project_set_class (fixture->project, &one, 1, bad[i],
                                          HF_LABEL_BY_HAND, HF_SHOWN_BROWSE,
                                          &flag, &n, &labelled));
    g_assert_error (labelled, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME);
    fixture_label (fixture, "in/b.jpg", "rusty");
    g_assert_false (hf_project_relabel (fixture->project, "rusty", bad[i],
                                        &flag, &n, &renamed));
    g_assert_error (renamed, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME);
  }
  expect (fixture, "a.jpg=- b.jpg=rusty c.jpg=-");
  for (gsize i = 0; i < G_N_ELEMENTS (fine); i++)
    g_assert_cmpint (
        hf_project_add_class (fixture->project, fine[i], HF_CLASS_OTHER, NULL),
        >, 0);
  g_assert_true (hf_class_is_similar ("Rost", "rost"));
  g_assert_true (hf_class_is_similar ("ÖL", "öl"));
  g_assert_true (hf_class_is_similar ("dent\u00e9", "DENTE\u0301"));
  g_assert_true (hf_class_is_similar (" Rost", "rost "));
  g_assert_false (hf_class_is_similar ("rost", "rost"));
  g_assert_false (hf_class_is_similar ("dente", "dent\u00e9"));
  g_assert_false (hf_class_is_similar ("rost", "rust"));
}

/* What a disk takes to store what was written; SQLite's calls come here. */
static int sync_us; /* atomic */

int
fdatasync (int fd)
{
  g_usleep ((gulong) g_atomic_int_get (&sync_us));
  return (int) syscall (SYS_fdatasync, fd);
}

/* Somebody labels as fast as the disk takes it. */
typedef struct {
  const Fixture *fixture;
  gint64 image_id, class_ids[2];
  int stop, n; /* atomic */
} Busy;

static gpointer
busy_thread (gpointer data)
{
  Busy *self = data;
  g_autoptr (HfProject) project = hf_project_open (self->fixture->path, NULL);

  while (!g_atomic_int_get (&self->stop)) {
    HfLabelChange change = {
        self->image_id, self->class_ids[g_atomic_int_add (&self->n, 1) % 2]};
    g_autoptr (GError) error = NULL;

    hf_project_set_labels (project, &change, 1, HF_LABEL_BY_HAND,
                           HF_SHOWN_BROWSE, NULL, &error);
    g_assert_no_error (error);
  }
  return NULL;
}

static void
label_beside (Fixture *fixture, int n_writes)
{
  Busy busy = {.fixture = fixture,
               .image_id = fixture_find (fixture, "in/a.jpg")};
  GThread *thread;

  fixture_label (fixture, "in/b.jpg", "good");
  fixture_label (fixture, "in/b.jpg", "rusty");
  busy.class_ids[0] = hf_project_find_class (fixture->project, "good", NULL);
  busy.class_ids[1] = hf_project_find_class (fixture->project, "rusty", NULL);
  thread = g_thread_new ("busy", busy_thread, &busy);
  /* It is at work before anybody else comes. */
  while (g_atomic_int_get (&busy.n) < 2)
    g_usleep (1000);
  for (int i = 0; i < n_writes; i++)
    fixture_label (fixture, "in/c.jpg", i % 2 == 0 ? "good" : "rusty");
  g_atomic_int_set (&busy.stop, 1);
  g_thread_join (thread);
  g_test_message ("%d labels beside %d", busy.n, n_writes);
}

static void
test_busy (Fixture *fixture, gconstpointer unused)
{
  label_beside (fixture, 25);
  /* The gaps are the smaller the slower the disk. */
  g_atomic_int_set (&sync_us, 25000);
  label_beside (fixture, 4);
  g_atomic_int_set (&sync_us, 0);
}

/* The name of a merged class is given to another one, and then the merge is
 * taken back. */
static void
test_relabel_to_a_merged_name (Fixture *fixture, gconstpointer unused)
{
  gboolean merged;

  fixture_label (fixture, "in/a.jpg", "x");
  fixture_label (fixture, "in/b.jpg", "y");
  fixture_label (fixture, "in/c.jpg", "z");
  g_assert_true (
      hf_project_relabel (fixture->project, "x", "y", &merged, NULL, NULL));
  g_assert_true (
      hf_project_relabel (fixture->project, "z", "x", &merged, NULL, NULL));
  g_assert_false (merged);
  expect (fixture, "a.jpg=y b.jpg=y c.jpg=x");
  undo (fixture, 1);
  expect (fixture, "a.jpg=x (merged 1) b.jpg=y c.jpg=x");
}

static void
suggest (Fixture *fixture, const char *name, HfSuggestedWhy why)
{
  g_autoptr (GArray) shown =
      g_array_new (FALSE, FALSE, sizeof (HfShownSuggestion));
  HfShownSuggestion one = {fixture_find (fixture, name), why};

  g_array_append_val (shown, one);
  g_assert_true (hf_project_log_suggestions (fixture->project, shown, NULL));
}

static gboolean
append_shown (const HfLabelEntry *entry, gpointer data, GError **error)
{
  g_string_append_printf (data, "%s/%s ", hf_label_by_get_name (entry->by),
                          hf_shown_get_name (entry->shown));
  return TRUE;
}

static void
test_audits (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GArray) due = NULL;
  g_autoptr (HfSamples) samples = NULL;
  guint64 n_shown = 0;

  suggest (fixture, "in/b.jpg", HF_SUGGESTED_AUDIT);
  suggest (fixture, "in/a.jpg", HF_SUGGESTED_MARGIN);
  suggest (fixture, "in/a.jpg", HF_SUGGESTED_AUDIT);
  suggest (fixture, "in/c.jpg", HF_SUGGESTED_TYPICAL);
  due = hf_project_dup_due_audits (fixture->project, &n_shown, NULL);
  g_assert_cmpuint (n_shown, ==, 4);
  g_assert_cmpuint (due->len, ==, 2);
  g_assert_cmpint (g_array_index (due, gint64, 0), ==,
                   fixture_find (fixture, "in/b.jpg"));
  fixture_label (fixture, "in/b.jpg", "x");
  fixture_label (fixture, "in/c.jpg", "x");
  fixture_label (fixture, "in/c.jpg", "y");
  fixture_label (fixture, "in/b.jpg", "y");
  undo (fixture, 1);
  hf_project_read_log (fixture->project, 0, append_shown, log, NULL);
  g_assert_cmpstr (
      log->str, ==,
      "hand/audit hand/typical hand/browse hand/audit undo/audit ");
  g_array_unref (due);
  due = hf_project_dup_due_audits (fixture->project, NULL, NULL);
  g_assert_cmpuint (due->len, ==, 1);
  samples = hf_project_dup_samples (fixture->project, NULL);
  g_assert_true (((HfSample *) samples->samples->pdata[1])->audited);
  g_assert_false (((HfSample *) samples->samples->pdata[0])->audited);
  g_assert_false (((HfSample *) samples->samples->pdata[2])->audited);
}

static void
test_seals (Fixture *fixture, gconstpointer unused)
{
  gint64 ids[] = {fixture_find (fixture, "in/a.jpg"),
                  fixture_find (fixture, "in/b.jpg")};
  g_autoptr (HfSamples) samples = NULL;
  g_autoptr (GPtrArray) openings = NULL;
  g_autoptr (GArray) due = NULL;
  gint64 n_openings = 0;
  gsize n = 0;

  suggest (fixture, "in/a.jpg", HF_SUGGESTED_AUDIT);
  g_assert_true (hf_project_seal (fixture->project, ids, 2, TRUE, &n, NULL));
  g_assert_cmpuint (n, ==, 2);
  due = hf_project_dup_due_audits (fixture->project, NULL, NULL);
  g_assert_cmpuint (due->len, ==, 0);
  g_assert_true (
      hf_project_log_opening (fixture->project, "gda", &n_openings, NULL));
  g_assert_true (hf_project_seal (fixture->project, ids, 1, FALSE, &n, NULL));
  g_assert_cmpuint (n, ==, 1);
  g_assert_true (hf_project_seal (fixture->project, ids, 1, FALSE, &n, NULL));
  g_assert_cmpuint (n, ==, 0);
  samples = hf_project_dup_samples (fixture->project, NULL);
  g_assert_false (((HfSample *) samples->samples->pdata[0])->sealed);
  g_assert_true (((HfSample *) samples->samples->pdata[1])->sealed);
  openings = hf_project_dup_openings (fixture->project, NULL);
  g_assert_cmpuint (openings->len, ==, 2);
  g_assert_cmpint (n_openings, ==, 1);
  g_assert_cmpstr (((HfOpening *) openings->pdata[1])->what, ==,
                   "1 picture unsealed");
}

static void
assert_known_sealed (Fixture *fixture, gsize wanted)
{
  g_autoptr (GError) error = NULL;
  gsize n = 0;

  hf_project_count_known_sealed (fixture->project, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, wanted);
}

/* Of a lot that is trained on: what has no lot is of none. */
static void
test_known_sealed (Fixture *fixture, gconstpointer unused)
{
  gint64 id = fixture_find (fixture, "in/a.jpg");
  g_autoptr (GError) error = NULL;

  g_assert_true (hf_project_seal (fixture->project, &id, 1, TRUE, NULL, NULL));
  fixture_label (fixture, "in/a.jpg", "good");
  fixture_label (fixture, "in/b.jpg", "good");
  assert_known_sealed (fixture, 0);
  hf_project_set_setting (fixture->project, "groups", "folder", &error);
  g_assert_no_error (error);
  assert_known_sealed (fixture, 1);
  undo (fixture, 1);
  assert_known_sealed (fixture, 0);
}

static void
test_log_name (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *empty = hf_project_dup_log_sha256 (fixture->project, NULL);
  g_autofree char *one = NULL;
  g_autofree char *again = NULL;
  g_autofree char *two = NULL;

  fixture_label (fixture, "in/a.jpg", "good");
  one = hf_project_dup_log_sha256 (fixture->project, NULL);
  again = hf_project_dup_log_sha256 (fixture->project, NULL);
  undo (fixture, 1);
  two = hf_project_dup_log_sha256 (fixture->project, NULL);
  g_assert_cmpstr (one, ==, again);
  g_assert_cmpstr (one, !=, empty);
  g_assert_cmpstr (two, !=, empty);
  g_assert_cmpstr (two, !=, one);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* A file that may not grow is an error and not the end. */
  signal (SIGXFSZ, SIG_IGN);
#define TEST(name, func) \
  g_test_add ("/labels/" name, Fixture, NULL, set_up, func, fixture_tear_down)
  TEST ("the-newest-entry-counts", test_newest_counts);
  TEST ("steps-go-back-and-forth", test_undo_redo);
  TEST ("nothing-to-undo-is-an-error", test_nothing_left);
  TEST ("a-new-label-cuts-what-could-be-done-again", test_redo_is_cut);
  TEST ("labels-that-are-there-already-are-no-step", test_many_at_once);
  TEST ("a-class-and-its-labels-are-one-step", test_class_with_labels);
  TEST ("a-picture-twice-in-one-step", test_twice_in_a_step);
  TEST ("another-program-s-step-is-undone", test_other_program);
  TEST ("what-another-program-did-meanwhile-is-not-undone", test_own_steps);
  TEST ("a-later-label-of-another-program-outlives-undo", test_over_each_other);
  TEST ("a-step-that-failed-is-nobody-s", test_failed_step);
  TEST ("random-steps-equal-a-model-that-keeps-all-states",
        test_against_a_model);
  TEST ("a-class-is-renamed-or-merged", test_relabel);
  TEST ("a-class-is-removed-and-comes-back", test_remove_class);
  TEST ("a-removal-done-again-lists-the-class-no-more", test_remove_again);
  TEST ("a-removal-done-again-leaves-what-others-use",
        test_remove_again_in_use);
  TEST ("more-than-nine-classes-get-letters", test_keys_of_many);
  TEST ("the-name-of-a-merged-class-is-free", test_relabel_to_a_merged_name);
  TEST ("class-names-can-be-seen", test_class_names);
  TEST ("who-labels-without-a-pause-keeps-nobody-out", test_busy);
  TEST ("audit-draws-stay-due-and-stay-audits", test_audits);
  TEST ("seals-and-openings-are-kept", test_seals);
  TEST ("sealed-pictures-of-a-known-lot-are-counted", test_known_sealed);
  TEST ("the-log-s-sha256-changes-with-every-entry", test_log_name);
  return g_test_run ();
}
