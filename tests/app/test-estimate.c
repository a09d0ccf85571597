/* Tests of app/models/estimate, on the catalogue that is shipped. */
#include "app/models/estimate.h"

/* Operations of one picture through the image tower, two a multiply-add, in
 * 10^9, as open_clip publishes them (docs/model_profile.csv, image_gflops). By
 * hand, ViT-B/32 has 49 patches of 3 x 32 x 32 numbers and 50 tokens of 768:
 * 49 x 3072 x 768 + 12 (12 x 50 x 768^2 + 2 x 50^2 x 768) + 768 x 512 =
 * 4.409e9 multiply-adds. */
static const struct {
  const char *name;
  double gflop;
} published[] = {
    {"RN50", 12.22},     {"RN101", 19.54},     {"RN50x4", 42.56},
    {"RN50x16", 149.39}, {"RN50x64", 529.11},  {"ViT-B/32", 8.82},
    {"ViT-B/16", 35.13}, {"ViT-L/14", 162.03}, {"ViT-L/14@336px", 381.92},
};

/* Two cores of the first table of docs/performance.md. */
static const HfDeviceInfo processor = {
    .type = "cpu", .gflops = 213, .memory_bytes = (guint64) 8 << 30};

static HfCatalogue *
load (void)
{
  g_autoptr (GError) error = NULL;
  HfCatalogue *catalogue = hf_catalogue_load (&error);

  g_assert_no_error (error);
  return catalogue;
}

static guint
find (const HfCatalogue *catalogue, const char *name)
{
  guint i = 0;

  while (!g_str_equal (hf_catalogue_get (catalogue, i)->name, name))
    i++;
  return i;
}

static HfEstimate *
estimate (const HfCatalogue *catalogue, const HfDeviceInfo *device,
          const char *measured, double ms)
{
  g_autofree double *all = g_new0 (double, hf_catalogue_get_n (catalogue));

  if (measured != NULL)
    all[find (catalogue, measured)] = ms;
  return hf_estimate_all (catalogue, device, all);
}

static const char *
choose (const HfDeviceInfo *device)
{
  g_autoptr (HfCatalogue) catalogue = load ();
  g_autofree HfEstimate *all = estimate (catalogue, device, NULL, 0);
  const HfCatalogueEntry *entry = hf_estimate_choose (catalogue, all);

  return entry != NULL ? g_intern_string (entry->name) : NULL;
}

/* What was published has two digits behind the point. */
static void
test_counts (void)
{
  g_autoptr (HfCatalogue) catalogue = load ();

  g_assert_cmpuint (hf_catalogue_get_n (catalogue), ==,
                    G_N_ELEMENTS (published));
  for (gsize i = 0; i < G_N_ELEMENTS (published); i++) {
    const HfCatalogueEntry *entry =
        hf_catalogue_get (catalogue, find (catalogue, published[i].name));

    g_assert_cmpfloat_with_epsilon (2e-9 * hf_estimate_count (entry),
                                    published[i].gflop, 0.0051);
  }
}

/* What that table has, 8 pictures in a call, f16. One factor a kind is within
 * a twentieth of all of them. */
static void
test_meets_measured (void)
{
  static const struct {
    const char *name;
    double ms;
  } measured[] = {{"ViT-B/32", 41.5},
                  {"ViT-B/16", 165},
                  {"ViT-L/14", 778},
                  {"RN50", 39.5},
                  {"RN50x4", 147}};
  const double within = 0.05;
  g_autoptr (HfCatalogue) catalogue = load ();
  g_autofree HfEstimate *all = estimate (catalogue, &processor, NULL, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (measured); i++)
    g_assert_cmpfloat_with_epsilon (all[find (catalogue, measured[i].name)].ms,
                                    measured[i].ms, within * measured[i].ms);
}

/* A graphics card has no kernels for Winograd's convolutions. */
static void
test_graphics_card (void)
{
  HfDeviceInfo card = processor;
  g_autoptr (HfCatalogue) catalogue = load ();
  const guint vit = find (catalogue, "ViT-B/32");
  const guint resnet = find (catalogue, "RN50");
  g_autofree HfEstimate *on_processor = NULL, *on_card = NULL;

  card.type = "gpu";
  on_processor = estimate (catalogue, &processor, NULL, 0);
  on_card = estimate (catalogue, &card, NULL, 0);
  g_assert_cmpfloat (on_card[vit].ms, ==, on_processor[vit].ms);
  g_assert_cmpfloat (on_card[resnet].ms, >, on_processor[resnet].ms);
}

/* One model that was measured says more of its kind than the self-test, and
 * nothing of the other kind. */
static void
test_prefers_measured (void)
{
  g_autoptr (HfCatalogue) catalogue = load ();
  const guint small = find (catalogue, "ViT-B/32");
  const guint large = find (catalogue, "ViT-L/14");
  const guint other = find (catalogue, "RN50");
  g_autofree HfEstimate *before = estimate (catalogue, &processor, NULL, 0);
  g_autofree HfEstimate *after =
      estimate (catalogue, &processor, "ViT-B/32", 100);

  g_assert_cmpfloat (after[small].ms, ==, 100);
  g_assert_cmpfloat_with_epsilon (after[large].ms, 100 * 162.03 / 8.82, 2);
  g_assert_cmpfloat (after[other].ms, ==, before[other].ms);
}

/* The nearest in multiply-adds: B/16 beside L/14, not B/32. */
static void
test_nearest (void)
{
  g_autoptr (HfCatalogue) catalogue = load ();
  const guint n = hf_catalogue_get_n (catalogue);
  const guint large = find (catalogue, "ViT-L/14");
  g_autofree double *measured = g_new0 (double, n);
  g_autofree HfEstimate *all = NULL;

  measured[find (catalogue, "ViT-B/32")] = 1;
  measured[find (catalogue, "ViT-B/16")] = 100;
  all = hf_estimate_all (catalogue, &processor, measured);
  g_assert_cmpfloat_with_epsilon (all[large].ms, 100 * 162.03 / 35.13, 1);
}

static void
test_memory (void)
{
  HfDeviceInfo small = processor;
  g_autoptr (HfCatalogue) catalogue = load ();
  g_autofree HfEstimate *all = NULL;

  small.memory_bytes = (guint64) 1 << 30;
  all = estimate (catalogue, &small, NULL, 0);
  for (guint i = 0; i < hf_catalogue_get_n (catalogue); i++) {
    const HfCatalogueEntry *entry = hf_catalogue_get (catalogue, i);

    g_assert_cmpuint (all[i].needs_bytes, >, 2 * (guint64) entry->n_parameters);
    g_assert_true (all[i].fits == (all[i].needs_bytes <= small.memory_bytes));
  }
  g_assert_true (all[find (catalogue, "ViT-B/32")].fits);
  g_assert_false (all[find (catalogue, "RN50x64")].fits);
}

/* A catalogue that says nothing of patches. */
static void
test_no_shape (void)
{
  const HfCatalogueEntry entry = {
      .is_vit = TRUE, .input_px = 224, .vision_width = 768};

  g_assert_cmpfloat (hf_estimate_count (&entry), ==, 0);
}

static void
test_chooses (void)
{
  HfDeviceInfo device = processor;

  /* B/32 and RN50 are quick, and B/32 is more often right. */
  g_assert_cmpstr (choose (&device), ==, "ViT-B/32");
  device.gflops = 400;
  g_assert_cmpstr (choose (&device), ==, "ViT-B/16");
  device.gflops = 20000;
  g_assert_cmpstr (choose (&device), ==, "ViT-L/14@336px");
  /* None is quick: B/32 has the fewest multiply-adds, and RN50 by Winograd the
   * least time. */
  device.gflops = 10;
  g_assert_cmpstr (choose (&device), ==, "RN50");
  device.type = "gpu";
  g_assert_cmpstr (choose (&device), ==, "ViT-B/32");
  device.memory_bytes = 1 << 20;
  g_assert_null (choose (&device));
}

static void
test_times (void)
{
  static const struct {
    double ms;
    int n_digits;
    const char *text;
  } times[] = {{41.46, 2, "41 ms"},   {7.349, 2, "7.3 ms"},
               {184.9, 2, "180 ms"},  {999.6, 3, "1 s"},
               {1851, 3, "1.85 s"},   {1774, 2, "1.8 s"},
               {0.449, 2, "0.45 ms"}, {39.46, 3, "39.5 ms"}};

  for (gsize i = 0; i < G_N_ELEMENTS (times); i++) {
    g_autofree char *text =
        hf_estimate_dup_time (times[i].ms, times[i].n_digits);

    g_assert_cmpstr (text, ==, times[i].text);
  }
}

static void
test_durations (void)
{
  static const struct {
    double seconds;
    const char *text;
  } durations[] = {{0.01, "about 1 second"},
                   {1.6, "about 2 seconds"},
                   {89.4, "about 89 seconds"},
                   {90, "about 2 minutes"},
                   {600, "about 10 minutes"}};

  for (gsize i = 0; i < G_N_ELEMENTS (durations); i++) {
    g_autofree char *text = hf_estimate_dup_duration (durations[i].seconds);

    g_assert_cmpstr (text, ==, durations[i].text);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/models/estimate/multiply-adds-are-those-published",
                   test_counts);
  g_test_add_func ("/models/estimate/times-are-those-measured",
                   test_meets_measured);
  g_test_add_func ("/models/estimate/a-card-convolves-directly",
                   test_graphics_card);
  g_test_add_func ("/models/estimate/a-measured-model-counts-for-its-kind",
                   test_prefers_measured);
  g_test_add_func ("/models/estimate/of-measured-ones-the-nearest-counts",
                   test_nearest);
  g_test_add_func ("/models/estimate/what-does-not-fit-is-told", test_memory);
  g_test_add_func ("/models/estimate/nothing-comes-of-no-shape", test_no_shape);
  g_test_add_func ("/models/estimate/chooses-the-most-accurate-quick-one",
                   test_chooses);
  g_test_add_func ("/models/estimate/times-are-rounded", test_times);
  g_test_add_func ("/models/estimate/durations-are-about", test_durations);
  return g_test_run ();
}
