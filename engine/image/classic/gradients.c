/* gradients.c: which way brightness changes, and how much. */
#include "image/classic/classic-private.h"

#include <math.h>

enum {
  SIDE = HF_CLASSIC_PX,
  N_DIRECTIONS = 9,
  COARSE = 4, /* cells along a side */
  FINE = 16,
  N_LENGTHS = 12
};

/* Bins of log (length + 1e-3), which lies between -6.9 and -0.3. */
#define LOG_FLOOR 1e-3
#define LOG_LOW -7.0
#define LOG_HIGH 0.5

/* Keeps a cell without edges from being blown up to unit length. */
#define CELL_FLOOR 1e-3

/* So that the 144 numbers of the coarse cells do not outweigh the others. */
#define COARSE_WEIGHT 0.3

/* Sums of gradient lengths. */
typedef struct {
  double coarse[COARSE][COARSE][N_DIRECTIONS];
  double fine[FINE][FINE][N_DIRECTIONS];
  int lengths[N_LENGTHS];
} Sums;

/* Half the difference of the neighbours of @i along an axis; on the border the
 * difference to the one neighbour. Brightness is 0 to 1. */
static double
get_slope (const guint8 *line, int i, int stride)
{
  int before = MAX (i - 1, 0), after = MIN (i + 1, SIDE - 1);

  return (line[after * stride] - line[before * stride]) /
         (255.0 * (after - before));
}

/* Opposite directions are one. */
static int
get_direction (double dx, double dy)
{
  double angle = atan2 (dy, dx);

  if (angle < 0)
    angle += G_PI;
  return (int) (angle / G_PI * N_DIRECTIONS) % N_DIRECTIONS;
}

static void
sum_up (const guint8 *grey, Sums *sums)
{
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++) {
      double dx = get_slope (grey + y * SIDE, x, 1);
      double dy = get_slope (grey + x, y, SIDE);
      double length = sqrt (dx * dx + dy * dy);
      double place = (log (length + LOG_FLOOR) - LOG_LOW) /
                     (LOG_HIGH - LOG_LOW) * N_LENGTHS;
      int k = get_direction (dx, dy);

      sums->coarse[y * COARSE / SIDE][x * COARSE / SIDE][k] += length;
      sums->fine[y * FINE / SIDE][x * FINE / SIDE][k] += length;
      sums->lengths[CLAMP ((int) place, 0, N_LENGTHS - 1)]++;
    }
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

/* Mean, then standard deviation, of each direction over the fine cells. */
static void
summarize_fine (const double *cells, float *out)
{
  for (int k = 0; k < N_DIRECTIONS; k++) {
    double sum = 0, spread = 0, mean;

    for (int i = 0; i < FINE * FINE; i++)
      sum += cells[i * N_DIRECTIONS + k];
    mean = sum / (FINE * FINE);
    for (int i = 0; i < FINE * FINE; i++)
      spread += (cells[i * N_DIRECTIONS + k] - mean) *
                (cells[i * N_DIRECTIONS + k] - mean);
    out[k] = (float) mean;
    out[N_DIRECTIONS + k] = (float) sqrt (spread / (FINE * FINE));
  }
}

float *
hf_classic_gradients (const guint8 *grey, float *out)
{
  g_autofree Sums *sums = g_new0 (Sums, 1);
  double *coarse = &sums->coarse[0][0][0], *fine = &sums->fine[0][0][0];

  sum_up (grey, sums);
  for (int i = 0; i < COARSE * COARSE; i++)
    normalize_cell (coarse + i * N_DIRECTIONS);
  for (int i = 0; i < FINE * FINE; i++)
    normalize_cell (fine + i * N_DIRECTIONS);
  for (int i = 0; i < COARSE * COARSE * N_DIRECTIONS; i++)
    *out++ = (float) (coarse[i] * COARSE_WEIGHT);
  summarize_fine (fine, out);
  out += 2 * N_DIRECTIONS;
  for (int i = 0; i < N_LENGTHS; i++)
    *out++ = (float) sums->lengths[i] / (SIDE * SIDE);
  return out;
}
