/* compute/ops/grid.h: how many work-items run a kernel, and in what groups: a
 * function for each family of kernels, which knows both classes, and the
 * constants of -D that the kernels are built with. */
#pragma once

#include "compute/ops/ops-private.h"

G_BEGIN_DECLS

/* Rows that cpu/int8-amx.cl multiplies at a time: BLOCK_ROWS there. */
#define HF_AMX_ROWS 32

/* The kernel files of @id for the device's class; NULL-terminated. */
const char *const *hf_grid_get_sources (const HfOps *ops, HfProgramId id);

/* The sizes that @id is built for, as compiler options. Caller frees. */
char *hf_grid_dup_options (const HfOps *ops, HfProgramId id);

/* Whether the device can run work-groups as large as its class wants, told
 * before a compiler stumbles over it. HF_DEVICE_ERROR_BUILD. */
gboolean hf_grid_check (const HfOps *ops, GError **error);

/* Columns of a panel: of @tile in the CPU class, that of HF_TILE_A in the
 * GPU class. */
int hf_grid_get_panel_width (HfTile tile);

/* Products with @w and @n_rows rows. @tile: which of the tile programs;
 * @rows_per_item: an argument of the kernels.
 *
 * CPU class: the tile is the panel's; one work-item a group, a group for each
 * panel, repeated for blocks of rows, which are cut so that the compute units,
 * each of which gets one contiguous share of the groups, are done at the same
 * time. GPU class: the tile under which the device should be done first. */
HfGrid hf_grid_tile (const HfOps *ops, const HfMatrix *w, int n_rows,
                     HfTile *tile, int *rows_per_item);

/* How rows, or Winograd's tiles, and panels are cut, CPU class. */
typedef struct {
  int rows_per_item, panels_per_item;
  int block;     /* rows that are under way at a time */
  gsize n_items; /* work-items, each of which needs scratch */
} HfCut;

/* Winograd convolutions with @w. */
HfGrid hf_grid_winograd (const HfOps *ops, const HfMatrix *w, int n_tiles,
                         HfCut *cut);
/* Floats of scratch for a work-item. */
gsize hf_grid_get_winograd_scratch (const HfOps *ops, const HfMatrix *w,
                                    const HfCut *cut);

/* What is done to rows before they are multiplied in bf16. */
typedef enum {
  HF_BAND_NARROW, /* nothing: they are bf16 */
  HF_BAND_WIDE,   /* they are floats */
  HF_BAND_NORM,   /* floats that are normed besides */
} HfBandRows;

/* Products in bf16 with @w, each row of @row_bytes; a block is whole blocks of
 * the kernels. */
HfGrid hf_grid_bands (const HfOps *ops, const HfMatrix *w, int n_rows,
                      gsize row_bytes, HfBandRows rows, HfCut *cut);

/* GPU class: how many sums one compute unit makes, one after the other, of a
 * product of @n columns and @n_rows rows in @tile. Groups run in waves of one
 * for each unit, and a group at the border makes all its sums. */
double hf_grid_get_tile_sums (const HfOps *ops, HfTile tile, int n, int n_rows);

/* Norms: a run of rows for each work-item, or a group for each row. */
HfGrid hf_grid_rows (const HfOps *ops, int n_rows, int *rows_per_item);

/* Copied rows: the same, or a work-item for each element. */
HfGrid hf_grid_copies (const HfOps *ops, int n_rows, int dim,
                       int *rows_per_item);

/* add_positions: a work-item for each image, or for each element. */
HfGrid hf_grid_positions (const HfOps *ops, int n_images, int n_rows, int dim);

/* Pictures: a work-item for each line, or for each of its @n_elements. */
HfGrid hf_grid_lines (const HfOps *ops, int n_images, int n_lines,
                      int n_elements);

/* A group for each head of each run of queries, and how many those may be:
 * fewer where a sequence has few (@pooled), so that cores share them. */
HfGrid hf_grid_attention (const HfOps *ops, int n_heads, int n_runs);
/* CPU class: a work-item for each compute unit, with equal shares of all heads
 * of all runs. */
HfGrid hf_grid_pairs (const HfOps *ops, int n_pairs, int *pairs_per_item);
int hf_grid_get_max_queries (const HfOps *ops, gboolean pooled);

G_END_DECLS
