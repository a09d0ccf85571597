/* grid.c: the geometry of every kernel, CPU and GPU class side by side. */
#include "compute/ops/grid.h"

#include <glib/gi18n-lib.h>

/* RUN and MR of cpu/attention.cl. */
#define CPU_MAX_QUERIES 256
#define CPU_TILE_QUERIES 5

/* Constants of the GPU class; they reach the kernels by -D. */
#define TILE_ITEMS 256
#define ROW_ITEMS 128
#define QUERIES 32
#define ATTENTION_ITEMS 128
#define ELEMENT_ITEMS 64
/* Of the kernel that takes most, gpu/attention.cl, rounded up. */
#define LOCAL_BYTES (20 << 10)

/* Winograd: what the points of a block may take of the second cache, and how
 * many tiles are enough for the weights that are loaded for them. */
#define WINOGRAD_BYTES (1200 << 10)
#define WINOGRAD_TILES 24

/* Rows of a block in bfloat16: half of the smallest second cache of processors
 * that have it, and of those that have a matrix unit. */
#define BAND_BYTES ((gsize) 512 << 10)
#define BAND_BYTES_AMX ((gsize) 1 << 20)
/* BLOCK_ROWS of cpu/amx.cl. */
#define BAND_STEP 32
/* The same where rows are there in bfloat16 and nothing else is made of them:
 * one picture of ViT-L/14 has two blocks so, not three (1.07 times as fast). */
#define BAND_BYTES_READ ((gsize) 1344 << 10)
/* In products of a row and a panel: what it costs to read a row, to take it to
 * bfloat16, to norm it, and a panel's way from the last cache. */
#define READ_COST 3
#define NARROW_COST 2
#define NORM_COST 4
#define STREAM_COST 48

static const int panel_widths[HF_N_TILES] = {64, 32, 16};

/* GPU class. A tall tile loads least for each product; a short one, whose
 * group cuts along k, keeps a device busy with few rows. */
typedef struct {
  int rows, columns;
  int item_rows; /* of the sums in a work-item's registers; 4 columns */
  int depth;     /* steps along k in local memory */
  double cost;   /* of a sum, relative to the tall tile: an estimate, until
                  * the device has been measured */
} TileShape;

static const TileShape tile_shapes[HF_N_TILES] = {
    {128, 64, 8, 16, 1.0},
    {64, 64, 4, 16, 1.25},
    {16, 32, 4, 64, 2.5},
};

typedef enum {
  FAMILY_GEMM,
  FAMILY_CONV,
  FAMILY_WINOGRAD,
  FAMILY_INT8,
  FAMILY_INT8_AMX,
  FAMILY_BF16,
  FAMILY_BF16_AMX,
  FAMILY_PLANES,
  FAMILY_PLANES_AMX,
  FAMILY_ATTENTION_BF16,
  FAMILY_ATTENTION_AMX,
  FAMILY_ROWS,
  FAMILY_BACKWARD,
  N_FAMILIES
} Family;

/* Small programs: a driver compiles all kernels of one, needed or not. */
static const char *const cpu_sources[N_FAMILIES][8] = {
    [FAMILY_GEMM] = {"cpu/vector.cl", "cpu/tile.cl", "cpu/gemm.cl"},
    [FAMILY_CONV] = {"cpu/vector.cl", "cpu/tile.cl", "cpu/conv.cl"},
    [FAMILY_WINOGRAD] = {"cpu/vector.cl", "cpu/tile.cl", "cpu/winograd.cl"},
    [FAMILY_INT8] = {"cpu/vector.cl", "cpu/tile.cl", "cpu/int8.cl"},
    [FAMILY_INT8_AMX] = {"cpu/vector.cl", "cpu/tile.cl", "cpu/amx.cl",
                         "cpu/int8-amx.cl"},
    [FAMILY_BF16] = {"cpu/vector.cl", "cpu/tile.cl", "cpu/bf16-dot.cl",
                     "cpu/bf16.cl", "cpu/bf16-gemm.cl"},
    [FAMILY_BF16_AMX] = {"cpu/vector.cl", "cpu/tile.cl", "cpu/amx.cl",
                         "cpu/bf16-amx.cl", "cpu/bf16.cl", "cpu/bf16-gemm.cl"},
    [FAMILY_PLANES] = {"cpu/vector.cl", "cpu/tile.cl", "cpu/bf16-dot.cl",
                       "cpu/bf16.cl", "cpu/bf16-planes.cl"},
    [FAMILY_PLANES_AMX] = {"cpu/vector.cl", "cpu/tile.cl", "cpu/amx.cl",
                           "cpu/bf16-amx.cl", "cpu/bf16.cl",
                           "cpu/bf16-planes.cl"},
    [FAMILY_ATTENTION_BF16] = {"cpu/vector.cl", "cpu/tile.cl",
                               "cpu/bf16-dot.cl", "cpu/bf16.cl", "cpu/head.cl",
                               "cpu/bf16-attention.cl"},
    [FAMILY_ATTENTION_AMX] = {"cpu/vector.cl", "cpu/tile.cl", "cpu/amx.cl",
                              "cpu/bf16-amx.cl", "cpu/bf16.cl", "cpu/head.cl",
                              "cpu/bf16-attention.cl"},
    [FAMILY_ROWS] = {"cpu/vector.cl", "cpu/rows.cl", "cpu/pixels.cl",
                     "cpu/head.cl", "cpu/attention.cl"},
    [FAMILY_BACKWARD] = {"cpu/vector.cl", "cpu/backward.cl"}};
static const char *const gpu_sources[N_FAMILIES][8] = {
    [FAMILY_GEMM] = {"gpu/common.cl", "gpu/tile.cl", "gpu/gemm.cl"},
    [FAMILY_CONV] = {"gpu/common.cl", "gpu/tile.cl", "gpu/conv.cl"},
    [FAMILY_ROWS] = {"gpu/common.cl", "gpu/rows.cl", "gpu/pixels.cl",
                     "gpu/attention.cl"},
    [FAMILY_BACKWARD] = {"gpu/common.cl", "gpu/backward.cl"}};

typedef struct {
  Family family;
  HfTile tile;
} ProgramEntry;

static const ProgramEntry program_table[HF_N_PROGRAMS] = {
    [HF_PROGRAM_GEMM_A] = {FAMILY_GEMM, HF_TILE_A},
    [HF_PROGRAM_GEMM_B] = {FAMILY_GEMM, HF_TILE_B},
    [HF_PROGRAM_GEMM_C] = {FAMILY_GEMM, HF_TILE_C},
    [HF_PROGRAM_CONV_A] = {FAMILY_CONV, HF_TILE_A},
    [HF_PROGRAM_CONV_B] = {FAMILY_CONV, HF_TILE_B},
    [HF_PROGRAM_CONV_C] = {FAMILY_CONV, HF_TILE_C},
    [HF_PROGRAM_WINOGRAD_B] = {FAMILY_WINOGRAD, HF_TILE_B},
    [HF_PROGRAM_WINOGRAD_C] = {FAMILY_WINOGRAD, HF_TILE_C},
    [HF_PROGRAM_WINOGRAD_HALVES] = {FAMILY_WINOGRAD, HF_TILE_B},
    [HF_PROGRAM_INT8] = {FAMILY_INT8, HF_TILE_A},
    [HF_PROGRAM_INT8_AMX] = {FAMILY_INT8_AMX, HF_TILE_B},
    [HF_PROGRAM_BF16] = {FAMILY_BF16, HF_TILE_B},
    [HF_PROGRAM_BF16_AMX] = {FAMILY_BF16_AMX, HF_TILE_B},
    [HF_PROGRAM_PLANES] = {FAMILY_PLANES, HF_TILE_B},
    [HF_PROGRAM_PLANES_AMX] = {FAMILY_PLANES_AMX, HF_TILE_B},
    [HF_PROGRAM_ATTENTION_BF16] = {FAMILY_ATTENTION_BF16, HF_TILE_B},
    [HF_PROGRAM_ATTENTION_AMX] = {FAMILY_ATTENTION_AMX, HF_TILE_B},
    [HF_PROGRAM_ROWS] = {FAMILY_ROWS, HF_TILE_A},
    [HF_PROGRAM_BACKWARD] = {FAMILY_BACKWARD, HF_TILE_A},
};

static gboolean
is_gpu (const HfOps *ops)
{
  return ops->device->device_class == HF_CLASS_GPU;
}

static int
get_units (const HfOps *ops)
{
  return MAX (ops->device->info->compute_units, 1);
}

int
hf_grid_get_panel_width (HfTile tile)
{
  return panel_widths[tile];
}

const char *const *
hf_grid_get_sources (const HfOps *ops, HfProgramId id)
{
  Family family = program_table[id].family;

  return is_gpu (ops) ? gpu_sources[family] : cpu_sources[family];
}

char *
hf_grid_dup_options (const HfOps *ops, HfProgramId id)
{
  const TileShape *shape;

  if (!is_gpu (ops))
    return g_strdup_printf ("-DVW=%d -DPW=%d", ops->device->vector_width,
                            panel_widths[program_table[id].tile]);
  if (id == HF_PROGRAM_ROWS || id == HF_PROGRAM_BACKWARD)
    return g_strdup_printf ("-DROW_ITEMS=%d -DQUERIES=%d -DATTENTION_ITEMS=%d",
                            ROW_ITEMS, QUERIES, ATTENTION_ITEMS);
  shape = &tile_shapes[program_table[id].tile];
  return g_strdup_printf ("-DTILE_ITEMS=%d -DTILE_ROWS=%d -DTILE_COLUMNS=%d "
                          "-DITEM_ROWS=%d -DTILE_DEPTH=%d",
                          TILE_ITEMS, shape->rows, shape->columns,
                          shape->item_rows, shape->depth);
}

gboolean
hf_grid_check (const HfOps *ops, GError **error)
{
  const HfDevice *device = ops->device;

  if (!is_gpu (ops) || (device->max_group_items >= TILE_ITEMS &&
                        device->local_bytes >= LOCAL_BYTES))
    return TRUE;
  g_set_error (
      error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_BUILD,
      _("The kernels want groups of %d work-items with %d kB of local memory, "
        "but %s has at most %zu with %zu kB. Choose another device."),
         TILE_ITEMS, LOCAL_BYTES >> 10, device->info->name,
         device->max_group_items, device->local_bytes >> 10);
  return FALSE;
}

static int
round_up (int n, int step)
{
  return (n + step - 1) / step * step;
}

/* @step: rows that are done together. */
static HfGrid
cpu_tile (const HfOps *ops, int n_columns, int n_rows, int step,
          int *rows_per_item)
{
  const int units = get_units (ops);
  const int fewest = (n_rows + 399) / 400;
  int best = 1;
  gint64 best_cost = G_MAXINT64;

  /* Up to units more blocks than needed; at least 12 rows in a block, or the
   * panel is loaded for too little. */
  for (int blocks = fewest;
       blocks <= fewest + units && (blocks == fewest || n_rows / blocks >= 12);
       blocks++) {
    gint64 rows = round_up ((n_rows + blocks - 1) / blocks, step);
    gint64 groups = (gint64) n_columns * ((n_rows + rows - 1) / rows);
    gint64 cost = (groups + units - 1) / units * rows;

    if (cost < best_cost) {
      best_cost = cost;
      best = blocks;
    }
  }
  *rows_per_item = round_up ((n_rows + best - 1) / best, step);
  return (HfGrid){
      .n_dims = 2,
      .global = {(gsize) n_columns,
                 (gsize) ((n_rows + *rows_per_item - 1) / *rows_per_item)},
      .local = {1, 1},
  };
}

static HfGrid
gpu_tile (const TileShape *shape, int n, int n_rows)
{
  gsize across = (gsize) (n + shape->columns - 1) / shape->columns;
  gsize down = ((gsize) n_rows + shape->rows - 1) / shape->rows;

  return (HfGrid){2, {across * TILE_ITEMS, down}, {TILE_ITEMS, 1}};
}

double
hf_grid_get_tile_sums (const HfOps *ops, HfTile tile, int n, int n_rows)
{
  const gsize units = (gsize) get_units (ops);
  const TileShape *shape = &tile_shapes[tile];
  HfGrid grid = gpu_tile (shape, n, n_rows);
  gsize groups = grid.global[0] / TILE_ITEMS * grid.global[1];

  return (double) ((groups + units - 1) / units) * shape->rows * shape->columns;
}

static HfTile
choose_tile (const HfOps *ops, int n, int n_rows)
{
  const double *measured = ops->device->info->tile_ns;
  HfTile best = HF_TILE_A;
  double least = G_MAXDOUBLE;

  if (ops->forced_tile != HF_N_TILES)
    return ops->forced_tile;
  for (int i = 0; i < HF_N_TILES; i++) {
    double cost = hf_grid_get_tile_sums (ops, (HfTile) i, n, n_rows) *
                  (measured[i] > 0 ? measured[i] : tile_shapes[i].cost);

    if (cost < least) {
      least = cost;
      best = (HfTile) i;
    }
  }
  return best;
}

HfGrid
hf_grid_tile (const HfOps *ops, const HfMatrix *w, int n_rows, HfTile *tile,
              int *rows_per_item)
{
  int n_columns;

  if (!is_gpu (ops)) {
    *tile = w->tile;
    return cpu_tile (ops, w->n_panels, n_rows, w->is_tiled ? HF_AMX_ROWS : 1,
                     rows_per_item);
  }
  /* Panels of a group are padded. */
  n_columns = w->n_groups > 1 ? w->n_panels * w->width : w->n;
  *tile = choose_tile (ops, n_columns, n_rows);
  *rows_per_item = tile_shapes[*tile].rows;
  return gpu_tile (&tile_shapes[*tile], n_columns, n_rows);
}

/* Vectors of @n elements. */
static gsize
get_vectors (const HfOps *ops, int n)
{
  const int lanes = ops->device->vector_width;

  return ((gsize) n + lanes - 1) / lanes;
}

/* Columns that a work-item has under way: TC of cpu/tile.cl. */
static int
get_tile_columns (const HfOps *ops, const HfMatrix *w)
{
  const int lanes = ops->device->vector_width;

  return MIN (w->width, lanes == 16 ? 64 : 2 * lanes);
}

/* Floats of a tile's points, before and behind the product. */
static gsize
get_tile_floats (const HfOps *ops, const HfMatrix *w)
{
  const int channels = w->k / HF_WINOGRAD_POINTS;

  return HF_WINOGRAD_POINTS *
         (get_vectors (ops, channels) * ops->device->vector_width +
          get_tile_columns (ops, w));
}

gsize
hf_grid_get_winograd_scratch (const HfOps *ops, const HfMatrix *w,
                              const HfCut *cut)
{
  return cut->block * get_tile_floats (ops, w);
}

/* What the slowest work-item has to do, in operations of any kind: for a row,
 * for a row and a panel, and for a panel's way from the last cache, once for
 * each block. */
typedef struct {
  double row, product, panel;
} CutCosts;

static double
get_cost (const CutCosts *costs, const HfCut *cut)
{
  const int blocks = (cut->rows_per_item + cut->block - 1) / cut->block;

  return cut->rows_per_item *
             (costs->row + cut->panels_per_item * costs->product) +
         blocks * cut->panels_per_item * costs->panel;
}

/* A work-item for each compute unit: the cut of rows and panels that costs the
 * slowest one least. Blocks are multiples of @step rows, up to @most. */
static HfGrid
cut_work (const HfOps *ops, const HfMatrix *w, int n_rows, int most, int step,
          const CutCosts *costs, HfCut *cut)
{
  const int units = get_units (ops);
  double least = G_MAXDOUBLE;
  HfGrid grid = {2, {1, 1}, {1, 1}};

  for (int across = 1; across <= MIN (units, w->n_panels); across++) {
    const int down = MIN (units / across, n_rows);
    HfCut try = {(n_rows + down - 1) / down,
                 (w->n_panels + across - 1) / across, 0, 0};
    const int blocks = (try.rows_per_item + most - 1) / most;
    double cost;

    try.block = round_up ((try.rows_per_item + blocks - 1) / blocks, step);
    cost = get_cost (costs, &try);
    if (cost >= least)
      continue;
    least = cost;
    grid.global[0] =
        (gsize) ((w->n_panels + try.panels_per_item - 1) / try.panels_per_item);
    grid.global[1] =
        (gsize) ((n_rows + try.rows_per_item - 1) / try.rows_per_item);
    *cut = try;
    cut->n_items = grid.global[0] * grid.global[1];
  }
  return grid;
}

HfGrid
hf_grid_winograd (const HfOps *ops, const HfMatrix *w, int n_tiles, HfCut *cut)
{
  const int fit =
      (int) (WINOGRAD_BYTES / sizeof (float) / get_tile_floats (ops, w));
  const int channels = w->k / HF_WINOGRAD_POINTS;
  const double columns = (double) get_vectors (ops, w->width);
  const double weights = channels * columns * HF_WINOGRAD_POINTS;
  /* Operations on vectors. */
  const CutCosts costs = {64.0 * (double) get_vectors (ops, channels),
                          weights + 60 * columns, weights * 8};

  return cut_work (ops, w, n_tiles, CLAMP (fit, 6, WINOGRAD_TILES), 1, &costs,
                   cut);
}

static gsize
get_band_bytes (const HfOps *ops, HfBandRows rows)
{
  if (!ops->device->has_amx)
    return BAND_BYTES;
  return rows == HF_BAND_NARROW ? BAND_BYTES_READ : BAND_BYTES_AMX;
}

HfGrid
hf_grid_bands (const HfOps *ops, const HfMatrix *w, int n_rows, gsize row_bytes,
               HfBandRows rows, HfCut *cut)
{
  const int steps =
      MAX ((int) (get_band_bytes (ops, rows) / row_bytes) / BAND_STEP, 1);
  CutCosts costs = {READ_COST, 1, STREAM_COST};

  if (rows != HF_BAND_NARROW)
    costs.row += NARROW_COST;
  if (rows == HF_BAND_NORM)
    costs.row += NORM_COST;

  return cut_work (ops, w, n_rows, steps * BAND_STEP, BAND_STEP, &costs, cut);
}

/* Enough rows that a work-item's launch costs nothing, and as many items for
 * one core as for the next, each of which takes one contiguous share of them.
 */
static HfGrid
cpu_rows (const HfOps *ops, int n_rows, int *rows_per_item)
{
  const int units = get_units (ops);
  const int per_unit = (n_rows + units * 16 - 1) / (units * 16);

  *rows_per_item = (n_rows + units * per_unit - 1) / (units * per_unit);
  return (HfGrid){
      .n_dims = 1,
      .global = {(gsize) ((n_rows + *rows_per_item - 1) / *rows_per_item)},
      .local = {1},
  };
}

/* A work-item for each element of [n_blocks][n_lines][n_elements]. */
static HfGrid
gpu_elements (gsize n_elements, gsize n_lines, gsize n_blocks)
{
  gsize rounded = (n_elements + ELEMENT_ITEMS - 1) / ELEMENT_ITEMS;

  return (HfGrid){
      3, {rounded * ELEMENT_ITEMS, n_lines, n_blocks}, {ELEMENT_ITEMS, 1, 1}};
}

HfGrid
hf_grid_rows (const HfOps *ops, int n_rows, int *rows_per_item)
{
  if (!is_gpu (ops))
    return cpu_rows (ops, n_rows, rows_per_item);
  *rows_per_item = 1;
  return (HfGrid){1, {(gsize) n_rows * ROW_ITEMS}, {ROW_ITEMS}};
}

HfGrid
hf_grid_copies (const HfOps *ops, int n_rows, int dim, int *rows_per_item)
{
  if (!is_gpu (ops))
    return cpu_rows (ops, n_rows, rows_per_item);
  *rows_per_item = 1;
  return gpu_elements ((gsize) dim, (gsize) n_rows, 1);
}

HfGrid
hf_grid_positions (const HfOps *ops, int n_images, int n_rows, int dim)
{
  if (!is_gpu (ops))
    return (HfGrid){1, {(gsize) n_images}, {1}};
  return gpu_elements ((gsize) dim, (gsize) n_rows + 1, (gsize) n_images);
}

HfGrid
hf_grid_lines (const HfOps *ops, int n_images, int n_lines, int n_elements)
{
  if (!is_gpu (ops))
    return (HfGrid){1, {(gsize) n_images * n_lines}, {1}};
  return gpu_elements ((gsize) n_elements, (gsize) n_lines, (gsize) n_images);
}

HfGrid
hf_grid_attention (const HfOps *ops, int n_heads, int n_runs)
{
  gsize items = is_gpu (ops) ? ATTENTION_ITEMS : 1;

  return (HfGrid){2, {(gsize) n_heads * items, (gsize) n_runs}, {items, 1}};
}

HfGrid
hf_grid_pairs (const HfOps *ops, int n_pairs, int *pairs_per_item)
{
  const int units = get_units (ops);

  *pairs_per_item = (n_pairs + units - 1) / units;
  return (HfGrid){
      1, {(gsize) ((n_pairs + *pairs_per_item - 1) / *pairs_per_item)}, {1}};
}

int
hf_grid_get_max_queries (const HfOps *ops, gboolean pooled)
{
  if (is_gpu (ops))
    return QUERIES;
  return pooled ? CPU_TILE_QUERIES : CPU_MAX_QUERIES;
}
