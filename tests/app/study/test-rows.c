/* Rows as tensors and back, damaged ones refused, and old rows joined with new
 * ones. */
#include "app/study/rows.h"

#include "features/extractor.h"
#include "tensor/safetensors.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define CLIP 4
#define CLASSIC 2

static void
add_class (HfRows *rows, const char *name, HfClassKind kind)
{
  HfSampleClass *class = g_new0 (HfSampleClass, 1);

  class->name = g_strdup (name);
  class->kind = kind;
  g_ptr_array_add (rows->classes, class);
}

/* Row i stands for content "@prefix" i; the labels go round the classes. */
static HfRows *
new_rows (const char *prefix, gsize n, const char *first, const char *second)
{
  HfRows *rows = hf_rows_new (n, 1, CLIP, CLASSIC, NULL);

  g_assert_nonnull (rows);
  add_class (rows, first, HF_CLASS_GOOD);
  add_class (rows, second, HF_CLASS_DEFECT);
  rows->text = g_new0 (float, 2 * CLIP);
  for (int j = 0; j < 2 * CLIP; j++)
    rows->text[j] = (float) (j + (int) strlen (first));
  rows->logit_scale = 12.5;
  for (gsize i = 0; i < n; i++) {
    g_autofree char *content = g_strdup_printf ("%s%d", prefix, (int) i);

    rows->sha256[i] =
        g_compute_checksum_for_string (G_CHECKSUM_SHA256, content, -1);
    rows->group_name[i] =
        i % 3 == 2 ? NULL : g_strdup_printf ("lot\"%d", (int) i % 3);
    rows->label[i] = (int) i % 2;
    rows->audited[i] = i == 1;
    for (int j = 0; j < CLIP; j++)
      rows->clip[i * CLIP + j] = (float) (g_str_hash (content) % 100 + j);
    for (int j = 0; j < CLASSIC; j++)
      rows->classic[i * CLASSIC + j] = (float) i / 7 + j;
    for (gsize p = 0; p < HF_LOOK_PX * HF_LOOK_PX; p++)
      rows->looks[i * HF_LOOK_PX * HF_LOOK_PX + p] =
          (guint8) (g_str_hash (content) * (p + 1) >> 3);
  }
  hf_rows_finish (rows);
  return rows;
}

static void
check_same_row (const HfRows *a, gsize i, const HfRows *b, gsize j)
{
  const HfSampleClass *of_a = a->classes->pdata[a->label[i]];
  const HfSampleClass *of_b = b->classes->pdata[b->label[j]];

  g_assert_cmpstr (a->sha256[i], ==, b->sha256[j]);
  g_assert_cmpstr (a->group_name[i], ==, b->group_name[j]);
  g_assert_cmpstr (of_a->name, ==, of_b->name);
  g_assert_cmpint (a->audited[i], ==, b->audited[j]);
  g_assert_cmpmem (a->clip + i * CLIP, sizeof (float) * CLIP,
                   b->clip + j * CLIP, sizeof (float) * CLIP);
  g_assert_cmpmem (a->classic + i * CLASSIC, sizeof (float) * CLASSIC,
                   b->classic + j * CLASSIC, sizeof (float) * CLASSIC);
  g_assert_cmpmem (
      a->looks + i * HF_LOOK_PX * HF_LOOK_PX, HF_LOOK_PX * HF_LOOK_PX,
      b->looks + j * HF_LOOK_PX * HF_LOOK_PX, HF_LOOK_PX * HF_LOOK_PX);
}

static void
test_round_trip (void)
{
  g_autoptr (HfRows) rows = new_rows ("p", 5, "good", "r\"usty");
  g_autoptr (HfTensorFile) tensors = hf_rows_dup_tensors (rows);
  g_autofree char *folder = g_dir_make_tmp ("handful-rows-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "rows.safetensors", NULL);
  g_autoptr (HfTensorFile) read = NULL;
  g_autoptr (HfRows) again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (hf_safetensors_save (tensors, path, &error));
  read = hf_safetensors_load (path, &error);
  g_assert_no_error (error);
  again = hf_rows_new_from_tensors (read, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->n, ==, rows->n);
  for (gsize i = 0; i < rows->n; i++)
    check_same_row (rows, i, again, i);
  g_assert_cmpint (again->kinds[0], ==, HF_CLASS_GOOD);
  g_assert_cmpint (again->kinds[1], ==, HF_CLASS_DEFECT);
  g_assert_cmpfloat (again->logit_scale, ==, 12.5);
  g_assert_cmpmem (again->text, 2 * CLIP * sizeof (float), rows->text,
                   2 * CLIP * sizeof (float));
  g_assert_cmpint (again->group[0], ==, again->group[3]);
  g_assert_cmpint (again->group[2], !=, again->group[0]);
  /* Clusters are not stored: they are looked for again. */
  g_assert_cmpint (again->cluster[0], !=, again->cluster[1]);
  g_unlink (path);
  g_rmdir (folder);
}

/* A copy of the tensors of @rows without the one called @name, and with
 * @metadata in the place of what was there. */
static HfTensorFile *
dup_spoilt (const HfRows *rows, const char *name, const char *key,
            const char *metadata)
{
  g_autoptr (HfTensorFile) whole = hf_rows_dup_tensors (rows);
  HfTensorFile *spoilt = hf_tensor_file_new (
      hf_tensor_file_ref (whole), (GDestroyNotify) hf_tensor_file_unref);
  static const char *const keys[] = {"classes", "groups", "logit_scale"};

  for (guint i = 0; i < hf_tensor_file_get_n_tensors (whole); i++) {
    const HfTensor *tensor = hf_tensor_file_get_nth (whole, i);

    if (g_strcmp0 (tensor->name, name) != 0)
      hf_tensor_file_add (spoilt, tensor->name, tensor);
  }
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_strcmp0 (keys[i], key) != 0)
      hf_tensor_file_set_metadata (
          spoilt, keys[i], hf_tensor_file_get_metadata (whole, keys[i]));
  if (metadata != NULL)
    hf_tensor_file_set_metadata (spoilt, key, metadata);
  return spoilt;
}

static void
check_refused (const HfRows *rows, const char *name, const char *key,
               const char *metadata)
{
  g_autoptr (HfTensorFile) spoilt = dup_spoilt (rows, name, key, metadata);
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_rows_new_from_tensors (spoilt, &error));
  g_assert_error (error, HF_ROWS_ERROR, HF_ROWS_ERROR_FORMAT);
  if (name != NULL)
    g_assert_nonnull (strstr (error->message, name));
}

static void
test_damaged (void)
{
  g_autoptr (HfRows) rows = new_rows ("p", 3, "good", "rusty");

  check_refused (rows, "label", NULL, NULL);
  check_refused (rows, "look", NULL, NULL);
  check_refused (rows, "sha256", NULL, NULL);
  check_refused (rows, "text", NULL, NULL);
  check_refused (rows, "audited", NULL, NULL);
  check_refused (rows, NULL, "classes", NULL);
  check_refused (rows, NULL, "classes", "[]");
  check_refused (rows, NULL, "classes", "{\"name\":1}");
  check_refused (rows, NULL, "classes", "[{\"name\":\"a\",\"kind\":\"good\"}]");
  check_refused (rows, NULL, "classes",
                 "[{\"name\":\"a\",\"kind\":\"good\"},"
                 "{\"name\":\"a\",\"kind\":\"good\"}]");
  check_refused (rows, NULL, "classes",
                 "[{\"name\":\"a\",\"kind\":\"odd\"},"
                 "{\"name\":\"b\",\"kind\":\"good\"}]");
  check_refused (rows, NULL, "groups", "[null,null]");
  check_refused (rows, NULL, "groups", "5");
  check_refused (rows, NULL, "logit_scale", "nan");
  check_refused (rows, NULL, "logit_scale", "-1");
}

static void
test_damaged_numbers (void)
{
  g_autoptr (HfRows) rows = new_rows ("p", 3, "good", "rusty");
  g_autoptr (GError) error = NULL;

  rows->label[1] = 2;
  check_refused (rows, NULL, NULL, NULL);
  rows->label[1] = -1;
  check_refused (rows, NULL, NULL, NULL);
  rows->label[1] = 1;
  rows->clip[3] = NAN;
  check_refused (rows, NULL, NULL, NULL);
  rows->clip[3] = 0;
  rows->audited[0] = 7;
  check_refused (rows, NULL, NULL, NULL);
}

static void
test_join (void)
{
  g_autoptr (HfRows) old = new_rows ("old", 4, "good", "rusty");
  g_autoptr (HfRows) fresh = new_rows ("new", 4, "cracked", "rusty");
  g_autoptr (HfRows) joined = NULL;
  g_autoptr (GError) error = NULL;
  gsize n_old;

  /* One old picture was labelled anew. */
  g_free (fresh->sha256[1]);
  fresh->sha256[1] = g_strdup (old->sha256[2]);
  joined = hf_rows_join (old, fresh, &n_old, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (joined->n, ==, 7);
  g_assert_cmpuint (n_old, ==, 3);
  g_assert_cmpuint (joined->classes->len, ==, 3);
  check_same_row (joined, 0, old, 0);
  check_same_row (joined, 1, old, 1);
  check_same_row (joined, 2, old, 3);
  for (gsize i = 0; i < 4; i++)
    check_same_row (joined, 3 + i, fresh, i);
  /* Text rows go by the names: "cracked" has those of the new rows. */
  g_assert_cmpmem (joined->text + 2 * CLIP, CLIP * sizeof (float), fresh->text,
                   CLIP * sizeof (float));
  /* The same lot in both is one lot. */
  g_assert_cmpint (joined->group[0], ==, joined->group[3]);
}

static void
test_join_drops_classes (void)
{
  g_autoptr (HfRows) old = new_rows ("p", 2, "good", "rusty");
  g_autoptr (HfRows) fresh = new_rows ("p", 4, "fine", "rusty");
  g_autoptr (HfRows) joined = NULL;
  gsize n_old;

  /* Both old pictures have new labels, so "good" is no class any more. */
  joined = hf_rows_join (old, fresh, &n_old, NULL, NULL);
  g_assert_nonnull (joined);
  g_assert_cmpuint (n_old, ==, 0);
  g_assert_cmpuint (joined->classes->len, ==, 2);
  for (gsize i = 0; i < 4; i++)
    check_same_row (joined, i, fresh, i);
  g_assert_cmpint (joined->data.n_classes, ==, 2);
}

static void
test_join_mismatch (void)
{
  g_autoptr (HfRows) old = new_rows ("p", 2, "good", "rusty");
  g_autoptr (HfRows) fresh = hf_rows_new (2, 1, CLIP + 1, CLASSIC, NULL);
  g_autoptr (GError) error = NULL;
  gsize n_old;

  g_assert_null (hf_rows_join (old, fresh, &n_old, NULL, &error));
  g_assert_error (error, HF_ROWS_ERROR, HF_ROWS_ERROR_MISMATCH);
}

static void
test_too_large (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_rows_new (G_MAXSIZE / 2, 4, 512, 0, &error));
  g_assert_error (error, HF_ROWS_ERROR, HF_ROWS_ERROR_MEMORY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rows/come-back-from-tensors", test_round_trip);
  g_test_add_func ("/rows/damaged-tensors-are-refused", test_damaged);
  g_test_add_func ("/rows/numbers-out-of-range-are-refused",
                   test_damaged_numbers);
  g_test_add_func ("/rows/new-labels-replace-old-ones", test_join);
  g_test_add_func ("/rows/a-class-without-rows-goes", test_join_drops_classes);
  g_test_add_func ("/rows/other-features-do-not-join", test_join_mismatch);
  g_test_add_func ("/rows/more-than-memory-is-a-sentence", test_too_large);
  return g_test_run ();
}
