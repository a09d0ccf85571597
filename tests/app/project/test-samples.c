/* Labels from folders of classes and from lists. */
#include "app/jobs/pictures.h"
#include "app/study/alike.h"
#include "app/study/csv.h"
#include "app/study/samples.h"
#include "fixture.h"

#include <string.h>
#include <unistd.h>

static HfSamples *
load (const Fixture *fixture, const char *name, const char *groups,
      const char *good)
{
  g_autofree char *path = fixture_dup_path (fixture, name);
  g_autoptr (GError) error = NULL;
  HfSamples *samples = hf_samples_load (path, groups, good, &error);

  g_assert_no_error (error);
  return samples;
}

/* "a.jpg=good/lot1 ..." */
static void
expect (const HfSamples *samples, const char *wanted)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < samples->samples->len; i++) {
    const HfSample *sample = samples->samples->pdata[i];
    g_autofree char *name = g_path_get_basename (sample->path);
    const HfSampleClass *class =
        sample->label >= 0 ? samples->classes->pdata[sample->label] : NULL;

    g_string_append_printf (text, "%s%s=%s/%s", i > 0 ? " " : "", name,
                            class != NULL ? class->name : "-",
                            sample->group != NULL ? sample->group : "-");
  }
  g_assert_cmpstr (text->str, ==, wanted);
}

static void
expect_error (const Fixture *fixture, const char *name, const char *groups,
              const char *good, GQuark domain, int code, const char *word)
{
  g_autofree char *path = fixture_dup_path (fixture, name);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfSamples) samples = hf_samples_load (path, groups, good, &error);

  g_assert_null (samples);
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, word));
}

static void
test_folders (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfSamples) plain = NULL;
  g_autoptr (HfSamples) grouped = NULL;
  g_autoptr (HfSamples) by_folder = NULL;

  fixture_put (fixture, "in/rusty/L1__b.jpg", "x");
  fixture_put (fixture, "in/good/deep/L2__a.jpg", "x");
  fixture_put (fixture, "in/good/L1__c.png", "x");
  fixture_put (fixture, "in/good/notes.txt", "x");
  fixture_put (fixture, "in/stray.jpg", "x");
  fixture_put (fixture, "in/.hidden/d.jpg", "x");
  plain = load (fixture, "in", NULL, NULL);
  expect (plain, "L1__c.png=good/- L2__a.jpg=good/- L1__b.jpg=rusty/-");
  g_assert_cmpint (((HfSampleClass *) plain->classes->pdata[0])->kind, ==,
                   HF_CLASS_OTHER);
  g_assert_cmpuint (plain->refusals->len, ==, 1);
  grouped = load (fixture, "in/", "^(.*)__", "good");
  expect (grouped, "L1__c.png=good/L1 L2__a.jpg=good/L2 L1__b.jpg=rusty/L1");
  g_assert_cmpint (((HfSampleClass *) grouped->classes->pdata[0])->kind, ==,
                   HF_CLASS_GOOD);
  g_assert_cmpint (((HfSampleClass *) grouped->classes->pdata[1])->kind, ==,
                   HF_CLASS_DEFECT);
  by_folder = load (fixture, "in", "folder", NULL);
  expect (by_folder, "L1__c.png=good/in/good L2__a.jpg=good/in/good/deep "
                     "L1__b.jpg=rusty/in/rusty");
}

/* "Good" and "good" in one folder were two classes, the second of them a
 * defect. */
static void
test_alike (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) known = g_ptr_array_new ();
  g_autoptr (HfSamples) alone = NULL;
  g_autoptr (HfSamples) beside = NULL;

  fixture_put (fixture, "in/Good/a.jpg", "x");
  fixture_put (fixture, "in/dente\u0301/b.jpg", "x");
  fixture_put (fixture, "in/dent\u00e9/c.jpg", "x");
  fixture_put (fixture, "in/good/d.jpg", "x");
  alone = load (fixture, "in", NULL, "good");
  hf_samples_join_alike (alone, NULL, notes);
  expect (alone, "a.jpg=Good/- b.jpg=dente\u0301/- c.jpg=dente\u0301/- "
                 "d.jpg=Good/-");
  g_assert_cmpuint (alone->classes->len, ==, 2);
  g_assert_cmpint (((HfSampleClass *) alone->classes->pdata[0])->kind, ==,
                   HF_CLASS_GOOD);
  g_assert_cmpint (((HfSampleClass *) alone->classes->pdata[1])->kind, ==,
                   HF_CLASS_DEFECT);
  g_assert_cmpuint (notes->len, ==, 2);
  g_assert_nonnull (strstr (notes->pdata[1], "\"good\""));
  g_ptr_array_add (known, (gpointer) "GOOD");
  g_ptr_array_add (known, (gpointer) "good");
  beside = load (fixture, "in", NULL, NULL);
  hf_samples_join_alike (beside, known, NULL);
  expect (beside, "a.jpg=GOOD/- b.jpg=dente\u0301/- c.jpg=dente\u0301/- "
                  "d.jpg=good/-");
}

static void
test_list (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfSamples) of_list = NULL;
  g_autoptr (HfSamples) of_names = NULL;

  fixture_put (fixture, "in/b, 2.jpg", "x");
  fixture_put (fixture, "in/a.jpg", "x");
  fixture_put (fixture, "in/say \"x\".jpg", "x");
  fixture_put (fixture, "list.csv",
               "\xef\xbb\xbfpath,label,group\r\n\"in/b, 2.jpg\",rusty,L2\r\n"
               "\r\nin/a.jpg,good,\r\nin/../in/a.jpg,good,L9\r\n"
               "in/gone.jpg,good,L1\r\n\"in/say \"\"x\"\".jpg\",,L3\r\n");
  of_list = load (fixture, "list.csv", NULL, NULL);
  expect (of_list, "a.jpg=good/- b, 2.jpg=rusty/L2 say \"x\".jpg=-/L3");
  g_assert_cmpuint (of_list->refusals->len, ==, 1);
  g_assert_nonnull (
      strstr (((HfRefusal *) of_list->refusals->pdata[0])->reason, "line 6"));
  of_names = load (fixture, "list.csv", "^(.)", "good");
  expect (of_names, "a.jpg=good/a b, 2.jpg=rusty/b say \"x\".jpg=-/s");
}

/* A list of pictures that are all gone says so by its refusals. */
static void
test_all_gone (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfSamples) samples = NULL;

  fixture_put (fixture, "list.csv", "path,label\na.jpg,x\nb.jpg,y\n");
  samples = load (fixture, "list.csv", NULL, "x");
  g_assert_cmpuint (samples->samples->len, ==, 0);
  g_assert_cmpuint (samples->refusals->len, ==, 2);
}

static void
test_wrong_lists (Fixture *fixture, gconstpointer unused)
{
  const GQuark domain = HF_SAMPLES_ERROR;
  const int format = HF_SAMPLES_ERROR_FORMAT;

  fixture_put (fixture, "a.jpg", "x");
  fixture_put (fixture, "header.csv", "a.jpg,good\n");
  fixture_put (fixture, "fields.csv", "path,label\na.jpg,good\na.jpg,good,1\n");
  fixture_put (fixture, "quote.csv", "path,label\n\"a.jpg,good\nx,y\n");
  fixture_put (fixture, "twice.csv", "path,label\na.jpg,x\n./a.jpg,y\n");
  fixture_put (fixture, "path.csv", "path,label\n,x\n");
  fixture_put (fixture, "groups.csv", "path,label\na.jpg,x\n");
  fixture_put (fixture, "none.csv", "path,label\na.jpg,\n");
  fixture_put (fixture, "empty.csv", "");
  expect_error (fixture, "header.csv", NULL, NULL, domain, format,
                "path,label");
  expect_error (fixture, "empty.csv", NULL, NULL, domain, format, "path,label");
  expect_error (fixture, "fields.csv", NULL, NULL, domain, format, "line 3");
  expect_error (fixture, "quote.csv", NULL, NULL, domain, format, "line 2");
  expect_error (fixture, "twice.csv", NULL, NULL, domain, format, "2 and 3");
  expect_error (fixture, "path.csv", NULL, NULL, domain, format, "line 2");
  expect_error (fixture, "groups.csv", "csv", NULL, domain, format, "group");
  expect_error (fixture, "groups.csv", NULL, "y", domain,
                HF_SAMPLES_ERROR_CLASS, "\"y\"");
  expect_error (fixture, "none.csv", NULL, NULL, domain, HF_SAMPLES_ERROR_EMPTY,
                "no labelled pictures");
  expect_error (fixture, "missing.csv", NULL, NULL, G_FILE_ERROR,
                G_FILE_ERROR_NOENT, "missing.csv");
}

/* What broke: what a link to a folder led to was passed over without a word. */
static void
test_links (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *class = fixture_dup_path (fixture, "aside");
  g_autofree char *class_link = fixture_dup_path (fixture, "in/rusty");
  g_autofree char *first = fixture_dup_path (fixture, "in/good/loop");
  g_autofree char *second = fixture_dup_path (fixture, "aside/up");
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (HfSamples) one = NULL, two = NULL;

  fixture_put (fixture, "in/good/a.jpg", "x");
  fixture_put (fixture, "aside/b.jpg", "x");
  /* A folder of a class may be a link itself. */
  g_assert_cmpint (symlink (class, class_link), ==, 0);
  one = load (fixture, "in", NULL, NULL);
  expect (one, "a.jpg=good/- b.jpg=rusty/-");
  hf_samples_note_links (one, notes);
  g_assert_cmpuint (notes->len, ==, 0);

  g_assert_cmpint (symlink ("..", first), ==, 0);
  g_assert_cmpint (symlink ("..", second), ==, 0);
  two = load (fixture, "in", NULL, NULL);
  expect (two, "a.jpg=good/- b.jpg=rusty/-");
  g_assert_cmpuint (two->refusals->len, ==, 0);
  hf_samples_note_links (two, notes);
  g_assert_cmpuint (notes->len, ==, 1);
  g_assert_true (g_str_has_prefix (notes->pdata[0], "2 links to folders"));
  g_assert_nonnull (strstr (notes->pdata[0], first));
}

static void
test_writing (void)
{
  static const char *const fields[] = {"plain",      "a,b", "say \"x\"",
                                       "two\nlines", "",    "\xff"};
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) records = NULL;
  const HfCsvRecord *record;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    if (i > 0)
      g_string_append_c (text, ',');
    hf_csv_append (text, fields[i]);
  }
  records = hf_csv_parse (text->str, text->len, NULL);
  g_assert_cmpuint (records->len, ==, 1);
  record = records->pdata[0];
  g_assert_cmpuint (record->fields->len, ==, G_N_ELEMENTS (fields));
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_assert_cmpstr (record->fields->pdata[i], ==, fields[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, func)                                             \
  g_test_add ("/samples/" name, Fixture, NULL, fixture_set_up, func, \
              fixture_tear_down)
  TEST ("a-folder-for-each-class", test_folders);
  TEST ("names-that-differ-in-case-or-form-are-one-class", test_alike);
  TEST ("a-list-with-quotes-and-groups", test_list);
  TEST ("links-to-folders-are-told-of", test_links);
  TEST ("pictures-that-are-all-gone-are-refused", test_all_gone);
  TEST ("wrong-lists-are-refused-by-line", test_wrong_lists);
  g_test_add_func ("/samples/fields-are-read-as-they-were-written",
                   test_writing);
  return g_test_run ();
}
