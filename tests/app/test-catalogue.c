/* The catalogue that is shipped, and names. */
#include "app/models/catalogue.h"
#include "app/models/store.h"

static void
test_shipped (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfCatalogue) catalogue = hf_catalogue_load (&error);

  g_assert_no_error (error);
  g_assert_cmpuint (hf_catalogue_get_n (catalogue), ==, 9);
  for (guint i = 0; i < hf_catalogue_get_n (catalogue); i++) {
    const HfCatalogueEntry *entry = hf_catalogue_get (catalogue, i);
    g_autofree char *folder = hf_catalogue_entry_dup_folder (entry);
    g_autofree char *file = g_strconcat (folder, ".pt", NULL);

    /* OpenAI puts the checksum into the address. */
    g_assert_cmpuint (strlen (entry->sha256), ==, 64);
    g_assert_nonnull (strstr (entry->url, entry->sha256));
    g_assert_true (g_str_has_suffix (entry->url, entry->file));
    g_assert_cmpstr (file, ==, entry->file);
    g_assert_true (hf_store_check_name (folder, NULL));
    /* f16 and f32 mixed: between 2 and 4 bytes a number. */
    g_assert_cmpint (entry->size_bytes, >, 2 * entry->n_parameters);
    g_assert_cmpint (entry->size_bytes, <, 4 * entry->n_parameters);
    g_assert_true (hf_catalogue_find_sha256 (catalogue, entry->sha256) ==
                   entry);
  }
}

static void
test_find (void)
{
  g_autoptr (HfCatalogue) catalogue = hf_catalogue_load (NULL);
  const HfCatalogueEntry *entry =
      hf_catalogue_find (catalogue, "ViT-L/14@336px");

  g_assert_nonnull (entry);
  g_assert_true (hf_catalogue_find (catalogue, "vit-l-14-336px") == entry);
  g_assert_true (hf_catalogue_find (catalogue, "ViT-L/14") != entry);
  g_assert_null (hf_catalogue_find (catalogue, "ViT-L"));
  g_assert_null (hf_catalogue_find (catalogue, ""));
}

static void
test_find_shape (void)
{
  g_autoptr (HfCatalogue) catalogue = hf_catalogue_load (NULL);
  HfClipConfig vit = {.embed_dim = 512,
                      .vision = HF_VISION_VIT,
                      .image_px = 224,
                      .vision_width = 768,
                      .vision_layers = {12},
                      .patch_px = 32,
                      .text_width = 512,
                      .text_layers = 12};
  HfClipConfig resnet = {.embed_dim = 512,
                         .vision = HF_VISION_RESNET,
                         .image_px = 224,
                         .vision_width = 64,
                         .vision_layers = {3, 4, 23, 3},
                         .text_width = 512,
                         .text_layers = 12};

  g_assert_cmpstr (hf_catalogue_find_shape (catalogue, &vit)->name, ==,
                   "ViT-B/32");
  vit.patch_px = 16;
  g_assert_cmpstr (hf_catalogue_find_shape (catalogue, &vit)->name, ==,
                   "ViT-B/16");
  vit.patch_px = 8;
  g_assert_null (hf_catalogue_find_shape (catalogue, &vit));
  g_assert_cmpstr (hf_catalogue_find_shape (catalogue, &resnet)->name, ==,
                   "RN101");
  resnet.vision_layers[3] = 4;
  g_assert_null (hf_catalogue_find_shape (catalogue, &resnet));
}

static void
test_names (void)
{
  g_autofree char *long_name = g_strnfill (101, 'a');

  g_assert_true (hf_store_check_name ("ViT-B-32_quick.v2+", NULL));
  g_assert_false (hf_store_check_name ("", NULL));
  g_assert_false (hf_store_check_name (".hidden", NULL));
  g_assert_false (hf_store_check_name ("..", NULL));
  g_assert_false (hf_store_check_name ("a/b", NULL));
  g_assert_false (hf_store_check_name ("a b", NULL));
  g_assert_false (hf_store_check_name ("\xc3\xa9", NULL));
  g_assert_false (hf_store_check_name (long_name, NULL));
  g_assert_true (hf_store_check_name (long_name + 1, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/catalogue/shipped-one-holds-nine", test_shipped);
  g_test_add_func ("/catalogue/finds-by-name-and-folder", test_find);
  g_test_add_func ("/catalogue/finds-by-shape", test_find_shape);
  g_test_add_func ("/store/names", test_names);
  return g_test_run ();
}
