#include "image/framing.h"
#include "image/plan-private.h"

static const char *const canonical[] = {
    "crop",
    "whole",
    "region:0.25,0.125,0.5,0.75",
    "region:0,0,1,1:whole",
    "region:0.1,0.2,0.7000000000000001,1e-05",
    "region:0.3333333333333333,0.3333333333333333,0.6666666666666666,0.5",
    "tiles:1x1",
    "tiles:3x2",
    "tiles:8x8",
};

static void
test_round_trip (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (canonical); i++) {
    HfFraming first, second;
    g_autofree char *name = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_true (hf_framing_parse (canonical[i], &first, &error));
    name = hf_framing_dup_name (&first);
    g_assert_cmpstr (name, ==, canonical[i]);
    g_assert_true (hf_framing_parse (name, &second, &error));
    g_assert_cmpint (first.kind, ==, second.kind);
    g_assert_cmpint (first.fit, ==, second.fit);
    g_assert_true (first.x == second.x && first.y == second.y);
    g_assert_true (first.width == second.width);
    g_assert_true (first.height == second.height);
    g_assert_cmpint (first.n_columns, ==, second.n_columns);
    g_assert_cmpint (first.n_rows, ==, second.n_rows);
  }
}

static void
test_other_forms (void)
{
  static const struct {
    const char *text, *name;
  } cases[] = {
      {"region 0.5,0.5,0.5,0.5", "region:0.5,0.5,0.5,0.5"},
      {"region 0,0,1,1:whole", "region:0,0,1,1:whole"},
      {"region:0,0,1,1:crop", "region:0,0,1,1"},
      {"region: 0, 0.50, 1.0, 5e-1", "region:0,0.5,1,0.5"},
      {"region:0.1,0.1,0.9,0.9", "region:0.1,0.1,0.9,0.9"},
      {"tiles 2x2", "tiles:2x2"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    HfFraming framing;
    g_autofree char *name = NULL;

    g_assert_true (hf_framing_parse (cases[i].text, &framing, NULL));
    name = hf_framing_dup_name (&framing);
    g_assert_cmpstr (name, ==, cases[i].name);
  }
}

static void
test_refused (void)
{
  static const char *const texts[] = {
      "",
      "Crop",
      "crop ",
      "tiles",
      "tiles:",
      "tiles:2",
      "tiles:0x2",
      "tiles:9x2",
      "tiles:2x9",
      "tiles:10x2",
      "tiles:2X2",
      "tiles:2x2:whole",
      "tiles:-1x2",
      "region",
      "region:",
      "region:0,0,1",
      "region:0,0,1,1,",
      "region:0,0,1,1:tall",
      "region:0,0,1,1whole",
      "region:0,0,1.01,1",
      "region:0.5,0,0.6,1",
      "region:-0.1,0,1,1",
      "region:0,0,0,1",
      "region:0,0,1,-1",
      "region:nan,0,1,1",
      "region:0,0,inf,1",
      "region:0;0;1;1",
      "region,0,0,1,1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    HfFraming framing = {HF_FRAMING_WHOLE, HF_FRAMING_WHOLE, 7, 7, 7, 7};
    g_autoptr (GError) error = NULL;

    g_assert_false (hf_framing_parse (texts[i], &framing, &error));
    g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
    g_assert_nonnull (strstr (error->message, "region:x,y,w,h:whole"));
    g_assert_cmpfloat (framing.x, ==, 7);
  }
}

/* Row by row, from edge to edge, each neighbour a fifth of a tile into the
 * last, and nothing of a tile cut off. */
static void
test_tiles (void)
{
  HfFraming framing, crop = HF_FRAMING_INIT;
  const int n_columns = 3, n_rows = 2;

  g_assert_true (hf_framing_parse ("tiles:3x2", &framing, NULL));
  g_assert_cmpint (hf_framing_get_n_tiles (&framing), ==, n_columns * n_rows);
  for (int i = 0; i < n_columns * n_rows; i++) {
    HfFraming tile = hf_framing_get_tile (&framing, i);
    int column = i % n_columns, row = i / n_columns;

    g_assert_cmpint (tile.kind, ==, HF_FRAMING_REGION);
    g_assert_cmpint (tile.fit, ==, HF_FRAMING_WHOLE);
    g_assert_cmpfloat_with_epsilon (tile.width, 1 / 2.6, 1e-12);
    g_assert_cmpfloat_with_epsilon (tile.height, 1 / 1.8, 1e-12);
    g_assert_cmpfloat_with_epsilon (tile.x, column * 0.8 / 2.6, 1e-12);
    g_assert_cmpfloat_with_epsilon (tile.y, row * 0.8 / 1.8, 1e-12);
    if (column == n_columns - 1)
      g_assert_cmpfloat_with_epsilon (tile.x + tile.width, 1, 1e-12);
    if (row == n_rows - 1)
      g_assert_cmpfloat_with_epsilon (tile.y + tile.height, 1, 1e-12);
  }
  g_assert_cmpint (hf_framing_get_n_tiles (&crop), ==, 1);
  g_assert_cmpint (hf_framing_get_tile (&crop, 0).kind, ==, HF_FRAMING_CROP);
}

/* The square lies inside the resized picture and the part inside the source,
 * for every ratio that a header can claim. */
static void
test_extreme_sizes (void)
{
  static const int sides[] = {1, 2, 3, 63, 64, 65, 2000, 65500, 1000000};
  static const char *const texts[] = {"crop", "whole",
                                      "region:0.999,0.999,0.001,0.001",
                                      "region:0,0.5,1,1e-9:whole"};

  for (gsize i = 0; i < G_N_ELEMENTS (sides) * G_N_ELEMENTS (sides); i++) {
    int width = sides[i / G_N_ELEMENTS (sides)];
    int height = sides[i % G_N_ELEMENTS (sides)];

    for (gsize t = 0; t < G_N_ELEMENTS (texts); t++) {
      HfFraming framing;
      HfAxis axes[2];

      g_assert_true (hf_framing_parse (texts[t], &framing, NULL));
      hf_plan_axes (&framing, width, height, 224, &axes[0], &axes[1]);
      for (int a = 0; a < 2; a++) {
        g_assert_cmpint (axes[a].start, >=, 0);
        g_assert_cmpint (axes[a].end, >, axes[a].start);
        g_assert_cmpint (axes[a].end, <=, a == 0 ? width : height);
        g_assert_cmpint (axes[a].first, >=, 0);
        g_assert_cmpint (axes[a].count, >, 0);
        g_assert_cmpint (axes[a].first + axes[a].count, <=, axes[a].out_size);
        g_assert_cmpint (axes[a].offset, >=, 0);
        g_assert_cmpint (axes[a].offset + axes[a].count, <=, 224);
      }
      g_assert_true (axes[0].count == 224 || axes[1].count == 224);
    }
  }
}

static void
assert_area (const char *text, int i, double x, double y, double width,
             double height)
{
  HfFraming framing, tile;
  double area[4];

  g_assert_true (hf_framing_parse (text, &framing, NULL));
  tile = hf_framing_get_tile (&framing, i);
  hf_framing_get_area (&tile, 400, 200, area);
  g_assert_cmpfloat_with_epsilon (area[0], x, 1e-9);
  g_assert_cmpfloat_with_epsilon (area[1], y, 1e-9);
  g_assert_cmpfloat_with_epsilon (area[2], width, 1e-9);
  g_assert_cmpfloat_with_epsilon (area[3], height, 1e-9);
}

static void
test_area (void)
{
  assert_area ("crop", 0, 100, 0, 200, 200);
  assert_area ("whole", 0, 0, 0, 400, 200);
  assert_area ("region:0.5,0.5,0.25,0.5", 0, 200, 100, 100, 100);
  assert_area ("region:0.5,0.25,0.5,0.5", 0, 250, 50, 100, 100);
  assert_area ("region:0.5,0.25,0.5,0.5:whole", 0, 200, 50, 200, 100);
  /* Two tiles that share a fifth of their side: 400 / 1.8. */
  assert_area ("tiles:2x1", 1, 400 - 400 / 1.8, 0, 400 / 1.8, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/framing/name-parses-back", test_round_trip);
  g_test_add_func ("/image/framing/other-forms-are-understood",
                   test_other_forms);
  g_test_add_func ("/image/framing/nonsense-is-refused", test_refused);
  g_test_add_func ("/image/framing/tiles-cover-the-picture", test_tiles);
  g_test_add_func ("/image/framing/extreme-sizes-stay-inside",
                   test_extreme_sizes);
  g_test_add_func ("/image/framing/the-area-that-is-seen", test_area);
  return g_test_run ();
}
