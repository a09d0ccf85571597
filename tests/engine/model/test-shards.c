#include "tiny.h"

#include "model/model-file.h"
#include "model/shards.h"
#include "tensor/safetensors.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define FIRST "model-00001-of-00002.safetensors"
#define SECOND "model-00002-of-00002.safetensors"
#define INDEX "model.safetensors.index.json"

static char *
dup_path (const Tiny *tiny, const char *name)
{
  return g_build_filename (tiny->folder, name, NULL);
}

/* Every second tensor of @tiny in each of two parts. @again, if not NULL, is
 * in both. */
static void
save_parts (Tiny *tiny, const char *again)
{
  static const char *const names[] = {FIRST, SECOND};

  for (guint p = 0; p < 2; p++) {
    g_autoptr (HfTensorFile) part = hf_tensor_file_new (NULL, NULL);
    g_autofree char *path = dup_path (tiny, names[p]);

    for (guint i = 0; i < hf_tensor_file_get_n_tensors (tiny->file); i++) {
      const HfTensor *tensor = hf_tensor_file_get_nth (tiny->file, i);

      if (i % 2 == p || g_strcmp0 (again, tensor->name) == 0)
        g_assert_true (hf_tensor_file_add (part, tensor->name, tensor));
    }
    g_assert_true (hf_safetensors_save (part, path, NULL));
  }
}

/* As transformers writes it; @more goes in front of the map's members. */
static void
save_index (Tiny *tiny, const char *more)
{
  g_autoptr (GString) text =
      g_string_new ("{\"metadata\":{\"total_size\":1},\"weight_map\":{");

  g_string_append (text, more);
  for (guint i = 0; i < hf_tensor_file_get_n_tensors (tiny->file); i++)
    g_string_append_printf (text, "%s\"%s\":\"%s\"", i > 0 ? "," : "",
                            hf_tensor_file_get_nth (tiny->file, i)->name,
                            i % 2 == 0 ? FIRST : SECOND);
  g_string_append (text, "}}");
  tiny_write (tiny, INDEX, text->str);
}

static char *
dup_identity (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfModelFile) model = hf_model_file_open (path, &error);

  g_assert_no_error (error);
  return hf_model_file_dup_identity (model, NULL, NULL);
}

static void
assert_refused (const char *path, const char *reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_model_file_open (path, &error));
  g_assert_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT);
  if (strstr (error->message, reason) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, reason);
}

static void
test_names (void)
{
  g_autofree char *index = hf_shards_dup_index ("a/" SECOND);

  g_assert_cmpstr (index, ==, "a/" INDEX);
  g_assert_true (hf_shards_is_index (INDEX));
  g_assert_true (hf_shards_is_index ("a/pytorch_model.bin.index.json"));
  g_assert_false (hf_shards_is_index ("config.json"));
  g_assert_true (hf_shards_is_part ("a/pytorch_model-00003-of-00017.bin"));
  g_assert_false (hf_shards_is_part ("a/model-00001-of-00001.safetensors"));
  g_assert_false (hf_shards_is_part ("a-00001-of-00002.d/model.bin"));
  g_assert_false (hf_shards_is_part ("model-0001-of-00002.bin"));
  g_assert_false (hf_shards_is_part ("-00001-of-00002"));
  g_assert_false (hf_shards_is_part (""));
}

/* The folder, the index and any of the parts mean the same model, which is the
 * one in a single file. */
static void
test_whole (void)
{
  static const char *const names[] = {"", INDEX, FIRST, SECOND};
  g_autoptr (Tiny) tiny = tiny_new (NULL);
  g_autofree char *single = dup_path (tiny, "single.safetensors");
  g_autofree char *wanted = NULL;

  tiny_save (tiny, "single.safetensors");
  wanted = dup_identity (single);
  save_parts (tiny, NULL);
  save_index (tiny, "");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = dup_path (tiny, names[i]);
    g_autofree char *identity = dup_identity (path);

    g_assert_cmpstr (identity, ==, wanted);
  }
}

static void
test_paths (void)
{
  g_autoptr (Tiny) tiny = tiny_new (NULL);
  g_autoptr (HfModelFile) model = NULL;
  g_autoptr (GPtrArray) paths = NULL;
  static const char *const names[] = {INDEX, FIRST, SECOND};

  save_parts (tiny, NULL);
  save_index (tiny, "");
  model = hf_model_file_open (tiny->folder, NULL);
  paths = hf_model_file_dup_paths (model);
  g_assert_cmpuint (paths->len, ==, 3);
  for (gsize i = 0; i < 3; i++) {
    g_autofree char *path = dup_path (tiny, names[i]);

    g_assert_cmpstr (paths->pdata[i], ==, path);
  }
  g_assert_true (g_str_has_suffix (hf_model_file_get_path (model), INDEX));
  g_assert_cmpstr (hf_model_file_get_format (model), ==, "safetensors");
}

static void
test_missing (void)
{
  g_autoptr (Tiny) tiny = tiny_new (NULL);
  g_autofree char *second = dup_path (tiny, SECOND);
  g_autofree char *index = dup_path (tiny, INDEX);

  save_parts (tiny, NULL);
  assert_refused (tiny->folder, "holds parts of a model and no index");
  assert_refused (second, "the index that names the others is missing");
  save_index (tiny, "");
  g_assert_cmpint (g_unlink (second), ==, 0);
  assert_refused (tiny->folder, "is not whole: of its 2 parts " SECOND);
  tiny_write (tiny, "pytorch_model.bin.index.json", "{}");
  assert_refused (tiny->folder, "is not whole: of its 2 parts " SECOND);
  /* Of which the parts are there, that is taken. */
  tiny_save (tiny, "pytorch_model.bin");
  g_free (dup_identity (tiny->folder));
  assert_refused (index, "is not whole");
}

static void
test_contradictions (void)
{
  static const struct {
    const char *more, *again, *reason;
  } cases[] = {
      {"", "visual.proj",
       "visual.proj that is in an earlier part and again in"},
      {"\"none\":\"" FIRST "\",", NULL,
       "asks for a tensor none that its part " FIRST " lacks"},
      {"\"x\":\"../" FIRST "\",", NULL, "is no file beside it"},
      {"\"x\":\"/etc/passwd\",", NULL, "is no file beside it"},
      {"\"x\":\"" INDEX "\",", NULL, "is no file beside it"},
      {"\"x\":\"\",", NULL, "is no file beside it"},
      {"\"x\":7,", NULL, "is no file beside it"},
      {"\"x\":", NULL, "JSON"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Tiny) tiny = tiny_new (NULL);

    save_parts (tiny, cases[i].again);
    save_index (tiny, cases[i].more);
    assert_refused (tiny->folder, cases[i].reason);
  }
}

static void
test_no_index (void)
{
  static const char *const texts[] = {"{}", "[]", "{\"weight_map\":{}}",
                                      "{\"weight_map\":[1]}"};
  g_autoptr (Tiny) tiny = tiny_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    tiny_write (tiny, INDEX, texts[i]);
    assert_refused (tiny->folder, "has no \"weight_map\"");
  }
}

/* Each part is asked for its length, not only the first. */
static void
test_cut (void)
{
  g_autoptr (Tiny) tiny = tiny_new (NULL);
  g_autofree char *second = dup_path (tiny, SECOND);
  g_autoptr (HfModelFile) model = NULL;
  g_autoptr (GError) error = NULL;

  save_parts (tiny, NULL);
  save_index (tiny, "");
  model = hf_model_file_open (tiny->folder, NULL);
  g_assert_true (hf_model_file_check_whole (model, NULL));
  g_assert_cmpint (truncate (second, 4096), ==, 0);
  g_assert_null (hf_model_file_dup_identity (model, NULL, &error));
  g_assert_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_MISMATCH);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/shards/names-of-indices-and-parts", test_names);
  g_test_add_func ("/model/shards/several-files-are-the-model-in-one",
                   test_whole);
  g_test_add_func ("/model/shards/all-files-are-named", test_paths);
  g_test_add_func ("/model/shards/what-is-missing-is-named", test_missing);
  g_test_add_func ("/model/shards/index-and-parts-must-agree",
                   test_contradictions);
  g_test_add_func ("/model/shards/json-without-a-map-is-no-index",
                   test_no_index);
  g_test_add_func ("/model/shards/a-part-cut-short-is-not-read-on", test_cut);
  return g_test_run ();
}
