/* gradients.c: which way brightness changes, and how much. */
#include "image/classic/classic-private.h"

#include <math.h>

enum {
  N_DIRECTIONS = 9,
  N_CELLS = 16, /* along a side */
  N_LENGTHS = 12
};

/* Bins of log (length + 1e-3), which lies between -6.9 and -0.3. */
#define LOG_FLOOR 1e-3
#define LOG_LOW -7.0
#define LOG_HIGH 0.5

/* Keeps a cell without edges from being blown up to unit length. */
#define CELL_FLOOR 1e-3

/* Sums of gradient lengths. */
typedef double Cells[N_CELLS * N_CELLS][N_DIRECTIONS];

/* Half the difference of the neighbours of @i along an axis; on the border the
 * difference to the one neighbour. Brightness is 0 to 1. */
static double
get_slope (const guint8 *line, int i, int stride, int side)
{
  int before = MAX (i - 1, 0), after = MIN (i + 1, side - 1);

  return (line[after * stride] - line[before * stride]) /
         (255.0 * (after - before));
}

/* Opposite directions are one: bin k of N_DIRECTIONS holds angles from k times
 * 20 degrees on. Counts the bounds that lie at or below the angle, by the sign
 * of a cross product; an arc tangent takes four times as long. */
static int
get_direction (double dx, double dy)
{
  static const double bounds[N_DIRECTIONS - 1][2] = {
      /* cosine and sine of 20, 40 ... 160 degrees */
      {0.93969262078590838, 0.34202014332566873},
      {0.76604444311897803, 0.64278760968653933},
      {0.5, 0.86602540378443865},
      {0.17364817766693036, 0.98480775301220806},
      {-0.17364817766693036, 0.98480775301220806},
      {-0.5, 0.86602540378443865},
      {-0.76604444311897803, 0.64278760968653933},
      {-0.93969262078590838, 0.34202014332566873},
  };
  double sign = dy < 0 || (dy == 0 && dx < 0) ? -1 : 1;
  int k = 0;

  for (int i = 0; i < N_DIRECTIONS - 1; i++)
    k += bounds[i][0] * (sign * dy) >= bounds[i][1] * (sign * dx);
  return k;
}

static void
normalize_cell (double *cell)
{
  double square = 0;

  for (int k = 0; k < N_DIRECTIONS; k++)
    square += cell[k] * cell[k];
  for (int k = 0; k < N_DIRECTIONS; k++)
    cell[k] /= sqrt (square) + CELL_FLOOR;
}

/* Mean, then standard deviation, of each direction over the cells. */
static float *
summarize (Cells cells, float *out)
{
  const int n = N_CELLS * N_CELLS;

  for (int k = 0; k < N_DIRECTIONS; k++) {
    double sum = 0, spread = 0, mean;

    for (int i = 0; i < n; i++)
      sum += cells[i][k];
    mean = sum / n;
    for (int i = 0; i < n; i++)
      spread += (cells[i][k] - mean) * (cells[i][k] - mean);
    out[k] = (float) mean;
    out[N_DIRECTIONS + k] = (float) sqrt (spread / n);
  }
  return out + 2 * N_DIRECTIONS;
}

float *
hf_classic_directions (const guint8 *grey, float *out)
{
  const int side = HF_CLASSIC_PX;
  Cells cells = {{0}};

  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++) {
      double dx = get_slope (grey + y * side, x, 1, side);
      double dy = get_slope (grey + x, y, side, side);
      int cell = y * N_CELLS / side * N_CELLS + x * N_CELLS / side;

      cells[cell][get_direction (dx, dy)] += sqrt (dx * dx + dy * dy);
    }
  for (int i = 0; i < N_CELLS * N_CELLS; i++)
    normalize_cell (cells[i]);
  return summarize (cells, out);
}

float *
hf_classic_lengths (const guint8 *grey, int side, float *out)
{
  int counts[N_LENGTHS] = {0};

  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++) {
      double dx = get_slope (grey + y * side, x, 1, side);
      double dy = get_slope (grey + x, y, side, side);
      double place = (log (sqrt (dx * dx + dy * dy) + LOG_FLOOR) - LOG_LOW) /
                     (LOG_HIGH - LOG_LOW) * N_LENGTHS;

      counts[CLAMP ((int) place, 0, N_LENGTHS - 1)]++;
    }
  return hf_classic_roots (counts, N_LENGTHS, out);
}
